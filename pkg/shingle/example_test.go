package shingle_test

import (
	"fmt"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

func Example() {
	words, err := lexicon.Default()
	if err != nil {
		fmt.Println(err)
		return
	}
	builder := shingle.NewBuilder(words)
	a := &article.Article{Text: "The ferry Nordlys sank off Bergen. All 40 passengers were saved.\nShare this"}
	built := builder.Build(a, article.English)

	for _, s := range built.Shingles {
		fmt.Printf("%d words: %s\n", s.Words, s.Span.Of(a.Text))
	}
	for _, m := range built.Marks {
		if m.Kind == shingle.NumberMark {
			fmt.Println("a number in shingle", m.Shingle)
		}
	}
	// Output:
	// 6 words: The ferry Nordlys sank off Bergen.
	// 5 words: All 40 passengers were saved.
	// a number in shingle 1
}
