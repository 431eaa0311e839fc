package archive

import (
	"context"
	"fmt"
	"iter"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
)

// Added is what became of a batch of articles, when it is safe on disk.
type Added struct {
	New, Updated, Unchanged int
	Rejected                []error
	// Pairs are the relations of the new and updated articles to all others, by A, then B,
	// as they stand with this batch. Later ones may change them: see Archive.Pairs.
	Pairs []dedupe.Pair
}

// Add archives articles, in batches, and tells of each batch as it is safe on disk: from
// then on it survives a crash of the program. An article with the id of an archived one
// replaces it; one that is the same in all it is given with is passed over, so that Add
// may be run again after it was stopped. An error that the sequence yields ends only its
// article. Add fails when ctx ends or tell does; what was told is archived.
func (a *Archive) Add(ctx context.Context, articles iter.Seq2[article.Article, error], tell func(Added) error) error {
	return a.write(ctx, func(w *writer) error {
		p := &pipeline{archive: a, writer: w, tell: tell}
		err := p.run(ctx, articles)
		if flushed := p.flush(); err == nil {
			err = flushed
		}
		return err
	})
}

// Remove takes articles out, by id. It returns how many were there.
func (a *Archive) Remove(ctx context.Context, ids []string) (removed int, err error) {
	err = a.write(ctx, func(w *writer) error {
		p := &pipeline{archive: a, writer: w, tell: func(Added) error { return nil }}
		b := &batch{archive: a, writer: w}
		for _, id := range ids {
			if e := w.graph.byID[id]; e != nil {
				b.remove(e)
				removed++
			}
		}
		if removed == 0 {
			return nil
		}
		if err := p.batch(ctx, b, nil, true); err != nil {
			return err
		}
		return p.flush()
	})
	return removed, err
}

// pipeline writes one batch while the next is worked on.
type pipeline struct {
	archive *Archive
	writer  *writer
	tell    func(Added) error
	write   *errgroup.Group // of the batch under way
	added   Added
}

func (p *pipeline) run(ctx context.Context, articles iter.Seq2[article.Article, error]) error {
	var pile []article.Article
	b := &batch{archive: p.archive, writer: p.writer}
	for x, err := range articles {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil && x.ID == "" {
			err = fmt.Errorf("%s: %w", x.Origin, errNoID)
		}
		if err != nil {
			b.added.Rejected = append(b.added.Rejected, err)
			continue
		}
		if pile = append(pile, x); len(pile) == p.archive.o.batch() {
			if err := p.batch(ctx, b, pile, false); err != nil {
				return err
			}
			b, pile = &batch{archive: p.archive, writer: p.writer}, nil
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return p.batch(ctx, b, pile, true)
}

// batch works a batch out, waits for the one before it to be written, and begins to
// write.
func (p *pipeline) batch(ctx context.Context, b *batch, articles []article.Article, settle bool) error {
	if err := b.work(ctx, articles, settle); err != nil {
		return err
	}
	if err := p.flush(); err != nil {
		return err
	}
	p.added = b.added
	p.writer.recent = b.written()
	p.write = &errgroup.Group{}
	p.write.Go(func() error { return p.archive.store.Write(ctx, &b.out) })
	return nil
}

// flush waits for the batch under way and tells of it.
func (p *pipeline) flush() error {
	if p.write == nil {
		return nil
	}
	err := p.write.Wait()
	p.write = nil
	if err != nil {
		return err
	}
	return p.tell(p.added)
}
