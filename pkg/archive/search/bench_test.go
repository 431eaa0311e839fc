package search_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/calque-dev/calque/pkg/archive/search"
	"github.com/calque-dev/calque/pkg/article"
)

// pile makes articles of sentences of the stories, shuffled.
func pile(n int) (list []article.Article) {
	r := rand.New(rand.NewPCG(7, 7))
	for i := range n {
		story := stories[r.IntN(len(stories)-1)]
		sentences := strings.SplitAfter(story.Text, ". ")
		var text strings.Builder
		for range 12 {
			text.WriteString(sentences[r.IntN(len(sentences))])
			fmt.Fprintf(&text, "Word%d follows %d. ", r.IntN(n), r.IntN(5000))
		}
		story.ID, story.Text = fmt.Sprintf("%06d", i), text.String()
		story.Source = fmt.Sprintf("Source %d", r.IntN(300))
		story.Published = time.Date(2020, 1, 1+r.IntN(2000), 0, 0, 0, 0, time.UTC)
		list = append(list, story)
	}
	return list
}

func BenchmarkSearch(b *testing.B) {
	a := newArchive(b)
	a.add(b, 1000, pile(20_000)...)
	for name, r := range map[string]search.Request{
		"rare":      {Query: "Word77"},
		"words":     {Query: "grève dockers"},
		"translate": {Query: "grève dockers", Translate: true},
		"facets":    {Query: "grève dockers", Facets: true},
		"phrase":    {Query: `"port authority"`},
		"wildcard":  {Query: "word12*"},
		"fuzzy":     {Query: "nortquay~1"},
		"newest":    {Query: "strike", Sort: search.Newest},
		"condition": {Query: `source:"source 7" published:2023 strike`},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			hits := 0
			for b.Loop() {
				hits = a.find(b, r).Total
			}
			b.ReportMetric(float64(hits), "hits")
		})
	}
}
