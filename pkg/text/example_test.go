package text_test

import (
	"fmt"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/text"
)

func Example() {
	a := &article.Article{Text: "L’armateur a perdu 3,2 milliards d’euros. Les grévistes attendent…\nLire aussi"}
	scanner := text.NewScanner(article.French)
	for _, s := range scanner.Sentences(a) {
		fmt.Printf("%q furniture: %v\n", s.Span.Of(a.Text), s.Furniture)
		for _, t := range s.Tokens {
			if t.Kind == text.Number {
				fmt.Printf("\tnumber %v\n", t.Number)
			} else {
				fmt.Printf("\tword %s, stem %s\n", t.Form.Text, t.Form.Stem)
			}
		}
	}
	// Output:
	// "L’armateur a perdu 3,2 milliards d’euros." furniture: false
	// 	word l, stem l
	// 	word armateur, stem armateur
	// 	word a, stem a
	// 	word perdu, stem perdu
	// 	number 3200000000
	// 	word d, stem d
	// 	word euros, stem euros
	// "Les grévistes attendent…" furniture: false
	// 	word les, stem le
	// 	word grévistes, stem grévist
	// 	word attendent, stem attendent
	// "Lire aussi" furniture: true
	// 	word lire, stem lir
	// 	word aussi, stem auss
}

func ExampleFold() {
	fmt.Println(text.Fold("sécurité"))
	// Output: securite
}

func ExampleCanonical() {
	fmt.Println(text.Canonical("cœur"), text.Canonical("don’t"))
	// Output: coeur don't
}
