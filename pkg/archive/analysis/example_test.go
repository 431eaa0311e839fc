package analysis_test

import (
	"fmt"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/article"
)

func ExampleTerms() {
	for _, t := range analysis.Terms(article.French, "L’Assemblée a voté 1 000 amendements.") {
		fmt.Println(t.Text, t.Start, t.End)
	}
	// Output:
	// assembl 4 14
	// a 15 16
	// vot 17 22
	// 1000 23 28
	// amend 29 40
}
