package dedupe

import (
	stdcmp "cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/zeebo/xxh3"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

func audited(tb testing.TB, d *Detector, articles []article.Article, o AuditOptions) *Audit {
	tb.Helper()
	a, err := d.Audit(context.Background(), values(articles), o)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// allButTime compares all that an Audit holds but the time it took.
var allButTime = cmp.Options{
	cmpopts.IgnoreFields(Audit{}, "Elapsed"), cmpopts.EquateEmpty(), cmpopts.EquateApprox(0, 1e-12),
	cmp.Comparer(func(a, b error) bool { return a.Error() == b.Error() }),
}

// eager is a model that ties every two articles that share a passage, so that there
// is something to miss.
func eager(tb testing.TB) *verdict.Model {
	tb.Helper()
	m, err := verdict.Default()
	if err != nil {
		tb.Fatal(err)
	}
	out := *m
	out.Cross.Threshold, out.Same.Threshold, out.Other.Threshold = 0, 0, 0
	return &out
}

// naive is the naive twin of Audit: it judges all pairs one by one.
type naive struct {
	*Audit
	d        *Detector
	articles []article.Article
	forms    []*shingle.Article
	first    []int // the first article with the same text
	found    map[[2]int]bool
	alone    map[[2]int]verdict.Relation // of texts that hold when they are judged alone
	bands    [10]Recall
}

func newNaive(d *Detector, articles []article.Article) *naive {
	n := &naive{
		Audit: &Audit{Articles: len(articles), Relations: map[verdict.Relation]Recall{}},
		d:     d, articles: slices.Clone(articles), found: map[[2]int]bool{}, alone: map[[2]int]verdict.Relation{},
	}
	slices.SortFunc(n.articles, func(a, b article.Article) int { return strings.Compare(a.ID, b.ID) })
	var keys []candidate.Keys
	var texts []int
	v := d.NewVerifier()
	for i := range n.articles {
		n.forms = append(n.forms, v.Analyse(&n.articles[i]))
	}
	for _, x := range n.forms {
		leader := -1
		for k, y := range n.forms {
			if x.Hash == y.Hash && x.Language == y.Language && (leader < 0 || Leads(&n.articles[k], &n.articles[leader])) {
				leader = k
			}
		}
		n.first = append(n.first, leader)
	}
	for i, x := range n.forms {
		if n.first[i] == i {
			keys, texts = append(keys, candidate.KeysOf(x)), append(texts, i)
		}
	}
	pairs, _ := candidate.Join(context.Background(), keys, candidate.Options{Unlike: d.wanted[verdict.Related]})
	for _, p := range pairs {
		n.found[[2]int{texts[p.A], texts[p.B]}] = true
	}
	n.Candidates = 2 * float64(len(pairs)) / float64(len(texts))
	for r, wanted := range d.wanted {
		if wanted {
			n.Relations[r] = Recall{}
		}
	}
	return n
}

// audit counts as Audit does, with the sample given.
func (n *naive) audit(sample map[int]bool) *Audit {
	n.Sampled = len(sample)
	texts := map[[2]int]int{} // pairs of texts → pairs of articles that have them
	for i := range n.articles {
		for k := i + 1; k < len(n.articles); k++ {
			if sample[i] || sample[k] {
				n.Compared++
				texts[[2]int{min(n.first[i], n.first[k]), max(n.first[i], n.first[k])}]++
			}
		}
	}
	for p, j := range n.judged(texts) {
		if n.d.Reports(j.Verdict) {
			n.count(p, j, texts[p])
		}
	}
	slices.SortFunc(n.Missed, func(x, y Miss) int { return strings.Compare(x.A+"\x00"+x.B, y.A+"\x00"+y.B) })
	for i, r := range n.bands {
		if r.Pairs > 0 {
			n.Bands = append(n.Bands, Band{float64(i) / 10, float64(i+1) / 10, r})
		}
	}
	return n.Audit
}

// enter makes a pair a rival of others.
func enter(rivals *verdict.Rivals, p [2]int, j *Judgement) {
	rivals.Add(int32(p[0]), int32(p[1]), &j.Features)
	if j.Holds && j.Relation == verdict.Reworded {
		rivals.Reword(int32(p[0]), int32(p[1]), &j.Features)
	}
}

// judged are the verdicts on pairs of texts: first alone, then, of those that hold,
// against all candidates and one another.
func (n *naive) judged(texts map[[2]int]int) map[[2]int]*Judgement {
	v := n.d.NewVerifier()
	rivals := verdict.NewRivals(len(n.articles))
	for p := range n.found {
		a, b := n.forms[p[0]], n.forms[p[1]]
		if j := v.judge(a, b, true); verdict.Plausible(a, b) && len(j.Alignment.Beads) > 0 {
			enter(rivals, p, &j)
		}
	}
	out := map[[2]int]*Judgement{}
	for p := range texts {
		j := v.judge(n.forms[p[0]], n.forms[p[1]], true)
		if !j.Holds {
			continue
		}
		out[p], n.alone[p] = &j, j.Relation
		if p[0] != p[1] && !n.looked(p) {
			enter(rivals, p, &j)
		}
	}
	for p, j := range out {
		if p[0] != p[1] && j.Relation.IsCopy() {
			rivals.Margins(int32(p[0]), int32(p[1]), &j.Features)
			j.Verdict = n.d.model.Judge(&j.Features)
		}
	}
	return out
}

// looked reports whether Scan would look at a pair of texts and take what it sees.
func (n *naive) looked(p [2]int) bool {
	a, b := n.forms[p[0]], n.forms[p[1]]
	return p[0] == p[1] || n.found[p] && (verdict.Plausible(a, b) || n.d.wanted[verdict.Related] && n.alone[p] == verdict.Related)
}

// count enters a pair of texts that so many pairs of articles have.
func (n *naive) count(p [2]int, j *Judgement, pairs int) {
	similarity := min(1, (j.Features.Values[verdict.BiMaxMin]+j.Features.Values[verdict.BiMaxMax])/2)
	more := Recall{Pairs: pairs}
	if n.looked(p) {
		more.Found = pairs
	} else {
		n.Missed = append(n.Missed, Miss{
			A: n.articles[p[0]].ID, B: n.articles[p[1]].ID, Relation: j.Relation, Score: j.Score, Similarity: similarity, Pairs: pairs, Filtered: n.found[p],
		})
	}
	sum := func(r Recall) Recall { return Recall{r.Pairs + more.Pairs, r.Found + more.Found} }
	n.All, n.Relations[j.Relation] = sum(n.All), sum(n.Relations[j.Relation])
	band := &n.bands[min(int(similarity*10), 9)]
	*band = sum(*band)
}

// lowest are the n articles, of all if n is 0, whose seeded hashes of the id are least.
func (n *naive) lowest(size int, seed uint64) map[int]bool {
	order := make([]int, len(n.articles))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, k int) int {
		return stdcmp.Compare(xxh3.HashStringSeed(n.articles[i].ID, seed), xxh3.HashStringSeed(n.articles[k].ID, seed))
	})
	sample := map[int]bool{}
	for place, i := range order {
		if size == 0 || place < size {
			sample[i] = true
		}
	}
	return sample
}

