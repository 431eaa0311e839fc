// Package candidate proposes the pairs of articles that are worth comparing.
//
// In come the keys of every article, the telling pairs of concepts in its sentences; out
// come pairs. Candidates decide nothing: they must miss no relation and be few for each
// article, however large the pile. Two articles are proposed when either is among the
// best of the other, in its language, by the summed weight of the keys that they share,
// and their sketches do not tell that they are no copies.
// With Options.Window only articles published near one another are partners, and compete
// for the places.
package candidate

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

// Keys are what an article is found by.
type Keys struct {
	Language  article.Language
	Hash      article.Hash
	Keys      []shingle.Key  // in order, each once
	Sketch    shingle.Sketch // the zero value: not known
	Published Period         // the zero value: not known
	Thinning  int            // of Keys that are fingerprints: see JoinRuns
}

// KeysOf are the keys of an analysed article.
func KeysOf(x *shingle.Article) Keys {
	return Keys{Language: x.Language, Hash: x.Hash, Keys: x.Keys, Sketch: x.Sketch}
}

// Pair is two indices into the keys, A < B.
type Pair struct{ A, B int32 }

// Options of Join. The zero value works.
type Options struct {
	Workers    int           // goroutines; 0: one
	PerArticle int           // partners an article proposes for each language; 0: 7
	Window     time.Duration // only articles whose periods are near are partners; 0: all
	Unlike     bool          // have Join keep those too whose sketches tell that they are no copies
	Memory     int64         // bytes, about, that keys and lists may take; what has no room is in temporary files; 0: 256 MiB
}

// What bounds the work; the archive keeps to the same limits.
const (
	// PerArticle is the number of partners that an article proposes for each language.
	PerArticle = 7
	// One that is strong is proposed beyond these, up to MaxStrong, the strongest first.
	MaxStrong = 64
	// A list longer than Hot articles says little, and is not read whole: an article finds
	// in it the first and the HotRead nearest to itself. So the time for an article does
	// not grow with the pile, and a large family, which has nothing but hot keys, stays
	// chained through its first member and from neighbour to neighbour.
	Hot     = 2048
	HotRead = 64
)

// IsStrong reports whether a score is more than a good part, three twentieths, of what
// either article scores with itself.
func IsStrong(score, ownA, ownB uint32) bool {
	return 20*uint64(score) >= 3*uint64(min(ownA, ownB))
}

// Suffices reports whether a score makes partners at all: it is a small part, one 32nd or
// across languages one 64th, of what either article scores with itself. Of 8 707 pairs
// found in newspapers (cut to 60 words, thirds), Reuters and 50 000 generated articles 3
// across languages and none in one lie under it, and half of all pairs that share a key.
func Suffices(score, ownA, ownB uint32, cross bool) bool {
	part := uint64(32)
	if cross {
		part = 64
	}
	return part*uint64(score) >= uint64(min(ownA, ownB))
}

// Own is what the article scores with itself.
func (k *Keys) Own() uint32 {
	sum := uint32(0)
	for _, key := range k.Keys {
		sum += key.Weight()
	}
	return sum
}

// Heads is the articles to join without what they are joined by.
type Heads interface {
	Len() int
	// Head is article number i without its Keys and its Sketch.
	Head(i int) Keys
}

// Pile is the articles to join, wherever they are. It is read by several goroutines.
type Pile interface {
	Heads
	// Size is how many keys article number i has.
	Size(i int) int
	// Keys appends the keys of article number i.
	Keys(i int, dst []shingle.Key) ([]shingle.Key, error)
}

// slice is a Pile in memory.
type slice []Keys

func (s slice) Len() int { return len(s) }

func (s slice) Head(i int) Keys {
	return Keys{Language: s[i].Language, Hash: s[i].Hash, Published: s[i].Published}
}

func (s slice) Size(i int) int { return len(s[i].Keys) }

func (s slice) Keys(i int, dst []shingle.Key) ([]shingle.Key, error) {
	return append(dst, s[i].Keys...), nil
}

