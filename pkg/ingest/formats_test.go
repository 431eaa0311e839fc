package ingest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/ingest/parquet"
	"github.com/calque-dev/calque/pkg/ingest/trafilatura"
)

// The folder holds the same four stories in every format.
const formatsFolder = "../../fixtures/formats"

func TestEveryFormatGivesTheSameTitleAndWords(t *testing.T) {
	stories := make(map[string]article.Article)
	for a, err := range ingest.Read(t.Context(), []string{"../../fixtures/stories/*.txt"}, ingest.Options{}) {
		if err == nil {
			stories[a.Title] = a
		}
	}
	seen := make(map[string]int)
	for a, err := range ingest.Read(t.Context(), []string{formatsFolder}, ingest.Options{Page: trafilatura.Page, Parquet: parquet.Open}) {
		if err != nil {
			t.Error(err)
			continue
		}
		story, ok := stories[a.Title]
		if !ok {
			t.Errorf("%s: no story has the title %q", a.Origin, a.Title)
			continue
		}
		format, _, _ := strings.Cut(strings.TrimPrefix(a.Origin, formatsFolder+"/"), ":")
		folder, file, _ := strings.Cut(format, "/")
		switch folder {
		case "tables", "crawl", "packed": // each file has all stories
			file, _, _ = strings.Cut(file, "/")
			format = folder + "/" + file
		case "feeds":
		default:
			format = folder
		}
		seen[format]++
		if diff := cmp.Diff(prose(&story), prose(&a)); diff != "" {
			t.Errorf("%s (-text +this):\n%s", a.Origin, diff)
		}
		if want := article.ParseLanguage(story.ID[strings.Index(story.ID, ".txt")-2:][:2]); a.Language != want {
			t.Errorf("%s: language %q, want %q", a.Origin, a.Language, want)
		}
		if a.Source == "" || a.Published.Format("2006-01-02") != "2026-05-07" {
			t.Errorf("%s: source %q, published %v", a.Origin, a.Source, a.Published)
		}
	}
	for format, n := range seen {
		if n != 4 {
			t.Errorf("%s has %d articles, want 4", format, n)
		}
	}
	if len(seen) != 18 {
		t.Errorf("formats %v", seen)
	}
}

// prose is the words of an article's body.
func prose(a *article.Article) []string {
	return strings.FieldsFunc(a.Body().Of(a.Text), func(r rune) bool {
		return strings.ContainsRune(" \n\u00a0\u202f–—-", r)
	})
}
