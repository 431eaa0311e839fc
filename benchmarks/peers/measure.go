package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/calque-dev/calque/benchmarks/internal/pile"
	"github.com/calque-dev/calque/benchmarks/internal/process"
	"github.com/calque-dev/calque/pkg/report/evaluation"
	"github.com/calque-dev/calque/pkg/verdict"
)

// bench is what all programs run on.
type bench struct {
	options
	root   string // of the repository
	folder string // of the built programs and of the pairs, removed at the end
	pile   pile.Pile
	gold   *pile.Gold
}

// newBench builds dedupe and makes the articles.
func newBench(ctx context.Context, o options) (*bench, error) {
	root, err := process.Root(ctx)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "calque-peers-")
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, root: root, folder: folder}
	if err := b.prepare(ctx); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bench) prepare(ctx context.Context) (err error) {
	if err := process.Build(ctx, b.root, b.folder, "./cmd/dedupe", "./benchmarks/corpus"); err != nil {
		return err
	}
	if b.pile, err = pile.Make(ctx, b.root, filepath.Join(b.folder, "corpus"), b.articles, b.Options); err != nil {
		return err
	}
	b.gold, err = pile.ReadGold(b.pile.Gold)
	return err
}

func (b *bench) close() { _ = os.RemoveAll(b.folder) }

// measurement is what a program took and found.
type measurement struct {
	Name      string             `json:"name"`
	Asked     []verdict.Relation `json:"asked"`               // of the gold
	Threshold string             `json:"threshold,omitempty"` // empty: the program's own
	process.Usage
	ArticlesPerSecond float64 `json:"articles_per_second"`
	Gold              int     `json:"gold"`
	Found             int     `json:"found"` // without those about which the gold says nothing
	Precision         float64 `json:"precision"`
	Recall            float64 `json:"recall"`
	F1                float64 `json:"f1"`
	counts            evaluation.Counts
}

// measure runs a program at every threshold.
func (b *bench) measure(ctx context.Context, p peer) (all []measurement, err error) {
	command, err := p.prepare(ctx)
	if err != nil {
		return nil, err
	}
	thresholds := b.thresholds
	if !p.tunable {
		thresholds = []string{""}
	}
	for _, threshold := range thresholds {
		m, err := b.median(ctx, command(threshold, b.pairs()))
		if err != nil {
			return nil, err
		}
		m.Name, m.Asked, m.Threshold = p.name, p.asked, threshold
		m.ArticlesPerSecond = float64(b.pile.N) / m.Seconds
		if err := b.evaluate(m); err != nil {
			return nil, err
		}
		all = append(all, *m)
	}
	return all, nil
}

// pairs is the file that programs write to.
func (b *bench) pairs() string { return filepath.Join(b.folder, "pairs.csv") }

// median runs a command and tells the usage of the run that took the median time.
func (b *bench) median(ctx context.Context, args []string) (*measurement, error) {
	var all []process.Usage
	for range b.repeat {
		u, err := process.Run(ctx, process.Command{Args: args})
		if err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	slices.SortFunc(all, func(x, y process.Usage) int { return cmp.Compare(x.Seconds, y.Seconds) })
	return &measurement{Usage: all[(len(all)-1)/2]}, nil
}

// evaluate compares the pairs found with the gold.
func (b *bench) evaluate(m *measurement) error {
	file, err := os.Open(b.pairs())
	if err != nil {
		return err
	}
	defer file.Close()
	found, err := b.gold.ReadFound(file)
	if err != nil {
		return err
	}
	c := b.gold.Regardless(found, m.Asked)
	m.counts, m.Gold, m.Found, m.Precision, m.Recall, m.F1 = c, c.Gold, c.Found, c.Precision(), c.Recall(), c.F1()
	return nil
}

// tableHead heads the rows, as Markdown.
const tableHead = "| program | threshold | seconds | processor seconds | articles/s | largest process, MB | gold | found | precision | recall |\n|---|---|---|---|---|---|---|---|---|---|"

// row is the measurement in the table.
func (m *measurement) row() string {
	share := func(x float64, whole int) string {
		if whole == 0 {
			return "-"
		}
		return fmt.Sprintf("%.4f", x)
	}
	return fmt.Sprintf("| %s | %s | %.2f | %.2f | %.0f | %.0f | %d | %d | %s | %s |", m.Name, cmp.Or(m.Threshold, "-"),
		m.Seconds, m.CPUSeconds, m.ArticlesPerSecond, float64(m.PeakResident)/1e6, m.Gold, m.Found,
		share(m.Precision, m.Found), share(m.Recall, m.Gold))
}
