package retrieval

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

// empty is a lexicon that knows no word: every word is its own form.
func empty() *lexicon.Lexicon { return lexicon.New(&lexicon.Table{Sentences: 10_000}) }

var names = []string{
	"Bergen Nordlys Oslo", "Lisbon Porto Faro", "Nairobi Mombasa", "Quito Lima Bogota Cali", "Seoul Busan", "Hanoi Vinh Dalat",
	"Turin Milan Genoa", "Riga Vilnius", "Accra Kumasi Tamale", "Perth Darwin Hobart", "Minsk Brest", "Cairo Luxor",
}

func TestLinesThatAreTheSameAreAllFound(t *testing.T) {
	got := Evaluate(empty(), names, names)
	if want := (Result{Lines: len(names), PAt1: 1, PAt5: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestLinesThatShareNothingAreNotFound(t *testing.T) {
	got := Evaluate(empty(), []string{"Bergen Oslo", "Lisbon Porto"}, []string{"Cairo Luxor", "Minsk Vitebsk"})
	if got != (Result{Lines: 2}) {
		t.Errorf("got %+v", got)
	}
}

func TestNoLinesGiveNoResult(t *testing.T) {
	if got := Evaluate(empty(), nil, nil); got != (Result{}) {
		t.Errorf("got %+v", got)
	}
	if got := Evaluate(empty(), []string{"Bergen"}, nil); got != (Result{}) {
		t.Errorf("no French lines: %+v", got)
	}
	if got := Evaluate(empty(), nil, []string{"Bergen"}); got != (Result{Lines: 1}) {
		t.Errorf("no English lines: %+v", got)
	}
}

func TestFrenchLinesPastTheEnglishAreMisses(t *testing.T) {
	if got := Evaluate(empty(), names[:3], names[:4]); got != (Result{Lines: 4, PAt1: 0.75, PAt5: 0.75}) {
		t.Errorf("got %+v", got)
	}
}

func TestEmptyLinesAreMisses(t *testing.T) {
	if got := Evaluate(empty(), []string{"", names[0]}, []string{"", names[0]}); got != (Result{Lines: 2, PAt1: 0.5, PAt5: 0.5}) {
		t.Errorf("got %+v", got)
	}
}

func TestOfEqualLinesTheFirstWins(t *testing.T) {
	for n := 1; n <= 8; n++ {
		english := append(slices.Repeat([]string{"Bergen Nordlys"}, n), names[1:6]...)
		got := Evaluate(empty(), english, english)
		all := float64(len(english))
		if want := (Result{len(english), 6 / all, float64(5+min(n, 5)) / all}); got != want {
			t.Errorf("%d equal lines: %+v, want %+v", n, got, want)
		}
	}
}

func TestALineThatAnswersAnotherBetterDoesNotWin(t *testing.T) {
	english := []string{"Bergen Oslo Nordlys", "Bergen Turin Milan Genoa"}
	french := []string{"Bergen Oslo Nordlys", "Bergen Oslo Turin Perth"}
	if got := Evaluate(empty(), english, french); got.PAt1 != 1 {
		t.Errorf("got %+v", got)
	}
	b := shingle.NewBuilder(empty())
	en, fr := lines(b, english, article.English), lines(b, french, article.French)
	if row := similarities(en, fr)[2:]; row[0] <= row[1] {
		t.Errorf("by the cosine alone the second line has %v and would win as well", row)
	}
}

func TestTheOrderOfTheLinesDoesNotCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SampledFrom([]string{"Bergen", "Oslo", "Lisbon", "Porto", "12", "Quito", "Lima", "2031"})
		line := rapid.Map(rapid.SliceOfN(words, 0, 6), func(ws []string) string {
			s := ""
			for _, w := range ws {
				s += w + ", "
			}
			return s
		})
		n := rapid.IntRange(1, 15).Draw(t, "lines")
		english := rapid.SliceOfNDistinct(line, n, n, rapid.ID[string]).Draw(t, "English")
		french := rapid.SliceOfN(line, n, n).Draw(t, "French")
		if ties(english, french) {
			t.Skip("lines as good as the right one go by their order")
		}
		want := Evaluate(empty(), english, french)
		order := rapid.Permutation(indices(n)).Draw(t, "order")
		var e, f []string
		for _, i := range order {
			e, f = append(e, english[i]), append(f, french[i])
		}
		if got := Evaluate(empty(), e, f); got != want {
			t.Fatalf("%+v in another order %+v", want, got)
		}
	})
}

