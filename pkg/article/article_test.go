package article

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseLanguageReadsTheFirstSubtag(t *testing.T) {
	for tag, want := range map[string]Language{
		"en": English, "EN": English, "en-GB": English, "en_us": English, " en ": English,
		"fr": French, "fr-CA": French, "FR_ca": French, "Fr-Latn-FR": French, " fr-CA": French,
		"de": "de", "pt_BR": "pt",
		"": Unknown, "-": Unknown, "_fr": Unknown, "f": Unknown, "fra": Unknown, "french": Unknown,
		"f1": Unknown, "12": Unknown, "é": Unknown, "f r": Unknown, "x-klingon": Unknown, "\xff\xfe": Unknown,
	} {
		if got := ParseLanguage(tag); got != want {
			t.Errorf("ParseLanguage(%q) = %q, want %q", tag, got, want)
		}
	}
}

func TestParsedLanguageParsesToItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tag := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-z]{1,3}([-_][A-Za-z]{2,4})?`)).Draw(t, "tag")
		once := ParseLanguage(tag)
		if twice := ParseLanguage(string(once)); twice != once {
			t.Fatalf("%q, read again, is %q", once, twice)
		}
	})
}

func TestSpanIsHalfOpen(t *testing.T) {
	const text = "port closed"
	s := Span{5, 11}
	if s.Len() != 6 || s.Of(text) != "closed" {
		t.Errorf("%v: Len %d, Of %q", s, s.Len(), s.Of(text))
	}
	for _, c := range []struct {
		a, b Span
		want bool
	}{
		{Span{0, 4}, Span{4, 8}, false}, // neighbours
		{Span{0, 5}, Span{4, 8}, true},
		{Span{0, 9}, Span{3, 4}, true}, // inside
		{Span{0, 4}, Span{6, 8}, false},
	} {
		if c.a.Overlaps(c.b) != c.want || c.b.Overlaps(c.a) != c.want {
			t.Errorf("%v and %v: overlap is not %v both ways", c.a, c.b, c.want)
		}
	}
}

func TestSpansSharingAByteOverlap(t *testing.T) {
	spans := rapid.Custom(func(t *rapid.T) Span {
		start := rapid.IntRange(0, 12).Draw(t, "start")
		return Span{start, rapid.IntRange(start+1, 14).Draw(t, "end")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := spans.Draw(t, "a"), spans.Draw(t, "b")
		shared := false
		for i := a.Start; i < a.End; i++ {
			shared = shared || b.Start <= i && i < b.End
		}
		if a.Overlaps(b) != shared {
			t.Fatalf("%v overlaps %v: %v, share a byte: %v", a, b, a.Overlaps(b), shared)
		}
	})
}

func TestSpansSortByStartThenEnd(t *testing.T) {
	spans := []Span{{4, 9}, {0, 7}, {4, 5}, {0, 3}}
	slices.SortFunc(spans, Span.Compare)
	if want := []Span{{0, 3}, {0, 7}, {4, 5}, {4, 9}}; !slices.Equal(spans, want) {
		t.Errorf("sorted: %v, want %v", spans, want)
	}
}

func TestBodyLeavesOutTheHeadlineOnlyWhenItIsALineOfItsOwn(t *testing.T) {
	for _, c := range []struct{ name, title, text, want string }{
		{"own line", "Port reopens", "Port reopens\nShips came back.", "\nShips came back."},
		{"carriage return", "Port reopens", "Port reopens\r\nShips came back.", "\r\nShips came back."},
		{"space after it", "Port reopens", "Port reopens \u00a0\t\nShips came back.", " \u00a0\t\nShips came back."},
		{"space before it", "Port reopens", " \n\ufeff\u00a0Port reopens\nShips came back.", "\nShips came back."},
		{"title with space", "  Port reopens\n", "Port reopens\n\nShips came back.", "\n\nShips came back."},
		{"sentence that begins with it", "Port reopens", "Port reopens after strike.\nShips came back.", "Port reopens after strike.\nShips came back."},
		{"punctuation after it", "Port reopens", "Port reopens.\nShips came back.", "Port reopens.\nShips came back."},
		{"nothing after it", "Port reopens", "Port reopens", "Port reopens"},
		{"only space after it", "Port reopens", "Port reopens\n \n", "Port reopens\n \n"},
		{"elsewhere", "Port reopens", "Ships came back.\nPort reopens\nNews.", "Ships came back.\nPort reopens\nNews."},
		{"other case", "Port Reopens", "Port reopens\nShips came back.", "Port reopens\nShips came back."},
		{"no title", "", "\nShips came back.", "\nShips came back."},
		{"blank title", " \t ", "\nShips came back.", "\nShips came back."},
		{"empty text", "Port reopens", "", ""},
		{"title longer than text", "Port reopens today", "Port reopens", "Port reopens"},
		{"bytes that are no text", "\xff\xe2", "\xff\xe2\n\x80\xa6", "\n\x80\xa6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := Article{Title: c.title, Text: c.text}
			if got := a.Body().Of(a.Text); got != c.want {
				t.Errorf("body %q, want %q", got, c.want)
			}
		})
	}
}

func TestBodyIsTheEndOfTheTextAndNeverNothing(t *testing.T) {
	pieces := rapid.SliceOfN(rapid.SampledFrom([]string{"Port", " ", "\n", "\r\n", "\u00a0", "reopens", ".", "\ufeff", "é", "\xe2"}), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		a := Article{Title: strings.Join(pieces.Draw(t, "title"), "")}
		a.Text = strings.Join(pieces.Draw(t, "before"), "")
		if rapid.Bool().Draw(t, "repeats the title") {
			a.Text = a.Title + a.Text
		}
		body := a.Body()
		if body.Start < 0 || body.Start > body.End || body.End != len(a.Text) {
			t.Fatalf("body %v of %d bytes", body, len(a.Text))
		}
		left, dropped := strings.TrimSpace(body.Of(a.Text)), strings.TrimLeft(a.Text[:body.Start], " \t\r\n\u00a0\ufeff")
		if left == "" && strings.TrimSpace(a.Text) != "" {
			t.Fatalf("nothing left of %q", a.Text)
		}
		if body.Start > 0 && dropped != strings.TrimSpace(a.Title) {
			t.Fatalf("dropped %q, which is not the title %q", dropped, a.Title)
		}
	})
}
