package cli

import (
	"bufio"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
)

// getOptions are the flags of archive get.
type getOptions struct {
	folder
	ids idOptions
}

// AddFlags adds the flags of archive get.
func (o *getOptions) AddFlags(cmd *cobra.Command) {
	o.folder.AddFlags(cmd.Flags())
	o.ids.AddFlags(cmd.Flags())
}

func newArchiveGet(s *Streams, m *models) *cobra.Command {
	var o getOptions
	cmd := &cobra.Command{
		Use:   "get --archive DIR ID...",
		Short: "Print articles of an archive",
		Long: `Get prints articles as JSON lines, with the fields that they were added with, in the
order of the ids. An id that is not in the archive is an error, after the others are
printed.` + exitHelp,
		Example: `  dedupe archive get --archive news a-bank-en.txt
  dedupe archive list --archive news | head -3 | dedupe archive get --archive news --ids -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runArchiveGet(cmd.Context(), &o, m, args, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runArchiveGet(ctx context.Context, o *getOptions, m *models, args []string, s *Streams) error {
	if err := o.check(); err != nil {
		return err
	}
	ids, err := o.ids.read(args, s)
	if err != nil {
		return err
	}
	return o.read(m, dedupe.Options{}, func(a *archive.Archive) error {
		out := bufio.NewWriter(s.Out)
		missing := 0
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			x, found, err := a.Get(id)
			if err != nil {
				return err
			}
			if !found {
				missing++
				s.tell("not in the archive: %s", report.Printable(id))
				continue
			}
			if err := report.Article(out, &x); err != nil {
				return err
			}
		}
		if err := out.Flush(); err != nil {
			return err
		}
		if missing > 0 {
			return fmt.Errorf("%s: %s not there", o.dir, count(missing, "article is", "articles are"))
		}
		return nil
	})
}
