package report

import (
	"cmp"
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
	say      func(p speaker, c *dedupe.Comparison) string
}

// saidIf is a sentence for the values that it fits.
func saidIf(sentence func(p speaker) string, fits func(v *[verdict.NumFeatures]float64) bool) func(speaker, *dedupe.Comparison) string {
	return func(p speaker, c *dedupe.Comparison) string {
		if fits(&c.Features.Values) {
			return sentence(p)
		}
		return ""
	}
}

var objections = []objection{
	{[]verdict.Feature{verdict.BiMaxMin, verdict.BiMaxMax, verdict.Similarity, verdict.Spread, verdict.Verbatim, verdict.Strong,
		verdict.BehindMin, verdict.BehindMax, verdict.AheadMin, verdict.AheadMax},
		saidIf(func(p speaker) string { return p.say("Their sentences are too little alike.") }, func(v *[verdict.NumFeatures]float64) bool {
			return v[verdict.BiMaxMin] < 0.5 || v[verdict.Similarity] < 0.5
		})},
	{[]verdict.Feature{verdict.CoverageMin, verdict.CoverageMax}, sayCoverage},
	{[]verdict.Feature{verdict.Order},
		saidIf(func(p speaker) string { return p.say("The passages that match come in another order.") }, func(v *[verdict.NumFeatures]float64) bool {
			return v[verdict.Order] < 0.9 && v[verdict.CoverageMax] > 0
		})},
	{[]verdict.Feature{verdict.NumberAgree, verdict.NumberConflict}, sayConflicts(shingle.NumberMark)},
	{[]verdict.Feature{verdict.NameAgree, verdict.NameConflict}, sayConflicts(shingle.NameMark)},
	{[]verdict.Feature{verdict.NumbersHeld, verdict.NumbersHeldMin, verdict.NamesHeld, verdict.NamesHeldMin,
		verdict.MarksBehindMin, verdict.MarksBehindMax, verdict.MarksAheadMin, verdict.MarksAheadMax}, sayMarks},
	{[]verdict.Feature{verdict.HeldMin, verdict.HeldMax,
		verdict.HeldBehindMin, verdict.HeldBehindMax, verdict.HeldAheadMin, verdict.HeldAheadMax},
		func(p speaker, c *dedupe.Comparison) string {
			held := c.Features.Values[verdict.HeldMin]
			if held >= 0.6 {
				return ""
			}
			return p.say("Of the rarest words of one, only %s are in the other.", p.percent(held))
		}},
	{[]verdict.Feature{verdict.Topic},
		saidIf(func(p speaker) string { return p.say("As wholes they are about different things.") }, func(v *[verdict.NumFeatures]float64) bool { return v[verdict.Topic] < 0.5 })},
	{[]verdict.Feature{verdict.Title},
		saidIf(func(p speaker) string { return p.say("Their headlines say different things.") }, func(v *[verdict.NumFeatures]float64) bool { return v[verdict.Title] < 0.2 })},
	{[]verdict.Feature{verdict.Length},
		saidIf(func(p speaker) string { return p.say("One is much longer than the other.") }, func(v *[verdict.NumFeatures]float64) bool { return v[verdict.Length] > math.Log(1.5) })},
	{[]verdict.Feature{verdict.Shorter, verdict.Evidence},
		saidIf(func(p speaker) string { return p.say("There is little text to go by.") }, func(v *[verdict.NumFeatures]float64) bool { return wordsOf(v[verdict.Evidence]) < 60 })},
	{[]verdict.Feature{verdict.GramMin, verdict.GramMax},
		saidIf(func(p speaker) string { return p.say("They share few runs of words.") }, func(v *[verdict.NumFeatures]float64) bool { return v[verdict.GramMax] < 0.3 })},
}

const (
	// maxObjections is the number of objections told: those that count most.
	maxObjections = 3
	// leastObjection is the log-odds from which an objection is worth telling: odds a
	// fifth lower.
	leastObjection = 0.2
)

// objectionsTo says what counted most against a copy, in sentences.
func (p speaker) objectionsTo(c *dedupe.Comparison) []string {
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
		if s := o.say(p, c); s != "" {
			found = append(found, weighed{s, sum})
		}
	}
	slices.SortStableFunc(found, func(x, y weighed) int { return cmp.Compare(x.logOdds, y.logOdds) })
	var out []string
	for _, o := range found[:min(len(found), maxObjections)] {
		out = append(out, o.sentence)
	}
	return out
}

