package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/report"
)

// The rules of what is said on standard error:
//
// People get lines: what was rejected, warnings, a summary, an error. With --verbose,
// messages of log/slog are added about what is being done. With --log-format json
// everything is a record of log/slog, an object a line, and there is no progress line.

// manners are the flags of all commands: how much they say, and in which form.
type manners struct {
	quiet     bool
	verbose   bool
	logFormat string
}

// The forms of what is said.
const (
	logText = "text"
	logJSON = "json"
)

// AddFlags adds the flags.
func (m *manners) AddFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.BoolVarP(&m.quiet, "quiet", "q", false, "no summary and no progress")
	f.BoolVarP(&m.verbose, "verbose", "v", false, "tell what is being done, show every rejected article, and more in the summary")
	f.StringVar(&m.logFormat, "log-format", logText, "`FORMAT` of what is said on standard error: text or json")
}

// check finds mistakes in the flags.
func (m *manners) check() error {
	switch {
	case m.quiet && m.verbose:
		return usagef("--quiet and --verbose cannot both be: leave one out")
	case m.logFormat != logText && m.logFormat != logJSON:
		form := m.logFormat
		m.logFormat = logText // the error itself is said
		return usagef("--log-format: unknown format %q (want %s, %s)", form, logText, logJSON)
	}
	return nil
}

// asJSON reports whether everything is said in records.
func (m *manners) asJSON() bool { return m.logFormat == logJSON }

// log is for what is being done. It says something with --verbose, and in records also
// what people get as lines.
func (s *Streams) log() *slog.Logger {
	level := slog.LevelWarn
	if s.verbose {
		level = slog.LevelInfo
	}
	if s.asJSON() {
		return slog.New(slog.NewJSONHandler(s.messages(), &slog.HandlerOptions{Level: level}))
	}
	return slog.New(slog.NewTextHandler(s.messages(), &slog.HandlerOptions{Level: level}))
}

// record writes a record of any level, whatever is said besides.
func (s *Streams) record(level slog.Level, message string, attrs ...slog.Attr) {
	slog.New(slog.NewJSONHandler(s.messages(), nil)).LogAttrs(context.Background(), level, message, attrs...)
}

// warn tells of what is odd and ends nothing.
func (s *Streams) warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if s.asJSON() {
		s.record(slog.LevelWarn, text)
		return
	}
	fmt.Fprintln(s.messages(), "warning:", text)
}

// tell tells what is known at the end of a run that has not failed, with --quiet too.
func (s *Streams) tell(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if s.asJSON() {
		s.record(slog.LevelInfo, text)
		return
	}
	fmt.Fprintln(s.messages(), text)
}

// complain tells why a run ends.
func (s *Streams) complain(text string) {
	if s.asJSON() {
		s.record(slog.LevelError, text)
		return
	}
	fmt.Fprintln(s.messages(), "dedupe:", text)
}

// leftOut tells of an article that is left out, or lost, and why.
func (s *Streams) leftOut(how string, err error) {
	if !s.asJSON() {
		fmt.Fprintln(s.messages(), how, report.Printable(err.Error()))
		return
	}
	r := report.NewReject(err)
	s.record(slog.LevelWarn, how, slog.String("origin", r.Origin), slog.String("id", r.ID), slog.String("reason", r.Reason))
}

// fact is a line of a summary: what people read, and the values for programs.
type fact struct {
	label  string
	text   string
	values []slog.Attr
}

// summarize writes the facts, unless nobody wants to know: after how long it took how much
// memory that was.
// Inline says that the results stand above on the same terminal.
func (s *Streams) summarize(inline bool, facts ...fact) {
	if s.quiet {
		return
	}
	if peak := peakMemory(); peak > 0 && len(facts) > 0 && facts[len(facts)-1].label == "took" {
		facts = append(facts, fact{"memory", report.Bytes(peak) + " at most", []slog.Attr{slog.Int64("memory_bytes", peak)}})
	}
	if s.asJSON() {
		var all []slog.Attr
		for _, f := range facts {
			all = append(all, f.values...)
		}
		s.record(slog.LevelInfo, "summary", all...)
		return
	}
	var b strings.Builder
	if inline && s.OutScreen.Width > 0 {
		b.WriteByte('\n') // below the table
	}
	for _, f := range facts {
		fmt.Fprintf(&b, "%-7s %s\n", f.label, f.text)
	}
	_, _ = io.WriteString(s.messages(), b.String())
}

// readFact tells how many articles were read.
func readFact(articles, rejected int) fact {
	return fact{"read", fmt.Sprintf("%s, %s rejected", count(articles, "article", "articles"), grouped(rejected)),
		[]slog.Attr{slog.Int("read", articles), slog.Int("rejected", rejected)}}
}

// pairsFact tells how many pairs were found, by relation.
func pairsFact(t *tally) fact {
	values := []any{slog.Int("all", t.all)}
	for r, n := range t.counts() {
		values = append(values, slog.Int(r.String(), n))
	}
	return fact{"pairs", t.String(), []slog.Attr{slog.Group("pairs", values...)}}
}

// tookFact tells how long it took for so many articles.
func tookFact(took time.Duration, articles int) fact {
	rate := float64(articles) / max(took.Seconds(), 1e-6)
	return fact{"took", fmt.Sprintf("%s, %s articles/s", seconds(took), grouped(int(rate))),
		[]slog.Attr{slog.Float64("seconds", took.Seconds())}}
}

// messages is where messages go: standard error, above the progress line if there is one.
func (s *Streams) messages() io.Writer { return messages{s} }

type messages struct{ s *Streams }

func (m messages) Write(b []byte) (int, error) {
	if p := m.s.showing.Load(); p != nil && p.above(b) {
		return len(b), nil
	}
	return m.s.Err.Write(b)
}
