package candidate

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/shingle"
)

// countCoveredNaively is the naive twin of countCovered.
func countCoveredNaively(keys []shingle.Key, places []uint8, shared []int32, thinning uint8, runs uint32) (covered, all int) {
	for n, k := range keys {
		if !left(k, int(thinning)) {
			continue
		}
		all++
		if slices.ContainsFunc(shared, func(m int32) bool {
			distance := int(places[n]) - int(places[m])
			return max(distance, -distance) <= reach*Places/int(runs)
		}) {
			covered++
		}
	}
	return covered, all
}

func TestSharedRunsCoverWhatIsNearThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		thinning := rapid.Uint8Range(1, maxThinning).Draw(t, "thinning")
		n := rapid.IntRange(1, 300).Draw(t, "fingerprints")
		keys, places, shared := make([]shingle.Key, n), make([]uint8, n), []int32(nil)
		for i := range keys {
			keys[i], places[i] = shingle.Key(rng.Uint32()>>rng.IntN(4)), uint8(i*Places/n)
			if rng.IntN(10) == 0 {
				shared = append(shared, int32(i))
			}
		}
		runs := uint32(n) * uint32(thinning)
		got, all := countCovered(keys, places, shared, thinning, runs)
		if want, of := countCoveredNaively(keys, places, shared, thinning, runs); got != want || all != of {
			t.Fatalf("%d of %d are covered, naive %d of %d", got, all, want, of)
		}
	})
}

func TestMatchFindsWhatBothHave(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		few := rapid.SliceOfDistinct(rapid.Uint32Max(40), rapid.ID)
		sorted := func(label string) (keys []shingle.Key) {
			for _, k := range few.Draw(t, label) {
				keys = append(keys, shingle.Key(k))
			}
			slices.Sort(keys)
			return keys
		}
		own, others := sorted("own"), sorted("others")
		var x match
		x.find(own, others)
		var want []shingle.Key
		for _, k := range own {
			if slices.Contains(others, k) {
				want = append(want, k)
			}
		}
		var got, ofOthers []shingle.Key
		for n := range x.own {
			got, ofOthers = append(got, own[x.own[n]]), append(ofOthers, others[x.others[n]])
		}
		if !slices.Equal(got, want) || !slices.Equal(ofOthers, want) {
			t.Fatalf("%v and %v, want %v", got, ofOthers, want)
		}
	})
}
