package verdict

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Explanation is what a verdict rests on: the decisions of the model and what each
// feature had part in them, and what keeps the pair from being a copy.
type Explanation struct {
	Classifier string   // "cross" for two languages; for one, "same" where wording is shared and "other" where it is not
	Copy       Decision // that one is a copy of the other
	Part       Decision // that a copy is of a part: asked if it is a copy
	Story      Decision // that they tell the same story: asked if it is none
	Against    []Obstacle
	// Plausible says that enough of the rarest concepts are shared for the pair to be
	// looked at in a pile. A pair judged alone need not be.
	Plausible bool
}

// Decision is one answer of a forest.
type Decision struct {
	Holds         bool
	Base          float64        // log-odds before any feature is asked for
	Contributions []Contribution // to the log-odds, the largest first, of either sign; none is 0
	Raw           float64        // the probability of Base and all Contributions
	Probability   float64        // calibrated
	Threshold     float64        // least Probability that holds
}

// Contribution is what one feature adds to the log-odds.
type Contribution struct {
	Feature Feature
	Value   float64 // of the feature
	LogOdds float64
}

// Of is what a feature adds to the log-odds, 0 if nothing.
func (d *Decision) Of(feature Feature) float64 {
	for _, c := range d.Contributions {
		if c.Feature == feature {
			return c.LogOdds
		}
	}
	return 0
}

// Obstacle is a rule by which a pair is no copy. A copy has none, every other pair one
// or more.
type Obstacle uint8

// The obstacles.
const (
	TooShort   Obstacle = iota // one has fewer words than MinWords
	NoPassage                  // no passage of one matches one of the other
	Improbable                 // the probability is below the threshold
	SameMould                  // they match and disagree on whom they are about: two notices from one template
	NoLexicon                  // they are in two languages, and nothing is known of one: Explain cannot see it
)

var obstacleNames = [...]string{"too-short", "no-passage", "improbable", "same-mould", "no-lexicon"}

// String is the obstacle's name in outputs.
func (o Obstacle) String() string {
	if int(o) < len(obstacleNames) {
		return obstacleNames[o]
	}
	return fmt.Sprintf("obstacle(%d)", uint8(o))
}

// MarshalText writes the name.
func (o Obstacle) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Explain tells how Judge comes to its verdict on the pair.
func (m *Model) Explain(f *Features) Explanation {
	c := m.Classifier(f)
	e := Explanation{Classifier: m.nameOf(c), Plausible: f.plausible()}
	e.Copy = c.decide(f)
	e.Story = m.Story.decide(f)
	e.Part = c.Part.decide(f)
	// The extent is asked for as it comes: even odds make a whole.
	e.Part.Probability, e.Part.Threshold, e.Part.Holds = e.Part.Raw, 0.5, c.Part.LogOdds(f) > 0
	e.Copy.Threshold = c.ThresholdOf(e.Part.Holds)
	if f.tooShort() {
		e.Against = append(e.Against, TooShort)
	}
	if f.unmatched() {
		e.Against = append(e.Against, NoPassage)
	}
	if e.Copy.Probability < e.Copy.Threshold {
		e.Against = append(e.Against, Improbable)
	}
	if len(e.Against) > 0 && f.sameMould() {
		e.Against = append(e.Against, SameMould)
	}
	e.Copy.Holds = len(e.Against) == 0
	e.Story.Holds = !e.Copy.Holds && !f.tooShort() && !f.sameMould() && e.Story.Probability >= e.Story.Threshold
	return e
}

// nameOf is the name of one of the model's classifiers in the model file.
func (m *Model) nameOf(c *Classifier) string {
	switch c {
	case &m.Cross:
		return "cross"
	case &m.Other:
		return "other"
	}
	return "same"
}

// decide fills in all but Holds.
func (c *Classifier) decide(f *Features) Decision {
	d := c.Tied.decide(f)
	d.Probability, d.Threshold = c.Score(f), c.Threshold
	return d
}

// decide is the raw answer with what it is made of.
func (f *Forest) decide(x *Features) Decision {
	base, of := f.Contributions(x)
	d := Decision{Base: base, Raw: f.Probability(x)}
	for i, logOdds := range of {
		if logOdds != 0 {
			d.Contributions = append(d.Contributions, Contribution{Feature(i), x.Values[i], logOdds})
		}
	}
	slices.SortStableFunc(d.Contributions, func(p, q Contribution) int {
		return cmp.Compare(math.Abs(q.LogOdds), math.Abs(p.LogOdds))
	})
	return d
}
