package evaluation

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

func Example() {
	var gold Gold
	if err := gold.Read(strings.NewReader("bank-fr\tbank-en\ttranslation\nstrike-en\tstrike-fr\n"), "gold.tsv"); err != nil {
		panic(err)
	}
	found := []dedupe.Pair{
		{A: "bank-en", B: "bank-fr", Relation: verdict.Translation, Score: 0.99},
		{A: "bank-en", B: "merger-fr", Relation: verdict.Translation, Score: 0.72},
	}
	r := Evaluate(&gold, slices.Values(found), nil)
	fmt.Printf("precision %.2f, recall %.2f\n", r.All.Precision(), r.All.Recall())
	for _, m := range r.Mistakes {
		fmt.Println(m.A, m.B, m.Expected, m.Found)
	}
	// Output:
	// precision 0.50, recall 0.50
	// bank-en merger-fr none translation
	// strike-en strike-fr none none
}

// parsePairs reads "a b relation; c d relation".
func parsePairs(text string) []dedupe.Pair {
	var out []dedupe.Pair
	for part := range strings.SplitSeq(text, ";") {
		f := strings.Fields(part)
		if len(f) == 0 {
			continue
		}
		r, err := verdict.ParseRelation(f[2])
		if err != nil {
			panic(err)
		}
		out = append(out, dedupe.Pair{A: f[0], B: f[1], Relation: r, Score: 0.9})
	}
	return out
}

func goldOf(t interface{ Fatal(...any) }, text string) *Gold {
	var g Gold
	if err := g.Read(strings.NewReader(text), "gold.tsv"); err != nil {
		t.Fatal(err)
	}
	return &g
}

// shown writes a result in short: "translation 1/2/1" is gold, found and correct.
func shown(r *Result) string {
	var parts []string
	for _, relation := range verdict.Relations() {
		if c, ok := r.Relations[relation]; ok {
			parts = append(parts, fmt.Sprintf("%s %d/%d/%d", relation, c.Gold, c.Found, c.Correct))
		}
	}
	parts = append(parts, fmt.Sprintf("all %d/%d/%d", r.All.Gold, r.All.Found, r.All.Correct))
	for _, m := range r.Mistakes {
		kind := ""
		if m.Missed {
			kind += "missed"
		}
		if m.Wrong {
			kind += "wrong"
		}
		parts = append(parts, fmt.Sprintf("%s %s %s: %s not %s", kind, m.A, m.B, m.Found, m.Expected))
	}
	return strings.Join(parts, ", ")
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		rule              string
		gold, found, want string
		wanted            []verdict.Relation
	}{
		{
			rule: "a pair found as the gold names it is correct, in either order of ids",
			gold: "b\ta\ttranslation", found: "a b translation",
			want: "translation 1/1/1, all 1/1/1",
		},
		{
			rule: "a pair that the gold does not have is wrong",
			gold: "a\tb\texact", found: "a b exact; a c exact",
			want: "exact 1/2/1, all 1/2/1, wrong a c: exact not none",
		},
		{
			rule: "a gold pair that is not found is missed",
			gold: "a\tb\texact", found: "",
			want: "exact 1/0/0, all 1/0/0, missed a b: none not exact",
		},
		{
			rule: "another relation is an error for both, and one of each in the total",
			gold: "a\tb\ttranslation", found: "a b partial-translation",
			want: "translation 1/0/0, partial-translation 0/1/0, all 1/1/0, missedwrong a b: partial-translation not translation",
		},
		{
			rule: "a gold line without relation is met by any and counts under it",
			gold: "a\tb\nc\td", found: "a b exact; c d reworded",
			want: "exact 1/1/1, reworded 1/1/1, all 2/2/2",
		},
		{
			rule: "a missed line without relation counts in the total only",
			gold: "a\tb", found: "",
			want: "all 1/0/0, missed a b: none not none",
		},
		{
			rule: "a missed line without relation counts under the one wanted relation",
			gold: "a\tb", found: "", wanted: []verdict.Relation{verdict.Translation},
			want: "translation 1/0/0, all 1/0/0, missed a b: none not none",
		},
		{
			rule: "with two wanted relations it counts in the total only",
			gold: "a\tb", found: "", wanted: []verdict.Relation{verdict.Translation, verdict.Exact},
			want: "exact 0/0/0, translation 0/0/0, all 1/0/0, missed a b: none not none",
		},
		{
			rule: "wanted relations limit found pairs and gold lines that name one",
			gold: "a\tb\ttranslation\nc\td\texact", found: "a b translation; c d exact; e f exact",
			wanted: []verdict.Relation{verdict.Translation},
			want:   "translation 1/1/1, all 1/1/1",
		},
		{
			rule: "a line without relation is not met by an unwanted relation",
			gold: "a\tb", found: "a b exact", wanted: []verdict.Relation{verdict.Translation},
			want: "translation 1/0/0, all 1/0/0, missed a b: exact not none",
		},
		{
			rule: "a wanted relation where the gold names an unwanted one is wrong",
			gold: "a\tb\texact", found: "a b translation", wanted: []verdict.Relation{verdict.Translation},
			want: "translation 0/1/0, all 0/1/0, wrong a b: translation not exact",
		},
		{
			rule: "an unwanted relation where the gold names a wanted one is missed, and told",
			gold: "a\tb\ttranslation", found: "a b exact", wanted: []verdict.Relation{verdict.Translation},
			want: "translation 1/0/0, all 1/0/0, missed a b: exact not translation",
		},
		{
			rule: "related does not count unless somebody asks",
			gold: "a\tb\ttranslation\nc\td", found: "a b related; c d related; e f related",
			want: "translation 1/0/0, all 2/0/0, missed a b: related not translation, missed c d: related not none",
		},
		{
			rule: "related counts when the gold names it",
			gold: "a\tb\trelated", found: "a b related; e f related",
			want: "related 1/2/1, all 1/2/1, wrong e f: related not none",
		},
		{
			rule: "related counts when it is wanted",
			gold: "a\tb", found: "a b related", wanted: []verdict.Relation{verdict.Related},
			want: "related 1/1/1, all 1/1/1",
		},
		{
			rule: "a repeated wanted relation is one",
			gold: "a\tb", found: "", wanted: []verdict.Relation{verdict.Exact, verdict.Exact},
			want: "exact 1/0/0, all 1/0/0, missed a b: none not none",
		},
	} {
		r := Evaluate(goldOf(t, c.gold), slices.Values(parsePairs(c.found)), c.wanted)
		if got := shown(r); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.rule, got, c.want)
		}
	}
}

