package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/calque-dev/calque/benchmarks/suite/result"
	"github.com/calque-dev/calque/pkg/verdict"
)

// tableHead heads the rows, as Markdown.
const tableHead = "| articles | seconds | processor seconds | articles/s | MB/s | resident MB | B/article | candidates/article | precision | recall | stages |\n|---|---|---|---|---|---|---|---|---|---|---|"

// tableRow is a run in the table.
func tableRow(r *result.Run) string {
	one := result.Suite{Runs: []result.Run{*r}}
	var stages []string
	for _, stage := range one.Stages() {
		stages = append(stages, fmt.Sprintf("%s %.2f s", stage, r.Stages[stage]))
	}
	return fmt.Sprintf("| %d | %.2f | %.2f | %.0f | %.1f | %.0f | %.0f | %.2f | %s | %s | %s |",
		r.Articles, r.Seconds, r.CPUSeconds, r.ArticlesPerSecond, r.MegabytesPerSecond, float64(r.PeakResident)/1e6, r.ResidentPerArticle,
		r.CandidatesPerArticle, share(r.All.Precision, r.All.Found), share(r.All.Recall, r.All.Gold), strings.Join(stages, ", "))
}

// writeGrowth tells the exponents, if there are any, and what is behind the last row's
// precision and recall.
func writeGrowth(w io.Writer, s *result.Suite) {
	last := &s.Runs[len(s.Runs)-1]
	fmt.Fprintf(w, "\n| relation, %d articles | gold | found | correct | precision | recall |\n|---|---|---|---|---|---|\n", last.Articles)
	for _, name := range relationNames(last) {
		c := last.Relations[name]
		fmt.Fprintf(w, "| %s | %d | %d | %d | %s | %s |\n", name, c.Gold, c.Found, c.Correct, share(c.Precision, c.Found), share(c.Recall, c.Gold))
	}
	if s.Growth.Seconds == nil {
		return
	}
	fmt.Fprintf(w, "\ntime grows with n^%.3f", s.Growth.Seconds.Exponent)
	for _, stage := range s.Stages() {
		if p, ok := s.Growth.Stages[stage]; ok {
			fmt.Fprintf(w, ", %s n^%.3f", stage, p.Exponent)
		}
	}
	if s.Growth.CPU != nil {
		fmt.Fprintf(w, "; processor time n^%.3f", s.Growth.CPU.Exponent)
	}
	if s.Growth.Resident != nil {
		fmt.Fprintf(w, "; resident memory n^%.3f", s.Growth.Resident.Exponent)
	}
	fmt.Fprintln(w)
}

// relationNames are the relations of a run, as they are ordered everywhere.
func relationNames(r *result.Run) (names []string) {
	for _, relation := range verdict.Relations() {
		if _, ok := r.Relations[relation.String()]; ok {
			names = append(names, relation.String())
		}
	}
	return names
}

// share shows what has nothing to divide by as a dash.
func share(x float64, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.4f", x)
}
