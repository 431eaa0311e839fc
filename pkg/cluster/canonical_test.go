package cluster

import (
	"testing"
	"time"

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
