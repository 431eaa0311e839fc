package report

import (
	"fmt"
	"math"

	"github.com/calque-dev/calque/pkg/verdict"
)

// featureWords says what each feature is, for people who do not know the model.
var featureWords = map[verdict.Feature]string{
	verdict.BiMaxMin:       "mean best match of the sentences, lesser side",
	verdict.BiMaxMax:       "the same, greater side",
	verdict.CoverageMin:    "share of the text in passages, lesser side",
	verdict.CoverageMax:    "the same, greater side",
	verdict.Similarity:     "mean similarity of the passages",
	verdict.Order:          "share of the passages in the same order",
	verdict.NumberAgree:    "numbers that agree in the passages",
	verdict.NumberConflict: "numbers that conflict",
	verdict.NameAgree:      "names that agree in the passages",
	verdict.NameConflict:   "names that conflict",
	verdict.Length:         "difference in length",
	verdict.Evidence:       "words in passages, as a logarithm",
	verdict.Shorter:        "words of the shorter text, as a logarithm",
	verdict.Title:          "similarity of the headlines; 0.3 without",
	verdict.GramMin:        "three-word runs shared, lesser side",
	verdict.GramMax:        "the same, greater side",
	verdict.HeldMin:        "rare concepts that the other has, lesser side",
	verdict.HeldMax:        "the same, greater side",
	verdict.NumbersHeld:    "numbers that the other has, greater side",
	verdict.Topic:          "similarity of the whole texts",
	verdict.Strong:         "share of the text in close passages",
}

// featureLine is a feature's value, name and meaning.
func featureLine(f verdict.Feature, value float64) string {
	words := featureWords[f]
	switch f {
	case verdict.Evidence, verdict.Shorter:
		words += fmt.Sprintf(": %.0f", wordsOf(value))
	case verdict.Length:
		words += fmt.Sprintf(": %.0f%%", 100*(math.Exp(value)-1))
	}
	return fmt.Sprintf("%7.3f  %-20s  %s", value, f, words)
}

// measured tells whether a feature has a meaning for the pair: word runs have none
// across languages.
func measured(f verdict.Feature, cross bool) bool {
	return !cross || f != verdict.GramMin && f != verdict.GramMax
}
