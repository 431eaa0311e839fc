package browser

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/report/page"
	"github.com/calque-dev/calque/pkg/verdict"
)

var outlets = []string{"Kestrion Wire", "Le Courrier du Lac", "Harbour Gazette", "La Dépêche des Monts", "Northern Ledger"}

// hostile is text that would be something else if anything took it for markup or script.
const hostile = "</script><script>window.owned = 1</script><img src=x onerror=\"window.owned = 2\"> <!-- ]]> \u2028\u2029 \u202egnp.exe\u202c " +
	"{{7*7}} ${alert(1)} 🚢𝔘𝔫𝔦 \x00 & &amp; '\"` "

// stories are the fixtures, with sources and times, and some articles that mean harm.
func stories(t testing.TB) []article.Article {
	t.Helper()
	var out []article.Article
	for a, err := range ingest.Read(context.Background(), []string{"../../fixtures/stories"}, ingest.Options{}) {
		if err != nil {
			continue // fixtures hold bad files on purpose
		}
		h := fnv.New32a()
		h.Write([]byte(a.ID))
		n := int(h.Sum32() >> 4)
		if a.Source == "" {
			a.Source = outlets[n%len(outlets)]
		}
		if a.Published.IsZero() && n%11 > 0 {
			a.Published = time.Date(2026, 3, 1+n%4, n%23, n%59, 0, 0, time.UTC)
		}
		if a.URL == "" && n%3 == 0 {
			a.URL = "https://news.example/" + a.ID
		}
		out = append(out, a)
	}
	body := "The ferry Aurélie 🚢 ran aground off Groix on Monday with 214 passengers on board, the coast guard said. " +
		"Nobody was injured, but the captain was questioned by the police for six hours. "
	for i, text := range []string{body + hostile + "The tide was low.", hostile + "By our own reporter.\n\n" + strings.Replace(body, "214", "215", 1) + hostile} {
		out = append(out, article.Article{
			ID: fmt.Sprintf("x-hostile-%d%s", i, hostile), Title: "Ferry " + hostile, Text: text, Source: "Evil " + hostile,
			URL: "javascript:window.owned=3", Published: time.Date(2026, 3, 2, 5, 7*i, 0, 0, time.UTC), Language: article.English,
		})
	}
	return out
}

// written writes a page to a file of the test.
func written(t testing.TB, pile page.Pile, o page.Options) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	f, err := os.Create(path)
	must(t, err)
	must(t, page.Write(context.Background(), f, pile, o))
	must(t, f.Close())
	return path
}

// scanned is the page of the stories.
func scanned(t testing.TB) string {
	t.Helper()
	content, err := pageOfStories(t)
	must(t, err)
	path := filepath.Join(t.TempDir(), "report.html")
	must(t, os.WriteFile(path, content, 0o666))
	return path
}

var storiesOnce sync.Once
var storiesPage []byte

func pageOfStories(t testing.TB) ([]byte, error) {
	storiesOnce.Do(func() {
		d, err := dedupe.New(dedupe.Options{Features: true})
		must(t, err)
		result, err := d.Scan(context.Background(), func(yield func(article.Article, error) bool) {
			for _, a := range stories(t) {
				if !yield(a, nil) {
					return
				}
			}
		})
		must(t, err)
		defer result.Close()
		path := written(t, result, page.Options{Candidates: result.Candidates, Rejected: []error{
			&ingest.Reject{Origin: "feed.jsonl:14", ID: hostile, Err: errors.New("no text")},
		}})
		storiesPage, err = os.ReadFile(path)
		must(t, err)
	})
	return storiesPage, nil
}

// crowd is a pile of so many pairs, each of two articles of so many sentences made up for it;
// ten in a row are a group of twenty articles.
type crowd struct{ pairs, sentences int }

func (c crowd) Len() int        { return 2 * c.pairs }
func (c crowd) ID(i int) string { return fmt.Sprintf("article-%07d", i) }

func (c crowd) Article(i int) (article.Article, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "Harbour notice number %d\n\n", i/2)
	for s := range c.sentences {
		fmt.Fprintf(&b, "The pilot boat %d left berth %d at dawn and came back with %d crates of mackerel, the keeper of the quay wrote in the log. ", i/2, s, i*31%997+s)
	}
	return article.Article{
		ID: c.ID(i), Title: fmt.Sprintf("Harbour notice number %d", i/2), Text: b.String(), Language: article.English,
		Source: fmt.Sprintf("Quay %d", i%40), Published: time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC),
	}, nil
}

func (c crowd) pair(n int) dedupe.Pair {
	return dedupe.Pair{
		A: c.ID(2 * n), B: c.ID(2*n + 1), Relation: verdict.Relations()[n%6], Score: 0.5 + float64(n%5000)/10000,
		Languages: [2]article.Language{article.English, article.English}, Coverage: [2]float64{1, 0.9},
	}
}

func (c crowd) Pairs() iter.Seq[dedupe.Pair] {
	return func(yield func(dedupe.Pair) bool) {
		for n := range c.pairs {
			if !yield(c.pair(n)) {
				return
			}
		}
	}
}

func (c crowd) Explain(context.Context) iter.Seq2[dedupe.Comparison, error] {
	return func(yield func(dedupe.Comparison, error) bool) {
		for n := range c.pairs {
			x := dedupe.Comparison{Pair: c.pair(n), Explanation: &verdict.Explanation{}}
			for s := range max(0, c.sentences-2) {
				span := article.Span{Start: 30 + s*120, End: 140 + s*120}
				x.Passages = append(x.Passages, align.Passage{A: span, B: span, Similarity: 0.9})
			}
			for f := range verdict.Feature(c.sentences) {
				x.Explanation.Copy.Contributions = append(x.Explanation.Copy.Contributions, verdict.Contribution{Feature: f, LogOdds: 1 / float64(n%7+int(f)+1)})
			}
			if !yield(x, nil) {
				return
			}
		}
	}
}

func (c crowd) Clusters() iter.Seq[cluster.Cluster] {
	return func(yield func(cluster.Cluster) bool) {
		for from := 0; from+20 <= c.Len(); from += 20 {
			members := make([]int, 20)
			for i := range members {
				members[i] = from + i
			}
			weakest := cluster.Edge{A: int32(from), B: int32(from + 1), Relation: verdict.Exact, Score: 0.5}
			if !yield(cluster.Cluster{Members: members, Canonical: from, Weakest: weakest}) {
				return
			}
		}
	}
}
