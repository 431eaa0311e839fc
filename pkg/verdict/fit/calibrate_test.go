package fit

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/verdict"
)

// points draws scored probabilities whose raw values are multiples of 1/steps.
func points(steps, least, most int, distinct bool) *rapid.Generator[[]scored] {
	return rapid.Custom(func(t *rapid.T) []scored {
		draw := rapid.IntRange(0, steps)
		raws := rapid.SliceOfN(draw, least, most)
		if distinct {
			raws = rapid.SliceOfNDistinct(draw, least, most, rapid.ID)
		}
		var out []scored
		for _, raw := range raws.Draw(t, "raws") {
			out = append(out, scored{
				raw: float64(raw) / float64(steps), holds: rapid.Bool().Draw(t, "holds"), weight: float64(rapid.IntRange(1, 3).Draw(t, "weight")),
			})
		}
		return out
	})
}

// naiveIsotonic is the isotonic regression by its min-max formula: the value of a
// point is the greatest over all beginnings before it of the least mean over all ends
// after it. Points with one value make one corner.
func naiveIsotonic(points []scored) []verdict.Point {
	points = slices.Clone(points)
	slices.SortFunc(points, func(a, b scored) int { return int(math.Copysign(1, a.raw-b.raw)) })
	mean := func(from, to int, value func(p scored) float64) float64 {
		var sum, weight float64
		for _, p := range points[from : to+1] {
			sum += value(p) * p.weight
			weight += p.weight
		}
		return sum / weight
	}
	holds := func(p scored) float64 {
		if p.holds {
			return 1
		}
		return 0
	}
	values := make([]float64, len(points))
	for i := range points {
		values[i] = math.Inf(-1)
		for from := 0; from <= i; from++ {
			least := math.Inf(1)
			for to := i; to < len(points); to++ {
				least = min(least, mean(from, to, holds))
			}
			values[i] = max(values[i], least)
		}
	}
	var out []verdict.Point
	for from := 0; from < len(points); {
		to := from
		for to+1 < len(points) && values[to+1]-values[from] < 1e-9 {
			to++
		}
		out = append(out, verdict.Point{Raw: mean(from, to, func(p scored) float64 { return p.raw }), Calibrated: values[from]})
		from = to + 1
	}
	return out
}

func TestCalibrationIsTheIsotonicRegression(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// No more points than bins: every bin holds one at the most.
		ps := points(1000, 0, 40, true).Draw(t, "points")
		want := naiveIsotonic(ps)
		if diff := cmp.Diff(want, calibrate(ps), cmpopts.EquateApprox(0, 2e-6), cmpopts.EquateEmpty()); diff != "" {
			t.Fatal("naive, calibrate:", diff)
		}
	})
}

func TestCalibrationRises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		corners := calibrate(points(50, 0, 400, false).Draw(t, "points"))
		for i, p := range corners {
			if p.Raw < 0 || p.Raw > 1 || p.Calibrated < 0 || p.Calibrated > 1 {
				t.Fatalf("corner %+v", p)
			}
			if i > 0 && (p.Raw <= corners[i-1].Raw || p.Calibrated < corners[i-1].Calibrated) {
				t.Fatalf("%+v follows %+v", p, corners[i-1])
			}
		}
	})
}

func TestCalibrationOfEqualProbabilitiesIsTheirFrequency(t *testing.T) {
	var ps []scored
	for i := range 300 {
		ps = append(ps, scored{raw: 0.5, holds: i >= 150, weight: 1}) // half hold, and stand last
	}
	want := []verdict.Point{{Raw: 0.5, Calibrated: 0.5}}
	if diff := cmp.Diff(want, calibrate(ps)); diff != "" {
		t.Error("equal probabilities fall into several bins, of which only the first is kept: ", diff)
	}
}

func TestCalibrationKeepsTheTopBlock(t *testing.T) {
	var ps []scored
	for i := range 1000 {
		ps = append(ps, scored{raw: 1 - 1e-6/float64(2+i), holds: i >= 100, weight: 1}) // all round to 1
	}
	corners := calibrate(ps)
	if top := corners[len(corners)-1]; top.Calibrated < 0.9 {
		t.Errorf("of blocks whose probabilities round to the same six digits the first is kept, with %v of ten that nine hold", top.Calibrated)
	}
}

// f1At is the F1 of calling everything from the threshold on.
func f1At(points []scored, threshold float64) float64 {
	var all, found, correct float64
	for _, p := range points {
		if p.holds {
			all += p.weight
		}
		if p.raw >= threshold {
			found += p.weight
			if p.holds {
				correct += p.weight
			}
		}
	}
	if correct == 0 {
		return 0
	}
	return 2 * correct / (all + found)
}

func bruteF1(points []scored) float64 {
	best := 0.0
	for _, p := range points {
		best = max(best, f1At(points, p.raw))
	}
	return best
}

func TestNoThresholdIsBetterThanTheBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := points(100, 0, 30, false).Draw(t, "points")
		threshold, f1 := bestThreshold(ps, 1)
		if want := bruteF1(ps); math.Abs(f1-want) > 1e-12 {
			t.Fatalf("F1 %v, brute force %v", f1, want)
		}
		if got := f1At(ps, threshold); math.Abs(got-f1) > 1e-12 {
			t.Fatalf("the threshold %v gives F1 %v, not %v", threshold, got, f1)
		}
	})
}

func TestAThresholdBetweenNearScoresParts(t *testing.T) {
	ps := []scored{{0.99996, true, 1}, {0.99993, true, 1}, {0.99992, false, 1}, {0.99991, false, 1}}
	threshold, f1 := bestThreshold(ps, 1)
	if got := f1At(ps, threshold); got != f1 {
		t.Errorf("rounded to %v the threshold gives F1 %v, not %v", threshold, got, f1)
	}
}

// naiveOperating tries every score as a threshold, the least first.
func naiveOperating(points []scored) []verdict.OperatingPoint {
	var out []verdict.OperatingPoint
	for threshold := range 101 {
		threshold := float64(threshold) / 100
		var all, found, correct float64
		met := false
		for _, p := range points {
			met = met || p.raw == threshold
			holds := 0.0
			if p.holds {
				holds = p.weight
			}
			all += holds
			if p.raw >= threshold {
				found, correct = found+p.weight, correct+holds
			}
		}
		precision := math.Floor(correct/found*1000) / 1000
		if met && threshold > 0 && (len(out) == 0 || precision > out[len(out)-1].Precision) {
			out = append(out, verdict.OperatingPoint{Threshold: threshold, Precision: precision, Recall: math.Round(correct/all*1e4) / 1e4})
		}
	}
	return out
}

func TestOperatingPointsAreThoseOfANaiveSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := points(100, 0, 40, false).Draw(t, "points")
		ps = append(ps, scored{raw: 0.5, holds: true, weight: 1}) // a fit has some
		got := operating(slices.Clone(ps))
		for i, p := range got { // a threshold stands between two scores
			least := math.Inf(1)
			for _, s := range ps {
				if s.raw >= p.Threshold {
					least = min(least, s.raw)
				}
			}
			got[i].Threshold = least
		}
		if diff := cmp.Diff(naiveOperating(ps), got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal("naive, operating:", diff)
		}
	})
}

func TestAPrecisionMayBeAskedForAndIsGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := points(1000, 1, 60, false).Draw(t, "points")
		ps = append(ps, scored{raw: 0.5, holds: true, weight: 1})
		c := verdict.Classifier{Threshold: 0.5, Operating: operating(ps), PartThreshold: 0.5, PartOperating: operating(ps)}
		m := &verdict.Model{Cross: c, Same: c, Other: c}
		precision := rapid.Float64Range(0.001, 1).Draw(t, "precision")
		m, err := m.WithPrecision(precision)
		if err != nil {
			return
		}
		var found, correct float64
		for _, p := range ps {
			if p.raw >= m.Cross.Threshold {
				found += p.weight
				if p.holds {
					correct += p.weight
				}
			}
		}
		if correct < precision*found {
			t.Fatalf("asked for %v: from %v on, %v of %v hold", precision, m.Cross.Threshold, correct, found)
		}
	})
}

// A model with a threshold of 0 can be written and not be read again.
func TestEveryOperatingPointHasAThresholdAboveZeroThatGivesItsPrecision(t *testing.T) {
	ps := []scored{{1e-7, false, 1}, {2e-7, true, 1}, {0.1234567, true, 1}, {0.9999996, false, 1}, {0.9999999, true, 1}}
	for _, p := range operating(slices.Clone(ps)) {
		var found, correct float64
		for _, s := range ps {
			if s.raw >= p.Threshold {
				found++
				if s.holds {
					correct++
				}
			}
		}
		if p.Threshold <= 0 || correct < p.Precision*found || found == 0 {
			t.Errorf("%+v: %v of %v are right", p, correct, found)
		}
	}
}

func TestCalibrationErrorIsTheMeanGapOfTheBins(t *testing.T) {
	tests := []struct {
		name   string
		points []scored
		want   float64
	}{
		{"always right", []scored{{1, true, 2}, {0, false, 1}}, 0},
		{"always wrong", []scored{{1, false, 2}, {0, true, 1}}, 1},
		{"one bin, right on average", []scored{{0.5, true, 1}, {0.5, false, 1}}, 0},
		{"a quarter of the weight off by one half", []scored{{0.5, true, 1}, {1, true, 3}}, 0.125},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := calibrationError(test.points); math.Abs(got-test.want) > 1e-12 {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

func TestWordingThresholdIsExceededByNearlyAllEditedCopies(t *testing.T) {
	if got := wordingThreshold([]example{{edited: false}}); got <= 0 || got >= 1 {
		t.Errorf("without edited copies: %v", got)
	}
	var es []example
	for i := range 200 {
		e := example{edited: true}
		e.features.Values[verdict.GramMax] = 0.4 + 0.002*float64(i)
		es = append(es, e, example{})
	}
	if got := wordingThreshold(es); got < 0.39 || got > 0.42 {
		t.Errorf("%v for shares from 0.40", got)
	}
}
