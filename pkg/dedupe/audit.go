package dedupe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/zeebo/xxh3"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// ErrSample is returned for a sample of less than no article.
var ErrSample = errors.New("sample is less than 0")

// AuditOptions of Audit. The zero value compares every article with every other.
type AuditOptions struct {
	Sample int    // articles that are compared with all others; 0: all of them
	Seed   uint64 // another seed draws another sample
}

// Audit is what the candidate stage of Scan finds of the relations that there are.
type Audit struct {
	Articles   int     // in the pile
	Rejected   []error // as in Result
	Sampled    int     // articles compared with all others
	Compared   int     // pairs of a sampled article and another within the window, each once
	Candidates float64 // partners of an article that are proposed: the mean over distinct texts

	Relations map[verdict.Relation]Recall // those wanted
	Bands     []Band                      // those that hold a pair, by similarity
	All       Recall
	Missed    []Miss // by A, then B
	Elapsed   map[Stage]time.Duration
}

// Recall counts pairs: those tied by a relation, and how many of them Scan would have
// looked at.
type Recall struct{ Pairs, Found int }

// Share is the recall, 0 to 1; 0 when there is no pair.
func (r Recall) Share() float64 { return float64(r.Found) / float64(max(r.Pairs, 1)) }

func (r *Recall) add(pairs int, found bool) {
	r.Pairs += pairs
	if found {
		r.Found += pairs
	}
}

// Band is the recall of the pairs whose similarity is at least From and less than To.
// The last one holds similarity 1 too.
type Band struct {
	From, To float64
	Recall
}

// Miss is a relation that Scan does not find: between A and B, of which A comes
// first in byte order, and all other articles with their texts.
type Miss struct {
	A, B       string
	Relation   verdict.Relation
	Score      float64
	Similarity float64 // mean of the two BiMax values, 0 to 1
	Pairs      int     // of articles with these two texts, one of them sampled; mostly 1
	Filtered   bool    // the pair was a candidate, but not verdict.Plausible
}

// Audit measures the recall of the candidate stage of Scan by brute force. It reads
// the articles as Scan does, draws a sample, and judges every pair of a sampled article
// and any other, be it a candidate or not. Of the relations that hold, those count as
// found that Scan would have looked at: the two texts are the same, or the pair is a
// candidate and plausible. Relations, MinScore, Window and the rest of Options are as for Scan;
// since Scan looks at more pairs when verdict.Related is wanted, so does Audit.
//
// Articles with the same text are judged by the first of them, as by Scan. The sample
// depends on the seed and on the ids, and a larger one holds the smaller ones. Audit
// takes time in proportion to the sample times the pile.
func (d *Detector) Audit(ctx context.Context, articles iter.Seq2[article.Article, error], o AuditOptions) (*Audit, error) {
	if o.Sample < 0 {
		return nil, fmt.Errorf("%w: %d", ErrSample, o.Sample)
	}
	a := &audit{scan: d.newScan(), o: o}
	defer a.pile.Close()
	err := a.run(ctx, []step{
		{Reading, func(ctx context.Context) error { return a.read(ctx, articles) }},
		{Joining, a.join},
		{Verifying, func(ctx context.Context) (err error) {
			_, a.rivals, err = a.judgeAll(ctx)
			return err
		}},
		{Comparing, a.compare},
	})
	if err != nil {
		return nil, err
	}
	return a.count(), nil
}

// audit is one run of Audit.
type audit struct {
	*scan
	o       AuditOptions
	sampled []bool // by article
	rivals  *verdict.Rivals
	periods map[int32][]candidate.Period // of the editions of a leader; nil without a window

	mu   sync.Mutex
	done int    // pairs of texts compared
	tied []tied // texts
}

// tied is a pair of texts, by their first articles, for which a relation holds.
type tied struct {
	candidate.Pair
	Judgement
	similarity float64
	candidate  bool
	plausible  bool
}

