package cli

import (
	"context"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/report"
)

// removeOptions are the flags of archive remove.
type removeOptions struct {
	folder
	ids idOptions
}

// AddFlags adds the flags of archive remove.
func (o *removeOptions) AddFlags(cmd *cobra.Command) {
	o.folder.AddFlags(cmd.Flags())
	o.ids.AddFlags(cmd.Flags())
}

func newArchiveRemove(s *Streams, m *models) *cobra.Command {
	var o removeOptions
	cmd := &cobra.Command{
		Use:   "remove --archive DIR ID...",
		Short: "Take articles out of an archive",
		Long: `Remove takes articles out of an archive, with their pairs, and says how many of them
were there and which were not. All are taken out, or, if the run is broken off, none.` + exitHelp,
		Example: `  dedupe archive remove --archive news a-bank-en.txt a-bank-fr.txt
  dedupe archive search --archive news --format jsonl source:wire | jq -r 'select(.id).id' |
    dedupe archive remove --archive news --ids -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runArchiveRemove(cmd.Context(), &o, m, args, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runArchiveRemove(ctx context.Context, o *removeOptions, m *models, args []string, s *Streams) error {
	if err := o.check(); err != nil {
		return err
	}
	ids, err := o.ids.read(args, s)
	if err != nil {
		return err
	}
	removed, missing := 0, []string(nil)
	s.leaves("the archive is as it was")
	err = o.write(m, func(a *archive.Archive) (err error) {
		defer s.finish()()
		for _, id := range ids {
			_, found, err := a.Get(id)
			if err != nil {
				return err
			}
			if !found {
				missing = append(missing, id)
			}
		}
		removed, err = a.Remove(ctx, ids)
		return err
	})
	if err != nil {
		return err
	}
	s.summarize(false, fact{"removed", count(removed, "article", "articles"), []slog.Attr{slog.Int("removed", removed)}})
	if len(missing) > 0 && !s.quiet {
		s.warn("%s not in the archive: %s", count(len(missing), "id is", "ids are"), report.Printable(strings.Join(missing, ", ")))
	}
	return nil
}
