package candidate

import (
	"bytes"
	"cmp"
	"context"
	"math/bits"
	"slices"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

// index holds, for every key, the articles that have it.
type index struct {
	Pile
	language []uint8  // by article: its language, numbered as it comes
	own      []uint32 // by article: the weights of its keys
	tie      []uint32 // by article: its place in order of hash, which parts equal scores
	byTie    []int32  // the articles in that order
	lists    lists
	times    *times // nil without a window
}

func newIndex(ctx context.Context, pile Pile, o Options) (x *index, err error) {
	x = &index{Pile: pile, language: languageNumbers(pile)}
	x.tie, x.byTie = ties(pile)
	if o.Window > 0 {
		x.times = newTimes(pile, o.Window)
	}
	counts, err := x.survey(ctx, o.Workers)
	if err != nil {
		return nil, err
	}
	x.lists, err = newLists(ctx, pile, counts, o)
	return x, err
}

// partBits is by how many of their first bits keys are counted, and parted at the most.
const partBits = 8

// survey notes what the articles score with themselves, and counts their keys by their
// first bits.
func (x *index) survey(ctx context.Context, workers int) (counts [1 << partBits]int, err error) {
	x.own = make([]uint32, x.Len())
	found := make([][1 << partBits]int, workers)
	err = each(ctx, x.Len(), block, workers, func(w int) func(i int) error {
		var keys []shingle.Key
		return func(i int) (err error) {
			if keys, err = x.Keys(i, keys[:0]); err != nil {
				return err
			}
			for _, k := range keys {
				x.own[i] += k.Weight()
				found[w][k>>(32-partBits)]++
			}
			return nil
		}
	})
	for w := range found {
		for n, count := range found[w] {
			counts[n] += count
		}
	}
	return counts, err
}

// ties puts the articles in order of their hashes, which is the same however they come.
func ties(pile Pile) (place []uint32, order []int32) {
	type tie struct {
		hash   article.Hash
		number int32
	}
	ties := make([]tie, pile.Len())
	for i := range ties {
		ties[i] = tie{pile.Head(i).Hash, int32(i)}
	}
	slices.SortFunc(ties, func(a, b tie) int {
		if c := bytes.Compare(a.hash[:], b.hash[:]); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(pile.Head(int(a.number)).Language, pile.Head(int(b.number)).Language), cmp.Compare(a.number, b.number))
	})
	place, order = make([]uint32, len(ties)), make([]int32, len(ties))
	for n, t := range ties {
		place[t.number], order[n] = uint32(n), t.number
	}
	return place, order
}

// languageNumbers numbers the languages as they come. Past 255 of them, which there are not, the rest
// share a number and its limit.
func languageNumbers(pile Pile) []uint8 {
	number := map[article.Language]uint8{}
	out := make([]uint8, pile.Len())
	for i := range out {
		language := pile.Head(i).Language
		n, ok := number[language]
		if !ok {
			n = uint8(min(len(number), 255))
			number[language] = n
		}
		out[i] = n
	}
	return out
}

// posting is a key and an article that has it, in one number that sorts by both.
func posting(key uint32, article int) uint64 { return uint64(key)<<32 | uint64(uint32(article)) }

// lists are the posting lists, in parts by the first bits of their keys, so that no more
// than a part is in memory while it is sorted.
type lists struct {
	parts []part
	shift int // of a key, to the number of its part
}

// part is posting lists, row-compressed: list i belongs to key[i]. Keys that only one
// article has are none of them: most are such.
type part struct {
	key     []uint32 // sorted
	start   []uint32
	article []int32
	first   []int32 // by some bits of the key: the first key that begins with them, or would
	shift   int     // of a key, to those bits
}

const (
	postingBytes = 8
	defaultRoom  = 256 << 20
)

// newLists fails when ctx ends or a key cannot be read.
func newLists(ctx context.Context, pile Pile, counts [1 << partBits]int, o Options) (l lists, err error) {
	room, all := o.Memory, 0
	if room <= 0 {
		room = defaultRoom
	}
	for _, n := range counts {
		all += n
	}
	width := min(bits.Len64(uint64(int64(all)*postingBytes/room)), partBits)
	l = lists{parts: make([]part, 1<<width), shift: 32 - width}
	spread, err := spreadPostings(ctx, pile, l.shift, all, o.Workers)
	if err != nil {
		return lists{}, err
	}
	defer spread.close()
	for n := range l.parts {
		postings, err := spread.part(n)
		if err != nil {
			return lists{}, err
		}
		if err := sortPostings(ctx, postings, l.shift, o.Workers); err != nil {
			return lists{}, err
		}
		l.parts[n] = newPart(postings, l.shift)
	}
	return l, nil
}

// newPart uses the sorted postings up.
func newPart(postings []uint64, width int) (l part) {
	shared := postings[:0]
	for i := 0; i < len(postings); {
		from, key := i, postings[i]>>32
		for i < len(postings) && postings[i]>>32 == key {
			i++
		}
		if i-from > 1 {
			l.key = append(l.key, uint32(key))
			l.start = append(l.start, uint32(len(shared)))
			shared = append(shared, postings[from:i]...)
		}
	}
	l.start = append(l.start, uint32(len(shared)))
	l.article = make([]int32, len(shared))
	for i, p := range shared {
		l.article[i] = int32(uint32(p))
	}
	wide := min(bits.Len(uint(len(l.key)/4)), width)
	l.first, l.shift = make([]int32, 1<<wide+1), width-wide
	next := 0
	for n := range l.first {
		for next < len(l.key) && l.of(l.key[next], width) < n {
			next++
		}
		l.first[n] = int32(next)
	}
	return l
}

// of is the place in first of a key, of which so many bits differ within the part.
func (l *part) of(key uint32, width int) int { return int(uint64(key) & (1<<width - 1) >> l.shift) }

// sortPostings sorts as slices.Sort does postings whose keys differ in so many of their
// last bits, bucket by bucket of the first eight of these, on all workers, so that it can
// end with ctx: sorting the postings of a million articles takes seconds. Keys are hashes,
// spread evenly over the buckets.
func sortPostings(ctx context.Context, postings []uint64, width, workers int) error {
	shift := max(32+width-8, 0)
	bucket := func(p uint64) int { return int(p >> shift & 255) }
	var from, end [256]int
	for _, p := range postings {
		end[bucket(p)]++
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
			for to := bucket(p); to != b; to = bucket(p) {
				p, postings[next[to]] = postings[next[to]], p
				next[to]++
			}
			postings[next[b]] = p
			next[b]++
		}
	}
	return each(ctx, len(from), 4, workers, func(int) func(b int) error {
		return func(b int) error {
			slices.Sort(postings[from[b]:end[b]])
			return nil
		}
	})
}

// of is the list of a key, nil when it is not shared.
func (l *lists) of(key uint32) []int32 {
	p := &l.parts[uint64(key)>>l.shift]
	n := p.of(key, l.shift)
	from := p.first[n]
	i, ok := slices.BinarySearch(p.key[from:p.first[n+1]], key)
	if !ok {
		return nil
	}
	i += int(from)
	return p.article[p.start[i]:p.start[i+1]]
}
