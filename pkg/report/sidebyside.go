package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
)

// middle is the width of what stands between the columns: a similarity and what marks a
// passage in another place, or a line.
const middle = 9

// stripe is what stands on the same lines: a passage, or what only one article has there.
type stripe struct {
	spans   [2]article.Span // empty for a side that has nothing
	passage int             // index, or -1
}

// sideBySide writes both articles, A's text in its order, and beside it what B has for it.
func (e *explanation) sideBySide() {
	width := (e.width - middle) / 2
	fmt.Fprintln(e)
	e.heading(e.titleLine(width))
	moved := e.moved()
	anyMoved := false
	for _, s := range stripes(e.texts, e.c.Passages) {
		if s.passage < 0 {
			e.stripe(e.loose(s, width), width, "", faint)
			continue
		}
		p := e.c.Passages[s.passage]
		style := closeness(p.Similarity)
		label := fmt.Sprintf("%.2f", p.Similarity)
		if moved[s.passage] {
			label, anyMoved = label+"*", true
		}
		e.stripe([2][]line{e.lines(0, p.A, width, style), e.lines(1, p.B, width, style)}, width, label, style)
	}
	if anyMoved {
		fmt.Fprintf(e, "\n* in another place in B\n")
	}
}

// titleLine heads the columns.
func (e *explanation) titleLine(width int) string {
	return pad(sideNames[0], width+middle) + sideNames[1]
}

// loose are the lines of what only one article has.
func (e *explanation) loose(s stripe, width int) (lines [2][]line) {
	for side, span := range s.spans {
		if span.Len() > 0 {
			lines[side] = e.screen.wrapStyled(cutTo(span.Of(e.texts[side]), remnant), width, faint, nil)
		}
	}
	return lines
}

// stripe writes lines side by side, after a blank line.
func (e *explanation) stripe(sides [2][]line, width int, label, style string) {
	fmt.Fprintln(e)
	for i := range max(len(sides[0]), len(sides[1])) {
		var left, right line
		if i < len(sides[0]) {
			left = sides[0][i]
		}
		if i < len(sides[1]) {
			right = sides[1][i]
		}
		between := "│"
		if i == 0 && label != "" {
			between = label
		}
		before := (middle - columns(strings.TrimSuffix(between, "*"))) / 2
		gap := strings.Repeat(" ", width-left.columns+before)
		if right.columns == 0 {
			fmt.Fprintln(e, left.text+gap+e.screen.paint(style, between))
			continue
		}
		after := strings.Repeat(" ", middle-before-columns(between))
		fmt.Fprintln(e, left.text+gap+e.screen.paint(style, between)+after+right.text)
	}
}

// stripes puts what two texts have in order: the passages as they come in A, each
// followed by what A alone has after it, beside what B alone has after it.
func stripes(texts [2]string, passages []align.Passage) []stripe {
	var after [2]map[int][]article.Span // by the passage before, -1 for none
	for side := range texts {
		after[side] = map[int][]article.Span{}
		for _, gap := range outside(texts[side], passages, side) {
			before := lastBefore(passages, side, gap.Start)
			after[side][before] = append(after[side][before], gap)
		}
	}
	var out []stripe
	for k := -1; k < len(passages); k++ {
		if k >= 0 {
			out = append(out, stripe{spans: [2]article.Span{passages[k].A, passages[k].B}, passage: k})
		}
		for i := range max(len(after[0][k]), len(after[1][k])) {
			s := stripe{passage: -1}
			for side := range texts {
				if gaps := after[side][k]; i < len(gaps) {
					s.spans[side] = gaps[i]
				}
			}
			out = append(out, s)
		}
	}
	return out
}

// lastBefore is the passage that ends last before an offset of one text, or -1.
func lastBefore(passages []align.Passage, side, offset int) int {
	end := func(i int) int { return [2]article.Span{passages[i].A, passages[i].B}[side].End }
	last := -1
	for i := range passages {
		if end(i) <= offset && (last < 0 || cmp.Or(cmp.Compare(end(i), end(last)), cmp.Compare(i, last)) > 0) {
			last = i
		}
	}
	return last
}
