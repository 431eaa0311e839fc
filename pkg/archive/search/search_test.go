package search_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/archive/search"
	"github.com/calque-dev/calque/pkg/article"
)

func TestQueriesFindTheirArticles(t *testing.T) {
	a := newArchive(t)
	a.add(t, 3, stories...)
	for _, c := range []struct {
		query     string
		translate bool
		want      string // ids in alphabetical order
	}{
		{query: "grève", want: "fr-caps fr-law fr-strike"},
		{query: "greve", want: "fr-caps fr-law fr-strike"},
		{query: "grève", translate: true, want: "en-strike fr-caps fr-law fr-strike"},
		{query: "strike", want: "en-strike"},
		{query: "strike", translate: true, want: "en-strike fr-caps fr-law fr-strike"},
		{query: "Streik", want: "de-port"},
		{query: "Assemblée", want: "fr-law fr-strike"},
		{query: "l'assemblées", want: "fr-law fr-strike"},
		{query: "sécurité", want: "fr-caps fr-strike"},
		{query: "securite", want: "fr-caps fr-strike"},
		{query: `"Assemblée nationale"`, want: "fr-strike"},
		{query: `« l’Assemblée nationale »`, want: "fr-strike"},
		{query: `"national assembly"`, want: ""},
		{query: `"national assembly"`, translate: true, want: "fr-law fr-strike"},
		{query: `"back at work"`, want: "en-strike"},
		{query: `"end of strike"`, want: ""},
		{query: `title:"end strike"`, want: "en-strike"},
		{query: "1500", want: "de-port en-strike fr-strike"},
		{query: "1 500", want: "de-port en-strike fr-strike"},
		{query: `"1,500"`, want: "de-port en-strike fr-strike"},
		{query: "1 500 000", want: ""},
		{query: "3 000 000 000", want: "en-strike fr-strike"},
		{query: "3 milliards", want: "en-strike fr-strike"},
		{query: `"3 billion"`, want: "en-strike fr-strike"},
		{query: "the fire", want: "en-fire"},
		{query: "who", want: "en-fire"},
		{query: "title:grève", want: "fr-caps fr-strike"},
		{query: "title:strike", translate: true, want: "en-strike fr-caps fr-strike"},
		{query: "text:pilotes", want: "fr-caps"},
		{query: "en.text:strike", translate: true, want: "en-strike"},
		{query: "+grève -dockers", want: "fr-caps fr-law"},
		{query: `+grève -"fin lundi à leur grève"`, want: "fr-caps fr-law"},
		{query: "+grève +zzzz", want: ""},
		{query: "+zzzz grève", want: ""},
		{query: "-grève", want: "de-port en-fire en-pain en-strike"},
		{query: "-language:fr", want: "de-port en-fire en-pain en-strike"},
		{query: "language:DE", want: "de-port"},
		{query: `source:"le quai" grève`, want: "fr-law fr-strike"},
		{query: `source:"le quai" source:hafenblatt`, want: "de-port fr-law fr-strike"},
		{query: `language:en strike market`, want: "en-fire en-strike"},
		{query: `language:en +strike market`, want: "en-strike"},
		{query: `language:en published:2026-02 -strike`, want: "en-fire"},
		{query: `source:"le quai"`, want: "fr-law fr-strike"},
		{query: `source:"la depeche de l'ile"`, want: "fr-caps"},
		{query: "source:*herald", want: "en-fire en-strike"},
		{query: "agency:afp", want: "en-strike fr-strike"},
		{query: "cluster:en-strike", want: "en-strike fr-strike"},
		{query: "id:en-fire", want: "en-fire"},
		{query: "published:2026-02", want: "en-fire fr-law"},
		{query: "published:2025", want: "fr-caps"},
		{query: "published:2026-01-12", want: "en-strike"},
		{query: `published:>"2026-02-10"`, want: "en-fire en-pain"},
		{query: `published:<2026`, want: "fr-caps"},
		{query: `+published:>=2026 +grève`, want: "fr-law fr-strike"},
		{query: "dock*", want: "en-strike fr-strike"},
		{query: "pêch*", want: "fr-law"},
		{query: "/pilot.?/", want: "fr-caps"},
		{query: "stirke~1", want: "en-strike"},
		{query: "Northquay - dockers", want: "en-strike fr-strike"},
		{query: "nord-quai", want: ""},
		{query: "celle-là", want: "fr-law"},
		{query: "fire^3 market", want: "en-fire"},
		{query: "", want: "de-port en-fire en-pain en-strike fr-caps fr-law fr-strike"},
		{query: "*", want: "de-port en-fire en-pain en-strike fr-caps fr-law fr-strike"},
	} {
		got := ids(a.find(t, search.Request{Query: c.query, Translate: c.translate}))
		slices.Sort(got)
		if diff := cmp.Diff(c.want, join(got)); diff != "" {
			t.Errorf("%s (translate %v): (-want +got)\n%s", c.query, c.translate, diff)
		}
	}
}

