package report

import (
	"bufio"
	"fmt"
	"iter"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
)

// The rules of tables of pairs:
//
// A line is a pair, and a blank line ends a group of copies; pairs that are only
// related come last, in a group of their own. Every line has all its columns, so that
// grep finds whole pairs. A column is as wide as its widest cell; only the two
// identifiers give way when a terminal is too narrow, each to half of what is left,
// or to more if the other needs less. They never get shorter than minID: below that
// the terminal has to break lines.

// minID is the width down to which identifiers are shortened, in columns.
const minID = 12

// tableGap separates two columns.
const tableGap = "  "

// row is a line of a table.
type row struct {
	cells [4]string
	ids   [2]string
}

var pairHead = row{
	cells: [4]string{"RELATION", "SCORE", "COVERAGE", "LANG"},
	ids:   [2]string{"A", "B"},
}

func pairRow(p *dedupe.Pair) row {
	language := languageCode(p.Languages[0])
	if p.Languages[0] != p.Languages[1] {
		language += " " + languageCode(p.Languages[1])
	}
	return row{
		cells: [4]string{
			p.Relation.String(), shownScore(p.Score),
			fmt.Sprintf("%3.0f%% %3.0f%%", 100*p.Coverage[0], 100*p.Coverage[1]), language,
		},
		ids: [2]string{Printable(p.A), Printable(p.B)},
	}
}

func languageCode(l article.Language) string {
	if l == article.Unknown {
		return "?"
	}
	return Printable(string(l))
}

// writeTable writes the table of pairs.
func writeTable(out *bufio.Writer, pairs iter.Seq[dedupe.Pair], screen Screen) error {
	groups := grouped(pairs)
	if len(groups) == 0 {
		_, err := fmt.Fprintln(out, "no relations found")
		return err
	}
	l := newLayout(pairHead, screen.Width, func(yield func(row) bool) {
		for _, group := range groups {
			for i := range group {
				if !yield(pairRow(&group[i])) {
					return
				}
			}
		}
	})
	fmt.Fprintln(out, screen.paint(strong, l.line(pairHead)))
	for i, group := range groups {
		if i > 0 {
			fmt.Fprintln(out)
		}
		for k := range group {
			if _, err := fmt.Fprintln(out, l.line(pairRow(&group[k]))); err != nil {
				return err
			}
		}
	}
	return nil
}

// layout is the width of each column.
type layout struct {
	cells [4]int
	ids   [2]int
}

// newLayout measures all rows and shares out a terminal's width; width 0 is boundless.
func newLayout(head row, width int, rows iter.Seq[row]) layout {
	var l layout
	l.widen(head)
	for r := range rows {
		l.widen(r)
	}
	if width <= 0 {
		return l
	}
	left := width - len(tableGap)*(len(l.cells)+1)
	for _, w := range l.cells {
		left -= w
	}
	half := left / 2
	switch a, b := l.ids[0], l.ids[1]; {
	case a+b <= left:
	case a <= half:
		l.ids[1] = left - a
	case b <= half:
		l.ids[0] = left - b
	default:
		l.ids = [2]int{half, left - half}
	}
	for i := range l.ids {
		l.ids[i] = max(l.ids[i], minID)
	}
	return l
}

func (l *layout) widen(r row) {
	for i, c := range r.cells {
		l.cells[i] = max(l.cells[i], columns(c))
	}
	for i, id := range r.ids {
		l.ids[i] = max(l.ids[i], columns(id))
	}
}

// line lays one row out.
func (l *layout) line(r row) string {
	var b strings.Builder
	for i, c := range r.cells {
		b.WriteString(pad(c, l.cells[i]))
		b.WriteString(tableGap)
	}
	b.WriteString(pad(shorten(r.ids[0], l.ids[0]), l.ids[0]))
	b.WriteString(tableGap)
	b.WriteString(shorten(r.ids[1], l.ids[1]))
	return b.String()
}

// grouped puts the pairs of each group of copies together, groups and pairs in the
// order in which they come. Pairs that tie no copies make the last group.
func grouped(pairs iter.Seq[dedupe.Pair]) [][]dedupe.Pair {
	var all []dedupe.Pair
	var edges []cluster.Edge
	number := map[string]int32{}
	place := func(id string) int32 {
		n, met := number[id]
		if !met {
			n = int32(len(number))
			number[id] = n
		}
		return n
	}
	for p := range pairs {
		all = append(all, p)
		edges = append(edges, cluster.Edge{A: place(p.A), B: place(p.B), Relation: p.Relation, Score: p.Score})
	}
	clusters := cluster.Build(len(number), edges, func(int) cluster.Member { return cluster.Member{} }, cluster.First)
	in := make([]int, len(number)) // the number of the cluster, from 1
	for i, c := range clusters {
		for _, m := range c.Members {
			in[m] = i + 1
		}
	}
	groups := make([][]dedupe.Pair, len(clusters)+1)
	for i, p := range all {
		a, b := in[edges[i].A], in[edges[i].B]
		group := len(clusters)
		if p.Relation.IsCopy() || a == b && a > 0 {
			group = a - 1
		}
		groups[group] = append(groups[group], p)
	}
	if len(groups[len(clusters)]) == 0 {
		groups = groups[:len(clusters)]
	}
	return groups
}
