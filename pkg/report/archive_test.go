package report

import (
	"bytes"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/archive/search"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
)

func TestArticlesAreReadAsTheyWereWritten(t *testing.T) {
	want := []article.Article{
		{ID: "a\nb <1>", Title: "Rates & \"prices\"", Text: "Line one.\r\n\tLine two.\u2028", Language: "fr", URL: "https://example.org/?a=1&b=2",
			Source: "Le Quai", Published: time.Date(2026, 3, 2, 10, 0, 0, 123, time.FixedZone("", 3600)).UTC()},
		{ID: "bare", Text: " x "},
	}
	var lines bytes.Buffer
	for i := range want {
		if err := Article(&lines, &want[i]); err != nil {
			t.Fatal(err)
		}
	}
	var got []article.Article
	for a, err := range ingest.Read(t.Context(), []string{"-"}, ingest.Options{Stdin: &lines}) {
		if err != nil {
			t.Fatal(err)
		}
		a.Origin = ""
		got = append(got, a)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPairWriterWritesTheBytesOfPairs(t *testing.T) {
	for _, pairs := range [][]dedupe.Pair{nil, pile} {
		for _, format := range []Format{Table, JSONLines, CSV} {
			var whole, parts bytes.Buffer
			if err := Pairs(&whole, slices.Values(pairs), Options{Format: format}); err != nil {
				t.Fatal(err)
			}
			w := NewPairWriter(&parts, Options{Format: format})
			for i := range pairs {
				if err := w.Write(slices.Values(pairs[i : i+1])); err != nil {
					t.Fatal(err)
				}
				if parts.Len() == 0 && format != Table {
					t.Errorf("%s: nothing is written at once", format)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(whole.String(), parts.String()); diff != "" {
				t.Errorf("%s: %s", format, diff)
			}
		}
	}
}

// found is a response with all that a response may have.
var found = search.Response{
	Total: 12,
	Hits: []search.Hit{
		{ID: "fr/1", Title: "Les dockers votent la grève", TitleMatches: []article.Span{{Start: 22, End: 28}}, Source: "Le Quai\x1b[2J",
			Language: "fr", Published: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), Cluster: "en/1", Score: 4.19114, URL: "https://example.org",
			Fragments: []search.Fragment{
				{Text: "La grève a été votée mardi par les dockers du port, qui demandent une hausse de leurs salaires.",
					Matches: []article.Span{{Start: 3, End: 9}, {Start: 39, End: 46}}},
				{Start: 300, Text: "« l'antigrévisme », dit-il.", Matches: []article.Span{{Start: 5, End: 18}}},
			}},
		{ID: "gone", Score: 1},
	},
	Languages: search.Facet{Counts: []search.Count{{Value: "fr", Count: 8}, {Value: "en", Count: 4}}},
	Sources:   search.Facet{Counts: []search.Count{{Value: "Le Quai", Count: 6}, {Value: "The Harbour", Count: 2}}, Other: 1, Missing: 3},
	Months:    search.Facet{Missing: 12},
	Widened:   []search.Word{{Word: "grève", From: "fr", To: "en", Term: "strike", Weight: 0.61234}},
}

func TestSearchInEveryFormat(t *testing.T) {
	golden(t, "search-file", func(w io.Writer) error { return Search(w, &found, Screen{}) })
	golden(t, "search-terminal", func(w io.Writer) error { return Search(w, &found, Screen{Width: 40, Colours: true}) })
	golden(t, "search-plain-terminal", func(w io.Writer) error { return Search(w, &found, Screen{Width: 40}) })
	golden(t, "search-jsonl", func(w io.Writer) error { return SearchJSONLines(w, &found, 10, true) })
	golden(t, "search-nothing", func(w io.Writer) error { return Search(w, &search.Response{}, Screen{}) })
	golden(t, "search-jsonl-nothing", func(w io.Writer) error { return SearchJSONLines(w, &search.Response{}, 0, false) })
}

func TestStatsInEveryFormat(t *testing.T) {
	stats := archive.Stats{
		Articles: 12345, Texts: 12000, Compared: 400, Languages: map[article.Language]int{"fr": 5000, "en": 7000, "": 345}, Sources: 7,
		TextBytes: 24690000, DiskBytes: 1234, Fingerprint: "keys 1, lexicon 00ff, model 0f0f", Format: 1,
	}
	golden(t, "stats-table", func(w io.Writer) error { return ArchiveStats(w, &stats) })
	golden(t, "stats-json", func(w io.Writer) error { return ArchiveStatsJSON(w, &stats) })
}

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 9949: "9.9 kB", 9950: "10 kB", 999_499: "999 kB", 999_500: "1.0 MB", 2_500_000_000: "2.5 GB"} {
		if got := Bytes(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
