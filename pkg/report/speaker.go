package report

import (
	"fmt"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

// speaker puts sentences in one of the two languages that people are spoken to.
type speaker struct{ french bool }

// say is fmt.Sprintf of the format, or of what it is in French.
func (p speaker) say(format string, args ...any) string {
	if p.french {
		format = frenchSentences[format]
	}
	return fmt.Sprintf(format, args...)
}

// percent is a share, 0 to 1.
func (p speaker) percent(share float64) string {
	if p.french {
		return fmt.Sprintf("%.0f\u00a0%%", 100*share)
	}
	return percent(share)
}

// decimal is a number with so many digits after the point.
func (p speaker) decimal(x float64, digits int) string {
	s := fmt.Sprintf("%.*f", digits, x)
	if p.french {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// score is a score for people.
func (p speaker) score(x float64) string { return p.decimal(roundedScore(x, 3), 3) }

// language names a language: in French with the "en" that every sentence has before it.
func (p speaker) language(l article.Language) string {
	if !p.french {
		return languageName(l)
	}
	if name, ok := frenchLanguages[l]; ok {
		return name
	}
	return "en langue " + string(l)
}

// FeatureWords says what a feature is, for people who do not know the model: in French if l
// is article.French, else in English.
func FeatureWords(f verdict.Feature, l article.Language) string {
	if l == article.French {
		return frenchFeatures[f]
	}
	return featureWords[f]
}

// Measured tells whether a feature has a meaning for pairs in two languages, cross, or in
// one: word runs have none across languages.
func Measured(f verdict.Feature, cross bool) bool { return measured(f, cross) }
