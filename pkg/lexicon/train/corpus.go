package train

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/text"
)

// maxTokens is the longest sentence used, in tokens; longer ones align badly and
// cost the square of their length.
const maxTokens = 80

// side is one language of a corpus: the terms of every sentence as ids, in one
// row-compressed table.
type side struct {
	terms []string // id → term
	count []int32  // id → occurrences
	ids   []uint32
	start []int // sentence → where its ids begin; one more at the end
}

func (s *side) sentence(i int) []uint32 { return s.ids[s.start[i]:s.start[i+1]] }
func (s *side) sentences() int          { return len(s.start) - 1 }

// corpus is sentence-aligned text: sentence i of one side translates sentence i
// of the other.
type corpus struct{ english, french side }

// readFolder reads every pair of files X.en and X.fr (plain or .zst) of a folder, and
// its names.en-fr.tsv if there is one.
func readFolder(ctx context.Context, dir string) (*corpus, error) {
	names, err := pairNames(dir)
	if err != nil {
		return nil, err
	}
	english, french := newReader(ctx, article.English), newReader(ctx, article.French)
	for _, name := range names {
		var group errgroup.Group
		group.Go(func() error { return english.read(name) })
		group.Go(func() error { return french.read(name) })
		if err := group.Wait(); err != nil {
			return nil, err
		}
		if e, f := english.sentences(), french.sentences(); e != f {
			return nil, fmt.Errorf("%s: the English and the French file differ by %d lines", name, max(e-f, f-e))
		}
	}
	if err := readNames(filepath.Join(dir, "names.en-fr.tsv"), english, french); err != nil {
		return nil, err
	}
	useful := func(i int) bool { return fits(len(english.sentence(i)), len(french.sentence(i))) }
	return &corpus{english.frequent(useful), french.frequent(useful)}, nil
}

// nameWeight is how many sentences a pair of names counts for: enough to be learned.
const nameWeight = minCount

// readNames reads lines of an English name, a tab and its French form (more columns
// are passed over) as sentence pairs. No file is no names.
func readNames(path string, english, french *reader) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for line, err := range Lines(path) {
		if err != nil {
			return err
		}
		columns := strings.Split(line, "\t")
		if len(columns) < 2 {
			return fmt.Errorf("%s: %q is not two names with a tab between them", path, line)
		}
		for range nameWeight {
			english.line(columns[0])
			french.line(columns[1])
		}
	}
	return nil
}

// fits reports whether a sentence pair is of use: neither empty, nor too long, nor
// so unlike in length that it can be no translation.
func fits(e, f int) bool {
	return e > 0 && f > 0 && e <= maxTokens && f <= maxTokens && e <= 3*f+5 && f <= 3*e+5
}

// pairNames lists the paths, less ".en" and what follows, in order.
func pairNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, fmt.Errorf("%s: %w", dir, pathError.Err)
	}
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".zst")
		for _, language := range []string{".en", ".fr"} {
			if base, ok := strings.CutSuffix(name, language); ok {
				found[filepath.Join(dir, base)] = true
			}
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: no pair of files NAME.en and NAME.fr (or .en.zst and .fr.zst) in it", dir)
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// reader reads the sentences of one language and numbers their terms as they come.
type reader struct {
	side
	ctx     context.Context // ends reading
	scanner *text.Scanner
	id      map[string]uint32
}

func newReader(ctx context.Context, language article.Language) *reader {
	return &reader{ctx: ctx, side: side{start: []int{0}}, scanner: text.NewScanner(language), id: map[string]uint32{}}
}

// read adds the lines of name.language, or of the same compressed.
func (r *reader) read(name string) error {
	path := name + "." + string(r.scanner.Language())
	if _, err := os.Stat(path); err != nil {
		path += ".zst"
	}
	for line, err := range Lines(path) {
		if err == nil {
			err = r.ctx.Err()
		}
		if err != nil {
			return err
		}
		r.line(line)
	}
	return nil
}

// line adds the terms of one line as a sentence.
func (r *reader) line(line string) {
	for _, s := range r.scanner.Sentences(&article.Article{Text: line}) {
		for _, t := range s.Tokens {
			r.add(lexicon.TermOf(t))
		}
	}
	r.start = append(r.start, len(r.ids))
}

func (r *reader) add(term string) {
	id, ok := r.id[term]
	if !ok {
		id = uint32(len(r.terms))
		r.id[term] = id
		r.terms = append(r.terms, term)
		r.count = append(r.count, 0)
	}
	r.count[id]++
	r.ids = append(r.ids, id)
}

// Lines yields the lines of a file, which may be compressed with zstd.
func Lines(path string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		file, err := os.Open(path)
		if err != nil {
			yield("", err)
			return
		}
		defer file.Close()
		var r io.Reader = file
		if strings.HasSuffix(path, ".zst") {
			z, err := zstd.NewReader(file)
			if err != nil {
				yield("", fmt.Errorf("%s: %w", path, err))
				return
			}
			defer z.Close()
			r = z
		}
		buffered := bufio.NewReaderSize(r, 1<<20)
		for {
			line, err := buffered.ReadString('\n')
			if line != "" && !yield(strings.TrimRight(line, "\r\n"), nil) || err == io.EOF {
				return
			}
			if err != nil {
				yield("", fmt.Errorf("%s: %w", path, err))
				return
			}
		}
	}
}

// minCount is how often a term must occur to be learned.
const minCount = 3

// frequent keeps the useful sentences and the terms that occur often enough, numbered
// anew with the most frequent first.
func (r *reader) frequent(useful func(sentence int) bool) side {
	s := side{start: []int{0}}
	var kept []uint32
	for id, n := range r.count {
		if n >= minCount {
			kept = append(kept, uint32(id))
		}
	}
	slices.SortFunc(kept, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(r.count[b], r.count[a]), strings.Compare(r.terms[a], r.terms[b]))
	})
	const dropped = ^uint32(0)
	place := make([]uint32, len(r.terms))
	for i := range place {
		place[i] = dropped
	}
	for i, id := range kept {
		place[id] = uint32(i)
		s.terms = append(s.terms, r.terms[id])
		s.count = append(s.count, r.count[id])
	}
	for i := range r.sentences() {
		if !useful(i) {
			continue
		}
		for _, id := range r.sentence(i) {
			if p := place[id]; p != dropped {
				s.ids = append(s.ids, p)
			}
		}
		s.start = append(s.start, len(s.ids))
	}
	return s
}
