package archive

import (
	"math/bits"
	"slices"
	"sort"
)

// postings are the texts that have a key, in memory. Keys are hashes, spread evenly; by
// their first bits they go to shards, so that little is copied at a time.
type postings struct {
	shards [1 << shardBits]shard
}

// shard is a few sorted runs, of which every one is several times as long as the next.
// What is added makes a run of its own, and runs of about one length are merged.
type shard []*keyRun

const shardBits = 4

func posting(key, number uint32) uint64 { return uint64(key)<<32 | uint64(number) }

// runGrowth is by how much a run is longer than the next at the least.
const runGrowth = 4

// add adds postings, and sorts them.
func (p *postings) add(all []uint64) {
	slices.Sort(all)
	for i := range p.shards {
		n := sort.Search(len(all), func(n int) bool { return int(all[n]>>(64-shardBits)) > i })
		p.shards[i].add(all[:n])
		all = all[n:]
	}
}

// spread parts postings by shard, for shards to be added to on several goroutines.
func spread(all []uint64) (parts [1 << shardBits][]uint64) {
	var count [1 << shardBits]int
	for _, p := range all {
		count[p>>(64-shardBits)]++
	}
	room := make([]uint64, len(all))
	for i, n := range count {
		parts[i], room = room[:0:n], room[n:]
	}
	for _, p := range all {
		part := &parts[p>>(64-shardBits)]
		*part = append(*part, p)
	}
	return parts
}

// addUnsorted adds a part of what was spread, and sorts it.
func (s *shard) addUnsorted(part []uint64) {
	slices.Sort(part)
	s.add(part)
}

func (s *shard) add(sorted []uint64) {
	if len(sorted) == 0 {
		return
	}
	runs := append(*s, newKeyRun(slices.Values(sorted), len(sorted)))
	for n := len(runs); n > 1 && runs[n-2].len() < runGrowth*runs[n-1].len(); n-- {
		runs[n-2] = mergeRuns(runs[n-2], runs[n-1])
		runs[n-1] = nil
		runs = runs[:n-1]
	}
	*s = runs
}

// of appends the numbers that have the key, at most so many, the newest first.
func (p *postings) of(key uint32, dst []uint32, most int) []uint32 {
	for _, run := range slices.Backward(p.shards[key>>(32-shardBits)]) {
		dst, most = run.of(key, dst, most)
	}
	return dst
}

// keyRun are postings in order, in six bytes each: the first bits of a key tell its bucket,
// the rest stands in the bucket. A bucket has some sixteen.
type keyRun struct {
	start  []uint32 // by bucket: where it begins; at last the end
	rest   []uint16 // of the keys
	number []uint32
	first  uint32 // the bucket before the first one, of the shard
	shift  int    // how many bits the rest has
}

// perBucket is about how many postings a bucket has.
const perBucket = 16

// newKeyRun takes n postings of one shard in order.
func newKeyRun(sorted func(yield func(uint64) bool), n int) *keyRun {
	width := min(max(bits.Len(uint(n/perBucket)), 16-shardBits), 32-shardBits) // of the bucket, in bits
	r := &keyRun{
		start: make([]uint32, 1<<width+1), rest: make([]uint16, 0, n), number: make([]uint32, 0, n),
		shift: 32 - shardBits - width,
	}
	bucket := 0
	for p := range sorted {
		key := uint32(p >> 32)
		if len(r.rest) == 0 {
			r.first = key >> (32 - shardBits) << width
		}
		for b := int(key>>r.shift - r.first); bucket < b; {
			bucket++
			r.start[bucket] = uint32(len(r.rest))
		}
		r.rest = append(r.rest, uint16(key&(1<<r.shift-1)))
		r.number = append(r.number, uint32(p))
	}
	for bucket++; bucket < len(r.start); bucket++ {
		r.start[bucket] = uint32(len(r.rest))
	}
	return r
}

func (r *keyRun) len() int { return len(r.rest) }

// of appends the numbers that have the key, at most so many, the greatest first, and
// returns how many more may follow.
func (r *keyRun) of(key uint32, dst []uint32, most int) ([]uint32, int) {
	bucket := key>>r.shift - r.first
	from, to := int(r.start[bucket]), int(r.start[bucket+1])
	rest := uint16(key & (1<<r.shift - 1))
	if to-from > 4*perBucket {
		at, _ := slices.BinarySearch(r.rest[from:to], rest)
		from += at
	}
	for ; from < to && r.rest[from] < rest; from++ {
	}
	past := from
	for past < to && r.rest[past] == rest {
		past++
	}
	for past--; past >= from && most > 0; past-- {
		dst = append(dst, r.number[past])
		most--
	}
	return dst, most
}

// all yields the postings in order.
func (r *keyRun) all(yield func(uint64) bool) {
	for bucket := range len(r.start) - 1 {
		key := (r.first + uint32(bucket)) << r.shift
		for i := r.start[bucket]; i < r.start[bucket+1]; i++ {
			if !yield(posting(key|uint32(r.rest[i]), r.number[i])) {
				return
			}
		}
	}
}

// mergeRuns makes one run of two.
func mergeRuns(a, b *keyRun) *keyRun {
	return newKeyRun(func(yield func(uint64) bool) {
		// Of the shorter one there is a copy, so that one loop goes through both.
		rest := make([]uint64, 0, b.len())
		b.all(func(p uint64) bool { rest = append(rest, p); return true })
		more := true
		a.all(func(p uint64) bool {
			for more && len(rest) > 0 && rest[0] < p {
				more, rest = yield(rest[0]), rest[1:]
			}
			more = more && yield(p)
			return more
		})
		for ; more && len(rest) > 0; rest = rest[1:] {
			more = yield(rest[0])
		}
	}, a.len()+b.len())
}
