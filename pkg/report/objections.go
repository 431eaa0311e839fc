package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// objection is something that may speak against a copy: the features that see it, and
// the sentence that says so, "" where their values do not bear it out. A feature may
// count against a pair that is well off in it, next to others that are better off. The
// margins stand with what they are margins of: a pair judged alone has no rivals.
type objection struct {
	features []verdict.Feature
	say      func(c *dedupe.Comparison, v *[verdict.NumFeatures]float64) string
}

// saidIf is a sentence for the values that it fits.
func saidIf(sentence string, fits func(v *[verdict.NumFeatures]float64) bool) func(*dedupe.Comparison, *[verdict.NumFeatures]float64) string {
	return func(_ *dedupe.Comparison, v *[verdict.NumFeatures]float64) string {
		if fits(v) {
			return sentence
		}
		return ""
	}
}

var objections = []objection{
	{[]verdict.Feature{verdict.BiMaxMin, verdict.BiMaxMax, verdict.Similarity, verdict.Spread, verdict.Verbatim, verdict.Strong,
		verdict.BehindMin, verdict.BehindMax, verdict.AheadMin, verdict.AheadMax},
		saidIf("Their sentences are too little alike.", func(v *[verdict.NumFeatures]float64) bool {
			return v[verdict.BiMaxMin] < 0.5 || v[verdict.Similarity] < 0.5
		})},
	{[]verdict.Feature{verdict.CoverageMin, verdict.CoverageMax}, sayCoverage},
	{[]verdict.Feature{verdict.Order},
		saidIf("The passages that match come in another order.", func(v *[verdict.NumFeatures]float64) bool {
			return v[verdict.Order] < 0.9 && v[verdict.CoverageMax] > 0
		})},
	{[]verdict.Feature{verdict.NumberAgree, verdict.NumberConflict}, sayConflicts(shingle.NumberMark)},
	{[]verdict.Feature{verdict.NameAgree, verdict.NameConflict}, sayConflicts(shingle.NameMark)},
	{[]verdict.Feature{verdict.NumbersHeld, verdict.NumbersHeldMin, verdict.NamesHeld, verdict.NamesHeldMin,
		verdict.MarksBehindMin, verdict.MarksBehindMax, verdict.MarksAheadMin, verdict.MarksAheadMax}, sayMarks},
	{[]verdict.Feature{verdict.HeldMin, verdict.HeldMax,
		verdict.HeldBehindMin, verdict.HeldBehindMax, verdict.HeldAheadMin, verdict.HeldAheadMax},
		func(_ *dedupe.Comparison, v *[verdict.NumFeatures]float64) string {
			if v[verdict.HeldMin] >= 0.6 {
				return ""
			}
			return fmt.Sprintf("Of the rarest words of one, only %s are in the other.", percent(v[verdict.HeldMin]))
		}},
	{[]verdict.Feature{verdict.Topic},
		saidIf("As wholes they are about different things.", func(v *[verdict.NumFeatures]float64) bool { return v[verdict.Topic] < 0.5 })},
	{[]verdict.Feature{verdict.Title},
		saidIf("Their headlines say different things.", func(v *[verdict.NumFeatures]float64) bool { return v[verdict.Title] < 0.2 })},
	{[]verdict.Feature{verdict.Length},
		saidIf("One is much longer than the other.", func(v *[verdict.NumFeatures]float64) bool { return v[verdict.Length] > math.Log(1.5) })},
	{[]verdict.Feature{verdict.Shorter, verdict.Evidence},
		saidIf("There is little text to go by.", func(v *[verdict.NumFeatures]float64) bool { return wordsOf(v[verdict.Evidence]) < 60 })},
	{[]verdict.Feature{verdict.GramMin, verdict.GramMax},
		saidIf("They share few runs of words.", func(v *[verdict.NumFeatures]float64) bool { return v[verdict.GramMax] < 0.3 })},
}

const (
	// maxObjections is the number of objections told: those that count most.
	maxObjections = 3
	// leastObjection is the log-odds from which an objection is worth telling: odds a
	// fifth lower.
	leastObjection = 0.2
)

