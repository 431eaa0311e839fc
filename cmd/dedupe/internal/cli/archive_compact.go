package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/report"
)

// compactOptions are the flags of archive compact.
type compactOptions struct {
	folder
	quiet bool
}

// AddFlags adds the flags of archive compact.
func (o *compactOptions) AddFlags(cmd *cobra.Command) {
	o.folder.AddFlags(cmd.Flags())
	cmd.Flags().BoolVarP(&o.quiet, "quiet", "q", false, "no summary and no progress")
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
	bar := newProgress(s, !o.quiet)
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
	if err != nil || o.quiet {
		return err
	}
	_, err = fmt.Fprintf(s.Err, "before  %s\nafter   %s\n", report.Bytes(before), report.Bytes(after))
	return err
}
