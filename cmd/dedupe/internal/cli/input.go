package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/language"
	"github.com/calque-dev/calque/pkg/language/lingua"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/verdict"
)

// errNothingRead ends a run that has no article to work on.
var errNothingRead = errors.New("no article could be read")

// intake says which articles are read and with what effort they are compared: what all
// commands that read INPUTs have in common.
type intake struct {
	reading
	workers  int
	minScore float64
	rejects  string

	reader func(context.Context, []string, ingest.Options) articles // in place of ingest.Read
}

// AddFlags adds the flags for reading.
func (in *intake) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	in.reading.AddFlags(f)
	in.addPatternFlags(f)
	f.IntVar(&in.workers, "workers", 0, "work with `N` goroutines (0: as many as processors)")
	f.Float64Var(&in.minScore, "min-score", 0, "report pairs from `SCORE` on, 0 to 1 (0: the model's thresholds)")
	f.StringVar(&in.rejects, "rejects", "", "write what was left out to `FILE`, as JSON lines")
}

// pile says which articles are read and how they are compared: what scan, eval
// and audit have in common.
type pile struct {
	intake
	precision precision
	window    span
	memory    memory
}

// AddFlags adds the flags for reading and comparing.
func (p *pile) AddFlags(cmd *cobra.Command) {
	p.intake.AddFlags(cmd)
	addWindowFlag(cmd.Flags(), &p.window)
	addMemoryFlag(cmd.Flags(), &p.memory)
	p.precision.AddFlags(cmd.Flags())
}

func addFieldFlag(f *pflag.FlagSet, fields *map[string]string) {
	f.StringToStringVar(fields, "field", nil, "`LIST` of article fields with other names in JSON: text=body,id=meta.key")
	f.Lookup("field").DefValue = "" // else the help shows an empty list
}

// inputsNeeded asks for at least one INPUT.
func inputsNeeded(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("no INPUT given: name a file, a folder, a glob, or - for standard input")
	}
	return nil
}

// check finds mistakes in the flags before any work is done.
func (in *intake) check() error {
	switch {
	case in.workers < 0:
		return usagef("--workers: %d is less than 0", in.workers)
	case !(in.minScore >= 0 && in.minScore <= 1):
		return usagef("--min-score: %v is not between 0 and 1", in.minScore)
	}
	return nil
}

// parseRelations reads the names of a --relation flag.
func parseRelations(names []string) ([]verdict.Relation, error) {
	var out []verdict.Relation
	for _, name := range names {
		r, err := verdict.ParseRelation(strings.TrimSpace(name))
		if err != nil {
			return nil, usagef("--relation: %w", err)
		}
		out = append(out, r)
	}
	return out, nil
}

// relationHelp lists relations in a flag's help.
func relationHelp(known []verdict.Relation) string {
	var names []string
	for _, r := range known {
		names = append(names, r.String())
	}
	return strings.Join(names, ", ")
}

// library fills in the program's language detector and models.
func (m *models) library(o dedupe.Options) (dedupe.Options, error) {
	o.Detector = language.FunctionWords{Fallback: lingua.New()}
	var err error
	if o.Lexicon, err = m.lexicon(); err != nil {
		return o, err
	}
	o.Model, err = m.model()
	return o, err
}

// newDetector makes a detector with the program's language detector and models.
func (m *models) newDetector(o dedupe.Options) (*dedupe.Detector, error) {
	o, err := m.library(o)
	if err != nil {
		return nil, err
	}
	detector, err := dedupe.New(o)
	if errors.Is(err, verdict.ErrPrecision) {
		if most := o.Model.MostPrecision(); most > 0 {
			return nil, usagef("--precision: %w; ask for %v or less", err, most)
		}
		return nil, usagef("--precision: the model was fitted without measuring any; fit it anew, or leave the flag out")
	}
	return detector, err
}

// scan reads the inputs and finds the relations between them.
func (p *pile) scan(ctx context.Context, s *Streams, m *models, o dedupe.Options, inputs []string, files *outputs) (*dedupe.Result, error) {
	var result *dedupe.Result
	err := p.detect(ctx, s, m, o, inputs, files, func(d *dedupe.Detector, articles articles) (rejected []error, err error) {
		if result, err = d.Scan(ctx, articles); err != nil {
			return nil, err
		}
		return result.Rejected, nil
	})
	return result, err
}

// articles are what a detector reads.
type articles = iter.Seq2[article.Article, error]

