package shingle

import (
	"math"

	"github.com/zeebo/xxh3"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/text"
)

// speaker is the scanner of one language with the sense of each form it met.
type speaker struct {
	language   article.Language
	scanner    *text.Scanner
	generation int
	words      []word             // by Form.ID: the common ones, which are met early, lie together
	concepts   []lexicon.Weighted // of all words, share × weight
}

// word is a form's sense, ready for vectors.
type word struct {
	first, count uint32  // speaker.concepts[first:first+count] are its own
	weight       float32 // trust × idf^idfPower
	read         bool    // false in a place that waits for its form
	known        bool
	common       bool // counts in short sentences only
	hash         uint64
	article      uint32           // the last that had the word
	number       uint32           // in the Dictionary
	rarest       lexicon.Weighted // the first concept, with the plain idf
	second       lexicon.Weighted // likewise
}

// Listener is told the sentences into which a text was cut, furniture among them, by the
// scanner of its language. They hold until it returns.
type Listener func(scanner *text.Scanner, s string, sentences []text.Sentence)

// Listen has what Build reads told to a listener, for who needs the words of an article
// too: its text, then its title if it has one. Nil ends it.
func (b *Builder) Listen(l Listener) { b.listener = l }

// sentences are those of the scanner, whose forms the words are then known by.
func (b *Builder) sentences(s *speaker, a *article.Article, furniture ...article.Span) []text.Sentence {
	sentences := s.scanner.Sentences(a, furniture...)
	if g := s.scanner.Generation(); g != s.generation {
		s.renumber(g)
	}
	if b.listener != nil {
		b.listener(s.scanner, a.Text, sentences)
	}
	return sentences
}

// renumber follows the scanner to its next generation, in which forms have other ids.
func (s *speaker) renumber(generation int) {
	words, concepts := s.words, s.concepts
	s.words, s.concepts = nil, nil
	if generation == s.generation+1 {
		moved := s.scanner.Moved()
		s.words, s.concepts = make([]word, 0, len(words)), make([]lexicon.Weighted, 0, len(concepts))
		for id, w := range words { // forms keep their order
			if !w.read || moved[id] < 0 {
				continue
			}
			own := concepts[w.first : w.first+w.count]
			w.first = uint32(len(s.concepts))
			s.concepts = append(s.concepts, own...)
			s.place(int(moved[id]))
			s.words[moved[id]] = w
		}
	}
	s.generation = generation
}

// place has room for the word of a form.
func (s *speaker) place(id int) {
	for len(s.words) <= id {
		s.words = append(s.words, word{})
	}
}

// countEntries is how many entries the tokens may have. It asks for the words of a
// sentence one right after the other, so that the memory of all is fetched at a time.
func (b *Builder) countEntries(s *speaker, tokens []text.Token) int {
	n := 0
	for i := range tokens {
		if t := &tokens[i]; t.Kind == text.Number {
			n++
		} else {
			n += int(b.word(s, t).count)
		}
	}
	return n
}

// word is the word of a token, until another is looked up for the first time.
func (b *Builder) word(s *speaker, t *text.Token) *word {
	if id := t.FormID(); id < len(s.words) && s.words[id].read {
		return &s.words[id]
	}
	return b.read(s, t.Form)
}

// read looks a form up in the lexicon.
func (b *Builder) read(s *speaker, form *text.Form) *word {
	s.place(form.ID)
	w := &s.words[form.ID]
	sense := b.lexicon.Meaning(s.language, form, b.english)
	*w = wordOf(sense)
	w.hash, w.first = xxh3.HashString(form.Text), uint32(len(s.concepts))
	for _, c := range sense.Concepts {
		s.concepts = append(s.concepts, lexicon.Weighted{Concept: c.Concept, Weight: c.Weight * w.weight})
	}
	if b.dictionary != nil && w.known {
		w.number = b.dictionary.number(s.language, w, s.concepts[w.first:])
	}
	return w
}

// wordOf is a word of the sense, without its place.
func wordOf(sense lexicon.Sense) word {
	w := word{read: true, known: sense.Known, common: sense.IDF < minIDF, count: uint32(len(sense.Concepts))}
	w.weight = sense.Trust * float32(math.Pow(float64(max(sense.IDF, 0)), idfPower))
	w.rarest, w.second = rarest(sense)
	return w
}

// nearlyAsLikely is the share of the first concept from which the second counts too.
const nearlyAsLikely = 0.8

// rarest are the two likeliest concepts of a sense, weighing its idf; the second
// only when it is nearly as likely.
func rarest(sense lexicon.Sense) (first, second lexicon.Weighted) {
	var a, b lexicon.Weighted
	for _, c := range sense.Concepts {
		if c.Weight > a.Weight {
			a, b = c, a
		} else if c.Weight > b.Weight {
			b = c
		}
	}
	first = lexicon.Weighted{Concept: a.Concept, Weight: sense.IDF * a.Weight}
	if b.Weight > nearlyAsLikely*a.Weight {
		second = lexicon.Weighted{Concept: b.Concept, Weight: sense.IDF * b.Weight}
	}
	return first, second
}
