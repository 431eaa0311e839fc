package fit

import (
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/verdict"
)

// The shape of a forest. Shallow trees, small steps and leaves of many examples keep
// it from learning the pools by heart.
const (
	rounds    = 150
	depth     = 4
	shrinkage = 0.1
	bins      = 64
	leafMost  = 20.0 // least curvature of a leaf; an example has a quarter at the most
	leafShare = 0.02 // or this share of all, where that is less: one class is rare
	ridge     = 5.0  // L2 penalty on a leaf's value
	leastGain = 1e-6 // of a cut
)

// direction is how the odds may go as a feature rises: 1 up, −1 down, 0 either way.
// What is known beforehand holds for articles that no pool is like.
type direction [verdict.NumFeatures]int8

// tiedBy is the direction of every feature for the odds that something ties two articles.
func tiedBy() direction {
	var d direction
	for _, f := range []verdict.Feature{
		verdict.BiMaxMin, verdict.BiMaxMax, verdict.CoverageMin, verdict.CoverageMax, verdict.Similarity, verdict.Order,
		verdict.NumberAgree, verdict.NameAgree, verdict.Evidence, verdict.Title, verdict.GramMin, verdict.GramMax,
		verdict.HeldMin, verdict.HeldMax, verdict.NumbersHeld, verdict.NumbersHeldMin, verdict.NamesHeld, verdict.NamesHeldMin, verdict.Strong,
		verdict.BehindMin, verdict.BehindMax, verdict.AheadMin, verdict.AheadMax,
		verdict.HeldBehindMin, verdict.HeldBehindMax, verdict.HeldAheadMin, verdict.HeldAheadMax,
		verdict.MarksBehindMin, verdict.MarksBehindMax, verdict.MarksAheadMin, verdict.MarksAheadMax,
	} {
		d[f] = 1
	}
	d[verdict.NumberConflict], d[verdict.NameConflict] = -1, -1
	return d
}

// binned is what a forest is fitted to: the features in bins, column by column.
type binned struct {
	columns [verdict.NumFeatures][]uint8
	edges   [verdict.NumFeatures][]float64 // bin b+1 begins at edges[b]
	rows    int
}

// bin sorts the values of every feature in use into about equally filled bins.
func bin(es []example, use func(verdict.Feature) bool) *binned {
	b := &binned{rows: len(es)}
	parallel(int(verdict.NumFeatures), func() func(int) {
		values := make([]float64, len(es))
		return func(k int) {
			if !use(verdict.Feature(k)) {
				return
			}
			for i := range es {
				values[i] = es[i].features.Values[k]
			}
			slices.Sort(values)
			edges := edgesOf(values)
			column := make([]uint8, len(es))
			for i := range es {
				n, exact := slices.BinarySearch(edges, es[i].features.Values[k])
				if exact {
					n++
				}
				column[i] = uint8(n)
			}
			b.columns[k], b.edges[k] = column, edges
		}
	})
	return b
}

// edgesOf are at most bins−1 edges between sorted values that were met: half of them part
// the examples evenly, half the distinct values, so that rare ones are told apart too.
func edgesOf(values []float64) []float64 {
	distinct := slices.Compact(slices.Clone(values))
	var at []int // indices into distinct: an edge below each
	for n := 1; n < bins/2; n++ {
		i, _ := slices.BinarySearch(distinct, values[len(values)*n/(bins/2)])
		at = append(at, i, len(distinct)*n/(bins/2))
	}
	if len(distinct) <= bins {
		at = at[:0]
		for i := range distinct {
			at = append(at, i)
		}
	}
	slices.Sort(at)
	var edges []float64
	for _, i := range slices.Compact(at) {
		if i > 0 {
			edges = append(edges, between(distinct[i-1], distinct[i])) // few decimals
		}
	}
	return edges
}

// target is the class to be told from the others, with the examples' weights, of mean 1.
type target struct {
	is     []bool
	weight []float64
}

