package dedupe

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
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
	cmp.AllowUnexported(Result{}), cmpopts.IgnoreFields(Result{}, "Elapsed", "detector", "furniture"), cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b error) bool { return a.Error() == b.Error() }),
	cmp.Transformer("articles", all),
}

// all are the articles of a pile.
func all(p *pile) (out []article.Article) {
	for i := range p.Len() {
		out = append(out, p.article(int32(i)))
	}
	return out
}

func TestLittleMemoryDoesNotChangeTheResult(t *testing.T) {
	articles := slices.Concat(stories(), copied(story(t, "b-bees-fr.txt"), "copy", 30), copied(story(t, "c-fusion-en.txt"), "kopie", 3000))
	for _, o := range []Options{{}, {Passages: true}, {Window: 24 * time.Hour}} {
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
	for i, a := range all(r.pile) {
		texts[a.ID] = a.Text
		if i > 0 && a.ID <= r.ID(i-1) {
			t.Errorf("article %s follows %s", a.ID, r.ID(i-1))
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

// The naive twin of Scan judges all pairs, and those that hold among all candidates.
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
	twin := newNaive(d, all(r.pile))
	proposed := map[[2]int]int{}
	for p := range twin.found {
		proposed[p] = 1
	}
	judged := twin.judged(proposed)
	v := d.NewVerifier()
	copies, missed := 0, 0
	for i := range r.Len() {
		for k := i + 1; k < r.Len(); k++ {
			want, holds := twin.scanned(v, judged, i, k)
			got, ok := found[[2]string{r.ID(i), r.ID(k)}]
			if holds && want.Relation.IsCopy() {
				copies++
				if !ok {
					missed++
				}
			}
			if holds != ok {
				t.Errorf("%s, %s: judged %v, scanned %v", r.ID(i), r.ID(k), want.Relation, got.Relation)
			}
			if !holds || !ok {
				continue
			}
			// Of articles with one text the first is compared for all: spacing and headlines
			// may differ, and with them the coverage and a little of the score.
			if twin.first[i] != i || twin.first[k] != k {
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
	t.Logf("recall of copies %d of %d, at %d of %d pairs compared",
		copies-missed, copies, r.Candidates, r.Len()*(r.Len()-1)/2)
}

// scanned is what Scan ought to say of two articles, if anything: that they have one
// text, or what was judged of their texts, or, of a copy that was not proposed, that.
func (n *naive) scanned(v *Verifier, judged map[[2]int]*Judgement, i, k int) (Pair, bool) {
	p := [2]int{min(n.first[i], n.first[k]), max(n.first[i], n.first[k])}
	a, b := n.forms[i], n.forms[k]
	alone := v.judge(a, b, true)
	j := alone
	if again := judged[p]; again != nil {
		j.Verdict = again.Verdict
	} else if p[0] != p[1] && (!alone.Relation.IsCopy() || n.found[p]) {
		return Pair{}, false
	}
	if !n.d.Reports(j.Verdict) || p[0] != p[1] && alone.Relation.IsCopy() && !verdict.Plausible(a, b) {
		return Pair{}, false
	}
	return newPair(&n.articles[i], &n.articles[k], a, b, &j, false), true
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
		if kept := all(r.pile); len(kept) != 2 || kept[0].Origin != first.Origin {
			t.Fatalf("kept: %+v", kept)
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
	one := all(scanned(t, Options{}, []article.Article{early, late}).pile)[0].Published
	other := all(scanned(t, Options{}, []article.Article{late, early}).pile)[0].Published
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
	if r.Len() != 2 || len(slices.Collect(r.Pairs())) != 1 {
		t.Errorf("%d articles, %d pairs next to the rejects", r.Len(), len(slices.Collect(r.Pairs())))
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
	if done[Reading] != r.Len() || done[Verifying] != r.Candidates {
		t.Errorf("done %v of %d articles and %d candidates", done, r.Len(), r.Candidates)
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
