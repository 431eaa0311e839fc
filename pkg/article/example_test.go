package article_test

import (
	"fmt"

	"github.com/calque-dev/calque/pkg/article"
)

func Example() {
	a := article.Article{
		Title:    "Ferry service resumes",
		Text:     "Ferry service resumes\n“We sail at 9.30,” the captain said.",
		Language: article.ParseLanguage("en-GB"),
	}
	b := article.Article{Text: "WE SAIL AT 9.30, the captain said"}

	fmt.Println(a.Language)
	fmt.Println(article.Normalise(a.Body().Of(a.Text)))
	fmt.Println(a.Hash() == b.Hash())
	// Output:
	// en
	// we sail at 9.30 the captain said
	// true
}
