package cli

import (
	"bufio"
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
)

// listOptions are the flags of archive list.
type listOptions struct {
	folder
	articles bool
	out      string
}

// AddFlags adds the flags of archive list.
func (o *listOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	o.folder.AddFlags(f)
	f.BoolVar(&o.articles, "articles", false, "the whole articles, as JSON lines")
	f.StringVarP(&o.out, "out", "o", "", "write the list to `FILE` instead of standard output")
}

func newArchiveList(s *Streams, m *models) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list --archive DIR",
		Short: "List or export the articles of an archive",
		Long: `List prints the ids of all articles in byte order, one a line; with --articles the
articles themselves, as JSON lines: an export, of which 'dedupe archive add' makes the same
archive again.` + exitHelp,
		Example: `  dedupe archive list --archive news
  dedupe archive list --archive news --articles --out news.jsonl`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runArchiveList(cmd.Context(), &o, m, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runArchiveList(ctx context.Context, o *listOptions, m *models, s *Streams) error {
	if o.out == "-" {
		o.out = ""
	}
	files, err := openOutputs(s, nil, []outputFlag{{"--out", o.out}})
	if err != nil {
		return err
	}
	defer files.discard()
	err = o.read(m, dedupe.Options{}, func(a *archive.Archive) error {
		if f := files.of("--out"); f != nil {
			return o.list(ctx, a, f.Writer)
		}
		out := bufio.NewWriter(s.Out)
		if err := o.list(ctx, a, out); err != nil {
			return err
		}
		return out.Flush()
	})
	if err != nil {
		return err
	}
	return files.commit(ctx)
}

// list writes ids or articles by id, since what the archive yields has no order.
func (o *listOptions) list(ctx context.Context, a *archive.Archive, out *bufio.Writer) error {
	var ids []string
	for x, err := range a.All(ctx) {
		if err != nil {
			return err
		}
		ids = append(ids, x.ID)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := o.print(a, id, out); err != nil {
			return err
		}
	}
	return nil
}

func (o *listOptions) print(a *archive.Archive, id string, out *bufio.Writer) error {
	if !o.articles {
		_, err := out.WriteString(id + "\n")
		return err
	}
	x, found, err := a.Get(id)
	if err != nil || !found {
		return err
	}
	return report.Article(out, &x)
}
