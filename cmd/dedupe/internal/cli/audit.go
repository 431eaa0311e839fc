package cli

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/verdict"
)

// defaultSample is about what takes one to two minutes on two cores, of a pile of
// 20 000 articles of a kilobyte each.
const defaultSample = 1000

// auditOptions are the flags of audit.
type auditOptions struct {
	pile
	sample    int
	seed      uint64
	relations []string
	format    string
	errors    bool
}

// AddFlags adds the flags of audit.
func (o *auditOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.IntVar(&o.sample, "sample", defaultSample, "compare `N` articles with all others (0: every article)")
	f.Uint64Var(&o.seed, "seed", 0, "`NUMBER` that draws the sample: another one draws another")
	f.StringSliceVar(&o.relations, "relation", nil, "count the relations of `LIST` only (default: all but related): "+relationHelp(verdict.Relations()))
	f.StringVar(&o.format, "format", formatTable, "`FORMAT` of the result: table or json")
	f.BoolVar(&o.errors, "errors", false, "list every pair that was missed")
	o.pile.AddFlags(cmd)
}

func newAudit(s *Streams, m *models) *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:   "audit INPUT...",
		Short: "Measure what scan misses because it does not compare all pairs",
		Long: `Audit measures the recall of scan's search for candidates, by brute force. Scan compares
only articles that share rare words or runs of words. Audit compares a sample of the
articles of the INPUTs with every other one, and counts how many of the relations that
hold scan would have come across: by relation, and by similarity, which is the mean
cosine of the sentences of both articles with the best match of each in the other.

A pair counts if scan would report it, had it looked at the pair, be that right or
wrong, which eval measures. In piles of templates most pairs missed are wrong ones:
--min-score 0.9 leaves out the doubtful, and --errors shows the rest. LOST BY tells
whether the join did not propose the pair or the filter behind it threw the pair out.

The time is that of the sample times the pile. A larger sample holds the smaller ones,
and the order of input does not matter.` + exitHelp,
		Example: `  dedupe audit fixtures/stories
  dedupe audit --sample 20 --seed 1 --relation translation,partial-translation --errors fixtures/stories
  dedupe audit --sample 0 --format json fixtures/stories`,
		Args: inputsNeeded,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runAudit(cmd.Context(), &o, m, args, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runAudit(ctx context.Context, o *auditOptions, m *models, inputs []string, s *Streams) error {
	if err := checkFormat(o.format, formatTable); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	if o.sample < 0 {
		return usagef("--sample: %d is less than 0", o.sample)
	}
	wanted, err := parseRelations(o.relations)
	if err != nil {
		return err
	}
	files, err := openOutputs(s, inputs, []outputFlag{{"--rejects", o.rejects}})
	if err != nil {
		return err
	}
	defer files.discard()
	var audit *dedupe.Audit
	err = o.detect(ctx, s, m, dedupe.Options{Relations: wanted}, inputs, files, func(d *dedupe.Detector, articles articles) (rejected []error, err error) {
		if audit, err = d.Audit(ctx, articles, dedupe.AuditOptions{Sample: o.sample, Seed: o.seed}); err != nil {
			return nil, err
		}
		return audit.Rejected, nil
	})
	if err != nil {
		return err
	}
	if err := files.commit(ctx); err != nil {
		return err
	}
	if audit.Articles == 0 {
		return errNothingRead
	}
	if err := o.write(s, audit); err != nil {
		return err
	}
	s.summarize(true,
		readFact(audit.Articles, len(audit.Rejected)),
		fact{"sample", fmt.Sprintf("%s, %s compared", count(audit.Sampled, "article", "articles"), count(audit.Compared, "pair", "pairs")),
			[]slog.Attr{slog.Int("sampled", audit.Sampled), slog.Int("compared", audit.Compared)}},
		fact{"tried", fmt.Sprintf("%.1f candidates an article", audit.Candidates),
			[]slog.Attr{slog.Float64("candidates_per_article", audit.Candidates)}},
		stagesFact(audit.Elapsed, audit.Articles))
	return nil
}

func (o *auditOptions) write(s *Streams, a *dedupe.Audit) error {
	if o.format == formatJSON {
		return report.AuditJSON(s.Out, a, o.errors)
	}
	return report.Audit(s.Out, a, o.errors, s.OutScreen)
}
