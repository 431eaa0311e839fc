package generate

import "math/rand/v2"

// mix is a hash of numbers, by the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
func mix(numbers ...uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, n := range numbers {
		h += n + 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

// draws is a sequence of random numbers that depends on the given numbers alone.
func draws(numbers ...uint64) *rand.Rand {
	h := mix(numbers...)
	return rand.New(rand.NewPCG(h, h^0xda942042e4dd58b5))
}

// unit is the number in [0, 1) that a hash stands for.
func unit(h uint64) float64 { return float64(h>>11) / (1 << 53) }

// skewed picks a number under n, small ones more often: with density x^(1/k−1), which for
// k of 4 is near Zipf's law.
func skewed(h uint64, n int, k int) int {
	u, product := unit(h), 1.0
	for range k {
		product *= u
	}
	return min(n-1, int(product*float64(n)))
}

// pick is the element of a list that a hash stands for.
func pick[T any](h uint64, list []T) T { return list[h%uint64(len(list))] }
