package dedupe

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

// inOneLanguage are the relations that are found by fingerprints.
var inOneLanguage = []verdict.Relation{verdict.Exact, verdict.NearDuplicate, verdict.Excerpt}

// editedStories are the fixtures with copies of some, cut and edited ones among them.
func editedStories(tb testing.TB) []article.Article {
	articles := slices.Concat(stories(), copied(story(tb, "b-bees-fr.txt"), "copy", 20), copied(story(tb, "c-fusion-en.txt"), "kopie", 40))
	for i, a := range stories() {
		half := len(a.Text) / 2
		for half < len(a.Text) && a.Text[half] != '\n' {
			half++
		}
		a.ID, a.Text, a.Title = "half "+a.ID, a.Text[:half], ""
		a.Published = on(i % 9)
		articles = append(articles, a)
	}
	return articles
}

func TestOnlyRelationsOfSharedWordsAreFoundByFingerprints(t *testing.T) {
	for _, r := range verdict.Relations() {
		want := slices.Contains(inOneLanguage, r)
		for _, relations := range [][]verdict.Relation{{r}, {verdict.Exact, r}} {
			if got := detector(t, Options{Relations: relations}).onlyCopies(); got != want {
				t.Errorf("%v: %v", relations, got)
			}
		}
	}
	if detector(t, Options{}).onlyCopies() {
		t.Error("all relations are found by fingerprints")
	}
}

func TestFingerprintsFindWhatAScanForAllRelationsFinds(t *testing.T) {
	articles := editedStories(t)
	for _, o := range []Options{{}, {Window: 4 * day}} {
		type found struct {
			A, B     string
			Relation verdict.Relation
			Coverage [2]float64
		}
		pairs := func(o Options) (out []found) {
			for p := range scanned(t, o, articles).Pairs() {
				if slices.Contains(inOneLanguage, p.Relation) {
					out = append(out, found{p.A, p.B, p.Relation, p.Coverage})
				}
			}
			return out
		}
		want := pairs(o)
		o.Relations = inOneLanguage
		got := pairs(o)
		// A part of a text that was moreover reworded shares hardly a run of words with it.
		missed := slices.DeleteFunc(slices.Clone(want), func(p found) bool { return slices.Contains(got, p) })
		if len(missed)*500 > len(want) || len(want) < 500 {
			t.Errorf("window %v: of %d pairs missed: %v", o.Window, len(want), missed)
		}
		if more := slices.DeleteFunc(got, func(p found) bool { return slices.Contains(want, p) }); len(more) > 0 {
			t.Errorf("window %v: by fingerprints alone: %v", o.Window, more)
		}
	}
}

