package cli

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/lexicon/train"
	"github.com/calque-dev/calque/pkg/report"
)

// trainOptions are the flags of lexicon train.
type trainOptions struct {
	out     string
	workers int
}

// AddFlags adds the flags of lexicon train.
func (o *trainOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&o.out, "out", "o", "", "write the lexicon to `FILE`")
	f.IntVar(&o.workers, "workers", 0, "work with `N` goroutines (0: as many as processors)")
}

func newLexiconTrain(s *Streams) *cobra.Command {
	var o trainOptions
	cmd := &cobra.Command{
		Use:   "train --out FILE DIR",
		Short: "Learn a lexicon from sentence-aligned text",
		Long: `Train learns a lexicon from every pair of files NAME.en and NAME.fr, plain or .zst, in
the folder DIR, here corpus: line i of one translates line i of the other. The same text gives the
same lexicon. It is used by the other commands with --lexicon FILE.` + exitHelp,
		Example: `  dedupe lexicon train --out my.lexicon corpus
  dedupe scan --lexicon my.lexicon fixtures/stories`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("train wants one folder, DIR; found %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return runLexiconTrain(cmd.Context(), &o, args[0], s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runLexiconTrain(ctx context.Context, o *trainOptions, dir string, s *Streams) error {
	switch {
	case o.out == "":
		return usagef("no output given: name a file with --out")
	case o.workers < 0:
		return usagef("--workers: %d is less than 0", o.workers)
	case o.workers == 0:
		o.workers = runtime.GOMAXPROCS(0)
	}
	files := newOutputs(s)
	defer files.discard()
	if err := files.create("--out", o.out, nil); err != nil {
		return err
	}
	bar := newProgress(s)
	defer bar.close()
	bar.show("reading", "", 0, 0, 0)
	started := time.Now()
	table, err := train.Learn(ctx, dir, train.Options{Workers: o.workers, Progress: func(done, total int) {
		bar.show("learning", "", 0, int64(done), int64(total))
	}})
	if err != nil {
		return err
	}
	size, err := table.WriteTo(files.of("--out"))
	if err != nil {
		return err
	}
	if err := files.commit(ctx); err != nil {
		return err
	}
	bar.close()
	s.summarize(false,
		fact{"lexicon", fmt.Sprintf("%s, %s", o.out, report.Bytes(size)), []slog.Attr{slog.String("lexicon", o.out), slog.Int64("bytes", size)}},
		fact{"terms", fmt.Sprintf("%s English and %s French ones", grouped(len(table.English)), grouped(len(table.French))),
			[]slog.Attr{slog.Int("english", len(table.English)), slog.Int("french", len(table.French))}},
		fact{"learned", "from " + count(table.Sentences, "pair of sentences", "pairs of sentences"), []slog.Attr{slog.Int("sentences", table.Sentences)}},
		fact{"took", seconds(time.Since(started)), []slog.Attr{slog.Float64("seconds", time.Since(started).Seconds())}})
	return nil
}
