package dedupe

import (
	"context"
	"iter"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

// explainBlock is the number of pairs that a worker explains before they are handed on.
const explainBlock = 64

// Explain yields a Comparison of every pair of the result, in their order, each with its
// passages. With Options.Features it explains the verdict of Scan, which weighed the pair
// against the other candidates of its articles; without, the relation and the score are
// Scan's, and the features those of the pair judged alone. Nothing but some hundred pairs
// is in memory at a time. The sequence ends with an error if ctx ends or an article cannot
// be read from its temporary file. It reads articles: call it before Close.
func (r *Result) Explain(ctx context.Context) iter.Seq2[Comparison, error] {
	return func(yield func(Comparison, error) bool) {
		explainers := make([]*cache, r.detector.o.Workers)
		for i := range explainers {
			v := r.detector.NewVerifier()
			v.furniture = r.furniture
			explainers[i] = newCache(v, r.pile)
		}
		explained := make([]Comparison, explainBlock*len(explainers))
		for from := 0; from < len(r.pairs); from += len(explained) {
			block := r.pairs[from:min(from+len(explained), len(r.pairs))]
			if err := r.explainAll(ctx, explainers, block, explained); err != nil {
				yield(Comparison{}, err)
				return
			}
			for i := range block {
				if !yield(explained[i], nil) {
					return
				}
			}
		}
	}
}

// explainAll explains some pairs, each in its place.
func (r *Result) explainAll(ctx context.Context, explainers []*cache, pairs []Pair, out []Comparison) error {
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for _, c := range explainers {
		group.Go(func() error {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(pairs) {
					return nil
				}
				out[i] = c.compare(&pairs[i])
			}
			return context.Cause(ctx)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return r.pile.failure.get()
}

// compare explains a pair that was found.
func (c *cache) compare(p *Pair) Comparison {
	ia, ib := c.pile.find(p.A), c.pile.find(p.B)
	a, b := c.pile.article(ia), c.pile.article(ib)
	return c.Explain(p, &a, &b, c.get(ia), c.get(ib))
}

// Explain explains a pair that was found, given its articles, as they are and as they were
// analysed, A first: what Result.Explain yields. The pair's own Features count, if it has
// them.
func (v *Verifier) Explain(p *Pair, a, b *article.Article, sa, sb *shingle.Article) Comparison {
	x := v.aligner.Align(sa, sb)
	out := Comparison{Pair: *p}
	out.Pair.Passages = x.Passages(sa, sb)
	if p.Features != nil {
		out.Features = *p.Features
	} else {
		out.Features = verdict.Measure(sa, sb, x)
	}
	if p.Relation != verdict.Exact {
		out.Explanation = v.explain(sa, sb, &Judgement{Features: out.Features})
		out.Conflicts, out.Agreements = v.marks(a, b, sa, sb, x)
	}
	out.Attributes = [2]text.Attributes{text.AttributesOf(a), text.AttributesOf(b)}
	return out
}