func TestRatios(t *testing.T) {
	c := Counts{Gold: 4, Found: 8, Correct: 3}
	if c.Precision() != 0.375 || c.Recall() != 0.75 || c.F1() != 0.5 {
		t.Errorf("%v %v %v", c.Precision(), c.Recall(), c.F1())
	}
	var none Counts
	if none.Precision() != 0 || none.Recall() != 0 || none.F1() != 0 {
		t.Error("nothing divided by nothing is not 0")
	}
}

// naive counts by looking every pair up in every list.
func naive(g *Gold, found []dedupe.Pair, wanted map[verdict.Relation]bool) (all Counts) {
	for pair, l := range g.lines {
		if l.relation == verdict.None || wanted[l.relation] {
			all.Gold++
		}
		for _, p := range found {
			if p.A == pair.A && p.B == pair.B && wanted[p.Relation] && (l.relation == verdict.None || l.relation == p.Relation) {
				all.Correct++
			}
		}
	}
	for _, p := range found {
		if wanted[p.Relation] {
			all.Found++
		}
	}
	return all
}

func TestEvaluateAgreesWithCountingOneByOne(t *testing.T) {
	relations := verdict.Relations()
	rapid.Check(t, func(t *rapid.T) {
		pairs := rapid.Permutation([]Pair{{"a", "b"}, {"a", "c"}, {"b", "c"}, {"b", "d"}, {"c", "d"}})
		var text strings.Builder
		for _, p := range pairs.Draw(t, "gold")[:rapid.IntRange(0, 5).Draw(t, "n")] {
			fmt.Fprintf(&text, "%s\t%s\t%s\n", p.B, p.A, rapid.SampledFrom([]string{"", "exact", "translation", "related"}).Draw(t, "relation"))
		}
		var found []dedupe.Pair
		for _, p := range pairs.Draw(t, "found")[:rapid.IntRange(0, 5).Draw(t, "m")] {
			found = append(found, dedupe.Pair{A: p.A, B: p.B, Relation: rapid.SampledFrom(relations).Draw(t, "as")})
		}
		named := rapid.SliceOfN(rapid.SampledFrom(relations), 1, 4).Draw(t, "wanted")
		wanted := map[verdict.Relation]bool{}
		for _, r := range named {
			wanted[r] = true
		}
		g := goldOf(t, text.String())
		r := Evaluate(g, slices.Values(found), named)
		if diff := cmp.Diff(naive(g, found, wanted), r.All); diff != "" {
			t.Fatalf("total (-naive +Evaluate):\n%s", diff)
		}
		var sum Counts
		for _, c := range r.Relations {
			sum = Counts{sum.Gold + c.Gold, sum.Found + c.Found, sum.Correct + c.Correct}
		}
		if sum.Found != r.All.Found || sum.Correct != r.All.Correct || sum.Gold > r.All.Gold {
			t.Fatalf("relations sum up to %v, the total is %v", sum, r.All)
		}
		missed, wrong := 0, 0
		for _, m := range r.Mistakes {
			if m.Missed {
				missed++
			}
			if m.Wrong {
				wrong++
			}
		}
		if missed != r.All.Gold-r.All.Correct || wrong != r.All.Found-r.All.Correct {
			t.Fatalf("%d missed and %d wrong, of %v", missed, wrong, r.All)
		}
	})
}
