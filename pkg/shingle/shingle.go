// Package shingle turns an article into what it is compared by.
//
// In comes an article.Article in a known language; out comes an Article: shingles
// (its sentences) with their vectors over the concepts of package lexicon, the
// numbers and names in them, the word runs of the text, and the keys by which
// package candidate finds partners: pairs of concepts that stand in one sentence.
package shingle

import (
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
)

// Article is an analysed article.
type Article struct {
	Language article.Language
	Hash     article.Hash // of the normalised body
	Shingles []Shingle
	Entries  []Entry  // the shingle vectors, by concept, then shingle
	Marks    []Mark   // numbers and names, by shingle, then concept
	Title    []Entry  // vector of the headline; Entry.Shingle is 0
	Words    int      // words and numbers, furniture apart
	Grams    []uint32 // distinct runs of three words, hashed, in order

	Concepts []lexicon.Concept // distinct, sorted: those of Entries
	Mentions []float32         // the greatest weight of each of Concepts in a shingle
	Sieve    Sieve             // of Concepts
	Topic    float64           // length of the vector of Mentions, each to the third power

	Keys       []Key              // what the article is found by, in order, each once
	Rare       []lexicon.Weighted // the rarest concepts, in order of concept, weight idf
	RareWeight float32            // sum of their weights
	Sketch     Sketch             // what each shingle is about
	Folded     []uint16           // in place of Concepts, from BuildKeys: what an Outline has of them, each once
}

// Shingle is a sentence, or a few short ones where the text is very long.
type Shingle struct {
	Span     article.Span
	Weight   float32 // sum of the weights of its words
	Norm     float32 // length of its vector
	Next     float32 // dot product with the next shingle's vector
	Second   float32 // and with that of the one after it
	Words    int
	Headline bool
}

// Entry is one coordinate of a shingle vector, not divided by Shingle.Norm.
type Entry struct {
	Concept lexicon.Concept
	Shingle uint32
	Weight  float32
}

// Mark is a number or a name in a shingle: what a copy must not change.
type Mark struct {
	Shingle uint32
	Concept lexicon.Concept
	Kind    MarkKind
}

// Sieve is a set of concepts that may hold more than were added, never less: a bit for
// every value of a concept's first twelve bits.
type Sieve [4096 / 64]uint64

func (s *Sieve) add(c lexicon.Concept) { s[c>>26] |= 1 << (c >> 20 & 63) }

// MayHold reports whether the concept may have been added.
func (s *Sieve) MayHold(c lexicon.Concept) bool { return s[c>>26]&(1<<(c>>20&63)) != 0 }

// MarkKind tells what a mark is.
type MarkKind uint8

// The kinds of mark.
const (
	NumberMark MarkKind = iota
	NameMark
)

// Bytes is the text inside shingles, in bytes: what coverage is a share of.
func (a *Article) Bytes() int {
	n := 0
	for _, s := range a.Shingles {
		n += s.Span.Len()
	}
	return n
}

// Size is about the memory that the article takes, in bytes.
func (a *Article) Size() int {
	return 1024 + 48*len(a.Shingles) + 12*(len(a.Entries)+len(a.Marks)+len(a.Title)) +
		4*(len(a.Grams)+2*len(a.Concepts)) + 2*len(a.Folded) + 8*len(a.Rare) + 4*len(a.Keys) + a.Sketch.Size()
}
