package cluster

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/verdict"
)

func TestPolicyChoosesTheCanonicalArticle(t *testing.T) {
	monday := time.Date(2024, 3, 4, 8, 0, 0, 0, time.UTC)
	sameMoment := monday.In(time.FixedZone("", 3600))
	tuesday := monday.AddDate(0, 0, 1)
	var unknown time.Time
	for _, c := range []struct {
		name    string
		policy  Policy
		members []Member
		want    string
	}{
		{"first is the earliest", First, []Member{{ID: "a", Published: tuesday}, {ID: "b", Published: monday}}, "b"},
		{"first puts an unknown time last", First, []Member{{ID: "a", Published: unknown}, {ID: "b", Published: tuesday}}, "b"},
		{"first goes by moments, ties by id", First, []Member{{ID: "b", Published: monday}, {ID: "a", Published: sameMoment}}, "a"},
		{"first without times goes by id", First, []Member{{ID: "b"}, {ID: "a"}}, "a"},
		{"last is the latest", Last, []Member{{ID: "a", Published: monday}, {ID: "b", Published: tuesday}}, "b"},
		{"last puts an unknown time last", Last, []Member{{ID: "a", Published: unknown}, {ID: "b", Published: monday}}, "b"},
		{"last ties by id", Last, []Member{{ID: "b", Published: monday}, {ID: "a", Published: monday}}, "a"},
		{"longest", Longest, []Member{{ID: "a", Length: 1}, {ID: "b", Length: 2}, {ID: "c", Length: 1}}, "b"},
		{"longest ties by id", Longest, []Member{{ID: "b", Length: 2}, {ID: "a", Length: 2}}, "a"},
		{"original is the earliest when all times are known", Original,
			[]Member{{ID: "a", Published: tuesday, Agency: true, Length: 9}, {ID: "b", Published: monday}}, "b"},
		{"original at one time is the agency's", Original,
			[]Member{{ID: "a", Published: monday, Length: 9}, {ID: "b", Published: monday, Agency: true}}, "b"},
		{"original is the agency's when a time is unknown", Original,
			[]Member{{ID: "a", Published: monday, Length: 9}, {ID: "b", Agency: true}}, "b"},
		{"original of two agencies is the longer", Original,
			[]Member{{ID: "a", Agency: true, Length: 1}, {ID: "b", Agency: true, Length: 2}, {ID: "c", Length: 3}}, "b"},
		{"original without agency is the longest", Original, []Member{{ID: "a", Length: 1}, {ID: "b", Length: 2}}, "b"},
		{"original ties by id", Original, []Member{{ID: "b"}, {ID: "a"}}, "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var edges []Edge
			for i := range len(c.members) - 1 {
				edges = append(edges, Edge{A: int32(i), B: int32(i + 1), Relation: verdict.Reworded, Score: 1})
			}
			clusters := Build(len(c.members), edges, func(i int) Member { return c.members[i] }, c.policy)
			if len(clusters) != 1 {
				t.Fatalf("%d clusters", len(clusters))
			}
			if got := c.members[clusters[0].Canonical].ID; got != c.want {
				t.Errorf("canonical %s, want %s", got, c.want)
			}
		})
	}
}

func TestPolicyNamesAreReadBack(t *testing.T) {
	for p := First; p <= Original; p++ {
		if got, err := ParsePolicy(p.String()); got != p || err != nil {
			t.Errorf("%v: %v, %v", p, got, err)
		}
	}
	if _, err := ParsePolicy("newest"); err == nil {
		t.Error("newest is taken for a policy")
	}
	if got := Policy(9).String(); got != "policy(9)" {
		t.Error(got)
	}
}

// TestTheCanonicalArticleIsAMemberInAnyOrder numbers the same articles in two orders.
func TestTheCanonicalArticleIsAMemberInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "n")
		members := make([]Member, n)
		for i := range members {
			members[i] = Member{
				ID: string(rune('a' + i)), Agency: rapid.Bool().Draw(t, "agency"), Length: rapid.IntRange(1, 3).Draw(t, "length"),
			}
			if rapid.IntRange(0, 3).Draw(t, "dated") > 0 {
				members[i].Published = time.Unix(rapid.Int64Range(1, 3).Draw(t, "published"), 0)
			}
		}
		policy := Policy(rapid.IntRange(int(First), int(Original)).Draw(t, "policy"))
		chosen := func(members []Member) Member {
			var edges []Edge
			for i := range n - 1 {
				edges = append(edges, Edge{A: int32(i), B: int32(i + 1), Relation: verdict.Exact, Score: 1})
			}
			clusters := Build(n, edges, func(i int) Member { return members[i] }, policy)
			if len(clusters) != 1 || !slices.Contains(clusters[0].Members, clusters[0].Canonical) {
				t.Fatalf("%+v", clusters)
			}
			return members[clusters[0].Canonical]
		}
		if a, b := chosen(members), chosen(rapid.Permutation(members).Draw(t, "order")); a.ID != b.ID {
			t.Fatalf("%v keeps %+v, in another order %+v", policy, a, b)
		}
	})
}
