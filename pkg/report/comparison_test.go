package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

const (
	english = "Rate cut\n\nThe bank cut its rate to 1.5% on Thursday. Only three of the 19 economists had predicted it.\n\nMarkets rose. Share this article."
	french  = "Baisse de taux\n\nLa banque a abaissé jeudi son taux à 1,5 %. Les marchés ont grimpé.\n\nSur les 19 économistes, « trois seulement » l’avaient prévu."
)

// span finds a passage in a text.
func span(t *testing.T, text, passage string) article.Span {
	t.Helper()
	start := strings.Index(text, passage)
	if start < 0 {
		t.Fatalf("%q is not in the text", passage)
	}
	return article.Span{Start: start, End: start + len(passage)}
}

// translated is a comparison of english with french, in which a passage has moved.
func translated(t *testing.T) dedupe.Comparison {
	passage := func(en, fr string, similarity float64) align.Passage {
		return align.Passage{A: span(t, english, en), B: span(t, french, fr), Similarity: similarity}
	}
	c := dedupe.Comparison{Pair: dedupe.Pair{
		A: "en.txt", B: "fr.txt", Relation: verdict.Translation, Score: 0.9871,
		Languages: [2]article.Language{"en", "fr"}, Coverage: [2]float64{0.87, 0.91},
		Passages: []align.Passage{
			passage("The bank cut its rate to 1.5% on Thursday.", "La banque a abaissé jeudi son taux à 1,5 %.", 0.712),
			passage("Only three of the 19 economists had predicted it.", "Sur les 19 économistes, « trois seulement » l’avaient prévu.", 0.45),
			passage("Markets rose.", "Les marchés ont grimpé.", 0.33),
		},
	}}
	c.Attributes = [2]text.Attributes{
		{Dateline: "STOCKHOLM (AFP) –", Agency: "AFP"},
		{Byline: "Par Jean Dupont\x1b[2J", Published: "Publié le 3 mars 2020 à 10h12"},
	}
	c.Features.Cross = true
	v := &c.Features.Values
	v[verdict.CoverageMin], v[verdict.CoverageMax] = 0.87, 0.91
	v[verdict.Similarity], v[verdict.Order] = 0.55, 0.62
	v[verdict.NumberAgree], v[verdict.NumberConflict] = 2.5/4, 1/4.
	v[verdict.Evidence], v[verdict.Shorter], v[verdict.Length] = math.Log(41), math.Log(51), math.Log(1.1)
	return c
}

// relate makes the comparison one within English, of the relation.
func relate(c dedupe.Comparison, r verdict.Relation) dedupe.Comparison {
	c.Relation, c.Languages, c.Features.Cross = r, [2]article.Language{"en", "en"}, false
	c.Features.Values[verdict.GramMax] = 0.16
	return c
}

// featureLines are what a comparison shows of the features, which come and go with the
// model: they are not in the golden files.
var featureLines = regexp.MustCompile(`(?m)^ +-?\d+\.\d{3}  [a-z-]+ .*\n|"features":\{[^}]*\},`)

func goldenComparison(t *testing.T, name string, write func(io.Writer) error) {
	t.Helper()
	golden(t, name, func(w io.Writer) error {
		var whole bytes.Buffer
		if err := write(&whole); err != nil {
			return err
		}
		_, err := w.Write(featureLines.ReplaceAll(whole.Bytes(), nil))
		return err
	})
}

func TestComparisonShowsEveryFeature(t *testing.T) {
	var people, programs strings.Builder
	c := translated(t)
	c.Features.Cross = false
	if err := errors.Join(Comparison(&people, c, article.Article{Text: english}, article.Article{Text: french}, false, Screen{}),
		ComparisonJSON(&programs, c, false)); err != nil {
		t.Fatal(err)
	}
	for f := range verdict.NumFeatures {
		if line := featureLine(f, c.Features.Values[f]); !strings.Contains(people.String(), "\n"+line+"\n") {
			t.Errorf("no line %q", line)
		}
		if field := fmt.Sprintf("%q:%s", f, decimal(c.Features.Values[f])); !strings.Contains(programs.String(), field) {
			t.Errorf("no field %s", field)
		}
	}
}

