package report

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// explained is the comparison of english with french with an explanation. Its features
// and their contributions are made up, so that no model changes them.
func explained(t *testing.T, r verdict.Relation, against ...verdict.Obstacle) dedupe.Comparison {
	c := translated(t)
	c.Relation = r
	of := func(f verdict.Feature, logOdds float64) verdict.Contribution {
		return verdict.Contribution{Feature: f, Value: c.Features.Values[f], LogOdds: logOdds}
	}
	c.Explanation = &verdict.Explanation{
		Classifier: "cross", Plausible: true, Against: against,
		Copy: verdict.Decision{
			Holds: len(against) == 0, Base: -1.5, Raw: 0.93, Probability: 0.9871, Threshold: 0.79,
			Contributions: []verdict.Contribution{of(verdict.CoverageMin, 3.1), of(verdict.NumberConflict, -1.25), of(verdict.Order, -0.5), of(verdict.Length, 0.004)},
		},
		Part:  verdict.Decision{Base: -0.5, Raw: 0.1, Probability: 0.1, Threshold: 0.5, Contributions: []verdict.Contribution{of(verdict.Length, -1.7)}},
		Story: verdict.Decision{Base: -6, Raw: 0.0025, Probability: 0.0025, Threshold: 0.045},
	}
	number := func(text, words string) []dedupe.Mention {
		return []dedupe.Mention{{Span: span(t, text, words), Text: words}}
	}
	c.Conflicts = []dedupe.Conflict{{Kind: shingle.NumberMark, A: number(english, "19"), B: number(french, "1,5 %")}}
	return c
}

func TestExplanationsShowWhatEachFeatureCountsFor(t *testing.T) {
	en, fr := article.Article{ID: "en.txt", Text: english}, article.Article{ID: "fr.txt", Text: french}
	held := explained(t, verdict.Translation)
	none := explained(t, verdict.None, verdict.Improbable)
	none.Score, none.Explanation.Copy.Probability = 0.31, 0.31
	for name, c := range map[string]dedupe.Comparison{"translation": held, "none": none} {
		for on, screen := range map[string]Screen{"file": {}, "terminal-60": {Width: 60, Colours: true}} {
			golden(t, "explain-"+name+"-"+on, func(w io.Writer) error {
				return explanationOnly(w, func(w io.Writer) error { return Comparison(w, c, en, fr, true, screen) })
			})
		}
		goldenComparison(t, "explain-"+name+"-json", func(w io.Writer) error { return ComparisonJSON(w, c, true) })
	}
}

// explanationOnly leaves out the passages, which other tests show, and the features that
// count for nothing, which come and go with the model.
func explanationOnly(w io.Writer, write func(io.Writer) error) error {
	var whole bytes.Buffer
	if err := write(&whole); err != nil {
		return err
	}
	text, _, _ := strings.Cut(whole.String(), "Passages that match")
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, signed(0)+strings.Repeat(" ", barWidth)) {
			if _, err := io.WriteString(w, line); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestAnExactPairIsExplainedByItsRule(t *testing.T) {
	c := dedupe.Comparison{Pair: dedupe.Pair{A: "a", B: "b", Relation: verdict.Exact, Score: 1}}
	var people, programs strings.Builder
	if err := Comparison(&people, c, article.Article{ID: "a"}, article.Article{ID: "b"}, true, Screen{}); err != nil {
		t.Fatal(err)
	}
	if err := ComparisonJSON(&programs, c, true); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(people.String(), "Nothing was weighed") || !strings.Contains(programs.String(), `"explanation":{"rule":"exact"}`) {
		t.Errorf("%s\n%s", &people, &programs)
	}
}

func TestReasonsSayWhyNot(t *testing.T) {
	for _, c := range []struct {
		name    string
		against []verdict.Obstacle
		change  func(c *dedupe.Comparison)
		want    []string
		never   string
	}{
		{"improbable", []verdict.Obstacle{verdict.Improbable}, func(*dedupe.Comparison) {},
			[]string{"1 that differs: A has 19 where B has 1,5 %.", "The numbers in the passages that match differ too often.",
				"The passages that match come in another order.", "its probability is 0.987, and 0.790 is asked."}, "counterpart"},
		{"too short", []verdict.Obstacle{verdict.TooShort, verdict.Improbable}, func(*dedupe.Comparison) {},
			[]string{"so short that only an exact copy"}, "too often"},
		{"no passage", []verdict.Obstacle{verdict.NoPassage}, func(c *dedupe.Comparison) { c.Passages = nil },
			[]string{"No passage of one", "Without a passage that matches there is no copy."}, "0.790"},
		{"not plausible", []verdict.Obstacle{verdict.Improbable}, func(c *dedupe.Comparison) { c.Explanation.Plausible = false },
			[]string{"scan would not look at them"}, "template"},
		{"same mould", []verdict.Obstacle{verdict.Improbable, verdict.SameMould}, func(*dedupe.Comparison) {},
			[]string{"made from one template"}, "scan would"},
		{"no lexicon", []verdict.Obstacle{verdict.Improbable, verdict.NoLexicon}, func(c *dedupe.Comparison) { c.Languages[1] = "de" },
			[]string{"knows no words of German"}, "recognised"},
		{"unknown language", []verdict.Obstacle{verdict.Improbable, verdict.NoLexicon}, func(c *dedupe.Comparison) { c.Languages[1] = "" },
			[]string{"The language of B was not recognised"}, "German"},
		{"a feature that counts against a pair that is well off in it", []verdict.Obstacle{verdict.Improbable},
			func(c *dedupe.Comparison) { c.Features.Values[verdict.Order] = 1 }, []string{"too often"}, "another order"},
		{"a copy", nil, func(c *dedupe.Comparison) { c.Relation = verdict.Translation }, []string{"one translates the other"}, "too often"},
		{"one story", []verdict.Obstacle{verdict.Improbable}, func(c *dedupe.Comparison) { c.Relation = verdict.Related },
			[]string{"too often", "the same story"}, "is asked"},
	} {
		x := explained(t, verdict.None, c.against...)
		c.change(&x)
		got := strings.Join(Reasons(&x, "en"), " ")
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q lacks %q", c.name, got, want)
			}
		}
		if strings.Contains(got, c.never) {
			t.Errorf("%s: %q has %q", c.name, got, c.never)
		}
	}
}

