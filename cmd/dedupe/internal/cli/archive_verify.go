package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
)

// verifyOptions are the flags of archive verify.
type verifyOptions struct {
	folder
}

// AddFlags adds the flags of archive verify.
func (o *verifyOptions) AddFlags(cmd *cobra.Command) {
	o.folder.AddFlags(cmd.Flags())
}

func newArchiveVerify(s *Streams, m *models) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify --archive DIR",
		Short: "Check an archive for damage",
		Long: `Verify reads the whole archive, checks every article, and lists the problems, one a
line, each with the id of its article, if it concerns one. It changes nothing. What is
damaged 'dedupe archive rebuild' makes anew of all that can be read.

Exit status: 0 done and no problem, 1 problems found, 2 bad usage, or an archive that
cannot be opened, 130 interrupted.`,
		Example: `  dedupe archive verify --archive news`,
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runArchiveVerify(cmd.Context(), &o, m, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runArchiveVerify(ctx context.Context, o *verifyOptions, m *models, s *Streams) error {
	bar := newProgress(s)
	defer bar.close()
	bar.show("verifying", "", 0, 0, 0)
	return o.read(m, dedupe.Options{}, func(a *archive.Archive) error {
		articles, err := a.Count()
		if err != nil {
			return err
		}
		problems, last := 0, ""
		list := func(p archive.Problem) error {
			bar.close()
			line := o.explain(p.Err).Error()
			if p.ID != "" {
				line = p.ID + ": " + line
			}
			if line == last {
				return nil // it is met wherever the damaged part is read
			}
			problems, last = problems+1, line
			_, err := fmt.Fprintln(s.Out, report.Printable(line))
			return err
		}
		err = a.Verify(ctx, list)
		if _, damaged := errors.AsType[*store.CorruptError](err); damaged {
			err = list(archive.Problem{Err: err}) // of a kind that there is no going on
		}
		bar.close()
		if err != nil {
			return err
		}
		s.summarize(true, fact{"verified", fmt.Sprintf("%s, %s", count(articles, "article", "articles"), count(problems, "problem", "problems")),
			[]slog.Attr{slog.Int("verified", articles), slog.Int("problems", problems)}})
		if problems > 0 {
			return errFound
		}
		return nil
	})
}
