package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Reasons says in sentences what a verdict rests on: in French if l is article.French, else
// in English. The pair's articles are A and B.
func Reasons(c *dedupe.Comparison, l article.Language) []string {
	return speaker{french: l == article.French}.reasons(c)
}

func (p speaker) reasons(c *dedupe.Comparison) []string {
	if c.Relation == verdict.Exact {
		return []string{p.say("The texts are the same once case, punctuation and spacing are set aside.")}
	}
	var out []string
	out = append(out, p.languagesOf(c), p.matched(c))
	v := &c.Features.Values
	if !c.Features.Cross && v[verdict.CoverageMax] > 0 {
		out = append(out, p.say("%s of the shorter text's runs of three words stand in the longer one.", p.percent(v[verdict.GramMax])))
	}
	if len(c.Passages) > 0 {
		out = append(out, p.marks(shingle.NumberMark, v[verdict.NumberAgree], v[verdict.NumberConflict], p.conflictsOf(c, shingle.NumberMark)))
		out = append(out, p.marks(shingle.NameMark, v[verdict.NameAgree], v[verdict.NameConflict], p.conflictsOf(c, shingle.NameMark)))
	}
	if v[verdict.Order] < 0.995 && v[verdict.CoverageMax] > 0 {
		out = append(out, p.say("%s of the matching passages come in the same order in both.", p.percent(v[verdict.Order])))
	}
	out = append(out, p.against(c)...)
	return append(out, p.conclusion(c))
}

func (p speaker) languagesOf(c *dedupe.Comparison) string {
	a, b := p.language(c.Languages[0]), p.language(c.Languages[1])
	if a == b {
		return p.say("Both are in %s.", a)
	}
	return p.say("A is in %s, B in %s.", a, b)
}

func (p speaker) matched(c *dedupe.Comparison) string {
	if len(c.Passages) == 0 {
		return p.say("No passage of one says what a passage of the other says.")
	}
	return p.say("%s of A and %s of B stand in passages that match, with a mean similarity of %s.",
		p.percent(c.Coverage[0]), p.percent(c.Coverage[1]), p.decimal(c.Features.Values[verdict.Similarity], 2))
}

// marks tells how many numbers or names agree and conflict. The features are shares
// of their sum plus one, which gives the sum away: one half of a mark more agrees than
// there are. Named says which conflict.
func (p speaker) marks(kind shingle.MarkKind, agree, conflict float64, named string) string {
	all := 0.5 / max(1-agree-conflict, 1e-9)
	n, m := int(max(0, math.Round(agree*all-0.5))), int(math.Round(conflict*all))
	numbers := kind == shingle.NumberMark
	if named != "" {
		named = p.say(": %s", named)
	}
	switch {
	case n+m == 0 && numbers:
		return p.say("Numbers: none in the matching passages.")
	case n+m == 0:
		return p.say("Names: none in the matching passages.")
	case m == 1 && numbers:
		return p.say("Numbers in the matching passages: %d on both sides, %d that differs%s.", n, m, named)
	case m == 1:
		return p.say("Names in the matching passages: %d on both sides, %d that differs%s.", n, m, named)
	case numbers:
		return p.say("Numbers in the matching passages: %d on both sides, %d that differ%s.", n, m, named)
	}
	return p.say("Names in the matching passages: %d on both sides, %d that differ%s.", n, m, named)
}

func (p speaker) conclusion(c *dedupe.Comparison) string {
	part, whole := "A", "B"
	if c.Coverage[1] > c.Coverage[0] {
		part, whole = "B", "A"
	}
	switch c.Relation {
	case verdict.NearDuplicate:
		return p.say("So one is an edited copy of the other.")
	case verdict.Reworded:
		return p.say("So they have the same content, sentence by sentence, in other words.")
	case verdict.Translation:
		return p.say("So one translates the other, or both a third.")
	case verdict.Excerpt:
		return p.say("So %s holds %s, or most of it, and more.", whole, part)
	case verdict.PartialTranslation:
		return p.say("So %s holds %s, or most of it, in the other language, and more.", whole, part)
	case verdict.Related:
		return p.say("So they tell the same story, but neither is made from the other.")
	}
	return p.shortfall(c)
}

// shortfall says why the pair has no relation.
func (p speaker) shortfall(c *dedupe.Comparison) string {
	e := c.Explanation
	switch {
	case e == nil:
		return p.say("That is less than a relation takes.")
	case slices.Contains(e.Against, verdict.TooShort):
		return p.say("One of them is so short that only an exact copy would count.")
	case slices.Contains(e.Against, verdict.NoPassage):
		return p.say("Without a passage that matches there is no copy.")
	}
	return p.say("That is less than a copy takes: its probability is %s, and %s is asked.",
		p.score(e.Copy.Probability), p.score(e.Copy.Threshold))
}

// wordsOf undoes the logarithm of the features that count words.
func wordsOf(v float64) float64 { return math.Round(math.Exp(v) - 1) }

func percent(share float64) string { return fmt.Sprintf("%.0f%%", 100*share) }
