package archive

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"

	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
)

// batch is what is written at once, at work.
type batch struct {
	archive *Archive
	*writer
	old   *store.Snapshot // what is on disk while the batch is worked out
	items []*item
	loose []*entry // archived articles that have lost their wording
	gone  int      // wordings dissolved
	fresh []*item  // the leaders of new wordings
	pairs []pair   // new candidates, perhaps more than once
	added Added
	out   store.Batch
}

// item is an article that the batch writes.
type item struct {
	article article.Article
	entry   *entry
	given   bool // by the caller, rather than written again
	spans   []article.Span
	form    *shingle.Article
	keys    []shingle.Key
	reverse []proposal // wordings that might take it on their lists
	taken   []proposal // those that did
	agency  string
	words   [2]store.Words // of the text and the title
}

// work does everything but write: it decides which articles are new, which furniture
// recurs, who has the same words as whom, who are candidates and what they are to one
// another, and fills in what is to be written and told.
func (b *batch) work(ctx context.Context, articles []article.Article, settle bool) (err error) {
	if b.old, err = b.archive.store.Snapshot(); err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, b.old.Close()) }()
	b.receive(articles)
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return b.strip(ctx, settle) },
		b.analyse, b.group, b.propose,
		func(ctx context.Context) error { return b.compare(ctx, b.old, b.pairs) },
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := b.document(ctx); err != nil {
		return err
	}
	b.out.SetMeta(metaNext, binary.AppendUvarint(nil, uint64(b.graph.next)))
	b.tell()
	for number, x := range b.current {
		b.forms.put(number, x)
	}
	b.current = nil
	return nil
}

// receive parts the articles that are new or changed from those that are archived as
// they are. Of several with one id the last counts.
func (b *batch) receive(articles []article.Article) {
	last := make(map[string]int, len(articles))
	for i := range articles {
		last[articles[i].ID] = i
	}
	for i := range articles {
		a := &articles[i]
		same := sameHash(a)
		old := b.graph.byID[a.ID]
		if last[a.ID] != i || old != nil && old.same == same {
			b.added.Unchanged++
			continue
		}
		if old != nil {
			b.added.Updated++
			b.remove(old)
		} else {
			b.added.New++
		}
		b.write(*a, same, true)
	}
}

// write makes an item of an article whose entry, if it had one, is gone.
func (b *batch) write(a article.Article, same uint64, given bool) *item {
	it := &item{article: a, given: given, entry: &entry{number: b.graph.next, id: a.ID}}
	it.entry.same, it.entry.content = same, dedupe.ContentHash(&a)
	it.entry.source, it.entry.published = text.SourceOf(&a), candidate.At(a.Published)
	b.graph.enter(it.entry)
	b.items = append(b.items, it)
	return it
}

// remove takes an archived article out.
func (b *batch) remove(e *entry) {
	b.out.Delete(e.id)
	b.leave(e)
	if s := b.sources[e.source]; s != nil {
		b.sources[e.source] = &source{furniture: s.furniture, lost: true} // it is counted again
	}
}

// leave takes an article out of the graph, and notes who has lost his leader.
func (b *batch) leave(e *entry) {
	if e.wording != nil && e.wording.leader == e {
		b.gone++
	}
	b.loose = append(b.loose, b.graph.leave(e)...)
}

// again has an archived article written anew: its keys, or its furniture, changed.
func (b *batch) again(e *entry) (*item, error) {
	a, err := b.article(b.old, e)
	if err != nil {
		return nil, err
	}
	b.leave(e)
	return b.write(a, e.same, false), nil
}

// analyse analyses the articles.
func (b *batch) analyse(ctx context.Context) error {
	return b.parallel(ctx, len(b.items), func(w *worker, i int) error {
		b.items[i].analyse(w, b.writer)
		return nil
	})
}

func (it *item) analyse(w *worker, state *writer) {
	it.spans = state.furniture(&it.article)
	it.form = w.read(it)
	it.entry.furniture = furnitureHash(it.spans)
	it.entry.hash, it.entry.language, it.entry.words = it.form.Hash, it.form.Language, it.form.Words > 0
	it.agency = text.AttributesOf(&it.article).Agency
}

// group finds out who has the same words and who of them leads.
func (b *batch) group(ctx context.Context) error {
	waiting := map[identity][]*entry{}
	items := make(map[*entry]*item, len(b.items))
	for _, it := range b.items {
		items[it.entry] = it
		waiting[it.entry.identity()] = append(waiting[it.entry.identity()], it.entry)
	}
	for _, e := range b.loose {
		if b.graph.byNumber[e.number] == e { // it was not taken out meanwhile
			waiting[e.identity()] = append(waiting[e.identity()], e)
		}
	}
	b.loose = nil
	for id, entries := range waiting {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := b.lead(id, entries, items); err != nil {
			return err
		}
	}
	slices.SortFunc(b.fresh, func(x, y *item) int { return cmp.Compare(x.entry.number, y.entry.number) })
	slices.SortFunc(b.items, func(x, y *item) int { return cmp.Compare(x.entry.number, y.entry.number) })
	return nil
}

func (e *entry) identity() identity { return identity{e.hash, e.language} }

// lead joins articles to the wording that they have, under a new leader if one of them
// leads the old one and does not read the same.
func (b *batch) lead(id identity, entries []*entry, items map[*entry]*item) error {
	t := b.graph.texts[id]
	leader := entries[0]
	for _, e := range entries[1:] {
		if e.leads(leader) {
			leader = e
		}
	}
	if t != nil && (!leader.leads(t.leader) || leader.content == t.leader.content && leader.furniture == t.leader.furniture) {
		for _, e := range entries {
			t.join(e)
		}
		return nil
	}
	if t != nil {
		b.gone++
		old := t.leader
		entries = append(entries, b.graph.dissolve(t)...)
		if i := slices.Index(entries, old); items[old] == nil { // it loses its keys
			it, err := b.again(old)
			if err != nil {
				return err
			}
			it.copyFrom(old)
			entries[i] = it.entry
		}
	}
	it := items[leader]
	if it == nil { // it gets keys
		i := slices.Index(entries, leader)
		var err error
		if it, err = b.again(leader); err != nil {
			return err
		}
		it.analyse(b.workers[0], b.writer)
		entries[i] = it.entry
	}
	t = newWording(it.form)
	t.leader = it.entry
	for _, e := range entries {
		t.join(e)
	}
	b.graph.texts[id] = t
	b.graph.place(t, true)
	b.fresh = append(b.fresh, it)
	return nil
}

// copyFrom takes over what analysing the article gave.
func (it *item) copyFrom(e *entry) {
	it.entry.column = e.column
	it.agency = text.AttributesOf(&it.article).Agency
}
