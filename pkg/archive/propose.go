package archive

import (
	"cmp"
	"context"
	"slices"

	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
)

// pair is two wordings that may be worth comparing.
type pair struct{ a, b *wording }

// newPair has the leader with the lesser id first.
func newPair(a, b *wording) pair {
	if a.leader != nil && b.leader != nil && b.leader.id < a.leader.id {
		a, b = b, a
	}
	return pair{a, b}
}

func newEdge(p pair, j *dedupe.Judgement, rival bool) *edge {
	return &edge{
		a: p.a, b: p.b, rival: rival, holds: j.Holds, relation: j.Relation, score: j.Score,
		features: j.Features, coverage: j.Coverage,
	}
}

// propose finds the candidates of the new wordings, and of those that lost a partner.
func (b *batch) propose(ctx context.Context) error {
	b.current = make(map[uint32]*shingle.Article, len(b.fresh))
	var added []uint64
	for _, it := range b.fresh {
		it.keys = it.form.Keys
		b.current[it.entry.number] = it.form
		for _, k := range it.keys {
			added = append(added, posting(uint32(k), it.entry.number))
		}
	}
	parts := spread(added)
	err := b.parallel(ctx, len(parts), func(_ *worker, i int) error {
		b.postings.shards[i].addUnsorted(parts[i])
		return nil
	})
	if err != nil {
		return err
	}
	err = b.parallel(ctx, len(b.fresh), func(w *worker, i int) (err error) {
		it := b.fresh[i]
		t := it.entry.wording
		t.lists, it.reverse, err = w.finder.proposals(b.graph, t, it.keys, true)
		return err
	})
	if err != nil {
		return err
	}
	for _, it := range b.fresh {
		b.graph.place(it.entry.wording, false)
	}
	for _, it := range b.fresh {
		t := it.entry.wording
		b.graph.changed[t] = true
		for _, p := range it.reverse {
			if p.other.insert(t, p.score, b.graph.ties) {
				b.graph.refloor(p.other)
				b.graph.changed[p.other] = true
				it.taken = append(it.taken, p)
				b.pairs = append(b.pairs, newPair(t, p.other))
			}
		}
		it.reverse = nil
		b.pairs = b.graph.proposed(t, b.pairs)
	}
	if b.gone > 0 {
		incomplete := b.graph.sweep()
		for _, t := range incomplete {
			b.stale[t.leader.number] = true
		}
		refilled, err := b.refill(ctx, b.old, incomplete)
		if err != nil {
			return err
		}
		b.out.SetMeta(metaStale, b.staleMeta())
		b.pairs = append(b.pairs, refilled...)
	}
	return nil
}

// proposed appends the pairs of a wording and its partners.
func (g *graph) proposed(t *wording, pairs []pair) []pair {
	for p := range t.partners {
		pairs = append(pairs, newPair(t, g.slots[p.number].wording))
	}
	return pairs
}

// refill makes the lists anew of wordings that lost a partner and may have others.
func (w *writer) refill(ctx context.Context, old *store.Snapshot, incomplete []*wording) ([]pair, error) {
	err := w.parallel(ctx, len(incomplete), func(worker *worker, i int) error {
		t := incomplete[i]
		x := w.current[t.leader.number]
		if x == nil {
			a, err := w.article(old, t.leader)
			if err != nil {
				return err
			}
			x = worker.Build(&a, w.furniture(&a)...)
		}
		var err error
		t.lists, _, err = worker.finder.proposals(w.graph, t, x.Keys, false)
		return err
	})
	if err != nil {
		return nil, err
	}
	var pairs []pair
	for _, t := range incomplete {
		w.graph.refloor(t)
		w.graph.changed[t] = true
		pairs = w.graph.proposed(t, pairs)
	}
	return pairs, nil
}

// compare judges the candidates, each alone, and connects those that have something to
// say to one another.
func (w *writer) compare(ctx context.Context, old *store.Snapshot, pairs []pair) error {
	slices.SortFunc(pairs, func(x, y pair) int {
		return cmp.Or(compareIDs(x.a.leader.id, y.a.leader.id), compareIDs(x.b.leader.id, y.b.leader.id))
	})
	pairs = slices.Compact(pairs)
	edges := make([]*edge, len(pairs))
	err := w.parallel(ctx, len(pairs), func(worker *worker, i int) error {
		p := pairs[i]
		if p.a.edgeTo(p.b) != nil || !worker.alike(p.a, p.b) {
			return nil
		}
		var forms [2]*shingle.Article
		for k, t := range []*wording{p.a, p.b} {
			x, err := w.form(worker, old, t.leader)
			if err != nil {
				return err
			}
			forms[k] = x
		}
		j, rival := worker.Alone(forms[0], forms[1], true)
		if rival || j.Holds {
			edges[i] = newEdge(p, &j, rival)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, e := range edges {
		if e != nil && e.a.edgeTo(e.b) == nil {
			e.connect()
			w.graph.changed[e.a], w.graph.changed[e.b] = true, true
		}
	}
	w.graph.settle()
	return nil
}
