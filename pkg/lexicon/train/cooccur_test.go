package train

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// randomSide is a side of so many sentences over so many terms, the first the most
// common; lengths are those of the sentences.
func randomSide(r *rand.Rand, terms int, lengths []int) side {
	s := side{terms: make([]string, terms), count: make([]int32, terms), start: []int{0}}
	for i := range s.terms {
		s.terms[i] = string(rune('a' + i))
	}
	for _, n := range lengths {
		for range n {
			id := uint32(float64(terms) * r.Float64() * r.Float64())
			s.ids = append(s.ids, id)
			s.count[id]++
		}
		s.start = append(s.start, len(s.ids))
	}
	return s
}

// corpora draws corpora of random words; sentences may be empty.
func corpora(maxTerms, maxLength int) *rapid.Generator[*corpus] {
	return rapid.Custom(func(t *rapid.T) *corpus {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		lengths := func(n int) []int {
			s := make([]int, n)
			for i := range s {
				s[i] = r.IntN(maxLength + 1)
			}
			return s
		}
		sentences := rapid.IntRange(1, 40).Draw(t, "sentences")
		terms := rapid.IntRange(1, maxTerms)
		return &corpus{
			english: randomSide(r, terms.Draw(t, "English terms"), lengths(sentences)),
			french:  randomSide(r, terms.Draw(t, "French terms"), lengths(sentences)),
		}
	})
}

// naivePartners is partners word by word of its definition, for one term.
func naivePartners(one, other *side, term uint32) []uint32 {
	with, count := 0, map[uint32]int{}
	for i := range one.sentences() {
		if !slices.Contains(one.sentence(i), term) {
			continue
		}
		with++
		for _, o := range other.sentence(i) {
			count[o]++
		}
	}
	score := map[uint32]float64{}
	var best []uint32
	for o, n := range count {
		expected := float64(with) * float64(other.count[o]) / float64(one.sentences())
		score[o] = float64(n) * math.Log(float64(n)/expected)
		if score[o] > 0 && (n > 1 || with <= minCount) {
			best = append(best, o)
		}
	}
	slices.SortFunc(best, func(a, b uint32) int { return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(a, b)) })
	return best[:min(len(best), keptPartners)]
}

func TestCooccurringLinksAreThePartnersOfEitherSide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := corpora(150, 30).Draw(t, "corpus")
		l := cooccurring(t.Context(), c, rapid.IntRange(1, 4).Draw(t, "workers"))

		type pair struct{ e, f uint32 }
		want := map[pair]bool{}
		for f := range uint32(len(c.french.terms)) {
			for _, e := range naivePartners(&c.french, &c.english, f) {
				want[pair{e, f}] = true
			}
		}
		for e := range uint32(len(c.english.terms)) {
			for _, f := range naivePartners(&c.english, &c.french, e) {
				want[pair{e, f}] = true
			}
		}
		entries := 0
		l.each(func(entry int, e, f uint32) {
			if entry != entries || !want[pair{e, f}] {
				t.Fatalf("entry %d is English %d with French %d, which is no link", entry, e, f)
			}
			entries++
		})
		if entries != len(want) || entries != len(l.english) {
			t.Fatalf("%d links, want %d", entries, len(want))
		}
		for f := range uint32(len(c.french.terms)) {
			row := l.english[l.start[f]:l.start[f+1]]
			for e := range uint32(len(c.english.terms)) {
				entry := slices.Index(row, e)
				if entry >= 0 {
					entry += int(l.start[f])
				}
				if got := l.find(e, f); int(got) != entry {
					t.Fatalf("English %d with French %d is found at %d, stands at %d", e, f, got, entry)
				}
			}
		}
	})
}

func TestPostingsListEverySentenceOfATermOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := corpora(20, 12).Draw(t, "corpus").french
		where := postings(&s)
		for term := range s.terms {
			var want []int32
			for i := range s.sentences() {
				if slices.Contains(s.sentence(i), uint32(term)) {
					want = append(want, int32(i))
				}
			}
			if got := where.of(term); !slices.Equal(got, want) {
				t.Fatalf("term %d is in %v, want %v", term, got, want)
			}
		}
	})
}
