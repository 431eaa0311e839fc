// Package report writes what was found, for people and for programs.
//
// In go the pairs, clusters, rejects and measurements of the other packages; out
// come lines on an io.Writer, in one of these forms:
//
//   - [Pairs] as a table, as JSON lines or as CSV, or as they are found by a [PairWriter],
//   - [Clusters] and [Rejects] as JSON lines, the ids of the articles [Kept] as lines,
//   - [Comparison] as an explanation of one pair, or [ComparisonJSON],
//   - [Evaluation] as a table, or [EvaluationJSON],
//   - [Audit] as a table, or [AuditJSON],
//   - an [Article] as a JSON line that package ingest reads,
//   - [Search] as a list, or [SearchJSONLines], and [ArchiveStats], or [ArchiveStatsJSON].
//
// Each returns the writer's first error and nothing else. The same results give the
// same bytes, so that two runs may be compared with diff.
//
// # For programs
//
// JSON is UTF-8, one object a line, with nothing escaped that need not be. Scores,
// coverage and similarity are rounded to four digits after the point: the rest is
// noise of the measurement. A score of 1 is certain, and nothing is rounded up to it.
// Languages are ISO 639-1 codes, empty when unknown. Package report/schema has a JSON
// Schema of each.
//
// # For people
//
// What is shown on a terminal is fitted to its [Screen]: identifiers are shortened,
// texts are wrapped, colours are used. On anything else, the zero Screen, lines have
// the length they need and no escape sequence, so that a table in a file can be
// searched for whole identifiers. Control characters that an article brings along
// are never written to people, on a terminal or not: they could move the cursor,
// rename the window or hide text.
package report

import (
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
)

// Format is a form in which pairs are written.
type Format uint8

// The formats.
const (
	Table     Format = iota // for people
	JSONLines               // an object a pair
	CSV                     // a row a pair, under a header
)

var formatNames = [...]string{Table: "table", JSONLines: "jsonl", CSV: "csv"}

// String is the format's name on the command line.
func (f Format) String() string { return formatNames[f] }

// ParseFormat is the inverse of String.
func ParseFormat(name string) (Format, error) {
	if i := slices.Index(formatNames[:], name); i >= 0 {
		return Format(i), nil
	}
	return Table, fmt.Errorf("unknown format %q (want %s)", name, strings.Join(formatNames[:], ", "))
}

// Options of Pairs. The zero value is a table in a file.
type Options struct {
	Format   Format
	Passages bool   // JSONLines: an array of passages with every pair, maybe empty
	Screen   Screen // Table: what it is fitted to
}

// Pairs writes the pairs in the order in which they come; a table puts those
// together that belong to one group of copies.
func Pairs(w io.Writer, pairs iter.Seq[dedupe.Pair], o Options) error {
	p := NewPairWriter(w, o)
	if err := p.Write(pairs); err != nil {
		return err
	}
	return p.Close()
}

// rounded is x with four digits after the point.
func rounded(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// roundedScore is a score with so many digits after the point. Only what is certain
// is 1.
func roundedScore(score float64, digits int) float64 {
	scale := math.Pow10(digits)
	if r := math.Round(score*scale) / scale; r < 1 || score >= 1 {
		return r
	}
	return 1 - 1/scale
}

// Rounded is a score as programs are given it, with four digits after the point: 1 only if
// it is certain.
func Rounded(score float64) float64 { return roundedScore(score, 4) }

// shownScore is a score for people.
func shownScore(score float64) string { return fmt.Sprintf("%.3f", roundedScore(score, 3)) }

var languageNames = map[article.Language]string{
	article.Unknown: "an unknown language", article.English: "English", article.French: "French",
	"de": "German", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch",
}

// languageName is the English name of a language, or else its code.
func languageName(l article.Language) string {
	if name, ok := languageNames[l]; ok {
		return name
	}
	return string(l)
}
