package report

import (
	"bufio"
	"encoding/csv"
	"iter"
	"strconv"

	"github.com/calque-dev/calque/pkg/dedupe"
)

var csvHead = []string{"a", "b", "relation", "score", "language_a", "language_b", "coverage_a", "coverage_b"}

func writeCSVHead(out *bufio.Writer) error {
	rows := csv.NewWriter(out)
	if err := rows.Write(csvHead); err != nil {
		return err
	}
	rows.Flush()
	return rows.Error()
}

func writeCSV(out *bufio.Writer, pairs iter.Seq[dedupe.Pair]) error {
	rows := csv.NewWriter(out)
	for p := range pairs {
		err := rows.Write([]string{
			p.A, p.B, p.Relation.String(), decimal(roundedScore(p.Score, 4)), string(p.Languages[0]), string(p.Languages[1]),
			decimal(p.Coverage[0]), decimal(p.Coverage[1]),
		})
		if err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}

// decimal is x rounded, in as few digits as it takes.
func decimal(x float64) string { return strconv.FormatFloat(rounded(x), 'f', -1, 64) }
