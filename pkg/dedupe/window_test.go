package dedupe

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

const day = 24 * time.Hour

// on is the day of a pile that begins in March 2024; less than 0 is no time.
func on(n int) time.Time {
	if n < 0 {
		return time.Time{}
	}
	return time.Date(2024, 3, 4, 8, 0, 0, 0, time.UTC).AddDate(0, 0, n)
}

// near is the naive twin of what a window lets through.
func near(a, b article.Article, window time.Duration) bool {
	return a.Published.IsZero() || b.Published.IsZero() || a.Published.Sub(b.Published).Abs() <= window
}

func TestCopiesAndTheirTranslationsArePairedWithinTheWindow(t *testing.T) {
	english, french := story(t, "c-fusion-en.txt"), story(t, "c-fusion-fr.txt")
	rapid.Check(t, func(rt *rapid.T) {
		days := rapid.SliceOfN(rapid.IntRange(-1, 30), 0, 8)
		var articles []article.Article
		for prefix, a := range map[string]article.Article{"en": english, "fr": french} {
			for i, n := range days.Draw(rt, prefix) {
				a.ID, a.Published = fmt.Sprintf("%s%d", prefix, i), on(n)
				articles = append(articles, a)
			}
		}
		window := time.Duration(rapid.IntRange(1, 10).Draw(rt, "window")) * day
		var want, got []string
		for i, a := range articles {
			for _, b := range articles[:i] {
				if near(a, b, window) {
					relation := verdict.Exact
					if a.Text != b.Text {
						relation = verdict.Translation
					}
					want = append(want, fmt.Sprint(min(a.ID, b.ID), max(a.ID, b.ID), relation))
				}
			}
		}
		for p := range scanned(t, Options{Window: window}, articles).Pairs() {
			got = append(got, fmt.Sprint(p.A, p.B, p.Relation))
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatal("all within the window, Scan:", diff)
		}
	})
}

func TestAnOldCopyDoesNotHideANewOneWithPartnersOfItsTime(t *testing.T) {
	english, french := story(t, "c-fusion-en.txt"), story(t, "c-fusion-fr.txt")
	for _, old := range []int{1, 60} { // 60: more than are paired all with all
		articles := copied(english, "a-old", old)
		for i := range articles {
			articles[i].Published = on(i % 3)
		}
		english.ID, english.Published = "b-new", on(4000)
		french.ID, french.Published = "c-new", on(4001)
		r := scanned(t, Options{Window: 7 * day}, append(articles, english, french))
		var translations []string
		for p := range r.Pairs() {
			if p.Relation == verdict.Translation {
				translations = append(translations, p.A+" "+p.B)
			}
			if p.Relation == verdict.Exact && p.B == "b-new" {
				t.Errorf("%d copies: %+v", old, p)
			}
		}
		if diff := cmp.Diff([]string{"b-new c-new"}, translations); diff != "" {
			t.Errorf("%d copies: %s", old, diff)
		}
	}
}

