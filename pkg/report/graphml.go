package report

import (
	"bufio"
	"encoding/xml"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
)

// graphHead declares what nodes and edges have. "label" and "weight" are the names under
// which Gephi and others look for what to show and how strong a tie is. Nodes have names
// of their own, since those of GraphML can be no more than a word.
const graphHead = `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
<key id="article" for="node" attr.name="article" attr.type="string"/>
<key id="label" for="node" attr.name="label" attr.type="string"/>
<key id="source" for="node" attr.name="source" attr.type="string"/>
<key id="language" for="node" attr.name="language" attr.type="string"/>
<key id="published" for="node" attr.name="published" attr.type="string"/>
<key id="cluster" for="node" attr.name="cluster" attr.type="int"/>
<key id="canonical" for="node" attr.name="canonical" attr.type="boolean"/>
<key id="relation" for="edge" attr.name="relation" attr.type="string"/>
<key id="weight" for="edge" attr.name="weight" attr.type="double"/>
<key id="coverage_a" for="edge" attr.name="coverage_a" attr.type="double"/>
<key id="coverage_b" for="edge" attr.name="coverage_b" attr.type="double"/>
<graph id="articles" edgedefault="undirected">
`

const graphEnd = "</graph>\n</graphml>\n"

// GraphML writes a network for Gephi, networkx, igraph and others: a node for every article
// that a pair names, by id, and an edge for every pair. Nodes have the id as "article", the
// headline or else the id as "label", "source", "language", "published", the number of
// the "cluster", from 1, and whether they are its "canonical" article; what is not known is left
// out. Edges have "relation", "weight", which is the score, and the coverage of source and
// target, "coverage_a" and "coverage_b".
//
// Articles are read one by one; memory is taken for the numbers of those with a pair.
func GraphML(w io.Writer, articles Articles, pairs func() iter.Seq[dedupe.Pair], clusters func() iter.Seq[cluster.Cluster]) error {
	g := &graph{Writer: bufio.NewWriter(w), nodes: map[int]node{}}
	for p := range pairs() {
		for side, id := range []string{p.A, p.B} {
			if i, ok := find(articles, id); ok {
				g.nodes[i] = node{language: p.Languages[side]}
			}
		}
	}
	number := 0
	for c := range clusters() {
		number++
		for _, m := range c.Members {
			if n, ok := g.nodes[m]; ok {
				n.cluster, n.canonical = number, m == c.Canonical
				g.nodes[m] = n
			}
		}
	}
	g.WriteString(graphHead)
	for _, i := range slices.Sorted(maps.Keys(g.nodes)) {
		a, err := articles.Article(i)
		if err != nil {
			return err
		}
		if err := g.node(i, &a); err != nil {
			return err
		}
	}
	for p := range pairs() {
		a, okA := find(articles, p.A)
		b, okB := find(articles, p.B)
		if !okA || !okB {
			continue
		}
		if err := g.edge(a, b, &p); err != nil {
			return err
		}
	}
	g.WriteString(graphEnd)
	return g.Flush()
}

// graph writes a network.
type graph struct {
	*bufio.Writer
	nodes map[int]node // by the number of the article
}

// node is what is known of an article besides the article.
type node struct {
	language  article.Language
	cluster   int // 0 for none
	canonical bool
}

func (g *graph) node(i int, a *article.Article) error {
	n := g.nodes[i]
	label := a.Title
	if label == "" {
		label = a.ID
	}
	g.WriteString(`<node id="n` + strconv.Itoa(i) + `">`)
	g.text("article", a.ID)
	g.text("label", label)
	g.text("source", a.Source)
	g.text("language", string(n.language))
	g.text("published", published(a))
	if n.cluster > 0 {
		g.text("cluster", strconv.Itoa(n.cluster))
		g.text("canonical", strconv.FormatBool(n.canonical))
	}
	_, err := g.WriteString("</node>\n")
	return err
}

func (g *graph) edge(a, b int, p *dedupe.Pair) error {
	g.WriteString(`<edge source="n` + strconv.Itoa(a) + `" target="n` + strconv.Itoa(b) + `">`)
	g.text("relation", p.Relation.String())
	g.text("weight", decimal(roundedScore(p.Score, 4)))
	g.text("coverage_a", decimal(p.Coverage[0]))
	g.text("coverage_b", decimal(p.Coverage[1]))
	_, err := g.WriteString("</edge>\n")
	return err
}

// text writes a value, unless it is empty. What XML cannot hold becomes U+FFFD. An error of
// the writer comes up again at the next write.
func (g *graph) text(key, value string) {
	if value == "" {
		return
	}
	g.WriteString(`<data key="` + key + `">`)
	_ = xml.EscapeText(g.Writer, []byte(value))
	g.WriteString("</data>")
}
