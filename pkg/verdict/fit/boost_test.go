package fit

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/verdict"
)

// toyExamples are of all classes in turn. Title tells whether something ties the two,
// Length whether it is a part; Order is noise.
func toyExamples(n int) []example {
	rng := rand.New(rand.NewPCG(4, 2))
	es := make([]example, n)
	for i := range es {
		e := example{class: verdict.Class(i % int(verdict.NumClasses)), origin: i, fold: i % 5, weight: 1 + float64(i%3)}
		v := &e.features.Values
		v[verdict.Title], v[verdict.Length], v[verdict.Order] = rng.Float64(), rng.Float64(), rng.Float64()
		if e.class != verdict.Unrelated {
			v[verdict.Title] += 2
		}
		if e.class == verdict.Part {
			v[verdict.Length] += 2
		}
		es[i] = e
	}
	return es
}

func isTied(c verdict.Class) bool { return c != verdict.Unrelated }

// boosted is a forest that is ready to use.
func boosted(tb testing.TB, es []example, is func(verdict.Class) bool, d direction) *verdict.Forest {
	tb.Helper()
	c := verdict.Classifier{Tied: boost(bin(es, every), newTarget(es, is), d)}
	if err := c.Prepare(); err != nil {
		tb.Fatal(err)
	}
	return &c.Tied
}

func TestWhatCanBeSeparatedIs(t *testing.T) {
	es := toyExamples(400)
	c, err := grow(es, every)
	if err != nil {
		t.Fatal(err)
	}
	for i := range es {
		e := &es[i]
		if p := c.Tied.Probability(&e.features); isTied(e.class) && p < 0.9 || !isTied(e.class) && p > 0.1 {
			t.Errorf("example %d of %v is tied with a probability of %v", i, e.class, p)
		}
		if p := c.Part.Probability(&e.features); e.class == verdict.Part && p < 0.9 || e.class == verdict.Whole && p > 0.1 {
			t.Errorf("example %d of %v is a part with a probability of %v", i, e.class, p)
		}
	}
}

func TestNoiseGetsLittleCredit(t *testing.T) {
	es := toyExamples(400)
	f := boosted(t, es, isTied, direction{})
	var credit [verdict.NumFeatures]float64
	for i := range es {
		_, of := f.Contributions(&es[i].features)
		for k, c := range of {
			credit[k] += math.Abs(c)
		}
	}
	for k, c := range credit {
		if k := verdict.Feature(k); k != verdict.Title && c > credit[verdict.Title]/20 {
			t.Errorf("%v has credit %v, the telling feature %v", k, c, credit[verdict.Title])
		}
	}
}

func TestAFeatureThatIsNotInUseIsInNoTree(t *testing.T) {
	es := toyExamples(200)
	c, err := grow(es, func(f verdict.Feature) bool { return f == verdict.Order })
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []verdict.Forest{c.Tied, c.Part} {
		for _, tree := range f.Trees {
			for _, n := range tree {
				if n.Left > 0 && n.Feature != verdict.Order.String() {
					t.Fatalf("a tree asks for %s", n.Feature)
				}
			}
		}
	}
}

func TestOneClassAloneGivesAForestWithoutTrees(t *testing.T) {
	es := toyExamples(40)
	for _, all := range []bool{false, true} {
		f := boosted(t, es, func(verdict.Class) bool { return all }, direction{})
		if p := f.Probability(&es[0].features); len(f.Trees) > 0 || all && p < 0.99 || !all && p > 0.01 {
			t.Errorf("all %v: %d trees, probability %v", all, len(f.Trees), p)
		}
	}
}

func TestAForestsTreesAreSmall(t *testing.T) {
	f := boosted(t, toyExamples(400), isTied, tiedBy())
	if len(f.Trees) == 0 || len(f.Trees) > rounds {
		t.Errorf("%d trees in %d rounds", len(f.Trees), rounds)
	}
	for _, tree := range f.Trees {
		level := make([]int, len(tree))
		for i, n := range tree {
			if n.Left == 0 {
				continue
			}
			level[n.Left], level[n.Right] = level[i]+1, level[i]+1
			if level[i] >= depth {
				t.Fatalf("node %d is %d levels down and is cut", i, level[i])
			}
		}
	}
}

