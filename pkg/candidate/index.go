package candidate

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
)

// index holds, for every key, the articles that have it.
type index struct {
	keys     []Keys
	language []uint8   // by article: its language, numbered as it comes
	own      []float32 // by article: the weights of its concepts
	tie      []uint32  // by article: its place in order of hash, which parts equal scores
	byTie    []int32   // the articles in that order
	concepts lists
	runs     lists
	times    *times // nil without a window
}

// lists are posting lists, row-compressed: list i belongs to key[i].
type lists struct {
	key     []uint32 // sorted
	start   []int32
	article []int32
}

func newIndex(ctx context.Context, keys []Keys, window time.Duration) (*index, error) {
	var concepts, runs []uint64
	for i := range keys {
		for _, c := range keys[i].Concepts {
			concepts = append(concepts, posting(uint32(c.Concept), i))
		}
		for _, f := range keys[i].Fingerprints {
			runs = append(runs, posting(RunKey(f), i))
		}
	}
	x := &index{keys: keys, language: languageNumbers(keys), own: make([]float32, len(keys))}
	x.tie, x.byTie = ties(keys)
	for i := range keys {
		x.own[i] = keys[i].own()
	}
	if window > 0 {
		x.times = newTimes(keys, window)
	}
	var group errgroup.Group
	group.Go(func() (err error) { x.concepts, err = newLists(ctx, concepts); return err })
	group.Go(func() (err error) { x.runs, err = newLists(ctx, runs); return err })
	return x, group.Wait()
}

// own is the sum of the weights of the concepts.
func (k *Keys) own() float32 {
	sum := float32(0)
	for _, c := range k.Concepts {
		sum += c.Weight
	}
	return sum
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

// RunKey folds a fingerprint to half its bits: enough to find articles by. The few that share it by
// chance are told apart when they are compared.
func RunKey(fingerprint uint64) uint32 { return uint32(fingerprint>>32) ^ uint32(fingerprint) }

// posting is a key and an article that has it, in one number that sorts by both.
func posting(key uint32, article int) uint64 { return uint64(key)<<32 | uint64(uint32(article)) }

// newLists fails only when ctx ends.
func newLists(ctx context.Context, postings []uint64) (lists, error) {
	if err := sortPostings(ctx, postings); err != nil {
		return lists{}, err
	}
	postings = slices.Compact(postings)
	var l lists
	for i, p := range postings {
		if key := uint32(p >> 32); i == 0 || key != l.key[len(l.key)-1] {
			l.key = append(l.key, key)
			l.start = append(l.start, int32(i))
		}
		l.article = append(l.article, int32(uint32(p)))
	}
	l.start = append(l.start, int32(len(postings)))
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

// of is the list of a key, nil when no article has it.
func (l *lists) of(key uint32) []int32 {
	i, ok := slices.BinarySearch(l.key, key)
	if !ok {
		return nil
	}
	return l.article[l.start[i]:l.start[i+1]]
}
