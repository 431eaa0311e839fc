package report

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

// seqOf is a slice as a sequence that can be had again.
func seqOf[T any](s []T) func() iter.Seq[T] { return func() iter.Seq[T] { return slices.Values(s) } }

func TestRemovalsNameTheReplacementAndTheWayToIt(t *testing.T) {
	articles := Slice{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}, {ID: "e"}, {ID: "f, \"g\""}, {ID: "h"}}
	pairs := []dedupe.Pair{
		{A: "a", B: "b", Relation: verdict.Translation, Score: 0.9, Coverage: [2]float64{0.8, 0.7}},
		{A: "a", B: "c", Relation: verdict.NearDuplicate, Score: 0.95, Coverage: [2]float64{1, 0.99996}},
		{A: "b", B: "d", Relation: verdict.Reworded, Score: 0.99},
		{A: "c", B: "d", Relation: verdict.Translation, Score: 0.97}, // d by way of c: the weaker link of both ways
		{A: "d", B: "e", Relation: verdict.Exact, Score: 1},
		{A: "f, \"g\"", B: "h", Relation: verdict.Excerpt, Score: 0.8, Coverage: [2]float64{1, 0.4}},
	}
	clusters := []cluster.Cluster{{Members: []int{0, 1, 2, 3, 4}, Canonical: 0}, {Members: []int{5, 6}, Canonical: 5}}
	removals := slices.Collect(Removals(articles, seqOf(pairs), seqOf(clusters)))
	for i := range removals {
		if removals[i].LosesText() != (removals[i].ID == "h") {
			t.Errorf("%+v", removals[i])
		}
	}
	golden(t, "removals-jsonl", func(w io.Writer) error { return RemovalsJSONLines(w, slices.Values(removals)) })
	golden(t, "removals-csv", func(w io.Writer) error { return RemovalsCSV(w, slices.Values(removals)) })
}

// TestEveryMemberButTheCanonicalOneIsRemovedByAWayOfPairs draws graphs and checks each way
// against them.
func TestEveryMemberButTheCanonicalOneIsRemovedByAWayOfPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "n")
		articles := make([]article.Article, n)
		for i := range articles {
			articles[i].ID = fmt.Sprintf("%02d", i)
		}
		score := map[[2]string]float64{}
		var pairs []dedupe.Pair
		for range rapid.IntRange(0, 2*n).Draw(t, "pairs") {
			a, b := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
			ids := [2]string{articles[min(a, b)].ID, articles[max(a, b)].ID}
			if _, again := score[ids]; a == b || again {
				continue
			}
			score[ids] = float64(rapid.IntRange(1, 9).Draw(t, "score")) / 10
			score[[2]string{ids[1], ids[0]}] = score[ids]
			pairs = append(pairs, dedupe.Pair{A: ids[0], B: ids[1], Relation: verdict.Exact, Score: score[ids]})
		}
		clusters := dedupe.Clusters(articles, pairs, cluster.Last)
		var want []string
		canonical := map[string]string{}
		for _, c := range clusters {
			for _, m := range c.Members {
				if m != c.Canonical {
					want = append(want, articles[m].ID)
					canonical[articles[m].ID] = articles[c.Canonical].ID
				}
			}
		}
		var got []string
		for r := range Removals(Slice(articles), seqOf(pairs), seqOf(clusters)) {
			got = append(got, r.ID)
			if r.ReplacedBy != canonical[r.ID] || (r.Coverage == nil) != (len(r.Via) > 0) {
				t.Fatalf("%+v", r)
			}
			weakest, at := 1.0, r.ID
			for _, next := range append(slices.Clone(r.Via), r.ReplacedBy) {
				s, tied := score[[2]string{at, next}]
				if !tied {
					t.Fatalf("%+v: %s and %s are no pair", r, at, next)
				}
				weakest, at = min(weakest, s), next
			}
			if weakest != r.Score {
				t.Fatalf("%+v: the weakest link has %v", r, weakest)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("removed %v, want %v", got, want)
		}
	})
}
