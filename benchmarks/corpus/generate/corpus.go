package generate

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"github.com/zeebo/xxh3"

	"github.com/calque-dev/calque/pkg/article"
)

// The lengths in bytes of the lines that are used: shorter ones are exclamations and
// headings, longer ones make up too much of an article.
const (
	minSentence = 25
	maxSentence = 900
)

// Errors of ReadCorpus.
var (
	ErrNotAligned = errors.New("the files are not aligned: each line of one must be the translation of the same line of the other")
	ErrTooSmall   = errors.New("the corpus is too small")
)

// side is one of the two languages, as an index.
type side uint8

const (
	english side = iota
	french
)

func (s side) other() side { return 1 - s }

func (s side) language() article.Language {
	return [2]article.Language{article.English, article.French}[s]
}

// Corpus is pairs of sentences that are translations of each other, in their order. No
// English and no French sentence occurs in it twice, nor in other words.
type Corpus struct {
	sentences [2][]string
	document  []int32   // number of the document that a pair is of; nil if that is not known
	slots     [2][]slot // what may be replaced, by sentence
	slotsFrom [2][]int32
}

// Len is the number of pairs.
func (c *Corpus) Len() int { return len(c.sentences[english]) }

// ReadCorpus reads two files of as many lines each, plain or packed as their names say
// (.zst). A third, which may be "", has a document's name for each line. Lines that are
// too short or too long to be sentences of an article, and those that say what an
// earlier one said, are left out.
func ReadCorpus(englishFile, frenchFile, documentFile string) (*Corpus, error) {
	en, err := readLines(englishFile)
	if err != nil {
		return nil, err
	}
	fr, err := readLines(frenchFile)
	if err != nil {
		return nil, err
	}
	if len(en) != len(fr) {
		return nil, fmt.Errorf("%s has %d lines, %s has %d: %w", englishFile, len(en), frenchFile, len(fr), ErrNotAligned)
	}
	if documentFile == "" {
		return newCorpus(en, fr, nil), nil
	}
	documents, err := readLines(documentFile)
	if err != nil {
		return nil, err
	}
	if len(documents) != len(en) {
		return nil, fmt.Errorf("%s has %d lines, %s has %d: want a document's name for each sentence", documentFile, len(documents), englishFile, len(en))
	}
	return newCorpus(en, fr, documents), nil
}

// newCorpus keeps what can be used.
func newCorpus(en, fr, documents []string) *Corpus {
	c := &Corpus{}
	seen := make(map[uint64]struct{}, 2*len(en))
	isNew := func(s string) bool {
		h := xxh3.HashString(article.Normalise(s))
		_, again := seen[h]
		seen[h] = struct{}{}
		return !again
	}
	var again [2][]bool
	var both sync.WaitGroup
	both.Go(func() { again[english] = repeated(en) })
	both.Go(func() { again[french] = repeated(fr) })
	both.Wait()
	number := int32(-1)
	for i := range en {
		if i == 0 || documents != nil && documents[i] != documents[i-1] {
			number++
		}
		e, f := strings.TrimSpace(en[i]), strings.TrimSpace(fr[i])
		if !usable(e, f) {
			continue
		}
		newEnglish, newFrench := isNew(e), isNew(f)
		if !newEnglish || !newFrench || again[english][i] || again[french][i] {
			continue
		}
		c.sentences[english] = append(c.sentences[english], e)
		c.sentences[french] = append(c.sentences[french], f)
		if documents != nil {
			c.document = append(c.document, number)
		}
	}
	c.findSlots()
	return c
}

// usable reports whether a pair can stand in an article: both sides are a line of text, and
// one is not so much longer that something must be missing in the other.
func usable(e, f string) bool {
	shorter, longer := min(len(e), len(f)), max(len(e), len(f))
	return shorter >= minSentence && longer <= maxSentence && longer <= 2*shorter+40 && e != f &&
		utf8.ValidString(e) && utf8.ValidString(f)
}

// begins reports whether sentence i is the first of its document.
func (c *Corpus) begins(i int) bool {
	return c.document != nil && i > 0 && c.document[i] != c.document[i-1]
}

// readLines reads a file, unpacked as its name says.
func readLines(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot open: %w", path, reasonOf(err))
	}
	defer file.Close()
	in := io.Reader(bufio.NewReaderSize(file, 1<<20))
	if strings.HasSuffix(path, ".zst") {
		z, err := zstd.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		defer z.Close()
		in = z
	}
	var whole strings.Builder
	if _, err := io.Copy(&whole, in); err != nil {
		return nil, fmt.Errorf("%s: cannot read: %w", path, reasonOf(err))
	}
	text := strings.TrimSuffix(strings.TrimPrefix(whole.String(), "\ufeff"), "\n")
	if text == "" {
		return nil, fmt.Errorf("%s: the file is empty: %w", path, ErrTooSmall)
	}
	return strings.Split(text, "\n"), nil
}

// reasonOf takes operation and path off an error of the operating system.
func reasonOf(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
