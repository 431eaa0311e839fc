package report

import (
	"io"
	"testing"

	"github.com/calque-dev/calque/pkg/report/evaluation"
	"github.com/calque-dev/calque/pkg/verdict"
)

func TestEvaluationInEveryFormat(t *testing.T) {
	pair := evaluation.PairOf
	r := &evaluation.Result{
		Relations: map[verdict.Relation]evaluation.Counts{
			verdict.Exact:       {},
			verdict.Translation: {Gold: 3, Found: 2, Correct: 1},
			verdict.Related:     {Found: 1},
		},
		All: evaluation.Counts{Gold: 3, Found: 3, Correct: 1},
		Mistakes: []evaluation.Mistake{
			{Pair: pair("a<1>", "b"), Missed: true},
			{Pair: pair("a<1>", "c"), Missed: true, Wrong: true, Expected: verdict.Translation, Found: verdict.Related, Score: 0.91239},
			{Pair: pair("c", "d"), Wrong: true, Found: verdict.Translation, Score: 0.5},
		},
	}
	golden(t, "evaluation-table", func(w io.Writer) error { return Evaluation(w, r, false, Screen{}) })
	golden(t, "evaluation-table-mistakes", func(w io.Writer) error { return Evaluation(w, r, true, Screen{Width: 80}) })
	golden(t, "evaluation-json", func(w io.Writer) error { return EvaluationJSON(w, r, false) })
	golden(t, "evaluation-json-mistakes", func(w io.Writer) error { return EvaluationJSON(w, r, true) })
	r.Mistakes = nil
	golden(t, "evaluation-table-perfect", func(w io.Writer) error { return Evaluation(w, r, true, Screen{}) })
}
