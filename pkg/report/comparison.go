package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

// The rules of the explanation:
//
// On a terminal of sideBySide columns or more the articles stand side by side, A on the
// left, in the order of A: what matches on the same lines, with its similarity between
// the columns, and what only one of them has, faint, on lines of its own. On a narrower
// terminal, and in a file, B's side of a passage stands under A's, and what only one
// article has follows the passages. Such stretches are cut to remnant characters. Texts are
// wrapped to the terminal, in a file to fileWidth columns. Colours say how close a passage
// is; numbers and names that conflict are stressed.
const (
	sideBySide = 72
	fileWidth  = 80
	remnant    = 240
)

// Comparison explains how two articles are tied, in words, with what was measured and
// with the passages that match. A and b are the articles in the order in which they
// were given to dedupe.Detector.Compare, and are shown in it. With explain it tells what
// each feature counted for.
func Comparison(w io.Writer, c dedupe.Comparison, a, b article.Article, explain bool, screen Screen) error {
	if c.Swapped {
		c = turned(c)
	}
	e := &explanation{
		Writer: bufio.NewWriter(w), c: &c, texts: [2]string{a.Text, b.Text},
		screen: screen, width: screen.Width, columns: screen.Width >= sideBySide,
	}
	if e.width <= 0 {
		e.width = fileWidth
	}
	e.verdict(a.ID, b.ID)
	if explain {
		e.contributions()
	} else {
		e.features()
	}
	e.conflicts = conflictSpans(&c)
	if e.columns {
		e.sideBySide()
		return e.Flush()
	}
	e.passages()
	for side := range e.texts {
		e.remnants(side)
	}
	return e.Flush()
}

// turned is the comparison with its articles exchanged.
func turned(c dedupe.Comparison) dedupe.Comparison {
	c.A, c.B = c.B, c.A
	c.Languages[0], c.Languages[1] = c.Languages[1], c.Languages[0]
	c.Coverage[0], c.Coverage[1] = c.Coverage[1], c.Coverage[0]
	c.Attributes[0], c.Attributes[1] = c.Attributes[1], c.Attributes[0]
	c.Conflicts = slices.Clone(c.Conflicts)
	for i, x := range c.Conflicts {
		c.Conflicts[i].A, c.Conflicts[i].B = x.B, x.A
	}
	slices.SortStableFunc(c.Conflicts, func(x, y dedupe.Conflict) int { return x.A[0].Span.Compare(y.A[0].Span) })
	c.Agreements = slices.Clone(c.Agreements)
	for i, x := range c.Agreements {
		c.Agreements[i].A, c.Agreements[i].B = x.B, x.A
	}
	c.Passages = slices.Clone(c.Passages)
	for i, p := range c.Passages {
		c.Passages[i].A, c.Passages[i].B = p.B, p.A
	}
	slices.SortStableFunc(c.Passages, func(p, q align.Passage) int { return p.A.Compare(q.A) })
	return c
}

// explanation writes one comparison.
type explanation struct {
	*bufio.Writer
	c       *dedupe.Comparison
	texts   [2]string
	screen  Screen
	width   int
	columns bool // the articles stand side by side

	conflicts [2][]article.Span // numbers and names of either text that the other side has otherwise
}

var sideNames = [2]string{"A", "B"}

// verdict writes the answer, what was compared, and why.
func (e *explanation) verdict(ids ...string) {
	switch {
	case e.c.Relation != verdict.None:
		e.heading(fmt.Sprintf("%s: score %s", e.c.Relation, shownScore(e.c.Score)))
	case e.c.Score > 0:
		e.heading(fmt.Sprintf("no relation: score %.3f is too low", e.c.Score))
	default:
		e.heading("no relation: score 0")
	}
	fmt.Fprintln(e)
	for i, id := range ids {
		fmt.Fprintf(e, "%s  %s  (%s, %s in passages)\n", e.screen.paint(strong, sideNames[i]), Printable(id),
			languageName(e.c.Languages[i]), percent(e.c.Coverage[i]))
		e.attributes(&e.c.Attributes[i])
	}
	fmt.Fprintln(e)
	for _, line := range wrap(strings.Join(Reasons(e.c, article.English), " "), e.width) {
		fmt.Fprintln(e, line)
	}
}

// attributes writes what an article says of where it comes from.
func (e *explanation) attributes(a *text.Attributes) {
	for _, x := range []struct{ name, value string }{
		{"byline", a.Byline}, {"dateline", a.Dateline}, {"agency", a.Agency}, {"published", a.Published},
	} {
		if x.value != "" {
			fmt.Fprintf(e, "   %-9s  %s\n", x.name, Printable(x.value))
		}
	}
}

func (e *explanation) heading(text string) { fmt.Fprintln(e, e.screen.paint(strong, text)) }

func (e *explanation) features() {
	fmt.Fprintln(e)
	e.heading("What was measured")
	for f := range verdict.NumFeatures {
		if measured(f, e.c.Features.Cross) {
			fmt.Fprintln(e, featureLine(f, e.c.Features.Values[f]))
		}
	}
}

// passages writes the stretches that match.
func (e *explanation) passages() {
	if len(e.c.Passages) == 0 {
		return
	}
	fmt.Fprintln(e)
	e.heading(fmt.Sprintf("Passages that match (%d)", len(e.c.Passages)))
	for i, moved := range e.moved() {
		p := &e.c.Passages[i]
		label := fmt.Sprintf("%d  similarity %.2f", i+1, p.Similarity)
		if moved {
			label += ", in another place"
		}
		fmt.Fprintf(e, "\n%s\n", e.screen.paint(closeness(p.Similarity), label))
		e.under(p)
	}
}

