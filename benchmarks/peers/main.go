// Peers measures dedupe scan beside what a user would take instead, on the same articles in
// one run: MinHash with an LSH index in Go (ekzhu/minhash-lsh) and in Python (datasketch,
// rensa), for exact and edited copies in one language; and a multilingual encoder for
// translations, where one is installed.
//
//	go run ./benchmarks/peers [--articles N] [--english FILE --french FILE] [flags]
//
// Every program reads the file of articles and writes pairs, in a process of its own. The
// peers cut a text into the same words; what they find at each threshold is compared with the
// gold, as is what dedupe finds. What cannot be installed is skipped by name. The Python peers
// are installed into a virtual environment in the cache.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/calque-dev/calque/benchmarks/internal/machine"
	"github.com/calque-dev/calque/benchmarks/internal/pile"
	"github.com/calque-dev/calque/benchmarks/internal/process"
)

func main() {
	process.Main()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	pile.Options
	articles            int
	repeat              int
	words, permutations int
	thresholds          []string
	python, encoder     string
	out                 string
}

// parse reads the flags.
func parse(args []string) (o options, err error) {
	var thresholds string
	f := flag.NewFlagSet("peers", flag.ContinueOnError)
	o.AddFlags(f)
	f.IntVar(&o.articles, "articles", 0, "`N` articles (default: 10000; 100 of the fixtures)")
	f.IntVar(&o.repeat, "repeat", 1, "run every program `N` times and tell the median")
	f.IntVar(&o.words, "words", 3, "`N` words in a shingle")
	f.IntVar(&o.permutations, "permutations", 128, "`N` hashes in a signature")
	f.StringVar(&thresholds, "thresholds", "0.5,0.8", "`LIST` of the least similarities of a pair")
	f.StringVar(&o.python, "python", "python3", "`PROGRAM` to make the virtual environment with")
	f.StringVar(&o.encoder, "encoder", "", "`FOLDER` of a multilingual encoder that sentence_transformers, installed for --python, can load")
	f.StringVar(&o.out, "out", "", "write the result as JSON to `FILE`")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if err := o.Check(); err != nil {
		return o, err
	}
	if o.articles == 0 {
		o.articles = map[bool]int{false: 10_000, true: 100}[o.Fixtures()]
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("%q is no flag: see --help", f.Arg(0))
	case o.repeat < 1 || o.words < 1 || o.permutations < 1:
		return o, errors.New("--repeat, --words and --permutations are 1 or more")
	}
	for _, t := range strings.Split(thresholds, ",") {
		x, err := strconv.ParseFloat(t, 64)
		if err != nil || !(x > 0 && x <= 1) {
			return o, fmt.Errorf("--thresholds: %q is not above 0 and at most 1", t)
		}
		o.thresholds = append(o.thresholds, t)
	}
	return o, nil
}

// comparison is the result as it stands in JSON.
type comparison struct {
	Machine  machine.Machine   `json:"machine"`
	Articles int               `json:"articles"`
	Bytes    int64             `json:"bytes"`
	Corpus   string            `json:"corpus"`
	Runs     []measurement     `json:"runs"`
	Skipped  map[string]string `json:"skipped,omitempty"` // by name, why
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	b, err := newBench(ctx, o)
	if err != nil {
		return err
	}
	defer b.close()
	c := comparison{Machine: machine.This(), Articles: b.pile.N, Bytes: b.pile.Bytes, Corpus: "fixtures", Skipped: map[string]string{}}
	if !o.Fixtures() {
		c.Corpus = filepath.Base(o.English)
	}
	fmt.Fprintf(stdout, "%d articles, %.1f MB\n\n%s\n", c.Articles, float64(c.Bytes)/1e6, tableHead)
	for _, p := range b.peers() {
		runs, err := b.measure(ctx, p)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, errSkip):
			c.Skipped[p.name] = err.Error()
			fmt.Fprintf(stdout, "| %s | | skipped: %s | | | | | | | |\n", p.name, firstLine(err))
			continue
		case err != nil:
			return fmt.Errorf("%s: %w", p.name, err)
		}
		for _, r := range runs {
			fmt.Fprintln(stdout, r.row())
		}
		c.Runs = append(c.Runs, runs...)
	}
	if o.out == "" {
		return nil
	}
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "result  %s\n", o.out)
	return os.WriteFile(o.out, append(text, '\n'), 0o644)
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
