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
	Unlike     bool          // propose those too whose sketches tell that they are no copies
}

// What bounds the work; the archive keeps to the same limits.
const (
	// PerArticle is the number of partners that an article proposes for each language.
	PerArticle = 7
	// One that is strong is proposed beyond these, up to MaxStrong, the strongest first.
	MaxStrong = 64
	// A list longer than Hot articles is not read whole: an article finds in it the first
	// and those near itself. So no list costs more than its length times Hot, and a large
	// family stays chained through its first member and from neighbour to neighbour.
	Hot = 8192
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

// Join proposes pairs, in order, each once. Articles with the same hash must have
// been joined before: Join sees one of them. With a window it may see one for each of
// several periods: these are not paired with one another, together they have one place
// among the partners of an article, and a pair names any of them that is near. A zero
// hash is that of no other article. Join fails only when ctx ends, and soon after.
func Join(ctx context.Context, keys []Keys, o Options) ([]Pair, error) {
	if o.PerArticle == 0 {
		o.PerArticle = PerArticle
	}
	var order []int32
	if o.Window > 0 {
		keys, order = byTime(keys)
	}
	x, err := newIndex(ctx, keys, o.Window)
	if err != nil {
		return nil, err
	}
	found := make([][]Pair, max(1, o.Workers))
	var next atomic.Int64
	var group errgroup.Group
	for w := range found {
		group.Go(func() error {
			s := newSearch(x, o)
			const block = 64
			for ctx.Err() == nil {
				start := int(next.Add(block)) - block
				if start >= len(keys) {
					return nil
				}
				for i := start; i < min(start+block, len(keys)); i++ {
					found[w] = s.partners(found[w], int32(i))
				}
			}
			return context.Cause(ctx)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	pairs := slices.Concat(found...)
	for i, p := range pairs {
		if order != nil {
			a, b := order[p.A], order[p.B]
			pairs[i] = Pair{min(a, b), max(a, b)}
		}
	}
	return sortPairs(pairs), nil
}

// sortPairs puts the pairs in order, each once.
func sortPairs(pairs []Pair) []Pair {
	slices.SortFunc(pairs, func(p, q Pair) int { return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B)) })
	return slices.Compact(pairs)
}
