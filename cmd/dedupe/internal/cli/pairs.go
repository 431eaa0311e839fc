package cli

import (
	"fmt"
	"iter"
	"strings"

	"github.com/spf13/pflag"

	"github.com/calque-dev/calque/pkg/cluster"
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
	f.StringVar(&o.format, "format", "", "`FORMAT` of the pairs: table, jsonl or csv (default: table on a terminal, else jsonl)")
	f.StringVarP(&o.out, "out", "o", "", "write the pairs to `FILE` instead of standard output")
	f.StringSliceVar(&o.relations, "relation", nil, "report the relations of `LIST` only (default: all but related): "+relationHelp(known))
	if len(known) < len(verdict.Relations()) {
		f.Lookup("relation").Usage = "report the relations of `LIST` only (default: all): " + relationHelp(known)
	}
	f.BoolVar(&o.fail, "fail-on-duplicate", false, "exit with status 1 if a pair is reported")
}

// plan checks the format.
func (o *pairOptions) plan(s *Streams) (r report.Options, err error) {
	r.Format = report.JSONLines
	if o.out == "-" {
		o.out = ""
	}
	if o.out == "" {
		r.Screen = s.OutScreen
	}
	switch {
	case o.format != "":
		if r.Format, err = report.ParseFormat(o.format); err != nil {
			return r, usagef("--format: %w", err)
		}
	case r.Screen.Width > 0:
		r.Format = report.Table
	}
	return r, nil
}

// outcome is how a run ends that has found so many pairs.
func (o *pairOptions) outcome(found *tally) error {
	if o.fail && found.all > 0 {
		return errFound
	}
	return nil
}

// groupOptions say what is written about the groups of copies.
type groupOptions struct {
	clusters   string
	keep       string
	keepPolicy string
}

// AddFlags adds the flags.
func (o *groupOptions) AddFlags(f *pflag.FlagSet) {
	f.StringVar(&o.clusters, "clusters", "", "write the groups of copies to `FILE`, as JSON lines")
	f.StringVar(&o.keep, "keep", "", "write the ids of the articles to keep to `FILE`, one a line")
	f.StringVar(&o.keepPolicy, "keep-policy", cluster.First.String(), "`ARTICLE` of a group to keep: first, last, longest or original")
}

// policy checks the policy.
func (o *groupOptions) policy() (cluster.Policy, error) {
	p, err := cluster.ParsePolicy(o.keepPolicy)
	if err != nil {
		return p, usagef("--keep-policy: %w", err)
	}
	return p, nil
}

// writeGroups writes the files of the groups that were asked for.
func writeGroups(files *outputs, articles report.Articles, clusters func() iter.Seq[cluster.Cluster]) error {
	if f := files.of("--clusters"); f != nil {
		if err := report.Clusters(f, articles, clusters()); err != nil {
			return err
		}
	}
	if f := files.of("--keep"); f != nil {
		return report.Kept(f, articles, clusters())
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
