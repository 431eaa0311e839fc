package cli

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/report"
)

// feed reads articles of the inputs ahead, in a goroutine of its own, so that neither an
// interrupt nor what has been read waits for an input that has nothing to say.
type feed struct {
	filter  *filter // its err counts when the feed has ended
	rejects *rejects
	read    chan article.Article
	held    []article.Article // read and not yet handed on: one at most
}

// feed begins to read. Progress is called from the feed's goroutine.
func (in *intake) feed(ctx context.Context, s *Streams, inputs []string, files *outputs, progress func(read, total int64)) *feed {
	f := &feed{filter: &filter{files: files}, rejects: in.newRejects(s, files), read: make(chan article.Article)}
	options := in.options(s)
	options.Progress, options.PassedOver = progress, f.rejects.passed.add
	articles := f.filter.pass(ingest.Read(ctx, inputs, options))
	go func() {
		defer close(f.read)
		for a, err := range articles {
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				f.rejects.add(err)
				continue
			}
			select {
			case f.read <- a:
			case <-ctx.Done():
				return
			}
		}
	}()
	return f
}

// wait waits for an article. It returns false when there is none to come or ctx ends.
func (f *feed) wait(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	if len(f.held) > 0 {
		return true
	}
	select {
	case a, ok := <-f.read:
		if ok {
			f.held = append(f.held, a)
		}
		return ok
	case <-ctx.Done():
		return false
	}
}

// take hands on the article that wait has waited for.
func (f *feed) take() article.Article {
	a := f.held[0]
	f.held = nil
	return a
}

// burst yields articles until the feed ends, ctx does, or none has come for the time
// given.
func (f *feed) burst(ctx context.Context, idle time.Duration) articles {
	return func(yield func(article.Article, error) bool) {
		timer := time.NewTimer(idle)
		defer timer.Stop()
		for {
			if len(f.held) > 0 && !yield(f.take(), nil) {
				return
			}
			timer.Reset(idle)
			select {
			case a, ok := <-f.read:
				if !ok {
					return
				}
				f.held = append(f.held, a)
			case <-timer.C:
				return
			case <-ctx.Done():
				return
			}
		}
	}
}

// rejects count what is left out, write it down, and remember what will be shown. They
// serve several goroutines.
type rejects struct {
	intake *intake
	file   *output
	whole  bool // all are shown

	passed passedOver

	mu    sync.Mutex
	all   int
	shown []error
	err   error // of the file
}

func (in *intake) newRejects(s *Streams, files *outputs) *rejects {
	return &rejects{intake: in, file: files.of("--rejects"), whole: s.verbose}
}

// add notes rejects. The end of a context is none.
func (r *rejects) add(rejected ...error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, err := range rejected {
		if errors.Is(err, context.Canceled) {
			continue
		}
		r.all++
		if r.whole || len(r.shown) < maxRejectLines {
			r.shown = append(r.shown, err)
		}
		if r.file != nil && r.err == nil {
			r.err = report.Rejects(r.file, slices.Values([]error{err}))
		}
	}
}

// show writes a line for each reject, and returns how many there were and the error of the
// file.
func (r *rejects) show(s *Streams) (all int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.intake.showRejects(s, r.shown, r.all)
	r.intake.showPassedOver(s, &r.passed)
	return r.all, r.err
}
