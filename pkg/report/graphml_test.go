package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

// networkOf is the pairs of the test pile with articles and clusters to them.
func networkOf(pairs []dedupe.Pair) (Slice, []cluster.Cluster) {
	var articles Slice
	ids := map[string]bool{}
	for _, p := range pairs {
		for _, id := range []string{p.A, p.B} {
			if !ids[id] {
				ids[id] = true
				articles = append(articles, article.Article{ID: id, Text: "x"})
			}
		}
	}
	slices.SortFunc(articles, func(a, b article.Article) int { return strings.Compare(a.ID, b.ID) })
	return articles, dedupe.Clusters(articles, pairs, cluster.First)
}

func TestNetworkHasTheArticlesWithPairsAndThePairs(t *testing.T) {
	articles, clusters := networkOf(pile)
	articles[0].Title, articles[0].Source = `Banks "cut" <rates> & run`, "The Wire"
	articles[0].Published = time.Date(2024, 5, 2, 10, 0, 0, 0, time.FixedZone("", 7200))
	articles = append(articles, article.Article{ID: "\U0010ffff alone"})
	golden(t, "graphml", func(w io.Writer) error { return GraphML(w, articles, seqOf(pile), seqOf(clusters)) })
	golden(t, "graphml-nothing", func(w io.Writer) error {
		return GraphML(w, articles, seqOf([]dedupe.Pair(nil)), seqOf([]cluster.Cluster(nil)))
	})
}

// TestNetworkIsXMLWhateverTheIDsAre reads what was written, and finds each pair.
func TestNetworkIsXMLWhateverTheIDsAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pairs []dedupe.Pair
		met := map[[2]string]bool{}
		for range rapid.IntRange(0, 9).Draw(t, "n") {
			a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
			if a < b && !met[[2]string{a, b}] {
				met[[2]string{a, b}] = true
				pairs = append(pairs, dedupe.Pair{A: a, B: b, Relation: verdict.Exact, Score: 1})
			}
		}
		articles, clusters := networkOf(pairs)
		var out strings.Builder
		if err := GraphML(&out, articles, seqOf(pairs), seqOf(clusters)); err != nil {
			t.Fatal(err)
		}
		var read struct {
			Nodes []struct {
				ID   string `xml:"id,attr"`
				Data []struct {
					Key  string `xml:"key,attr"`
					Text string `xml:",chardata"`
				} `xml:"data"`
			} `xml:"graph>node"`
			Edges []struct {
				Source string `xml:"source,attr"`
				Target string `xml:"target,attr"`
			} `xml:"graph>edge"`
		}
		if err := xml.Unmarshal([]byte(out.String()), &read); err != nil {
			t.Fatal(err)
		}
		if len(read.Nodes) != len(articles) || len(read.Edges) != len(pairs) {
			t.Fatalf("%d nodes, %d edges", len(read.Nodes), len(read.Edges))
		}
		for i, e := range read.Edges {
			a, _ := find(articles, pairs[i].A)
			b, _ := find(articles, pairs[i].B)
			if e.Source != fmt.Sprintf("n%d", a) || e.Target != fmt.Sprintf("n%d", b) {
				t.Fatalf("%+v is not %+v", e, pairs[i])
			}
		}
	})
}

func TestNetworkReturnsTheWritersError(t *testing.T) {
	articles, clusters := networkOf(pile)
	if err := GraphML(failing{}, articles, seqOf(slices.Repeat(pile, 100)), seqOf(clusters)); !errors.Is(err, errFull) {
		t.Error(err)
	}
}
