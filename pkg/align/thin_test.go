package align

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/shingle"
)

func TestThinLeavesTheSeedsMostAlikeAndOfThoseTheNearestToTheDiagonal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 5).Draw(t, "rows"), rapid.IntRange(mostSeeds+1, 3*mostSeeds).Draw(t, "columns")
		i := rapid.IntRange(0, n-1).Draw(t, "row")
		cosines := rapid.SliceOfN(rapid.SampledFrom([]float32{0, 0.25, 0.5, 0.75, 1, 1.0000001}), m, m).Draw(t, "cosines")
		al := Aligner{a: &shingle.Article{}, b: &shingle.Article{}, dot: make([]float32, n*m), seeds: make([]uint8, n*m)}
		for range n {
			al.a.Shingles = append(al.a.Shingles, shingle.Shingle{Norm: 1})
		}
		var all []int
		for j, c := range cosines {
			al.b.Shingles = append(al.b.Shingles, shingle.Shingle{Norm: 1})
			if al.dot[i*m+j] = c; c > 0 {
				al.seeds[i*m+j] = 1
				all = append(all, j)
			}
		}
		if len(all) <= mostSeeds {
			return
		}
		al.thin(i)
		slices.SortFunc(all, func(x, y int) int {
			away := func(j int) int { return max(j-i*m/n, i*m/n-j) }
			return cmp.Or(cmp.Compare(min(cosines[y], 1), min(cosines[x], 1)), cmp.Compare(away(x), away(y)), cmp.Compare(x, y))
		})
		for place, j := range all {
			if left := al.seeds[i*m+j] != 0; left != (place < mostSeeds) {
				t.Fatalf("seed %d with cosine %v is number %d: left %v", j, cosines[j], place, left)
			}
		}
	})
}