func TestAnAuditAgreesWithANaiveCount(t *testing.T) {
	some := slices.Concat(stories(), copied(story(t, "b-bees-fr.txt"), "copy", 3))
	translations := []verdict.Relation{verdict.Translation}
	for _, c := range []struct {
		name     string
		o        Options
		articles []article.Article
	}{
		{"copies", Options{}, some},
		{"everything", Options{Relations: verdict.Relations()}, some},
		{"sure translations", Options{Relations: translations, MinScore: 0.99}, some},
		{"eager", Options{Model: eager(t)}, some},
		{"eager and related", Options{Model: eager(t), Relations: []verdict.Relation{verdict.Excerpt, verdict.Related}}, some},
		{"crowd", Options{Relations: translations}, crowd(t, 80)},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := detector(t, c.o)
			for _, size := range []int{0, 25} {
				twin := newNaive(d, c.articles)
				want := twin.audit(twin.lowest(size, 7))
				got := audited(t, d, c.articles, AuditOptions{Sample: size, Seed: 7})
				if diff := cmp.Diff(want, got, allButTime); diff != "" {
					t.Errorf("sample of %d: naive, audited: %s", size, diff)
				}
			}
		})
	}
}

// crowd is many takes of one story, in two languages.
func crowd(tb testing.TB, takes int) []article.Article {
	tb.Helper()
	var articles []article.Article
	for i := range takes {
		for _, id := range []string{"a-dam-en.txt", "a-dam-fr.txt"} {
			a := story(tb, id)
			a.ID = fmt.Sprintf("%s-%02d", id, i)
			a.Text += fmt.Sprintf("\n\nWB%d", i)
			articles = append(articles, a)
		}
	}
	return articles
}