// moved says of each passage whether it comes in B before one that it follows in A.
func (e *explanation) moved() []bool {
	moved := make([]bool, len(e.c.Passages))
	reached := 0 // in B
	for i, p := range e.c.Passages {
		moved[i] = p.B.Start < reached
		reached = max(reached, p.B.End)
	}
	return moved
}

// closeness is the style of a similarity.
func closeness(similarity float64) string {
	switch {
	case similarity >= 0.6:
		return good
	case similarity >= 0.4:
		return fair
	}
	return plain
}

// under writes the sides of a passage one below the other.
func (e *explanation) under(p *align.Passage) {
	for side, span := range []article.Span{p.A, p.B} {
		for i, l := range e.lines(side, span, e.width-3, plain) {
			name := " "
			if i == 0 {
				name = sideNames[side]
			}
			fmt.Fprintf(e, "%s  %s\n", name, l.text)
		}
	}
}

// lines are those of a stretch of one article, with the conflicts in it stressed.
func (e *explanation) lines(side int, span article.Span, width int, style string) []line {
	var marks []article.Span
	for _, m := range e.conflicts[side] {
		if m.Overlaps(span) {
			marks = append(marks, article.Span{Start: m.Start - span.Start, End: m.End - span.Start})
		}
	}
	return e.screen.wrapStyled(span.Of(e.texts[side]), width, style, marks)
}

// conflictSpans are where the numbers and names that conflict stand, in A and in B.
func conflictSpans(c *dedupe.Comparison) (spans [2][]article.Span) {
	for _, x := range c.Conflicts {
		for side, mentions := range [][]dedupe.Mention{x.A, x.B} {
			for _, m := range mentions {
				spans[side] = append(spans[side], m.Span)
			}
		}
	}
	return spans
}

// remnants writes what stands outside all passages of one article.
func (e *explanation) remnants(side int) {
	text := e.texts[side]
	spans := outside(text, e.c.Passages, side)
	if len(spans) == 0 {
		return
	}
	fmt.Fprintln(e)
	e.heading(fmt.Sprintf("Only in %s (%d)", sideNames[side], len(spans)))
	for _, span := range spans {
		fmt.Fprintln(e)
		for _, line := range wrap(cutTo(span.Of(text), remnant), e.width) {
			fmt.Fprintln(e, e.screen.paint(faint, line))
		}
	}
}

// outside lists the stretches with a letter or digit that no passage covers.
func outside(text string, passages []align.Passage, side int) []article.Span {
	covered := make([]article.Span, len(passages))
	for i, p := range passages {
		covered[i] = [2]article.Span{p.A, p.B}[side]
	}
	slices.SortFunc(covered, article.Span.Compare)
	var out []article.Span
	from := 0
	for _, c := range append(covered, article.Span{Start: len(text), End: len(text)}) {
		gap := article.Span{Start: from, End: c.Start}
		if gap.Len() > 0 && strings.ContainsFunc(gap.Of(text), isWordRune) {
			out = append(out, gap)
		}
		from = max(from, c.End)
	}
	return out
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// cutTo shortens text to about n characters, at a space if there is one near.
func cutTo(text string, n int) string {
	text = strings.TrimSpace(text)
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	cut := string(runes[:n])
	if i := strings.LastIndexAny(cut, " \n"); i > len(cut)/2 {
		cut = cut[:i]
	}
	return cut + " …"
}

// jsonComparison is a comparison as it stands in JSON.
type jsonComparison struct {
	jsonPair
	Attributes [2]jsonAttributes  `json:"attributes"`
	Features   map[string]float64 `json:"features"`
	Reasons    []string           `json:"reasons"`
	Explained  *jsonExplanation   `json:"explanation,omitempty"`
}

// jsonAttributes are the attributes of an article as they stand in JSON.
type jsonAttributes struct {
	Byline    string `json:"byline,omitempty"`
	Dateline  string `json:"dateline,omitempty"`
	Agency    string `json:"agency,omitempty"`
	Published string `json:"published,omitempty"`
}

// ComparisonJSON writes the comparison as one JSON object: that of the pair, with its
// passages, and in it "attributes" (of a and of b, as far as the texts state them:
// "byline", "dateline", "agency", "published"), "features", by name, and "reasons", in sentences. As in every
// pair, a is the lesser id. With explain there is "explanation": the rules "against" a
// copy, the decisions "copy", "part" and "story" with the log-odds that each feature adds,
// the largest first, and the "conflicts" of numbers and names, as byte offsets; for exact
// articles only the "rule".
func ComparisonJSON(w io.Writer, c dedupe.Comparison, explain bool) error {
	j := jsonComparison{
		jsonPair: newJSONPair(&c.Pair, true), Features: map[string]float64{}, Reasons: Reasons(&c, article.English),
		Attributes: [2]jsonAttributes{jsonAttributes(c.Attributes[0]), jsonAttributes(c.Attributes[1])},
	}
	for f := range verdict.NumFeatures {
		if measured(f, c.Features.Cross) {
			j.Features[f.String()] = rounded(c.Features.Values[f])
		}
	}
	if explain {
		j.Explained = newJSONExplanation(&c)
	}
	return newEncoder(w).Encode(j)
}
