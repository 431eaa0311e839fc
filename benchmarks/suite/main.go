// Suite measures dedupe scan on piles of rising size: articles and megabytes a second, the
// most memory resident, candidates an article, precision and recall of every relation, the
// time of every stage, and the exponent with which time and memory grow.
//
//	go run ./benchmarks/suite [flags] [-- flags of dedupe scan]
//
// The piles are made by benchmarks/corpus, of the sentences in --english and --french or,
// without them, of the fixtures, which are enough for a hundred articles. Every scan is a
// process of its own. Standard output gets the result as JSON; --out gets it too, with a
// plot as SVG and PNG, which the module in benchmarks/suite/plot draws.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/calque-dev/calque/benchmarks/internal/pile"
	"github.com/calque-dev/calque/benchmarks/internal/process"
	"github.com/calque-dev/calque/benchmarks/suite/result"
	"github.com/calque-dev/calque/pkg/verdict"
)

func main() {
	process.Main()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "suite:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	pile.Options
	name      string
	sizes     []int
	languages string
	relations []verdict.Relation
	memory    string
	repeat    int
	out       string
	noPlot    bool
	scan      []string // more flags of dedupe scan
}

// parse reads the flags.
func parse(args []string) (o options, err error) {
	var sizes, relations string
	f := flag.NewFlagSet("suite", flag.ContinueOnError)
	o.AddFlags(f)
	f.StringVar(&sizes, "sizes", "", "`LIST` of numbers of articles (default: 10000,30000,100000,300000,1000000; 25,50,100 of the fixtures)")
	f.StringVar(&o.languages, "languages", "both", "`WHICH` languages: both, with every relation; or one, with exact, near-duplicate and excerpt")
	f.StringVar(&relations, "relations", "", "ask for the relations of `LIST` instead")
	f.StringVar(&o.memory, "memory", "", "limit the memory of the scan: its --memory `SIZE`")
	f.IntVar(&o.repeat, "repeat", 1, "scan each pile `N` times and tell the median")
	f.StringVar(&o.name, "name", "", "`NAME` of the measurement and its files (default: both-languages or one-language)")
	f.StringVar(&o.out, "out", "", "`FOLDER` for NAME.json, NAME.svg and NAME.png (default: one in the cache)")
	f.BoolVar(&o.noPlot, "no-plot", false, "draw no plot")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if err := o.Check(); err != nil {
		return o, err
	}
	o.scan = f.Args()
	o.OneLanguage = o.languages == "one"
	if o.name == "" {
		o.name = map[bool]string{false: "both-languages", true: "one-language"}[o.OneLanguage]
	}
	if sizes == "" {
		sizes = map[bool]string{false: "10000,30000,100000,300000,1000000", true: "25,50,100"}[o.Fixtures()]
	}
	switch {
	case o.languages != "both" && o.languages != "one":
		return o, fmt.Errorf("--languages is %q: want both or one", o.languages)
	case filepath.Base(o.name) != o.name:
		return o, fmt.Errorf("--name is %q: want the name of a file", o.name)
	case o.repeat < 1:
		return o, fmt.Errorf("--repeat is %d: want 1 or more", o.repeat)
	}
	if relations == "" && o.OneLanguage {
		relations = "exact,near-duplicate,excerpt"
	}
	if o.relations, err = parseRelations(relations); err != nil {
		return o, err
	}
	o.sizes, err = parseSizes(sizes)
	return o, err
}

func parseRelations(list string) (relations []verdict.Relation, err error) {
	if list == "" {
		return nil, nil
	}
	for _, name := range strings.Split(list, ",") {
		r, err := verdict.ParseRelation(name)
		if err != nil {
			return nil, fmt.Errorf("--relations: %w", err)
		}
		relations = append(relations, r)
	}
	return relations, nil
}

// parseSizes gives the sizes in rising order.
func parseSizes(list string) (sizes []int, err error) {
	for _, field := range strings.Split(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("--sizes: %q is no number of articles", field)
		}
		sizes = append(sizes, n)
	}
	slices.Sort(sizes)
	return slices.Compact(sizes), nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	m, err := newMeasurer(ctx, o)
	if err != nil {
		return err
	}
	defer m.close()
	s := m.suite(ctx)
	fmt.Fprintln(stderr, tableHead)
	for _, n := range o.sizes {
		r, err := m.measure(ctx, n)
		if err != nil {
			return err
		}
		s.Runs = append(s.Runs, *r)
		fmt.Fprintln(stderr, tableRow(r))
	}
	s.Grow()
	writeGrowth(stderr, s)
	return m.write(ctx, s, stdout, stderr)
}

// write writes the result as JSON, to standard output and a file, and plots it.
func (m *measurer) write(ctx context.Context, s *result.Suite, stdout, stderr io.Writer) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	folder := m.out
	if folder == "" {
		if folder, err = m.Folder(); err != nil {
			return err
		}
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	base := filepath.Join(folder, m.name)
	if err := os.WriteFile(base+".json", append(text, '\n'), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(stderr, "\nresult  %s.json\n", base)
	if _, err := fmt.Fprintf(stdout, "%s\n", text); err != nil || m.noPlot {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "run", "-C", filepath.Join(m.root, "benchmarks", "suite", "plot"),
		".", "--out", base+".svg,"+base+".png", base+".json")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("no plot: %w\n%s", err, out)
	}
	fmt.Fprintf(stderr, "plot    %s.svg, %s.png\n", base, base)
	return nil
}
