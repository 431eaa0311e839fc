package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// The rules of the contributions:
//
// Each feature has a line: what it adds to the log-odds of a copy, a bar of that length,
// and the line that it has without --explain. The largest come first, of either sign;
// what adds nothing comes last. A log-odds of 0 is even odds, of 3 is 20 to 1.
const (
	barWidth = 12 // of the longest bar
	partOnly = 6  // contributions shown of the decision between whole and part

	shownLogOdds = 0.005 // what is less is shown as 0
)

// contributions writes what each feature adds to the odds of a copy, in place of the
// plain features.
func (e *explanation) contributions() {
	fmt.Fprintln(e)
	x := e.c.Explanation
	if x == nil {
		e.heading("What it counted for")
		fmt.Fprintln(e, "Nothing was weighed: the words are the same.")
		return
	}
	e.heading("What was measured, and what it adds to the log-odds of a copy")
	longest := largest(&x.Copy)
	said := map[verdict.Feature]bool{}
	for _, c := range x.Copy.Contributions {
		said[c.Feature] = true
		if measured(c.Feature, e.c.Features.Cross) {
			e.contribution(c, longest)
		}
	}
	for f := range verdict.NumFeatures {
		if !said[f] && measured(f, e.c.Features.Cross) {
			e.contribution(verdict.Contribution{Feature: f, Value: e.c.Features.Values[f]}, longest)
		}
	}
	fmt.Fprintf(e, "%s  %*s  before anything is measured\n", signed(x.Copy.Base), -barWidth, "")
	fmt.Fprintf(e, "%s  %*s  in all\n", signed(logOdds(&x.Copy)), -barWidth, "")
	for _, line := range wrap(probability(&x.Copy), e.width) {
		fmt.Fprintln(e, line)
	}
	e.partOrWhole(x)
	fmt.Fprintln(e)
	for _, line := range wrap("The pair was judged alone: its rivals are what the best wrong article usually has. "+
		"In a pile, scan weighs a pair against the real ones, the other candidates of both articles.", e.width) {
		fmt.Fprintln(e, e.screen.paint(faint, line))
	}
}

// contribution writes one line.
func (e *explanation) contribution(c verdict.Contribution, longest float64) {
	sign, style := "+", good
	if c.LogOdds < 0 {
		sign, style = "-", bad
	}
	n := int(math.Ceil(barWidth * math.Abs(c.LogOdds) / longest))
	if math.Abs(c.LogOdds) < shownLogOdds {
		n = 0
	}
	line := signed(c.LogOdds) + "  " + e.screen.paint(style, strings.Repeat(sign, n)) + strings.Repeat(" ", barWidth-n)
	text := featureLine(c.Feature, c.Value)
	if e.screen.Width > 0 { // a terminal would break the line
		text = cells.Truncate(text, max(e.screen.Width-columns(signed(0))-barWidth-2, 28), "…")
	}
	fmt.Fprintln(e, line+text)
}

// partOrWhole tells which of the two a copy is, and by what.
func (e *explanation) partOrWhole(x *verdict.Explanation) {
	if !x.Copy.Holds {
		return
	}
	answer := "as a whole"
	if x.Part.Holds {
		answer = "in part"
	}
	fmt.Fprintln(e)
	e.heading(fmt.Sprintf("A copy %s: a part with probability %s", answer, shownScore(x.Part.Raw)))
	longest := largest(&x.Part)
	shown := 0
	for _, c := range x.Part.Contributions {
		if measured(c.Feature, e.c.Features.Cross) && shown < partOnly {
			e.contribution(c, longest)
			shown++
		}
	}
	if left := len(x.Part.Contributions) - shown; left > 0 {
		fmt.Fprintf(e, "and %d that add less\n", left)
	}
}

// largest is the size of the largest contribution, above 0.
func largest(d *verdict.Decision) float64 {
	if len(d.Contributions) == 0 {
		return 1
	}
	return math.Abs(d.Contributions[0].LogOdds)
}

