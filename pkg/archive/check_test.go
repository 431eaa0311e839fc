package archive

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
)

// pairsWith are those of an article, as a Check that does not know it would give them.
func pairsWith(pairs []dedupe.Pair, id string) (out []dedupe.Pair) {
	for _, p := range pairs {
		if p.A == id || p.B == id {
			out = append(out, p)
		}
	}
	return out
}

func TestCheckTellsWhatAddingWouldTell(t *testing.T) {
	articles := fixtures(t)
	for i := 0; i < len(articles); i += 3 {
		x := articles[i]
		a := create(t, Options{})
		add(t, a, slices.Delete(slices.Clone(articles), i, i+1))
		got, err := a.Check(context.Background(), x, Filter{})
		if err != nil {
			t.Fatal(err)
		}
		want := pairsWith(add(t, a, []article.Article{x}).Pairs, x.ID)
		same(t, x.ID, want, got)
		if err := a.Verify(context.Background(), func(p Problem) error { t.Error(p); return nil }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnArticleIsNotItsOwnCopyWhenItIsChecked(t *testing.T) {
	articles := fixtures(t)
	a := create(t, Options{})
	add(t, a, articles)
	for _, x := range articles {
		got, err := a.Check(context.Background(), x, Filter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range got {
			if p.A == p.B {
				t.Fatalf("%s is tied to itself", p.A)
			}
		}
	}
}

func TestAFilterHidesWhatItDoesNotLetThrough(t *testing.T) {
	articles := fixtures(t)
	a := create(t, Options{})
	add(t, a, articles)
	byID := map[string]article.Article{}
	for _, x := range articles {
		byID[x.ID] = x
	}
	seen := 0
	for _, x := range articles {
		for name, f := range map[string]Filter{
			"language": {Languages: []article.Language{article.French}},
			"unknown":  {Languages: []article.Language{"xx"}},
			"source":   {Sources: []string{"nobody"}},
			"window":   {Window: time.Hour},
		} {
			pairs, err := a.Check(context.Background(), x, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range pairs {
				seen++
				other, language := p.A, p.Languages[0]
				if other == x.ID {
					other, language = p.B, p.Languages[1]
				}
				y := byID[other]
				switch {
				case name == "language" && language != article.French, name == "unknown", name == "source":
					t.Errorf("%s: %s found %s", name, x.ID, other)
				case name == "window" && !x.Published.IsZero() && !y.Published.IsZero() && x.Published.Sub(y.Published).Abs() > time.Hour:
					t.Errorf("%s: %s found %s", name, x.ID, other)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no filter let anything through")
	}
}