func TestComparisonExplains(t *testing.T) {
	en, fr := article.Article{ID: "en.txt", Text: english}, article.Article{ID: "fr.txt", Text: french}
	for name, screen := range map[string]Screen{
		"file": {}, "terminal-100": {Width: 100, Colours: true}, "terminal-72": {Width: 72}, "terminal-40": {Width: 40},
	} {
		goldenComparison(t, "compare-"+name, func(w io.Writer) error { return Comparison(w, translated(t), en, fr, false, screen) })
	}
	goldenComparison(t, "compare-json", func(w io.Writer) error { return ComparisonJSON(w, translated(t), false) })
}

func TestComparisonShowsTheFirstArticleLeft(t *testing.T) {
	c := translated(t)
	c.Swapped = true
	en, fr := article.Article{ID: "en.txt", Text: english}, article.Article{ID: "fr.txt", Text: french}
	goldenComparison(t, "compare-swapped", func(w io.Writer) error { return Comparison(w, c, fr, en, false, Screen{}) })
}

func TestComparisonOfNothingInCommon(t *testing.T) {
	c := dedupe.Comparison{Pair: dedupe.Pair{
		A: "en.txt", B: "fr.txt", Score: 0.003, Languages: [2]article.Language{"en", article.Unknown},
	}}
	c.Features.Values[verdict.Shorter] = math.Log(200)
	en, fr := article.Article{ID: "en.txt", Text: english}, article.Article{ID: "fr.txt", Text: french}
	goldenComparison(t, "compare-none", func(w io.Writer) error { return Comparison(w, c, en, fr, false, Screen{}) })
}

func TestConclusionsSayWhatTheRelationMeans(t *testing.T) {
	c := translated(t)
	for relation, want := range map[verdict.Relation]string{
		verdict.Exact:              "The texts are the same",
		verdict.NearDuplicate:      "an edited copy",
		verdict.Reworded:           "in other words",
		verdict.Translation:        "one translates the other",
		verdict.Excerpt:            "A holds B",
		verdict.PartialTranslation: "A holds B",
		verdict.Related:            "the same story",
		verdict.None:               "less than a relation takes",
	} {
		if got := strings.Join(Reasons(ptr(relate(c, relation)), "en"), " "); !strings.Contains(got, want) {
			t.Errorf("%s: %q lacks %q", relation, got, want)
		}
	}
}

func ptr[T any](v T) *T { return &v }

func TestMarksAreCountedBack(t *testing.T) {
	for _, c := range []struct{ agree, conflict float64 }{{0, 0}, {1, 0}, {14, 2}, {500, 499}} {
		all := c.agree + c.conflict + 1
		got := speaker{}.marks(shingle.NumberMark, (c.agree+0.5)/all, c.conflict/all, "") // as verdict.Measure has them
		want := "Numbers: none in the matching passages."
		if c.agree+c.conflict > 0 {
			want = "Numbers in the matching passages: " + decimal(c.agree) + " on both sides, " + decimal(c.conflict) + " that differ."
		}
		if got != want {
			t.Errorf("%v: %q", c, got)
		}
	}
}

func TestEveryFeatureIsDescribed(t *testing.T) {
	for f := range verdict.NumFeatures {
		if featureWords[f] == "" {
			t.Errorf("%s has no words", f)
		}
		for other := range f {
			if featureWords[f] == featureWords[other] {
				t.Errorf("%s and %s have the same words", other, f)
			}
		}
	}
}

func TestOutsideIsWhatNoPassageCovers(t *testing.T) {
	text := "aa bb cc -- dd"
	passages := []align.Passage{{B: article.Span{Start: 6, End: 8}}, {B: article.Span{Start: 3, End: 7}}}
	var got []string
	for _, s := range outside(text, passages, 1) {
		got = append(got, s.Of(text))
	}
	if strings.Join(got, "|") != "aa | -- dd" {
		t.Errorf("%q", got)
	}
	if s := outside("  \n", nil, 0); len(s) != 0 {
		t.Errorf("white space is a stretch: %v", s)
	}
}
