package page

import (
	"cmp"
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// detail is what is shown of a pair that is opened. Offsets are in UTF-16 units.
type detail struct {
	// Of a span stand the start, from the end of the one before on its side, and the length:
	// small numbers pack well.
	Passages []int       `json:"p"`           // by fives: span in A, span in B, and the similarity in hundredths
	Marks    []int       `json:"m,omitempty"` // by threes, those of A before those of B: span, and kind, in B four more
	Reasons  [2][]string `json:"r"`           // in English, in French
	Copy     *decision   `json:"c,omitempty"` // that it is a copy; none of exact articles
	Cross    bool        `json:"x,omitempty"` // in two languages
}

// decision is how a forest came to its answer.
type decision struct {
	Base          int     `json:"b"` // log-odds, in hundredths, as all are that are shown with two digits
	Contributions []int   `json:"c"` // by threes: number of the feature, its value in thousandths, and log-odds, the largest first
	Probability   float64 `json:"p"` // calibrated
	Threshold     float64 `json:"t"`
}

// The kinds of marks are these, and one more for a name.
const (
	markAgrees  = 0
	markDiffers = 2
	markKinds   = 4
)

func newDetail(c *dedupe.Comparison, a, b *units) detail {
	d := detail{
		Passages: []int{},
		Reasons:  [2][]string{report.Reasons(c, article.English), report.Reasons(c, article.French)},
		Cross:    c.Languages[0] != c.Languages[1],
	}
	var endA, endB int
	for _, p := range c.Passages {
		a0, a1 := a.span(p.A)
		b0, b1 := b.span(p.B)
		d.Passages = append(d.Passages, a0-endA, a1-a0, b0-endB, b1-b0, int(math.Round(100*p.Similarity)))
		endA, endB = a1, b1
	}
	d.Marks = newMarks(c, [2]*units{a, b})
	if c.Relation == verdict.Exact {
		return d
	}
	if e := c.Explanation; e != nil {
		d.Copy = newDecision(&e.Copy, d.Cross)
	}
	return d
}

// newMarks are the numbers and names on which the two sides agree or differ.
func newMarks(c *dedupe.Comparison, of [2]*units) (marks []int) {
	type mark struct {
		span article.Span
		kind int
	}
	for side, u := range of {
		var all []mark
		add := func(kind int, of shingle.MarkKind, mentions []dedupe.Mention) {
			if of == shingle.NameMark {
				kind++
			}
			for _, m := range mentions {
				start, end := u.span(m.Span)
				all = append(all, mark{article.Span{Start: start, End: end}, kind})
			}
		}
		for _, x := range c.Agreements {
			add(markAgrees, x.Kind, [2][]dedupe.Mention{x.A, x.B}[side])
		}
		for _, x := range c.Conflicts {
			add(markDiffers, x.Kind, [2][]dedupe.Mention{x.A, x.B}[side])
		}
		slices.SortStableFunc(all, func(x, y mark) int { return cmp.Or(x.span.Compare(y.span), cmp.Compare(x.kind, y.kind)) })
		end := 0
		for _, m := range all {
			marks = append(marks, m.span.Start-end, m.span.Len(), m.kind+markKinds*side)
			end = m.span.End
		}
	}
	return marks
}

func newDecision(x *verdict.Decision, cross bool) *decision {
	d := &decision{
		Base: int(math.Round(100 * x.Base)), Probability: report.Rounded(x.Probability), Threshold: rounded(x.Threshold),
		Contributions: []int{},
	}
	for _, c := range x.Contributions {
		if !report.Measured(c.Feature, cross) {
			continue
		}
		d.Contributions = append(d.Contributions, int(c.Feature), int(math.Round(1000*c.Value)), int(math.Round(100*c.LogOdds)))
	}
	return d
}
