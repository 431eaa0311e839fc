package archive

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
)

// writer is what the archive keeps in memory while articles are added: the graph, the
// keys by which texts are found, and what recurs in each source.
type writer struct {
	graph    *graph
	postings *postings // the leaders that have a key
	sources  map[string]*source
	stale    map[uint32]bool // leaders whose lists are not as the stored links have them
	workers  []*worker
	forms    formCache
	recent   map[uint32]article.Article  // of the batch that is being written
	current  map[uint32]*shingle.Article // the new leaders of the batch at work
}

// worker is what one goroutine works with.
type worker struct {
	*dedupe.Verifier
	finder finder
	asker  candidate.Asker
	asked  *wording // that the asker compares with
	terms  analysis.Counter
	again  *text.Scanner // of the text at hand, if it is to be cut again for its terms
}

// read analyses an article and, from the same sentences, counts its words.
func (w *worker) read(it *item) *shingle.Article {
	words := it.words[:]
	w.Listen(func(scanner *text.Scanner, s string, sentences []text.Sentence) {
		if len(words) == len(it.words) && it.article.Body().Start > 0 {
			// It was cut with regard to the headline that it repeats. The tokens are Build's.
			w.again = scanner
		} else {
			words[0].Count(len(s), func(yield func(string, int)) int { return w.terms.Count(scanner, s, sentences, yield) })
		}
		words = words[1:]
	})
	x := w.Build(&it.article, it.spans...)
	w.Listen(nil)
	if s := it.article.Text; w.again != nil {
		sentences := w.again.Sentences(&article.Article{Text: s})
		it.words[0].Count(len(s), func(yield func(string, int)) int { return w.terms.Count(w.again, s, sentences, yield) })
		w.again = nil
	}
	return x
}

func newWriter(d *dedupe.Detector, workers int) *writer {
	w := &writer{graph: newGraph(d), postings: &postings{}, sources: map[string]*source{}, stale: map[uint32]bool{}}
	for range workers {
		w.workers = append(w.workers, &worker{Verifier: d.NewVerifier(), finder: finder{lister: w.postings}})
	}
	return w
}

// parallel calls work for each number under n, on all workers, until one fails or ctx ends.
func (w *writer) parallel(ctx context.Context, n int, work func(w *worker, i int) error) error {
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for _, worker := range w.workers {
		group.Go(func() error {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				if err := work(worker, i); err != nil {
					return err
				}
			}
			return context.Cause(ctx)
		})
	}
	return group.Wait()
}

// errMissing is found when an article that the columns know cannot be read.
var errMissing = errors.New("an article is listed but not stored")

// article reads an archived article.
func (w *writer) article(old *store.Snapshot, e *entry) (article.Article, error) {
	if a, ok := w.recent[e.number]; ok {
		return a, nil
	}
	d, ok, err := old.ByNumber(e.number)
	if err == nil && !ok {
		err = errMissing
	}
	return d.Article, err
}

// furniture is what recurs in the article's source.
func (w *writer) furniture(a *article.Article) []article.Span {
	if s := w.sources[text.SourceOf(a)]; s != nil {
		return s.furniture.Of(a)
	}
	return nil
}

// form analyses the leader of a wording, as far as comparing needs it, or remembers it.
func (w *writer) form(worker *worker, old *store.Snapshot, e *entry) (*shingle.Article, error) {
	if x := w.current[e.number]; x != nil {
		return x, nil
	}
	if x := w.forms.get(e.number); x != nil {
		return x, nil
	}
	a, err := w.article(old, e)
	if err != nil {
		return nil, err
	}
	x := worker.Rebuild(&a, e.language, e.hash, w.furniture(&a)...)
	w.forms.put(e.number, x)
	return x, nil
}

// formCache remembers analysed articles, in two generations: those met since the last
// change of generation, and those before.
type formCache struct {
	mu         sync.Mutex
	young, old map[uint32]*shingle.Article
	size       int // bytes of young
}

// formBytes is the size of a generation.
const formBytes = 32 << 20

func (c *formCache) get(number uint32) *shingle.Article {
	c.mu.Lock()
	defer c.mu.Unlock()
	if x := c.young[number]; x != nil {
		return x
	}
	return c.old[number]
}

func (c *formCache) put(number uint32, x *shingle.Article) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size > formBytes || c.young == nil {
		c.old, c.young, c.size = c.young, map[uint32]*shingle.Article{}, 0
	}
	c.young[number] = x
	c.size += x.Size()
}
