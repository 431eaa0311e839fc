// Plot draws what the suite measured: seconds and articles a second against the number of
// articles, and the memory resident, with the line and the exponent that were fitted.
//
//	go run -C benchmarks/suite/plot . --out PLOT.svg,PLOT.png RESULT.json...
//
// Several results are drawn into one another, by name. It is a module of its own so that
// whoever imports the library does not get what draws.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/calque-dev/calque/benchmarks/suite/result"
)

func main() {
	out := flag.String("out", "", "`FILES` to draw into, by the end of their names: svg, png, pdf")
	flag.Parse()
	if err := run(*out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "plot:", err)
		os.Exit(1)
	}
}

func run(out string, results []string) error {
	if out == "" || len(results) == 0 {
		return errors.New("give --out FILE and the JSON of the suite")
	}
	var all []*result.Suite
	for _, path := range results {
		s, err := read(path)
		if err != nil {
			return err
		}
		all = append(all, s)
	}
	for _, path := range strings.Split(out, ",") {
		if err := draw(all, path); err != nil {
			return err
		}
	}
	return nil
}

func read(path string) (*result.Suite, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var s result.Suite
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(s.Runs) == 0 {
		return nil, fmt.Errorf("%s: no runs", path)
	}
	return &s, nil
}
