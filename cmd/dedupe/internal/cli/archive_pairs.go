package cli

import (
	"context"
	"io"
	"iter"
	"slices"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
)

// pairsOptions are the flags of archive pairs.
type pairsOptions struct {
	folder
	pairOptions
	groupOptions
	minScore float64
}

// AddFlags adds the flags of archive pairs.
func (o *pairsOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	o.folder.AddFlags(f)
	o.pairOptions.AddFlags(f, copies())
	o.groupOptions.AddFlags(f)
	f.Float64Var(&o.minScore, "min-score", 0, "report pairs from `SCORE` on, 0 to 1 (0: the model's thresholds)")
}

func newArchivePairs(s *Streams, m *models) *cobra.Command {
	var o pairsOptions
	cmd := &cobra.Command{
		Use:   "pairs --archive DIR",
		Short: "Report all relations between archived articles",
		Long: `Pairs reports the relations between all articles of an archive: those that
'dedupe scan' finds among the same articles, to the byte. --clusters, --keep and
--keep-policy are those of scan, too.

Exit status: 0 done, 1 a pair was reported and --fail-on-duplicate is given,
2 bad usage or input, 130 interrupted.`,
		Example: `  dedupe archive pairs --archive news
  dedupe archive pairs --archive news --relation translation --min-score 0.9 --format csv --out pairs.csv
  dedupe archive pairs --archive news --clusters groups.jsonl --keep keep.txt`,
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
	files, err := openOutputs(s, nil, []outputFlag{{"--out", o.out}, {"--clusters", o.clusters}, {"--keep", o.keep}})
	if err != nil {
		return err
	}
	defer files.discard()
	var found tally
	err = o.read(m, dedupe.Options{MinScore: o.minScore, Relations: relations}, func(a *archive.Archive) error {
		pairs, err := a.Pairs(ctx)
		if err != nil {
			return err
		}
		found.add(slices.Values(pairs))
		if err := o.groups(ctx, a, policy, files); err != nil {
			return err
		}
		var out io.Writer = s.Out
		if f := files.of("--out"); f != nil {
			out = f
		}
		return report.Pairs(out, slices.Values(pairs), form)
	})
	if err != nil {
		return err
	}
	if err := files.commit(ctx); err != nil {
		return err
	}
	s.summarize(o.out == "", pairsFact(&found))
	return o.outcome(&found)
}

// groups writes the files of the groups.
func (o *pairsOptions) groups(ctx context.Context, a *archive.Archive, policy cluster.Policy, files *outputs) error {
	if o.clusters == "" && o.keep == "" {
		return nil
	}
	articles, clusters, err := a.Clusters(ctx, policy)
	if err != nil {
		return err
	}
	return writeGroups(files, report.Slice(articles), func() iter.Seq[cluster.Cluster] { return slices.Values(clusters) })
}
