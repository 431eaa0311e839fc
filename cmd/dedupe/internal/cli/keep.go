package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/report"
)

// The rules of the file of --keep, the pile without its copies:
//
// It has the articles that are read and stay, in the order of the inputs. Where the
// inputs are of one form, and the file is of that form too, each has the very bytes of
// its record: a JSON object with all its fields, a row with all its columns. Objects are
// of one form on lines and in arrays: only the line breaks within an object go, on its way
// to a line. Everything else is written with Calque's own fields, those that package
// ingest reads. A name that does not say its form is that of the inputs, or JSON lines.
//
// A name that ends in a slash is a folder, which gets the files of the inputs: as they
// are when all of their articles stay, without the others where some do; a file whose
// records cannot be taken apart then becomes JSON lines.

// keeper reads the articles for a run that writes down which of them stay. It reads the
// inputs twice; standard input is put into a temporary file on the way.
type keeper struct {
	shape   shape
	inputs  []string
	reading ingest.Options
	spool   *spool
	err     error // an input that cannot be read twice: this ended the reading
}

// read is the first reading.
func (k *keeper) read(ctx context.Context, inputs []string, o ingest.Options) articles {
	return func(yield func(article.Article, error) bool) {
		k.inputs = inputs
		if k.err = k.begin(&o); k.err != nil {
			return
		}
		path := ""
		for r, err := range ingest.Records(ctx, inputs, o) {
			if r.Path != path {
				path = r.Path
				if k.err = readTwice(path); k.err != nil {
					return
				}
			}
			if err == nil {
				k.shape.add(&r)
			}
			if !yield(r.Article, err) {
				return
			}
		}
	}
}

// begin has standard input, if it is one of the inputs, written down.
func (k *keeper) begin(o *ingest.Options) error {
	k.reading = *o
	for _, input := range k.inputs {
		if input != "-" {
			continue
		}
		file, err := os.CreateTemp("", "dedupe-")
		if err != nil {
			return err
		}
		_ = os.Remove(file.Name()) // where open files can be, no kill leaves it behind
		k.spool = &spool{in: o.Stdin, file: file}
		o.Stdin = k.spool
		return nil
	}
	return nil
}

// readTwice refuses what gives its bytes only once.
func readTwice(path string) error {
	if info, err := os.Stat(path); err == nil && path != stdinName && !info.Mode().IsRegular() {
		return usagef("--keep reads the inputs twice, and %s is no regular file; pipe it in, as -", path)
	}
	return nil
}

// stdinName is what package ingest calls standard input.
const stdinName = "stdin"

// again is the second reading.
func (k *keeper) again(ctx context.Context, progress func(read, total int64)) (records, error) {
	o := k.reading
	o.Progress, o.PassedOver = progress, nil // what is passed over was counted
	if k.spool != nil {
		if err := k.spool.rewind(); err != nil {
			return nil, err
		}
		o.Stdin = k.spool.file
	}
	return ingest.Records(ctx, k.inputs, o), nil
}

// close gives the temporary file back.
func (k *keeper) close() {
	if k.spool != nil {
		_ = k.spool.file.Close()
		_ = os.Remove(k.spool.file.Name())
	}
}

// spool is a stream that is written to a file as it is read.
type spool struct {
	in   io.Reader
	file *os.File
	err  error
}

func (s *spool) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	if n > 0 && s.err == nil {
		_, s.err = s.file.Write(p[:n])
	}
	return n, err
}

func (s *spool) rewind() error {
	if s.err == nil {
		_, s.err = s.file.Seek(0, io.SeekStart)
	}
	if s.err != nil {
		return fmt.Errorf("--keep: cannot keep standard input in a temporary file: %w", reasonOf(s.err))
	}
	return nil
}

// survivors tell which records are the articles that stay.
type survivors struct {
	articles report.Articles
	gone     []bool // replaced by another article, or met already
	left     int    // that stay and were not met
}

func newSurvivors(articles report.Articles, removals []report.Removal) (*survivors, error) {
	s := &survivors{articles: articles, gone: make([]bool, articles.Len()), left: articles.Len() - len(removals)}
	for i := range removals {
		n, ok := s.find(removals[i].ID)
		if !ok {
			return nil, fmt.Errorf("no article %q", removals[i].ID)
		}
		s.gone[n] = true
	}
	return s, nil
}

func (s *survivors) find(id string) (int, bool) {
	n := s.articles.Len()
	i := sort.Search(n, func(i int) bool { return s.articles.ID(i) >= id })
	return i, i < n && s.articles.ID(i) == id
}

// meet reports whether an article that is read again is one that stays. Of those with one
// id only that one is which was taken for the pile.
func (s *survivors) meet(a *article.Article) (bool, error) {
	i, ok := s.find(a.ID)
	if !ok || s.gone[i] {
		return false, nil
	}
	known, err := s.articles.Article(i)
	if err != nil || known.Origin != a.Origin || known.Title != a.Title || known.Text != a.Text {
		return false, err
	}
	s.gone[i] = true
	s.left--
	return true, nil
}

// end says when some article was not met.
func (s *survivors) end() error {
	if s.left == 0 {
		return nil
	}
	for i, gone := range s.gone {
		if !gone {
			return fmt.Errorf("--keep: %s changed while it was worked on (%s to write, the first is %q); run again",
				"the input", count(s.left, "article is no longer there", "articles are no longer there"), s.articles.ID(i))
		}
	}
	return nil
}

// write reads the inputs again and writes what stays.
func (k *keeper) write(ctx context.Context, files *outputs, stay *survivors, progress func(read, total int64)) error {
	records, err := k.again(ctx, progress)
	if err != nil {
		return err
	}
	to, err := k.destination(files.of("--keep"))
	if err != nil {
		return err
	}
	defer to.discard()
	filter := &filter{files: files}
	for r, err := range records {
		origin := r.Origin
		if err != nil {
			origin = report.NewReject(err).Origin
		}
		if filter.isOwn(origin) {
			continue
		}
		stays := false
		switch _, rejected := errors.AsType[*ingest.Reject](err); {
		case rejected:
		case err != nil:
			return err
		default:
			if stays, err = stay.meet(&r.Article); err != nil {
				return err
			}
		}
		if err := to.put(&r, stays); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := to.close(); err != nil {
		return err
	}
	return stay.end()
}

// destination is where records that stay are put; the others are shown to it, too.
type destination interface {
	put(r *ingest.Record, stays bool) error
	close() error
	discard() // what it has open, after an error
}

func (k *keeper) destination(f *output) (destination, error) {
	if f.folder != "" {
		return &keptFolder{dir: f.folder, name: f.path, spool: k.spool}, nil
	}
	named, _ := formOf(f.path)
	w, err := k.shape.writer(f, named)
	return &keptFile{w}, err
}

// keptFile is one file for all that stays.
type keptFile struct{ w recordWriter }

func (k *keptFile) put(r *ingest.Record, stays bool) error {
	if !stays {
		return nil
	}
	return k.w.add(r)
}

func (k *keptFile) close() error { return k.w.close() }

func (k *keptFile) discard() {}
