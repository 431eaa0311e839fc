package archive

import (
	"slices"
)

// postings are the texts that have a key, in memory: a few sorted runs of numbers, each
// a key and behind it a text, of which every one is several times as long as the next.
// What is added makes a run of its own, and runs of about one length are merged.
type postings struct{ runs [][]uint64 }

func posting(key, number uint32) uint64 { return uint64(key)<<32 | uint64(number) }

// runGrowth is by how much a run is longer than the next at the least.
const runGrowth = 4

// add takes the postings over.
func (p *postings) add(run []uint64) {
	if len(run) == 0 {
		return
	}
	slices.Sort(run)
	p.runs = append(p.runs, run)
	for n := len(p.runs); n > 1 && len(p.runs[n-2]) < runGrowth*len(p.runs[n-1]); n-- {
		p.runs[n-2] = mergeRuns(p.runs[n-2], p.runs[n-1])
		p.runs = p.runs[:n-1]
	}
}

func mergeRuns(a, b []uint64) []uint64 {
	out := make([]uint64, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] <= b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// of appends the numbers that have the key, at most so many.
func (p *postings) of(key uint32, dst []uint32, most int) []uint32 {
	for _, run := range p.runs {
		at := firstOf(run, key)
		for ; at < len(run) && uint32(run[at]>>32) == key && most > 0; at++ {
			dst = append(dst, uint32(run[at]))
			most--
		}
	}
	return dst
}

// firstOf is where the key begins, or would. Keys are hashes, spread evenly: a guess by
// proportion is near, and the search goes on from there.
func firstOf(run []uint64, key uint32) int {
	var from, to int
	want := uint64(key) << 32
	guess := int(uint64(key) * uint64(len(run)) >> 32)
	for step := 32; ; step *= 4 {
		if low := max(guess-step, 0); low == 0 || run[low] < want {
			from = low
			break
		}
	}
	for step := 32; ; step *= 4 {
		if high := guess + step; high >= len(run) || run[high] >= want {
			to = min(high, len(run))
			break
		}
	}
	at, _ := slices.BinarySearch(run[from:to], want)
	return from + at
}
