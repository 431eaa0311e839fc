// Package verdict decides which relation ties two articles.
//
// In come the features of a pair, measured on its alignment; out comes a Verdict:
// a relation and the calibrated probability that it holds. The weights are fitted
// by package fit and embedded.
package verdict

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
)

// Class is what the fitted model tells apart, for pairs of one language and for
// pairs of two.
type Class int

// The classes.
const (
	Unrelated Class = iota // nothing ties the two
	SameStory              // verdict.Related
	Whole                  // each says what the other says
	Part                   // one holds the other
	NumClasses
)

var classNames = [NumClasses]string{"unrelated", "same-story", "whole", "part"}

// String is the class's name in the model file.
func (c Class) String() string { return classNames[c] }

// Model is everything fitted.
type Model struct {
	Cross Classifier `json:"cross"` // copy or none, for two languages
	Same  Classifier `json:"same"`  // the same for one, where wording is shared
	Other Classifier `json:"other"` // and where it is not: what is a copy there was put in other words
	Story Classifier `json:"story"` // the same story or not, for pairs that are no copies
	// Reworded is the share of three-word runs (feature GramMax) under which two articles
	// in one language do not share their wording: a whole copy is Reworded, not a
	// NearDuplicate.
	Reworded float64 `json:"reworded"`
}

// Classifier is a multinomial logistic regression over standardised features with
// an isotonic calibration of the probability that something ties the two: every class
// but Unrelated.
type Classifier struct {
	Mean      map[string]float64            `json:"mean"`
	Scale     map[string]float64            `json:"scale"`
	Weights   map[string]map[string]float64 `json:"weights"` // class → feature → weight; "bias" too
	Calibrate []Point                       `json:"calibration"`
	Threshold float64                       `json:"threshold"` // least calibrated probability that holds

	mean, scale [NumFeatures]float64
	weights     [NumClasses][NumFeatures + 1]float64
}

// Point is a corner of the calibration: the raw probability and the calibrated one.
// Between two points it is linear.
type Point struct {
	Raw        float64 `json:"raw"`
	Calibrated float64 `json:"calibrated"`
}

// Verdict is the answer for a pair.
type Verdict struct {
	Relation Relation
	Score    float64 // calibrated probability that the relation holds
	Holds    bool    // the score reaches the model's threshold
}

// MinWords is the length in words under which an article is tied only to its exact
// copies: so few words say the same in too many articles.
const MinWords = 15

// Judge decides on a pair that is not exact. Without a matched passage there is no copy.
func (m *Model) Judge(f *Features) Verdict {
	if f.Values[Shorter] < math.Log(1+MinWords) {
		return Verdict{}
	}
	c := &m.Same
	switch {
	case f.Cross:
		c = &m.Cross
	case m.otherWords(f):
		c = &m.Other
	}
	p := c.Probabilities(f)
	if score := c.Calibrated(p.Tied()); score >= c.Threshold && f.Values[CoverageMax] > 0 {
		return Verdict{Relation: m.copyRelation(f, p), Score: score, Holds: true}
	}
	if f.sameMould() {
		return Verdict{}
	}
	score := m.Story.Calibrated(m.Story.Probabilities(f).Tied())
	return Verdict{Relation: Related, Score: score, Holds: score >= m.Story.Threshold}
}

// sameMould reports whether the articles match passage by passage and disagree on whom
// they are about: two results, matches or advisories told by one template.
func (f *Features) sameMould() bool {
	return f.Values[CoverageMin] > 0.5 && f.Values[NameConflict] > f.Values[NameAgree]
}

// otherWords reports whether two articles in one language do not share their wording.
func (m *Model) otherWords(f *Features) bool { return f.Values[GramMax] < m.Reworded }

// copyRelation names the copy by language, extent and wording.
func (m *Model) copyRelation(f *Features, p Probabilities) Relation {
	switch {
	case f.Cross && p[Part] > p[Whole]:
		return PartialTranslation
	case f.Cross:
		return Translation
	case p[Part] > p[Whole]:
		return Excerpt
	case m.otherWords(f):
		return Reworded
	}
	return NearDuplicate
}

