package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Audit writes a table with a line a relation, a line a band of similarity and one for
// all together, and below it, if wanted, every pair that was missed.
func Audit(w io.Writer, a *dedupe.Audit, missed bool, screen Screen) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, screen.paint(strong, fmt.Sprintf("%-19s  %9s  %9s  %6s", "RELATION", "PAIRS", "FOUND", "RECALL")))
	for _, relation := range verdict.Relations() {
		if r, ok := a.Relations[relation]; ok {
			fmt.Fprintln(out, recallLine(relation.String(), r))
		}
	}
	for _, b := range a.Bands {
		fmt.Fprintln(out, recallLine(fmt.Sprintf("similarity %.1f–%.1f", b.From, b.To), b.Recall))
	}
	fmt.Fprintln(out, recallLine("all", a.All))
	if missed {
		writeMissed(out, a.Missed, screen)
	}
	return out.Flush()
}

// recallLine shows the recall of nothing as a dash. Only a full recall is 1.
func recallLine(name string, r dedupe.Recall) string {
	recall := "-"
	if r.Pairs > 0 {
		recall = fmt.Sprintf("%.4f", roundedScore(r.Share(), 4))
	}
	return fmt.Sprintf("%s  %9d  %9d  %6s", pad(name, 19), r.Pairs, r.Found, recall)
}

var missHead = row{
	cells: [4]string{"MISSED", "SCORE", "SIMILARITY", "LOST BY"},
	ids:   [2]string{"A", "B"},
}

func missRow(m *dedupe.Miss) row {
	return row{
		cells: [4]string{m.Relation.String(), shownScore(m.Score), fmt.Sprintf("%.3f", m.Similarity), lostBy(m)},
		ids:   [2]string{Printable(m.A), Printable(m.B)},
	}
}

// lostBy is the part of the candidate stage that lost the pair: the join did not
// propose it, or the filter threw it out.
func lostBy(m *dedupe.Miss) string {
	if m.Filtered {
		return "filter"
	}
	return "join"
}

func writeMissed(out *bufio.Writer, missed []dedupe.Miss, screen Screen) {
	if len(missed) == 0 {
		fmt.Fprintln(out, "\nnothing missed")
		return
	}
	l := newLayout(missHead, screen.Width, func(yield func(row) bool) {
		for i := range missed {
			if !yield(missRow(&missed[i])) {
				return
			}
		}
	})
	fmt.Fprintf(out, "\n%s\n", screen.paint(strong, l.line(missHead)))
	for i := range missed {
		fmt.Fprintln(out, l.line(missRow(&missed[i])))
	}
}

// jsonAudit is an audit as it stands in JSON. Missed is nil when nobody asked.
type jsonAudit struct {
	Articles   int                             `json:"articles"`
	Sample     int                             `json:"sample"`
	Compared   int                             `json:"compared"`
	Candidates float64                         `json:"candidates_per_article"`
	Relations  map[verdict.Relation]jsonRecall `json:"relations"`
	Bands      []jsonBand                      `json:"bands"`
	All        jsonRecall                      `json:"all"`
	Missed     []jsonMiss                      `json:"missed,omitzero"`
}

type jsonRecall struct {
	Pairs  int     `json:"pairs"`
	Found  int     `json:"found"`
	Recall float64 `json:"recall"`
}

type jsonBand struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
	jsonRecall
}

type jsonMiss struct {
	A          string           `json:"a"`
	B          string           `json:"b"`
	Relation   verdict.Relation `json:"relation"`
	Score      float64          `json:"score"`
	Similarity float64          `json:"similarity"`
	Pairs      int              `json:"pairs"`
	LostBy     string           `json:"lost_by"`
}

// AuditJSON writes the audit as one JSON object: the recall by relation, in
// "relations", by similarity, in "bands", and for "all"; and, if wanted, what was
// "missed", by the "join" or by the "filter".
func AuditJSON(w io.Writer, a *dedupe.Audit, missed bool) error {
	j := jsonAudit{
		Articles: a.Articles, Sample: a.Sampled, Compared: a.Compared, Candidates: rounded(a.Candidates),
		Relations: map[verdict.Relation]jsonRecall{}, Bands: []jsonBand{}, All: newJSONRecall(a.All),
	}
	for relation, r := range a.Relations {
		j.Relations[relation] = newJSONRecall(r)
	}
	for _, b := range a.Bands {
		j.Bands = append(j.Bands, jsonBand{b.From, b.To, newJSONRecall(b.Recall)})
	}
	if missed {
		j.Missed = make([]jsonMiss, len(a.Missed))
		for i := range a.Missed {
			m := &a.Missed[i]
			j.Missed[i] = jsonMiss{m.A, m.B, m.Relation, roundedScore(m.Score, 4), rounded(m.Similarity), m.Pairs, lostBy(m)}
		}
	}
	return newEncoder(w).Encode(j)
}

func newJSONRecall(r dedupe.Recall) jsonRecall {
	return jsonRecall{r.Pairs, r.Found, roundedScore(r.Share(), 4)}
}
