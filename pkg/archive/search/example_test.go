package search_test

import (
	"context"
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/archive/search"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
)

func Example() {
	story := article.Article{
		ID: "1", Language: article.English, Title: "Dockers end strike",
		Text: "The dockers of Northquay ended their strike on Monday.",
	}
	index, err := bleve.NewUsing("", analysis.Mapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		panic(err)
	}
	defer index.Close()
	err = index.Index(story.ID, map[string]any{
		"en":              map[string]any{"title": story.Title, "text": story.Text},
		analysis.Language: "en",
	})
	if err != nil {
		panic(err)
	}
	words, err := lexicon.Default()
	if err != nil {
		panic(err)
	}
	stored := func(id string) (article.Article, bool, error) { return story, id == story.ID, nil }

	found, err := search.New(index, stored, words).Search(context.Background(), search.Request{Query: "grève", Translate: true})
	if err != nil {
		panic(err)
	}
	for _, h := range found.Hits {
		f := h.Fragments[0]
		fmt.Printf("%s: %q in %q\n", h.Title, f.Matches[0].Of(f.Text), f.Text)
	}
	fmt.Println(found.Widened[0].Word, "→", found.Widened[0].Term)
	// Output:
	// Dockers end strike: "strike" in "The dockers of Northquay ended their strike on Monday."
	// grève → strike
}
