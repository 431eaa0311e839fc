package dedupe

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// stories are the articles of the fixtures.
var stories = sync.OnceValue(func() []article.Article {
	var articles []article.Article
	for a, err := range ingest.Read(context.Background(), []string{"../../fixtures/stories"}, ingest.Options{}) {
		if err == nil { // the fixtures hold bad files on purpose
			articles = append(articles, a)
		}
	}
	return articles
})

func story(tb testing.TB, id string) article.Article {
	tb.Helper()
	i := slices.IndexFunc(stories(), func(a article.Article) bool { return a.ID == id })
	if i < 0 {
		tb.Fatal("no story", id)
	}
	return stories()[i]
}

func values(articles []article.Article) iter.Seq2[article.Article, error] {
	return func(yield func(article.Article, error) bool) {
		for _, a := range articles {
			if !yield(a, nil) {
				return
			}
		}
	}
}

func detector(tb testing.TB, o Options) *Detector {
	tb.Helper()
	d, err := New(o)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func scanned(tb testing.TB, o Options, articles []article.Article) *Result {
	tb.Helper()
	r, err := detector(tb, o).Scan(context.Background(), values(articles))
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// copied repeats an article under other ids.
func copied(a article.Article, prefix string, n int) []article.Article {
	out := make([]article.Article, n)
	for i := range out {
		out[i] = a
		out[i].ID = fmt.Sprintf("%s%04d", prefix, i)
	}
	return out
}

// everything compares all that a Result holds but the time it took.
var everything = cmp.Options{
	cmp.AllowUnexported(Result{}), cmpopts.IgnoreFields(Result{}, "Elapsed"), cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b error) bool { return a.Error() == b.Error() }),
}

func TestWorkersAndOrderOfInputDoNotChangeTheResult(t *testing.T) {
	// Copies of the same texts and ids that come twice are where order could matter.
	articles := slices.Concat(stories(), copied(story(t, "b-bees-fr.txt"), "copy", 30), copied(story(t, "c-fusion-en.txt"), "kopie", 60))
	twin := story(t, "a-rail-en.txt")
	twin.Text += "\n\nA second take under the same id."
	articles = append(articles, twin)
	o := Options{Passages: true, Relations: verdict.Relations(), Workers: 1}
	want := scanned(t, o, articles)
	rng := rand.New(rand.NewPCG(6, 28))
	for _, workers := range []int{1, 2, 4} {
		for range 3 {
			o.Workers = workers
			if diff := cmp.Diff(want, scanned(t, o, articles), everything); diff != "" {
				t.Fatalf("%d workers: %s", workers, diff)
			}
			rng.Shuffle(len(articles), func(i, j int) { articles[i], articles[j] = articles[j], articles[i] })
		}
	}
}

func TestPairsAreInOrderDistinctAndWellFormed(t *testing.T) {
	r := scanned(t, Options{Passages: true, Relations: verdict.Relations()}, stories())
	texts := map[string]string{}
	for i, a := range r.Articles {
		texts[a.ID] = a.Text
		if i > 0 && a.ID <= r.Articles[i-1].ID {
			t.Errorf("article %s follows %s", a.ID, r.Articles[i-1].ID)
		}
	}
	var before Pair
	n := 0
	for p := range r.Pairs() {
		n++
		if p.A >= p.B || p.A < before.A || p.A == before.A && p.B <= before.B {
			t.Errorf("%s, %s follows %s, %s", p.A, p.B, before.A, before.B)
		}
		before = p
		if p.Relation == verdict.None || p.Score <= 0 || p.Score > 1 {
			t.Errorf("%s, %s: %v with a score of %v", p.A, p.B, p.Relation, p.Score)
		}
		for side, id := range []string{p.A, p.B} {
			if _, ok := texts[id]; !ok || p.Coverage[side] < 0 || p.Coverage[side] > 1 || p.Languages[side] == article.Unknown {
				t.Errorf("%s of %s, %s: coverage %v, language %q", id, p.A, p.B, p.Coverage[side], p.Languages[side])
			}
		}
		for _, x := range p.Passages {
			if strings.TrimSpace(x.A.Of(texts[p.A])) == "" || strings.TrimSpace(x.B.Of(texts[p.B])) == "" {
				t.Errorf("%s, %s: empty passage %+v", p.A, p.B, x)
			}
		}
	}
	if n < 50 {
		t.Errorf("%d pairs", n)
	}
}

