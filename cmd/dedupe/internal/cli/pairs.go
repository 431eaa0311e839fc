package cli

import (
	"fmt"
	"iter"
	"strings"

	"github.com/spf13/pflag"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/verdict"
)

// pairOptions say which pairs are written, and how: what all commands that find pairs
// have in common.
type pairOptions struct {
	format    string
	out       string
	relations []string
	fail      bool
}

// AddFlags adds the flags, for a command that knows the relations.
func (o *pairOptions) AddFlags(f *pflag.FlagSet, known []verdict.Relation) {
	f.StringVar(&o.format, "format", "", "`FORMAT` of the pairs: table, jsonl, csv or parquet (default: as the name of --out ends, else table on a terminal and jsonl elsewhere)")
	f.StringVarP(&o.out, "out", "o", "", "write the pairs to `FILE` instead of standard output")
	f.StringSliceVar(&o.relations, "relation", nil, "report the relations of `LIST` only (default: all but related): "+relationHelp(known))
	if len(known) < len(verdict.Relations()) {
		f.Lookup("relation").Usage = "report the relations of `LIST` only (default: all): " + relationHelp(known)
	}
	f.BoolVar(&o.fail, "fail-on-duplicate", false, "exit with status 1 if a pair is reported")
}

// plan checks the format.
func (o *pairOptions) plan(s *Streams) (p pairForm, err error) {
	if o.out == "-" {
		o.out = ""
	}
	if o.out == "" {
		p.Screen = s.OutScreen
	}
	f, packed := formOf(o.out)
	if o.format != "" {
		if f, err = parseForm(o.format); err != nil {
			return p, usagef("--format: %w", err)
		}
	}
	switch {
	case f == formTable || f == formUnknown && p.Screen.Width > 0:
		p.Format = report.Table
	case f == formCSV:
		p.Format = report.CSV
	case f == formParquet && o.out == "" && p.Screen.Width > 0:
		return p, usagef("--format parquet is nothing for a terminal; name a file with --out")
	case f == formParquet && packed != "":
		return p, usagef("--out: %s: Parquet packs itself; leave %s out", o.out, packed)
	case f == formParquet:
		p.parquet = true
	default:
		p.Format = report.JSONLines
	}
	return p, nil
}

// outcome is how a run ends that has found so many pairs.
func (o *pairOptions) outcome(found *tally) error {
	if o.fail && found.all > 0 {
		return errFound
	}
	return nil
}

// tally counts pairs, all and by relation. The zero tally counts none.
type tally struct {
	all        int
	byRelation map[verdict.Relation]int
}

func (t *tally) add(pairs iter.Seq[dedupe.Pair]) {
	if t.byRelation == nil {
		t.byRelation = map[verdict.Relation]int{}
	}
	for p := range pairs {
		t.all++
		t.byRelation[p.Relation]++
	}
}

// counts yields the relations that were found, and how often.
func (t *tally) counts() iter.Seq2[verdict.Relation, int] {
	return func(yield func(verdict.Relation, int) bool) {
		for _, r := range verdict.Relations() {
			if n := t.byRelation[r]; n > 0 && !yield(r, n) {
				return
			}
		}
	}
}

// String is the tally as it stands in a summary.
func (t *tally) String() string {
	var relations []string
	for r, n := range t.counts() {
		relations = append(relations, fmt.Sprintf("%s %s", grouped(n), r))
	}
	return strings.TrimSuffix(grouped(t.all)+": "+strings.Join(relations, ", "), ": ")
}