func join(list []string) (s string) {
	for i, x := range list {
		if i > 0 {
			s += " "
		}
		s += x
	}
	return s
}

func TestRequestsRestrict(t *testing.T) {
	a := newArchive(t)
	a.add(t, 2, stories...)
	for _, c := range []struct {
		request search.Request
		want    string
	}{
		{search.Request{Languages: []article.Language{article.French, "de"}, Sort: search.Newest}, "fr-law fr-strike fr-caps de-port"},
		{search.Request{Source: "LE QUAI", Sort: search.Oldest}, "fr-strike fr-law"},
		{search.Request{Source: "nobody"}, ""},
		{search.Request{Source: "nobody", Query: "grève"}, ""},
		{search.Request{After: day("2026-02-02"), Before: day("2026-03-03"), Sort: search.Oldest}, "fr-law en-fire"},
		{search.Request{Cluster: "en-strike", Query: "grève", Translate: true}, "fr-strike en-strike"},
		{search.Request{Query: "zzzz", Languages: []article.Language{article.French}}, ""},
	} {
		if diff := cmp.Diff(c.want, join(ids(a.find(t, c.request)))); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.request, diff)
		}
	}
}

func TestWidenedWordsAreTold(t *testing.T) {
	a := newArchive(t)
	a.add(t, 2, stories...)
	for query, want := range map[string][]string{
		"grève":              {"grève fr>en strike"},
		"strike 2026 Moscou": {"strike en>fr grev", "strike en>fr frapp", "Moscou fr>en moscow"},
		"-grève":             nil,
		"le pain":            {"pain fr>en bread"},
		"zzzz":               nil,
		"WHO":                nil,
	} {
		var got []string
		for _, w := range a.find(t, search.Request{Query: query, Translate: true}).Widened {
			got = append(got, fmt.Sprintf("%s %s>%s %s", w.Word, w.From, w.To, w.Term))
			if w.Weight <= 0 || w.Weight > 1 {
				t.Errorf("weight of %+v", w)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

func TestTheWordItselfComesBeforeItsTranslation(t *testing.T) {
	a := newArchive(t)
	a.add(t, 10, stories...)
	got := ids(a.find(t, search.Request{Query: "dockers strike", Translate: true}))
	if got[0] != "en-strike" || got[1] != "fr-strike" {
		t.Errorf("order %v", got)
	}
}

func TestFacetsCountAllHits(t *testing.T) {
	a := newArchive(t)
	a.add(t, 2, stories...)
	r := a.find(t, search.Request{Facets: true, Size: 1})
	want := [...]search.Facet{
		{Counts: []search.Count{{Value: "en", Count: 3}, {Value: "fr", Count: 3}, {Value: "de", Count: 1}}},
		{Counts: []search.Count{{Value: "Le Quai", Count: 2}, {Value: "Northquay Herald", Count: 2}, {Value: "Hafenblatt", Count: 1},
			{Value: "La Dépêche de l'Île", Count: 1}, {Value: "The Harbour Gazette", Count: 1}}},
		{Counts: []search.Count{{Value: "2026-03", Count: 1}, {Value: "2026-02", Count: 2}, {Value: "2026-01", Count: 2}, {Value: "2025-12", Count: 1}}, Missing: 1},
	}
	if diff := cmp.Diff(want, [...]search.Facet{r.Languages, r.Sources, r.Months}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Total != 7 || len(r.Hits) != 1 {
		t.Errorf("%d hits of %d", len(r.Hits), r.Total)
	}
}

func TestFacetsCountWhatTheyDoNotShow(t *testing.T) {
	a := newArchive(t)
	var list []article.Article
	for i := range search.MaxCounts + 20 {
		list = append(list, article.Article{
			ID: fmt.Sprintf("a%03d", i), Language: article.English, Source: fmt.Sprintf("Source %03d", i), Text: "A ship came in.",
			Published: time.Date(2020, time.Month(1+i), 1, 0, 0, 0, 0, time.UTC),
		})
	}
	a.add(t, 7, list...)
	r := a.find(t, search.Request{Query: "ship", Facets: true})
	for name, f := range map[string]search.Facet{"sources": r.Sources, "months": r.Months} {
		if len(f.Counts) != search.MaxCounts || f.Other != 20 || f.Missing != 0 {
			t.Errorf("%s: %d shown, %d other, %d missing", name, len(f.Counts), f.Other, f.Missing)
		}
	}
	if first := r.Months.Counts[0].Value; first != "2025-10" {
		t.Errorf("latest month %s", first)
	}
}

func TestPagesMakeUpTheWhole(t *testing.T) {
	a := newArchive(t)
	a.add(t, 2, stories...)
	whole := ids(a.find(t, search.Request{Query: "grève dockers", Translate: true}))
	var pages []string
	for from := range len(whole) + 1 {
		r := a.find(t, search.Request{Query: "grève dockers", Translate: true, From: from, Size: 1})
		pages = append(pages, ids(r)...)
		if r.Total != len(whole) {
			t.Errorf("total %d on page %d", r.Total, from)
		}
	}
	if diff := cmp.Diff(whole, pages); diff != "" {
		t.Error(diff)
	}
}

func TestOrderAndScoresDoNotDependOnTheOrderOfAdding(t *testing.T) {
	list := slices.Clone(stories)
	for i := range 40 { // copies, with equal scores
		c := stories[i%2]
		c.ID = fmt.Sprintf("copy-%02d", i)
		list = append(list, c)
	}
	request := search.Request{Query: `grève dockers "3 milliards" dock*`, Translate: true, Size: 100}
	var want []search.Hit
	for seed := range uint64(6) {
		a := newArchive(t)
		r := rand.New(rand.NewPCG(seed, 1))
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		gone := article.Article{ID: "gone", Language: article.French, Text: "grève grève dockers"}
		if seed%2 == 1 { // shares a segment with others
			a.add(t, 1+int(seed)*9, append([]article.Article{gone}, list...)...)
		} else {
			a.add(t, 1+int(seed)*9, list...)
		}
		if seed%2 == 1 {
			a.remove(t, "gone")
		}
		got := a.find(t, request).Hits
		if seed == 0 {
			want = got
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d:\n%s", seed, diff)
		}
	}
}

func TestErrorsAreTyped(t *testing.T) {
	a := newArchive(t)
	a.add(t, 9, stories...)
	for _, q := range []string{
		`"open`, "colour:red", "strike^0", "strike^x", "strike~3", "a*", "/(/", "published:soon", "source:>5", "title:>5",
		"+", "!?", "« »", "grève\xff", "published:>12",
		strings.Repeat("long ", 1000), strings.Repeat(`+a `, 10) + fields(200), `"a b" "c d" "e f" "g h" "i j" k1* l1* m1* n1*`,
	} {
		_, err := a.search.Search(context.Background(), search.Request{Query: q})
		var qe *search.QueryError
		if !errors.As(err, &qe) || qe.Query != q && len(q) < 2000 {
			t.Errorf("%q: %v", q, err)
		}
	}
	for _, r := range []search.Request{{From: -1}, {Size: -1}, {From: search.MaxHits}} {
		if _, err := a.search.Search(context.Background(), r); !errors.Is(err, search.ErrPage) {
			t.Errorf("%+v: %v", r, err)
		}
	}
	none := search.New(a.index, a.get, nil)
	if _, err := none.Search(context.Background(), search.Request{Translate: true}); !errors.Is(err, search.ErrNoLexicon) {
		t.Errorf("no lexicon: %v", err)
	}
	if _, err := none.Search(context.Background(), search.Request{Query: "grève"}); err != nil {
		t.Errorf("no lexicon, no translation: %v", err)
	}
	late, cancel := context.WithTimeout(context.Background(), -time.Second)
	defer cancel()
	for _, q := range []string{"grève", `"mis fin"`} {
		if _, err := a.search.Search(late, search.Request{Query: q}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("late: %v", err)
		}
	}
	broken := errors.New("disk gone")
	bad := search.New(a.index, func(string) (article.Article, bool, error) { return article.Article{}, false, broken }, nil)
	for _, q := range []string{"grève", `-"mis fin"`} {
		if _, err := bad.Search(context.Background(), search.Request{Query: q}); !errors.Is(err, broken) {
			t.Errorf("broken store: %v", err)
		}
	}
}

// fields are so many conditions.
func fields(n int) (s string) {
	for i := range n {
		s += fmt.Sprintf(" url:%d", i)
	}
	return s
}

func TestManyGoroutinesFindTheSame(t *testing.T) {
	a := newArchive(t)
	a.add(t, 2, stories...)
	request := search.Request{Query: `grève "port authority" dock*`, Translate: true, Facets: true}
	want := ids(a.find(t, request))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				r, err := a.search.Search(context.Background(), request)
				if err != nil || !slices.Equal(ids(r), want) {
					t.Errorf("found %v, %v", r, err)
				}
			}
		})
	}
	group.Wait()
}

func TestHitsThatAreGoneKeepTheirID(t *testing.T) {
	a := newArchive(t)
	a.add(t, 9, stories...)
	delete(a.articles, "en-fire")
	r := a.find(t, search.Request{Query: "fire"})
	if len(r.Hits) != 1 || r.Hits[0].ID != "en-fire" || r.Hits[0].Title != "" || r.Hits[0].Fragments != nil {
		t.Errorf("%+v", r.Hits)
	}
}
