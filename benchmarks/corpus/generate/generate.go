// Package generate makes piles of articles with known copies out of a corpus of aligned
// sentences: as many articles as wanted, in English and French, dated, of many outlets.
//
// A Corpus goes in, read by ReadCorpus or Fixtures; a Generator gives the articles, each a
// function of the corpus, the options and its number, and the Pairs that ought to be
// found among them.
//
// An article that is no copy is made of sentences that stand together in the corpus.
// Where more text is wanted than there is, sentences come again, further apart; but
// no two such articles, of one language or of both, share more than one sentence, and no
// sentence is more than a quarter of its article. Articles about one event share
// quotations as well: all that two of them have in common is no more than a third of
// either. Notices are filled into one template with other names and numbers. Neither are
// copies. Numbers and names that both languages write alike are replaced by others, the
// same in a whole article and its copies, and some sentences are put into the mouths of
// invented people.
//
// Planted are the relations exact, near-duplicate, excerpt, translation and
// partial-translation. Not reworded: for that, a corpus would need two renderings of a
// sentence. All pairs of a group of copies are named but those of the one large family,
// whose members are named with the first of them only: their pairs are too many.
package generate

import (
	"fmt"
	"iter"
	"time"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Generator makes the articles of one pile. It may be used by several goroutines at a time.
type Generator struct {
	plan    *plan
	sources [2][]source
}

// New plans a pile. It takes a second for a million articles, and 60 bytes for each.
func New(c *Corpus, o Options) (*Generator, error) {
	p, err := newPlan(c, o)
	if err != nil {
		return nil, err
	}
	return &Generator{plan: p, sources: newSources(o.Sources, o.French, mix(o.Seed, 15))}, nil
}

// Len is the number of articles.
func (g *Generator) Len() int { return len(g.plan.order) }

// Articles yields all articles, first published first.
func (g *Generator) Articles() iter.Seq2[int, article.Article] {
	return func(yield func(int, article.Article) bool) {
		w := g.newWriter()
		for i := range g.Len() {
			if !yield(i, w.article(i)) {
				return
			}
		}
	}
}

// Article is article number i, from 0.
func (g *Generator) Article(i int) article.Article { return g.newWriter().article(i) }

// Pair is two articles, by their numbers, that ought to be found. A is the lower one.
type Pair struct {
	A, B     int
	Relation verdict.Relation
}

// Pairs are the pairs that article number i is the later one of. An article of the
// large family is paired with the first of the family only.
func (g *Generator) Pairs(i int) []Pair {
	p := g.plan
	number := p.order[i]
	e := &p.entries[number]
	var pairs []Pair
	add := func(other int32) {
		if at := int(p.position[other]); at < i {
			pairs = append(pairs, Pair{at, i, relation(e, &p.entries[other])})
		}
	}
	if e.family {
		if e.first != number {
			add(e.first)
		}
		return pairs
	}
	for other := e.first; other <= e.first+p.entries[e.first].copies; other++ {
		if other != number {
			add(other)
		}
	}
	return pairs
}

// relation says how two members of a group are tied. A group has one article of each kind at
// most, and one part at most.
func relation(a, b *entry) verdict.Relation {
	part, same := a.kind.isPart() || b.kind.isPart(), a.language == b.language
	switch {
	case part && same:
		return verdict.Excerpt
	case part:
		return verdict.PartialTranslation
	case !same:
		return verdict.Translation
	case a.kind != near && b.kind != near:
		return verdict.Exact
	}
	return verdict.NearDuplicate
}

// ID is the id of article number i.
func (g *Generator) ID(i int) string { return fmt.Sprintf("n%08d", i) }

// source is the outlet of an entry: of a copy, another one than that of its original.
func (g *Generator) source(number int32, e *entry) *source {
	all := g.sources[e.language]
	choose := func(number int32) int { return skewed(mix(g.plan.Seed, 16, uint64(number)), len(all), 3) }
	chosen := choose(number)
	if e.first != number && chosen == choose(e.first) {
		chosen = (chosen + 1) % len(all)
	}
	return &all[chosen]
}

// article is article number i.
func (w *writer) article(i int) article.Article {
	p := w.plan
	number := p.order[i]
	e := &p.entries[number]
	from := w.source(number, e)
	published := time.Unix(e.published, 0).UTC()
	w.begin(e, number)
	if e.kind == notice {
		w.notice(published)
	} else {
		w.story()
		w.alter()
	}
	title := w.title()
	return article.Article{
		ID:        w.ID(i),
		Title:     title,
		Text:      w.layout(from, title, published),
		Language:  e.language.language(),
		URL:       fmt.Sprintf("https://%s/%s/%d.html", from.host, published.Format("2006/01/02"), mix(p.Seed, 17, uint64(number))%1e9),
		Source:    from.name,
		Published: published,
	}
}
