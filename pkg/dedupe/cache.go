package dedupe

import (
	"sync/atomic"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

// keptBytes bounds the analysed articles that stay in memory between reading and
// verifying. The others are analysed again when they are candidates.
const keptBytes = 256 << 20

// kept counts down what may still be kept; it serves all workers.
type kept struct{ left atomic.Int64 }

// keep returns the analysed article while there is room, and nil afterwards.
func (k *kept) keep(x *shingle.Article) *shingle.Article {
	if k.left.Add(-int64(x.Size())) < 0 {
		return nil
	}
	return x
}

// release makes room again; nil took none.
func (k *kept) release(x *shingle.Article) {
	if x != nil {
		k.left.Add(int64(x.Size()))
	}
}

// cacheSize is the number of analysed articles that a worker remembers besides.
const cacheSize = 2048

// cache is a Verifier that remembers the articles it analysed, in two generations:
// those met since the last change of generation, and those before.
type cache struct {
	*Verifier
	kept       []*shingle.Article // by article; nil where none was kept
	young, old map[int32]*shingle.Article
}

func newCache(v *Verifier, kept []*shingle.Article) *cache {
	return &cache{Verifier: v, kept: kept, young: map[int32]*shingle.Article{}}
}

// get analyses article number i, or remembers it.
func (c *cache) get(a *article.Article, i int32) *shingle.Article {
	if x := c.kept[i]; x != nil {
		return x
	}
	if x, ok := c.young[i]; ok {
		return x
	}
	x, ok := c.old[i]
	if !ok {
		x = c.Analyse(a)
	}
	if len(c.young) >= cacheSize/2 {
		c.old, c.young = c.young, map[int32]*shingle.Article{}
	}
	c.young[i] = x
	return x
}
