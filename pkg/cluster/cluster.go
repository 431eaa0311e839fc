// Package cluster ties articles together: relations between pairs go in, groups
// of articles that are copies of each other come out, each with the one article
// to keep and the link by which it would fall apart first.
//
// Only copies tie: verdict.Relation.IsCopy. Two articles about the same event,
// related, stay apart.
package cluster

import (
	"cmp"
	"slices"

	"github.com/calque-dev/calque/pkg/verdict"
)

// Edge is a verified relation between the articles number A and B.
type Edge struct {
	A, B     int32
	Relation verdict.Relation
	Score    float64 // probability that the relation holds
}

// Cluster is two or more articles that copy edges connect.
type Cluster struct {
	Members   []int // ascending
	Canonical int   // the member to keep
	// Weakest is the edge with the lowest score on the strongest tree through the
	// members: without the edges up to its score the cluster falls in two. Its A
	// is smaller than its B.
	Weakest Edge
}

// Build gathers n articles, numbered from 0, into clusters, in the order of their
// first members. An article without a copy is in none. Edges of other relations,
// from an article to itself or out of range are passed over. The clusters do not
// depend on the order or the direction of the edges. Build costs a sort of the
// edges and, after that, time linear in articles and edges.
//
// describe is asked once about each member, to find the canonical ones.
func Build(n int, edges []Edge, describe func(i int) Member, policy Policy) []Cluster {
	tree := newForest(n)
	weakest := make(map[int32]Edge)
	for _, e := range strongest(n, edges) {
		if root, tied := tree.tie(e.A, e.B); tied {
			weakest[root] = e // edges come by falling score: the last tie is the weakest
		}
	}
	clusters := gather(tree, n)
	for i := range clusters {
		c := &clusters[i]
		c.Weakest = weakest[tree.root(int32(c.Members[0]))]
		c.Canonical = canonical(c.Members, describe, policy)
	}
	return clusters
}

// strongest keeps the edges that tie, smaller end first, sorted by falling score;
// among equal scores the order is that of the articles and the relations.
func strongest(n int, edges []Edge) []Edge {
	kept := make([]Edge, 0, len(edges))
	for _, e := range edges {
		if e.A > e.B {
			e.A, e.B = e.B, e.A
		}
		if e.Relation.IsCopy() && e.A >= 0 && e.A < e.B && int(e.B) < n {
			kept = append(kept, e)
		}
	}
	slices.SortFunc(kept, func(x, y Edge) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.A, y.A),
			cmp.Compare(x.B, y.B), cmp.Compare(x.Relation, y.Relation))
	})
	return kept
}

// gather lists the trees of two or more articles.
func gather(tree forest, n int) []Cluster {
	var clusters []Cluster
	place := make(map[int32]int) // of the cluster, by its root
	for i := range n {
		root := tree.root(int32(i))
		if tree.size(root) < 2 {
			continue
		}
		at, met := place[root]
		if !met {
			at = len(clusters)
			place[root] = at
			clusters = append(clusters, Cluster{Members: make([]int, 0, tree.size(root))})
		}
		clusters[at].Members = append(clusters[at].Members, i)
	}
	return clusters
}
