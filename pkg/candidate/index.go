package candidate

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/calque-dev/calque/pkg/article"
)

// index holds, for every key, the articles that have it.
type index struct {
	keys     []Keys
	language []uint8  // by article: its language, numbered as it comes
	own      []uint32 // by article: the weights of its keys
	tie      []uint32 // by article: its place in order of hash, which parts equal scores
	byTie    []int32  // the articles in that order
	lists    lists
	times    *times // nil without a window
}

func newIndex(ctx context.Context, keys []Keys, window time.Duration) (*index, error) {
	x := &index{keys: keys, language: languageNumbers(keys), own: make([]uint32, len(keys))}
	all := 0
	for i := range keys {
		x.own[i] = keys[i].Own()
		all += len(keys[i].Keys)
	}
	postings := make([]uint64, 0, all)
	for i := range keys {
		for _, k := range keys[i].Keys {
			postings = append(postings, posting(uint32(k), i))
		}
	}
	x.tie, x.byTie = ties(keys)
	if window > 0 {
		x.times = newTimes(keys, window)
	}
	var err error
	x.lists, err = newLists(ctx, postings)
	return x, err
}

// ties puts the articles in order of their hashes, which is the same however they come.
func ties(keys []Keys) (place []uint32, order []int32) {
	order = make([]int32, len(keys))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(i, j int32) int {
		a, b := &keys[i], &keys[j]
		return cmp.Or(bytes.Compare(a.Hash[:], b.Hash[:]), cmp.Compare(a.Language, b.Language))
	})
	place = make([]uint32, len(keys))
	for n, i := range order {
		place[i] = uint32(n)
	}
	return place, order
}

// languageNumbers numbers the languages as they come. Past 255 of them, which there are not, the rest
// share a number and its limit.
func languageNumbers(keys []Keys) []uint8 {
	number := map[article.Language]uint8{}
	out := make([]uint8, len(keys))
	for i := range keys {
		n, ok := number[keys[i].Language]
		if !ok {
			n = uint8(min(len(number), 255))
			number[keys[i].Language] = n
		}
		out[i] = n
	}
	return out
}

// posting is a key and an article that has it, in one number that sorts by both.
func posting(key uint32, article int) uint64 { return uint64(key)<<32 | uint64(uint32(article)) }

// lists are posting lists, row-compressed: list i belongs to key[i]. Keys that only one
// article has are none of them: most are such.
type lists struct {
	key     []uint32 // sorted
	start   []int32
	article []int32
	first   [1<<directoryBits + 1]int32 // the first key that begins with these bits, or would
}

// directoryBits is by how many bits of a key its place is looked up: keys are hashes,
// spread evenly.
const directoryBits = 16

// newLists fails only when ctx ends. It uses the postings up.
func newLists(ctx context.Context, postings []uint64) (l lists, err error) {
	if err := sortPostings(ctx, postings); err != nil {
		return lists{}, err
	}
	shared := postings[:0]
	for i := 0; i < len(postings); {
		from, key := i, postings[i]>>32
		for i < len(postings) && postings[i]>>32 == key {
			i++
		}
		if i-from > 1 {
			l.key = append(l.key, uint32(key))
			l.start = append(l.start, int32(len(shared)))
			shared = append(shared, postings[from:i]...)
		}
	}
	l.start = append(l.start, int32(len(shared)))
	l.article = make([]int32, len(shared))
	for i, p := range shared {
		l.article[i] = int32(uint32(p))
	}
	next := 0
	for bits := range l.first {
		for next < len(l.key) && int(l.key[next]>>(32-directoryBits)) < bits {
			next++
		}
		l.first[bits] = int32(next)
	}
	return l, nil
}

// sortPostings sorts as slices.Sort does, bucket by bucket of the first byte, so that it
// can end with ctx: sorting the postings of a million articles takes seconds. Keys are
// hashes, spread evenly over the buckets.
func sortPostings(ctx context.Context, postings []uint64) error {
	var from, end [256]int
	for _, p := range postings {
		end[p>>56]++
	}
	sum := 0
	for b, n := range end {
		from[b] = sum
		sum += n
		end[b] = sum
	}
	next := from
	for b := range next {
		for next[b] < end[b] {
			// Send what stands here to where it belongs, until what belongs here comes.
			p := postings[next[b]]
			for to := p >> 56; int(to) != b; to = p >> 56 {
				p, postings[next[to]] = postings[next[to]], p
				next[to]++
			}
			postings[next[b]] = p
			next[b]++
		}
	}
	for b := range from {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		slices.Sort(postings[from[b]:end[b]])
	}
	return nil
}

// of is the list of a key, nil when it is not shared.
func (l *lists) of(key uint32) []int32 {
	bits := key >> (32 - directoryBits)
	from := l.first[bits]
	i, ok := slices.BinarySearch(l.key[from:l.first[bits+1]], key)
	if !ok {
		return nil
	}
	i += int(from)
	return l.article[l.start[i]:l.start[i+1]]
}