// Join is Propose with all keys in memory, and drops the pairs that are not alike by their
// sketches. It returns the others, in order, each once. It fails only when ctx ends, and soon
// after.
func Join(ctx context.Context, keys []Keys, o Options) ([]Pair, error) {
	found := make(collection, max(1, o.Workers))
	if err := Propose(ctx, slice(keys), o, found.collector); err != nil {
		return nil, err
	}
	pairs := found.pairs()
	if o.Unlike {
		return pairs, nil
	}
	var asker Asker
	asked := int32(-1)
	return slices.DeleteFunc(pairs, func(p Pair) bool {
		if a := &keys[p.A]; p.A != asked {
			asker.Ask(a.Language, a.Sketch)
			asked = p.A
		}
		return !asker.Alike(keys[p.B].Language, keys[p.B].Sketch)
	}), nil
}

// Propose hands the pairs that it proposes to what found makes for each worker: those of some
// articles at a time, in no order, and most of them twice, once for each of the two. Articles
// with the same hash must have been joined before: Propose sees one of them. With a window it
// may see one for each of several periods: these are not paired with one another, together they
// have one place among the partners of an article, and a pair names any of them that is near. A zero
// hash is that of no other article. It fails when ctx ends, and soon after, or when an
// article cannot be read or found fails.
func Propose(ctx context.Context, pile Pile, o Options, found func(worker int) func([]Pair) error) error {
	o.Workers = max(1, o.Workers)
	return inOrder(pile, o, found, func(heads Heads, found finder) error {
		pile := heads.(Pile)
		x, err := newIndex(ctx, pile, o)
		if err != nil {
			return err
		}
		defer x.close()
		blocks := (pile.Len() + x.together() - 1) / x.together()
		return collect(ctx, blocks, o.Workers, found, func(int) func(out []Pair, b int32) ([]Pair, error) { return newSearch(x, o).some })
	})
}

// perArticle is Options.PerArticle or its default.
func (o *Options) perArticle() int {
	if o.PerArticle == 0 {
		return PerArticle
	}
	return o.PerArticle
}

// finder makes for each worker what takes the pairs that it found.
type finder = func(worker int) func([]Pair) error

// inOrder has the articles joined in the order of their times if there is a window. The
// pairs found are those of the pile.
func inOrder(pile Heads, o Options, found finder, join func(Heads, finder) error) error {
	if o.Window <= 0 {
		return join(pile, found)
	}
	order := byTime(pile)
	return join(ordered{pile, order}, func(worker int) func([]Pair) error {
		take := found(worker)
		return func(pairs []Pair) error {
			for i, p := range pairs {
				a, b := order[p.A], order[p.B]
				pairs[i] = Pair{min(a, b), max(a, b)}
			}
			return take(pairs)
		}
	})
}

// collect hands on what the workers find for all numbers under n.
func collect(ctx context.Context, n, workers int, found finder, search func(worker int) func(out []Pair, i int32) ([]Pair, error)) error {
	return each(ctx, n, 1, workers, func(w int) func(i int) error {
		partners, take := search(w), found(w)
		var pairs []Pair
		return func(i int) (err error) {
			if pairs, err = partners(pairs[:0], int32(i)); err != nil {
				return err
			}
			return take(pairs)
		}
	})
}

// collection is the pairs that each worker found.
type collection [][]Pair

func (c collection) collector(worker int) func([]Pair) error {
	return func(pairs []Pair) error {
		c[worker] = append(c[worker], pairs...)
		return nil
	}
}

// pairs are those of all workers in order, each once.
func (c collection) pairs() []Pair {
	pairs := slices.Concat(c...)
	slices.SortFunc(pairs, func(p, q Pair) int { return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B)) })
	return slices.Compact(pairs)
}

// block is the number of articles that a worker takes at a time.
const block = 64

// each calls what a worker does for each number under n, so many at a time, until one
// fails or ctx ends.
func each(ctx context.Context, n, block, workers int, work func(worker int) func(i int) error) error {
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for w := range workers {
		group.Go(func() error {
			do := work(w)
			for ctx.Err() == nil {
				start := int(next.Add(int64(block))) - block
				if start >= n {
					return nil
				}
				for i := start; i < min(start+block, n); i++ {
					if err := do(i); err != nil {
						return err
					}
				}
			}
			return context.Cause(ctx)
		})
	}
	return group.Wait()
}
