package candidate

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestASorterSortsAsTheLibraryDoes(t *testing.T) {
	var s sorter
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 64).Draw(t, "width")
		first := rapid.Uint64().Draw(t, "first")
		number := rapid.Map(rapid.Uint64(), func(n uint64) uint64 { return first>>width<<width | n&(1<<width-1) })
		if width == 64 {
			number = rapid.Uint64()
		}
		numbers := rapid.SliceOfN(number, 0, 1<<min(width, 9)).Draw(t, "numbers")
		want := slices.Sorted(slices.Values(numbers))
		if got := s.sort(numbers, width); !slices.Equal(got, want) {
			t.Errorf("%d bits: %x, want %x", width, got, want)
		}
	})
}
