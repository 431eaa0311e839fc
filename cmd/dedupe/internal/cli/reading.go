package cli

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/ingest/parquet"
	"github.com/calque-dev/calque/pkg/ingest/trafilatura"
	"github.com/calque-dev/calque/pkg/report"
)

// reading says how inputs are read: what all commands that read articles have in common.
type reading struct {
	fields     map[string]string
	include    []string
	exclude    []string
	maxArticle size
}

const defaultMaxArticle size = 256 << 20 // as in package ingest

// AddFlags adds the flags for reading a single file.
func (o *reading) AddFlags(f *pflag.FlagSet) {
	addFieldFlag(f, &o.fields)
	o.maxArticle = defaultMaxArticle
	f.Var(&o.maxArticle, "max-article", "reject articles over `SIZE`, such as 10MB, as text or unpacked record (default 256MiB)")
	f.Lookup("max-article").DefValue = ""
}

// addPatternFlags adds the flags for reading folders.
func (o *reading) addPatternFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&o.include, "include", nil, "in folders and archives read only what `GLOB` matches: \"*.jsonl\", \"2024/**\"; repeatable")
	f.StringArrayVar(&o.exclude, "exclude", nil, "in folders and archives leave out what `GLOB` matches; repeatable")
}

// options are those for the library.
func (o *reading) options(s *Streams) ingest.Options {
	return ingest.Options{Fields: o.fields, Stdin: s.In, MaxArticle: int64(o.maxArticle), Include: o.include, Exclude: o.exclude,
		Page: trafilatura.Page, Parquet: parquet.Open}
}

// badReading is the error of usage behind an error that ends reading, nil if there is none.
func badReading(err error) error {
	switch {
	case errors.Is(err, ingest.ErrField):
		return usagef("--field: %w", err)
	case errors.Is(err, ingest.ErrPattern):
		return usagef("--include, --exclude: %w", err)
	}
	return nil
}

// passedOver counts the records of crawls and the files of archives that are no articles.
// It serves several goroutines.
type passedOver struct {
	mu    sync.Mutex
	kinds map[string]int
}

func (p *passedOver) add(_, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kinds == nil {
		p.kinds = make(map[string]int)
	}
	p.kinds[what]++
}

// showPassedOver writes how many there were, and with --verbose of which kinds.
func (in *intake) showPassedOver(s *Streams, p *passedOver) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kinds) == 0 || s.quiet {
		return
	}
	all := 0
	var kinds []string
	for _, what := range slices.SortedFunc(maps.Keys(p.kinds), func(a, b string) int {
		if p.kinds[a] != p.kinds[b] {
			return p.kinds[b] - p.kinds[a]
		}
		return strings.Compare(a, b)
	}) {
		all += p.kinds[what]
		kinds = append(kinds, grouped(p.kinds[what])+" "+report.Printable(what))
	}
	hint := ""
	if s.verbose {
		hint = ": " + strings.Join(kinds, ", ")
	}
	s.tell("passed over %s records or files that are no articles%s", grouped(all), hint)
}

// size is the value of a flag for a number of bytes, as people write it: 10MB, 1.5GiB.
type size int64

var errSize = errors.New("want a number with a unit, such as 500kB or 10MB, over 0")

// Set reads a value.
func (n *size) Set(value string) error {
	bytes, err := humanize.ParseBytes(value)
	if err != nil || bytes == 0 || bytes > 1<<40 {
		return errSize
	}
	*n = size(bytes)
	return nil
}

// String is the value as it may be given.
func (n *size) String() string { return humanize.IBytes(uint64(*n)) }

// Type names the kind of value.
func (n *size) Type() string { return "size" }
