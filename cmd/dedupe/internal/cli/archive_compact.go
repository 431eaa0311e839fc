package cli

import (
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/report"
)

// compactOptions are the flags of archive compact.
type compactOptions struct {
	folder
}

// AddFlags adds the flags of archive compact.
func (o *compactOptions) AddFlags(cmd *cobra.Command) {
	o.folder.AddFlags(cmd.Flags())
}

func newArchiveCompact(s *Streams, m *models) *cobra.Command {
	var o compactOptions
	cmd := &cobra.Command{
		Use:   "compact --archive DIR",
		Short: "Make an archive smaller and faster to read",
		Long: `Compact merges the files of an archive into one, without what was removed or replaced,
and prints its size before and after. It needs room for a second copy meanwhile. It may be
broken off at any time.` + exitHelp,
		Example: `  dedupe archive compact --archive news`,
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runArchiveCompact(cmd.Context(), &o, m, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runArchiveCompact(ctx context.Context, o *compactOptions, m *models, s *Streams) error {
	bar := newProgress(s)
	defer bar.close()
	bar.show("compacting", "", 0, 0, 0)
	var before int64
	err := o.write(m, func(a *archive.Archive) (err error) {
		defer s.finish()()
		if before, err = store.Size(o.dir); err != nil {
			return err
		}
		return a.Compact(ctx)
	})
	bar.close()
	if err != nil {
		return err
	}
	after, err := store.Size(o.dir)
	if err != nil {
		return err
	}
	s.summarize(false,
		fact{"before", report.Bytes(before), []slog.Attr{slog.Int64("before_bytes", before)}},
		fact{"after", report.Bytes(after), []slog.Attr{slog.Int64("after_bytes", after)}})
	return nil
}
