package cli

import (
	"cmp"
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/calque-dev/calque/pkg/dedupe"
)

// flow is a run that reports pairs while articles come in: what archive add and check have
// in common.
type flow struct {
	s       *Streams
	options *pairOptions
	files   *outputs
	pairs   pairWriter
	feed    *feed
	meter   flowMeter
	found   tally
	started time.Time
}

// newFlow opens the files that are written. What it returns is to be ended by discard.
func newFlow(s *Streams, stage string, o *pairOptions, in *intake, form pairForm, inputs []string) (*flow, error) {
	files, err := openOutputs(s, inputs, []outputFlag{{"--out", o.out}, {"--rejects", in.rejects}})
	if err != nil {
		return nil, err
	}
	var out io.Writer = s.Out
	if f := files.of("--out"); f != nil {
		out = f
	}
	f := &flow{s: s, options: o, files: files, pairs: form.writer(out), started: time.Now()}
	f.meter.name = stage
	f.meter.bar = newProgress(s)
	f.meter.bar.show("opening the archive", "", 0, 0, 0)
	return f, nil
}

// discard ends the run, however it went.
func (f *flow) discard() {
	f.meter.bar.close()
	f.files.discard()
}

// report writes the pairs that were found when so many articles were done.
func (f *flow) report(done int, pairs []dedupe.Pair) error {
	f.meter.articles(done)
	f.found.add(slices.Values(pairs))
	return f.pairs.Write(slices.Values(pairs))
}

// end ends a run that has read all there is: the files appear. Facts are those of the
// summary.
func (f *flow) end(ctx context.Context, done int, facts func(rejected int) []fact) error {
	rejected, err := f.feed.rejects.show(f.s)
	if err != nil {
		return err
	}
	if done == 0 {
		f.files.keepOnly(f.files.of("--rejects")) // they say why
		return cmp.Or(f.files.commit(ctx), errNothingRead)
	}
	if err := f.pairs.Close(); err != nil {
		return err
	}
	if err := f.files.commit(ctx); err != nil {
		return err
	}
	f.s.summarize(f.options.out == "", append(facts(rejected), tookFact(time.Since(f.started), done))...)
	return f.options.outcome(&f.found)
}

// flowMeter feeds the progress line from the goroutine that reads and the one that works.
type flowMeter struct {
	bar  *progress
	name string // of the stage

	mu          sync.Mutex
	count       int
	read, total int64
}

func (m *flowMeter) bytes(read, total int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.read, m.total = read, total
	m.bar.show(m.name, "articles", m.count, read, total)
}

func (m *flowMeter) articles(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count = n
	m.bar.show(m.name, "articles", n, m.read, m.total)
}
