package dedupe

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

func TestWhatIsReadAheadIsWorkedOnOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 50).Draw(t, "n")
		readers, workers := rapid.IntRange(1, 9).Draw(t, "readers"), rapid.IntRange(1, 4).Draw(t, "workers")
		var mu sync.Mutex
		var worked []int
		busy := make([]int, workers)
		err := overlapped(context.Background(), n, readers, workers, func(i int) int { return i * i }, func(w, i, square int) {
			mu.Lock()
			busy[w]++
			if square != i*i || busy[w] != 1 {
				t.Errorf("worker %d got %d for %d, with %d in hand", w, square, i, busy[w])
			}
			worked = append(worked, i)
			mu.Unlock()
			mu.Lock()
			defer mu.Unlock()
			busy[w]--
		})
		slices.Sort(worked)
		if err != nil || len(worked) != n || len(slices.Compact(worked)) != n {
			t.Fatalf("%d of %d: %v", len(worked), n, err)
		}
	})
}

func TestReadingAheadEndsWithItsContext(t *testing.T) {
	stopped := errors.New("stopped")
	for _, slow := range []struct{ reader, worker time.Duration }{{time.Second, 0}, {0, time.Second}, {time.Second, time.Second}} {
		synctest.Test(t, func(t *testing.T) { // fails if a goroutine stays
			ctx, stop := context.WithCancelCause(t.Context())
			time.AfterFunc(10*time.Second, func() { stop(stopped) })
			worked := 0
			err := overlapped(ctx, 1e9, 3, 1, func(int) int { time.Sleep(slow.reader); return 0 }, func(int, int, int) {
				time.Sleep(slow.worker)
				worked++
			})
			if !errors.Is(err, stopped) || worked == 0 || worked > 40 {
				t.Errorf("%+v: %d were worked on, %v", slow, worked, err)
			}
		})
	}
}

func TestArticlesReadAheadAreThoseOfThePile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPile(0)
		defer p.Close()
		size := 0
		for range rapid.IntRange(1, 20).Draw(t, "articles") {
			text := strings.Repeat(rapid.String().Draw(t, "text"), rapid.SampledFrom([]int{1, 1, 30_000}).Draw(t, "times"))
			f, record, err := p.fileText(&article.Article{ID: rapid.String().Draw(t, "id"), Text: text}, nil)
			if err != nil {
				t.Fatal(err)
			}
			p.add([]filed{f})
			size += len(record)
		}
		wanted := rapid.SliceOf(rapid.Int32Range(0, int32(p.Len())-1)).Draw(t, "wanted")
		room := rapid.IntRange(0, size).Draw(t, "room")
		r := reader{pile: p, ahead: p.readAhead(slices.Clone(wanted), int64(room))}
		for i, x := range r.ahead {
			if room -= x.size(); !slices.Contains(wanted, i) {
				t.Fatalf("article %d was read, which nobody wants", i)
			}
		}
		if room < 0 {
			t.Fatalf("%d bytes too many were read", -room)
		}
		for _, i := range wanted {
			if r.article(i) != p.article(i) {
				t.Fatalf("article %d is another when it is read ahead", i)
			}
		}
	})
}

func TestDamagedArticlesReadAheadAreTold(t *testing.T) {
	d := detector(t, Options{Memory: 1, Workers: 2})
	s := d.newScan()
	err := s.run(t.Context(), []step{
		{Reading, func(ctx context.Context) error {
			return s.read(ctx, values(slices.Concat(stories(), copied(story(t, "c-fusion-en.txt"), "kopie", 3000))))
		}},
		{Joining, s.join},
		{Verifying, func(ctx context.Context) error {
			if s.pile.texts.Spilled() == 0 {
				t.Error("no text is in a file")
			}
			for i := range int32(s.pile.Len()) {
				f := s.pile.at(i)
				f.text, f.told = f.text.Slice(5, 6), f.told.Slice(0, f.told.Len()/2)
			}
			return s.verify(ctx)
		}},
	})
	if err == nil {
		t.Error("pairs of damaged articles are judged")
	}
}
