package lexicon_test

import (
	"fmt"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/text"
)

func Example() {
	l := lexicon.New(&lexicon.Table{
		Sentences: 10_000,
		English:   []lexicon.EnglishTerm{{Stem: "boat", Sentences: 100}, {Stem: "ship", Sentences: 150}},
		French: []lexicon.FrenchTerm{{Stem: "bateau", Sentences: 120, Aligned: 110,
			Translations: []lexicon.Translation{{English: 0, Weight: 0.7}, {English: 1, Weight: 0.3}}}},
	})
	english, french := text.NewScanner(article.English), text.NewScanner(article.French)
	names := map[lexicon.Concept]string{lexicon.Named("boat"): "boat", lexicon.Named("ship"): "ship", lexicon.Named("bergen"): "bergen"}

	for _, word := range []string{"Bateau", "Bergen"} {
		sense := l.Meaning(article.French, french.Form(word), english)
		fmt.Printf("%s: known %v, idf %.1f\n", word, sense.Known, sense.IDF)
		for _, c := range sense.Concepts {
			fmt.Printf("\t%.2f %s\n", c.Weight, names[c.Concept])
		}
	}
	// Output:
	// Bateau: known true, idf 4.4
	// 	0.81 boat
	// 	0.58 ship
	// Bergen: known false, idf 9.2
	// 	1.00 bergen
}