// Probabilities are those of the classes; they sum to 1.
type Probabilities [NumClasses]float64

// Tied is the probability of all classes but Unrelated.
func (p Probabilities) Tied() float64 { return 1 - p[Unrelated] }

// Probabilities are the class probabilities before calibration.
func (c *Classifier) Probabilities(f *Features) Probabilities {
	var p Probabilities
	for k := range p {
		p[k] = c.weights[k][NumFeatures]
	}
	for i, v := range f.Values {
		z := (v - c.mean[i]) / c.scale[i]
		for k := range p {
			p[k] += c.weights[k][i] * z
		}
	}
	top := slices.Max(p[:])
	sum := 0.0
	for k := range p {
		p[k] = math.Exp(p[k] - top)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}

// Calibrated maps a raw probability through the calibration.
func (c *Classifier) Calibrated(raw float64) float64 {
	points := c.Calibrate
	if len(points) == 0 {
		return raw
	}
	i, _ := slices.BinarySearchFunc(points, raw, func(p Point, x float64) int {
		if p.Raw < x {
			return -1
		}
		return 1
	})
	switch {
	case i == 0:
		return points[0].Calibrated
	case i == len(points):
		return points[i-1].Calibrated
	}
	a, b := points[i-1], points[i]
	return a.Calibrated + (b.Calibrated-a.Calibrated)*(raw-a.Raw)/(b.Raw-a.Raw)
}

// bias is the name of the constant weight in model files.
const bias = "bias"

// Prepare turns the named values into arrays, which Probabilities needs. Read has done it.
func (c *Classifier) Prepare() error {
	for i := range NumFeatures {
		name := i.String()
		if _, ok := c.Mean[name]; !ok {
			return fmt.Errorf("no mean of feature %s", name)
		}
		c.mean[i], c.scale[i] = c.Mean[name], c.Scale[name]
		if c.scale[i] <= 0 {
			return fmt.Errorf("feature %s: scale %v is not positive", name, c.scale[i])
		}
	}
	for k := range NumClasses {
		weights, ok := c.Weights[k.String()]
		if !ok {
			return fmt.Errorf("no weights for class %s", k)
		}
		for i := range NumFeatures {
			w, ok := weights[i.String()]
			if !ok {
				return fmt.Errorf("class %s: no weight of feature %s", k, i)
			}
			c.weights[k][i] = w
		}
		c.weights[k][NumFeatures] = weights[bias]
	}
	return nil
}

// check reports a threshold or a calibration that no fit leaves.
func (c *Classifier) check() error {
	if c.Threshold <= 0 || c.Threshold > 1 {
		return fmt.Errorf("threshold %v is not above 0 and at most 1: is the model fitted?", c.Threshold)
	}
	for i, p := range c.Calibrate {
		if p.Calibrated < 0 || p.Calibrated > 1 || i > 0 && (p.Raw <= c.Calibrate[i-1].Raw || p.Calibrated < c.Calibrate[i-1].Calibrated) {
			return fmt.Errorf("calibration point %d: %v does not rise between 0 and 1", i, p)
		}
	}
	return nil
}

// Read reads a model in JSON.
func Read(r io.Reader) (*Model, error) {
	var m Model
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return nil, fmt.Errorf("verdict model: %w", err)
	}
	for _, c := range []*Classifier{&m.Cross, &m.Same, &m.Other, &m.Story} {
		err := c.check()
		if err == nil {
			err = c.Prepare()
		}
		if err != nil {
			return nil, fmt.Errorf("verdict model: %w", err)
		}
	}
	return &m, nil
}

// Write stores the model in JSON, the same bytes for the same model.
func (m *Model) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "\t")
	return e.Encode(m)
}

//go:embed model.json
var embedded []byte

// Default is the model embedded in the program. It is read once.
func Default() (*Model, error) { return loadDefault() }

var loadDefault = sync.OnceValues(func() (*Model, error) { return Read(bytes.NewReader(embedded)) })
