package analysis

import (
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/registry"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/text"
)

// The names under which the analysers are registered with bleve.
const (
	English = "calque_en"
	French  = "calque_fr"
	Other   = "calque_other" // words in lower case without accents, numbers, no stems
)

// Version changes when the same text may give other terms: an index made with another
// version has to be made anew.
const Version = 1

// group is the languages that share an analyser and fields.
type group struct {
	language article.Language // Unknown for all others
	analyser string
	title    string
	text     string
}

var groups = [...]group{
	{article.English, English, EnglishTitle, EnglishText},
	{article.French, French, FrenchTitle, FrenchText},
	{article.Unknown, Other, OtherTitle, OtherText},
}

// groupOf is the index of the language's group.
func groupOf(language article.Language) int {
	switch language {
	case article.English:
		return 0
	case article.French:
		return 1
	}
	return 2
}

// Of is the name of the analyser for a language.
func Of(language article.Language) string { return groups[groupOf(language)].analyser }

func init() {
	for i := range groups {
		err := registry.RegisterAnalyzer(groups[i].analyser, func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
			return analyser(i), nil
		})
		if err != nil {
			panic(err) // two packages of one name: a mistake in the program
		}
	}
}

// analyser is the bleve analyser of a group of languages. It serves any number of
// goroutines.
type analyser int

// Analyze returns the terms of a text that are indexed. A word's second term stands at
// the position of the first. The bytes of terms are shared and not to be changed.
func (a analyser) Analyze(input []byte) analysis.TokenStream {
	r := shelves[a].take()
	defer shelves[a].put(r)
	// One slab for all tokens; words of news have six bytes and a space.
	slab := make([]analysis.Token, 0, len(input)/7+8)
	r.read(string(input), func(t *text.Token, w *word, position int) {
		if w.common {
			return
		}
		token := analysis.Token{Term: w.counter.asBytes(), Start: t.Start, End: t.End, Position: position}
		if t.Kind == text.Number {
			token.Type = analysis.Numeric
		}
		slab = append(slab, token)
		if w.plain != nil {
			token.Term = w.plain.asBytes()
			slab = append(slab, token)
		}
	})
	tokens := make(analysis.TokenStream, len(slab))
	for i := range slab {
		tokens[i] = &slab[i]
	}
	return tokens
}
