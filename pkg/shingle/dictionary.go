package shingle

import (
	"sync"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
)

// Dictionary numbers the word forms of which the lexicon knows the stem, as they are met, for
// Transcripts. It does not grow with the pile for long, since such forms are limited in number;
// all others stand in the Transcripts themselves. It serves several Builders of one lexicon.
type Dictionary struct {
	mu      sync.RWMutex
	numbers map[form]uint32
	pages   vocabulary
}

// form is a word form of a language, by the hash of its canonical spelling.
type form struct {
	language article.Language
	hash     uint64
}

// vocabulary is the words of a Dictionary by number, as far as they were known when it was
// asked for: what is there does not change.
type vocabulary struct {
	words    []word
	concepts []lexicon.Weighted
}

// NewDictionary makes an empty Dictionary.
func NewDictionary() *Dictionary { return &Dictionary{numbers: map[form]uint32{}} }

// number is that of a word with its concepts, a new one if it has none.
func (d *Dictionary) number(language article.Language, w *word, concepts []lexicon.Weighted) uint32 {
	f := form{language, w.hash}
	d.mu.Lock()
	defer d.mu.Unlock()
	n, ok := d.numbers[f]
	if !ok {
		n = uint32(len(d.pages.words))
		d.numbers[f] = n
		entry := *w
		entry.first = uint32(len(d.pages.concepts))
		d.pages.concepts = append(d.pages.concepts, concepts...)
		d.pages.words = append(d.pages.words, entry)
	}
	return n
}

// read is the words that have a number by now.
func (d *Dictionary) read() vocabulary {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.pages
}