func sayCoverage(p speaker, c *dedupe.Comparison) string {
	v := &c.Features.Values
	switch {
	case len(c.Passages) == 0:
		return "" // that was said
	case v[verdict.CoverageMax] < 0.6:
		return p.say("Most of either has no counterpart in the other.")
	case v[verdict.CoverageMin] < 0.6:
		return p.say("Much of one has no counterpart in the other.")
	}
	return ""
}

func sayMarks(p speaker, c *dedupe.Comparison) string {
	v := &c.Features.Values
	numbers, names := v[verdict.NumbersHeldMin] < 0.5, v[verdict.NamesHeldMin] < 0.5
	switch {
	case numbers && names:
		return p.say("Many numbers and names of one are nowhere in the other.")
	case numbers:
		return p.say("Many numbers of one are nowhere in the other.")
	case names:
		return p.say("Many names of one are nowhere in the other.")
	}
	return ""
}

func sayConflicts(kind shingle.MarkKind) func(speaker, *dedupe.Comparison) string {
	if kind == shingle.NameMark {
		return saidIf(func(p speaker) string { return p.say("The names in the passages that match differ too often.") },
			func(v *[verdict.NumFeatures]float64) bool { return v[verdict.NameConflict] > 0 })
	}
	return saidIf(func(p speaker) string { return p.say("The numbers in the passages that match differ too often.") },
		func(v *[verdict.NumFeatures]float64) bool { return v[verdict.NumberConflict] > 0 })
}

// against says by which rules a pair is no copy, in sentences.
func (p speaker) against(c *dedupe.Comparison) []string {
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
		out = append(out, p.unknownWords(c))
	}
	if barred(verdict.SameMould) {
		out = append(out, p.say("Passage by passage they are alike, but not about the same names: they look made from one template."))
	}
	if !barred(verdict.NoPassage) {
		out = append(out, p.objectionsTo(c)...)
	}
	if !e.Plausible {
		out = append(out, p.say("They share so few of their rarest words that scan would not look at them."))
	}
	return out
}

// unknownWords tells of the languages whose words nobody can translate here.
func (p speaker) unknownWords(c *dedupe.Comparison) string {
	for side, l := range c.Languages {
		switch l {
		case article.English, article.French:
		case article.Unknown:
			return p.say("The language of %s was not recognised, and without it no translation can be seen.", sideNames[side])
		default:
			return p.say("The program knows no words of %s: there it finds copies, but no translations.", p.language(l))
		}
	}
	return p.say("The program does not know the words of both languages.")
}

const (
	maxConflicts    = 3 // named of a kind
	maxMentions     = 3 // named of a side of a conflict
	maxConflictText = 40
)

// conflictsOf names the numbers or names that differ: "A has 12 where B has 15". The
// clearest come first, those with the fewest on either side, and each once. It is "" where
// none differ.
func (p speaker) conflictsOf(c *dedupe.Comparison, kind shingle.MarkKind) string {
	conflicts := slices.Clone(c.Conflicts)
	slices.SortStableFunc(conflicts, func(x, y dedupe.Conflict) int {
		return cmp.Compare(len(x.A)+len(x.B), len(y.A)+len(y.B))
	})
	var out []string
	for _, x := range conflicts {
		if x.Kind != kind {
			continue
		}
		if s := p.say("A has %s where B has %s", p.listed(x.A), p.listed(x.B)); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if len(out) > maxConflicts {
		out = append(out[:maxConflicts], p.say("and so on"))
	}
	return strings.Join(out, p.say("; "))
}

// listed are the words of the mentions.
func (p speaker) listed(mentions []dedupe.Mention) string {
	var words []string
	for _, m := range mentions {
		words = append(words, Printable(cutTo(m.Text, maxConflictText)))
	}
	switch n := len(words); {
	case n > maxMentions:
		return strings.Join(words[:maxMentions], ", ") + ", …"
	case n > 1:
		return p.say("%s and %s", strings.Join(words[:n-1], ", "), words[n-1])
	}
	return strings.Join(words, "")
}
