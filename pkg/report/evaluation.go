package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/calque-dev/calque/pkg/report/evaluation"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Evaluation writes a table with a line a relation and one for all together, and
// below it, if wanted, every mistake: a pair that was missed, one that is wrong, or
// one that was found as another relation than the gold names.
func Evaluation(w io.Writer, r *evaluation.Result, mistakes bool, screen Screen) error {
	out := bufio.NewWriter(w)
	head := fmt.Sprintf("%-19s  %7s  %7s  %7s  %9s  %6s  %6s", "RELATION", "GOLD", "FOUND", "CORRECT", "PRECISION", "RECALL", "F1")
	fmt.Fprintln(out, screen.paint(strong, head))
	for _, relation := range verdict.Relations() {
		if c, ok := r.Relations[relation]; ok {
			fmt.Fprintln(out, countsLine(relation.String(), c))
		}
	}
	fmt.Fprintln(out, countsLine("all", r.All))
	if mistakes {
		writeMistakes(out, r.Mistakes, screen)
	}
	return out.Flush()
}

// countsLine shows what has nothing to divide by as a dash.
func countsLine(name string, c evaluation.Counts) string {
	ratio := func(x float64, whole int) string {
		if whole == 0 {
			return "-"
		}
		return fmt.Sprintf("%.4f", x)
	}
	return fmt.Sprintf("%-19s  %7d  %7d  %7d  %9s  %6s  %6s", name, c.Gold, c.Found, c.Correct,
		ratio(c.Precision(), c.Found), ratio(c.Recall(), c.Gold), ratio(c.F1(), c.Gold+c.Found))
}

var mistakeHead = row{
	cells: [4]string{"MISTAKE", "EXPECTED", "FOUND", "SCORE"},
	ids:   [2]string{"A", "B"},
}

func mistakeRow(m *evaluation.Mistake) row {
	return row{
		cells: [4]string{mistakeKind(m), expected(m), m.Found.String(), shownScore(m.Score)},
		ids:   [2]string{Printable(m.A), Printable(m.B)},
	}
}

func mistakeKind(m *evaluation.Mistake) string {
	switch {
	case m.Missed && m.Wrong:
		return "relation"
	case m.Missed:
		return "missed"
	}
	return "wrong"
}

// expected is the relation of the gold: any where it names none, none where it does
// not have the pair.
func expected(m *evaluation.Mistake) string {
	if m.Missed && m.Expected == verdict.None {
		return "any"
	}
	return m.Expected.String()
}

func writeMistakes(out *bufio.Writer, mistakes []evaluation.Mistake, screen Screen) {
	if len(mistakes) == 0 {
		fmt.Fprintln(out, "\nno mistakes")
		return
	}
	l := newLayout(mistakeHead, screen.Width, func(yield func(row) bool) {
		for i := range mistakes {
			if !yield(mistakeRow(&mistakes[i])) {
				return
			}
		}
	})
	fmt.Fprintf(out, "\n%s\n", screen.paint(strong, l.line(mistakeHead)))
	for i := range mistakes {
		fmt.Fprintln(out, l.line(mistakeRow(&mistakes[i])))
	}
}

// jsonEvaluation is an evaluation as it stands in JSON. Errors is nil when nobody asked.
type jsonEvaluation struct {
	Relations map[verdict.Relation]jsonCounts `json:"relations"`
	All       jsonCounts                      `json:"all"`
	Errors    []jsonMistake                   `json:"errors,omitzero"`
}

type jsonCounts struct {
	Gold      int     `json:"gold"`
	Found     int     `json:"found"`
	Correct   int     `json:"correct"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

type jsonMistake struct {
	A        string           `json:"a"`
	B        string           `json:"b"`
	Mistake  string           `json:"mistake"`
	Expected string           `json:"expected"`
	Found    verdict.Relation `json:"found"`
	Score    float64          `json:"score"`
}

// EvaluationJSON writes the evaluation as one JSON object: the counts by relation, in
// "relations", and for "all"; and, if wanted, the mistakes as "errors".
func EvaluationJSON(w io.Writer, r *evaluation.Result, mistakes bool) error {
	j := jsonEvaluation{Relations: map[verdict.Relation]jsonCounts{}, All: newJSONCounts(r.All)}
	for relation, c := range r.Relations {
		j.Relations[relation] = newJSONCounts(c)
	}
	if mistakes {
		j.Errors = make([]jsonMistake, len(r.Mistakes))
		for i := range r.Mistakes {
			m := &r.Mistakes[i]
			j.Errors[i] = jsonMistake{m.A, m.B, mistakeKind(m), expected(m), m.Found, roundedScore(m.Score, 4)}
		}
	}
	return newEncoder(w).Encode(j)
}

func newJSONCounts(c evaluation.Counts) jsonCounts {
	return jsonCounts{c.Gold, c.Found, c.Correct, rounded(c.Precision()), rounded(c.Recall()), rounded(c.F1())}
}
