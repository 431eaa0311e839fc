package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// summary is what dedupe scan --verbose tells on standard error.
type summary struct {
	articles, candidates, pairs int
	stages                      map[string]float64 // seconds
}

// Lines of the summary, and a stage with its time in the last of them.
var (
	readLine  = regexp.MustCompile(`(?m)^read +([0-9,]+) article`)
	pairsLine = regexp.MustCompile(`(?m)^pairs +([0-9,]+)`)
	triedLine = regexp.MustCompile(`(?m)^tried +([0-9,]+) candidate`)
	tookLine  = regexp.MustCompile(`(?m)^took +[^(]*\(([^)]*)\)`)
	stageTime = regexp.MustCompile(`^(.+?) ([0-9.hm]+ ?m?s)$`)
)

// parseSummary reads the summary.
func parseSummary(text string) (s summary, err error) {
	for _, number := range []struct {
		line *regexp.Regexp
		into *int
	}{{readLine, &s.articles}, {pairsLine, &s.pairs}, {triedLine, &s.candidates}} {
		found := number.line.FindStringSubmatch(text)
		if found == nil {
			return s, fmt.Errorf("the summary of the scan has no line %s:\n%s", number.line, text)
		}
		if *number.into, err = strconv.Atoi(strings.ReplaceAll(found[1], ",", "")); err != nil {
			return s, err
		}
	}
	took := tookLine.FindStringSubmatch(text)
	if took == nil {
		return s, fmt.Errorf("the summary of the scan has no line %s:\n%s", tookLine, text)
	}
	s.stages = map[string]float64{}
	for _, part := range strings.Split(took[1], ", ") {
		stage := stageTime.FindStringSubmatch(part)
		if stage == nil {
			return s, fmt.Errorf("the summary of the scan has %q for a stage and its time", part)
		}
		d, err := time.ParseDuration(strings.ReplaceAll(stage[2], " ", ""))
		if err != nil {
			return s, fmt.Errorf("the summary of the scan: %w", err)
		}
		s.stages[stage[1]] = d.Seconds()
	}
	return s, nil
}