func TestLittleMemoryDoesNotChangeTheCopiesFound(t *testing.T) {
	articles := slices.Concat(editedStories(t), copied(story(t, "c-fusion-en.txt"), "viele", 300))
	for _, o := range []Options{{}, {Passages: true}, {Window: 24 * time.Hour}} {
		o.Relations = inOneLanguage
		want := scanned(t, o, articles)
		o.Memory = 1
		got := scanned(t, o, articles)
		if diff := cmp.Diff(want, got, everything); diff != "" {
			t.Fatal(diff)
		}
		if got.pile.texts.Spilled() == 0 || want.pile.texts.Spilled() > 0 {
			t.Errorf("%d bytes in a file with little memory, %d with much", got.pile.texts.Spilled(), want.pile.texts.Spilled())
		}
		for _, r := range []*Result{want, got} {
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestWorkersAndOrderOfInputDoNotChangeTheCopiesFound(t *testing.T) {
	articles := slices.Concat(editedStories(t), newspaper(t, "The Northquay Paper"))
	twin := story(t, "a-rail-en.txt")
	twin.Text += "\n\nA second take under the same id."
	articles = append(articles, twin)
	rng := rand.New(rand.NewPCG(6, 28))
	for _, o := range []Options{{Passages: true, Workers: 1}, {Window: 4 * day, Workers: 1}} {
		o.Relations = inOneLanguage
		want := scanned(t, o, articles)
		for _, workers := range []int{1, 2, 4} {
			rng.Shuffle(len(articles), func(i, j int) { articles[i], articles[j] = articles[j], articles[i] })
			o.Workers = workers
			if diff := cmp.Diff(want, scanned(t, o, articles), everything); diff != "" {
				t.Fatalf("%d workers: %s", workers, diff)
			}
		}
	}
}

func TestASkimmedArticleHasItsHashAndNothingIsLostInItsRecord(t *testing.T) {
	var k, read skimmer
	rapid.Check(t, func(t *rapid.T) {
		a := article.Article{
			Title: rapid.SampledFrom([]string{"", "Two 3,5"}).Draw(t, "title"),
			Text:  rapid.StringMatching(`(Two 3,5\n)?([ \n.,€’-]{0,2}([A-C]{1,3}|é|3,|4|\d{1,2}\.\d)){0,60}`).Draw(t, "text"),
		}
		if got, want := k.skim(&a), a.Hash(); got != want {
			t.Fatalf("hash %v, want %v", got, want)
		}
		if err := read.parseRecord(k.appendRecord(nil)); err != nil {
			t.Fatal(err)
		}
		for i, f := range k.chosen {
			if uint32(read.keys[i]) != f.Hash {
				t.Fatalf("fingerprint %d is %x, was %x", i, read.keys[i], f.Hash)
			}
		}
		for i, l := range k.lines {
			if read.lines[i].Key != l.Key || read.lines[i].Span.Len() != l.Span.Len() {
				t.Fatalf("line %d is %v, was %v", i, read.lines[i], l)
			}
			for n, f := range k.chosen {
				touches := f.Word+shingle.FingerprintWords > k.stretch[i].from && f.Word < k.stretch[i].to
				if s := read.stretch[i]; touches != (int(s.from) <= n && n < int(s.to)) {
					t.Fatalf("line %d has the words %v and fingerprint %d at %d: %v", i, k.stretch[i], n, f.Word, s)
				}
			}
		}
	})
}

func TestADamagedRecordIsAnError(t *testing.T) {
	var k, read skimmer
	a := story(t, "a-rail-en.txt")
	k.skim(&a)
	record := k.appendRecord(nil)
	for n := range 40 {
		if err := read.parseRecord(record[:n]); err == nil && n < 20 {
			t.Errorf("no error for the first %d bytes", n)
		}
	}
}

func TestFingerprintsOfRecurringLinesAreLeftOut(t *testing.T) {
	articles := newspaper(t, "The Northquay Paper")
	for i := range articles {
		articles[i].Title = "" // else it is no part of the text once the lines before it are gone
	}
	var counted text.Recurrence
	for i := range articles {
		counted.Add(&articles[i])
	}
	furniture := counted.Furniture()
	var k, bare skimmer
	for _, a := range articles {
		k.skim(&a)
		if err := k.parseRecord(k.appendRecord(nil)); err != nil {
			t.Fatal(err)
		}
		all := slices.Clone(k.keys)
		k.withoutFurniture(furniture, text.SourceOf(&a))
		if len(k.keys) == len(all) {
			t.Fatal(a.ID, "lost no fingerprint")
		}
		// What is left stands in the article without these lines too, but for runs at their edges.
		spans := furniture.Of(&a)
		for _, s := range slices.Backward(spans) {
			a.Text = a.Text[:s.Start] + a.Text[s.End:]
		}
		bare.skim(&a)
		runs := map[uint32]bool{}
		for _, h := range bare.runs {
			runs[h] = true
		}
		for _, key := range k.keys {
			if !runs[uint32(key)] {
				t.Fatalf("%s: fingerprint %x is of no run outside the lines that recur", a.ID, key)
			}
		}
	}
}

func TestArticlesWithoutWordsAreNoCopies(t *testing.T) {
	articles := []article.Article{{ID: "a", Text: "— …"}, {ID: "b", Text: "***"}, {ID: "c", Text: "\u0301"}, {ID: "d", Text: "\u0301 "}}
	for p := range scanned(t, Options{Relations: inOneLanguage}, articles).Pairs() {
		t.Errorf("%+v", p)
	}
}
