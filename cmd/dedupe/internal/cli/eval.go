package cli

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/report/evaluation"
	"github.com/calque-dev/calque/pkg/verdict"
)

// evalOptions are the flags of eval.
type evalOptions struct {
	pile
	gold      []string
	relations []string
	format    string
	errors    bool
}

// AddFlags adds the flags of eval.
func (o *evalOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.gold, "gold", nil, "`FILE` of the pairs that ought to be found; may be repeated")
	f.StringSliceVar(&o.relations, "relation", nil, "count the relations of `LIST` only: "+relationHelp(verdict.Relations()))
	f.StringVar(&o.format, "format", formatTable, "`FORMAT` of the result: table or json")
	f.BoolVar(&o.errors, "errors", false, "list every pair that was missed or wrongly found")
	o.pile.AddFlags(cmd)
}

func newEval(s *Streams, m *models) *cobra.Command {
	var o evalOptions
	cmd := &cobra.Command{
		Use:   "eval --gold FILE INPUT...",
		Short: "Measure precision, recall and F1 against known pairs",
		Long: `Eval scans the INPUTs and compares the pairs it finds with the pairs that ought to be
found. A line of a gold file is two ids, in either order, and maybe the relation, with
tabs between them; lines that begin with # are comments.

Every pair found that the gold does not have is an error. A pair found as another
relation than the gold names is an error for both relations. A gold line without
relation is met by any. --relation limits which found pairs count, and which of the
gold lines that name a relation; the relation related counts if the gold names it or
--relation does.` + exitHelp,
		Example: `  dedupe eval --gold fixtures/gold.tsv fixtures/stories
  dedupe eval --gold fixtures/gold.tsv --relation translation,partial-translation --errors fixtures/stories
  dedupe eval --gold fixtures/gold.tsv --format json fixtures/stories`,
		Args: inputsNeeded,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEval(cmd.Context(), &o, m, args, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runEval(ctx context.Context, o *evalOptions, m *models, inputs []string, s *Streams) error {
	if err := checkFormat(o.format, formatTable); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	wanted, err := parseRelations(o.relations)
	if err != nil {
		return err
	}
	gold, err := o.readGold()
	if err != nil {
		return err
	}
	files, err := openOutputs(s, inputs, []outputFlag{{"--rejects", o.rejects}})
	if err != nil {
		return err
	}
	defer files.discard()
	// All relations: the evaluation picks, and tells as what a missed pair was found.
	result, err := o.scan(ctx, s, m, dedupe.Options{Relations: verdict.Relations()}, inputs, files)
	if err != nil {
		return err
	}
	defer result.Close()
	if err := files.commit(ctx); err != nil {
		return err
	}
	if result.Len() == 0 {
		return errNothingRead
	}
	warnMissing(s, gold, result)
	if err := o.write(s, evaluation.Evaluate(gold, result.Pairs(), wanted)); err != nil {
		return err
	}
	s.summarize(true, readFact(result.Len(), len(result.Rejected)), stagesFact(result.Elapsed, result.Len()))
	return nil
}

func (o *evalOptions) readGold() (*evaluation.Gold, error) {
	if len(o.gold) == 0 {
		return nil, usagef("no gold given: name a file with --gold")
	}
	var gold evaluation.Gold
	for _, path := range o.gold {
		file, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("--gold: %s: %w", path, reasonOf(err))
		}
		err = gold.Read(file, path)
		file.Close()
		if err != nil {
			return nil, fmt.Errorf("--gold: %w", err)
		}
	}
	if gold.Len() == 0 {
		return nil, fmt.Errorf("--gold: no pair in %s", strings.Join(o.gold, ", "))
	}
	return &gold, nil
}

func (o *evalOptions) write(s *Streams, r *evaluation.Result) error {
	if o.format == formatJSON {
		return report.EvaluationJSON(s.Out, r, o.errors)
	}
	return report.Evaluation(s.Out, r, o.errors, s.OutScreen)
}

// warnMissing tells of ids in the gold that no article has, and shows one of each:
// where all are missing, the ids are most likely made of other paths.
func warnMissing(s *Streams, gold *evaluation.Gold, articles *dedupe.Result) {
	missing := gold.Missing(func(id string) bool {
		_, found := sort.Find(articles.Len(), func(i int) int { return strings.Compare(id, articles.ID(i)) })
		return found
	})
	if len(missing) == 0 {
		return
	}
	s.warn("no article has %s of the gold, such as %q; an article is called %q",
		count(len(missing), "id", "ids"), missing[0], articles.ID(0))
}
