package cli

import (
	"fmt"
	"io"
	"iter"
	"log/slog"
	"slices"

	"github.com/spf13/pflag"

	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/report/parquet"
)

// groupOptions say what is written about the groups of copies.
type groupOptions struct {
	clusters   string
	keep       string
	keepIDs    string
	removed    string
	graph      string
	keepPolicy string
}

// groupHelp explains the flags, in the help of the commands that have them.
const groupHelp = `--keep writes the pile without its copies: of each group the one article that
--keep-policy chooses, and all that are in no group. A group holds copies of every
relation, translations and excerpts too; --relation limits which pairs make groups, so
that with exact,near-duplicate,reworded,excerpt a story stays once in each language.
--removed names every article that is left out, the one that replaces it, and how much of
its text that one has; --keep-policy longest is for losing none of it.`

// AddFlags adds the flags.
func (o *groupOptions) AddFlags(f *pflag.FlagSet) {
	f.StringVar(&o.clusters, "clusters", "", "write the groups of copies to `FILE`: .jsonl, .csv or .parquet, packed with .gz or .zst")
	f.StringVar(&o.keep, "keep", "", "write the articles to keep to `FILE`, or to a folder if it ends in a slash")
	f.StringVar(&o.keepIDs, "keep-ids", "", "write the ids of the articles to keep to `FILE`, one a line")
	f.StringVar(&o.removed, "removed", "", "write the other articles to `FILE`, each with the one that replaces it: .jsonl, .csv or .parquet")
	f.StringVar(&o.graph, "graph", "", "write the articles with a pair, and the pairs, to `FILE` as a network in GraphML")
	f.StringVar(&o.keepPolicy, "keep-policy", cluster.First.String(), "`ARTICLE` of a group to keep: first, last, longest or original")
}

// flags are the files that were asked for.
func (o *groupOptions) flags() []outputFlag {
	return []outputFlag{{"--clusters", o.clusters}, {"--keep", o.keep}, {"--keep-ids", o.keepIDs}, {"--removed", o.removed}, {"--graph", o.graph}}
}

// any reports whether there is one.
func (o *groupOptions) any() bool {
	return slices.ContainsFunc(o.flags(), func(f outputFlag) bool { return f.path != "" })
}

// policy checks the policy.
func (o *groupOptions) policy() (cluster.Policy, error) {
	p, err := cluster.ParsePolicy(o.keepPolicy)
	if err != nil {
		return p, usagef("--keep-policy: %w", err)
	}
	return p, nil
}

// groups are groups of copies, and what they are made of.
type groups struct {
	articles report.Articles
	pairs    func() iter.Seq[dedupe.Pair]
	clusters func() iter.Seq[cluster.Cluster]

	removals []report.Removal // when a file needs them
}

// write writes the files about the groups that were asked for, but not that of --keep.
func (g *groups) write(files *outputs) error {
	if f := files.of("--clusters"); f != nil {
		if err := writeClusters(f, tabular(f.path), g.articles, g.clusters()); err != nil {
			return err
		}
	}
	if f := files.of("--keep-ids"); f != nil {
		if err := report.Kept(f, g.articles, g.clusters()); err != nil {
			return err
		}
	}
	if f := files.of("--graph"); f != nil {
		if err := report.GraphML(f, g.articles, g.pairs, g.clusters); err != nil {
			return err
		}
	}
	f := files.of("--removed")
	if f == nil && files.of("--keep") == nil {
		return nil
	}
	g.removals = slices.Collect(report.Removals(g.articles, g.pairs, g.clusters))
	if f == nil {
		return nil
	}
	return writeRemovals(f, tabular(f.path), slices.Values(g.removals))
}

// writeClusters writes the groups of copies in one of three forms.
func writeClusters(w io.Writer, f form, articles report.Articles, clusters iter.Seq[cluster.Cluster]) error {
	switch f {
	case formCSV:
		return report.ClustersCSV(w, articles, clusters)
	case formParquet:
		return parquet.Clusters(w, report.ClusterRows(articles, clusters))
	}
	return report.Clusters(w, articles, clusters)
}

// writeRemovals writes the removed articles in one of three forms.
func writeRemovals(w io.Writer, f form, removals iter.Seq[report.Removal]) error {
	switch f {
	case formCSV:
		return report.RemovalsCSV(w, removals)
	case formParquet:
		return parquet.Removals(w, removals)
	}
	return report.RemovalsJSONLines(w, removals)
}

// facts tell how many articles stay, if a file was to say which.
func (g *groups) facts(o *groupOptions) []fact {
	if o.keep == "" && o.removed == "" {
		return nil
	}
	part := 0
	for i := range g.removals {
		if g.removals[i].LosesText() {
			part++
		}
	}
	kept, removed := g.articles.Len()-len(g.removals), len(g.removals)
	text := fmt.Sprintf("%s, %s removed", count(kept, "article", "articles"), grouped(removed))
	if part > 0 {
		text += fmt.Sprintf(", %s in favour of a part of %s", grouped(part), []string{"it", "them"}[min(part-1, 1)])
		if o.keepPolicy != cluster.Longest.String() {
			text += "; --keep-policy longest keeps the longer"
		}
	}
	return []fact{{"kept", text, []slog.Attr{slog.Int("kept", kept), slog.Int("removed", removed), slog.Int("removed_for_a_part", part)}}}
}
