package train

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// naivePrior is the prior that French position j of so many translates English i.
func naivePrior(i, english, j, french int) float64 {
	near := func(i int) float64 {
		return math.Exp(-tension * math.Abs((float64(i)+0.5)/float64(english)-(float64(j)+0.5)/float64(french)))
	}
	total := 0.0
	for k := range english {
		total += near(k)
	}
	return (1 - nullShare) * near(i) / total
}

// counted are expected counts in double precision.
type counted struct{ french, english, frenchNull, englishNull []float64 }

// naiveExpect follows the formulas: for each sentence, the posterior of every link
// given the French token, and given the English token.
func naiveExpect(m *model, first, last int, agree bool) counted {
	x := counted{
		make([]float64, len(m.links.english)), make([]float64, len(m.links.english)),
		make([]float64, len(m.frenchNull)), make([]float64, len(m.englishNull)),
	}
	for s := first; s < last; s++ {
		english, french := m.corpus.english.sentence(s), m.corpus.french.sentence(s)
		joint := func(given []float32, i, j int) float64 {
			entry := m.links.find(english[i], french[j])
			if entry < 0 {
				return 0
			}
			return naivePrior(i, len(english), j, len(french)) * float64(given[entry])
		}
		row, column := make([]float64, len(french)), make([]float64, len(english))
		for j, f := range french {
			row[j] = nullShare * float64(m.frenchNull[f])
			for i := range english {
				row[j] += joint(m.frenchGiven, i, j)
			}
			x.frenchNull[f] += nullShare * float64(m.frenchNull[f]) / row[j]
		}
		for i, e := range english {
			column[i] = nullShare * float64(m.englishNull[e])
			for j := range french {
				column[i] += joint(m.englishGiven, i, j)
			}
			x.englishNull[e] += nullShare * float64(m.englishNull[e]) / column[i]
		}
		for j, f := range french {
			for i, e := range english {
				entry := m.links.find(e, f)
				if entry < 0 {
					continue
				}
				forward, backward := joint(m.frenchGiven, i, j)/row[j], joint(m.englishGiven, i, j)/column[i]
				if agree {
					x.french[entry] += forward * backward
				} else {
					x.french[entry] += forward
					x.english[entry] += backward
				}
			}
		}
	}
	return x
}

// same fails unless the values agree to single precision.
func same(t *rapid.T, what string, got []float32, want []float64) {
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range got {
		if math.Abs(float64(got[i])-want[i]) > 1e-4*(1+want[i]) {
			t.Fatalf("%s of %d: %v, want %v", what, i, got[i], want[i])
		}
	}
}

func TestExpectedCountsAreThoseOfTheFormulas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := corpora(12, 7).Draw(t, "corpus")
		l := cooccurring(t.Context(), c, 1)
		m := learn(t.Context(), c, l, 1, func(int, int) {}) // so that no two probabilities are the same
		for range rapid.IntRange(0, 2).Draw(t, "iterations more") {
			m.iterate(1, false)
		}
		for i := range m.parts {
			p := &m.parts[i]
			for _, agree := range []bool{false, true} {
				got, want := m.expect(p, agree), naiveExpect(m, p.first, p.last, agree)
				same(t, "links by French", got.french, want.french)
				same(t, "links by English", got.english, want.english)
				same(t, "French null", got.frenchNull, want.frenchNull)
				same(t, "English null", got.englishNull, want.englishNull)
			}
		}
	})
}

func TestEveryTokenIsExpectedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := corpora(12, 7).Draw(t, "corpus")
		m := learn(t.Context(), c, cooccurring(t.Context(), c, 1), 1, func(int, int) {})
		french, english := 0.0, 0.0
		for i := range m.parts {
			x := m.expect(&m.parts[i], false)
			for _, v := range [][]float32{x.french, x.frenchNull} {
				french += total(v)
			}
			for _, v := range [][]float32{x.english, x.englishNull} {
				english += total(v)
			}
		}
		if f, e := float64(len(c.french.ids)), float64(len(c.english.ids)); math.Abs(french-f) > 1e-3*(1+f) || math.Abs(english-e) > 1e-3*(1+e) {
			t.Fatalf("expected %v French and %v English tokens, there are %v and %v", french, english, f, e)
		}
	})
}

func total(values []float32) float64 {
	sum := 0.0
	for _, v := range values {
		sum += float64(v)
	}
	return sum
}

func TestPartsCoverEverySentenceOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := corpora(8, 5).Draw(t, "corpus")
		m := learn(t.Context(), c, cooccurring(t.Context(), c, 1), 2, func(int, int) {})
		next := 0
		for _, p := range m.parts {
			if p.first != next || p.last < p.first {
				t.Fatalf("part %d–%d after %d", p.first, p.last, next)
			}
			next = p.last
		}
		if next != c.french.sentences() {
			t.Fatalf("parts end at %d of %d", next, c.french.sentences())
		}
	})
}

func TestProbabilitiesOfARowSumToNoMoreThan1(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.Float64Range(0, 1e5), 1, 20).Draw(t, "counts")
		rows := newTotals(1)
		for _, c := range counts {
			rows.add(0, c)
		}
		rows.finish()
		sum, most, best := 0.0, float32(0), 0
		for i, c := range counts {
			p := rows.probability(0, c)
			sum += float64(p)
			if p > most {
				most, best = p, i
			}
		}
		if sum > 1+1e-5 || math.IsNaN(sum) {
			t.Fatalf("%v sums to %v", counts, sum)
		}
		for _, c := range counts {
			if most > 0 && c > counts[best]*1.001+1e-9 {
				t.Fatalf("%v is likelier than %v", counts[best], c)
			}
		}
	})
}

func TestThePriorOfARowSumsToWhatNullLeaves(t *testing.T) {
	var d diagonals
	for _, lengths := range [][2]int{{1, 1}, {1, 8}, {8, 1}, {7, 9}, {maxTokens, maxTokens}} {
		english, french := lengths[0], lengths[1]
		prior := d.of(english, french)
		for j := range french {
			row := prior[j*maxTokens : j*maxTokens+english]
			if sum := total(row); math.Abs(sum-(1-nullShare)) > 1e-5 {
				t.Errorf("%d×%d: row %d sums to %v", english, french, j, sum)
			}
			for i := range row {
				if math.Abs(float64(row[i])-naivePrior(i, english, j, french)) > 1e-6 {
					t.Errorf("%d×%d: row %d, column %d is %v", english, french, j, i, row[i])
				}
			}
		}
	}
}
