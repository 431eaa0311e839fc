package verdict

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// trees draws trees whose children follow their parents; two nodes may share a child.
var trees = rapid.Custom(func(t *rapid.T) Tree {
	tree := make(Tree, rapid.IntRange(1, 12).Draw(t, "nodes"))
	for i := range tree {
		tree[i].Value = rapid.Float64Range(-3, 3).Draw(t, "value")
		if i+1 < len(tree) && rapid.Bool().Draw(t, "inner") {
			child := rapid.IntRange(i+1, len(tree)-1)
			tree[i].Feature = Feature(rapid.IntRange(0, int(NumFeatures)-1).Draw(t, "feature")).String()
			tree[i].Least = float64(rapid.IntRange(-3, 3).Draw(t, "least"))
			tree[i].Left, tree[i].Right = child.Draw(t, "left"), child.Draw(t, "right")
		}
	}
	return tree
})

// anyTrees draws trees of which most are broken.
var anyTrees = rapid.Custom(func(t *rapid.T) Tree {
	tree := make(Tree, rapid.IntRange(0, 5).Draw(t, "nodes"))
	child := rapid.IntRange(-1, len(tree)+1)
	for i := range tree {
		if rapid.Bool().Draw(t, "inner") {
			tree[i].Feature = rapid.SampledFrom([]string{Topic.String(), Order.String(), "", "colour"}).Draw(t, "feature")
			tree[i].Left, tree[i].Right = child.Draw(t, "left"), child.Draw(t, "right")
		}
	}
	return tree
})

// whole draws features that are whole numbers, so that many stand at a limit.
var whole = rapid.Custom(func(t *rapid.T) *Features {
	f := &Features{}
	for i := range f.Values {
		f.Values[i] = float64(rapid.IntRange(-4, 4).Draw(t, Feature(i).String()))
	}
	return f
})

// naiveLogOdds walks the trees as they are stored.
func naiveLogOdds(f *Forest, x *Features) float64 {
	sum := f.Bias
	for _, tree := range f.Trees {
		i := 0
		for tree[i].Left > 0 {
			k := Feature(0)
			for k.String() != tree[i].Feature {
				k++
			}
			if x.Values[k] < tree[i].Least {
				i = tree[i].Left
			} else {
				i = tree[i].Right
			}
		}
		sum += tree[i].Value
	}
	return sum
}

func TestLogOddsAreTheBaseAndTheContributions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Forest{Bias: rapid.Float64Range(-5, 5).Draw(t, "bias"), Trees: rapid.SliceOfN(trees, 0, 6).Draw(t, "trees")}
		if err := f.prepare(); err != nil {
			t.Fatal(err)
		}
		x := whole.Draw(t, "features")
		got, want := f.LogOdds(x), naiveLogOdds(&f, x)
		if got != want {
			t.Fatalf("log-odds %v, by a naive walk %v", got, want)
		}
		sum, of := f.Contributions(x)
		asked := map[string]bool{}
		for _, tree := range f.Trees {
			for _, n := range tree {
				asked[n.Feature] = true
			}
		}
		for k, c := range of {
			sum += c
			if c != 0 && !asked[Feature(k).String()] {
				t.Fatalf("%v contributes %v and is in no tree", Feature(k), c)
			}
		}
		if math.Abs(sum-got) > 1e-9 {
			t.Fatalf("base and contributions are %v, the log-odds %v", sum, got)
		}
		if p := f.Probability(x); math.Abs(p-1/(1+math.Exp(-got))) > 1e-12 {
			t.Fatalf("log-odds %v become a probability of %v", got, p)
		}
	})
}

func TestTheEmbeddedForestsExplainTheirLogOdds(t *testing.T) {
	m := embeddedModel(t)
	rapid.Check(t, func(t *rapid.T) {
		x := features.Draw(t, "features")
		for name, c := range classifiers(m) {
			for _, f := range []*Forest{&c.Tied, &c.Part} {
				sum, of := f.Contributions(x)
				for _, v := range of {
					sum += v
				}
				if math.Abs(sum-f.LogOdds(x)) > 1e-9 {
					t.Fatalf("%s: base and contributions are %v, the log-odds %v", name, sum, f.LogOdds(x))
				}
			}
		}
	})
}

func TestAForestWithoutTreesGivesEvenOdds(t *testing.T) {
	var f Forest
	if err := f.prepare(); err != nil || f.Probability(&Features{}) != 0.5 {
		t.Errorf("%v, %v", f.Probability(&Features{}), err)
	}
}

// sound reports whether every inner node asks for a known feature and has both children
// after it, within the tree.
func sound(tree Tree) bool {
	for i, n := range tree {
		if n.Left == 0 && n.Right == 0 {
			continue
		}
		known := false
		for k := range NumFeatures {
			known = known || k.String() == n.Feature
		}
		if !known || min(n.Left, n.Right) <= i || max(n.Left, n.Right) >= len(tree) {
			return false
		}
	}
	return len(tree) > 0
}

func TestOnlySoundTreesAreTakenAndTheirWalksEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Forest{Trees: []Tree{anyTrees.Draw(t, "first"), anyTrees.Draw(t, "second")}}
		err := f.prepare()
		if taken, want := err == nil, sound(f.Trees[0]) && sound(f.Trees[1]); taken != want {
			t.Fatalf("taken %v (%v), sound %v", taken, err, want)
		}
		if err == nil {
			x := whole.Draw(t, "features")
			f.LogOdds(x)
			f.Contributions(x)
		}
	})
}
