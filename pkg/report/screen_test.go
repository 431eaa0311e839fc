package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"bank-en.txt", 11, "bank-en.txt"},
		{"afp/2024/05/bank-en.txt", 19, "…/05/bank-en.txt"},
		{"afp/2024/05/bank-en.txt", 15, "…/bank-en.txt"},
		{"afp/2024/05/bank-en.txt", 12, "…bank-en.txt"},
		{"afp/2024/05/bank-en.txt", 11, "ban…-en.txt"},
		{"aaaaaaaaaabbbbbbbbbb", 10, "aaa…bbbbbb"},
		{"東京東京東京東京", 7, "東…東京"},
		{"/absolute", 9, "/absolute"},
		{"abc", 1, "…"},
	} {
		if got := shorten(c.text, c.width); got != c.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestShortenNeverExceedsTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, width := Printable(rapid.String().Draw(t, "text")), rapid.IntRange(1, 40).Draw(t, "width")
		got := shorten(text, width)
		if columns(got) > width {
			t.Fatalf("shorten(%q, %d) = %q has %d columns", text, width, got, columns(got))
		}
		if columns(text) <= width && got != text {
			t.Fatalf("shorten(%q, %d) = %q though it fits", text, width, got)
		}
	})
}

func TestWrapKeepsWordsAndWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, width := rapid.String().Draw(t, "text"), rapid.IntRange(2, 40).Draw(t, "width")
		lines := wrap(text, width)
		for _, line := range lines {
			if columns(line) > width {
				t.Fatalf("wrap(%q, %d): line %q has %d columns", text, width, line, columns(line))
			}
		}
		words := strings.Join(strings.FieldsFunc(text, isBreak), "")
		if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(Printable(words), " ", "") {
			t.Fatalf("wrap(%q, %d) = %q lost text", text, width, lines)
		}
	})
}

func TestWrapDoesNotBreakAtNoBreakSpaces(t *testing.T) {
	got := wrap("Il a dit «\u00a0oui\u00a0» hier", 12)
	if want := []string{"Il a dit", "«\u00a0oui\u00a0» hier"}; strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPrintableHasNoControls(t *testing.T) {
	if got, want := Printable("a\x1b[31m\u202eb\tc\nd\xff"), "a\ufffd[31m\ufffdb c d\ufffd"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		got := Printable(rapid.String().Draw(t, "text"))
		if !utf8.ValidString(got) || strings.ContainsFunc(got, unicode.IsControl) {
			t.Fatalf("%q", got)
		}
	})
}

func TestNoColoursNoEscapes(t *testing.T) {
	if got := (Screen{Width: 80}).paint(strong, "x"); got != "x" {
		t.Errorf("%q", got)
	}
	if got := (Screen{Colours: true}).paint(strong, "x"); got != "\x1b[1mx\x1b[0m" {
		t.Errorf("%q", got)
	}
}
