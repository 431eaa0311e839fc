package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// reasons says in sentences what a verdict rests on. The pair's articles are A and B.
func reasons(c *dedupe.Comparison) []string {
	if c.Relation == verdict.Exact {
		return []string{"The texts are the same once case, punctuation and spacing are set aside."}
	}
	var out []string
	out = append(out, languagesOf(c), matched(c))
	v := &c.Features.Values
	if !c.Features.Cross && v[verdict.CoverageMax] > 0 {
		out = append(out, fmt.Sprintf("%s of the shorter text's runs of three words stand in the longer one.", percent(v[verdict.GramMax])))
	}
	if len(c.Passages) > 0 {
		out = append(out, marks("Numbers", v[verdict.NumberAgree], v[verdict.NumberConflict], conflictsOf(c, shingle.NumberMark)))
		out = append(out, marks("Names", v[verdict.NameAgree], v[verdict.NameConflict], conflictsOf(c, shingle.NameMark)))
	}
	if v[verdict.Order] < 0.995 && v[verdict.CoverageMax] > 0 {
		out = append(out, fmt.Sprintf("%s of the matching passages come in the same order in both.", percent(v[verdict.Order])))
	}
	out = append(out, against(c)...)
	return append(out, conclusion(c))
}

func languagesOf(c *dedupe.Comparison) string {
	a, b := languageName(c.Languages[0]), languageName(c.Languages[1])
	if a == b {
		return fmt.Sprintf("Both are in %s.", a)
	}
	return fmt.Sprintf("A is in %s, B in %s.", a, b)
}

func matched(c *dedupe.Comparison) string {
	if len(c.Passages) == 0 {
		return "No passage of one says what a passage of the other says."
	}
	return fmt.Sprintf("%s of A and %s of B stand in passages that match, with a mean similarity of %.2f.",
		percent(c.Coverage[0]), percent(c.Coverage[1]), c.Features.Values[verdict.Similarity])
}

// marks tells how many numbers or names agree and conflict. The features are shares
// of their sum plus one, which gives the sum away: one half of a mark more agrees than
// there are. Named says which conflict.
func marks(what string, agree, conflict float64, named string) string {
	all := 0.5 / max(1-agree-conflict, 1e-9)
	n, m := max(0, math.Round(agree*all-0.5)), math.Round(conflict*all)
	if n+m == 0 {
		return what + ": none in the matching passages."
	}
	if named != "" {
		named = ": " + named
	}
	differ := "differ"
	if m == 1 {
		differ = "differs"
	}
	return fmt.Sprintf("%s in the matching passages: %.0f on both sides, %.0f that %s%s.", what, n, m, differ, named)
}

func conclusion(c *dedupe.Comparison) string {
	part, whole := "A", "B"
	if c.Coverage[1] > c.Coverage[0] {
		part, whole = "B", "A"
	}
	switch c.Relation {
	case verdict.NearDuplicate:
		return "So one is an edited copy of the other."
	case verdict.Reworded:
		return "So they have the same content, sentence by sentence, in other words."
	case verdict.Translation:
		return "So one translates the other, or both a third."
	case verdict.Excerpt:
		return fmt.Sprintf("So %s holds %s, or most of it, and more.", whole, part)
	case verdict.PartialTranslation:
		return fmt.Sprintf("So %s holds %s, or most of it, in the other language, and more.", whole, part)
	case verdict.Related:
		return "So they tell the same story, but neither is made from the other."
	}
	return shortfall(c)
}

// shortfall says why the pair has no relation.
func shortfall(c *dedupe.Comparison) string {
	e := c.Explanation
	switch {
	case e == nil:
		return "That is less than a relation takes."
	case slices.Contains(e.Against, verdict.TooShort):
		return "One of them is so short that only an exact copy would count."
	case slices.Contains(e.Against, verdict.NoPassage):
		return "Without a passage that matches there is no copy."
	}
	return fmt.Sprintf("That is less than a copy takes: its probability is %s, and %s is asked.",
		shownScore(e.Copy.Probability), shownScore(e.Copy.Threshold))
}

// wordsOf undoes the logarithm of the features that count words.
func wordsOf(v float64) float64 { return math.Round(math.Exp(v) - 1) }

func percent(share float64) string { return fmt.Sprintf("%.0f%%", 100*share) }
