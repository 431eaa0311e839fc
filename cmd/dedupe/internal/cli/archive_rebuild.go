package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/dedupe"
)

// rebuildOptions are the flags of archive rebuild.
type rebuildOptions struct {
	folder
	to      string
	workers int
}

// AddFlags adds the flags of archive rebuild.
func (o *rebuildOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	o.folder.AddFlags(f)
	f.StringVar(&o.to, "to", "", "leave the archive as it is, and make the new one in `NEWDIR`, missing or empty")
	f.IntVar(&o.workers, "workers", 0, "work with `N` goroutines (0: as many as processors)")
}

func newArchiveRebuild(s *Streams, m *models) *cobra.Command {
	var o rebuildOptions
	cmd := &cobra.Command{
		Use:   "rebuild --archive DIR",
		Short: "Make an archive anew: after damage, or for another lexicon or model",
		Long: `Rebuild reads all articles that can be read out of an archive, however damaged or made
with whichever lexicon and model, and makes a new archive of them: beside it, in
DIR.rebuilt, which then takes its place. The old one is DIR.old until the new one stands in
its place, and stays there if anything in it could not be read. What could not be read is
listed on standard error. Nobody should write to the archive meanwhile.

Exit status: 0 done, 1 done, but something could not be read, 2 bad usage or input,
130 interrupted: then the archive is as it was.`,
		Example: `  dedupe archive rebuild --archive news
  dedupe archive rebuild --archive news --to news-2`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runArchiveRebuild(cmd.Context(), &o, m, s)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

// check finds mistakes in the flags, and says where the new archive is made.
func (o *rebuildOptions) check() (to string, err error) {
	if err := o.folder.check(); err != nil {
		return "", err
	}
	if o.workers < 0 {
		return "", usagef("--workers: %d is less than 0", o.workers)
	}
	o.dir = filepath.Clean(o.dir)
	if info, err := os.Stat(o.dir); err != nil {
		return "", fmt.Errorf("%s: %w", o.dir, reasonOf(err))
	} else if !info.IsDir() {
		return "", fmt.Errorf("%s: not a folder", o.dir)
	}
	if o.to != "" {
		return filepath.Clean(o.to), nil
	}
	// A link keeps its name: what it leads to is rebuilt.
	if o.dir, err = filepath.EvalSymlinks(o.dir); err != nil {
		return "", fmt.Errorf("%s: %w", o.dir, reasonOf(err))
	}
	for _, path := range []string{o.dir + ".rebuilt", o.dir + ".old"} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("%s is there already, from another rebuild: remove it if nobody needs it, or name a new folder with --to", path)
		}
	}
	return o.dir + ".rebuilt", nil
}

func runArchiveRebuild(ctx context.Context, o *rebuildOptions, m *models, s *Streams) error {
	to, err := o.check()
	if err != nil {
		return err
	}
	options, err := m.archive(dedupe.Options{Workers: o.workers}, 0)
	if err != nil {
		return err
	}
	bar := newProgress(s)
	defer bar.close()
	bar.show("reading the archive", "", 0, 0, 0)
	s.leaves("%s is as it was", o.dir)
	defer s.finish()()
	_, missing := os.Lstat(to)
	articles := 0
	lost, err := archive.Rebuild(ctx, o.dir, to, options, func(added archive.Added) error {
		articles += added.New
		bar.show("rebuilding", "articles", articles, 0, 0)
		return nil
	})
	bar.close()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		if missing != nil { // this run made it
			_ = os.RemoveAll(to)
		}
		return (&folder{to}).explain(err)
	}
	if o.to == "" {
		if err := swap(o.dir, to, len(lost) > 0); err != nil {
			return err
		}
	}
	return o.end(s, articles, lost)
}

// end tells what was rebuilt and what was lost.
func (o *rebuildOptions) end(s *Streams, articles int, lost []error) error {
	for _, err := range lost {
		s.leftOut("lost", err)
	}
	s.summarize(false, fact{"rebuilt", count(articles, "article", "articles"),
		[]slog.Attr{slog.Int("rebuilt", articles), slog.Int("lost", len(lost))}})
	if len(lost) == 0 {
		return nil
	}
	if o.to == "" {
		s.warn("not all could be read: the old archive is kept in %s.old", o.dir)
	}
	return errFound
}

// swap puts the new archive in the place of the old one, which is kept aside until that is
// done, or for good.
func swap(dir, rebuilt string, keep bool) error {
	old := dir + ".old"
	if err := os.Rename(dir, old); err != nil {
		return fmt.Errorf("%s cannot be moved: %w: the new archive is %s", dir, reasonOf(err), rebuilt)
	}
	if err := os.Rename(rebuilt, dir); err != nil {
		return errors.Join(fmt.Errorf("%s cannot be moved: %w", rebuilt, reasonOf(err)), os.Rename(old, dir))
	}
	if keep {
		return nil
	}
	if err := os.RemoveAll(old); err != nil {
		return fmt.Errorf("the archive is rebuilt, but the old one cannot be removed: %s: %w", old, reasonOf(err))
	}
	return nil
}
