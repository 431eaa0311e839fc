package shingle

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestHashesAreSortedHoweverTheySpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(0, 3*fewHashes), rapid.SampledFrom([]int{512, 513, mostBuckets, manyHashes, manyHashes + 1})).Draw(t, "hashes")
		same := rapid.SampledFrom([]int{0, 20, 40, 63}).Draw(t, "bits in common")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		long, short := make([]uint64, n), make([]uint32, n)
		for i := range long {
			long[i] = r.Uint64() >> same
			short[i] = uint32(long[i] >> 32)
		}
		wantLong, wantShort := slices.Sorted(slices.Values(long)), slices.Sorted(slices.Values(short))
		SortHashes(long)
		SortHashes(short)
		if !slices.Equal(long, wantLong) || !slices.Equal(short, wantShort) {
			t.Fatalf("%d hashes are not sorted", n)
		}
	})
}

func TestTheNthGreatestIsThatOfTheSortedNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 5)), 1, 200).Draw(t, "numbers")
		n := rapid.IntRange(1, len(numbers)).Draw(t, "n")
		want := slices.Sorted(slices.Values(numbers))[len(numbers)-n]
		if got := greatest(slices.Clone(numbers), n); got != want {
			t.Fatalf("number %d of %v is %d, want %d", n, numbers, got, want)
		}
	})
}

func BenchmarkSortHashes(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	hashes := make([][400]uint32, 64)
	for i := range hashes {
		for k := range hashes[i] {
			hashes[i][k] = r.Uint32()
		}
	}
	for name, sort := range map[string]func([]uint32){"buckets": SortHashes[uint32], "library": slices.Sort[[]uint32]} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				some := hashes[i%len(hashes)]
				sort(some[:])
			}
		})
	}
}
