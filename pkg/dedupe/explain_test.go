package dedupe

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

func TestComparisonsAreExplainedAsTheyAreJudged(t *testing.T) {
	d := detector(t, Options{})
	rapid.Check(t, func(t *rapid.T) {
		index := rapid.IntRange(0, len(stories())-1)
		a, b := stories()[index.Draw(t, "a")], stories()[index.Draw(t, "b")]
		c := d.Compare(a, b)
		e := c.Explanation
		switch {
		case c.Relation == verdict.Exact:
			if e != nil || c.Conflicts != nil {
				t.Fatalf("%s and %s are exact, yet explained", a.ID, b.ID)
			}
		case e == nil || e.Copy.Holds != c.Relation.IsCopy() || (len(e.Against) == 0) != e.Copy.Holds:
			t.Fatalf("%s and %s: %v, explained by %+v", a.ID, b.ID, c.Relation, e)
		case c.Relation.IsCopy() && c.Score != e.Copy.Probability:
			t.Fatalf("%s and %s: score %v, probability %v", a.ID, b.ID, c.Score, e.Copy.Probability)
		case c.Relation == verdict.None && c.Score >= e.Copy.Threshold:
			t.Fatalf("%s and %s: no relation with a score of %v", a.ID, b.ID, c.Score)
		}
		for _, x := range c.Conflicts {
			for side, mentions := range [2][]Mention{x.A, x.B} {
				text := [2]string{a.Text, b.Text}[side]
				if c.Swapped {
					text = [2]string{b.Text, a.Text}[side]
				}
				for _, m := range mentions {
					if m.Span.Of(text) != m.Text || m.Text == "" {
						t.Fatalf("%q stands at %v, not %q", m.Span.Of(text), m.Span, m.Text)
					}
				}
				if len(mentions) == 0 {
					t.Fatalf("one-sided: %+v", x)
				}
			}
		}
	})
}

func TestConflictsNameWhatTheTextsHave(t *testing.T) {
	english := "The ferry Aurélie ran aground off Groix on Monday with 214 passengers on board, the coast guard said. " +
		"Nobody was injured, but the captain was questioned by the police for six hours."
	french := "Le ferry Aurélie s'est échoué lundi au large de Groix avec 215 passagers à bord, ont indiqué les garde-côtes. " +
		"Personne n'a été blessé, mais le capitaine a été interrogé par la police pendant six heures."
	c := detector(t, Options{}).Compare(article.Article{ID: "1", Text: english}, article.Article{ID: "2", Text: french})
	var got []string
	for _, x := range c.Conflicts {
		if x.Kind == shingle.NumberMark {
			got = append(got, x.A[0].Text+" "+x.B[0].Text)
		}
	}
	if !slices.Equal(got, []string{"214 215"}) {
		t.Errorf("%q", got)
	}
}

func TestNeighbouringNamesAreOneMention(t *testing.T) {
	text := "In Buenos Aires, Ana Ruiz spoke for Aix-en-Provence"
	var marks []shingle.Mark
	var places []shingle.Place
	for i, word := range []string{"Buenos", "Aires", "Ana", "Ruiz"} {
		m := shingle.Mark{Concept: 1 << i, Kind: shingle.NameMark}
		start := strings.Index(text, word)
		marks = append(marks, m)
		places = append(places, shingle.Place{Mark: m, Span: article.Span{Start: start, End: start + len(word)}})
	}
	var got []string
	for _, m := range mentions(text, marks, places) {
		got = append(got, m.Text)
	}
	if !slices.Equal(got, []string{"Buenos Aires", "Ana Ruiz"}) {
		t.Errorf("%q", got)
	}
}

func TestALanguageWithoutLexiconIsNamedAgainstATranslation(t *testing.T) {
	c := detector(t, Options{}).Compare(article.Article{ID: "1", Text: german, Language: "de"}, story(t, "a-dam-en.txt"))
	if c.Relation != verdict.None || !slices.Contains(c.Explanation.Against, verdict.NoLexicon) {
		t.Errorf("%v: %v", c.Relation, c.Explanation.Against)
	}
}
