package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/verdict"
)

// scanOptions are the flags of scan.
type scanOptions struct {
	pile
	pairOptions
	groupOptions
	passages bool
	report   string
}

// AddFlags adds the flags of scan.
func (o *scanOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	o.pairOptions.AddFlags(f, verdict.Relations())
	o.groupOptions.AddFlags(f)
	f.BoolVar(&o.passages, "passages", false, "with every pair the passages that match, as byte offsets (jsonl and parquet)")
	f.StringVar(&o.report, "report", "", "write a web page to `FILE`, which shows every pair and needs no network")
	o.pile.AddFlags(cmd)
}

func newScan(s *Streams, m *models) *cobra.Command {
	var o scanOptions
	cmd := &cobra.Command{
		Use:   "scan INPUT...",
		Short: "Find the relations in a pile of articles",
		Long: `Scan reads all articles of the INPUTs and reports every pair of them that is tied
by a relation: exact, near-duplicate, reworded, translation, excerpt or
partial-translation; and related, the same story told anew, if --relation asks for it.

The INPUTs may mix text, JSON, web pages, feeds (RSS, Atom) and news items (NewsML-G2,
NITF, ninjs), of which 'dedupe --help' has the names.

Each pair comes with a score, the probability that the relation holds, and with the
share of each text that stands in the other. An article that cannot be read is named
on standard error, and does not end the run as long as there is another one.

--clusters writes the groups of copies, each with the article to keep, "canonical", and
the "weakest" of its links, by which it would fall apart first. --keep-policy chooses:
first, the one published first; last; longest; or original, the one published first if
all times are known, else one with the dateline or credit of an agency, else the one that
the others are shorter than.

` + groupHelp + `

The articles are kept in the form of the inputs, byte for byte, when these are all JSON,
all tables with one header or all Parquet with one schema, and the name of FILE does not
say otherwise; else as JSON lines. A FILE that ends in a slash is a folder for the files
of the inputs, without the articles that go.

Exit status: 0 done, 1 a pair was reported and --fail-on-duplicate is given,
2 bad usage or input, 130 interrupted.`,
		Example: `  dedupe scan fixtures/stories
  dedupe scan --format csv --out pairs.csv --clusters groups.jsonl fixtures/stories
  dedupe scan fixtures/formats/html fixtures/formats/feeds/wire.rss
  dedupe scan --keep clean.jsonl --removed removed.csv --keep-policy longest fixtures/stories
  dedupe scan --report report.html fixtures/stories
  dedupe scan --relation translation --min-score 0.9 'fixtures/stories/a-*.txt'
  cat fixtures/stories/a-feed.jsonl | dedupe scan --fail-on-duplicate -`,
		Args: inputsNeeded,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runScan(cmd.Context(), &o, m, args, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

// scanPlan is what scanOptions ask for.
type scanPlan struct {
	report  pairForm
	library dedupe.Options
}

// plan checks the options.
func (o *scanOptions) plan(s *Streams) (p scanPlan, err error) {
	if err := o.check(); err != nil {
		return p, err
	}
	if p.report, err = o.pairOptions.plan(s); err != nil {
		return p, err
	}
	if o.passages && p.report.Format != report.JSONLines && !p.report.parquet {
		return p, usagef("--passages needs --format jsonl or parquet")
	}
	p.report.Passages, p.library.Passages, p.library.Features = o.passages, o.passages, o.report != ""
	if p.library.Relations, err = parseRelations(o.relations); err != nil {
		return p, err
	}
	p.library.KeepPolicy, err = o.policy()
	return p, err
}

// open begins the files that scan writes.
func (o *scanOptions) open(s *Streams, inputs []string) (*outputs, error) {
	return openOutputs(s, inputs, append([]outputFlag{
		{"--out", o.out}, {"--report", o.report}, {"--rejects", o.rejects},
	}, o.groupOptions.flags()...))
}

func runScan(ctx context.Context, o *scanOptions, m *models, inputs []string, s *Streams) error {
	plan, err := o.plan(s)
	if err != nil {
		return err
	}
	files, err := o.open(s, inputs)
	if err != nil {
		return err
	}
	defer files.discard()
	keep := &keeper{}
	defer keep.close()
	if o.keep != "" {
		o.reader = keep.read
	}
	result, err := o.scan(ctx, s, m, plan.library, inputs, files)
	if keep.err != nil {
		return keep.err
	}
	if err != nil {
		return err
	}
	defer result.Close()
	if result.Len() == 0 {
		files.keepOnly(files.of("--rejects")) // they say why
		return cmp.Or(files.commit(ctx), errNothingRead)
	}
	written := s.begin("writing")
	found := &groups{articles: result, pairs: result.Pairs, clusters: result.Clusters}
	if err := found.write(files); err != nil {
		return err
	}
	if o.keep != "" {
		if err := o.writeKept(ctx, s, keep, files, found); err != nil {
			return err
		}
	}
	if err := writeReport(ctx, files, result); err != nil {
		return err
	}
	if err := writePairs(files, result, plan.report, s.Out); err != nil {
		return err
	}
	if err := files.commit(ctx); err != nil {
		return err
	}
	written()
	var sum tally
	sum.add(result.Pairs())
	o.summary(s, result, &sum, found)
	return o.outcome(&sum)
}

// writeKept writes the articles that stay.
func (o *scanOptions) writeKept(ctx context.Context, s *Streams, keep *keeper, files *outputs, found *groups) error {
	stay, err := newSurvivors(found.articles, found.removals)
	if err != nil {
		return err
	}
	bar := newProgress(s)
	defer bar.close()
	return keep.write(ctx, files, stay, func(read, total int64) { bar.show("writing what is kept", "", 0, read, total) })
}

// writePairs writes the pairs. The files come before them, since standard output may take
// its time.
func writePairs(files *outputs, result *dedupe.Result, o pairForm, stdout io.Writer) error {
	if f := files.of("--out"); f != nil {
		stdout = f
	}
	return o.write(stdout, result.Pairs())
}

// summary tells what was read and found, and how long it took.
func (o *scanOptions) summary(s *Streams, result *dedupe.Result, found *tally, g *groups) {
	clusters, members := 0, 0
	for c := range result.Clusters() {
		clusters++
		members += len(c.Members)
	}
	facts := []fact{
		readFact(result.Len(), len(result.Rejected)),
		pairsFact(found),
		{"groups", fmt.Sprintf("%s of copies, with %s of the articles", grouped(clusters), grouped(members)),
			[]slog.Attr{slog.Int("groups", clusters), slog.Int("members", members)}},
	}
	facts = append(facts, g.facts(&o.groupOptions)...)
	if s.verbose {
		facts = append(facts, fact{"tried", count(result.Candidates, "candidate pair", "candidate pairs"),
			[]slog.Attr{slog.Int("candidates", result.Candidates)}})
	}
	s.summarize(o.out == "", append(facts, stagesFact(result.Elapsed, result.Len()))...)
}
