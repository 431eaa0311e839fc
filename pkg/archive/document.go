package archive

import (
	"context"
	"slices"

	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

// document fills in what is to be written.
func (b *batch) document(ctx context.Context) error {
	for _, it := range b.items {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		e := it.entry
		d := store.Document{
			Article: it.article, Language: e.language, Number: e.number, Hash: e.hash, Agency: it.agency,
			Cluster: b.cluster(it), Column: appendColumn(nil, e), Text: it.words[0], Title: it.words[1],
		}
		if e.wording.leader == e {
			links := it.linksOf()
			d.Keys = numbersOf(it.keys)
			d.Links = appendLinks(nil, e.wording, links)
			for _, l := range links {
				if l.edge != nil {
					d.Linked = append(d.Linked, l.other)
				}
			}
		}
		b.out.Put(d)
	}
	return nil
}

func numbersOf(keys []shingle.Key) []uint32 {
	out := make([]uint32, len(keys))
	for i, k := range keys {
		out[i] = uint32(k)
	}
	return out
}

// linksOf are a new wording's links, by number.
func (it *item) linksOf() []link {
	t := it.entry.wording
	var links []link
	of := func(other uint32) *link {
		at, found := slices.BinarySearchFunc(links, other, func(l link, n uint32) int { return int(l.other) - int(n) })
		if !found {
			links = slices.Insert(links, at, link{other: other})
		}
		return &links[at]
	}
	for p := range t.partners {
		of(p.number).score = p.score
	}
	for _, p := range it.taken {
		if p.other.leader != nil {
			of(p.other.leader.number).score = p.score
		}
	}
	for _, e := range t.edges {
		of(e.other(t).leader.number).edge = e
	}
	return links
}

// cluster is the group that an article joins when it is written: the one of the surest of
// its copies, else one of its own.
func (b *batch) cluster(it *item) string {
	e := it.entry
	if e.group != "" {
		return e.group
	}
	e.group = e.id
	for _, m := range e.wording.members {
		if m != e && m.group != "" {
			e.group = m.group
			return e.group
		}
	}
	best := 0.0
	b.graph.relations(e.wording, func(x *edge, score float64) {
		if other := x.other(e.wording).leader; score > best && other.group != "" {
			best, e.group = score, other.group
		}
	})
	return e.group
}

// written are the articles of the batch, until they can be read.
func (b *batch) written() map[uint32]article.Article {
	recent := make(map[uint32]article.Article, len(b.items))
	for _, it := range b.items {
		recent[it.entry.number] = it.article
	}
	return recent
}
