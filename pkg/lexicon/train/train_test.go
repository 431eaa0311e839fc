package train

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/text"
)

// The words of the little corpus, English and French by turns.
var (
	people = [][2]string{{"fisherman", "pêcheur"}, {"farmer", "agriculteur"}, {"judge", "juge"}, {"teacher", "professeur"}, {"soldier", "soldat"}, {"nurse", "infirmier"}}
	deeds  = [][2]string{{"sells", "vend"}, {"paints", "peint"}, {"visits", "visite"}, {"cleans", "nettoie"}, {"watches", "regarde"}}
	places = [][2]string{{"harbour", "port"}, {"school", "école"}, {"bridge", "pont"}, {"factory", "usine"}, {"church", "église"}, {"garden", "jardin"}}
	days   = [][2]string{{"Monday", "lundi"}, {"Tuesday", "mardi"}, {"Thursday", "jeudi"}, {"Saturday", "samedi"}}
)

// pairs are sentences and their translations, 180 of each.
func pairs() (english, french string) {
	var e, f strings.Builder
	n := 0
	for _, who := range people {
		for _, does := range deeds {
			for _, what := range places {
				day := days[n%len(days)]
				n++
				switch n % 3 {
				case 0:
					fmt.Fprintf(&e, "On %s the %s %s an old %s.\n", day[0], who[0], does[0], what[0])
					fmt.Fprintf(&f, "%s, le %s %s un vieux %s.\n", day[1], who[1], does[1], what[1])
				case 1:
					fmt.Fprintf(&e, "The %s often %s the %s, with %d friends.\n", who[0], does[0], what[0], n)
					fmt.Fprintf(&f, "Le %s %s souvent le %s, avec %d amis.\n", who[1], does[1], what[1], n)
				default:
					fmt.Fprintf(&e, "A %s %s the big %s.\n", who[0], does[0], what[0])
					fmt.Fprintf(&f, "Un %s %s le grand %s.\n", who[1], does[1], what[1])
				}
			}
		}
	}
	return e.String(), f.String()
}

// translations are the English stems of a French word, the strongest first.
func translations(table *lexicon.Table, french string) []string {
	stem := text.NewScanner(article.French).Form(french).Stem
	for _, f := range table.French {
		if f.Stem != stem {
			continue
		}
		var stems []string
		for _, e := range f.Translations {
			stems = append(stems, table.English[e.English].Stem)
		}
		return stems
	}
	return nil
}

