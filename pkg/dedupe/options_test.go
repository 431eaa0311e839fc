package dedupe

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

func TestMinScoreLeavesOutWhatScoresLess(t *testing.T) {
	var before []Pair
	for i, least := range []float64{0, 0.9, 0.99, 1} {
		pairs := slices.Collect(scanned(t, Options{MinScore: least}, stories()).Pairs())
		for _, p := range pairs {
			if p.Score < least {
				t.Errorf("%s, %s scores %v, less than %v", p.A, p.B, p.Score, least)
			}
		}
		if i > 0 {
			var want []Pair
			for _, p := range before {
				if p.Score >= least {
					want = append(want, p)
				}
			}
			if diff := cmp.Diff(want, pairs); diff != "" {
				t.Errorf("at %v: %s", least, diff)
			}
		}
		before = pairs
	}
	for _, p := range before {
		if p.Score != 1 {
			t.Errorf("at 1: %+v", p)
		}
	}
	for _, bad := range []float64{-0.1, 1.01} {
		if _, err := New(Options{MinScore: bad}); err == nil {
			t.Errorf("a minimum score of %v is taken", bad)
		}
	}
}

func TestOnlyWantedRelationsAreReported(t *testing.T) {
	all := slices.Collect(scanned(t, Options{Relations: verdict.Relations()}, stories()).Pairs())
	count := map[verdict.Relation]int{}
	for _, p := range all {
		count[p.Relation]++
	}
	wanted := [][]verdict.Relation{nil, {verdict.Exact}, {verdict.Related}, {verdict.Translation, verdict.PartialTranslation}, {verdict.NearDuplicate, verdict.Exact}}
	for _, relations := range wanted {
		var want []Pair
		for _, p := range all {
			if slices.Contains(relations, p.Relation) || relations == nil && p.Relation.IsCopy() {
				want = append(want, p)
			}
		}
		if len(want) == 0 {
			t.Errorf("no %v among the stories: %v", relations, count)
		}
		r := scanned(t, Options{Relations: relations}, stories())
		if diff := cmp.Diff(want, slices.Collect(r.Pairs())); diff != "" {
			t.Errorf("%v: %s", relations, diff)
		}
		if n := len(slices.Collect(r.Clusters())); n > 0 && slices.Equal(relations, []verdict.Relation{verdict.Related}) {
			t.Errorf("related articles make %d clusters", n)
		}
	}
}

func TestPassagesAreFilledInOnlyOnRequest(t *testing.T) {
	without := slices.Collect(scanned(t, Options{}, stories()).Pairs())
	with := slices.Collect(scanned(t, Options{Passages: true}, stories()).Pairs())
	if diff := cmp.Diff(without, with, cmpopts.IgnoreFields(Pair{}, "Passages")); diff != "" {
		t.Error("asking for passages changes other fields:", diff)
	}
	for i, p := range with {
		if without[i].Passages != nil {
			t.Errorf("%s, %s: passages that nobody asked for", p.A, p.B)
		}
	}
	for _, p := range with {
		if len(p.Passages) == 0 {
			t.Errorf("%s, %s (%v) has no passages though they were asked for: only the first of the articles with one text gets them", p.A, p.B, p.Relation)
		}
	}
}

func TestAnArticleOfAFewWordsMatchesOnlyItsExactCopy(t *testing.T) {
	brief := "Snow closed the pass above Andermatt."
	r := scanned(t, Options{Relations: verdict.Relations()}, []article.Article{
		{ID: "1", Language: "en", Text: brief},
		{ID: "2", Language: "en", Text: "SNOW closed the pass above Andermatt!"},
		{ID: "3", Language: "en", Text: "Snow closed the pass above Andermatt today."},
		{ID: "4", Language: "fr", Text: "La neige a fermé le col au-dessus d'Andermatt."},
		{ID: "5", Language: "en", Text: brief + " The road will stay closed until Thursday, and lorries have to take the tunnel, the canton of Uri said on Monday."},
	})
	want := []Pair{{A: "1", B: "2", Relation: verdict.Exact, Score: 1, Languages: [2]article.Language{"en", "en"}, Coverage: [2]float64{1, 1}}}
	if diff := cmp.Diff(want, slices.Collect(r.Pairs())); diff != "" {
		t.Error(diff)
	}
}

