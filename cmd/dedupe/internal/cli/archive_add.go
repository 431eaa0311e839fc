package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
)

// defaultBatch is how many articles are written at once. A thousand are made safe at a
// small part of the cost of analysing them.
const defaultBatch = 1000

// idleBatch is how long an article waits for others to be written with, when the input is
// slow.
const idleBatch = 500 * time.Millisecond

// grace is how long the batch under way may go on after an interrupt, before it is broken
// off.
const grace = 250 * time.Millisecond

// addOptions are the flags of archive add.
type addOptions struct {
	folder
	intake
	pairOptions
	batch int
}

// AddFlags adds the flags of archive add.
func (o *addOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	o.folder.AddFlags(f)
	o.intake.AddFlags(cmd)
	o.pairOptions.AddFlags(f, copies())
	f.IntVar(&o.batch, "batch", defaultBatch, "write `N` articles at once; fewer if the input pauses")
}

func newArchiveAdd(s *Streams, m *models) *cobra.Command {
	var o addOptions
	cmd := &cobra.Command{
		Use:   "add --archive DIR INPUT...",
		Short: "Archive articles and report what they are copies of",
		Long: `Add archives the articles of the INPUTs, and reports the relations of the new ones to
all others, those archived before included. It makes the archive if DIR is missing or
empty.

An article with the id of an archived one replaces it. One that is the same in all it is
given with is passed over, as unchanged: after a run that was stopped, the same command
goes on where that one was. Ids must be unique over all that is ever added; that of a text
file is its path as typed, or in a folder that is the only INPUT, its path in there.

Articles are written in batches. JSON lines and CSV on standard output come as each batch
is safe on disk, a table and the file of --out at the end. Later articles may change what
is reported of earlier ones: 'dedupe archive pairs' has all pairs as they stand. An
interrupt ends the run, and says how many articles are archived for good: the batch under
way is given a moment to end, else it is broken off, which loses that batch only.

Exit status: 0 done, 1 a pair was reported and --fail-on-duplicate is given,
2 bad usage or input, 130 interrupted.`,
		Example: `  dedupe archive add --archive news fixtures/stories
  cat fixtures/stories/a-feed.jsonl | dedupe archive add --archive news --format csv -`,
		Args: inputsNeeded,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runArchiveAdd(cmd.Context(), &o, m, args, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

// check finds mistakes in the flags.
func (o *addOptions) check() error {
	if o.batch < 1 {
		return usagef("--batch: %d is less than 1", o.batch)
	}
	return cmp.Or(o.folder.check(), o.intake.check())
}

func runArchiveAdd(ctx context.Context, o *addOptions, m *models, inputs []string, s *Streams) error {
	if err := o.check(); err != nil {
		return err
	}
	form, err := o.plan(s)
	if err != nil {
		return err
	}
	relations, err := parseCopies(o.relations)
	if err != nil {
		return err
	}
	options, err := m.archive(dedupe.Options{Workers: o.workers, MinScore: o.minScore, Relations: relations}, o.batch)
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(40) // memory is what an archive runs out of first
	}
	r := &addRun{o: o, archive: options, inputs: inputs}
	if r.flow, err = newFlow(s, "adding", &o.pairOptions, &o.intake, form, inputs); err != nil {
		return err
	}
	defer r.discard()
	return r.run(ctx)
}

// addRun is one run of archive add.
type addRun struct {
	*flow
	o       *addOptions
	archive archive.Options
	inputs  []string

	open *archive.Archive // nil until there is something to write in a new archive
	sum  archive.Added    // without the pairs and the rejected
	size int              // articles archived, at the end
}

func (r *addRun) run(ctx context.Context) error {
	r.s.leaves("no article is added yet, and output files are as they were")
	if err := r.openOld(); err != nil {
		return err
	}
	r.started = time.Now()
	r.feed = r.o.feed(ctx, r.s, r.inputs, r.files, r.meter.bytes)
	err := r.add(ctx)
	if r.open != nil {
		if err == nil {
			r.size, err = r.open.Count()
		}
		err = andClose(err, r.open)
	}
	r.meter.bar.close()
	switch {
	case err != nil:
		return r.o.explain(err)
	case ctx.Err() != nil:
		return r.interrupted(ctx)
	case r.feed.filter.err != nil:
		return r.feed.filter.err
	}
	return r.end(ctx, r.done(), r.facts)
}

// openOld opens the archive, if there is one. A missing or empty folder is one to be.
func (r *addRun) openOld() (err error) {
	r.open, err = archive.Open(r.o.dir, r.archive)
	if !errors.Is(err, store.ErrNotArchive) {
		return r.o.explain(err)
	}
	entries, err := os.ReadDir(r.o.dir)
	switch {
	case err == nil && len(entries) > 0:
		return r.o.explain(store.ErrExists)
	case err == nil || errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return fmt.Errorf("%s: %w", r.o.dir, reasonOf(err))
}

// lingering is a context that ends a while after ctx does.
func lingering(ctx context.Context, while time.Duration) (context.Context, context.CancelFunc) {
	longer, end := context.WithCancel(context.WithoutCancel(ctx))
	unused := context.AfterFunc(ctx, func() { time.AfterFunc(while, end) })
	return longer, func() {
		unused()
		end()
	}
}

// add archives what comes in, until the inputs end or ctx does. Then it finishes what is
// under way, if that takes no time to speak of: what was read of a stream is not lost.
func (r *addRun) add(ctx context.Context) (err error) {
	defer r.s.finish()()
	for r.feed.wait(ctx) {
		if r.open == nil {
			if r.open, err = archive.Create(r.o.dir, r.archive); err != nil {
				return err
			}
		}
		adding, stop := lingering(ctx, grace)
		err = r.open.Add(adding, r.feed.burst(ctx, idleBatch), r.tell)
		stop()
		if err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tell reports a batch that is safe on disk.
func (r *addRun) tell(added archive.Added) error {
	r.sum.New += added.New
	r.sum.Updated += added.Updated
	r.sum.Unchanged += added.Unchanged
	r.feed.rejects.add(added.Rejected...)
	r.s.log().Info("archived", "articles", r.done(), "new", added.New, "updated", added.Updated, "unchanged", added.Unchanged)
	return r.report(r.done(), added.Pairs)
}

// done is the number of articles that are known to be archived.
func (r *addRun) done() int { return r.sum.New + r.sum.Updated + r.sum.Unchanged }

// interrupted ends a run that was interrupted, and says what is complete.
func (r *addRun) interrupted(ctx context.Context) error {
	rejected, _ := r.feed.rejects.show(r.s)
	if r.done() == 0 {
		return context.Cause(ctx)
	}
	if r.o.out == "" {
		if err := r.pairs.Close(); err != nil {
			return err
		}
	}
	r.s.summarize(r.o.out == "", append(r.facts(rejected), tookFact(time.Since(r.started), r.done()))...)
	left := ""
	if r.o.out != "" {
		left = fmt.Sprintf("; %s is as it was, 'dedupe archive pairs --archive %s' has the pairs", r.o.out, r.o.dir)
	}
	again := "the same command"
	if slices.Contains(r.inputs, "-") {
		again += " with the same standard input"
	}
	r.s.leaves("%s archived for good; %s goes on with the rest%s",
		count(r.done(), "article is", "articles are"), again, left)
	return context.Cause(ctx)
}

// facts tell what was added and found.
func (r *addRun) facts(rejected int) []fact {
	facts := []fact{
		{"added", fmt.Sprintf("%s new, %s updated, %s unchanged, %s rejected",
			grouped(r.sum.New), grouped(r.sum.Updated), grouped(r.sum.Unchanged), grouped(rejected)),
			[]slog.Attr{slog.Int("new", r.sum.New), slog.Int("updated", r.sum.Updated),
				slog.Int("unchanged", r.sum.Unchanged), slog.Int("rejected", rejected)}},
		pairsFact(&r.found),
	}
	if size, err := store.Size(r.o.dir); err == nil {
		facts = append(facts, fact{"archive", fmt.Sprintf("%s, %s on disk", count(r.size, "article", "articles"), report.Bytes(size)),
			[]slog.Attr{slog.Int("articles", r.size), slog.Int64("archive_bytes", size)}})
	}
	return facts
}
