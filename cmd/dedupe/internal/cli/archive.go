package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

func newArchive(s *Streams, m *models) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "archive",
		Short: "Keep articles and their relations on disk",
		Long: `Archive holds the commands for an archive: a folder with articles that are known, and
with their relations. It holds at any time the relations that scan would find among its
articles. One command at a time may write to it; any number may read meanwhile. What a
command said it has archived is safe on disk.` + exitHelp,
		Args: cobra.ArbitraryArgs,
		RunE: needCommand,
	}
	cmd.AddCommand(
		newArchiveAdd(s, m),
		newArchiveRemove(s, m),
		newArchiveGet(s, m),
		newArchiveList(s, m),
		newArchivePairs(s, m),
		newArchiveSearch(s, m),
		newArchiveStats(s, m),
		newArchiveVerify(s, m),
		newArchiveCompact(s, m),
		newArchiveRebuild(s, m),
	)
	return cmd
}

// folder names the archive that a command works on.
type folder struct{ dir string }

// AddFlags adds --archive.
func (o *folder) AddFlags(f *pflag.FlagSet) {
	f.StringVar(&o.dir, "archive", "", "`DIR` of the archive")
}

// check asks for the flag.
func (o *folder) check() error {
	if o.dir == "" {
		return usagef("no archive given: name its folder with --archive DIR")
	}
	return nil
}

// options are those of the archive, with the program's models.
func (m *models) archive(o dedupe.Options, batch int) (archive.Options, error) {
	library, err := m.library(o)
	return archive.Options{Detector: library, Batch: batch}, err
}

// read has work done on the archive, which others may write meanwhile.
func (o *folder) read(m *models, library dedupe.Options, work func(*archive.Archive) error) error {
	return o.open(m, library, archive.OpenReader, work)
}

// write has work done on the archive by its only writer.
func (o *folder) write(m *models, work func(*archive.Archive) error) error {
	return o.open(m, dedupe.Options{}, archive.Open, work)
}

func (o *folder) open(m *models, library dedupe.Options,
	opener func(string, archive.Options) (*archive.Archive, error), work func(*archive.Archive) error) error {
	if err := o.check(); err != nil {
		return err
	}
	options, err := m.archive(library, 0)
	if err != nil {
		return err
	}
	a, err := opener(o.dir, options)
	if err != nil {
		return o.explain(err)
	}
	return o.explain(andClose(work(a), a))
}

// andClose closes the archive; of two errors the first one counts.
func andClose(err error, a *archive.Archive) error {
	if closed := a.Close(); err == nil {
		err = closed
	}
	return err
}

// remedied is an error of an archive as a user of the program is told, with the remedy.
type remedied struct {
	text string
	err  error
}

func (r *remedied) Error() string { return r.text }

func (r *remedied) Unwrap() error { return r.err }

// explain puts the errors of an archive in words that name commands. Others pass.
func (o *folder) explain(err error) error {
	rebuild := fmt.Sprintf("'dedupe archive rebuild --archive %s'", o.dir)
	told := func(format string, args ...any) error { return &remedied{fmt.Sprintf(format, args...), err} }
	if x, ok := errors.AsType[*store.VersionError](err); ok && x.Have > x.Want {
		return told("%s: the archive has format %d, this program reads %d: use the newer dedupe that wrote it", o.dir, x.Have, x.Want)
	} else if ok {
		return told("%s: the archive has format %d, this program reads %d: make it anew with %s", o.dir, x.Have, x.Want, rebuild)
	}
	if x, ok := errors.AsType[*store.FingerprintError](err); ok {
		return told("%s: the archive was made with %s, this program has %s: give the same --lexicon and --model, or make the archive anew with %s",
			o.dir, x.Have, x.Want, rebuild)
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return told("%s: permission denied: this user may not read the archive, or not write to it", o.dir)
	case errors.Is(err, syscall.ENOTDIR):
		return told("%s: not a folder, as an archive is: name another one", o.dir)
	case err != nil && strings.HasSuffix(err.Error(), noRoom):
		return told("%s: no space left on the disk: make room and run the command again; what it said it has archived is safe", o.dir)
	}
	if x, ok := errors.AsType[*store.CorruptError](err); ok {
		return told("%s is damaged: %v: save what can be read with %s", x.File, x.Err, rebuild)
	}
	switch {
	case errors.Is(err, store.ErrNotArchive):
		return told("%s: no archive is here: make one with 'dedupe archive add --archive %s INPUT...'", o.dir, o.dir)
	case errors.Is(err, store.ErrExists):
		return told("%s: the folder holds other files and no archive: name another one, which may be missing or empty", o.dir)
	case errors.Is(err, store.ErrLocked):
		return told("%s: another program is writing to the archive: try again when it has ended", o.dir)
	}
	return err
}

// copies are the relations that an archive knows.
func copies() []verdict.Relation {
	return slices.DeleteFunc(verdict.Relations(), func(r verdict.Relation) bool { return r == verdict.Related })
}

// parseCopies reads the names of a --relation flag of a command on an archive.
func parseCopies(names []string) ([]verdict.Relation, error) {
	relations, err := parseRelations(names)
	if err == nil && slices.Contains(relations, verdict.Related) {
		err = usagef("--relation: an archive does not know what is related; scan finds it")
	}
	return relations, err
}

// idOptions name articles of an archive.
type idOptions struct{ file string }

// AddFlags adds --ids.
func (o *idOptions) AddFlags(f *pflag.FlagSet) {
	f.StringVar(&o.file, "ids", "", "read ids from `FILE` too, one a line; - is standard input")
}

// read gathers the ids, each once.
func (o *idOptions) read(args []string, s *Streams) ([]string, error) {
	ids := slices.Clone(args)
	if o.file != "" {
		in := s.In
		if o.file != "-" {
			file, err := os.Open(o.file)
			if err != nil {
				return nil, fmt.Errorf("--ids: %s: %w", o.file, reasonOf(err))
			}
			defer file.Close()
			in = file
		}
		more, err := readIDs(in)
		if err != nil {
			return nil, fmt.Errorf("--ids: %s: %w", o.file, reasonOf(err))
		}
		ids = append(ids, more...)
	}
	if len(ids) == 0 && o.file == "" {
		return nil, usagef("no ID given: name articles, or a file of ids with --ids")
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(ids, func(id string) bool {
		before := seen[id]
		seen[id] = true
		return before
	}), nil
}

// readIDs reads lines of any length, but for blank ones.
func readIDs(in io.Reader) (lines []string, err error) {
	for r := bufio.NewReader(in); ; {
		line, err := r.ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			lines = append(lines, line)
		}
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
