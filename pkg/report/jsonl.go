package report

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

// jsonPair is a pair as it stands in JSON. Passages is nil when nobody asked.
type jsonPair struct {
	A         string              `json:"a"`
	B         string              `json:"b"`
	Relation  verdict.Relation    `json:"relation"`
	Score     float64             `json:"score"`
	Languages [2]article.Language `json:"languages"`
	Coverage  [2]float64          `json:"coverage"`
	Passages  []jsonPassage       `json:"passages,omitzero"`
}

type jsonPassage struct {
	A          [2]int  `json:"a"`
	B          [2]int  `json:"b"`
	Similarity float64 `json:"similarity"`
}

func newJSONPair(p *dedupe.Pair, passages bool) jsonPair {
	j := jsonPair{
		A: p.A, B: p.B, Relation: p.Relation, Score: roundedScore(p.Score, 4), Languages: p.Languages,
		Coverage: [2]float64{rounded(p.Coverage[0]), rounded(p.Coverage[1])},
	}
	if passages {
		j.Passages = newJSONPassages(p.Passages)
	}
	return j
}

func newJSONPassages(passages []align.Passage) []jsonPassage {
	out := make([]jsonPassage, len(passages))
	for i, x := range passages {
		out[i] = jsonPassage{[2]int{x.A.Start, x.A.End}, [2]int{x.B.Start, x.B.End}, rounded(x.Similarity)}
	}
	return out
}

// newEncoder writes values a line each and leaves "<", ">" and "&" as they are.
func newEncoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

func writeJSONLines(out *bufio.Writer, pairs iter.Seq[dedupe.Pair], passages bool) error {
	e := newEncoder(out)
	for p := range pairs {
		if err := e.Encode(newJSONPair(&p, passages)); err != nil {
			return err
		}
	}
	return nil
}

// jsonCluster is a cluster as it stands in JSON.
type jsonCluster struct {
	Canonical string            `json:"canonical"`
	Members   []string          `json:"members"`
	Bylines   map[string]string `json:"bylines,omitempty"` // by member
	Agencies  map[string]string `json:"agencies,omitempty"`
	Weakest   jsonEdge          `json:"weakest"`
}

type jsonEdge struct {
	A        string           `json:"a"`
	B        string           `json:"b"`
	Relation verdict.Relation `json:"relation"`
	Score    float64          `json:"score"`
}

// Articles are what the members of clusters are numbers of, by their ids in byte order;
// dedupe.Result is such.
type Articles interface {
	Len() int
	ID(i int) string
	Article(i int) (article.Article, error)
}

// Slice is Articles in memory.
type Slice []article.Article

// Len is the number of articles.
func (s Slice) Len() int { return len(s) }

// ID is the id of article number i.
func (s Slice) ID(i int) string { return s[i].ID }

// Article is article number i. It does not fail.
func (s Slice) Article(i int) (article.Article, error) { return s[i], nil }

// Clusters writes one JSON object a cluster: the article to keep, all members
// including that one, the bylines and the news agencies of those members that have any,
// and the link by which the cluster would fall apart first.
// Members of the clusters are indices into articles.
func Clusters(w io.Writer, articles Articles, clusters iter.Seq[cluster.Cluster]) error {
	out := bufio.NewWriter(w)
	e := newEncoder(out)
	for c := range clusters {
		j := jsonCluster{
			Canonical: articles.ID(c.Canonical),
			Weakest: jsonEdge{
				A: articles.ID(int(c.Weakest.A)), B: articles.ID(int(c.Weakest.B)),
				Relation: c.Weakest.Relation, Score: roundedScore(c.Weakest.Score, 4),
			},
		}
		for _, m := range c.Members {
			j.Members = append(j.Members, articles.ID(m))
			a, err := articles.Article(m)
			if err != nil {
				return err
			}
			attributes := text.AttributesOf(&a)
			note(&j.Bylines, a.ID, attributes.Byline)
			note(&j.Agencies, a.ID, attributes.Agency)
		}
		if err := e.Encode(j); err != nil {
			return err
		}
	}
	return out.Flush()
}

// note sets what is known, in a map that is made for it.
func note(of *map[string]string, id, value string) {
	if value == "" {
		return
	}
	if *of == nil {
		*of = map[string]string{}
	}
	(*of)[id] = value
}

// Kept writes the ids of the articles to keep, one a line: those in no cluster, and
// the canonical one of each cluster.
func Kept(w io.Writer, articles Articles, clusters iter.Seq[cluster.Cluster]) error {
	copied := make([]bool, articles.Len())
	for c := range clusters {
		for _, m := range c.Members {
			copied[m] = m != c.Canonical
		}
	}
	out := bufio.NewWriter(w)
	for i := range copied {
		if !copied[i] {
			out.WriteString(articles.ID(i))
			out.WriteByte('\n')
		}
	}
	return out.Flush()
}