// objectionsTo says what counted most against a copy, in sentences.
func objectionsTo(c *dedupe.Comparison) []string {
	type weighed struct {
		sentence string
		logOdds  float64
	}
	var found []weighed
	for _, o := range objections {
		sum := 0.0
		for _, f := range o.features {
			sum += c.Explanation.Copy.Of(f)
		}
		if sum > -leastObjection {
			continue
		}
		if s := o.say(c, &c.Features.Values); s != "" {
			found = append(found, weighed{s, sum})
		}
	}
	slices.SortStableFunc(found, func(p, q weighed) int { return cmp.Compare(p.logOdds, q.logOdds) })
	var out []string
	for _, o := range found[:min(len(found), maxObjections)] {
		out = append(out, o.sentence)
	}
	return out
}

func sayCoverage(c *dedupe.Comparison, v *[verdict.NumFeatures]float64) string {
	switch {
	case len(c.Passages) == 0:
		return "" // that was said
	case v[verdict.CoverageMax] < 0.6:
		return "Most of either has no counterpart in the other."
	case v[verdict.CoverageMin] < 0.6:
		return "Much of one has no counterpart in the other."
	}
	return ""
}

func sayMarks(_ *dedupe.Comparison, v *[verdict.NumFeatures]float64) string {
	numbers, names := v[verdict.NumbersHeldMin] < 0.5, v[verdict.NamesHeldMin] < 0.5
	switch {
	case numbers && names:
		return "Many numbers and names of one are nowhere in the other."
	case numbers:
		return "Many numbers of one are nowhere in the other."
	case names:
		return "Many names of one are nowhere in the other."
	}
	return ""
}

func sayConflicts(kind shingle.MarkKind) func(*dedupe.Comparison, *[verdict.NumFeatures]float64) string {
	feature, sentence := verdict.NumberConflict, "The numbers in the passages that match differ too often."
	if kind == shingle.NameMark {
		feature, sentence = verdict.NameConflict, "The names in the passages that match differ too often."
	}
	return saidIf(sentence, func(v *[verdict.NumFeatures]float64) bool { return v[feature] > 0 })
}

// against says by which rules a pair is no copy, in sentences.
func against(c *dedupe.Comparison) []string {
	e := c.Explanation
	if e == nil || e.Copy.Holds {
		return nil
	}
	var out []string
	barred := func(o verdict.Obstacle) bool { return slices.Contains(e.Against, o) }
	if barred(verdict.TooShort) {
		return nil // nothing else counts
	}
	if barred(verdict.NoLexicon) {
		out = append(out, unknownWords(c))
	}
	if barred(verdict.SameMould) {
		out = append(out, "Passage by passage they are alike, but not about the same names: they look made from one template.")
	}
	if !barred(verdict.NoPassage) {
		out = append(out, objectionsTo(c)...)
	}
	if !e.Plausible {
		out = append(out, "They share so few of their rarest words that scan would not look at them.")
	}
	return out
}

// unknownWords tells of the languages whose words nobody can translate here.
func unknownWords(c *dedupe.Comparison) string {
	for side, l := range c.Languages {
		switch l {
		case article.English, article.French:
		case article.Unknown:
			return fmt.Sprintf("The language of %s was not recognised, and without it no translation can be seen.", sideNames[side])
		default:
			return fmt.Sprintf("The program knows no words of %s: there it finds copies, but no translations.", languageName(l))
		}
	}
	return "The program does not know the words of both languages."
}

const (
	maxConflicts    = 3 // named of a kind
	maxMentions     = 3 // named of a side of a conflict
	maxConflictText = 40
)

// conflictsOf names the numbers or names that differ: "A has 12 where B has 15". The
// clearest come first, those with the fewest on either side, and each once. It is "" where
// none differ.
func conflictsOf(c *dedupe.Comparison, kind shingle.MarkKind) string {
	conflicts := slices.Clone(c.Conflicts)
	slices.SortStableFunc(conflicts, func(x, y dedupe.Conflict) int {
		return cmp.Compare(len(x.A)+len(x.B), len(y.A)+len(y.B))
	})
	var out []string
	for _, x := range conflicts {
		if x.Kind != kind {
			continue
		}
		if s := fmt.Sprintf("A has %s where B has %s", listed(x.A), listed(x.B)); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if len(out) > maxConflicts {
		out = append(out[:maxConflicts], "and so on")
	}
	return strings.Join(out, "; ")
}

// listed are the words of the mentions.
func listed(mentions []dedupe.Mention) string {
	var words []string
	for _, m := range mentions {
		words = append(words, Printable(cutTo(m.Text, maxConflictText)))
	}
	switch n := len(words); {
	case n > maxMentions:
		return strings.Join(words[:maxMentions], ", ") + ", …"
	case n > 1:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}