// detect has run work on the articles of the inputs, with a detector of the options. It
// shows what run says was rejected, unless it fails, and writes it to the file of
// --rejects.
func (p *pile) detect(ctx context.Context, s *Streams, m *models, o dedupe.Options, inputs []string, files *outputs,
	run func(*dedupe.Detector, articles) (rejected []error, err error)) error {
	bar := newProgress(s)
	defer bar.close()
	bar.show("reading", "articles", 0, 0, 0)
	meter := &meter{bar: bar}
	o.Workers, o.MinScore, o.Window, o.Progress = p.workers, p.minScore, time.Duration(p.window), meter.stage
	o.Precision, o.Memory = float64(p.precision), p.memory.limit()
	detector, err := m.newDetector(o)
	if err != nil {
		return err
	}
	reading, passed := p.options(s), new(passedOver)
	reading.Progress, reading.PassedOver = meter.bytes, passed.add
	read := p.reader
	if read == nil {
		read = ingest.Read
	}
	filter := &filter{files: files}
	rejected, err := run(detector, filter.pass(read(ctx, inputs, reading)))
	switch {
	case filter.err != nil:
		return filter.err
	case err != nil:
		return err
	}
	bar.close()
	p.showRejects(s, rejected, len(rejected))
	p.showPassedOver(s, passed)
	if rejects := files.of("--rejects"); rejects != nil {
		return report.Rejects(rejects, slices.Values(rejected))
	}
	return nil
}

// filter stands between the reader and the detector.
type filter struct {
	files *outputs
	err   error // the fields given cannot be used: this ended the reading

	path string // of the file asked for last, and whether it is an output
	own  bool
}

// pass passes articles and rejects on, but for those of the files that this very
// command writes: they hold the results of an earlier run.
func (f *filter) pass(articles articles) articles {
	return func(yield func(article.Article, error) bool) {
		for a, err := range articles {
			origin := a.Origin
			if err != nil {
				origin = report.NewReject(err).Origin
			}
			switch {
			case badReading(err) != nil:
				f.err = badReading(err)
				return
			case f.isOwn(origin):
			case !yield(a, err):
				return
			}
		}
	}
}

// isOwn reports whether an origin, "feed.jsonl:14", lies in an output file.
func (f *filter) isOwn(origin string) bool {
	path := origin
	if i := strings.LastIndexByte(origin, ':'); i >= 0 && strings.Trim(origin[i+1:], "0123456789") == "" {
		path = origin[:i]
	}
	if path != f.path {
		f.path, f.own = path, f.files.holds(path)
	}
	return f.own
}

// meter feeds the progress line from the two sources that tell of reading: bytes from
// the files, and articles from the detector.
type meter struct {
	bar         *progress
	articles    int
	read, total int64
}

// bytes and stage are called from one goroutine while articles are read.
func (m *meter) bytes(read, total int64) {
	m.read, m.total = read, total
	m.bar.show("reading", "articles", m.articles, read, total)
}

func (m *meter) stage(stage dedupe.Stage, done, total int) {
	switch stage {
	case dedupe.Reading:
		m.articles = done
		m.bar.show("reading", "articles", done, m.read, m.total)
	case dedupe.Joining:
		m.bar.show("joining", "", 0, 0, 0) // done is not told on the way
	case dedupe.Verifying:
		m.bar.show("verifying", "pairs", done, int64(done), int64(total))
	case dedupe.Comparing:
		m.bar.show("comparing", "pairs", done, int64(done), int64(total))
	}
}

// maxRejectLines is how many rejects are shown without --verbose.
const maxRejectLines = 20

// showRejects writes a line for each rejected article, of which there were so many; those
// that are not shown anyway may be missing.
func (in *intake) showRejects(s *Streams, rejected []error, all int) {
	for i, err := range rejected {
		if i == maxRejectLines && !s.verbose {
			break
		}
		s.leftOut("rejected", err)
	}
	if more := all - maxRejectLines; more > 0 && !s.verbose {
		hint := "see --rejects FILE"
		if in.rejects != "" {
			hint = "see " + in.rejects
		}
		s.tell("… and %s more, %s", grouped(more), hint)
	}
}

// stagesFact tells how long the stages took, for so many articles.
func stagesFact(elapsed map[dedupe.Stage]time.Duration, articles int) fact {
	var total time.Duration
	var parts []string
	var values []any
	for _, stage := range []dedupe.Stage{dedupe.Reading, dedupe.Joining, dedupe.Verifying, dedupe.Comparing} {
		if d, ok := elapsed[stage]; ok {
			total += d
			parts = append(parts, fmt.Sprintf("%s %s", stage, seconds(d)))
			values = append(values, slog.Float64(string(stage), roundedSeconds(d)))
		}
	}
	f := tookFact(total, articles)
	f.text = strings.Replace(f.text, ",", " ("+strings.Join(parts, ", ")+"),", 1)
	f.values = append(f.values, slog.Group("stages", values...))
	return f
}

func seconds(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return d.Round(100 * time.Millisecond).String()
}
