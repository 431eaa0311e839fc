// Quality measures detection on labelled articles: every table of
// benchmarks/quality.md, in one run.
//
//	go run ./benchmarks/quality [--only NAMES] [--errors] DEV
//
// DEV is a folder of sets, each a folder with docs.jsonl.zst and, where its copies are
// known, pairs.tsv; and of sentences/, line-aligned text. A measure whose set is
// missing is skipped by name.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/calque-dev/calque/pkg/dedupe"
)

func main() {
	only := flag.String("only", "", "measure these alone: `NAMES` with commas between")
	errors := flag.Bool("errors", false, "list every mistake")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: quality [flags] DEV")
		flag.PrintDefaults()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r := runner{sets: sets{root: flag.Arg(0), read: map[string][]labelled{}}, errors: *errors}
	if err := r.run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(1)
	}
}

// runner runs the measures, one after the other.
type runner struct {
	sets
	errors   bool
	detector *dedupe.Detector
}

// measure is one line of the table.
type measure struct {
	name string
	what string
	run  func(context.Context, *runner) ([]row, error)
}

// row is what a measure found: a name for what was counted, and the figures in words.
type row struct {
	figures string
	details []string // with --errors
}

func (r *runner) run(ctx context.Context, only string) error {
	var err error
	if r.detector, err = dedupe.New(dedupe.Options{}); err != nil {
		return err
	}
	fmt.Println("| measure | result | seconds |\n|---|---|---|")
	for _, m := range measures {
		if only != "" && !slices.Contains(strings.Split(only, ","), m.name) {
			continue
		}
		start := time.Now()
		rows, err := m.run(ctx, r)
		if os.IsNotExist(err) {
			fmt.Printf("| %s: %s | skipped: %v | |\n", m.name, m.what, err)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		for i, row := range rows {
			name := ""
			if i == 0 {
				name = m.name + ": " + m.what
			}
			fmt.Printf("| %s | %s | %.1f |\n", name, row.figures, time.Since(start).Seconds())
			for _, d := range row.details {
				fmt.Println("  ", d)
			}
		}
	}
	return nil
}
