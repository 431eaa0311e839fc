package fit

import (
	"context"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/language"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// example is a candidate pair with its features and what it is.
type example struct {
	features verdict.Features
	class    verdict.Class
	origin   int     // of its first article's main content
	fold     int     // in which it is left out of the fitting
	weight   float64 // pools weigh the same
	edited   bool    // a whole copy, in one language, of the very words
	apart    bool    // of one story, with nothing in common
	lent     bool    // is of two languages, lent to the model of one
	likely   bool    // verdict.Plausible: a scan for copies looks at it
}

// Shares of the content held that make a pair whole, a part, or the same story.
// Pairs between them are left out: what they are is a matter of taste. Two parts of a
// story that hold a little of one another are examples of a story, as two reports that
// quote the same words are, but only those quite apart are examples of no copy.
const (
	wholeFrom  = 0.70
	partFrom   = 0.85
	partBelow  = 0.55
	storyBelow = 0.35
	apartBelow = 0.05
)

// classify says what two variants are to one another; ok is false between classes.
func classify(a, b *variant) (class verdict.Class, ok bool) {
	inA, inB, shared := held(a, b)
	lesser, greater := min(inA, inB), max(inA, inB)
	switch {
	case !shared:
		return verdict.Unrelated, true
	case lesser >= wholeFrom:
		return verdict.Whole, true
	case greater >= partFrom && lesser <= partBelow:
		return verdict.Part, true
	case greater <= storyBelow && a.pieces[0].origin == b.pieces[0].origin:
		return verdict.SameStory, true
	}
	return 0, false
}

// held is the share of each variant's content that the other has too.
func held(a, b *variant) (ofA, ofB float64, shared bool) {
	var wordsA, wordsB, inA, inB float64
	for _, p := range a.pieces {
		wordsA += float64(p.words)
	}
	for _, q := range b.pieces {
		wordsB += float64(q.words)
	}
	for _, p := range a.pieces {
		for _, q := range b.pieces {
			if p.origin != q.origin {
				continue
			}
			shared = true
			if both := min(p.to, q.to) - max(p.from, q.from); both > 0 {
				inA += float64(p.words) * both / (p.to - p.from)
				inB += float64(q.words) * both / (q.to - q.from)
			}
		}
	}
	return inA / max(wordsA, 1), inB / max(wordsB, 1), shared
}

// examples joins the variants of a pool as a scan would and measures the candidates.
func examples(vs []variant, l *lexicon.Lexicon) []example {
	analysed := analyse(vs, l)
	keys := make([]candidate.Keys, len(vs))
	for i, x := range analysed {
		keys[i] = candidate.KeysOf(x)
	}
	pairs, _ := candidate.Join(context.Background(), keys, candidate.Options{Workers: runtime.GOMAXPROCS(0)}) // fails only when its context ends
	out := make([]example, len(pairs))
	used := make([]bool, len(pairs))
	parallel(len(pairs), func() func(int) {
		var aligner align.Aligner
		return func(i int) {
			p := pairs[i]
			out[i], used[i] = measure(&aligner, &vs[p.A], &vs[p.B], analysed[p.A], analysed[p.B])
		}
	})
	rivals := verdict.NewRivals(len(vs))
	for i, p := range pairs {
		if out[i].likely && out[i].features.Values[verdict.CoverageMax] > 0 {
			rivals.Add(p.A, p.B, &out[i].features)
			if used[i] && isReworded(&out[i]) {
				rivals.Reword(p.A, p.B, &out[i].features)
			}
		}
	}
	n := 0
	for i, p := range pairs {
		if used[i] {
			if out[i].likely {
				rivals.Margins(p.A, p.B, &out[i].features)
			}
			out[n] = out[i]
			n++
		}
	}
	return out[:n]
}

// isReworded reports whether an example is a whole copy in one language in other words,
// as far as can be told before the threshold for it is fitted.
func isReworded(e *example) bool {
	return e.class == verdict.Whole && !e.features.Cross && e.features.Values[verdict.GramMax] < 0.4
}

// measure makes the example of a pair. It is not used between classes, but a rival all
// the same; exact copies are neither.
func measure(aligner *align.Aligner, va, vb *variant, a, b *shingle.Article) (e example, used bool) {
	if a.Hash == b.Hash {
		return example{}, false
	}
	e = example{likely: verdict.Plausible(a, b), origin: va.lead, weight: 1}
	e.features = verdict.Measure(a, b, aligner.Align(a, b))
	class, ok := classify(va, vb)
	if !ok {
		return e, false
	}
	if class == verdict.Unrelated && !e.features.Cross &&
		mayBeCopy(&e.features, va.labelled && vb.labelled) && !otherNumbers(a, b, &e.features) {
		return e, false
	}
	if e.features.Cross && va.updated != vb.updated {
		return e, false // whether a take is a translation of another take is a matter of taste
	}
	e.class = class
	ofA, ofB, _ := held(va, vb)
	e.apart = max(ofA, ofB) <= apartBelow
	if class == verdict.Whole && !e.features.Cross {
		e.edited = va.verbatim == vb.verbatim
	}
	return e, true
}

// mayBeCopy reports whether two articles of one language that no label ties share so
// many word runs, and of their rarest concepts, that they may be natural copies. They
// teach nothing. Two notices of one template, such as dividends, share less. Labels tell
// all translations, and with them which articles are not the same, but not which are the
// same but for a word.
func mayBeCopy(f *verdict.Features, labelled bool) bool {
	grams := f.Values[verdict.GramMax]
	if labelled {
		return grams > 0.8
	}
	return grams > 0.6 || grams > 0.3 && f.Values[verdict.HeldMax] > 0.6
}

// manyNumbers are enough to tell two notices of one template, such as two days' reports of
// one market, by those that they do not share: a copy, and a next take, keeps most.
const manyNumbers = 4

// otherNumbers reports whether both articles have many numbers and share few.
func otherNumbers(a, b *shingle.Article, f *verdict.Features) bool {
	return min(numbers(a), numbers(b)) >= manyNumbers && f.Values[verdict.NumbersHeld] < 0.45
}

func numbers(a *shingle.Article) (n int) {
	for _, m := range a.Marks {
		if m.Kind == shingle.NumberMark {
			n++
		}
	}
	return n
}

// analyse builds the shingles of every variant.
func analyse(vs []variant, l *lexicon.Lexicon) []*shingle.Article {
	out := make([]*shingle.Article, len(vs))
	parallel(len(vs), func() func(int) {
		b := shingle.NewBuilder(l)
		return func(i int) {
			a := &vs[i].article
			lang := language.FunctionWords{}.Detect(a.Text)
			if lang == article.Unknown {
				lang = a.Language
			}
			out[i] = b.Build(a, lang)
		}
	})
	return out
}

// parallel calls work for 0 to n−1, one function a goroutine.
func parallel(n int, worker func() func(int)) {
	var next atomic.Int64
	var group errgroup.Group
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			work := worker()
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				work(i)
			}
		})
	}
	_ = group.Wait() // no worker fails
}
