package generate_test

import (
	"fmt"

	"github.com/calque-dev/calque/benchmarks/corpus/generate"
)

func Example() {
	corpus, err := generate.Fixtures("../../../fixtures/stories")
	if err != nil {
		fmt.Println(err)
		return
	}
	options := generate.Defaults(100)
	options.Seed = 3
	g, err := generate.New(corpus, options)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, a := range g.Articles() {
		for _, p := range g.Pairs(i) {
			original := g.Article(p.A)
			fmt.Println(p.Relation, original.Language, "→", a.Language)
		}
		if i == 40 {
			break
		}
	}
	// Output:
	// partial-translation fr → en
	// translation fr → en
	// excerpt fr → fr
	// translation en → fr
}
