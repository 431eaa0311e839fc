package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/archive/search"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
)

// searchOptions are the flags of archive search.
type searchOptions struct {
	folder
	translate     bool
	languages     []string
	source        string
	after, before date
	size, from    int
	facets        bool
	sort          string
	format        string
}

// AddFlags adds the flags of archive search.
func (o *searchOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	o.folder.AddFlags(f)
	f.BoolVar(&o.translate, "translate", false, "find the translations of the words too")
	f.StringSliceVar(&o.languages, "language", nil, "only articles in the languages of `LIST`, such as en,fr")
	f.StringVar(&o.source, "source", "", "only articles of the source `NAME`")
	f.Var(&o.after, "after", "only articles published on `DATE`, such as 2026-03-01, or later")
	f.Var(&o.before, "before", "only articles published before `DATE`")
	f.IntVar(&o.size, "size", search.DefaultSize, "show `N` hits")
	f.IntVar(&o.from, "from", 0, "pass over the first `N` hits")
	f.BoolVar(&o.facets, "facets", false, "count the articles found by language, source and month")
	f.StringVar(&o.sort, "sort", sortNames[search.Relevance], "`ORDER` of the hits: relevance, newest or oldest")
	f.StringVar(&o.format, "format", "", "`FORMAT` of the hits: table or jsonl (default: table on a terminal, else jsonl)")
}

var sortNames = map[search.Sort]string{search.Relevance: "relevance", search.Newest: "newest", search.Oldest: "oldest"}

func newArchiveSearch(s *Streams, m *models) *cobra.Command {
	var o searchOptions
	cmd := &cobra.Command{
		Use:   "search --archive DIR [QUERY...]",
		Short: "Search the articles of an archive",
		Long: `Search finds articles by their words, in the language of the article or, with
--translate, in the other one too. Without a QUERY it finds all.

  grève dockers             either word, in title or text; both is better
  +grève -"service minimum" with the one, without the other
  title:strike "port authority"
  source:"le quai" language:fr agency:AFP
  published:2026-03 published:>"2026-01-01"
  dock* strke~1 union^3     beginnings of words, near spellings, weights

Begin with -- a QUERY that has a word with a minus sign first. JSON lines are the hits, and
below them an object with "total", the words that were "widened", and the counts of
--facets; a table has those on standard error. Words that match are bold on a terminal,
unless NO_COLOR is set.` + exitHelp,
		Example: `  dedupe archive search --archive news grève
  dedupe archive search --archive news --translate --language en grève
  dedupe archive search --archive news --after 2024-01-01 --sort newest --facets --format table`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runArchiveSearch(cmd.Context(), &o, m, args, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

// request checks the options.
func (o *searchOptions) request(args []string) (r search.Request, err error) {
	r = search.Request{
		Query: strings.Join(args, " "), Translate: o.translate, Source: o.source, Facets: o.facets,
		After: time.Time(o.after), Before: time.Time(o.before), Size: o.size, From: o.from,
	}
	if o.size < 1 || o.from < 0 || o.size > search.MaxHits-o.from {
		return r, usagef("--size and --from: want a size of at least 1, and no more than %d in all", search.MaxHits)
	}
	if r.Languages, err = parseLanguages(o.languages); err != nil {
		return r, err
	}
	for order, name := range sortNames {
		if name == o.sort {
			r.Sort = order
			return r, nil
		}
	}
	return r, usagef("--sort: unknown order %q (want relevance, newest, oldest)", o.sort)
}

// parseLanguages reads the codes of a --language flag.
func parseLanguages(codes []string) (languages []article.Language, err error) {
	for _, code := range codes {
		l := article.ParseLanguage(code)
		if l == article.Unknown {
			return nil, usagef("--language: %q is no code of two letters, such as en or fr", code)
		}
		languages = append(languages, l)
	}
	return languages, nil
}

func runArchiveSearch(ctx context.Context, o *searchOptions, m *models, args []string, s *Streams) error {
	request, err := o.request(args)
	if err != nil {
		return err
	}
	table := o.format == formatTable || o.format == "" && s.OutScreen.Width > 0
	if !table && o.format != "" && o.format != report.JSONLines.String() {
		return usagef("--format: unknown format %q (want table, jsonl)", o.format)
	}
	return o.read(m, dedupe.Options{}, func(a *archive.Archive) error {
		response, err := a.Search(ctx, request)
		if q, ok := errors.AsType[*search.QueryError](err); ok {
			return usagef("%w", q)
		}
		if err != nil {
			return err
		}
		if !table {
			return report.SearchJSONLines(s.Out, response, o.from, o.facets)
		}
		if err := report.Search(s.Out, response, s.OutScreen); err != nil {
			return err
		}
		o.summary(s, response)
		return nil
	})
}

// summary tells how many were found and what the query was widened by.
func (o *searchOptions) summary(s *Streams, r *search.Response) {
	shown := ""
	if n := len(r.Hits); n > 0 && n < r.Total {
		shown = fmt.Sprintf(", %s to %s shown", grouped(o.from+1), grouped(o.from+n))
	}
	facts := []fact{{"found", count(r.Total, "article", "articles") + shown, []slog.Attr{slog.Int("found", r.Total)}}}
	var widened []string
	for _, w := range r.Widened {
		text := fmt.Sprintf("%s (%s): %s (%s), %.2f", report.Printable(w.Word), w.From, report.Printable(w.Term), w.To, w.Weight)
		facts = append(facts, fact{label: "widened", text: text})
		widened = append(widened, text)
	}
	facts[0].values = append(facts[0].values, slog.Any("widened", widened))
	s.summarize(true, facts...)
}

// date is the value of a flag for a day or a time.
type date time.Time

// Set reads a value: RFC 3339, or a day, which begins in UTC.
func (d *date) Set(value string) error {
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01"} {
		if t, err := time.Parse(layout, value); err == nil {
			*d = date(t)
			return nil
		}
	}
	return errors.New("want a date such as 2026-03-01, or a time such as 2026-03-01T12:00:00Z")
}

// String is empty for no date, which the help then does not show.
func (d *date) String() string {
	if time.Time(*d).IsZero() {
		return ""
	}
	return time.Time(*d).Format(time.RFC3339)
}

// Type is what the help calls the value where it has no other name.
func (d *date) Type() string { return "date" }
