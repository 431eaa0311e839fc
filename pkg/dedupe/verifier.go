package dedupe

import (
	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Verifier analyses articles and compares them: what Scan does with a pile, for who keeps
// one otherwise, as package archive does. It is for one goroutine.
type Verifier struct {
	*Detector
	builder   *shingle.Builder
	aligner   align.Aligner
	furniture *text.Furniture // that recurs in the pile; nil where there is none
}

// NewVerifier makes a Verifier with the Detector's options.
func (d *Detector) NewVerifier() *Verifier {
	return &Verifier{Detector: d, builder: shingle.NewBuilder(d.lexicon)}
}

// Furnish has Analyse and Explain leave out the furniture that recurs in a pile.
func (v *Verifier) Furnish(recurring *text.Furniture) { v.furniture = recurring }

// Analyse makes the analysed form of an article.
func (v *Verifier) Analyse(a *article.Article) *shingle.Article {
	return v.Build(a, v.furniture.Of(a)...)
}

// Build is Analyse where the furniture that recurs is known, beside what the rules find.
func (v *Verifier) Build(a *article.Article, furniture ...article.Span) *shingle.Article {
	return v.builder.Build(a, v.languageOf(a), furniture...)
}

// buildKeys is Build without what only comparing needs; see shingle.Builder.BuildKeys.
func (v *Verifier) buildKeys(a *article.Article, furniture ...article.Span) *shingle.Article {
	return v.builder.BuildKeys(a, v.languageOf(a), furniture...)
}

// Rebuild is Build for an article that was analysed before, whose language and hash are
// known; see shingle.Builder.Rebuild.
func (v *Verifier) Rebuild(a *article.Article, language article.Language, hash article.Hash, furniture ...article.Span) *shingle.Article {
	return v.builder.Rebuild(a, language, hash, furniture...)
}

// Listen has what Build reads told to a listener; see shingle.Builder.Listen.
func (v *Verifier) Listen(l shingle.Listener) { v.builder.Listen(l) }

// Judgement is a pair's verdict with what it rests on.
type Judgement struct {
	verdict.Verdict
	Features  verdict.Features
	Alignment *align.Alignment
	Coverage  [2]float64
}

// exact is the verdict on two articles with the same words.
var exact = verdict.Verdict{Relation: verdict.Exact, Score: 1, Holds: true}

// judge compares two analysed articles. Unless the features are always wanted, a pair
// that can be nothing that is reported is given up early.
func (v *Verifier) judge(a, b *shingle.Article, always bool) Judgement {
	x := v.aligner.Align(a, b)
	if len(x.Beads) == 0 && !v.wanted[verdict.Related] && !always {
		return Judgement{Alignment: x}
	}
	j := Judgement{Alignment: x, Features: verdict.Measure(a, b, x)}
	j.Coverage[0], j.Coverage[1] = x.Coverage(a, b)
	if a.Hash == b.Hash && a.Language == b.Language && a.Words > 0 {
		return Judgement{Verdict: exact, Features: j.Features, Alignment: x, Coverage: [2]float64{1, 1}}
	}
	if always {
		j.Verdict = v.model.Judge(&j.Features)
	} else {
		j.Verdict = v.verdict(&j.Features)
	}
	return j
}

// Alone judges a candidate, whose articles come in order of their ids, without regard to
// others. It holds if j.Holds; rival tells whether it is to be entered among the Rivals
// of its articles. Unlike articles, those that are not candidate.Keys.Alike, can be Related
// and nothing else.
func (v *Verifier) Alone(a, b *shingle.Article, alike bool) (j Judgement, rival bool) {
	plausible := alike && verdict.Plausible(a, b)
	if !plausible && !v.wanted[verdict.Related] {
		return Judgement{}, false
	}
	j = v.judge(a, b, false)
	j.Holds = j.Holds && (plausible || j.Relation == verdict.Related)
	return j, plausible && len(j.Alignment.Beads) > 0
}

// Enter enters a pair that was judged alone, by the numbers of its articles, among their
// rivals.
func (j *Judgement) Enter(rivals *verdict.Rivals, a, b int32) {
	rivals.Add(a, b, &j.Features)
	if j.Holds && j.Relation == verdict.Reworded {
		rivals.Reword(a, b, &j.Features)
	}
}

// Among judges a pair that holds alone against its rivals, when all are entered.
func (d *Detector) Among(j *Judgement, rivals *verdict.Rivals, a, b int32) {
	if j.Relation.IsCopy() && j.Relation != verdict.Exact {
		rivals.Margins(a, b, &j.Features)
		j.Verdict = d.verdict(&j.Features)
	}
}
