package train

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/calque-dev/calque/pkg/article"
)

// folder makes a folder of files by name; those named .zst are compressed.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		stored := []byte(text)
		if strings.HasSuffix(name, ".zst") {
			z, err := zstd.NewWriter(nil)
			if err != nil {
				t.Fatal(err)
			}
			stored = z.EncodeAll(stored, nil)
		}
		if err := os.WriteFile(filepath.Join(dir, name), stored, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLinesAreReadWithoutTheirEnds(t *testing.T) {
	for text, want := range map[string][]string{
		"":            nil,
		"one":         {"one"},
		"one\n":       {"one"},
		"one\r\ntwo":  {"one", "two"},
		"one\n\ntwo":  {"one", "", "two"},
		"\n":          {""},
		" one \n\ttw": {" one ", "\ttw"},
		"long " + strings.Repeat("x", 3<<20) + "\nshort\n": {"long " + strings.Repeat("x", 3<<20), "short"},
	} {
		for _, name := range []string{"plain.en", "packed.en.zst"} {
			var got []string
			for line, err := range Lines(filepath.Join(folder(t, map[string]string{name: text}), name)) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, line)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s %.20q: %.40q", name, text, got)
			}
		}
	}
}

func TestLinesStopWhenToldTo(t *testing.T) {
	n := 0
	for range Lines(filepath.Join(folder(t, map[string]string{"a.en": "one\ntwo\nthree"}), "a.en")) {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d lines", n)
	}
}

func TestLinesOfADamagedFileEndInAnErrorThatNamesIt(t *testing.T) {
	dir := folder(t, map[string]string{"a.en.zst": strings.Repeat("one boat\n", 500)})
	path := filepath.Join(dir, "a.en.zst")
	stored, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range [][]byte{stored[:len(stored)-3], []byte("no zstd at all")} {
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		var last error
		for _, err := range Lines(path) {
			last = err
		}
		if last == nil || !strings.Contains(last.Error(), "a.en.zst") {
			t.Errorf("error %v", last)
		}
	}
}

func TestSentencePairsOfUse(t *testing.T) {
	for _, c := range []struct {
		english, french int
		want            bool
	}{
		{0, 0, false}, {0, 3, false}, {3, 0, false}, {1, 1, true}, {80, 80, true}, {81, 80, false}, {80, 81, false},
		{1, 8, true}, {1, 9, false}, {8, 1, true}, {9, 1, false}, {20, 65, true}, {20, 66, false},
	} {
		if got := fits(c.english, c.french); got != c.want {
			t.Errorf("%d English, %d French tokens: %v", c.english, c.french, got)
		}
	}
}

func TestBothSidesKeepTheSameSentencesAndTheirFrequentTerms(t *testing.T) {
	var english, french strings.Builder
	for range minCount {
		fmt.Fprintln(&english, "boats sail.")
		fmt.Fprintln(&french, "bateaux voguent.")
		fmt.Fprintln(&english, "one two three "+strings.Repeat("gulls ", maxTokens)) // too long
		fmt.Fprintln(&french, "mouettes")
		fmt.Fprintln(&english)
		fmt.Fprintln(&french, "silence")
	}
	fmt.Fprintln(&english, "rare boats")
	fmt.Fprintln(&french, "bateaux rarissimes")
	c, err := readFolder(t.Context(), folder(t, map[string]string{"a.en": english.String(), "a.fr": french.String()}))
	if err != nil {
		t.Fatal(err)
	}
	if c.english.sentences() != minCount+1 || c.french.sentences() != minCount+1 {
		t.Fatalf("%d and %d sentences", c.english.sentences(), c.french.sentences())
	}
	if got := spelled(&c.english); got != "boat sail/boat sail/boat sail/boat" {
		t.Errorf("English: %s", got)
	}
	if got := spelled(&c.french); got != "bateau voguent/bateau voguent/bateau voguent/bateau" {
		t.Errorf("French: %s", got)
	}
	for i := 1; i < len(c.english.count); i++ {
		if c.english.count[i] > c.english.count[i-1] {
			t.Errorf("counts %v do not fall", c.english.count)
		}
	}
}

// spelled writes the sentences of a side, with "/" between them.
func spelled(s *side) string {
	var sentences []string
	for i := range s.sentences() {
		var terms []string
		for _, id := range s.sentence(i) {
			terms = append(terms, s.terms[id])
		}
		sentences = append(sentences, strings.Join(terms, " "))
	}
	return strings.Join(sentences, "/")
}

func TestTermsAreNumberedAsTheyCome(t *testing.T) {
	r := newReader(t.Context(), article.English)
	r.line("Boats, boats and 3 million gulls")
	r.line("")
	r.line("3,000,000 boats")
	if want := []string{"boat", "and", "#3000000", "gull"}; !slices.Equal(r.terms, want) {
		t.Errorf("terms %q, want %q", r.terms, want)
	}
	if want := []int32{3, 1, 2, 1}; !slices.Equal(r.count, want) {
		t.Errorf("counts %v, want %v", r.count, want)
	}
	if got := spelled(&r.side); got != "boat boat and #3000000 gull//#3000000 boat" {
		t.Errorf("sentences %s", got)
	}
}

func TestFoldersThatCannotBeLearnedFrom(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string // in the error
	}{
		{"empty", nil, "no pair of files"},
		{"other files", map[string]string{"a.txt": "boat"}, "no pair of files"},
		{"no French twin", map[string]string{"a.en": "boat\n"}, "a.fr"},
		{"fewer French lines", map[string]string{"a.en": "boat\nship\n", "a.fr": "bateau\n"}, "differ by 1 lines"},
		{"fewer English lines", map[string]string{"a.en.zst": "boat\n", "a.fr": "bateau\nnavire\nport\n"}, "differ by 2 lines"},
		{"the second pair differs", map[string]string{"a.en": "boat\n", "a.fr": "bateau\n", "b.en": "ship\n", "b.fr": ""}, "b: "},
		{"nothing of use", map[string]string{"a.en": "\n", "a.fr": "\n"}, "no sentence pairs of use"},
		{"names without a tab", map[string]string{"a.en": "boat\n", "a.fr": "bateau\n", "names.en-fr.tsv": "Lisbon Lisbonne\n"}, "names.en-fr.tsv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if table, err := Learn(t.Context(), folder(t, c.files), Options{}); err == nil || table != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v does not say %q", err, c.want)
			}
		})
	}
	if _, err := Learn(t.Context(), filepath.Join(t.TempDir(), "absent"), Options{}); err == nil {
		t.Error("a folder that is not there is no error")
	}
}

func TestAFrenchFileWithoutItsEnglishTwinIsAnError(t *testing.T) {
	dir := folder(t, map[string]string{"a.en": "boat\n", "a.fr": "bateau\n", "b.fr": "navire\n"})
	if _, err := readFolder(t.Context(), dir); err == nil {
		t.Error("no error")
	}
}

func TestLearnEndsWithItsContext(t *testing.T) {
	files := map[string]string{"a.en": strings.Repeat("The port is closed.\n", 50), "a.fr": strings.Repeat("Le port est fermé.\n", 50)}
	ctx, cancel := context.WithCancel(t.Context())
	stop := Options{Progress: func(done, _ int) {
		if done == 1 {
			cancel()
		}
	}}
	if table, err := Learn(ctx, folder(t, files), stop); !errors.Is(err, context.Canceled) || table != nil {
		t.Errorf("ended while learning: %v", err)
	}
	if table, err := Learn(ctx, folder(t, files), Options{}); !errors.Is(err, context.Canceled) || table != nil {
		t.Errorf("ended before: %v", err)
	}
}