func TestALargeFamilyIsTiedAsFarAsTheWindowReaches(t *testing.T) {
	const n = 200
	original := story(t, "c-fusion-en.txt")
	for _, c := range []struct {
		name     string
		on       func(i int) int
		clusters []int
	}{
		{"one a day", func(i int) int { return i }, []int{n}},
		{"all at once", func(int) int { return 0 }, []int{n}},
		{"a pause", func(i int) int { return i + i/150*30 }, []int{150, 50}},
		{"a pause and one without a time", func(i int) int { return i + i/150*30 - i/199*1000 }, []int{n}},
		{"no times", func(int) int { return -1 }, []int{n}},
	} {
		articles := copied(original, "copy", n)
		byID := map[string]article.Article{}
		for i := range articles {
			articles[i].Published = on(c.on(i))
			byID[articles[i].ID] = articles[i]
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(n, func(i, k int) { articles[i], articles[k] = articles[k], articles[i] })
		r := scanned(t, Options{Window: 7 * day}, articles)
		pairs := slices.Collect(r.Pairs())
		if want := n - len(c.clusters); len(pairs) != want {
			t.Errorf("%s: %d pairs, want %d", c.name, len(pairs), want)
		}
		for _, p := range pairs {
			if !near(byID[p.A], byID[p.B], 7*day) {
				t.Errorf("%s: %+v", c.name, p)
			}
		}
		var sizes []int
		for x := range r.Clusters() {
			sizes = append(sizes, len(x.Members))
		}
		slices.SortFunc(sizes, func(a, b int) int { return b - a })
		if diff := cmp.Diff(c.clusters, sizes); diff != "" {
			t.Errorf("%s: clusters %s", c.name, diff)
		}
	}
}

// dated gives the stories, and copies of some, times within two months, or none.
func dated() []article.Article {
	rng := rand.New(rand.NewPCG(11, 5))
	articles := slices.Clone(stories())
	for i, a := range stories()[:30] {
		a.ID = fmt.Sprint("copy ", i)
		articles = append(articles, a)
	}
	for i := range articles {
		articles[i].Published = on(rng.IntN(66) - 6)
	}
	return articles
}

func TestAWindowAsLongAsThePileChangesNothing(t *testing.T) {
	want := scanned(t, Options{}, dated())
	if diff := cmp.Diff(want, scanned(t, Options{Window: 100 * day}, dated()), everything); diff != "" {
		t.Error("without, with a window:", diff)
	}
}

func TestAWindowGivesTheSameResultForAnyWorkersAndOrder(t *testing.T) {
	articles := dated()
	want := scanned(t, Options{Window: 5 * day, Workers: 1, Passages: true}, articles)
	if n := len(slices.Collect(want.Pairs())); n < 10 {
		t.Fatalf("%d pairs: the test shows nothing", n)
	}
	byID := map[string]article.Article{}
	for _, a := range articles {
		byID[a.ID] = a
	}
	for p := range want.Pairs() {
		if !near(byID[p.A], byID[p.B], 5*day) {
			t.Errorf("%+v is outside the window", p)
		}
	}
	for _, workers := range []int{1, 2, 7} {
		rand.New(rand.NewPCG(3, uint64(workers))).Shuffle(len(articles), func(i, k int) { articles[i], articles[k] = articles[k], articles[i] })
		got := scanned(t, Options{Window: 5 * day, Workers: workers, Passages: true}, articles)
		if diff := cmp.Diff(want, got, everything); diff != "" {
			t.Errorf("%d workers: %s", workers, diff)
		}
	}
}

// What an audit compares and what it counts as exact, by brute force.
func TestAnAuditStaysWithinTheWindow(t *testing.T) {
	articles := dated()
	for _, sample := range []int{0, 1, 25} {
		o := Options{Window: 5 * day}
		got := audited(t, detector(t, o), articles, AuditOptions{Sample: sample, Seed: 4})
		n := newNaive(detector(t, o), articles)
		drawn := n.lowest(sample, 4)
		compared, same := 0, 0
		for i, a := range n.articles {
			for k, b := range n.articles[:i] {
				if !near(a, b, o.Window) || !drawn[i] && !drawn[k] {
					continue
				}
				compared++
				if a.Hash() == b.Hash() {
					same++
				}
			}
		}
		if got.Compared != compared || got.Relations[verdict.Exact] != (Recall{same, same}) {
			t.Errorf("sample %d: %d pairs compared and %v exact, want %d and %d", sample, got.Compared, got.Relations[verdict.Exact], compared, same)
		}
		if sample > 0 {
			continue
		}
		// Scan finds what the audit says it finds.
		found := 0
		for range scanned(t, o, articles).Pairs() {
			found++
		}
		if got.All.Found != found {
			t.Errorf("the audit counts %d pairs as found, Scan finds %d", got.All.Found, found)
		}
	}
}

func TestAWindowLessThanNothingIsRefused(t *testing.T) {
	if _, err := New(Options{Window: -1}); err == nil {
		t.Error("no error")
	}
}
