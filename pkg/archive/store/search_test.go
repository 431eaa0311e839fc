package store

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/article"
)

func Example() {
	dir, done := exampleDir()
	defer done()
	s, err := Create(filepath.Join(dir, "archive"), Options{Fingerprint: "lexicon 1"})
	if err != nil {
		panic(err)
	}
	var b Batch
	b.Put(Document{
		Article: article.Article{ID: "a", Text: "The ferry sails again."}, Language: article.English,
		Number: 1, Keys: []uint32{7, 9}, Column: []byte("column"),
	})
	b.Put(Document{
		Article: article.Article{ID: "b", Text: "Le bac navigue à nouveau."}, Language: article.French,
		Number: 2, Keys: []uint32{9},
	})
	if err := s.Write(context.Background(), &b); err != nil {
		panic(err)
	}
	x, err := s.Snapshot()
	if err != nil {
		panic(err)
	}
	numbers, err := x.Postings(Keys, 9, nil, 100)
	if err != nil {
		panic(err)
	}
	slices.Sort(numbers)
	d, _, err := x.ByNumber(numbers[1])
	if err != nil {
		panic(err)
	}
	fmt.Println(x.Count(), numbers, d.Article.Text)
	fmt.Println(x.Close(), s.Close())
	// Output:
	// 2 [1 2] Le bac navigue à nouveau.
	// <nil> <nil>
}

func TestBleveSearchesWordsTermsAndDates(t *testing.T) {
	s, err := Create(filepath.Join(t.TempDir(), "a"), Options{})
	ok(t, err)
	defer s.Close()
	var b Batch
	for i, text := range []string{"The ferry sails again from the port.", "Le ferry quitte le port.", "A ferry. " + strings.Repeat("Many other words stand here. ", 30)} {
		b.Put(Document{
			Article: article.Article{ID: fmt.Sprint(i), Text: text, Title: "News", Source: "Gazette de l’Est", URL: "https://example.org/" + fmt.Sprint(i),
				Published: time.Date(2024, time.Month(1+i), 15, 12, 30, 0, 0, time.UTC)},
			Language: []article.Language{"en", "fr", "en"}[i], Number: uint32(i),
		})
	}
	ok(t, s.Write(context.Background(), &b))
	ok(t, s.Compact(context.Background()))
	x, err := s.Snapshot()
	ok(t, err)
	defer x.Close()
	match := func(field, text string) query.Query {
		q := bleve.NewMatchQuery(text)
		q.SetField(field)
		return q
	}
	term := func(field, text string) query.Query {
		q := bleve.NewTermQuery(text)
		q.SetField(field)
		return q
	}
	days := bleve.NewDateRangeQuery(time.Date(2024, 1, 20, 0, 0, 0, 0, time.UTC), time.Date(2024, 3, 15, 13, 0, 0, 0, time.UTC))
	days.SetField(analysis.Published)
	for _, c := range []struct {
		name  string
		query query.Query
		want  string
	}{
		{"a word, the shorter text first", match(analysis.EnglishText, "ferries"), "0 2"},
		{"a word of the other language", match(analysis.FrenchText, "ports"), "1"},
		{"a source", term(analysis.Source, "Gazette de l’Est"), "0 1 2"},
		{"an address", term(analysis.URL, "https://example.org/1"), "1"},
		{"a language", term(analysis.Language, "fr"), "1"},
		{"a stretch of time", days, "1 2"},
	} {
		request := bleve.NewSearchRequest(c.query)
		request.AddFacet("months", func() *bleve.FacetRequest {
			f := bleve.NewFacetRequest(analysis.Published, 5)
			f.AddDateTimeRange("January", time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC))
			return f
		}())
		result, err := x.Bleve().Search(request)
		ok(t, err)
		var ids []string
		for _, hit := range result.Hits {
			ids = append(ids, hit.ID)
		}
		if !strings.HasPrefix(c.name, "a word") {
			slices.Sort(ids)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		january := 0
		for _, r := range result.Facets["months"].DateRanges {
			january += r.Count
		}
		if slices.Contains(ids, "0") != (january == 1) {
			t.Errorf("%s: %d of January", c.name, january)
		}
	}
}
