package cli

import (
	"context"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/verdict/fit"
)

func newVerdict(s *Streams, m *models) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verdict",
		Short: "Fit the model that decides on pairs",
		Long:  `Verdict holds the commands for the model that decides which relation ties two articles.` + exitHelp,
		Args:  cobra.ArbitraryArgs,
		RunE:  needCommand,
	}
	cmd.AddCommand(newVerdictFit(s, m))
	return cmd
}

// fitOptions are the flags of verdict fit.
type fitOptions struct {
	out    string
	folds  int
	sample int
	news   int
}

// AddFlags adds the flags of verdict fit.
func (o *fitOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&o.out, "out", "o", "", "write the model to `FILE`")
	f.IntVar(&o.folds, "folds", 5, "calibrate on `N`-fold cross-validation")
	f.IntVar(&o.sample, "sample", 0, "use about `N` articles of each pool (0: all)")
	f.IntVar(&o.news, "news", 1, "learn what is one story from the first `N` pools")
}

func newVerdictFit(s *Streams, m *models) *cobra.Command {
	var o fitOptions
	cmd := &cobra.Command{
		Use:   "fit --out FILE POOL...",
		Short: "Fit weights, calibration and thresholds to labelled articles",
		Long: `Fit reads pools of labelled articles, derives from each the cuts, excerpts, edited,
updated, wrapped and merged versions that sites make, joins each pool as scan would, and fits the
model to the candidates. A POOL is a folder, or several with commas between them, read together.
A folder holds docs.jsonl (or .zst, .gz) and pairs.tsv: lines of two ids that are copies or
translations of one another. Without pairs.tsv every article stands alone. What the fit is worth is
shown by cross-validation: the confusion between classes, F1 and the calibration error. The same
pools give the same model. It is used by the other commands with --model FILE.` + exitHelp,
		Example: `  dedupe verdict fit --out my.model news2009,news2010 announcements
  dedupe scan --model my.model fixtures/stories`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("fit wants at least one POOL")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return runVerdictFit(cmd.Context(), &o, args, s, m)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runVerdictFit(ctx context.Context, o *fitOptions, args []string, s *Streams, m *models) error {
	switch {
	case o.out == "":
		return usagef("no output given: name a file with --out")
	case o.folds < 2:
		return usagef("--folds: %d is less than 2", o.folds)
	case o.sample < 0:
		return usagef("--sample: %d is less than 0", o.sample)
	case o.news < 1 || o.news > len(args):
		return usagef("--news: %d is not between 1 and the number of pools, %d", o.news, len(args))
	}
	lexicon, err := m.lexicon()
	if err != nil {
		return err
	}
	files := newOutputs(s)
	defer files.discard()
	if err := files.create("--out", o.out, nil); err != nil {
		return err
	}
	pools := make([][]string, len(args))
	for i, arg := range args {
		pools[i] = strings.Split(arg, ",")
	}
	model, err := fit.Fit(ctx, pools, fit.Options{
		Lexicon: lexicon, Folds: o.folds, Sample: o.sample, News: o.news, Report: s.Out,
	})
	if err != nil {
		return err
	}
	if err := model.Write(files.of("--out")); err != nil {
		return err
	}
	if err := files.commit(ctx); err != nil {
		return err
	}
	s.summarize(false, fact{"model", o.out, []slog.Attr{slog.String("model", o.out)}})
	return nil
}