// sample draws the articles whose seeded hashes of the id are least, and returns the
// texts of theirs, in order.
func (a *audit) sample() []int32 {
	order := make([]int32, a.pile.Len())
	hashes := make([]uint64, len(order))
	for i := range order {
		order[i], hashes[i] = int32(i), xxh3.HashStringSeed(a.pile.idOf(int32(i)), a.o.Seed)
	}
	if a.o.Sample > 0 && a.o.Sample < len(order) {
		slices.SortFunc(order, func(i, j int32) int { return cmp.Or(cmp.Compare(hashes[i], hashes[j]), cmp.Compare(i, j)) })
		order = order[:a.o.Sample]
	}
	a.sampled = make([]bool, a.pile.Len())
	texts := make([]int32, 0, len(order))
	for _, i := range order {
		a.sampled[i] = true
		texts = append(texts, a.lead[i])
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

const (
	// auditBlock is the number of sampled texts that are compared in one pass over the
	// pile: an article of which no analysed form is kept is analysed once a pass.
	auditBlock = 512
	// auditTile is the number of articles of the pile that a worker takes at a time: few
	// enough that their analysed forms stay in its cache while the block goes by.
	auditTile = 16
)

// compare judges every pair of a sampled text and another within the window.
func (a *audit) compare(ctx context.Context) error {
	texts, pile := a.sample(), a.leaders()
	a.findPeriods(pile)
	total := len(texts) * len(pile)
	a.progress(Comparing, 0, total)
	for block := range slices.Chunk(texts, auditBlock) {
		forms, err := a.forms(ctx, block)
		if err != nil {
			return err
		}
		err = a.parallel(ctx, (len(pile)+auditTile-1)/auditTile, func(ctx context.Context, v *cache, n int) {
			tile := pile[n*auditTile : min((n+1)*auditTile, len(pile))]
			found := a.tile(ctx, v.Verifier, block, forms, tile)
			a.mu.Lock()
			defer a.mu.Unlock()
			a.tied = append(a.tied, found...)
			a.done += len(block) * len(tile)
			a.progress(Comparing, a.done, total)
		})
		if err != nil {
			return err
		}
	}
	slices.SortFunc(a.tied, func(p, q tied) int { return comparePairs(p.Pair, q.Pair) })
	a.judgeTied()
	return cmp.Or(context.Cause(ctx), a.pile.failure.get())
}

// forms are the analysed forms of some texts, in their order.
func (a *audit) forms(ctx context.Context, texts []int32) ([]*shingle.Article, error) {
	forms := make([]*shingle.Article, len(texts))
	err := a.parallel(ctx, len(texts), func(_ context.Context, v *cache, n int) {
		forms[n] = a.form(v.Verifier, texts[n])
	})
	return forms, err
}

// form is the analysed form of an article.
func (a *audit) form(v *Verifier, i int32) *shingle.Article {
	if x := a.pile.form(i); x != nil {
		return x
	}
	whole := a.pile.article(i)
	return v.Analyse(&whole)
}

// tile compares the texts of a block, given with their analysed forms, with some texts
// of the pile. Where both are sampled the pair comes up twice, and the second time is
// passed over.
func (a *audit) tile(ctx context.Context, v *Verifier, block []int32, forms []*shingle.Article, tile []int32) []tied {
	others := make([]*shingle.Article, len(tile))
	for n, i := range tile {
		others[n] = a.form(v, i)
	}
	var found []tied
	for n, s := range block {
		if ctx.Err() != nil {
			return found
		}
		for m, i := range tile {
			switch {
			case i == s || i < s && a.inSample(i) || !a.mayPair(i, s):
			case i < s:
				found = a.judgeTexts(found, v, candidate.Pair{A: i, B: s}, others[m], forms[n])
			default:
				found = a.judgeTexts(found, v, candidate.Pair{A: s, B: i}, forms[n], others[m])
			}
		}
	}
	return found
}

// findPeriods notes when the texts came out.
func (a *audit) findPeriods(leaders []int32) {
	if a.scan.o.Window == 0 {
		return
	}
	a.periods = map[int32][]candidate.Period{}
	for _, leader := range leaders {
		for _, edition := range a.editions(a.family(leader)) {
			a.periods[leader] = append(a.periods[leader], a.period(edition))
		}
	}
}

// mayPair reports whether articles with the two texts came out within the window.
func (a *audit) mayPair(x, y int32) bool {
	if a.periods == nil {
		return true
	}
	return slices.ContainsFunc(a.periods[x], func(p candidate.Period) bool {
		return slices.ContainsFunc(a.periods[y], func(q candidate.Period) bool { return p.Near(q, a.scan.o.Window) })
	})
}

// inSample reports whether an article with the text was sampled.
func (a *audit) inSample(leader int32) bool {
	return slices.ContainsFunc(a.family(leader), func(i int32) bool { return a.sampled[i] })
}

// judgeTexts appends the pair if a relation holds when it is judged alone.
func (a *audit) judgeTexts(out []tied, v *Verifier, p candidate.Pair, x, y *shingle.Article) []tied {
	// A text that is as short as that has exact copies only, and they are joined.
	if min(x.Words, y.Words) < verdict.MinWords {
		return out
	}
	j := v.judge(x, y, false)
	if !j.Holds {
		return out
	}
	j.Alignment = nil
	similarity := (j.Features.Values[verdict.BiMaxMin] + j.Features.Values[verdict.BiMaxMax]) / 2
	// As in judgeAlone: where related articles are wanted, what is not plausible may be related.
	plausible := verdict.Plausible(x, y) || a.wanted[verdict.Related] && j.Relation == verdict.Related
	return append(out, tied{Pair: p, Judgement: j, similarity: min(similarity, 1), plausible: plausible})
}

// judgeTied judges the pairs that hold alone against their rivals, as Scan would if
// they all were candidates, and keeps those that it would report.
func (a *audit) judgeTied() {
	for i := range a.tied {
		t := &a.tied[i]
		_, t.candidate = slices.BinarySearchFunc(a.pairs, t.Pair, comparePairs)
		if !t.candidate || !t.plausible {
			a.rivals.Add(t.A, t.B, &t.Features)
			if t.Relation == verdict.Reworded {
				a.rivals.Reword(t.A, t.B, &t.Features)
			}
		}
	}
	n := 0
	for i := range a.tied {
		t := &a.tied[i]
		if a.Among(&t.Judgement, a.rivals, t.A, t.B); a.Reports(t.Verdict) {
			a.tied[n] = *t
			n++
		}
	}
	a.tied = a.tied[:n]
}
