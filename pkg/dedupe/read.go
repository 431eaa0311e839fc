package dedupe

import (
	"context"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
)

const readBatch = 16

// keyed is an article with its keys.
type keyed struct {
	article  article.Article
	keys     candidate.Keys
	analysed *shingle.Article // nil when it was not kept
	without  []article.Span   // the recurring furniture that was left out
}

// What recurs in a source is known for certain when all articles are read. To analyse
// few of them twice, the lines found so far are left out at once; the first guess is
// made after firstGuess articles, the next when there are guessGrowth times as many. A
// guess changes no result: strip looks at every article again.
const (
	firstGuess  = 128
	guessGrowth = 4
)

// reading is what the workers share while they read.
type reading struct {
	mu        sync.Mutex
	all       []keyed
	counted   text.Recurrence
	nextGuess int

	guess atomic.Pointer[text.Furniture]
	room  kept
}

// read analyses the articles as they come and keeps their keys.
func (s *scan) read(ctx context.Context, articles iter.Seq2[article.Article, error]) error {
	batches := make(chan []article.Article, s.o.Workers)
	r := &reading{nextGuess: firstGuess}
	r.room.left.Store(keptBytes)
	var group errgroup.Group
	for _, v := range s.workers {
		group.Go(func() error {
			for batch := range batches {
				r.batch(v, batch)
			}
			return nil
		})
	}
	err := s.feed(ctx, articles, batches)
	close(batches)
	_ = group.Wait() // the workers return no error
	if err != nil {
		return err
	}
	s.keep(r.all)
	return s.strip(ctx, r.counted.Furniture(), &r.room)
}

// batch analyses some articles and counts their lines.
func (r *reading) batch(v *Verifier, batch []article.Article) {
	v.furniture = r.guess.Load()
	done := make([]keyed, len(batch))
	var counted text.Recurrence
	for i := range batch {
		a := &batch[i]
		counted.Add(a)
		without := v.furniture.Of(a)
		x := v.builder.Build(a, v.languageOf(a), without...)
		done[i] = keyed{*a, candidate.KeysOf(x), r.room.keep(x), without}
	}
	r.mu.Lock()
	r.all = append(r.all, done...)
	r.counted.Merge(&counted)
	var sofar text.Recurrence
	due := len(r.all) >= r.nextGuess
	if due {
		r.nextGuess *= guessGrowth
		sofar.Merge(&r.counted)
	}
	r.mu.Unlock()
	if due {
		r.guess.Store(sofar.Furniture())
	}
}

// strip analyses again the articles that turned out to have other furniture than was
// left out.
func (s *scan) strip(ctx context.Context, furniture *text.Furniture, room *kept) error {
	var group errgroup.Group
	var next atomic.Int64
	for _, v := range s.workers {
		v.furniture = furniture
		group.Go(func() error {
			for ctx.Err() == nil {
				from := int(next.Add(readBatch)) - readBatch
				if from >= len(s.keys) {
					return nil
				}
				for i := from; i < min(from+readBatch, len(s.keys)); i++ {
					a := &s.result.Articles[i]
					without := furniture.Of(a)
					if slices.Equal(without, s.without[i]) {
						continue
					}
					room.release(s.kept[i])
					x := v.builder.Build(a, v.languageOf(a), without...)
					s.keys[i], s.kept[i] = candidate.KeysOf(x), room.keep(x)
				}
			}
			return context.Cause(ctx)
		})
	}
	err := group.Wait()
	s.without = nil
	return err
}

// feed sends the articles to the workers in batches and notes what is rejected.
func (s *scan) feed(ctx context.Context, articles iter.Seq2[article.Article, error], batches chan<- []article.Article) error {
	var batch []article.Article
	read := 0
	for a, err := range articles {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			s.result.Rejected = append(s.result.Rejected, err)
			continue
		}
		if batch = append(batch, a); len(batch) == readBatch {
			batches <- batch
			batch = nil
		}
		if read++; read%1024 == 0 {
			s.progress(Reading, read, 0)
		}
	}
	if len(batch) > 0 {
		batches <- batch
	}
	s.progress(Reading, read, read)
	return context.Cause(ctx)
}