// The naive twin of Scan judges all pairs.
func TestScanFindsWhatComparingAllPairsFinds(t *testing.T) {
	d := detector(t, Options{Relations: verdict.Relations()})
	r, err := d.Scan(context.Background(), values(stories()))
	if err != nil {
		t.Fatal(err)
	}
	found := map[[2]string]Pair{}
	for p := range r.Pairs() {
		found[[2]string{p.A, p.B}] = p
	}
	v := d.verifier()
	analysed := make([]*shingle.Article, len(r.Articles))
	seen := map[article.Hash]bool{}
	again := make([]bool, len(r.Articles)) // the text is that of an earlier article
	for i := range r.Articles {
		analysed[i] = v.analyse(&r.Articles[i])
		again[i] = seen[analysed[i].Hash]
		seen[analysed[i].Hash] = true
	}
	var copies, missed, related, relatedMissed int
	for i := range r.Articles {
		for k := i + 1; k < len(r.Articles); k++ {
			j := v.judge(analysed[i], analysed[k])
			if !j.Holds && j.Relation != verdict.Exact {
				j.Relation = verdict.None
			}
			want := newPair(&r.Articles[i], &r.Articles[k], analysed[i], analysed[k], &j, false)
			got, ok := found[[2]string{want.A, want.B}]
			switch {
			case want.Relation.IsCopy():
				copies++
				if !ok {
					missed++
					t.Errorf("%s, %s: %v with a score of %.3f was not found", want.A, want.B, want.Relation, want.Score)
				}
			case want.Relation == verdict.Related:
				related++
				if !ok {
					relatedMissed++
				}
			}
			if !ok {
				continue
			}
			// Of articles with one text the first is compared for all: spacing and headlines
			// may differ, and with them the coverage and a little of the score.
			if again[i] || again[k] {
				want.Score, want.Coverage = got.Score, got.Coverage
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("judged, scanned: %s", diff)
			}
		}
	}
	if copies < 50 {
		t.Errorf("only %d copies: the test shows little", copies)
	}
	t.Logf("recall of copies %d of %d, of related %d of %d, at %d of %d pairs compared",
		copies-missed, copies, related-relatedMissed, related, r.Candidates, len(r.Articles)*(len(r.Articles)-1)/2)
}

func TestMostGoldCopiesOfTheFixturesAreFound(t *testing.T) {
	gold, err := os.ReadFile("../../fixtures/gold.tsv")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for p := range scanned(t, Options{}, stories()).Pairs() {
		found[p.A+"\t"+p.B] = true
	}
	var copies, missed int
	for line := range strings.Lines(string(gold)) {
		ids, name, _ := cutLast(strings.TrimSuffix(line, "\n"))
		relation, err := verdict.ParseRelation(name)
		if err != nil || !relation.IsCopy() {
			continue
		}
		copies++
		if !found[ids] {
			missed++
			t.Logf("missed: %s", line)
		}
	}
	if copies < 50 || missed*10 > copies {
		t.Errorf("%d of %d copies were missed", missed, copies)
	}
}

func cutLast(line string) (before, after string, ok bool) {
	i := strings.LastIndexByte(line, '\t')
	if i < 0 {
		return line, "", false
	}
	return line[:i], line[i+1:], true
}

