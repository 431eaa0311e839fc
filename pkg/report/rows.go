package report

import (
	"bufio"
	"encoding/csv"
	"io"
	"iter"
	"strconv"

	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/text"
)

// PairRow is a pair as a row of a table with columns of plain values, as CSV and Parquet
// have it. The tags name the columns.
type PairRow struct {
	A         string  `parquet:"a"`
	B         string  `parquet:"b"`
	Relation  string  `parquet:"relation,dict"`
	Score     float64 `parquet:"score"`
	LanguageA string  `parquet:"language_a,dict"` // ISO 639-1, empty when unknown
	LanguageB string  `parquet:"language_b,dict"`
	CoverageA float64 `parquet:"coverage_a"`
	CoverageB float64 `parquet:"coverage_b"`
}

// NewPairRow makes the row of a pair, with its numbers rounded.
func NewPairRow(p *dedupe.Pair) PairRow {
	return PairRow{
		A: p.A, B: p.B, Relation: p.Relation.String(), Score: roundedScore(p.Score, 4),
		LanguageA: string(p.Languages[0]), LanguageB: string(p.Languages[1]),
		CoverageA: rounded(p.Coverage[0]), CoverageB: rounded(p.Coverage[1]),
	}
}

// PassageRow is a passage of a pair: byte offsets into the texts of both, ends exclusive.
type PassageRow struct {
	AStart     int64   `parquet:"a_start"`
	AEnd       int64   `parquet:"a_end"`
	BStart     int64   `parquet:"b_start"`
	BEnd       int64   `parquet:"b_end"`
	Similarity float64 `parquet:"similarity"`
}

// NewPassageRows makes the rows of the passages of a pair.
func NewPassageRows(p *dedupe.Pair) []PassageRow {
	rows := make([]PassageRow, len(p.Passages))
	for i, x := range p.Passages {
		rows[i] = PassageRow{int64(x.A.Start), int64(x.A.End), int64(x.B.Start), int64(x.B.End), rounded(x.Similarity)}
	}
	return rows
}

// ClusterRow is a member of a cluster as a row of a table.
type ClusterRow struct {
	Cluster   int64  `parquet:"cluster"` // number of the cluster, from 1
	ID        string `parquet:"id"`
	Canonical string `parquet:"canonical,dict"` // the member to keep, on the row of every member
	Byline    string `parquet:"byline,dict"`    // of the member, empty if it has none
	Agency    string `parquet:"agency,dict"`    // of the member, likewise

	// The link by which the cluster would fall apart first.
	WeakestA        string  `parquet:"weakest_a,dict"`
	WeakestB        string  `parquet:"weakest_b,dict"`
	WeakestRelation string  `parquet:"weakest_relation,dict"`
	WeakestScore    float64 `parquet:"weakest_score"`
}

// ClusterRows yields a row a member, cluster by cluster. Members of the clusters are
// indices into articles; an article that cannot be read ends the rows with its error.
func ClusterRows(articles Articles, clusters iter.Seq[cluster.Cluster]) iter.Seq2[ClusterRow, error] {
	return func(yield func(ClusterRow, error) bool) {
		number := int64(0)
		for c := range clusters {
			number++
			row := ClusterRow{
				Cluster: number, Canonical: articles.ID(c.Canonical),
				WeakestA: articles.ID(int(c.Weakest.A)), WeakestB: articles.ID(int(c.Weakest.B)),
				WeakestRelation: c.Weakest.Relation.String(), WeakestScore: roundedScore(c.Weakest.Score, 4),
			}
			for _, m := range c.Members {
				a, err := articles.Article(m)
				if err != nil {
					yield(ClusterRow{}, err)
					return
				}
				attributes := text.AttributesOf(&a)
				row.ID, row.Byline, row.Agency = articles.ID(m), attributes.Byline, attributes.Agency
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

var clusterHead = []string{
	"cluster", "id", "canonical", "byline", "agency", "weakest_a", "weakest_b", "weakest_relation", "weakest_score",
}

// ClustersCSV writes a header and a row for each member of a cluster, as ClusterRows
// yields them.
func ClustersCSV(w io.Writer, articles Articles, clusters iter.Seq[cluster.Cluster]) error {
	return writeRows(w, clusterHead, ClusterRows(articles, clusters), func(r *ClusterRow) []string {
		return []string{
			strconv.FormatInt(r.Cluster, 10), r.ID, r.Canonical, r.Byline, r.Agency,
			r.WeakestA, r.WeakestB, r.WeakestRelation, decimal(r.WeakestScore),
		}
	})
}

// writeRows writes a header and the cells of each row as CSV.
func writeRows[T any](w io.Writer, head []string, rows iter.Seq2[T, error], cells func(*T) []string) error {
	buffered := bufio.NewWriter(w)
	out := csv.NewWriter(buffered)
	if err := out.Write(head); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := out.Write(cells(&row)); err != nil {
			return err
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	return buffered.Flush()
}
