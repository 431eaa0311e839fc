package train

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
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

// readFolder reads every pair of files X.en and X.fr (plain or .zst) of a folder.
func readFolder(dir string) (*corpus, error) {
	names, err := pairNames(dir)
	if err != nil {
		return nil, err
	}
	var english, french [][]string
	for _, name := range names {
		var pair [2][][]string
		var group errgroup.Group
		for i, language := range []article.Language{article.English, article.French} {
			group.Go(func() (err error) {
				pair[i], err = readTerms(name, language)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
		if len(pair[0]) != len(pair[1]) {
			return nil, fmt.Errorf("%s: %d English lines, %d French ones", name, len(pair[0]), len(pair[1]))
		}
		for i, e := range pair[0] {
			if f := pair[1][i]; fits(len(e), len(f)) {
				english, french = append(english, e), append(french, f)
			}
		}
	}
	c := &corpus{index(english), index(french)}
	return c, nil
}

// fits reports whether a sentence pair is of use: neither empty, nor too long, nor
// so unlike in length that it can be no translation.
func fits(e, f int) bool {
	return e > 0 && f > 0 && e <= maxTokens && f <= maxTokens && e <= 3*f+5 && f <= 3*e+5
}

// pairNames lists the paths, less ".en" and what follows, in order.
func pairNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, e := range entries {
		if base, ok := strings.CutSuffix(strings.TrimSuffix(e.Name(), ".zst"), ".en"); ok {
			found[filepath.Join(dir, base)] = true
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: no pair of files NAME.en and NAME.fr (or .en.zst and .fr.zst) in it", dir)
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// readTerms reads the terms of each line of name.language.
func readTerms(name string, language article.Language) ([][]string, error) {
	path := name + "." + string(language)
	if _, err := os.Stat(path); err != nil {
		path += ".zst"
	}
	var sentences [][]string
	scanner := text.NewScanner(language)
	for line, err := range Lines(path) {
		if err != nil {
			return nil, err
		}
		sentences = append(sentences, Terms(scanner, line))
	}
	return sentences, nil
}

// Terms are the lexicon's terms of a sentence: stems, and numbers behind "#".
func Terms(scanner *text.Scanner, line string) []string {
	var terms []string
	for _, s := range scanner.Sentences(&article.Article{Text: line}) {
		for _, t := range s.Tokens {
			terms = append(terms, lexicon.TermOf(t))
		}
	}
	return terms
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

// index numbers the terms that occur often enough, the most frequent first, and
// drops the others.
func index(sentences [][]string) side {
	counts := map[string]int32{}
	for _, s := range sentences {
		for _, t := range s {
			counts[t]++
		}
	}
	s := side{start: make([]int, 1, len(sentences)+1)}
	for t, n := range counts {
		if n >= minCount {
			s.terms = append(s.terms, t)
		}
	}
	slices.SortFunc(s.terms, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	ids := make(map[string]uint32, len(s.terms))
	for i, t := range s.terms {
		ids[t] = uint32(i)
		s.count = append(s.count, counts[t])
	}
	for _, sentence := range sentences {
		for _, t := range sentence {
			if id, ok := ids[t]; ok {
				s.ids = append(s.ids, id)
			}
		}
		s.start = append(s.start, len(s.ids))
	}
	return s
}
