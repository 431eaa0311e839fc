package dedupe

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
)

func TestPairsInOrderOfNeighboursAreTheSamePairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "articles")
		pairs := rapid.SliceOfDistinct(rapid.Custom(func(t *rapid.T) candidate.Pair {
			a := rapid.Int32Range(0, int32(n)-2).Draw(t, "a")
			return candidate.Pair{A: a, B: rapid.Int32Range(a+1, int32(n)-1).Draw(t, "b")}
		}), func(p candidate.Pair) candidate.Pair { return p }).Draw(t, "pairs")
		ordered := slices.Clone(pairs)
		orderByNeighbours(ordered, n)
		slices.SortFunc(ordered, comparePairs)
		slices.SortFunc(pairs, comparePairs)
		if !slices.Equal(ordered, pairs) {
			t.Fatalf("%v became %v", pairs, ordered)
		}
	})
}

func TestGroupsAreWorkedThroughOneAfterAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Rings of some articles each, whose numbers lie anywhere.
		const rings = 5
		members := rapid.Permutation(slices.Collect(func(yield func(int32) bool) {
			for i := range int32(rings * 4) {
				if !yield(i) {
					return
				}
			}
		})).Draw(t, "members")
		ring := make([]int, len(members))
		var pairs []candidate.Pair
		for i, a := range members {
			ring[a] = i / 4
			b := members[i/4*4+(i+1)%4]
			pairs = append(pairs, candidate.Pair{A: min(a, b), B: max(a, b)})
		}
		orderByNeighbours(pairs, len(members))
		for i := 0; i < len(pairs); i += 4 {
			for _, p := range pairs[i : i+4] {
				if ring[p.A] != ring[pairs[i].A] {
					t.Fatalf("one ring's pairs stand among another's: %v", pairs)
				}
			}
		}
	})
}

func TestArticlesAreNumberedByTheirIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.SampledFrom([]string{"", "n", "https://example.org/"}).Draw(t, "prefix")
		ids := rapid.SliceOfDistinct(rapid.StringMatching(`[a-c\x00é/]{0,12}`), rapid.ID).Draw(t, "ids")
		p := newPile(1 << 20)
		defer p.Close()
		for i := range ids {
			ids[i] = prefix + ids[i]
			f, _, err := p.fileText(&article.Article{ID: ids[i], Text: "A text."}, nil)
			if err != nil {
				t.Fatal(err)
			}
			p.add([]filed{f})
		}
		if rejected := p.sortByID(); len(rejected) > 0 {
			t.Fatal(rejected)
		}
		slices.Sort(ids)
		for i, id := range ids {
			if got := p.idOf(int32(i)); got != id {
				t.Fatalf("number %d is %q, want %q", i, got, id)
			}
		}
	})
}
