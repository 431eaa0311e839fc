package dedupe

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/internal/spill"
)

// aheadReaders is the number of goroutines that read articles ahead. They mostly wait for
// the disk, which serves several sooner than one after another.
const aheadReaders = 8

// reader reads articles for one worker: from what was read ahead for him, or else from the
// pile.
type reader struct {
	pile  *pile
	ahead map[int32]again
	told  []byte // a buffer of transcripts
}

// again is what an article is analysed again from: its transcript, or else itself.
type again struct {
	told  []byte
	whole article.Article
}

// size is how many bytes it takes, all but those of the names.
func (a *again) size() int { return len(a.told) + len(a.whole.Text) }

// transcript is the transcript of an article that has one, until the next call.
func (r *reader) transcript(i int32) (told []byte, err error) {
	if x, ok := r.ahead[i]; ok {
		return x.told, nil
	}
	r.told, err = r.pile.transcripts.Read(r.pile.at(i).told, r.told)
	return r.told, err
}

// article is pile.article.
func (r *reader) article(i int32) article.Article {
	if x, ok := r.ahead[i]; ok && r.pile.at(i).told.Len() == 0 {
		return x.whole
	}
	return r.pile.article(i)
}

// readAhead reads those of some articles that have room, in the order in which they stand in the
// files; it sorts the numbers. What cannot be read is left out: who needs it reads again, and
// learns why.
func (p *pile) readAhead(articles []int32, room int64) map[int32]again {
	slices.SortFunc(articles, func(i, k int32) int { return p.at(i).again().Compare(p.at(k).again()) })
	ahead := map[int32]again{}
	for _, i := range slices.Compact(articles) {
		var x again
		var err error
		if f := p.at(i); f.told.Len() > 0 {
			x.told, err = p.transcripts.Read(f.told, nil)
		} else {
			x.whole, err = p.readFiled(f)
		}
		if room -= int64(x.size()); room < 0 {
			break
		}
		if err == nil {
			ahead[i] = x
		}
	}
	return ahead
}

// again is where it is read that an article is analysed again from.
func (f *filed) again() spill.Ref {
	if f.told.Len() == 0 {
		return f.text
	}
	return f.told
}

// parallelReading is parallel for work of which it is known before what articles it reads: those that
// are in the file are read while the workers are busy with other work.
func (s *scan) parallelReading(ctx context.Context, n int, reads func(i int) []int32, work func(v *cache, i int)) error {
	if s.pile.texts.Spilled()+s.pile.transcripts.Spilled() == 0 {
		return s.parallel(ctx, n, func(_ context.Context, v *cache, i int) { work(v, i) })
	}
	caches := make([]*cache, len(s.workers))
	for w, v := range s.workers {
		caches[w] = newCache(v, s.pile)
	}
	room := s.o.memory() / aheadPart / int64(aheadReaders+len(caches))
	return overlapped(ctx, n, aheadReaders, len(caches), func(i int) map[int32]again {
		return s.pile.readAhead(reads(i), room)
	}, func(w, i int, ahead map[int32]again) {
		caches[w].reader.ahead = ahead
		work(caches[w], i)
	})
}

// overlapped calls read for each number under n, on some goroutines, and work for what it
// returned, on others, which have numbers themselves, until ctx ends. Each reader has one
// thing in hand: he reads the next when that is taken.
func overlapped[T any](ctx context.Context, n, readers, workers int, read func(i int) T, work func(w, i int, x T)) error {
	type done struct {
		i int
		x T
	}
	var next atomic.Int64
	var reading sync.WaitGroup
	hands := make(chan done)
	group, ctx := errgroup.WithContext(ctx)
	for range readers {
		reading.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				select {
				case hands <- done{i, read(i)}:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	group.Go(func() error {
		reading.Wait()
		close(hands)
		return nil
	})
	for w := range workers {
		group.Go(func() error {
			for d := range hands {
				if ctx.Err() != nil {
					break
				}
				work(w, d.i, d.x)
			}
			return context.Cause(ctx)
		})
	}
	return group.Wait()
}