func newTarget(es []example, is func(verdict.Class) bool) *target {
	t := &target{is: make([]bool, len(es)), weight: make([]float64, len(es))}
	total := 0.0
	for i := range es {
		t.is[i], t.weight[i] = is(es[i].class), es[i].weight
		total += es[i].weight
	}
	for i := range t.weight {
		t.weight[i] *= float64(len(es)) / total
	}
	return t
}

// booster grows a forest, tree by tree, for the logistic loss.
type booster struct {
	*binned
	*target
	direction direction
	leafLeast float64
	score     []float64 // log-odds so far, by example
	slope     []float64 // of the loss, negated
	curve     []float64 // its second derivative
	node      []int32   // by example, in the tree at hand
}

// boost fits a forest: Newton boosting with histograms, after Chen and Guestrin,
// "XGBoost" (KDD 2016), with directions kept as there.
func boost(b *binned, t *target, d direction) verdict.Forest {
	g := &booster{
		binned: b, target: t, direction: d,
		score: make([]float64, b.rows), slope: make([]float64, b.rows), curve: make([]float64, b.rows), node: make([]int32, b.rows),
	}
	var yes, all float64
	for i, is := range t.is {
		all += t.weight[i]
		if is {
			yes += t.weight[i]
		}
	}
	forest := verdict.Forest{}
	if yes == 0 || yes == all {
		forest.Bias = math.Copysign(10, yes-all/2)
		return forest
	}
	forest.Bias = fine(math.Log(yes / (all - yes)))
	g.leafLeast = min(leafMost, leafShare*yes*(all-yes)/all)
	for i := range g.score {
		g.score[i] = forest.Bias
	}
	for range rounds {
		tree := g.grow()
		if len(tree) < 2 {
			break
		}
		forest.Trees = append(forest.Trees, tree)
	}
	return forest
}

// part is a set of examples: the sums over it, and the bounds of its value by the
// directions above it.
type part struct {
	slope, curve float64
	low, high    float64
}

// leaf is a node that may still be parted.
type leaf struct {
	part
	at    int // in the tree
	cut   cut
	sides [2]int // where its children are, once it is parted
}

// cut parts a leaf: the bins under bin go left.
type cut struct {
	feature     verdict.Feature
	bin         int
	gain        float64
	left, right part
}

// value is the best constant for examples of the slope and curvature, within bounds.
func value(slope, curve, low, high float64) float64 {
	return min(max(slope/(curve+ridge), low), high)
}

// worth is how much a leaf of that value lessens the loss.
func worth(slope, curve, v float64) float64 { return v*slope - v*v*(curve+ridge)/2 }

// grow adds one tree: level by level, every leaf is cut where that gains most.
func (g *booster) grow() verdict.Tree {
	root := leaf{part: part{low: math.Inf(-1), high: math.Inf(1)}}
	for i, s := range g.score {
		p := 1 / (1 + math.Exp(-s))
		y := 0.0
		if g.is[i] {
			y = 1
		}
		g.slope[i], g.curve[i] = g.weight[i]*(y-p), g.weight[i]*p*(1-p)
		g.node[i] = 0
		root.slope += g.slope[i]
		root.curve += g.curve[i]
	}
	tree := verdict.Tree{{}}
	g.settle(tree, &root)
	level := []leaf{root}
	for range depth {
		g.findCuts(level)
		var next []leaf
		for k := range level {
			l := &level[k]
			if l.cut.gain <= leastGain {
				continue
			}
			l.sides = [2]int{len(tree), len(tree) + 1}
			n := &tree[l.at]
			n.Feature, n.Least = l.cut.feature.String(), g.edges[l.cut.feature][l.cut.bin-1]
			n.Left, n.Right = l.sides[0], l.sides[1]
			tree = append(tree, verdict.Node{}, verdict.Node{})
			next = append(next, leaf{at: l.sides[0], part: l.cut.left}, leaf{at: l.sides[1], part: l.cut.right})
			g.settle(tree, &next[len(next)-2])
			g.settle(tree, &next[len(next)-1])
		}
		if len(next) == 0 {
			break
		}
		g.descend(level)
		level = next
	}
	for i, n := range g.node {
		g.score[i] += tree[n].Value
	}
	return tree
}