func TestTheSameExamplesGiveTheSameBytesOnAnyNumberOfProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var want []byte
	for _, processors := range []int{1, 2, 5, 1} {
		runtime.GOMAXPROCS(processors)
		c, err := classifier(toyExamples(160), every, betas{1, 1}, 5)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(c.Classifier)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		if !bytes.Equal(got, want) {
			t.Errorf("another classifier on %d processors", processors)
		}
	}
}

// contrary are examples in which the odds of a tie often go against the directions.
func contrary(n int) []example {
	rng := rand.New(rand.NewPCG(8, uint64(n)))
	es := make([]example, n)
	for i := range es {
		v := &es[i].features.Values
		for k := range v {
			v[k] = rng.Float64()
		}
		es[i].weight = 1
		odds := 1.5*math.Sin(9*v[verdict.BiMaxMin]) + 2*v[verdict.NameConflict] - 2*v[verdict.HeldMax] + v[verdict.Topic]*v[verdict.AheadMin]
		if odds+rng.NormFloat64() > 0 {
			es[i].class = verdict.Whole
		}
	}
	return es
}

func TestARiseInADirectedFeatureNeverMovesTheOddsAgainstIt(t *testing.T) {
	d := tiedBy()
	f := boosted(t, contrary(1200), isTied, d)
	free := boosted(t, contrary(1200), isTied, direction{})
	against := false
	share := rapid.Float64Range(-0.1, 1.1)
	rapid.Check(t, func(t *rapid.T) {
		var x verdict.Features
		for k := range x.Values {
			x.Values[k] = share.Draw(t, verdict.Feature(k).String())
		}
		for k, way := range d {
			if way == 0 {
				continue
			}
			y := x
			y.Values[k] = max(x.Values[k], share.Draw(t, "raised"))
			if change := f.LogOdds(&y) - f.LogOdds(&x); float64(way)*change < 0 {
				t.Fatalf("%v rises from %v to %v, and the log-odds change by %v", verdict.Feature(k), x.Values[k], y.Values[k], change)
			}
			against = against || float64(way)*(free.LogOdds(&y)-free.LogOdds(&x)) < 0
		}
	})
	if !against {
		t.Error("without directions nothing goes against them either: the test shows nothing")
	}
}

// Holds for every model that this package fitted.
func TestTheEmbeddedModelKeepsItsDirections(t *testing.T) {
	m, err := verdict.Default()
	if err != nil {
		t.Fatal(err)
	}
	value := rapid.Float64Range(-1, 8)
	rapid.Check(t, func(t *rapid.T) {
		var x verdict.Features
		for k := range x.Values {
			x.Values[k] = value.Draw(t, verdict.Feature(k).String())
		}
		for k, way := range tiedBy() {
			if way == 0 {
				continue
			}
			y := x
			y.Values[k] = max(x.Values[k], value.Draw(t, "raised"))
			for _, c := range []*verdict.Classifier{&m.Cross, &m.Same, &m.Other, &m.Story} {
				if change := c.Tied.LogOdds(&y) - c.Tied.LogOdds(&x); float64(way)*change < -1e-12 {
					t.Fatalf("%v rises from %v to %v, and the log-odds change by %v", verdict.Feature(k), x.Values[k], y.Values[k], change)
				}
			}
		}
	})
}

// rare are n examples of which one in 200 is tied; each of the features tells.
func rare(n int, tell ...verdict.Feature) []example {
	rng := rand.New(rand.NewPCG(3, uint64(n)))
	es := make([]example, n)
	for i := range es {
		es[i].weight = 1
		if i%200 == 0 {
			es[i].class = verdict.Whole
		}
		for _, f := range tell {
			es[i].features.Values[f] = rng.Float64()
			if i%200 == 0 {
				es[i].features.Values[f] += 0.95
			}
		}
	}
	return es
}

func TestARareClassIsLearned(t *testing.T) {
	es := rare(6000, verdict.Title, verdict.Similarity)
	f := boosted(t, es, isTied, tiedBy())
	var tied, not []float64
	for i := range es {
		if p := f.Probability(&es[i].features); isTied(es[i].class) {
			tied = append(tied, p)
		} else {
			not = append(not, p)
		}
	}
	slices.Sort(tied)
	slices.Sort(not)
	if median, high := tied[len(tied)/2], not[len(not)*99/100]; median < 0.5 || high > 0.02 {
		t.Errorf("half of the rare class have a probability of %v or less, one in a hundred of the others %v or more", median, high)
	}
}