func signed(logOdds float64) string {
	if math.Abs(logOdds) < shownLogOdds {
		return fmt.Sprintf("%7.2f", 0.)
	}
	return fmt.Sprintf("%+7.2f", logOdds)
}

// logOdds is the sum of a decision's contributions and its base.
func logOdds(d *verdict.Decision) float64 {
	sum := d.Base
	for _, c := range d.Contributions {
		sum += c.LogOdds
	}
	return sum
}

func probability(d *verdict.Decision) string {
	return fmt.Sprintf("That is a probability of %s, calibrated %s. A copy takes %s.",
		shownScore(d.Raw), shownScore(d.Probability), shownScore(d.Threshold))
}

// jsonExplanation is an explanation as it stands in JSON.
type jsonExplanation struct {
	Rule       string             `json:"rule,omitempty"` // "exact": the words are the same, and nothing else is set
	Classifier string             `json:"classifier,omitempty"`
	Against    []verdict.Obstacle `json:"against,omitzero"`
	Plausible  *bool              `json:"plausible,omitempty"`
	Copy       *jsonDecision      `json:"copy,omitempty"`
	Part       *jsonDecision      `json:"part,omitempty"`
	Story      *jsonDecision      `json:"story,omitempty"`
	Conflicts  []jsonConflict     `json:"conflicts,omitzero"`
}

type jsonDecision struct {
	Holds         bool               `json:"holds"`
	Base          float64            `json:"base"`
	Contributions []jsonContribution `json:"contributions"`
	Raw           float64            `json:"raw"`
	Probability   float64            `json:"probability"`
	Threshold     float64            `json:"threshold"`
}

type jsonContribution struct {
	Feature string  `json:"feature"`
	Value   float64 `json:"value"`
	LogOdds float64 `json:"log_odds"`
}

type jsonConflict struct {
	Kind string        `json:"kind"`
	A    []jsonMention `json:"a"`
	B    []jsonMention `json:"b"`
}

type jsonMention struct {
	Text string `json:"text"`
	Span [2]int `json:"span"`
}

func newJSONExplanation(c *dedupe.Comparison) *jsonExplanation {
	x := c.Explanation
	if x == nil {
		return &jsonExplanation{Rule: verdict.Exact.String()}
	}
	j := &jsonExplanation{
		Classifier: x.Classifier, Against: append([]verdict.Obstacle{}, x.Against...), Plausible: &x.Plausible,
		Copy: newJSONDecision(&x.Copy), Part: newJSONDecision(&x.Part), Story: newJSONDecision(&x.Story),
		Conflicts: []jsonConflict{},
	}
	for _, k := range c.Conflicts {
		kind := "number"
		if k.Kind == shingle.NameMark {
			kind = "name"
		}
		j.Conflicts = append(j.Conflicts, jsonConflict{kind, newJSONMentions(k.A), newJSONMentions(k.B)})
	}
	return j
}

func newJSONDecision(d *verdict.Decision) *jsonDecision {
	j := &jsonDecision{
		Holds: d.Holds, Base: rounded(d.Base), Raw: roundedScore(d.Raw, 4), Probability: roundedScore(d.Probability, 4),
		Threshold: rounded(d.Threshold), Contributions: []jsonContribution{},
	}
	for _, c := range d.Contributions {
		j.Contributions = append(j.Contributions, jsonContribution{c.Feature.String(), rounded(c.Value), rounded(c.LogOdds)})
	}
	return j
}

func newJSONMentions(mentions []dedupe.Mention) []jsonMention {
	out := make([]jsonMention, len(mentions))
	for i, m := range mentions {
		out[i] = jsonMention{m.Text, offsets(m.Span)}
	}
	return out
}

func offsets(s article.Span) [2]int { return [2]int{s.Start, s.End} }
