package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestWritersReadersAndCompactionAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	s, err := Create(dir, Options{})
	ok(t, err)
	var (
		writers, others sync.WaitGroup
		done            atomic.Bool
	)
	const batches, articles = 25, 8
	for w := range 2 {
		writers.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 1))
			for n := range batches {
				var b Batch
				for i := range articles {
					b.Put(made(uint32((2*n+w)*articles+i), fmt.Sprintf("%d/%d/%d", w, n, i), r))
				}
				// Every batch puts a second article of the same id as the one before.
				b.Put(made(uint32(10000+2*n+w), fmt.Sprint("of ", w), r))
				if err := s.Write(context.Background(), &b); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		others.Go(func() {
			for before := 0; !done.Load(); {
				x, err := s.Snapshot()
				if err == nil {
					err = readAll(x)
				}
				if err != nil || x.Count() < before {
					t.Errorf("%d articles after %d: %v", x.Count(), before, err)
					return
				}
				before = x.Count()
				if err := x.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	others.Go(func() {
		for !done.Load() {
			if err := s.Compact(context.Background()); err != nil {
				t.Error(err)
			}
		}
	})
	writers.Wait()
	done.Store(true)
	others.Wait()
	x, err := s.Snapshot()
	ok(t, err)
	if want := 2*batches*articles + 2; x.Count() != want {
		t.Errorf("%d articles, want %d", x.Count(), want)
	}
	ok(t, s.Close())
	if _, found, err := x.Get("0/3/4"); !found || err != nil {
		t.Errorf("after Close a snapshot has nothing any more: %v %v", found, err)
	}
	ok(t, x.Close())
}

func TestNothingWorksAfterClose(t *testing.T) {
	s, err := Create(filepath.Join(t.TempDir(), "a"), Options{})
	ok(t, err)
	ok(t, s.Close())
	_, err = s.Snapshot()
	for i, err := range []error{err, s.Close(), s.Write(context.Background(), &Batch{}), s.Compact(context.Background())} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func TestABatchWithABadArticleIsNotWritten(t *testing.T) {
	s, err := Create(filepath.Join(t.TempDir(), "a"), Options{})
	ok(t, err)
	defer s.Close()
	r := rand.New(rand.NewPCG(1, 1))
	var b Batch
	b.Put(made(1, "a", r))
	b.Put(made(2, "", r))
	if err := s.Write(context.Background(), &b); !errors.Is(err, ErrNoID) {
		t.Errorf("no id: %v", err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("enough")
	cancel(why)
	b = Batch{}
	b.Put(made(1, "a", r))
	if err := s.Write(ctx, &b); !errors.Is(err, why) {
		t.Errorf("a context that has ended: %v", err)
	}
	x, err := s.Snapshot()
	ok(t, err)
	defer x.Close()
	if x.Count() != 0 {
		t.Errorf("%d articles", x.Count())
	}
	ok(t, s.Write(context.Background(), &b)) // the store goes on
}

func TestAStoreThatCannotWriteSaysSoAndCloses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	s, err := Create(dir, Options{})
	ok(t, err)
	r := rand.New(rand.NewPCG(1, 1))
	var b Batch
	b.Put(made(1, "a", r))
	ok(t, s.Write(context.Background(), &b))
	ok(t, os.RemoveAll(storeDir(dir)))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.Put(made(2, "b", r))
		for range 2 {
			if err := s.Write(context.Background(), &b); err == nil {
				t.Error("written into nothing")
			}
		}
		_ = s.Close()
	}()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("hangs")
	}
}

func TestLongIDsAndEmptyArticles(t *testing.T) {
	s, err := Create(filepath.Join(t.TempDir(), "a"), Options{})
	ok(t, err)
	defer s.Close()
	long := make([]byte, 100_000)
	for i := range long {
		long[i] = byte(i * 7)
	}
	m := model{documents: map[string]Document{}}
	for n, id := range []string{string(long), string(long) + "x", "\x00", "\xff\xff"} {
		d := Document{Number: uint32(n) << 30}
		d.Article.ID = id
		m.documents[id] = d
		var b Batch
		b.Put(d)
		ok(t, s.Write(context.Background(), &b))
	}
	for range 2 {
		x, err := s.Snapshot()
		ok(t, err)
		for id, want := range m.documents {
			if d, found, err := x.Get(id); err != nil || !found || d.Number != want.Number {
				t.Errorf("id of %d bytes: %v %v", len(id), found, err)
			}
			if d, found, err := x.ByNumber(want.Number); err != nil || !found || d.Article.ID != id {
				t.Errorf("number %d: %v %v", want.Number, found, err)
			}
		}
		ok(t, x.Close())
		ok(t, s.Compact(context.Background()))
	}
}
