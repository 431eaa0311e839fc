package archive

import (
	"context"
	"errors"
	"iter"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
)

// explainBlock is the number of pairs that a worker explains before they are handed on.
const explainBlock = 64

// Explain yields a Comparison of each of the pairs, which Pairs gave, in their order: what
// dedupe.Result.Explain yields of the same articles, with the features of the pairs if they
// have them. Nothing but some hundred pairs is in memory at a time. The sequence ends with
// an error if ctx ends or an article is not in the archive any more.
func (a *Archive) Explain(ctx context.Context, pairs []dedupe.Pair) iter.Seq2[dedupe.Comparison, error] {
	return func(yield func(dedupe.Comparison, error) bool) {
		err := a.read(func(s *store.Snapshot) error {
			recurring, err := a.recurring(s)
			if err != nil {
				return err
			}
			workers := make([]*explainer, a.o.Detector.Workers)
			for i := range workers {
				workers[i] = &explainer{Verifier: a.detector.NewVerifier(), snapshot: s, recurring: recurring}
				workers[i].Furnish(recurring)
			}
			return explainAll(ctx, workers, pairs, yield)
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(dedupe.Comparison{}, err)
		}
	}
}

// errEnough says that no more comparisons are asked for.
var errEnough = errors.New("no more is asked for")

// explainAll yields the comparisons of the pairs, which the workers make in blocks.
func explainAll(ctx context.Context, workers []*explainer, pairs []dedupe.Pair, yield func(dedupe.Comparison, error) bool) error {
	explained := make([]dedupe.Comparison, explainBlock*len(workers))
	for len(pairs) > 0 {
		n := min(len(pairs), len(explained))
		group, ctx := errgroup.WithContext(ctx)
		for i, w := range workers {
			from, to := min(i*explainBlock, n), min((i+1)*explainBlock, n)
			group.Go(func() error { return w.explain(ctx, pairs[from:to], explained[from:to]) })
		}
		if err := group.Wait(); err != nil {
			return err
		}
		for _, c := range explained[:n] {
			if !yield(c, nil) {
				return errEnough
			}
		}
		pairs = pairs[n:]
	}
	return nil
}

// explainer is what one goroutine explains with. It remembers the first article of the pair
// before.
type explainer struct {
	*dedupe.Verifier
	snapshot  *store.Snapshot
	recurring *text.Furniture
	last      analysed
}

// analysed is an archived article with its analysed form.
type analysed struct {
	article article.Article
	form    *shingle.Article
}

func (e *explainer) explain(ctx context.Context, pairs []dedupe.Pair, out []dedupe.Comparison) error {
	for i := range pairs {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if e.last.form == nil || e.last.article.ID != pairs[i].A {
			var err error
			if e.last, err = e.analyse(pairs[i].A); err != nil {
				return err
			}
		}
		b, err := e.analyse(pairs[i].B)
		if err != nil {
			return err
		}
		out[i] = e.Explain(&pairs[i], &e.last.article, &b.article, e.last.form, b.form)
	}
	return nil
}

// analyse reads and analyses an article.
func (e *explainer) analyse(id string) (analysed, error) {
	d, ok, err := e.snapshot.Get(id)
	if err == nil && !ok {
		err = errGone
	}
	if err != nil {
		return analysed{}, Problem{ID: id, Err: err}
	}
	a := d.Article
	return analysed{a, e.Rebuild(&a, d.Language, d.Hash, e.recurring.Of(&a)...)}, nil
}

// errGone is found when an article was taken out since its pairs were read.
var errGone = errors.New("it was removed from the archive in the meantime; run again")
