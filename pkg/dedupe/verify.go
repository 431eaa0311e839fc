package dedupe

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/internal/spill"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// verifyBlock is the number of candidate pairs a worker takes at a time.
const verifyBlock = 256

// verify judges the candidates, first each alone, then those that hold against the other
// candidates of their articles, and adds the copies of the same text.
func (s *scan) verify(ctx context.Context) error {
	if err := s.sift(ctx); err != nil {
		return err
	}
	if err := s.pile.forgetKeys(); err != nil {
		return err
	}
	orderByNeighbours(s.pairs, s.pile.Len())
	holding, rivals, err := s.judgeAll(ctx)
	if err != nil {
		return err
	}
	found := make([][]Pair, len(holding))
	err = s.parallel(ctx, len(holding), func(_ context.Context, v *cache, b int) {
		for i := range holding[b] {
			found[b] = s.judgeAmong(found[b], v, &holding[b][i], rivals)
		}
		holding[b] = nil
	})
	if err != nil {
		return err
	}
	s.result.pairs = slices.Concat(found...)
	s.addExact(newCache(s.workers[0], s.pile))
	slices.SortFunc(s.result.pairs, func(p, q Pair) int {
		return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
	})
	return cmp.Or(context.Cause(ctx), s.pile.failure.get())
}

// sift leaves only those of the candidates of which the outlines allow that they are
// plausible, so that the others need not be analysed for it. Where both articles are at hand
// it does not look, nor where articles were found by fingerprints and have no outlines.
func (s *scan) sift(ctx context.Context) error {
	if s.wanted[verdict.Related] || s.onlyCopies() {
		return nil
	}
	outlines := s.newSieve(s.pile.outlines, func(i int32) spill.Ref { return s.pile.at(i).outline }, s.o.joinRoom(s.pile.Len(), 0))
	defer outlines.close()
	add := outlines.add()
	var left []candidate.Pair
	for _, p := range s.pairs {
		if s.pile.form(p.A) != nil && s.pile.form(p.B) != nil {
			left = append(left, p)
		} else if err := add(p); err != nil {
			return err
		}
	}
	promising, _, err := outlines.run(ctx, func() recordTest { return &outlineTest{} }, false)
	if err != nil {
		return err
	}
	s.pairs = append(promising, left...)
	slices.SortFunc(s.pairs, comparePairs)
	return nil
}

// outlineTest is that of pairs of which the outlines allow that they are plausible.
type outlineTest struct {
	language article.Language
	outlines shingle.OutlineComparer
}

func (t *outlineTest) own(language article.Language, record []byte) error {
	outline, err := shingle.ParseOutline(record)
	t.language = language
	t.outlines.Set(outline)
	return err
}

func (t *outlineTest) holds(language article.Language, record []byte) (bool, error) {
	outline, err := shingle.ParseOutline(record)
	if err != nil {
		return false, err
	}
	own, other := t.outlines.Held(outline)
	return verdict.Promising(own, other, t.language != language), nil
}

// judgeAll judges every candidate alone. It returns those that hold, in blocks, and how
// well each article is explained by the others.
func (s *scan) judgeAll(ctx context.Context) ([][]holder, *verdict.Rivals, error) {
	rivals := verdict.NewRivals(s.pile.Len())
	blocks := (len(s.pairs) + verifyBlock - 1) / verifyBlock
	holding := make([][]holder, blocks)
	done := 0
	var mu sync.Mutex
	block := func(b int) []candidate.Pair {
		return s.pairs[b*verifyBlock : min((b+1)*verifyBlock, len(s.pairs))]
	}
	reads := func(b int) (articles []int32) {
		for _, p := range block(b) {
			articles = s.appendUnkept(articles, p)
		}
		return articles
	}
	err := s.parallelReading(ctx, blocks, reads, func(v *cache, b int) {
		block := block(b)
		var hold []holder
		for _, p := range block {
			if j, ok := s.judgeAlone(v, p, rivals); ok {
				hold = append(hold, holder{p, j})
			}
		}
		holding[b] = slices.Clone(hold) // without room for more: they are large
		mu.Lock()
		defer mu.Unlock()
		done += len(block)
		s.progress(Verifying, done, len(s.pairs))
	})
	return holding, rivals, err
}

// appendUnkept appends those articles of a pair that must be read to be judged.
func (s *scan) appendUnkept(articles []int32, p candidate.Pair) []int32 {
	for _, i := range [2]int32{p.A, p.B} {
		if s.pile.form(i) == nil {
			articles = append(articles, i)
		}
	}
	return articles
}

// parallel calls work for each number under n, on all workers, until ctx ends.
func (s *scan) parallel(ctx context.Context, n int, work func(ctx context.Context, v *cache, i int)) error {
	caches := map[*Verifier]*cache{}
	for _, v := range s.workers {
		caches[v] = newCache(v, s.pile)
	}
	return s.each(ctx, n, func(v *Verifier, i int) { work(ctx, caches[v], i) })
}

// each calls work for each number under n, on all workers, until ctx ends.
func (s *scan) each(ctx context.Context, n int, work func(v *Verifier, i int)) error {
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for _, worker := range s.workers {
		group.Go(func() error {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				work(worker, i)
			}
			return context.Cause(ctx)
		})
	}
	return group.Wait()
}

// holder is a pair that holds when it is judged alone.
type holder struct {
	pair candidate.Pair
	Judgement
}

// judgeAlone judges one candidate without regard to others, and enters it among their
// rivals; ok is false if it holds no relation.
func (s *scan) judgeAlone(v *cache, p candidate.Pair, rivals *verdict.Rivals) (j Judgement, ok bool) {
	j, rival := v.Alone(v.get(p.A), v.get(p.B), !s.unlike[p])
	if rival {
		j.Enter(rivals, p.A, p.B)
	}
	j.Alignment = nil // it is made again for the few pairs of which passages are shown
	return j, j.Holds
}

// judgeAmong judges a pair that holds alone against the other candidates of its
// articles, and appends it, for every copy of its texts, if it is to be reported.
func (s *scan) judgeAmong(out []Pair, v *cache, h *holder, rivals *verdict.Rivals) []Pair {
	p, j := h.pair, &h.Judgement
	s.Among(j, rivals, p.A, p.B)
	if !s.Reports(j.Verdict) {
		return out
	}
	for i, k := range s.expanded(p) {
		out = append(out, s.pairOf(v, i, k, j))
	}
	return out
}
