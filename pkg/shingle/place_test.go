package shingle_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

func newBuilder(t *testing.T) *shingle.Builder {
	t.Helper()
	l, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	return shingle.NewBuilder(l)
}

func TestPlacesAreWhereTheMarksStand(t *testing.T) {
	a := article.Article{Text: "The ferry Aurélie ran aground on Monday with 214 passengers. Nobody in the 214 seats was hurt, Aurélie Lines said."}
	var got []string
	for _, p := range newBuilder(t).Places(&a, article.English) {
		if p.Kind == shingle.NumberMark {
			got = append(got, p.Span.Of(a.Text))
		}
	}
	if diff := cmp.Diff([]string{"214", "214"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryMarkHasAPlaceInItsShingle(t *testing.T) {
	b := newBuilder(t)
	for a, err := range ingest.Read(context.Background(), []string{"../../fixtures/stories"}, ingest.Options{}) {
		if err != nil {
			continue // bad on purpose
		}
		built := b.Build(&a, article.English)
		var marks []shingle.Mark
		for _, p := range b.Places(&a, article.English) {
			marks = append(marks, p.Mark)
			if s := built.Shingles[p.Shingle].Span; p.Span.Start < s.Start || p.Span.End > s.End || p.Span.Len() == 0 {
				t.Errorf("%s: %v is not in %v", a.ID, p, s)
			}
		}
		if diff := cmp.Diff(built.Marks, slices.Compact(marks)); diff != "" {
			t.Errorf("%s: %s", a.ID, diff)
		}
		if diff := cmp.Diff(built, b.Build(&a, article.English)); diff != "" {
			t.Errorf("%s: Places changes what Build does: %s", a.ID, diff)
		}
	}
}