func indices(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

// naiveScores are the scores of all pairs, a row a French line, by the formula.
func naiveScores(english, french []string) [][]float64 {
	b := shingle.NewBuilder(empty())
	en, fr := lines(b, english, article.English), lines(b, french, article.French)
	cosine := func(f, e line) float64 {
		sum := 0.0
		for _, x := range f.vector {
			for _, y := range e.vector {
				if x.Concept == y.Concept {
					sum += float64(x.Weight) * float64(y.Weight)
				}
			}
		}
		return sum
	}
	mean := func(values []float64) float64 {
		slices.SortFunc(values, func(a, b float64) int { return cmp.Compare(b, a) })
		values = values[:min(neighbours, len(values))]
		sum := 0.0
		for _, v := range values {
			sum += v
		}
		return sum / float64(len(values))
	}
	scores := make([][]float64, len(fr))
	for i, f := range fr {
		scores[i] = make([]float64, len(en))
		for j, e := range en {
			var ofFrench, ofEnglish []float64
			for _, other := range en {
				ofFrench = append(ofFrench, cosine(f, other))
			}
			for _, other := range fr {
				ofEnglish = append(ofEnglish, cosine(other, e))
			}
			near := (mean(ofFrench) + mean(ofEnglish)) / 2
			r := math.Log((f.weight + lengthFloor) / (e.weight + lengthFloor))
			scores[i][j] = cosine(f, e) / max(near, 1e-9) * math.Exp(-r*r)
		}
	}
	return inverted(scores)
}

// inverted is the softmax of every column; pairs without a common word stay 0.
func inverted(scores [][]float64) [][]float64 {
	out := make([][]float64, len(scores))
	for i, row := range scores {
		out[i] = make([]float64, len(row))
		for j, s := range row {
			sum := 0.0
			for _, other := range scores {
				sum += math.Exp(sharpness * other[j])
			}
			if s > 0 {
				out[i][j] = math.Exp(sharpness*s) / sum
			}
		}
	}
	return out
}

// ties reports whether some line scores the same as a right one, or nearly.
func ties(english, french []string) bool {
	for i, row := range naiveScores(english, french) {
		for j, s := range row {
			if j != i && math.Abs(s-row[i]) < 1e-4 {
				return true
			}
		}
	}
	return false
}

func TestResultsAreThoseOfTheFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		words := []string{"Bergen", "Oslo", "Lisbon", "Porto", "Quito", "Lima", "12", "13", "2031", "Cairo", "Luxor", "Minsk", "Brest", "Perth"}
		english, french := make([]string, rapid.IntRange(1, 12).Draw(t, "lines")), []string{}
		for i := range english {
			for range 2 + r.IntN(6) {
				english[i] += words[r.IntN(len(words))] + ", "
			}
			french = append(french, english[i]+words[r.IntN(len(words))]+", "+words[r.IntN(len(words))])
		}
		if ties(english, french) {
			t.Skip("rounding decides between lines that score the same")
		}
		at1, at5 := 0, 0
		for i, row := range naiveScores(english, french) {
			better := 0
			for _, s := range row {
				if s > row[i] {
					better++
				}
			}
			if better < 1 {
				at1++
			}
			if better < 5 {
				at5++
			}
		}
		n := float64(len(french))
		if got, want := Evaluate(empty(), english, french), (Result{len(french), float64(at1) / n, float64(at5) / n}); got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestTheEmbeddedLexiconFindsTranslations(t *testing.T) {
	l, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	got := Evaluate(l, []string{
		"The government announced new taxes on fuel.", "Two fishermen drowned when their boat sank.",
		"The court will rule on the appeal in September.", "Farmers blocked the motorway with 200 tractors.",
		"The hospital lacks nurses and beds.", "Unemployment fell for the third month in a row.",
	}, []string{
		"Le gouvernement a annoncé de nouvelles taxes sur les carburants.", "Deux pêcheurs se sont noyés dans le naufrage de leur bateau.",
		"La cour se prononcera sur l’appel en septembre.", "Les agriculteurs ont bloqué l’autoroute avec 200 tracteurs.",
		"L’hôpital manque d’infirmières et de lits.", "Le chômage a baissé pour le troisième mois de suite.",
	})
	if want := (Result{Lines: 6, PAt1: 1, PAt5: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
