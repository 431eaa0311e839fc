package dedupe

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/verdict"
)

// explained are the comparisons of the fixtures' pairs.
func explained(t *testing.T, o Options) (pairs []Pair, comparisons []Comparison) {
	t.Helper()
	result, err := detector(t, o).Scan(t.Context(), values(stories()))
	if err != nil {
		t.Fatal(err)
	}
	defer result.Close()
	for c, err := range result.Explain(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		comparisons = append(comparisons, c)
	}
	return slices.Collect(result.Pairs()), comparisons
}

func TestPairsAreExplainedAsTheyWereFound(t *testing.T) {
	pairs, comparisons := explained(t, Options{Features: true, Passages: true})
	if len(pairs) < 50 || len(comparisons) != len(pairs) {
		t.Fatalf("%d comparisons of %d pairs", len(comparisons), len(pairs))
	}
	agreements := 0
	for i, c := range comparisons {
		if diff := cmp.Diff(pairs[i], c.Pair); diff != "" {
			t.Errorf("not the pair that was found (-found +explained):\n%s", diff)
		}
		e := c.Explanation
		if (e == nil) != (c.Relation == verdict.Exact) || (c.Features == verdict.Features{}) {
			t.Errorf("%s and %s: %v, explained by %+v", c.A, c.B, c.Relation, e)
		}
		if e != nil && (!e.Copy.Holds || e.Copy.Probability != c.Score || len(e.Against) > 0) {
			t.Errorf("%s and %s: score %v, probability %v", c.A, c.B, c.Score, e.Copy.Probability)
		}
		agreements += len(c.Agreements)
	}
	if agreements == 0 {
		t.Error("no number and no name agrees")
	}
}

func TestExplanationsDoNotDependOnWorkers(t *testing.T) {
	_, one := explained(t, Options{Features: true, Workers: 1})
	_, three := explained(t, Options{Features: true, Workers: 3})
	if diff := cmp.Diff(one, three); diff != "" {
		t.Error(diff)
	}
}

func TestExplainingEndsWithItsContext(t *testing.T) {
	result, err := detector(t, Options{}).Scan(t.Context(), values(stories()))
	if err != nil {
		t.Fatal(err)
	}
	defer result.Close()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var last error
	for _, err := range result.Explain(ctx) {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("ended with %v", last)
	}
}

func TestMentionsThatAgreeStandWhereTheySay(t *testing.T) {
	byID := map[string]string{}
	for _, a := range stories() {
		byID[a.ID] = a.Text
	}
	_, comparisons := explained(t, Options{})
	for _, c := range comparisons {
		for _, x := range c.Agreements {
			if len(x.A)+len(x.B) == 0 {
				t.Errorf("%s and %s: an empty agreement", c.A, c.B)
			}
			for side, mentions := range [2][]Mention{x.A, x.B} {
				text := byID[[2]string{c.A, c.B}[side]]
				for _, m := range mentions {
					if m.Text == "" || m.Span.Of(text) != m.Text {
						t.Errorf("%q stands at %v, not %q", m.Span.Of(text), m.Span, m.Text)
					}
				}
			}
		}
	}
}
