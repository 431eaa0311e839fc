package verdict

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// operatingPoints draws points of rising thresholds and precisions.
var operatingPoints = rapid.Custom(func(t *rapid.T) []OperatingPoint {
	thresholds := rapid.SliceOfNDistinct(rapid.IntRange(1, 100), 0, 8, rapid.ID).Draw(t, "thresholds")
	precisions := rapid.SliceOfNDistinct(rapid.IntRange(1, 100), len(thresholds), len(thresholds), rapid.ID).Draw(t, "precisions")
	slices.Sort(thresholds)
	slices.Sort(precisions)
	out := make([]OperatingPoint, len(thresholds))
	for i := range out {
		out[i] = OperatingPoint{Threshold: float64(thresholds[i]) / 100, Precision: float64(precisions[i]) / 100}
	}
	return out
})

// naiveThreshold is the least threshold that gave the precision; 0 if none did.
func naiveThreshold(points []OperatingPoint, precision float64) float64 {
	least := 0.0
	for _, p := range points {
		if p.Precision >= precision && (least == 0 || p.Threshold < least) {
			least = p.Threshold
		}
	}
	return least
}

// withOperating gives a classifier operating points, for whatever it has thresholds of.
func withOperating(t *rapid.T, c *Classifier, points []OperatingPoint) {
	stored, err := json.Marshal(map[string]any{"threshold": 0.5, "operating": points, "part_threshold": 0.5, "part_operating": points})
	if err == nil {
		err = json.Unmarshal(stored, c)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAPrecisionTakesTheLeastThresholdsThatGaveIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &Model{Story: Classifier{Threshold: 0.5}}
		copies := []*Classifier{&m.Cross, &m.Same, &m.Other}
		for _, c := range copies {
			withOperating(t, c, operatingPoints.Draw(t, "points"))
		}
		precision := float64(rapid.IntRange(1, 100).Draw(t, "precision")) / 100
		got, err := m.WithPrecision(precision)
		unreachable := slices.ContainsFunc(copies, func(c *Classifier) bool { return naiveThreshold(c.Operating, precision) == 0 })
		if unreachable {
			if !errors.Is(err, ErrPrecision) || got != nil {
				t.Fatalf("no threshold of every classifier gave %v, and the error is %v", precision, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range []*Classifier{&got.Cross, &got.Same, &got.Other} {
			if want := naiveThreshold(c.Operating, precision); c.Threshold != want || copies[i].Threshold != 0.5 {
				t.Fatalf("threshold %v, naively %v; the model's own is now %v", c.Threshold, want, copies[i].Threshold)
			}
		}
		if got.Story.Threshold != 0.5 {
			t.Fatal("the threshold of stories is", got.Story.Threshold)
		}
	})
}

func TestThresholdsDoNotFallAsThePrecisionRises(t *testing.T) {
	m := embeddedModel(t)
	var before *Model
	for step := 1; step <= 1000; step++ {
		after, err := m.WithPrecision(float64(step) / 1000)
		if err != nil {
			if !errors.Is(err, ErrPrecision) {
				t.Fatal(err)
			}
			after = nil
		}
		if before == nil && step > 1 && after != nil {
			t.Fatalf("a precision of %v is reached and a lesser one is not", float64(step)/1000)
		}
		if before != nil && after != nil {
			was := classifiers(before)
			for name, c := range classifiers(after) {
				if c.Threshold < was[name].Threshold {
					t.Errorf("%s: at %v the threshold falls from %v to %v", name, float64(step)/1000, was[name].Threshold, c.Threshold)
				}
			}
		}
		before = after
	}
}

func TestAPrecisionChangesThresholdsOnly(t *testing.T) {
	m := embeddedModel(t)
	got, err := m.WithPrecision(0.9)
	if err != nil {
		t.Fatal(err)
	}
	thresholds := cmp.FilterPath(func(p cmp.Path) bool {
		return p.Index(-2).Type() == reflect.TypeFor[Classifier]() && strings.HasSuffix(p.Last().String(), "Threshold")
	}, cmp.Ignore())
	if diff := cmp.Diff(m, got, thresholds, cmpopts.IgnoreUnexported(Forest{})); diff != "" {
		t.Error(diff)
	}
	if _, err := m.WithPrecision(1.01); err == nil {
		t.Error("more than all can be right")
	}
	if _, err := new(Model).WithPrecision(0.5); !errors.Is(err, ErrPrecision) {
		t.Error("a model without operating points has a precision:", err)
	}
}
