// Package verdict decides which relation ties two articles.
//
// In come the features of a pair, measured on its alignment; out comes a Verdict:
// a relation and the calibrated probability that it holds. The weights are fitted
// by package fit and embedded.
package verdict

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
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

// Classifier tells whether something ties two articles, every class but Unrelated, and
// if so whether it is Part or Whole.
type Classifier struct {
	Tied      Forest           `json:"tied"`
	Part      Forest           `json:"part"`
	Calibrate []Point          `json:"calibration"` // of Tied, isotonic
	Threshold float64          `json:"threshold"`   // least calibrated probability that holds
	Operating []OperatingPoint `json:"operating"`   // by threshold

	PartThreshold float64          `json:"part_threshold,omitempty"` // the same for a Part
	PartOperating []OperatingPoint `json:"part_operating,omitempty"`
}

// Point is a corner of the calibration: the raw probability and the calibrated one.
// Between two points it is linear.
type Point struct {
	Raw        float64 `json:"raw"`
	Calibrated float64 `json:"calibrated"`
}

// OperatingPoint is what a threshold gave on articles that the fit had not seen. Each
// of a classifier's has a greater precision than the one before.
type OperatingPoint struct {
	Threshold float64 `json:"threshold"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
}

// WithPrecision is the model with the least thresholds that gave the precision, above
// 0 and at most 1, for copies. It fails with ErrPrecision if none did; MostPrecision
// did.
func (m *Model) WithPrecision(precision float64) (*Model, error) {
	if !(precision > 0 && precision <= 1) {
		return nil, fmt.Errorf("precision %v is not above 0 and at most 1", precision)
	}
	out := *m
	for _, c := range out.copies() {
		if !leastThreshold(&c.Threshold, c.Operating, precision) || !leastThreshold(&c.PartThreshold, c.PartOperating, precision) {
			return nil, fmt.Errorf("%w of %v: the most that was measured is %v", ErrPrecision, precision, m.MostPrecision())
		}
	}
	return &out, nil
}

// leastThreshold sets the threshold to the least that gave the precision.
func leastThreshold(threshold *float64, points []OperatingPoint, precision float64) bool {
	i, _ := slices.BinarySearchFunc(points, precision, func(p OperatingPoint, x float64) int { return cmp.Compare(p.Precision, x) })
	if i == len(points) {
		return false
	}
	*threshold = points[i].Threshold
	return true
}

// MostPrecision is the greatest precision that WithPrecision has thresholds for, 0 if none.
func (m *Model) MostPrecision() float64 {
	most := 1.0
	for _, c := range m.copies() {
		for _, points := range [][]OperatingPoint{c.Operating, c.PartOperating} {
			if len(points) == 0 {
				return 0
			}
			most = min(most, points[len(points)-1].Precision)
		}
	}
	return most
}

// copies are the classifiers that tell copies.
func (m *Model) copies() []*Classifier { return []*Classifier{&m.Cross, &m.Same, &m.Other} }

// ErrPrecision is returned for a precision that no threshold gave.
var ErrPrecision = errors.New("no threshold with a precision")

// Verdict is the answer for a pair.
type Verdict struct {
	Relation Relation
	Score    float64 // calibrated probability that the relation holds
	Holds    bool    // the score reaches the model's threshold
}

// MinWords is the length in words under which an article is tied only to its exact
// copies: so few words say the same in too many articles.
const MinWords = 20

// Judge decides on a pair that is not exact. Without a matched passage there is no copy.
func (m *Model) Judge(f *Features) Verdict {
	if v := m.JudgeCopy(f); v.Holds || f.tooShort() || f.sameMould() {
		return v
	}
	score := m.Story.Score(f)
	return Verdict{Relation: Related, Score: score, Holds: score >= m.Story.Threshold}
}

// JudgeCopy is Judge for who does not ask for Related: the zero Verdict where there is no
// copy.
func (m *Model) JudgeCopy(f *Features) Verdict {
	if f.tooShort() || f.unmatched() {
		return Verdict{}
	}
	c := m.Classifier(f)
	score := c.Score(f)
	if score < min(c.Threshold, c.PartThreshold) {
		return Verdict{}
	}
	part := c.Part.LogOdds(f) > 0
	if score < c.ThresholdOf(part) {
		return Verdict{}
	}
	return Verdict{Relation: m.copyRelation(part, f), Score: score, Holds: true}
}

// tooShort reports whether an article has fewer words than MinWords.
func (f *Features) tooShort() bool { return f.Values[Shorter] < math.Log(1+MinWords) }

// unmatched reports whether no passage of one article matches one of the other.
func (f *Features) unmatched() bool { return f.Values[CoverageMax] <= 0 }

// Classifier is the one that decides whether the pair is a copy.
func (m *Model) Classifier(f *Features) *Classifier {
	switch {
	case f.Cross:
		return &m.Cross
	case m.otherWords(f):
		return &m.Other
	}
	return &m.Same
}

// sameMould reports whether the articles match passage by passage and disagree on whom
// they are about: two results, matches or advisories told by one template.
func (f *Features) sameMould() bool {
	return f.Values[CoverageMin] > 0.5 && f.Values[NameConflict] > f.Values[NameAgree]
}

// otherWords reports whether two articles in one language do not share their wording.
func (m *Model) otherWords(f *Features) bool { return f.Values[GramMax] < m.Reworded }

// copyRelation names the copy by language, extent and wording.
func (m *Model) copyRelation(part bool, f *Features) Relation {
	switch {
	case f.Cross && part:
		return PartialTranslation
	case f.Cross:
		return Translation
	case part:
		return Excerpt
	case m.otherWords(f):
		return Reworded
	}
	return NearDuplicate
}

// ThresholdOf is the least score that holds, for a part or a whole.
func (c *Classifier) ThresholdOf(part bool) float64 {
	if part {
		return c.PartThreshold
	}
	return c.Threshold
}

// Score is the calibrated probability that something ties the two.
func (c *Classifier) Score(f *Features) float64 { return c.Calibrated(c.Tied.Probability(f)) }

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

// Prepare makes the forests ready. Read has done it.
func (c *Classifier) Prepare() error {
	if err := c.Tied.prepare(); err != nil {
		return err
	}
	return c.Part.prepare()
}

// check reports a threshold or a calibration that no fit leaves.
func (c *Classifier) check() error {
	if len(c.Part.Trees) > 0 && (c.PartThreshold <= 0 || c.PartThreshold > 1) {
		return fmt.Errorf("threshold %v of parts is not above 0 and at most 1: is the model fitted?", c.PartThreshold)
	}
	if c.Threshold <= 0 || c.Threshold > 1 {
		return fmt.Errorf("threshold %v is not above 0 and at most 1: is the model fitted?", c.Threshold)
	}
	for i, p := range c.Calibrate {
		if p.Calibrated < 0 || p.Calibrated > 1 || i > 0 && (p.Raw <= c.Calibrate[i-1].Raw || p.Calibrated < c.Calibrate[i-1].Calibrated) {
			return fmt.Errorf("calibration point %d: %v does not rise between 0 and 1", i, p)
		}
	}
	for _, points := range [][]OperatingPoint{c.Operating, c.PartOperating} {
		for i, p := range points {
			if i > 0 && (p.Precision <= points[i-1].Precision || p.Threshold < points[i-1].Threshold) {
				return fmt.Errorf("operating point %d: %v does not rise", i, p)
			}
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
	return json.NewEncoder(w).Encode(m)
}

//go:embed model.json
var embedded []byte

// Default is the model embedded in the program. It is read once.
func Default() (*Model, error) { return loadDefault() }

var loadDefault = sync.OnceValues(func() (*Model, error) { return Read(bytes.NewReader(embedded)) })
