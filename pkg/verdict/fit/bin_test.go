package fit

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/verdict"
)

// values draws numbers of which some are equal and some differ by the least there is.
var values = rapid.Custom(func(t *rapid.T) []float64 {
	one := rapid.Custom(func(t *rapid.T) float64 {
		x := float64(rapid.IntRange(-20, 20).Draw(t, "tenths")) / 10
		if rapid.Bool().Draw(t, "next") {
			x = math.Nextafter(x, 9)
		}
		if rapid.Bool().Draw(t, "any") {
			x += rapid.Float64Range(0, 0.1).Draw(t, "more")
		}
		return x
	})
	return rapid.SliceOfN(one, 1, 300).Draw(t, "values")
})

// valued are examples with the values of one feature.
func valued(f verdict.Feature, xs []float64) []example {
	es := make([]example, len(xs))
	for i, x := range xs {
		es[i].features.Values[f] = x
	}
	return es
}

func TestBinsKeepTheOrderAndHoldEqualValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := values.Draw(t, "values")
		b := bin(valued(verdict.Title, xs), every)
		column := b.columns[verdict.Title]
		for i := range xs {
			for k := range xs {
				if xs[i] == xs[k] && column[i] != column[k] || xs[i] < xs[k] && column[i] > column[k] {
					t.Fatalf("%v is in bin %d, %v in bin %d", xs[i], column[i], xs[k], column[k])
				}
			}
			if int(column[i]) >= bins {
				t.Fatalf("%v is in bin %d of %d", xs[i], column[i], bins)
			}
		}
	})
}

func TestEveryEdgePartsTwoValuesThatWereMet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := values.Draw(t, "values")
		b := bin(valued(verdict.Title, xs), every)
		edges := b.edges[verdict.Title]
		sorted := slices.Compact(slices.Sorted(slices.Values(xs)))
		for n, e := range edges {
			if n > 0 && e <= edges[n-1] {
				t.Fatalf("edge %v follows %v", e, edges[n-1])
			}
			above, _ := slices.BinarySearch(sorted, e)
			if above == 0 || above == len(sorted) {
				t.Fatalf("edge %v is not between two of %v", e, sorted)
			}
		}
		for i, x := range xs {
			below := 0 // as Forest walks: what is less than the edge goes left
			for _, e := range edges {
				if x >= e {
					below++
				}
			}
			if below != int(b.columns[verdict.Title][i]) {
				t.Fatalf("%v has %d edges at or below it and is in bin %d", x, below, b.columns[verdict.Title][i])
			}
		}
		if len(xs) < bins && len(edges) != len(sorted)-1 {
			t.Fatalf("%d edges for %d values", len(edges), len(sorted))
		}
	})
}

// The features that only a few pairs have, such as headlines that are the same.
func TestAValueThatOneInTwoHundredHasIsToldFromTheOthers(t *testing.T) {
	xs := make([]float64, 2000)
	for i := range xs {
		if i%200 == 0 {
			xs[i] = 1
		}
	}
	if b := bin(valued(verdict.Title, xs), every); len(b.edges[verdict.Title]) == 0 {
		t.Error("no edge between 0 and 1")
	}
}

// cutting is a booster at work on one level.
type cutting struct {
	*booster
	es    []example
	level []leaf
}

