package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
)

// statsOptions are the flags of archive stats.
type statsOptions struct {
	folder
	format string
}

// AddFlags adds the flags of archive stats.
func (o *statsOptions) AddFlags(cmd *cobra.Command) {
	o.folder.AddFlags(cmd.Flags())
	cmd.Flags().StringVar(&o.format, "format", formatTable, "`FORMAT` of the result: table or json")
}

func newArchiveStats(s *Streams, m *models) *cobra.Command {
	var o statsOptions
	cmd := &cobra.Command{
		Use:   "stats --archive DIR",
		Short: "Tell what an archive holds",
		Long: `Stats tells how many articles an archive holds, by language, how many different texts and
sources, how many compared pairs it remembers, how many bytes the texts have and the archive
takes on disk, its format, and with which keys, lexicon and model it was made.` + exitHelp,
		Example: `  dedupe archive stats --archive news
  dedupe archive stats --archive news --format json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runArchiveStats(cmd.Context(), &o, m, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runArchiveStats(ctx context.Context, o *statsOptions, m *models, s *Streams) error {
	if err := checkFormat(o.format, formatTable); err != nil {
		return err
	}
	return o.read(m, dedupe.Options{}, func(a *archive.Archive) error {
		stats, err := a.Stats(ctx)
		if err != nil {
			return err
		}
		if o.format == formatJSON {
			return report.ArchiveStatsJSON(s.Out, &stats)
		}
		return report.ArchiveStats(s.Out, &stats)
	})
}
