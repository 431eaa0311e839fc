package dedupe

import (
	"sync/atomic"

	"github.com/calque-dev/calque/pkg/shingle"
)

// kept counts down the bytes of analysed articles that may still stay in memory between
// reading and verifying; it serves all workers. The others are analysed again when they
// are candidates.
type kept struct {
	left    atomic.Int64
	refused atomic.Int64 // articles
}

// refuses reports whether there is no room any more, before an article is analysed for it.
func (k *kept) refuses() bool {
	refused := k.left.Load() < 0
	if refused {
		k.refused.Add(1)
	}
	return refused
}

// keep returns the analysed article while there is room, and nil afterwards.
func (k *kept) keep(x *shingle.Article) *shingle.Article {
	if k.left.Add(-int64(x.Size())) < 0 {
		k.refused.Add(1)
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

// settle forgets all of them if they are only a small part of the pile: they would take
// memory from the join and save little.
func (k *kept) settle(p *pile) {
	if 2*k.refused.Load() < int64(p.Len()) {
		return
	}
	for i := range p.filed {
		k.release(p.filed[i].form)
		p.filed[i].form = nil
	}
	k.left.Store(0)
}

// cache is a Verifier that remembers the articles it analysed last.
type cache struct {
	*Verifier
	pile     *pile
	analysed recent[shingle.Article]
	wordings wordings
	told     []byte // a buffer of transcripts
}

func newCache(v *Verifier, p *pile) *cache {
	room := v.o.memory() / cachesPart / int64(v.o.Workers)
	return &cache{
		Verifier: v, pile: p,
		analysed: newRecent(room, (*shingle.Article).Size), wordings: newWordings(p, room/4),
	}
}

// get analyses article number i as far as comparing needs, or remembers it.
func (c *cache) get(i int32) *shingle.Article {
	if x := c.pile.filed[i].form; x != nil {
		return x
	}
	return c.analysed.get(i, c.analyse)
}

// analyse analyses article number i.
func (c *cache) analyse(i int32) *shingle.Article {
	f := &c.pile.filed[i]
	if f.thinning > 0 { // its wording was compared
		w := c.wordings.of(c.Verifier, i)
		return c.Rebuild(&w.article, f.language, f.hash, w.furniture...)
	}
	if f.told.Len() == 0 {
		a := c.pile.article(i)
		return c.Rebuild(&a, f.language, f.hash, c.furniture.Of(&a)...)
	}
	var err error
	if c.told, err = c.pile.transcripts.Read(f.told, c.told); err == nil {
		var x *shingle.Article
		if x, err = c.builder.Retell(c.told, f.language, f.hash); err == nil {
			return x
		}
	}
	c.pile.failure.note(err)
	return &shingle.Article{Language: f.language, Hash: f.hash}
}
