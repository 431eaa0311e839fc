package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/calque-dev/calque/benchmarks/internal/machine"
	"github.com/calque-dev/calque/benchmarks/internal/pile"
	"github.com/calque-dev/calque/benchmarks/internal/process"
	"github.com/calque-dev/calque/benchmarks/suite/result"
	"github.com/calque-dev/calque/pkg/report/evaluation"
)

// measurer measures scans.
type measurer struct {
	options
	root   string // of the repository
	folder string // of the built programs and of what they write, removed at the end
}

// newMeasurer builds the programs.
func newMeasurer(ctx context.Context, o options) (*measurer, error) {
	root, err := process.Root(ctx)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "calque-suite-")
	if err != nil {
		return nil, err
	}
	m := &measurer{o, root, folder}
	if err := process.Build(ctx, root, folder, "./cmd/dedupe", "./benchmarks/corpus"); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

func (m *measurer) close() { _ = os.RemoveAll(m.folder) }

// suite is the result without runs.
func (m *measurer) suite(ctx context.Context) *result.Suite {
	s := &result.Suite{Name: m.name, Machine: machine.This(), Scan: m.flags(), Corpus: "fixtures"}
	if !m.Fixtures() {
		s.Corpus = filepath.Base(m.English)
	}
	git := exec.CommandContext(ctx, "git", "-C", m.root, "describe", "--always", "--dirty")
	if out, err := git.Output(); err == nil {
		s.Revision = strings.TrimSpace(string(out))
	}
	return s
}

// flags are those of dedupe scan that decide on its work.
func (m *measurer) flags() []string {
	flags := []string{} // not null in JSON
	if len(m.relations) > 0 {
		var names []string
		for _, r := range m.relations {
			names = append(names, r.String())
		}
		flags = append(flags, "--relation", strings.Join(names, ","))
	}
	if m.memory != "" {
		flags = append(flags, "--memory", m.memory)
	}
	return append(flags, m.scan...)
}

// measure scans a pile of so many articles.
func (m *measurer) measure(ctx context.Context, n int) (*result.Run, error) {
	p, err := pile.Make(ctx, m.root, filepath.Join(m.folder, "corpus"), n, m.Options)
	if err != nil {
		return nil, err
	}
	var runs []*result.Run
	var all []float64
	pairs := filepath.Join(m.folder, "pairs.csv")
	for range m.repeat {
		r, err := m.scanOnce(ctx, p, pairs)
		if err != nil {
			return nil, fmt.Errorf("%d articles: %w", n, err)
		}
		runs, all = append(runs, r), append(all, r.Seconds)
	}
	slices.SortFunc(runs, func(a, b *result.Run) int { return cmp.Compare(a.Seconds, b.Seconds) })
	r := runs[(len(runs)-1)/2]
	r.AllSeconds = slices.Sorted(slices.Values(all))
	r.Rates()
	return r, m.evaluate(r, p, pairs)
}

// scanOnce runs dedupe scan.
func (m *measurer) scanOnce(ctx context.Context, p pile.Pile, pairs string) (*result.Run, error) {
	args := append([]string{filepath.Join(m.folder, "dedupe"), "scan", "--verbose", "--format", "csv", "--out", pairs}, m.flags()...)
	var stderr bytes.Buffer
	u, err := process.Run(ctx, process.Command{Args: append(args, p.Articles), Stderr: &stderr})
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, stderr.String())
	}
	summary, err := parseSummary(stderr.String())
	if err != nil {
		return nil, err
	}
	return &result.Run{
		Articles: summary.articles, Bytes: p.Bytes, Seconds: u.Seconds, CPUSeconds: u.CPUSeconds, PeakResident: u.PeakResident,
		Candidates: summary.candidates, Pairs: summary.pairs, Stages: summary.stages,
	}, nil
}

// evaluate compares what was found with the gold.
func (m *measurer) evaluate(r *result.Run, p pile.Pile, pairs string) error {
	gold, err := pile.ReadGold(p.Gold)
	if err != nil {
		return err
	}
	file, err := os.Open(pairs)
	if err != nil {
		return err
	}
	defer file.Close()
	found, err := gold.ReadFound(file)
	if err != nil {
		return err
	}
	e := gold.ByRelation(found, m.relations)
	r.Unknown, r.All, r.Relations = found.Unknown, countsOf(e.All), map[string]result.Counts{}
	for relation, c := range e.Relations {
		r.Relations[relation.String()] = countsOf(c)
	}
	return nil
}

// countsOf are the counts of an evaluation, with precision and recall.
func countsOf(c evaluation.Counts) result.Counts {
	return result.Counts{Gold: c.Gold, Found: c.Found, Correct: c.Correct, Precision: c.Precision(), Recall: c.Recall()}
}
