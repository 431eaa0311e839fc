package report

import (
	"io"
	"testing"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

func TestAuditInEveryFormat(t *testing.T) {
	a := &dedupe.Audit{
		Articles: 20000, Sampled: 100, Compared: 1994950, Candidates: 12.34567,
		Relations: map[verdict.Relation]dedupe.Recall{
			verdict.Exact:       {},
			verdict.Translation: {Pairs: 100000, Found: 99999},
			verdict.Excerpt:     {Pairs: 3, Found: 1},
		},
		Bands: []dedupe.Band{
			{From: 0.2, To: 0.3, Recall: dedupe.Recall{Pairs: 3, Found: 1}},
			{From: 0.9, To: 1, Recall: dedupe.Recall{Pairs: 100000, Found: 99999}},
		},
		All: dedupe.Recall{Pairs: 100003, Found: 100000},
		Missed: []dedupe.Miss{
			{A: "a<1>", B: "b", Relation: verdict.Excerpt, Score: 0.91239, Similarity: 0.23456, Pairs: 2},
			{A: "a<1>", B: "c", Relation: verdict.Translation, Score: 0.99999, Similarity: 0.95, Pairs: 1, Filtered: true},
		},
	}
	golden(t, "audit-table", func(w io.Writer) error { return Audit(w, a, false, Screen{}) })
	golden(t, "audit-table-missed", func(w io.Writer) error { return Audit(w, a, true, Screen{Width: 80, Colours: true}) })
	golden(t, "audit-json", func(w io.Writer) error { return AuditJSON(w, a, false) })
	golden(t, "audit-json-missed", func(w io.Writer) error { return AuditJSON(w, a, true) })
	nothing := &dedupe.Audit{}
	golden(t, "audit-table-nothing", func(w io.Writer) error { return Audit(w, nothing, true, Screen{}) })
	golden(t, "audit-json-nothing", func(w io.Writer) error { return AuditJSON(w, nothing, true) })
}
