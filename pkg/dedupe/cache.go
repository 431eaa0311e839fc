package dedupe

import (
	"github.com/calque-dev/calque/pkg/shingle"
)

// cache is a Verifier that remembers the articles it analysed last.
type cache struct {
	*Verifier
	reader   *reader
	pile     *pile
	analysed recent[shingle.Article]
}

func newCache(v *Verifier, p *pile) *cache {
	room := v.o.memory() / cachesPart / int64(v.o.Workers)
	return &cache{Verifier: v, reader: &reader{pile: p}, pile: p, analysed: newRecent(room, (*shingle.Article).Size)}
}

// get analyses article number i as far as comparing needs, or remembers it.
func (c *cache) get(i int32) *shingle.Article {
	if x := c.pile.form(i); x != nil {
		return x
	}
	return c.analysed.get(i, c.analyse)
}

// analyse analyses article number i.
func (c *cache) analyse(i int32) *shingle.Article {
	f, language := c.pile.at(i), c.pile.languageOf(i)
	if f.told.Len() == 0 {
		a := c.reader.article(i)
		return c.Rebuild(&a, language, f.hash, c.furniture.Of(&a)...)
	}
	told, err := c.reader.transcript(i)
	if err == nil {
		var x *shingle.Article
		if x, err = c.builder.Retell(told, language, f.hash); err == nil {
			return x
		}
	}
	c.pile.failure.note(err)
	return &shingle.Article{Language: language, Hash: f.hash}
}