// There are more takes of one story than an article may propose partners. The model
// ties them all: which of them a good one ties depends on what parts their rivals.
func TestAPairHiddenInACrowdIsListedAsMissed(t *testing.T) {
	const takes = 90
	o := Options{Model: eager(t), Relations: []verdict.Relation{verdict.Translation, verdict.PartialTranslation}}
	a := audited(t, detector(t, o), crowd(t, takes), AuditOptions{})
	pairs := map[[2]string]bool{}
	for p := range scanned(t, o, crowd(t, takes)).Pairs() {
		pairs[[2]string{p.A, p.B}] = true
	}
	if a.All.Pairs != takes*takes || a.All.Found != len(pairs) || len(a.Missed) == 0 || len(a.Missed) != a.All.Pairs-a.All.Found {
		t.Fatalf("%d missed: %+v, scanned %d", len(a.Missed), a.All, len(pairs))
	}
	for _, m := range a.Missed {
		if pairs[[2]string{m.A, m.B}] || m.Filtered || m.Pairs != 1 || !slices.Contains(o.Relations, m.Relation) {
			t.Fatalf("%+v", m)
		}
	}
}

func TestWhatAnAuditCountsAsFoundIsWhatScanReports(t *testing.T) {
	for name, o := range map[string]Options{
		"copies": {}, "everything": {Relations: verdict.Relations()},
		"eager": {Model: eager(t)}, "eager, everything": {Model: eager(t), Relations: verdict.Relations()},
	} {
		want := map[verdict.Relation]int{}
		for p := range scanned(t, o, stories()).Pairs() {
			want[p.Relation]++
		}
		got := map[verdict.Relation]int{}
		for r, recall := range audited(t, detector(t, o), stories(), AuditOptions{}).Relations {
			if recall.Found > 0 {
				got[r] = recall.Found
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: scanned, audited: %s", name, diff)
		}
	}
}

func TestMissedPairsAreListedInOrderAndCounted(t *testing.T) {
	a := audited(t, detector(t, Options{Model: eager(t)}), stories(), AuditOptions{})
	pairs := 0
	for i, m := range a.Missed {
		if m.A >= m.B || i > 0 && (m.A < a.Missed[i-1].A || m.A == a.Missed[i-1].A && m.B <= a.Missed[i-1].B) {
			t.Errorf("%s, %s is out of order", m.A, m.B)
		}
		pairs += m.Pairs
	}
	if pairs == 0 || pairs != a.All.Pairs-a.All.Found {
		t.Errorf("%+v: %d pairs are listed", a.All, pairs)
	}
}

func TestWorkersAndOrderOfInputDoNotChangeAnAudit(t *testing.T) {
	articles := slices.Concat(stories(), copied(story(t, "b-bees-fr.txt"), "copy", 30))
	twin := story(t, "a-rail-en.txt")
	twin.Text += "\n\nA second take under the same id."
	articles = append(articles, twin)
	o := AuditOptions{Sample: 40, Seed: 3}
	want := audited(t, detector(t, Options{Workers: 1, Model: eager(t)}), articles, o)
	if len(want.Rejected) != 1 {
		t.Error(want.Rejected)
	}
	rng := rand.New(rand.NewPCG(6, 28))
	for _, workers := range []int{1, 3} {
		for range 3 {
			rng.Shuffle(len(articles), func(i, j int) { articles[i], articles[j] = articles[j], articles[i] })
			got := audited(t, detector(t, Options{Workers: workers, Model: eager(t)}), articles, o)
			if diff := cmp.Diff(want, got, allButTime); diff != "" {
				t.Fatalf("%d workers: %s", workers, diff)
			}
		}
	}
}

func TestArticlesOfWhichNoAnalysedFormIsKeptAreAuditedTheSame(t *testing.T) {
	d := detector(t, Options{Workers: 2})
	want := audited(t, d, stories(), AuditOptions{Sample: 30})
	a := &audit{scan: d.newScan(), o: AuditOptions{Sample: 30}}
	err := a.run(context.Background(), []step{
		{Reading, func(ctx context.Context) error {
			err := a.read(ctx, values(stories()))
			a.pile.forms.forget()
			return err
		}},
		{Joining, a.join},
		{Verifying, func(ctx context.Context) (err error) {
			_, a.rivals, err = a.judgeAll(ctx)
			return err
		}},
		{Comparing, a.compare},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, a.count(), allButTime); diff != "" {
		t.Error(diff)
	}
}

func TestASampleIsDrawnByItsSeedAndHoldsTheSmallerOnes(t *testing.T) {
	draw := func(size int, seed uint64) map[string]bool {
		d := detector(t, Options{})
		a := &audit{scan: d.newScan(), o: AuditOptions{Sample: size, Seed: seed}}
		if err := a.read(context.Background(), values(stories())); err != nil {
			t.Fatal(err)
		}
		a.sample()
		ids := map[string]bool{}
		for i, in := range a.sampled {
			if in {
				ids[a.pile.idOf(int32(i))] = true
			}
		}
		return ids
	}
	small, large, other, whole := draw(10, 1), draw(30, 1), draw(10, 2), draw(1e6, 1)
	if len(small) != 10 || len(large) != 30 || len(other) != 10 || len(whole) != len(stories()) {
		t.Errorf("%d, %d, %d and %d sampled", len(small), len(large), len(other), len(whole))
	}
	for id := range small {
		if !large[id] {
			t.Errorf("%s is in the small sample only", id)
		}
	}
	if cmp.Equal(small, other) {
		t.Error("another seed draws the same sample")
	}
	if !cmp.Equal(draw(0, 1), whole) {
		t.Error("a sample of 0 does not hold every article")
	}
}

func TestExactCopiesCountAsFound(t *testing.T) {
	family := copied(story(t, "c-fusion-en.txt"), "copy", 5)
	for size, want := range map[int]int{1: 4, 2: 7, 5: 10, 0: 10} {
		a := audited(t, detector(t, Options{}), family, AuditOptions{Sample: size})
		whole := Recall{want, want}
		if a.Relations[verdict.Exact] != whole || a.All != whole || a.Compared != want ||
			!slices.Equal(a.Bands, []Band{{0.9, 1, whole}}) || len(a.Missed) > 0 {
			t.Errorf("sample of %d: %+v", size, a)
		}
	}
	a := audited(t, detector(t, Options{}), []article.Article{{ID: "1"}, {ID: "2", Text: "***"}, {ID: "3"}}, AuditOptions{})
	if a.All.Pairs > 0 || a.Compared != 3 {
		t.Errorf("texts without words: %+v", a)
	}
}

func TestAnAuditOfNothingIsEmpty(t *testing.T) {
	d := detector(t, Options{})
	a := audited(t, d, nil, AuditOptions{Sample: 3})
	if a.Articles+a.Sampled+a.Compared+a.All.Pairs+len(a.Bands)+len(a.Missed) != 0 || a.Candidates != 0 || a.All.Share() != 0 {
		t.Errorf("%+v", a)
	}
	if _, err := d.Audit(context.Background(), values(nil), AuditOptions{Sample: -1}); !errors.Is(err, ErrSample) {
		t.Error(err)
	}
}

func TestAnEndedContextEndsAnAudit(t *testing.T) {
	for _, stage := range []Stage{Reading, Joining, Comparing} {
		ctx, cancel := context.WithCancel(context.Background())
		d := detector(t, Options{Workers: 2, Progress: func(s Stage, _, _ int) {
			if s == stage {
				cancel()
			}
		}})
		if a, err := d.Audit(ctx, values(stories()), AuditOptions{}); !errors.Is(err, context.Canceled) || a != nil {
			t.Error(stage, a, err)
		}
		cancel()
	}
}

func TestProgressOfAnAuditCoversEveryStage(t *testing.T) {
	last := map[Stage][2]int{}
	a := audited(t, detector(t, Options{Workers: 3, Progress: func(s Stage, done, total int) {
		if done < last[s][0] {
			t.Errorf("%s goes back from %d to %d", s, last[s][0], done)
		}
		last[s] = [2]int{done, total}
	}}), stories(), AuditOptions{Sample: 20})
	for _, stage := range []Stage{Reading, Joining, Comparing} {
		if p := last[stage]; p[0] != p[1] || p[0] == 0 {
			t.Errorf("%s ends at %d of %d", stage, p[0], p[1])
		}
		if _, ok := a.Elapsed[stage]; !ok {
			t.Errorf("no time for %s", stage)
		}
	}
}
