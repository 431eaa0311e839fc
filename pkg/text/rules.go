package text

import (
	"strings"

	"github.com/calque-dev/calque/pkg/article"
)

// rules are what the scanner knows of a language.
type rules struct {
	language    article.Language
	decimalMark byte
	numerals    map[string]Decimal // number words
	scales      map[string]Decimal // words that multiply the number before them

	titles       map[string]bool // shortened words whose point ends no sentence
	beforeNumber map[string]bool // the same, when a number follows
}

func rulesOf(language article.Language) *rules {
	switch language {
	case article.English:
		return &englishRules
	case article.French:
		return &frenchRules
	}
	return &rules{language: language, decimalMark: ','}
}

// "one" and "un" are left out: articles and pronouns far more often than counts.
var englishRules = rules{
	language:    article.English,
	decimalMark: '.',
	numerals: counts(map[string]uint64{
		"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
		"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
		"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
		"fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	}),
	scales: counts(map[string]uint64{
		"hundred": 100, "thousand": 1e3, "million": 1e6, "millions": 1e6, "mln": 1e6, "mn": 1e6,
		"billion": 1e9, "billions": 1e9, "bln": 1e9, "bn": 1e9, "trillion": 1e12, "trillions": 1e12,
	}),
	titles:       wordSet("mr mrs ms dr st sen rep gov gen lt sgt prof jr sr rev inc corp ltd co vs"),
	beforeNumber: wordSet("no jan feb mar apr jun jul aug sept sep oct nov dec fig art col"),
}

// "neuf" is left out: it is also "new".
var frenchRules = rules{
	language:    article.French,
	decimalMark: ',',
	numerals: counts(map[string]uint64{
		"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "dix": 10,
		"onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
		"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70,
		"huitante": 80, "octante": 80, "nonante": 90, "cent": 100, "mille": 1000,
	}),
	scales: counts(map[string]uint64{
		"cent": 100, "cents": 100, "mille": 1e3, "million": 1e6, "millions": 1e6, "milliard": 1e9,
		"milliards": 1e9, "mds": 1e9, "billion": 1e12, "billions": 1e12,
	}),
	titles:       wordSet("m mm mme mmes mlle mgr me dr st pr av env janv févr fevr juil déc"),
	beforeNumber: wordSet("no avr sept oct nov dec fig art al"),
}

func wordSet(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

func counts(words map[string]uint64) map[string]Decimal {
	m := make(map[string]Decimal, len(words))
	for w, n := range words {
		m[w] = decimal(n, 0)
	}
	return m
}
