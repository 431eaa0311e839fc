package candidate

import (
	"math/bits"
	"slices"
)

// sorter sorts numbers that spread evenly. It serves one goroutine.
type sorter struct {
	room   []uint64
	starts []uint32 // after scatter: by bucket, where it starts; one more
}

// sort sorts the numbers, of which so many of the last bits differ: those begin with a hash,
// so that every bucket of the first bits has a few. The numbers are in the memory of the
// sorter until its next use.
func (s *sorter) sort(numbers []uint64, width int) []uint64 {
	buckets := min(bits.Len(uint(len(numbers))/8), width)
	sorted := s.scatter(numbers, buckets, func(n uint64) int { return int(n >> (width - buckets) & (1<<buckets - 1)) })
	for b, from := range s.starts[:1<<buckets] {
		slices.Sort(sorted[from:s.starts[b+1]])
	}
	return sorted
}

// scatter puts the numbers in order of their buckets.
func (s *sorter) scatter(numbers []uint64, width int, bucket func(uint64) int) []uint64 {
	s.starts = append(s.starts[:0], make([]uint32, 1<<width+2)...)
	next := s.starts[1:]
	for _, n := range numbers {
		next[bucket(n)+1]++
	}
	for b := range next[1:] {
		next[b+1] += next[b]
	}
	s.room = slices.Grow(s.room[:0], len(numbers))[:len(numbers)]
	for _, n := range numbers {
		b := bucket(n)
		s.room[next[b]] = n
		next[b]++
	}
	return s.room
}
