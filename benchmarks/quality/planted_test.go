package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

// wordsFrom counts the words of a text by the article they are from; all words of
// newsPool begin with their article's id.
func wordsFrom(text string, articles []labelled) map[string]int {
	from := map[string]int{}
	for _, w := range strings.Fields(text) {
		i := slices.IndexFunc(articles, func(a labelled) bool { return strings.HasPrefix(w, a.ID+"-") })
		if i < 0 {
			from[w]++
		} else {
			from[articles[i].ID]++
		}
	}
	return from
}

func TestThePlantedHoldTheSourcesTheyName(t *testing.T) {
	articles := newsPool(30).articles
	p := plant(articles, 80)
	if diff := cmp.Diff(articles, p.articles[:len(articles)]); diff != "" {
		t.Error("the articles themselves: ", diff)
	}
	kinds := map[string]int{}
	for _, a := range p.articles[len(articles):] {
		kind, _, _ := strings.Cut(p.kind[a.ID], " ")
		kinds[kind]++
		words := wordsFrom(a.Text, articles)
		for _, source := range p.sources[a.ID] {
			if words[source] < 36 { // a cut leaves a third of 120 words, an edit drops one in ten at the most
				t.Errorf("%s (%s) has %d words of its source %s", a.ID, p.kind[a.ID], words[source], source)
			}
		}
		if others := len(words) - len(p.sources[a.ID]); kind != "edited" && others != 0 {
			t.Errorf("%s (%s) has words of %d other articles", a.ID, p.kind[a.ID], others)
		}
		if kind == "merged" != (len(p.sources[a.ID]) == 2) {
			t.Errorf("%s (%s) has %d sources", a.ID, p.kind[a.ID], len(p.sources[a.ID]))
		}
	}
	for _, kind := range []string{"edited", "cut", "swapped", "merged"} {
		if kinds[kind] < 15 {
			t.Errorf("%d of 80 are %s", kinds[kind], kind)
		}
	}
	if diff := cmp.Diff(p, plant(articles, 80), cmp.AllowUnexported(plantedPool{})); diff != "" {
		t.Error("the same articles, planted twice: ", diff)
	}
}

func TestShortArticlesAreNotPlanted(t *testing.T) {
	short := labelled{ID: "short", Text: strings.Repeat("word ", 79)}
	if p := plant([]labelled{short, short}, 10); len(p.articles) != 2 || len(p.sources) != 0 {
		t.Errorf("%d articles, sources %v", len(p.articles), p.sources)
	}
	if p := plant(nil, 10); len(p.articles) != 0 {
		t.Error(p.articles)
	}
}

func TestAnEditChangesItsShareOfTheWords(t *testing.T) {
	words, others := strings.Fields(strings.Repeat("own ", 2000)), []string{"other"}
	rapid.Check(t, func(t *rapid.T) {
		rate := float64(rapid.IntRange(0, 10).Draw(t, "rate")) / 10
		out := strings.Fields(edit(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)), words, others, rate))
		kept := 0
		for _, w := range out {
			if w == "own" {
				kept++
			}
		}
		// Of what is changed a third is dropped, a third replaced and a third kept beside another.
		want := 2000 * (1 - rate*2/3)
		if d := float64(kept) - want; d < -200 || d > 200 {
			t.Fatalf("at %v, %d of 2000 words are left, not about %v", rate, kept, want)
		}
		if rate == 0 && len(out) != 2000 {
			t.Fatalf("%d words", len(out))
		}
	})
}

func TestPlantedPairsAreRightByTheirSources(t *testing.T) {
	p := &plantedPool{
		sources: map[string][]string{"p1": {"a"}, "p2": {"a", "b"}, "p3": {"c"}, "p4": {"d"}},
		kind:    map[string]string{"p1": "cut", "p2": "merged", "p3": "cut", "p4": "cut"},
	}
	near := func(a, b string) dedupe.Pair { return dedupe.Pair{A: a, B: b, Relation: verdict.NearDuplicate} }
	rows := p.judge([]dedupe.Pair{
		near("a", "p1"), near("p1", "p2"), near("b", "p2"), // of one source
		near("c", "d"), near("c", "p4"), // natural, and what follows from it
		near("p3", "z"), // wrong
		{A: "c", B: "p3", Relation: verdict.Related}, // no copy
	})
	want := []row{
		{"recall **0.4000** of 5, precision **0.8000** of 5", []string{
			"missed p2 (merged) of a", "missed p3 (cut) of c", "missed p4 (cut) of d", "wrong p3 z near-duplicate 0.000",
		}},
		{"recall by kind: cut 0.3333 (3), merged 0.5000 (2)", nil},
		{"1 natural pairs", []string{"natural c d near-duplicate 0.000"}},
	}
	if diff := cmp.Diff(want, rows, cmp.AllowUnexported(row{})); diff != "" {
		t.Error(diff)
	}
}
