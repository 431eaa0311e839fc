package dedupe

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

// newspaper are the long stories of the fixtures, as one source prints them: with lines
// around them that no rule knows.
func newspaper(tb testing.TB, source string) []article.Article {
	tb.Helper()
	const head, foot = "Northquay from quay to quay\nThe harbour, the town, the hills\n\n",
		"\n\nWhy our readers like the evening letter\nWritten for you between tide and tide\nA house of the Northquay family\n"
	var out []article.Article
	for _, a := range stories() {
		if len(a.Text) > 1200 && a.Source == "" && a.URL == "" {
			a.Text, a.Source = head+a.Text+foot, source
			out = append(out, a)
		}
	}
	if len(out) < 20 {
		tb.Fatalf("%d long stories", len(out))
	}
	return out
}

// inPassages reports whether a passage of an article holds the words.
func inPassages(r *Result, words string) bool {
	texts := map[string]string{}
	for _, a := range all(r.pile) {
		texts[a.ID] = a.Text
	}
	for p := range r.Pairs() {
		for _, x := range p.Passages {
			if strings.Contains(x.A.Of(texts[p.A]), words) || strings.Contains(x.B.Of(texts[p.B]), words) {
				return true
			}
		}
	}
	return false
}

func TestLinesThatRecurInASourceAreInNoPassage(t *testing.T) {
	o := Options{Passages: true, Relations: []verdict.Relation{verdict.NearDuplicate, verdict.Translation, verdict.Related}}
	for source, want := range map[string]bool{"Northquay Post": false, "": true} {
		if got := inPassages(scanned(t, o, newspaper(t, source)), "between tide and tide"); got != want {
			t.Errorf("source %q: furniture in a passage: %v", source, got)
		}
	}
}

func TestRecurringFurnitureDoesNotDependOnWorkersAndOrder(t *testing.T) {
	articles := newspaper(t, "Northquay Post")
	articles = append(articles, copied(articles[0], "copy", 20)...)
	other := articles[1]
	other.Text += "\nA second take under the same id."
	articles = append(articles, other)
	o := Options{Passages: true, Relations: verdict.Relations(), Workers: 1}
	want := scanned(t, o, articles)
	rng := rand.New(rand.NewPCG(3, 7))
	for _, workers := range []int{1, 2, 4} {
		rng.Shuffle(len(articles), func(i, j int) { articles[i], articles[j] = articles[j], articles[i] })
		o.Workers = workers
		if diff := cmp.Diff(want, scanned(t, o, articles), everything); diff != "" {
			t.Fatalf("%d workers: %s", workers, diff)
		}
	}
}

func TestVersionsOfOneSourceAreFoundAsWithoutIt(t *testing.T) {
	base := story(t, "a-strike-en.txt")
	paragraphs := strings.Split(base.Text, "\n\n")
	var articles []article.Article
	for v := range 6 {
		a := base
		a.ID, a.Text = fmt.Sprint("v", v), strings.Join(paragraphs[:len(paragraphs)-v%3], "\n\n")+fmt.Sprintf("\n\nTake %d of the story ends here.", v)
		articles = append(articles, a)
	}
	want := scanned(t, Options{Passages: true}, articles)
	for i := range articles {
		articles[i].Source = "wire"
	}
	got := scanned(t, Options{Passages: true}, articles)
	if diff := cmp.Diff(slices.Collect(want.Pairs()), slices.Collect(got.Pairs())); diff != "" {
		t.Error(diff)
	}
}