// cuttings draws a level of leaves of a tree; examples may be in none of them.
var cuttings = rapid.Custom(func(t *rapid.T) cutting {
	some := []verdict.Feature{verdict.Title, verdict.Topic, verdict.NameConflict}
	n := rapid.IntRange(2, 60).Draw(t, "examples") // no more than bins: every value has its own
	c := cutting{es: make([]example, n), level: []leaf{{at: 3}, {at: 4}, {at: 6}}}
	// Sums of eighths are exact, in whatever order.
	eighth := func(from, to int, name string) float64 { return float64(rapid.IntRange(from, to).Draw(t, name)) / 8 }
	for i := range c.es {
		for _, f := range some {
			c.es[i].features.Values[f] = eighth(0, 9, f.String())
		}
	}
	g := &booster{binned: bin(c.es, every), leafLeast: eighth(0, 8, "least"), slope: make([]float64, n), curve: make([]float64, n), node: make([]int32, n)}
	for _, f := range some {
		g.direction[f] = int8(rapid.IntRange(-1, 1).Draw(t, "direction"))
	}
	for k := range c.level {
		l := &c.level[k]
		l.low, l.high = math.Inf(-1), math.Inf(1)
		if rapid.Bool().Draw(t, "bounded") {
			l.low = eighth(-3, 1, "low")
			l.high = l.low + eighth(0, 3, "high")
		}
	}
	for i := range c.es {
		g.slope[i], g.curve[i] = eighth(-10, 10, "slope"), eighth(1, 3, "curve")
		g.node[i] = rapid.SampledFrom([]int32{2, 3, 3, 4, 6}).Draw(t, "node")
		for k := range c.level {
			if l := &c.level[k]; l.at == int(g.node[i]) {
				l.slope += g.slope[i]
				l.curve += g.curve[i]
			}
		}
	}
	c.booster = g
	return c
})

// parted are the two sides of a leaf when it is cut at a value of a feature, and what
// that gains; ok is false for a cut that is not allowed.
func (c *cutting) parted(l *leaf, f verdict.Feature, at float64) (left, right part, gain float64, ok bool) {
	for i := range c.es {
		side := &right
		if c.es[i].features.Values[f] < at {
			side = &left
		}
		if int(c.node[i]) == l.at {
			side.slope += c.slope[i]
			side.curve += c.curve[i]
		}
	}
	best := func(p part) (v, worth float64) {
		v = min(max(p.slope/(p.curve+ridge), l.low), l.high)
		return v, v*p.slope - v*v*(p.curve+ridge)/2
	}
	vl, wl := best(left)
	vr, wr := best(right)
	_, whole := best(l.part)
	ok = min(left.curve, right.curve) >= c.leafLeast && float64(c.direction[f])*(vr-vl) >= 0
	return left, right, wl + wr - whole, ok
}

func TestTheBestCutIsThatOfANaiveSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cuttings.Draw(t, "level")
		c.findCuts(c.level)
		for k := range c.level {
			l := &c.level[k]
			best := 0.0
			for f := range verdict.NumFeatures {
				for i := range c.es {
					if _, _, gain, ok := c.parted(l, f, c.es[i].features.Values[f]); ok {
						best = max(best, gain)
					}
				}
			}
			if math.Abs(best-l.cut.gain) > 1e-9 {
				t.Fatalf("leaf %d: the best cut gains %v, naively %v", k, l.cut.gain, best)
			}
			if l.cut.gain == 0 {
				continue
			}
			c.checkSides(t, l)
		}
	})
}

// checkSides fails if the sides of a leaf's cut are not those of its examples, or may
// come to values against the direction.
func (c *cutting) checkSides(t *rapid.T, l *leaf) {
	left, right, gain, _ := c.parted(l, l.cut.feature, c.edges[l.cut.feature][l.cut.bin-1])
	for _, gap := range []float64{
		left.slope - l.cut.left.slope, left.curve - l.cut.left.curve, right.slope - l.cut.right.slope, right.curve - l.cut.right.curve, gain - l.cut.gain,
	} {
		if math.Abs(gap) > 1e-9 {
			t.Fatalf("cut %+v has the sides %+v and %+v and gains %v", l.cut, left, right, gain)
		}
	}
	low, high := l.cut.left, l.cut.right
	switch c.direction[l.cut.feature] {
	case 0:
		low.high, high.low = math.Inf(-1), math.Inf(1)
	case -1:
		low, high = high, low
	}
	if low.high > high.low {
		t.Fatalf("cut %+v may move against its direction", l.cut)
	}
	for _, p := range []part{l.cut.left, l.cut.right} {
		if p.low < l.low || p.high > l.high {
			t.Fatalf("the sides of cut %+v leave the bounds %v, %v", l.cut, l.low, l.high)
		}
	}
}
