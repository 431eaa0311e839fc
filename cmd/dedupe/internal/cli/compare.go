package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/report"
)

// compareOptions are the flags of compare.
type compareOptions struct {
	format    string
	explain   bool
	fail      bool
	precision precision
	reading
}

// AddFlags adds the flags of compare.
func (o *compareOptions) AddFlags(cmd *cobra.Command) {
	addFormatFlag(cmd, &o.format)
	cmd.Flags().BoolVar(&o.explain, "explain", false, "show what each feature counted for, and in JSON an explanation")
	cmd.Flags().BoolVar(&o.fail, "fail-on-duplicate", false, "exit with status 1 if a relation other than related ties the two")
	o.precision.AddFlags(cmd.Flags())
	o.reading.AddFlags(cmd.Flags())
}

// The formats of the commands that show one thing: for people, and for programs.
const (
	formatText  = "text"
	formatTable = "table"
	formatJSON  = "json"
)

func addFormatFlag(cmd *cobra.Command, format *string) {
	cmd.Flags().StringVar(format, "format", formatText, "`FORMAT` of the result: text or json")
}

// checkFormat accepts json and the one format for people.
func checkFormat(format, people string) error {
	if !slices.Contains([]string{people, formatJSON}, format) {
		return usagef("--format: unknown format %q (want %s, %s)", format, people, formatJSON)
	}
	return nil
}

func newCompare(s *Streams, m *models) *cobra.Command {
	var o compareOptions
	cmd := &cobra.Command{
		Use:   "compare A B",
		Short: "Explain how two articles are tied",
		Long: `Compare judges one pair of articles and explains the verdict: the relation and its
score, what it rests on, and the passages that match: on a terminal of 72 columns or more
the articles stand side by side, with what matches on the same lines, coloured by how
close it is, and numbers and names that conflict in red.
For a pair that no relation ties it says why not. --explain shows what each feature
counted for.

Compare knows the two articles only. Scan also weighs the other candidates of both, and
leaves out a pair where another article explains one of them better; it knows, too, which
lines recur in a source. So the two may differ on a pair.

A and B are files with one article each, as text or as JSON; one may be - for
standard input.

Exit status: 0 done, 1 one is a copy of the other, or holds one, and --fail-on-duplicate is
given, 2 bad usage or input, 130 interrupted.`,
		Example: `  dedupe compare fixtures/stories/a-bank-en.txt fixtures/stories/a-bank-fr.txt
  dedupe compare --explain fixtures/stories/b-bus-en-kestrion.txt fixtures/stories/b-bus-fr-velmora.txt
  dedupe compare --format json fixtures/stories/a-dam-en.txt fixtures/stories/a-dam-en-redone.txt`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usagef("compare wants two articles, A and B; found %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCompare(cmd.Context(), &o, m, args[0], args[1], s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runCompare(ctx context.Context, o *compareOptions, m *models, pathA, pathB string, s *Streams) error {
	if err := checkFormat(o.format, formatText); err != nil {
		return err
	}
	if pathA == "-" && pathB == "-" {
		return usagef("only one of the articles can be standard input")
	}
	a, err := o.readOne(ctx, pathA, s)
	if err != nil {
		return err
	}
	b, err := o.readOne(ctx, pathB, s)
	if err != nil {
		return err
	}
	detector, err := m.newDetector(dedupe.Options{Precision: float64(o.precision)})
	if err != nil {
		return err
	}
	c := detector.Compare(a, b)
	if o.format == formatJSON {
		err = report.ComparisonJSON(s.Out, c, o.explain)
	} else {
		err = report.Comparison(s.Out, c, a, b, o.explain, s.OutScreen)
	}
	if err == nil && o.fail && c.Relation.IsCopy() {
		return errFound
	}
	return err
}

// readOne reads the one article of a file.
func (o *compareOptions) readOne(ctx context.Context, path string, s *Streams) (article.Article, error) {
	var only article.Article
	read := 0
	for a, err := range ingest.Read(ctx, []string{path}, o.options(s)) {
		switch bad := badReading(err); {
		case bad != nil:
			return only, bad
		case err != nil:
			return only, err
		}
		if read++; read > 1 {
			return only, fmt.Errorf("%s holds several articles; compare wants one a file", path)
		}
		only = a
	}
	if read == 0 {
		return only, fmt.Errorf("%s holds no article", path)
	}
	return only, nil
}
