package verdict_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/language"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

func model(tb testing.TB) *verdict.Model {
	tb.Helper()
	m, err := verdict.Default()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// anyPair draws features, possible or not.
var anyPair = rapid.Custom(func(t *rapid.T) *verdict.Features {
	f := &verdict.Features{Cross: rapid.Bool().Draw(t, "cross")}
	for i := range f.Values {
		f.Values[i] = rapid.Float64Range(-2, 2).Draw(t, verdict.Feature(i).String())
	}
	f.Values[verdict.Shorter] = rapid.Float64Range(2, 7).Draw(t, "words")
	return f
})

func TestAnExplanationAgreesWithTheVerdict(t *testing.T) {
	m := model(t)
	rapid.Check(t, func(t *rapid.T) {
		f := anyPair.Draw(t, "features")
		e, v := m.Explain(f), m.Judge(f)
		isCopy := v.Holds && v.Relation.IsCopy()
		if e.Copy.Holds != isCopy || (len(e.Against) == 0) != isCopy {
			t.Fatalf("%+v, yet copy %v against %v", v, e.Copy.Holds, e.Against)
		}
		if isCopy {
			part := v.Relation == verdict.Excerpt || v.Relation == verdict.PartialTranslation
			if v.Score != e.Copy.Probability || part != e.Part.Holds {
				t.Fatalf("%+v, yet probability %v, part %v", v, e.Copy.Probability, e.Part.Holds)
			}
		}
		if related := v.Holds && v.Relation == verdict.Related; related != e.Story.Holds {
			t.Fatalf("%+v, yet one story is %v", v, e.Story.Holds)
		}
	})
}

func TestContributionsSumToTheLogOddsAndComeBySize(t *testing.T) {
	m := model(t)
	rapid.Check(t, func(t *rapid.T) {
		f := anyPair.Draw(t, "features")
		e := m.Explain(f)
		for _, d := range []*verdict.Decision{&e.Copy, &e.Part, &e.Story} {
			sum, last := d.Base, math.Inf(1)
			for _, c := range d.Contributions {
				sum += c.LogOdds
				if c.LogOdds == 0 || math.Abs(c.LogOdds) > last || c.Value != f.Values[c.Feature] || d.Of(c.Feature) != c.LogOdds {
					t.Fatalf("%+v after %v", c, last)
				}
				last = math.Abs(c.LogOdds)
			}
			if got := 1 / (1 + math.Exp(-sum)); math.Abs(got-d.Raw) > 1e-9 {
				t.Fatalf("the contributions give %v, the forest %v", got, d.Raw)
			}
		}
	})
}

func TestEveryRuleAgainstACopyIsNamed(t *testing.T) {
	var copied verdict.Features
	copied.Values[verdict.Shorter], copied.Values[verdict.CoverageMax] = math.Log(100), 1
	sure := verdict.Classifier{Tied: verdict.Forest{Bias: 9}, Threshold: 0.5}
	for name, c := range map[string]struct {
		change func(f *verdict.Features)
		bias   float64
		want   []verdict.Obstacle
	}{
		"none":       {func(*verdict.Features) {}, 9, nil},
		"too short":  {func(f *verdict.Features) { f.Values[verdict.Shorter] = math.Log(1 + verdict.MinWords - 1) }, 9, []verdict.Obstacle{verdict.TooShort}},
		"no passage": {func(f *verdict.Features) { f.Values[verdict.CoverageMax] = 0 }, 9, []verdict.Obstacle{verdict.NoPassage}},
		"improbable": {func(*verdict.Features) {}, -9, []verdict.Obstacle{verdict.Improbable}},
		"same mould": {func(f *verdict.Features) { f.Values[verdict.CoverageMin], f.Values[verdict.NameConflict] = 0.9, 0.5 }, -9,
			[]verdict.Obstacle{verdict.Improbable, verdict.SameMould}},
		"same mould of a copy": {func(f *verdict.Features) { f.Values[verdict.CoverageMin], f.Values[verdict.NameConflict] = 0.9, 0.5 }, 9, nil},
	} {
		m := verdict.Model{Cross: sure, Same: sure, Other: sure, Story: sure}
		m.Other.Tied.Bias, m.Same.Tied.Bias = c.bias, c.bias
		f := copied
		c.change(&f)
		if got := m.Explain(&f).Against; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestObstaclesHaveDistinctNames(t *testing.T) {
	names := map[string]bool{}
	for o := verdict.TooShort; o <= verdict.NoLexicon; o++ {
		text, err := o.MarshalText()
		if name := string(text); err != nil || name == "" || strings.Contains(name, "(") || names[name] {
			t.Errorf("%d is called %q, %v", o, name, err)
		} else {
			names[name] = true
		}
	}
	if got := verdict.Obstacle(99).String(); got != "obstacle(99)" {
		t.Error(got)
	}
}

// analysed are some of the stories.
func analysed(tb testing.TB) []*shingle.Article {
	tb.Helper()
	l, err := lexicon.Default()
	if err != nil {
		tb.Fatal(err)
	}
	b := shingle.NewBuilder(l)
	var out []*shingle.Article
	for a, err := range ingest.Read(context.Background(), []string{"../../fixtures/stories"}, ingest.Options{}) {
		if err == nil {
			out = append(out, b.Build(&a, language.FunctionWords{}.Detect(a.Text)))
		}
	}
	return out
}

func TestPlausibleIsSeenInTheFeatures(t *testing.T) {
	articles, m := analysed(t), model(t)
	for i, a := range articles {
		for _, b := range articles[i+1:] {
			f := verdict.Measure(a, b, new(align.Aligner).Align(a, b))
			if got, want := m.Explain(&f).Plausible, verdict.Plausible(a, b); got != want {
				t.Errorf("%v, want %v", got, want)
			}
		}
	}
}

func TestConflictsAreThoseThatTheFeaturesCount(t *testing.T) {
	articles := analysed(t)
	met := 0
	for i, a := range articles {
		for _, b := range articles[i+1:] {
			x := new(align.Aligner).Align(a, b)
			f := verdict.Measure(a, b, x)
			counted := [2]int{}
			for _, c := range verdict.Conflicts(a, b, x) {
				counted[c.Kind] += min(len(c.A), len(c.B))
				met++
			}
			for kind, of := range [2][2]verdict.Feature{
				shingle.NumberMark: {verdict.NumberAgree, verdict.NumberConflict}, shingle.NameMark: {verdict.NameAgree, verdict.NameConflict},
			} {
				// The shares leave one half over the sum of all marks and one.
				conflict := f.Values[of[1]]
				if want := conflict * 0.5 / (1 - f.Values[of[0]] - conflict); math.Abs(want-float64(counted[kind])) > 1e-6 {
					t.Errorf("kind %d: %d conflicts, the feature counts %v", kind, counted[kind], want)
				}
			}
		}
	}
	if met == 0 {
		t.Error("no conflict met")
	}
}

func TestWithPrecisionTakesTheLeastThresholdThatHadIt(t *testing.T) {
	points := func(all ...verdict.OperatingPoint) verdict.Classifier {
		return verdict.Classifier{Threshold: 0.5, Operating: all, PartThreshold: 0.5, PartOperating: all}
	}
	m := verdict.Model{
		Cross: points(verdict.OperatingPoint{Threshold: 0.1, Precision: 0.5}, verdict.OperatingPoint{Threshold: 0.6, Precision: 0.9},
			verdict.OperatingPoint{Threshold: 0.9, Precision: 0.99}),
		Same:  points(verdict.OperatingPoint{Threshold: 0.2, Precision: 0.95}, verdict.OperatingPoint{Threshold: 0.3, Precision: 1}),
		Other: points(verdict.OperatingPoint{Threshold: 0.4, Precision: 0.995}),
	}
	if got := m.MostPrecision(); got != 0.99 {
		t.Errorf("the most is %v", got)
	}
	for _, c := range []struct{ precision, cross, same, other float64 }{
		{0.001, 0.1, 0.2, 0.4}, {0.5, 0.1, 0.2, 0.4}, {0.51, 0.6, 0.2, 0.4}, {0.96, 0.9, 0.3, 0.4}, {0.99, 0.9, 0.3, 0.4},
	} {
		got, err := m.WithPrecision(c.precision)
		if err != nil {
			t.Fatal(err)
		}
		if got.Cross.Threshold != c.cross || got.Same.Threshold != c.same || got.Other.Threshold != c.other || got.Cross.PartThreshold != c.cross {
			t.Errorf("%v: thresholds %v, %v, %v", c.precision, got.Cross.Threshold, got.Same.Threshold, got.Other.Threshold)
		}
	}
	for _, precision := range []float64{0, -1, 1.5, math.NaN()} {
		if _, err := m.WithPrecision(precision); err == nil || errors.Is(err, verdict.ErrPrecision) {
			t.Errorf("%v: %v", precision, err)
		}
	}
	if _, err := m.WithPrecision(0.999); !errors.Is(err, verdict.ErrPrecision) || !strings.Contains(err.Error(), "0.99") {
		t.Error(err)
	}
	if m.Cross.Threshold != 0.5 {
		t.Error("the model itself has changed")
	}
	if got := new(verdict.Model).MostPrecision(); got != 0 {
		t.Errorf("without operating points the most is %v", got)
	}
}
