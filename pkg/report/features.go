package report

import (
	"fmt"
	"math"

	"github.com/calque-dev/calque/pkg/verdict"
)

// featureWords says what each feature is, for people who do not know the model. Each
// stands by itself, since explanations sort them. A rival is another candidate of one of
// the articles; for a pair judged alone it is what the best wrong article usually has.
var featureWords = map[verdict.Feature]string{
	verdict.BiMaxMin:       "mean best match of the sentences, lesser side",
	verdict.BiMaxMax:       "mean best match of the sentences, greater side",
	verdict.CoverageMin:    "share of the text in passages, lesser side",
	verdict.CoverageMax:    "share of the text in passages, greater side",
	verdict.Similarity:     "mean similarity of the passages",
	verdict.Spread:         "how much the similarities of the passages differ",
	verdict.Verbatim:       "share of the passages that are word for word",
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
	verdict.GramMax:        "three-word runs shared, greater side",
	verdict.HeldMin:        "rare concepts that the other has, lesser side",
	verdict.HeldMax:        "rare concepts that the other has, greater side",
	verdict.NumbersHeld:    "numbers that the other has anywhere, greater side",
	verdict.NumbersHeldMin: "numbers that the other has anywhere, lesser side",
	verdict.NamesHeld:      "names that the other has anywhere, greater side",
	verdict.NamesHeldMin:   "names that the other has anywhere, lesser side",
	verdict.Topic:          "similarity of the whole texts",
	verdict.Strong:         "share of the text in close passages",
	verdict.BehindMin:      "best match of the sentences, behind a rival's, lesser side",
	verdict.BehindMax:      "best match of the sentences, behind a rival's, greater side",
	verdict.AheadMin:       "best match of the sentences, ahead of all rivals', lesser side",
	verdict.AheadMax:       "best match of the sentences, ahead of all rivals', greater side",
	verdict.HeldBehindMin:  "rare concepts held, behind a rival's, lesser side",
	verdict.HeldBehindMax:  "rare concepts held, behind a rival's, greater side",
	verdict.HeldAheadMin:   "rare concepts held, ahead of all rivals', lesser side",
	verdict.HeldAheadMax:   "rare concepts held, ahead of all rivals', greater side",
	verdict.MarksBehindMin: "numbers and names held, behind a rival's, lesser side",
	verdict.MarksBehindMax: "numbers and names held, behind a rival's, greater side",
	verdict.MarksAheadMin:  "numbers and names held, ahead of all rivals', lesser side",
	verdict.MarksAheadMax:  "numbers and names held, ahead of all rivals', greater side",
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