func TestOfEqualIDsTheSameArticleIsKeptInAnyOrder(t *testing.T) {
	first, second, third := story(t, "a-dam-en.txt"), story(t, "a-dam-en.txt"), story(t, "a-dam-en.txt")
	first.Title, first.Text, first.Origin = "A", "Aa "+first.Text, "one.jsonl:1"
	second.Title, second.Text, second.Origin = "A", "Bb "+second.Text, "two.jsonl:1"
	third.Title, third.Origin = "B", "one.jsonl:2"
	rapid.Check(t, func(t *rapid.T) {
		articles := rapid.Permutation([]article.Article{first, second, third, {ID: "other", Text: "Other."}}).Draw(t, "order")
		d, err := New(Options{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		r, err := d.Scan(context.Background(), values(articles))
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Articles) != 2 || r.Articles[0].Origin != first.Origin {
			t.Fatalf("kept: %+v", r.Articles)
		}
		var messages []string
		for _, err := range r.Rejected {
			if !errors.Is(err, ErrDuplicateID) {
				t.Fatal(err)
			}
			messages = append(messages, err.Error())
		}
		want := []string{`two.jsonl:1: duplicate id "a-dam-en.txt"`, `one.jsonl:2: duplicate id "a-dam-en.txt"`}
		if diff := cmp.Diff(want, messages); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestADuplicateErrorNamesTheIDAndWhereItStood(t *testing.T) {
	var duplicate *DuplicateError
	r := scanned(t, Options{}, []article.Article{{ID: "x", Text: "One."}, {ID: "x", Text: "Two."}})
	if len(r.Rejected) != 1 || !errors.As(r.Rejected[0], &duplicate) || duplicate.ID != "x" {
		t.Fatal(r.Rejected)
	}
	if got := duplicate.Error(); got != `duplicate id "x"` {
		t.Error(got)
	}
}

func TestOfEqualIDsAndTextsTheSameDateIsKeptInAnyOrder(t *testing.T) {
	early, late := story(t, "a-dam-en.txt"), story(t, "a-dam-en.txt")
	early.Published, late.Published = time.Unix(1e9, 0), time.Unix(2e9, 0)
	one := scanned(t, Options{}, []article.Article{early, late}).Articles[0].Published
	other := scanned(t, Options{}, []article.Article{late, early}).Articles[0].Published
	if !one.Equal(other) {
		t.Error("of two articles that differ only in their date, language, URL or source the first read is kept, and canonical members change with it")
	}
}

func TestRejectsArePassedThrough(t *testing.T) {
	broken := []error{errors.New("feed.jsonl:3: no text"), &ingest.Reject{Origin: "x", Err: ingest.ErrEmpty}}
	r, err := detector(t, Options{}).Scan(context.Background(), func(yield func(article.Article, error) bool) {
		_ = yield(story(t, "a-dam-en.txt"), nil) && yield(article.Article{}, broken[0]) &&
			yield(story(t, "a-dam-fr.txt"), nil) && yield(article.Article{}, broken[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.Rejected, broken) {
		t.Error(r.Rejected)
	}
	if len(r.Articles) != 2 || len(slices.Collect(r.Pairs())) != 1 {
		t.Errorf("%d articles, %d pairs next to the rejects", len(r.Articles), len(slices.Collect(r.Pairs())))
	}
}

func TestAnEndedContextGivesItsErrorAndNoResult(t *testing.T) {
	for _, stage := range []Stage{Reading, Joining, Verifying} {
		t.Run(string(stage), func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			d := detector(t, Options{Workers: 2, Progress: func(s Stage, _, _ int) {
				if s == stage {
					cancel()
				}
			}})
			if r, err := d.Scan(ctx, values(stories())); !errors.Is(err, context.Canceled) || r != nil {
				t.Error(r, err)
			}
		})
	}
	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		read := 0
		r, err := detector(t, Options{}).Scan(ctx, func(yield func(article.Article, error) bool) {
			for read++; yield(article.Article{ID: fmt.Sprint(read), Text: "One."}, nil); read++ {
			}
		})
		if !errors.Is(err, context.Canceled) || r != nil || read > 2 {
			t.Error(r, err, read)
		}
	})
}

func TestProgressCoversEveryStage(t *testing.T) {
	done, total := map[Stage]int{}, map[Stage]int{}
	var order []Stage
	r := scanned(t, Options{Workers: 3, Progress: func(s Stage, n, of int) {
		if len(order) == 0 || order[len(order)-1] != s {
			order = append(order, s)
		}
		done[s], total[s] = max(done[s], n), of
	}}, stories())
	if diff := cmp.Diff([]Stage{Reading, Joining, Verifying}, order); diff != "" {
		t.Error(diff)
	}
	if done[Reading] != len(r.Articles) || done[Verifying] != r.Candidates {
		t.Errorf("done %v of %d articles and %d candidates", done, len(r.Articles), r.Candidates)
	}
	for stage, n := range done {
		if n != total[stage] {
			t.Errorf("%s ends at %d of %d", stage, n, total[stage])
		}
		if _, ok := r.Elapsed[stage]; !ok {
			t.Errorf("no time for %s", stage)
		}
	}
}

func TestAFamilyOfCopiesIsOneCluster(t *testing.T) {
	original := story(t, "c-fusion-en.txt")
	for _, n := range []int{2, 10, 45, 46, 200} {
		r := scanned(t, Options{}, copied(original, "copy", n))
		pairs := slices.Collect(r.Pairs())
		for _, p := range pairs {
			if p.Relation != verdict.Exact || p.Score != 1 || p.Coverage != [2]float64{1, 1} {
				t.Fatalf("%d copies: %+v", n, p)
			}
		}
		if all := n * (n - 1) / 2; len(pairs) != all && n <= 10 || len(pairs) > maxExpanded || len(pairs) < n-1 {
			t.Errorf("%d copies give %d pairs; all would be %d", n, len(pairs), all)
		}
		if n == 200 && len(pairs) != n-1 {
			t.Errorf("%d copies are chained by %d pairs", n, len(pairs))
		}
		clusters := slices.Collect(r.Clusters())
		if len(clusters) != 1 || len(clusters[0].Members) != n {
			t.Errorf("%d copies: clusters %v", n, clusters)
		}
	}
}

func TestFamiliesOfCopiesAndTheirTranslationsAreOneCluster(t *testing.T) {
	english, french := story(t, "c-fusion-en.txt"), story(t, "c-fusion-fr.txt")
	for _, n := range []int{5, 40, 200} {
		r := scanned(t, Options{}, slices.Concat(copied(english, "en", n), copied(french, "fr", n)))
		var exact, translations int
		for p := range r.Pairs() {
			switch p.Relation {
			case verdict.Exact:
				exact++
			case verdict.Translation:
				translations++
				if p.Languages != [2]article.Language{"en", "fr"} {
					t.Errorf("%+v", p)
				}
			default:
				t.Errorf("%+v", p)
			}
		}
		if n == 5 && (translations != n*n || exact != n*(n-1)) || translations < 1 || exact < 2*(n-1) || exact+translations > 4*maxExpanded {
			t.Errorf("families of %d: %d exact, %d translations", n, exact, translations)
		}
		clusters := slices.Collect(r.Clusters())
		if len(clusters) != 1 || len(clusters[0].Members) != 2*n {
			t.Errorf("families of %d: %d clusters", n, len(clusters))
		}
	}
}

func TestALargeFamilyStaysTiedWhenOnlyTranslationsAreWanted(t *testing.T) {
	english, french := story(t, "c-fusion-en.txt"), story(t, "c-fusion-fr.txt")
	r := scanned(t, Options{Relations: []verdict.Relation{verdict.Translation}}, slices.Concat(copied(english, "en", 1100), copied(french, "fr", 1)))
	in := map[string]bool{}
	for p := range r.Pairs() {
		in[p.A], in[p.B] = true, true
	}
	if len(in) != 1101 {
		t.Errorf("with one translation of 1 100 copies and no exact relation wanted, %d of 1 101 articles are in a pair", len(in))
	}
}

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

func TestALowMinScoreReportsCopiesUnderTheModelsThresholds(t *testing.T) {
	loose, err := verdict.Default()
	if err != nil {
		t.Fatal(err)
	}
	strict := *loose
	strict.Same.Threshold, strict.Other.Threshold, strict.Cross.Threshold = 0.999999, 0.999999, 0.999999 // what the model would not call a copy
	standard := slices.Collect(scanned(t, Options{Model: &strict}, stories()).Pairs())
	low := slices.Collect(scanned(t, Options{Model: &strict, MinScore: 0.5}, stories()).Pairs())
	if len(low) <= len(standard) {
		t.Errorf("MinScore under the model's threshold reports nothing more (%d pairs, %d without): Judge never names a copy under it", len(low), len(standard))
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
	if len(r.Articles)+len(r.Rejected)+r.Candidates+len(slices.Collect(r.Pairs()))+len(slices.Collect(r.Clusters())) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestArticlesWithoutWordsMatchNothing(t *testing.T) {
	r := scanned(t, Options{Relations: verdict.Relations()}, []article.Article{
		{ID: "1"}, {ID: "2"}, {ID: "3", Text: "***"}, {ID: "4", Text: "– – –"}, {ID: "5", Text: " \n"},
	})
	if pairs := slices.Collect(r.Pairs()); len(pairs) > 0 || len(r.Articles) != 5 {
		t.Errorf("%d articles, %v", len(r.Articles), pairs)
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

func TestCompareDoesNotDependOnWhichArticleComesFirst(t *testing.T) {
	d := detector(t, Options{})
	rapid.Check(t, func(t *rapid.T) {
		index := rapid.IntRange(0, len(stories())-1)
		a, b := stories()[index.Draw(t, "a")], stories()[index.Draw(t, "b")]
		if a.ID == b.ID {
			return
		}
		ab, ba := d.Compare(a, b), d.Compare(b, a)
		if ab.Swapped == ba.Swapped || ab.Swapped != (b.ID < a.ID) || ab.A != min(a.ID, b.ID) {
			t.Fatalf("%s, %s: swapped %v and %v", a.ID, b.ID, ab.Swapped, ba.Swapped)
		}
		if diff := cmp.Diff(ab, ba, cmpopts.IgnoreFields(Comparison{}, "Swapped")); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestCompareCallsTheSameTextExact(t *testing.T) {
	a := story(t, "c-fusion-en.txt")
	b := a
	b.ID, b.Text = "again", strings.ToUpper(a.Text)+"\n"
	b.Title = strings.ToUpper(a.Title)
	c := detector(t, Options{}).Compare(a, b)
	if c.Relation != verdict.Exact || c.Score != 1 || c.Coverage != [2]float64{1, 1} || !c.Swapped || len(c.Passages) == 0 {
		t.Errorf("%v %v %v, swapped %v, %d passages", c.Relation, c.Score, c.Coverage, c.Swapped, len(c.Passages))
	}
}

func TestCompareOfUnrelatedArticlesIsNone(t *testing.T) {
	c := detector(t, Options{}).Compare(story(t, "c-football-1.txt"), story(t, "a-dam-fr.txt"))
	if c.Relation != verdict.None {
		t.Errorf("%v, score %v", c.Relation, c.Score)
	}
}

func TestCanonicalMembersFollowThePolicy(t *testing.T) {
	family := copied(story(t, "c-fusion-en.txt"), "copy", 3)
	family[0].Published, family[1].Published = time.Unix(2e9, 0), time.Unix(1e9, 0)
	family[2].Text += "\n \n" // white space is no length
	for policy, want := range map[cluster.Policy]string{cluster.First: "copy0001", cluster.Last: "copy0000", cluster.Longest: "copy0000"} {
		r := scanned(t, Options{KeepPolicy: policy}, family)
		for c := range r.Clusters() {
			if got := r.Articles[c.Canonical].ID; got != want {
				t.Errorf("%v keeps %s, not %s", policy, got, want)
			}
		}
	}
}

func TestADetectorServesSeveralGoroutines(t *testing.T) {
	d := detector(t, Options{Workers: 2, Passages: true})
	some := stories()[:24]
	want, err := d.Scan(context.Background(), values(some))
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			got, err := d.Scan(context.Background(), values(some))
			if err != nil {
				t.Error(err)
				return
			}
			if diff := cmp.Diff(want, got, everything); diff != "" {
				t.Error(diff)
			}
			d.Compare(some[0], some[1])
		})
	}
	group.Wait()
}

func TestArticlesAnalysedAgainAreTheSame(t *testing.T) {
	d := detector(t, Options{})
	fresh := d.verifier()
	none := make([]*shingle.Article, len(stories()))
	c := newCache(d.verifier(), none)
	for range 2 {
		for i, a := range stories() {
			if !reflect.DeepEqual(fresh.analyse(&a), c.get(&a, int32(i))) {
				t.Fatal(a.ID, "differs when it comes from the cache")
			}
		}
	}
	// Whatever order a builder meets the articles in, they come out the same.
	late := d.verifier()
	for i := len(stories()) - 1; i >= 0; i-- {
		a := stories()[i]
		if !reflect.DeepEqual(c.get(&a, int32(i)), late.analyse(&a)) {
			t.Fatal(a.ID, "differs when it is analysed after others")
		}
	}
}

func TestTheCacheForgetsAndRemembers(t *testing.T) {
	a := article.Article{Text: "One."}
	pinned := &shingle.Article{Words: 77}
	numbers := make([]*shingle.Article, 2*cacheSize)
	numbers[5] = pinned
	c := newCache(detector(t, Options{}).verifier(), numbers)
	first := c.get(&a, 0)
	for i := range int32(2 * cacheSize) {
		x := c.get(&a, i)
		if (x == pinned) != (i == 5) {
			t.Fatalf("article %d is the kept one: %v", i, x == pinned)
		}
		if c.get(&a, i) != x {
			t.Fatalf("article %d was analysed twice in a row", i)
		}
		if n := len(c.young) + len(c.old); n > cacheSize+1 {
			t.Fatalf("%d articles remembered", n)
		}
	}
	if c.get(&a, 0) == first {
		t.Error("the oldest article is still remembered")
	}
}

func TestNoMoreIsKeptThanThereIsRoomFor(t *testing.T) {
	x := detector(t, Options{}).verifier().analyse(&article.Article{Text: german})
	var room kept
	room.left.Store(3 * int64(x.Size()))
	n := 0
	for range 10 {
		if room.keep(x) != nil {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d kept in the room of 3", n)
	}
}

func BenchmarkScan(b *testing.B) {
	d := detector(b, Options{})
	for b.Loop() {
		if _, err := d.Scan(context.Background(), values(stories())); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(stories()))/b.Elapsed().Seconds(), "articles/s")
}

func BenchmarkCompare(b *testing.B) {
	d := detector(b, Options{})
	english, french := story(b, "b-senegal-en.txt"), story(b, "b-senegal-fr.txt")
	for b.Loop() {
		d.Compare(english, french)
	}
}
