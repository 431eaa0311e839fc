package cli

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/report/page"
)

// pairsOptions are the flags of archive pairs.
type pairsOptions struct {
	folder
	pairOptions
	groupOptions
	minScore float64
	report   string
}

// AddFlags adds the flags of archive pairs.
func (o *pairsOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	o.folder.AddFlags(f)
	o.pairOptions.AddFlags(f, copies())
	o.groupOptions.AddFlags(f)
	f.StringVar(&o.report, "report", "", "write a web page to `FILE`, which shows every pair and needs no network")
	f.Float64Var(&o.minScore, "min-score", 0, "report pairs from `SCORE` on, 0 to 1 (0: the model's thresholds)")
}

func newArchivePairs(s *Streams, m *models) *cobra.Command {
	var o pairsOptions
	cmd := &cobra.Command{
		Use:   "pairs --archive DIR",
		Short: "Report all relations between archived articles",
		Long: `Pairs reports the relations between all articles of an archive: those that
'dedupe scan' finds among the same articles, to the byte. --clusters,
--keep-policy and --report are those of scan, too.

` + groupHelp + `
The articles are kept as JSON lines, or as the name of FILE says: .json, .csv, .tsv or
.parquet.

Exit status: 0 done, 1 a pair was reported and --fail-on-duplicate is given,
2 bad usage or input, 130 interrupted.`,
		Example: `  dedupe archive pairs --archive news
  dedupe archive pairs --archive news --relation translation --min-score 0.9 --format csv --out pairs.csv
  dedupe archive pairs --archive news --clusters groups.jsonl --keep clean.jsonl --removed removed.jsonl
  dedupe archive pairs --archive news --report news.html --out pairs.jsonl`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runArchivePairs(cmd.Context(), &o, m, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runArchivePairs(ctx context.Context, o *pairsOptions, m *models, s *Streams) error {
	form, err := o.plan(s)
	if err != nil {
		return err
	}
	in := intake{minScore: o.minScore}
	if err := in.check(); err != nil {
		return err
	}
	policy, err := o.policy()
	if err != nil {
		return err
	}
	relations, err := parseCopies(o.relations)
	if err != nil {
		return err
	}
	files, err := openOutputs(s, nil, append([]outputFlag{{"--out", o.out}, {"--report", o.report}}, o.groupOptions.flags()...))
	if err != nil {
		return err
	}
	defer files.discard()
	if f := files.of("--keep"); f != nil && f.folder != "" {
		return usagef("--keep: an archive has no files to put into %s; name a file", o.keep)
	}
	var found tally
	var kept groups
	err = o.read(m, dedupe.Options{MinScore: o.minScore, Relations: relations, Features: o.report != ""}, func(a *archive.Archive) error {
		pairs, err := a.Pairs(ctx)
		if err != nil {
			return err
		}
		found.add(slices.Values(pairs))
		if kept, err = o.groups(ctx, a, pairs, policy, files); err != nil {
			return err
		}
		var out io.Writer = s.Out
		if f := files.of("--out"); f != nil {
			out = f
		}
		return form.write(out, slices.Values(pairs))
	})
	if err != nil {
		return err
	}
	if err := files.commit(ctx); err != nil {
		return err
	}
	s.summarize(o.out == "", append([]fact{pairsFact(&found)}, kept.facts(&o.groupOptions)...)...)
	return o.outcome(&found)
}

// groups writes the files of the groups.
func (o *pairsOptions) groups(ctx context.Context, a *archive.Archive, pairs []dedupe.Pair, policy cluster.Policy, files *outputs) (g groups, err error) {
	if !o.any() && o.report == "" {
		return g, nil
	}
	articles, clusters, err := a.Clusters(ctx, policy)
	if err != nil {
		return g, err
	}
	g = groups{
		articles: report.Slice(articles),
		pairs:    func() iter.Seq[dedupe.Pair] { return slices.Values(pairs) },
		clusters: func() iter.Seq[cluster.Cluster] { return slices.Values(clusters) },
	}
	if err := g.write(files); err != nil {
		return g, err
	}
	if f := files.of("--keep"); f != nil {
		if err := g.keep(ctx, a, f); err != nil {
			return g, err
		}
	}
	if f := files.of("--report"); f != nil {
		return g, page.Write(ctx, f, &archivedPile{g.articles, a, pairs, clusters}, page.Options{})
	}
	return g, nil
}

// archivedPile is what the web page shows of an archive.
type archivedPile struct {
	report.Articles
	archive  *archive.Archive
	pairs    []dedupe.Pair
	clusters []cluster.Cluster
}

func (p *archivedPile) Pairs() iter.Seq[dedupe.Pair] { return slices.Values(p.pairs) }

func (p *archivedPile) Clusters() iter.Seq[cluster.Cluster] { return slices.Values(p.clusters) }

func (p *archivedPile) Explain(ctx context.Context) iter.Seq2[dedupe.Comparison, error] {
	return p.archive.Explain(ctx, p.pairs)
}

// keep writes the archived articles that stay, by their ids.
func (g *groups) keep(ctx context.Context, a *archive.Archive, f *output) error {
	stay, err := newSurvivors(g.articles, g.removals)
	if err != nil {
		return err
	}
	named, _ := formOf(f.path)
	w, err := newOwnWriter(f, named)
	if err != nil {
		return err
	}
	for i, gone := range stay.gone {
		if err := ctx.Err(); err != nil {
			return err
		}
		if gone {
			continue
		}
		x, found, err := a.Get(g.articles.ID(i))
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("--keep: %q was removed from the archive in the meantime; run again", g.articles.ID(i))
		}
		if err := w.add(&ingest.Record{Article: x}); err != nil {
			return err
		}
	}
	return w.close()
}
