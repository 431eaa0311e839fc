package cluster

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/verdict"
)

func ExampleBuild() {
	articles := []Member{
		{ID: "paris", Length: 2100, Agency: true},
		{ID: "london", Length: 1900},
		{ID: "lyon", Length: 2200},
		{ID: "rome", Length: 800},
	}
	edges := []Edge{
		{A: 1, B: 0, Relation: verdict.Translation, Score: 0.99},
		{A: 0, B: 2, Relation: verdict.NearDuplicate, Score: 0.97},
		{A: 2, B: 3, Relation: verdict.Related, Score: 0.90},
	}
	describe := func(i int) Member { return articles[i] }
	for _, c := range Build(len(articles), edges, describe, Original) {
		fmt.Println(c.Members, "keep", articles[c.Canonical].ID, "weakest", c.Weakest.Relation, c.Weakest.Score)
	}
	// Output:
	// [0 1 2] keep paris weakest near-duplicate 0.97
}

// anonymous describes members that only their ids tell apart.
func anonymous(i int) Member { return Member{ID: fmt.Sprintf("%06d", i)} }

// graphs draws up to 12 articles and edges of few different scores.
func graphs(t *rapid.T) (n int, edges []Edge) {
	n = rapid.IntRange(1, 12).Draw(t, "n")
	end := rapid.Int32Range(-1, int32(n)) // one beyond either side
	edges = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Edge {
		return Edge{
			A: end.Draw(t, "a"), B: end.Draw(t, "b"),
			Relation: verdict.Relation(rapid.IntRange(int(verdict.None), int(verdict.Related)).Draw(t, "relation")),
			Score:    float64(rapid.IntRange(1, 9).Draw(t, "score")) / 10,
		}
	}), 0, 24).Draw(t, "edges")
	return n, edges
}

// ties says again which edges count.
func ties(n int, e Edge) bool {
	return e.Relation != verdict.None && e.Relation != verdict.Related &&
		e.A != e.B && min(e.A, e.B) >= 0 && int(max(e.A, e.B)) < n
}

// components finds what hangs together by walking: the naive twin of Build. Only
// edges above the score count.
func components(n int, edges []Edge, above float64) [][]int {
	var found [][]int
	seen := make([]bool, n)
	var walk func(i int) []int
	walk = func(i int) []int {
		seen[i] = true
		reached := []int{i}
		for _, e := range edges {
			if !ties(n, e) || e.Score <= above {
				continue
			}
			for _, end := range [][2]int{{int(e.A), int(e.B)}, {int(e.B), int(e.A)}} {
				if end[0] == i && !seen[end[1]] {
					reached = append(reached, walk(end[1])...)
				}
			}
		}
		return reached
	}
	for i := range n {
		if seen[i] {
			continue
		}
		if reached := walk(i); len(reached) > 1 {
			slices.Sort(reached)
			found = append(found, reached)
		}
	}
	return found
}

func TestClustersAreTheComponentsOfCopyEdges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, edges := graphs(t)
		var got [][]int
		for _, c := range Build(n, edges, anonymous, First) {
			got = append(got, c.Members)
			if c.Canonical != c.Members[0] {
				t.Fatalf("canonical %d of %v, want the smallest id", c.Canonical, c.Members)
			}
		}
		if diff := cmp.Diff(components(n, edges, 0), got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A cluster holds together by the edges of the weakest score and above, and falls
// apart without those of the weakest score.
func TestWeakestEdgeIsWhereAClusterFallsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, edges := graphs(t)
		for _, c := range Build(n, edges, anonymous, First) {
			w := c.Weakest
			if !slices.ContainsFunc(edges, func(e Edge) bool {
				return e == w || e == Edge{A: w.B, B: w.A, Relation: w.Relation, Score: w.Score}
			}) {
				t.Fatalf("%v is no edge", w)
			}
			if !ties(n, w) || w.A > w.B || !slices.Contains(c.Members, int(w.A)) {
				t.Fatalf("%v does not tie %v", w, c.Members)
			}
			whole := func(parts [][]int) bool {
				return slices.ContainsFunc(parts, func(p []int) bool { return slices.Equal(p, c.Members) })
			}
			if !whole(components(n, edges, w.Score-0.05)) {
				t.Fatalf("%v does not hold together by scores from %v", c.Members, w.Score)
			}
			if whole(components(n, edges, w.Score)) {
				t.Fatalf("%v holds together without %v", c.Members, w)
			}
		}
	})
}

func TestOrderAndDirectionOfEdgesDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, edges := graphs(t)
		want := Build(n, edges, anonymous, First)
		turned := rapid.Permutation(edges).Draw(t, "permutation")
		for i := range turned {
			if rapid.Bool().Draw(t, "turn") {
				turned[i].A, turned[i].B = turned[i].B, turned[i].A
			}
		}
		if diff := cmp.Diff(want, Build(n, turned, anonymous, First)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestBuildLeavesTheEdgesAlone(t *testing.T) {
	edges := []Edge{{A: 2, B: 1, Relation: verdict.Exact, Score: 0.5}, {A: 0, B: 1, Relation: verdict.Exact, Score: 0.9}}
	before := slices.Clone(edges)
	Build(3, edges, anonymous, First)
	if diff := cmp.Diff(before, edges); diff != "" {
		t.Error(diff)
	}
}

func TestNothingToTieGivesNoClusters(t *testing.T) {
	for name, edges := range map[string][]Edge{
		"no edges": nil,
		"related":  {{A: 0, B: 1, Relation: verdict.Related, Score: 1}},
		"none":     {{A: 0, B: 1, Relation: verdict.None, Score: 1}},
		"itself":   {{A: 1, B: 1, Relation: verdict.Exact, Score: 1}},
		"outside":  {{A: 1, B: 2, Relation: verdict.Exact, Score: 1}, {A: -1, B: 0, Relation: verdict.Exact, Score: 1}},
	} {
		if got := Build(2, edges, anonymous, First); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := Build(0, nil, anonymous, First); got != nil {
		t.Errorf("no articles: %v", got)
	}
}

func BenchmarkBuild(b *testing.B) {
	const n = 1_000_000
	random := rand.New(rand.NewPCG(1, 2))
	pairs := make([]Edge, n/2)
	for i := range pairs {
		a := random.Int32N(n)
		pairs[i] = Edge{A: a, B: min(n-1, a+1+random.Int32N(3)), Relation: verdict.Translation, Score: random.Float64()}
	}
	chain := make([]Edge, n-1) // one cluster of all
	for i := range chain {
		chain[i] = Edge{A: int32(i), B: int32(i + 1), Relation: verdict.Exact, Score: 1}
	}
	for _, c := range []struct {
		name  string
		edges []Edge
	}{{"Pairs", pairs}, {"OneCluster", chain}} {
		b.Run(c.name, func(b *testing.B) {
			member := Member{ID: "a"}
			describe := func(int) Member { return member }
			b.ReportAllocs()
			for b.Loop() {
				Build(n, c.edges, describe, Longest)
			}
			b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "articles/s")
		})
	}
}
