package text

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

func TestASpellingIsTheWordWhereverItStands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, word, after := rapid.String().Draw(t, "before"), rapid.String().Draw(t, "word"), rapid.String().Draw(t, "after")
		text := before + word + after
		got, ok := spellingAt(text, len(before), len(before)+len(word))
		if ok != (len(word) <= maxSpelling) {
			t.Fatalf("%q of %d bytes: %v", word, len(word), ok)
		}
		if !ok {
			return
		}
		if alone, _ := spellingAt(word, 0, len(word)); got != alone {
			t.Fatalf("%q in %q is %x, alone %x", word, text, got, alone)
		}
		other := rapid.OneOf(rapid.Just(word+"\x00"), rapid.StringN(0, 3, maxSpelling)).Draw(t, "other")
		if o, ok := spellingAt(other, 0, len(other)); ok && (o == got) != (other == word) {
			t.Fatalf("%q is %x, %q is %x", word, got, other, o)
		}
	})
}

func TestSpellingsFindWhatWasAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table spellings
		naive := map[string]*Form{}
		letters := rapid.StringOfN(rapid.RuneFrom([]rune("aàbcé’")), 0, 4, maxSpelling)
		for range rapid.IntRange(0, 600).Draw(t, "words") {
			word := letters.Draw(t, "word")
			w := table.seek(spellingAt(word, 0, len(word)))
			known := table.find(&w)
			switch {
			case known == nil && naive[word] != nil:
				t.Fatalf("%q was added and is not found", word)
			case known != nil && known.form != naive[word]:
				t.Fatalf("%q is found as %q", word, known.form.Text)
			case known == nil:
				naive[word] = &Form{Text: word}
				table.add(w.spelling, naive[word])
			}
		}
	})
}

func TestAWordHasTheFormOfItsLowerCase(t *testing.T) {
	s := NewScanner(article.French)
	rapid.Check(t, func(t *rapid.T) {
		word := words().Draw(t, "word")
		for range 2 { // made, then found
			got, want := Token{Start: 2, End: 2 + len(word)}, s.form(word)
			if s.setForm("«"+word+"»", &got); got.Form != want || got.FormID() != want.ID || got.hints != want.hints {
				t.Fatalf("%q has the form %q, number %d, want %q, number %d; hints %b", word, got.Form.Text, got.FormID(), want.Text, want.ID, got.hints)
			}
		}
	})
}

func TestPlainTextIsLowerCaseWithPlainSigns(t *testing.T) {
	naive := strings.NewReplacer("’", "'", "\u00a0", " ", "\u202f", " ")
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("aÀÉK’\u00a0\u202f©İ"))),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "line")
		if got, want := plainText(line), naive.Replace(strings.ToLower(line)); got != want {
			t.Fatalf("%q: %q, want %q", line, got, want)
		}
	})
}

func TestALineMayBeginWithEveryPhraseThatItBeginsWith(t *testing.T) {
	for _, p := range beginnings {
		if len(p) > longestBeginning {
			t.Errorf("%q is longer than is looked at", p)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		phrase := rapid.SampledFrom(beginnings).Draw(t, "phrase")
		line := rapid.SampledFrom([]string{"", "« ", "– "}).Draw(t, "sign") +
			rapid.SampledFrom([]string{phrase, strings.ToUpper(phrase), strings.ReplaceAll(phrase, "'", "’"), strings.ReplaceAll(phrase, " ", "\u202f"), phrase[:len(phrase)/2]}).Draw(t, "written") +
			rapid.SampledFrom([]string{"", " :", " the islands"}).Draw(t, "rest")
		if got, want := mayBegin(line), hasStart(plainLine(line), beginnings); got != want {
			t.Fatalf("%q: %v, want %v", line, got, want)
		}
	})
}

// hasStart reports whether the line begins with one of the phrases, whatever follows.
func hasStart(line string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.HasPrefix(line, p) })
}

func TestALineWithAnAgencyMayNameOne(t *testing.T) {
	names := slices.Sorted(maps.Keys(agencies))
	rapid.Check(t, func(t *rapid.T) {
		var line strings.Builder
		for range rapid.IntRange(0, 4).Draw(t, "parts") {
			line.WriteString(rapid.OneOf(rapid.SampledFrom(names), rapid.SampledFrom([]string{"Source", "avec", "l’", "L'", "2020", "©", "Jane Doe", "mal"})).Draw(t, "part"))
			line.WriteString(rapid.SampledFrom([]string{" ", "", "/", ", ", " (", ") ", ".", "’", "'"}).Draw(t, "between"))
		}
		if agency := creditIn(line.String()); agency != "" && !mayNameAgency(line.String()) {
			t.Fatalf("%q names %s", line.String(), agency)
		}
	})
}
