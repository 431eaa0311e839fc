package dedupe

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/verdict"
)

// copies are the pairs that a scan of the stories reports at a precision.
func copies(t *testing.T, precision float64) []string {
	t.Helper()
	var out []string
	for p := range scanned(t, Options{Precision: precision}, stories()).Pairs() {
		out = append(out, p.A+" "+p.B)
	}
	return out
}

func TestAHigherPrecisionNeverFindsMoreCopies(t *testing.T) {
	d := detector(t, Options{})
	most := d.model.MostPrecision()
	var before []string
	for i, precision := range []float64{0.3, 0.6, 0.9, 0.95, 0.98, 0.99, most} {
		if precision > most {
			continue
		}
		found := copies(t, precision)
		for _, p := range found {
			if i > 0 && !slices.Contains(before, p) {
				t.Errorf("%s is found at a precision of %v and not below", p, precision)
			}
		}
		before = found
	}
	if n := len(copies(t, 0.3)); len(before) == 0 || len(before) >= n {
		t.Errorf("%d pairs at a precision of 0.3, %d at %v", n, len(before), most)
	}
}

func TestAComparisonIsNoSurerACopyAtAHigherPrecision(t *testing.T) {
	most := detector(t, Options{}).model.MostPrecision()
	rapid.Check(t, func(t *rapid.T) {
		asked := rapid.Float64Range(0.01, most)
		p, q := asked.Draw(t, "p"), asked.Draw(t, "q")
		low, errLow := New(Options{Precision: min(p, q)})
		high, errHigh := New(Options{Precision: max(p, q)})
		if err := errors.Join(errLow, errHigh); err != nil {
			t.Fatal(err)
		}
		index := rapid.IntRange(0, len(stories())-1)
		a, b := stories()[index.Draw(t, "a")], stories()[index.Draw(t, "b")]
		if high.Compare(a, b).Relation.IsCopy() && !low.Compare(a, b).Relation.IsCopy() {
			t.Fatalf("%s and %s are a copy at the higher precision only", a.ID, b.ID)
		}
	})
}

func TestAPrecisionThatCannotBeIsAnError(t *testing.T) {
	for _, bad := range []float64{-1, 1.5, math.NaN(), math.Inf(1)} {
		if _, err := New(Options{Precision: bad}); err == nil || errors.Is(err, verdict.ErrPrecision) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	m := *detector(t, Options{}).model
	m.Cross.Operating = m.Cross.Operating[:1]
	if _, err := New(Options{Model: &m, Precision: 0.99}); !errors.Is(err, verdict.ErrPrecision) {
		t.Errorf("what no threshold reached: %v", err)
	}
	if d := detector(t, Options{Model: &m}); d.model != &m {
		t.Error("without a precision the model is another")
	}
}