func mustLearn(t *testing.T, files map[string]string, o Options) *lexicon.Table {
	t.Helper()
	table, err := Learn(t.Context(), folder(t, files), o)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestEveryWordOfALittleCorpusFindsItsTranslation(t *testing.T) {
	english, french := pairs()
	table := mustLearn(t, map[string]string{"little.en": english, "little.fr": french}, Options{})
	scanner := text.NewScanner(article.English)
	for _, list := range [][][2]string{people, deeds, places, days, {{"old", "vieux"}, {"big", "grand"}, {"friends", "amis"}}} {
		for _, pair := range list {
			want := text.Fold(scanner.Form(pair[0]).Stem)
			if got := translations(table, pair[1]); len(got) == 0 || got[0] != want {
				t.Errorf("%s is %q, want %s first", pair[1], got, want)
			}
		}
	}
	if table.Sentences != 180 {
		t.Errorf("%d sentences, want 180", table.Sentences)
	}
}

func TestATableIsInOrderAndInItsRanges(t *testing.T) {
	english, french := pairs()
	table := mustLearn(t, map[string]string{"little.en": english, "little.fr": french}, Options{})
	var stems []string
	for _, e := range table.English {
		stems = append(stems, e.Stem)
		inRange(t, table, e.Stem, e.Synonyms, maxSynonyms)
	}
	sortedWords(t, "English", stems)
	stems = nil
	for _, f := range table.French {
		stems = append(stems, f.Stem)
		inRange(t, table, f.Stem, f.Translations, maxTranslations)
		if f.Sentences < 1 || f.Sentences > table.Sentences || f.Aligned < 0 {
			t.Errorf("%s is in %d sentences, aligned %v times", f.Stem, f.Sentences, f.Aligned)
		}
	}
	sortedWords(t, "French", stems)
}

func sortedWords(t *testing.T, language string, stems []string) {
	t.Helper()
	if !slices.IsSorted(stems) || len(slices.Compact(slices.Clone(stems))) != len(stems) {
		t.Errorf("%s stems are not sorted, each once: %q", language, stems)
	}
	for _, s := range stems {
		if isNumber(s) {
			t.Errorf("%s has the number %s", language, s)
		}
	}
}

func inRange(t *testing.T, table *lexicon.Table, stem string, ts []lexicon.Translation, most int) {
	t.Helper()
	if len(ts) > most {
		t.Errorf("%s has %d translations", stem, len(ts))
	}
	for i, tr := range ts {
		if tr.English < 0 || tr.English >= len(table.English) || tr.Weight <= 0 || tr.Weight > 1+1e-9 || i > 0 && tr.Weight > ts[i-1].Weight {
			t.Errorf("%s: translations %v", stem, ts)
		}
	}
}

func stored(t *testing.T, table *lexicon.Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := table.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheTableIsTheSameForAnyNumberOfWorkersAndForCompressedFiles(t *testing.T) {
	english, french := pairs()
	want := stored(t, mustLearn(t, map[string]string{"little.en": english, "little.fr": french}, Options{Workers: 1}))
	for name, files := range map[string]map[string]string{
		"plain":      {"little.en": english, "little.fr": french},
		"compressed": {"little.en.zst": english, "little.fr.zst": french},
		"one of two": {"little.en.zst": english, "little.fr": french},
	} {
		for _, workers := range []int{0, 1, 4} {
			if got := stored(t, mustLearn(t, files, Options{Workers: workers})); !bytes.Equal(got, want) {
				t.Errorf("%s files, %d workers: other bytes", name, workers)
			}
		}
	}
}

func TestAllPairsOfAFolderAreLearnedInTheOrderOfTheirNames(t *testing.T) {
	english, french := pairs()
	e, f := strings.SplitAfter(english, "\n"), strings.SplitAfter(french, "\n")
	join := func(lines []string) string { return strings.Join(lines, "") }
	one := mustLearn(t, map[string]string{"a.en": english, "a.fr": french}, Options{})
	two := mustLearn(t, map[string]string{
		"a.en": join(e[:70]), "a.fr": join(f[:70]), "b.en.zst": join(e[70:]), "b.fr.zst": join(f[70:]),
	}, Options{})
	if !bytes.Equal(stored(t, one), stored(t, two)) {
		t.Error("a corpus in two files gives another table than in one")
	}
}

func TestNamesAreLearned(t *testing.T) {
	english, french := pairs()
	table := mustLearn(t, map[string]string{
		"little.en": english, "little.fr": french,
		"names.en-fr.tsv": "Lisbon\tLisbonne\tplace\tlist\nGermany\tAllemagne\nNorth Sea\tmer du Nord\tplace\n",
	}, Options{})
	for name, want := range map[string]string{"Lisbonne": "lisbon", "Allemagne": "germani"} {
		if got := translations(table, name); len(got) == 0 || got[0] != want {
			t.Errorf("%s is %q, want %s first", name, got, want)
		}
	}
}

func TestProgressIsToldAfterEveryIteration(t *testing.T) {
	english, french := pairs()
	var told []string
	mustLearn(t, map[string]string{"little.en": english, "little.fr": french}, Options{
		Progress: func(done, total int) { told = append(told, fmt.Sprintf("%d/%d", done, total)) },
	})
	if got := strings.Join(told, " "); got != "1/6 2/6 3/6 4/6 5/6 6/6" {
		t.Errorf("told %s", got)
	}
}

func TestTheStrongestTranslationsAreKeptEachOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) lexicon.Translation {
			return lexicon.Translation{English: rapid.IntRange(0, 12).Draw(t, "English"), Weight: rapid.Float64Range(0.001, 1).Draw(t, "weight")}
		}), 0, 20).Draw(t, "translations")

		best := map[int]float64{}
		top := 0.0
		for _, tr := range given {
			best[tr.English] = max(best[tr.English], tr.Weight)
			top = max(top, tr.Weight)
		}
		got := strongest(slices.Clone(given))
		least := math.Inf(1)
		for _, tr := range got {
			if best[tr.English] != tr.Weight || tr.Weight < minWeight*top || tr.Weight > least {
				t.Fatalf("%v of %v", got, given)
			}
			least = tr.Weight
			delete(best, tr.English)
		}
		for _, left := range best {
			if left >= minWeight*top && len(got) < maxTranslations || left > least {
				t.Fatalf("%v leaves out weight %v", got, left)
			}
		}
	})
}

func TestWordsWithOneTranslationBetweenThemAreSynonyms(t *testing.T) {
	table := &lexicon.Table{
		English: []lexicon.EnglishTerm{{Stem: "boat"}, {Stem: "quay"}, {Stem: "ship"}},
		French: []lexicon.FrenchTerm{
			{Stem: "bateau", Translations: []lexicon.Translation{{English: 0, Weight: 0.6}, {English: 2, Weight: 0.6}}},
			{Stem: "navir", Translations: []lexicon.Translation{{English: 2, Weight: 0.8}}},
			{Stem: "quai", Translations: []lexicon.Translation{{English: 1, Weight: 0.9}}},
		},
	}
	addSynonyms(table)
	if s := table.English[0].Synonyms; len(s) != 1 || s[0].English != 2 || math.Abs(s[0].Weight-0.6) > 1e-9 {
		t.Errorf("boat: %v, want ship by 0.6", s)
	}
	if s := table.English[2].Synonyms; len(s) != 1 || s[0].English != 0 {
		t.Errorf("ship: %v, want boat", s)
	}
	if s := table.English[1].Synonyms; len(s) != 0 {
		t.Errorf("quay: %v, want none", s)
	}
}
