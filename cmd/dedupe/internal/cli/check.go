package cli

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
)

// checkOptions are the flags of check.
type checkOptions struct {
	folder
	intake
	pairOptions
	window    span
	sources   []string
	languages []string
}

// AddFlags adds the flags of check.
func (o *checkOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	o.folder.AddFlags(f)
	o.intake.AddFlags(cmd)
	o.pairOptions.AddFlags(f, copies())
	addWindowFlag(f, &o.window)
	f.StringArrayVar(&o.sources, "source", nil, "compare only with archived articles of the source `NAME`; may be given again")
	f.StringSliceVar(&o.languages, "language", nil, "compare only with archived articles in the languages of `LIST`, such as en,fr")
}

func newCheck(s *Streams, m *models) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check --archive DIR INPUT...",
		Short: "Match incoming articles against an archive",
		Long: `Check reports the relations of the articles of the INPUTs to those of an archive, and
writes nothing to it. It does not compare the incoming articles with one another, nor one
with an archived article of the same id.

The pairs come in the order of the incoming articles, as JSON lines or CSV as soon as they
are known: an article that is piped in is answered at once, while others add to the
archive. What those have added is seen within a second.

Exit status: 0 done, 1 a pair was reported and --fail-on-duplicate is given,
2 bad usage or input, 130 interrupted.`,
		Example: `  dedupe check --archive news fixtures/stories/a-bank-fr.txt
  dedupe check --archive news --window 7d --language fr --relation translation fixtures/stories/a-bank-en.txt
  tail -f incoming.jsonl | dedupe check --archive news -`,
		Args: inputsNeeded,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCheck(cmd.Context(), &o, m, args, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

// plan checks the options.
func (o *checkOptions) plan(s *Streams) (form pairForm, library dedupe.Options, filter archive.Filter, err error) {
	if err = o.folder.check(); err != nil {
		return form, library, filter, err
	}
	if err = o.intake.check(); err != nil {
		return form, library, filter, err
	}
	if form, err = o.pairOptions.plan(s); err != nil {
		return form, library, filter, err
	}
	library = dedupe.Options{Workers: o.workers, MinScore: o.minScore}
	if library.Relations, err = parseCopies(o.relations); err != nil {
		return form, library, filter, err
	}
	filter = archive.Filter{Window: time.Duration(o.window), Sources: o.sources}
	filter.Languages, err = parseLanguages(o.languages)
	return form, library, filter, err
}

func runCheck(ctx context.Context, o *checkOptions, m *models, inputs []string, s *Streams) error {
	form, library, filter, err := o.plan(s)
	if err != nil {
		return err
	}
	r := &checkRun{o: o, filter: filter}
	if r.flow, err = newFlow(s, "checking", &o.pairOptions, &o.intake, form, inputs); err != nil {
		return err
	}
	defer r.discard()
	err = o.read(m, library, func(a *archive.Archive) error {
		r.feed = o.feed(ctx, s, inputs, r.files, r.meter.bytes)
		return r.run(ctx, a)
	})
	r.meter.bar.close()
	if ctx.Err() != nil {
		return r.interrupted(ctx)
	}
	if err != nil {
		return err
	}
	return r.end(ctx, r.checked, func(rejected int) []fact {
		checked := fact{"checked", fmt.Sprintf("%s, %s rejected", count(r.checked, "article", "articles"), grouped(rejected)),
			[]slog.Attr{slog.Int("checked", r.checked), slog.Int("rejected", rejected)}}
		return []fact{checked, pairsFact(&r.found)}
	})
}

// checkRun is one run of check.
type checkRun struct {
	*flow
	o       *checkOptions
	filter  archive.Filter
	checked int
}

// interrupted says what is complete.
func (r *checkRun) interrupted(ctx context.Context) error {
	if r.checked > 0 && r.o.out == "" && r.options.format != report.Table.String() {
		r.s.leaves("%s checked; their pairs are complete", count(r.checked, "article is", "articles are"))
	}
	return context.Cause(ctx)
}

// checked is what came of one article.
type checked struct {
	pairs []dedupe.Pair
	err   error
}

// run checks several articles at once and reports on them in their order.
func (r *checkRun) run(ctx context.Context, a *archive.Archive) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := r.o.workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	queue := make(chan chan checked, workers)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.begin(ctx, a, queue)
	}()
	defer func() { <-ended }() // the archive is not closed under it
	for answer := range queue {
		c := <-answer
		if c.err != nil {
			cancel()
			for range queue { // those under way have room for their answers
			}
			return c.err
		}
		r.checked++
		if err := r.report(r.checked, c.pairs); err != nil || r.o.out == "" && r.s.unread() {
			cancel()
			for range queue {
			}
			return err
		}
	}
	if r.feed.filter.err != nil {
		return r.feed.filter.err
	}
	return ctx.Err()
}

// begin has each article checked by a goroutine, and puts into the queue where the
// answers will be. The queue's room bounds the goroutines.
func (r *checkRun) begin(ctx context.Context, a *archive.Archive, queue chan<- chan checked) {
	defer close(queue)
	var group sync.WaitGroup
	defer group.Wait()
	view := newView(a)
	for r.feed.wait(ctx) {
		x := r.feed.take()
		answer := make(chan checked, 1)
		select {
		case queue <- answer:
		case <-ctx.Done():
			return
		}
		group.Go(func() {
			var c checked
			if c.err = view.refresh(ctx); c.err == nil {
				c.pairs, c.err = a.Check(ctx, x, r.filter)
			}
			answer <- c
		})
	}
}

// refreshEvery is how old the view of an archive may become.
const refreshEvery = time.Second

// view keeps the reading of an archive up to date.
type view struct {
	archive *archive.Archive
	mu      sync.Mutex
	seen    time.Time
}

func newView(a *archive.Archive) *view { return &view{archive: a, seen: time.Now()} }

// refresh moves to what is safe on disk, unless that was done a moment ago.
func (v *view) refresh(ctx context.Context) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if time.Since(v.seen) < refreshEvery {
		return nil
	}
	v.seen = time.Now()
	return v.archive.Refresh(ctx)
}
