package archive

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// counted is a context that ends when it has been asked so many times whether it has.
type counted struct {
	context.Context
	left atomic.Int64
	end  context.CancelFunc
}

func endsAfter(asked int) *counted {
	c := &counted{}
	c.Context, c.end = context.WithCancel(context.Background())
	c.left.Store(int64(asked))
	return c
}

func (c *counted) Err() error {
	if c.left.Add(-1) < 0 {
		c.end()
	}
	return c.Context.Err()
}

func TestWhereverInABatchTheContextEndsAddEndsAndHasArchivedWhatItTold(t *testing.T) {
	articles := fixtures(t)[:24]
	want := scanned(t, articles)
	ended := false
	for asked := 0; !ended; asked += 1 + asked/4 {
		dir := filepath.Join(t.TempDir(), "archive")
		a, err := Create(dir, Options{Batch: 10})
		if err != nil {
			t.Fatal(err)
		}
		safe := 0
		err = a.Add(endsAfter(asked), each(articles), func(b Added) error {
			safe += b.New
			return nil
		})
		if ended = err == nil; !ended && !errors.Is(err, context.Canceled) {
			t.Fatalf("ended when asked for the %dth time: %v", asked, err)
		}
		if n, err := a.Count(); err != nil || n != safe {
			t.Errorf("%d articles are archived, %v; %d were told", n, err, safe)
		}
		add(t, a, articles)
		same(t, "after going on", want, pairsOf(t, a))
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhenTheContextEndsNoFurtherArticleIsWorkedOn(t *testing.T) {
	a := create(t, Options{})
	w := newWriter(a.detector, 2)
	ctx, end := context.WithCancel(context.Background())
	var begun atomic.Int64
	err := w.parallel(ctx, 1000, func(*worker, int) error {
		if begun.Add(1) == 10 {
			end()
		}
		return nil
	})
	if n := begun.Load(); n > 11 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d were begun, %v", n, err)
	}
}
