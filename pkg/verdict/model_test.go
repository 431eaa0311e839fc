package verdict

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

func Example() {
	l, err := lexicon.Default()
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := Default()
	if err != nil {
		fmt.Println(err)
		return
	}
	b := shingle.NewBuilder(l)
	english := b.Build(&article.Article{Text: "The ferry Aurélie ran aground off Groix on Monday with 214 passengers on board. " +
		"Nobody was injured, but the captain was questioned by the police for six hours."}, article.English)
	french := b.Build(&article.Article{Text: "Le ferry Aurélie s'est échoué lundi au large de Groix avec 214 passagers à bord. " +
		"Personne n'a été blessé, mais le capitaine a été interrogé par la police pendant six heures."}, article.French)
	f := Measure(english, french, new(align.Aligner).Align(english, french))
	v := m.Judge(&f)
	fmt.Println(v.Relation, v.Holds)
	// Output:
	// translation true
}

func embeddedModel(tb testing.TB) *Model {
	tb.Helper()
	m, err := Default()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func classifiers(m *Model) map[string]*Classifier {
	return map[string]*Classifier{
		"cross": &m.Cross, "same": &m.Same, "other": &m.Other, "story": &m.Story,
	}
}

// features draws any features, possible or not.
var features = rapid.Custom(func(t *rapid.T) *Features {
	f := &Features{Cross: rapid.Bool().Draw(t, "cross")}
	for i := range f.Values {
		f.Values[i] = rapid.Float64Range(-20, 20).Draw(t, Feature(i).String())
	}
	return f
})

func TestScoresAreProbabilities(t *testing.T) {
	m := embeddedModel(t)
	rapid.Check(t, func(t *rapid.T) {
		f := features.Draw(t, "features")
		for name, c := range classifiers(m) {
			if raw, score := c.Tied.Probability(f), c.Score(f); !(raw >= 0 && raw <= 1 && score >= 0 && score <= 1) {
				t.Fatalf("%s: raw probability %v, score %v", name, raw, score)
			}
		}
	})
}

func TestVerdictsAreConsistent(t *testing.T) {
	m := embeddedModel(t)
	rapid.Check(t, func(t *rapid.T) {
		f := features.Draw(t, "features")
		v := m.Judge(f)
		switch {
		case !(v.Score >= 0 && v.Score <= 1):
			t.Fatalf("score %v", v.Score)
		case v.Relation == None && v.Holds:
			t.Fatal("no relation holds")
		case v.Relation == Exact:
			t.Fatal("the model cannot see that texts are the same")
		case v.Relation.IsCopy() && !v.Holds:
			t.Fatalf("%v does not hold", v.Relation)
		case slices.Contains([]Relation{Translation, PartialTranslation}, v.Relation) && !f.Cross:
			t.Fatalf("%v in one language", v.Relation)
		case slices.Contains([]Relation{NearDuplicate, Reworded, Excerpt}, v.Relation) && f.Cross:
			t.Fatalf("%v in two languages", v.Relation)
		}
	})
}

func TestAFewWordsAreTiedToNothing(t *testing.T) {
	m := embeddedModel(t)
	short := "A barge sank near the lock."
	a, b := texts(t, short, short+" Nobody drowned.", article.English)
	f := measure(a, b)
	if v := m.Judge(&f); v != (Verdict{}) {
		t.Errorf("%+v", v)
	}
}

// calibrations draws rising points, as package fit makes them.
var calibrations = rapid.Custom(func(t *rapid.T) []Point {
	raw := rapid.SliceOfNDistinct(rapid.IntRange(0, 100), 0, 8, rapid.ID).Draw(t, "raw")
	calibrated := rapid.SliceOfN(rapid.IntRange(0, 100), len(raw), len(raw)).Draw(t, "calibrated")
	slices.Sort(raw)
	slices.Sort(calibrated)
	points := make([]Point, len(raw))
	for i := range points {
		points[i] = Point{float64(raw[i]) / 100, float64(calibrated[i]) / 100}
	}
	return points
})

func TestCalibrationRisesAndIsLinearBetweenItsPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Classifier{Calibrate: calibrations.Draw(t, "points")}
		raw := rapid.Float64Range(0, 1)
		x, y := raw.Draw(t, "x"), raw.Draw(t, "y")
		if c.Calibrated(min(x, y)) > c.Calibrated(max(x, y)) {
			t.Fatalf("%v becomes %v, %v becomes %v", x, c.Calibrated(x), y, c.Calibrated(y))
		}
		for i, p := range c.Calibrate {
			if got := c.Calibrated(p.Raw); math.Abs(got-p.Calibrated) > 1e-12 {
				t.Fatalf("at its point %+v the calibration is %v", p, got)
			}
			if i == 0 {
				continue
			}
			q := c.Calibrate[i-1]
			share := rapid.Float64Range(0, 1).Draw(t, "share")
			got, want := c.Calibrated(q.Raw+share*(p.Raw-q.Raw)), q.Calibrated+share*(p.Calibrated-q.Calibrated)
			if math.Abs(got-want) > 1e-9 {
				t.Fatalf("between %+v and %+v: %v, want %v", q, p, got, want)
			}
		}
		if n := len(c.Calibrate); n > 0 {
			if c.Calibrated(-1) != c.Calibrate[0].Calibrated || c.Calibrated(2) != c.Calibrate[n-1].Calibrated {
				t.Fatal("the calibration is not constant beyond its ends")
			}
		} else if c.Calibrated(x) != x {
			t.Fatal("without points the calibration changes something")
		}
	})
}

func TestTheEmbeddedCalibrationsRiseBetweenZeroAndOne(t *testing.T) {
	m := embeddedModel(t)
	for name, c := range classifiers(m) {
		if len(c.Calibrate) < 2 || c.Threshold <= 0 || c.Threshold >= 1 {
			t.Errorf("%s: %d points, threshold %v", name, len(c.Calibrate), c.Threshold)
		}
		for i, p := range c.Calibrate {
			if p.Raw < 0 || p.Raw > 1 || p.Calibrated < 0 || p.Calibrated > 1 {
				t.Errorf("%s: point %+v", name, p)
			}
			if i > 0 && (p.Raw <= c.Calibrate[i-1].Raw || p.Calibrated < c.Calibrate[i-1].Calibrated) {
				t.Errorf("%s: %+v follows %+v", name, p, c.Calibrate[i-1])
			}
		}
	}
}

func TestAModelReadsBackAsWritten(t *testing.T) {
	m := embeddedModel(t)
	var first, second bytes.Buffer
	if err := m.Write(&first); err != nil {
		t.Fatal(err)
	}
	back, err := Read(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, back, cmp.AllowUnexported(Forest{}, node{}), cmpopts.EquateEmpty()); diff != "" {
		t.Error("written, read:", diff)
	}
	if err := back.Write(&second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same model was written in other bytes", err)
	}
}
