package dedupe

import (
	"context"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
)

const readBatch = 16

// What recurs in a source is known for certain when all articles are read. To analyse
// few of them twice, the lines found so far are left out at once; the first guess is
// made after firstGuess articles, the next when there are guessGrowth times as many. A
// guess changes no result: strip looks again at every article whose source had other
// lines then.
const (
	firstGuess  = 128
	guessGrowth = 4
)

// reading is what the workers share while they read.
type reading struct {
	pile *pile

	mu        sync.Mutex
	counted   text.Recurrence
	nextGuess int
	guesses   []*text.Furniture // the first is that nothing recurs

	guess atomic.Uint32 // the number of the last one
}

// read analyses the articles as they come and files them.
func (s *scan) read(ctx context.Context, articles iter.Seq2[article.Article, error]) error {
	batches := make(chan []article.Article, s.o.Workers)
	r := &reading{pile: s.pile, nextGuess: firstGuess, guesses: []*text.Furniture{nil}}
	s.pile.forms.left.Store(s.o.memory() / formsPart)
	group, feeding := errgroup.WithContext(ctx)
	for _, v := range s.workers {
		group.Go(func() error {
			var buffer []byte
			for batch := range batches {
				var err error
				if buffer, err = r.batch(v, batch, buffer); err != nil {
					for range batches { // the feeder must not wait for ever
					}
					return err
				}
			}
			return nil
		})
	}
	err := s.feed(feeding, articles, batches)
	close(batches)
	if failed := group.Wait(); failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	s.settle(&r.counted)
	r.counted = text.Recurrence{} // gives its memory back
	s.pile.forms.settle(s.pile.Len())
	if err := s.strip(ctx, r); err != nil {
		return err
	}
	s.families = findFamilies(s.pile)
	return s.pile.failure.get()
}

// batch analyses some articles and counts their lines.
func (r *reading) batch(v *Verifier, batch []article.Article, buffer []byte) (_ []byte, err error) {
	guess := r.guess.Load()
	r.mu.Lock()
	v.furniture = r.guesses[guess]
	r.mu.Unlock()
	done := make([]filed, len(batch))
	var counted text.Recurrence
	var lines []text.Line
	for i := range batch {
		a := &batch[i]
		lines = text.AppendLines(lines[:0], a)
		source := text.SourceOf(a)
		if source != "" {
			counted.AddLines(source, lines)
		}
		x, kept := r.analyse(v, a, v.furniture.In(source, lines))
		if done[i], buffer, err = r.pile.file(a, x, v.builder.Transcript(), guess, buffer); err != nil {
			return buffer, err
		}
		done[i].form = kept
	}
	all := r.pile.add(done)
	r.pile.forms.settle(all)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counted.Merge(&counted)
	if all >= r.nextGuess {
		r.nextGuess *= guessGrowth
		r.guesses = append(r.guesses, r.counted.Furniture())
		r.guess.Store(uint32(len(r.guesses) - 1))
	}
	return buffer, nil
}

// analyse is the analysed article, as far as finding needs it if there is no room to keep it;
// kept is the whole of it, if there is room.
func (r *reading) analyse(v *Verifier, a *article.Article, furniture []article.Span) (x *shingle.Article, kept form) {
	if r.pile.forms.refuses() {
		return v.buildKeys(a, furniture...), 0
	}
	x = v.Build(a, furniture...)
	return x, r.pile.forms.keep(x)
}

// settle numbers the articles by their ids, and says what recurs, when all have been read.
func (s *scan) settle(counted *text.Recurrence) {
	var rejected []error
	var sorting sync.WaitGroup
	sorting.Go(func() { rejected = s.pile.sortByID() })
	s.result.furniture = counted.FurnitureBy(s.o.Workers)
	sorting.Wait()
	s.result.Rejected = append(s.result.Rejected, rejected...)
	for _, v := range s.workers {
		v.furniture = s.result.furniture
	}
}

// strip analyses again the articles that turned out to have other furniture than was
// left out.
func (s *scan) strip(ctx context.Context, r *reading) error {
	furniture := s.result.furniture
	stale := r.stale(furniture)
	return s.each(ctx, (s.pile.Len()+readBatch-1)/readBatch, func(v *Verifier, block int) {
		from := block * readBatch
		for i := from; i < min(from+readBatch, s.pile.Len()); i++ {
			f := s.pile.at(int32(i))
			if !stale[f.guess][f.source] {
				continue
			}
			a := s.pile.article(int32(i))
			without := furniture.Of(&a)
			if slices.Equal(without, r.guesses[f.guess].Of(&a)) {
				continue
			}
			s.pile.forms.release(f.form)
			x := v.Build(&a, without...)
			f.form = s.pile.forms.keep(x)
			_, err := s.pile.analysed(f, x, v.builder.Transcript(), nil)
			s.pile.failure.note(err)
		}
	})
}

// stale are, by guess and by number of a source, those of which it had other lines than there
// are.
func (r *reading) stale(furniture *text.Furniture) [][]bool {
	stale := make([][]bool, len(r.guesses))
	for n, guess := range r.guesses {
		for _, source := range r.pile.terms.values {
			stale[n] = append(stale[n], !furniture.SameIn(source, guess))
		}
	}
	return stale
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