func TestAnEmptyPileGivesAnEmptyResult(t *testing.T) {
	r := scanned(t, Options{}, nil)
	if r.Len()+len(r.Rejected)+r.Candidates+len(slices.Collect(r.Pairs()))+len(slices.Collect(r.Clusters())) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestArticlesWithoutWordsMatchNothing(t *testing.T) {
	r := scanned(t, Options{Relations: verdict.Relations()}, []article.Article{
		{ID: "1"}, {ID: "2"}, {ID: "3", Text: "***"}, {ID: "4", Text: "– – –"}, {ID: "5", Text: " \n"},
	})
	if pairs := slices.Collect(r.Pairs()); len(pairs) > 0 || r.Len() != 5 {
		t.Errorf("%d articles, %v", r.Len(), pairs)
	}
}

const (
	german = "Der Frachter Hanne lief am Montag vor Cuxhaven auf Grund, weil ein Ruder gebrochen war. " +
		"Verletzt wurde niemand, aber der Kapitän wurde sechs Stunden lang von der Wasserschutzpolizei vernommen. " +
		"Taucher sollen den Rumpf prüfen, bevor zwei Schlepper das Schiff nach Hamburg bringen."
	germanEdited = "Der Frachter Hanne lief am Montag vor Cuxhaven auf Grund, weil das Ruder gebrochen war. " +
		"Verletzt wurde niemand, doch der Kapitän wurde sechs Stunden lang von der Wasserschutzpolizei vernommen. " +
		"Taucher sollen den Rumpf prüfen, bevor zwei Schlepper das Schiff nach Hamburg bringen, teilte die Reederei mit."
)

func TestEditedCopiesInAnotherLanguageAreFound(t *testing.T) {
	original := story(t, "c-german.txt")
	edited, exact := original, original
	edited.ID, exact.ID = "x-edited", "x-exact"
	edited.Text = strings.Replace(original.Text, "der ", "die ", 2) + "\nMehr dazu am Montag."
	r := scanned(t, Options{}, append(slices.Clone(stories()), edited, exact))
	got := map[string]verdict.Relation{}
	for p := range r.Pairs() {
		if strings.HasPrefix(p.B, "x-") {
			got[p.A+" "+p.B] = p.Relation
			if p.Languages[0] != p.Languages[1] || p.Languages[0] == "en" || p.Languages[0] == "fr" {
				t.Errorf("languages %v", p.Languages)
			}
		}
	}
	want := map[string]verdict.Relation{
		"c-german.txt x-exact": verdict.Exact, "c-german.txt x-edited": verdict.NearDuplicate, "x-edited x-exact": verdict.NearDuplicate,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnEditedBriefInAnotherLanguageIsANearDuplicate(t *testing.T) {
	c := detector(t, Options{}).Compare(article.Article{ID: "1", Text: german, Language: "de"}, article.Article{ID: "2", Text: germanEdited, Language: "de"})
	if c.Relation != verdict.NearDuplicate {
		t.Errorf("%v (%.3f) of three sentences of which five words were edited, though %v is covered", c.Relation, c.Score, c.Coverage)
	}
}

func TestWrongEnglishOrFrenchLabelsAreCorrected(t *testing.T) {
	mislabelled := story(t, "a-dam-fr.txt")
	mislabelled.Language = article.English
	if c := detector(t, Options{}).Compare(story(t, "a-dam-en.txt"), mislabelled); c.Relation != verdict.Translation || c.Languages[1] != article.French {
		t.Errorf("%v between %v", c.Relation, c.Languages)
	}
}

func TestADeclaredThirdLanguageIsTrusted(t *testing.T) {
	a := story(t, "a-dam-en.txt")
	a.Language = "nl"
	if got := detector(t, Options{}).languageOf(&a); got != "nl" {
		t.Errorf("languageOf's comment says that a declared language other than English and French is trusted, but %q is returned for \"nl\"", got)
	}
}
