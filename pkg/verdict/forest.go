package verdict

import (
	"fmt"
	"math"
)

// Forest is a sum of small regression trees over the features: the log-odds of a class,
// as gradient boosting fits them. The zero value gives even odds.
type Forest struct {
	Bias  float64 `json:"bias"`
	Trees []Tree  `json:"trees"`

	nodes []node
	roots []int32
}

// Tree is its nodes, the root first.
type Tree []Node

// Node is a leaf when Left and Right are 0. Otherwise what has less than Least of the
// feature goes left and the rest right. Value is what the node adds to the log-odds: at
// inner nodes, the mean over what was fitted there.
type Node struct {
	Feature string  `json:"feature,omitempty"`
	Least   float64 `json:"least,omitempty"`
	Left    int     `json:"left,omitempty"`
	Right   int     `json:"right,omitempty"`
	Value   float64 `json:"value"`
}

// node is a Node made ready; left is 0 in leaves.
type node struct {
	least, value float64
	left, right  int32
	feature      Feature
}

var featureByName = func() map[string]Feature {
	m := map[string]Feature{}
	for f := range NumFeatures {
		m[f.String()] = f
	}
	return m
}()

// prepare checks the trees and lays them out for walking.
func (f *Forest) prepare() error {
	f.nodes, f.roots = nil, nil
	for t, tree := range f.Trees {
		if len(tree) == 0 {
			return fmt.Errorf("tree %d has no nodes", t)
		}
		start := int32(len(f.nodes))
		f.roots = append(f.roots, start)
		for i, n := range tree {
			out := node{value: n.Value, least: n.Least}
			if n.Left != 0 || n.Right != 0 {
				feature, ok := featureByName[n.Feature]
				if !ok {
					return fmt.Errorf("tree %d, node %d: unknown feature %q", t, i, n.Feature)
				}
				// Children follow their parent, so that every walk ends.
				if n.Left <= i || n.Right <= i || n.Left >= len(tree) || n.Right >= len(tree) {
					return fmt.Errorf("tree %d, node %d: children %d and %d of %d nodes", t, i, n.Left, n.Right, len(tree))
				}
				out.feature, out.left, out.right = feature, start+int32(n.Left), start+int32(n.Right)
			}
			f.nodes = append(f.nodes, out)
		}
	}
	return nil
}

// LogOdds is the sum of the leaves that the features lead to.
func (f *Forest) LogOdds(x *Features) float64 {
	sum := f.Bias
	for _, root := range f.roots {
		n := &f.nodes[root]
		for n.left != 0 {
			if x.Values[n.feature] < n.least {
				n = &f.nodes[n.left]
			} else {
				n = &f.nodes[n.right]
			}
		}
		sum += n.value
	}
	return sum
}

// Probability is the logistic function of the log-odds.
func (f *Forest) Probability(x *Features) float64 { return 1 / (1 + math.Exp(-f.LogOdds(x))) }

// Contributions part the log-odds among the features: on its way down a tree, the change
// of value at every node is credited to the feature that was asked for there. Base and
// contributions sum to the log-odds. After Saabas, "Interpreting random forests" (2014).
func (f *Forest) Contributions(x *Features) (base float64, of [NumFeatures]float64) {
	base = f.Bias
	for _, root := range f.roots {
		n := &f.nodes[root]
		base += n.value
		for n.left != 0 {
			next := &f.nodes[n.right]
			if x.Values[n.feature] < n.least {
				next = &f.nodes[n.left]
			}
			of[n.feature] += next.value - n.value
			n = next
		}
	}
	return base, of
}