func (g *booster) settle(tree verdict.Tree, l *leaf) {
	tree[l.at].Value = fine(shrinkage * value(l.slope, l.curve, l.low, l.high))
}

// descend moves the examples of cut leaves to their children.
func (g *booster) descend(level []leaf) {
	byNode := make([]*leaf, level[len(level)-1].at+1)
	for k := range level {
		if level[k].cut.gain > leastGain {
			byNode[level[k].at] = &level[k]
		}
	}
	for i, n := range g.node {
		if int(n) >= len(byNode) || byNode[n] == nil {
			continue
		}
		l := byNode[n]
		side := 1
		if int(g.columns[l.cut.feature][i]) < l.cut.bin {
			side = 0
		}
		g.node[i] = int32(l.sides[side])
	}
}

// findCuts finds the best cut of every leaf of a level.
func (g *booster) findCuts(level []leaf) {
	index := make([]int32, level[len(level)-1].at+1)
	for k := range index {
		index[k] = -1
	}
	for k := range level {
		index[level[k].at] = int32(k)
	}
	slot := make([]int32, g.rows) // of the example's leaf in level, or −1
	for i, n := range g.node {
		slot[i] = -1
		if int(n) < len(index) {
			slot[i] = index[n]
		}
	}
	var best [verdict.NumFeatures][]cut
	parallel(int(verdict.NumFeatures), func() func(int) {
		slope, curve := make([]float64, bins*len(level)), make([]float64, bins*len(level))
		return func(f int) {
			if len(g.edges[f]) == 0 {
				return
			}
			clear(slope)
			clear(curve)
			column := g.columns[f]
			for i, k := range slot {
				if k >= 0 {
					at := int(k)*bins + int(column[i])
					slope[at] += g.slope[i]
					curve[at] += g.curve[i]
				}
			}
			best[f] = make([]cut, len(level))
			for k := range level {
				best[f][k] = g.bestCut(&level[k], verdict.Feature(f), slope[k*bins:(k+1)*bins], curve[k*bins:(k+1)*bins])
			}
		}
	})
	for k := range level {
		for f := range best {
			if best[f] != nil && best[f][k].gain > level[k].cut.gain {
				level[k].cut = best[f][k]
			}
		}
	}
}

// bestCut is the cut of a leaf by one feature that gains most and keeps the
// feature's direction.
func (g *booster) bestCut(l *leaf, f verdict.Feature, slope, curve []float64) cut {
	var best cut
	whole := worth(l.slope, l.curve, value(l.slope, l.curve, l.low, l.high))
	var s, c float64
	for b := 1; b <= len(g.edges[f]); b++ {
		s, c = s+slope[b-1], c+curve[b-1]
		if c < g.leafLeast || l.curve-c < g.leafLeast {
			continue
		}
		left, right := value(s, c, l.low, l.high), value(l.slope-s, l.curve-c, l.low, l.high)
		if float64(g.direction[f])*(right-left) < 0 {
			continue
		}
		gain := worth(s, c, left) + worth(l.slope-s, l.curve-c, right) - whole
		if gain <= best.gain {
			continue
		}
		best = cut{feature: f, bin: b, gain: gain,
			left:  part{slope: s, curve: c, low: l.low, high: l.high},
			right: part{slope: l.slope - s, curve: l.curve - c, low: l.low, high: l.high}}
		middle := (left + right) / 2
		switch g.direction[f] {
		case 1:
			best.left.high, best.right.low = middle, middle
		case -1:
			best.left.low, best.right.high = middle, middle
		}
	}
	return best
}