func TestTurnedConflictsNameTheirSidesTheOtherWayRound(t *testing.T) {
	c := explained(t, verdict.None, verdict.Improbable)
	back := turned(c)
	if got := (speaker{}).conflictsOf(&back, shingle.NumberMark); got != "A has 1,5 % where B has 19" {
		t.Error(got)
	}
	if got := (speaker{}).conflictsOf(&c, shingle.NumberMark); got != "A has 19 where B has 1,5 %" {
		t.Errorf("turning changes what is turned: %s", got)
	}
}

func TestTheClearestConflictsAreNamedAndEachOnce(t *testing.T) {
	mentions := func(words ...string) (out []dedupe.Mention) {
		for _, w := range words {
			out = append(out, dedupe.Mention{Text: w})
		}
		return out
	}
	conflict := func(a, b []dedupe.Mention) dedupe.Conflict {
		return dedupe.Conflict{Kind: shingle.NameMark, A: a, B: b}
	}
	c := dedupe.Comparison{Conflicts: []dedupe.Conflict{
		conflict(mentions("Oslo", "Leeds", "Bergen", "York"), mentions("Lyon")),
		conflict(mentions("Kestrion"), mentions("Velmora")),
		conflict(mentions("Kestrion"), mentions("Velmora")),
		conflict(mentions("Oslo\x1b[2J"), mentions("Lyon", "Metz")),
	}}
	want := "A has Kestrion where B has Velmora; A has Oslo\ufffd[2J where B has Lyon and Metz; A has Oslo, Leeds, Bergen, … where B has Lyon"
	if got := (speaker{}).conflictsOf(&c, shingle.NameMark); got != want {
		t.Error(got)
	}
	c.Conflicts = append(c.Conflicts, conflict(mentions("Bern"), mentions("Paris")))
	if got := (speaker{}).conflictsOf(&c, shingle.NameMark); !strings.HasSuffix(got, "; and so on") {
		t.Error(got)
	}
	if got := (speaker{}).conflictsOf(&c, shingle.NumberMark); got != "" {
		t.Error(got)
	}
}

func TestEveryFeatureIsOfOneObjectionAtTheMost(t *testing.T) {
	var all []verdict.Feature
	for _, o := range objections {
		all = append(all, o.features...)
	}
	slices.Sort(all)
	if n := len(all); len(slices.Compact(all)) != n {
		t.Error("a feature is told twice")
	}
	if len(all) != int(verdict.NumFeatures) {
		t.Errorf("%d of %d features have an objection", len(all), verdict.NumFeatures)
	}
}
