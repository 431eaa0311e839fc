package shingle

import (
	"encoding/binary"
	"errors"
)

// Outline is the concepts of an article, and its rare ones with their weights, in about a
// kilobyte: enough to tell, without its text, of many articles that they share too little
// with it to be compared.
//
// It is the number of rare concepts in four bytes; these, three bytes each, a concept
// folded to two and its idf in steps of a sixteenth; and all concepts, folded to two bytes.
type Outline struct{ bytes []byte }

const (
	outlineHead = 4
	outlineRare = 3
	outlineStep = 16 // of a unit of idf

	// OutlineError is by how much a share that Outlines tell may be off for the rounding of
	// weights, which are over minKeyIDF. Folding makes it greater only.
	OutlineError = 0.025
)

// AppendOutline appends the outline of the article, as ParseOutline reads it.
func (a *Article) AppendOutline(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(a.Rare)))
	for _, w := range a.Rare {
		b = binary.LittleEndian.AppendUint16(b, fold(w.Concept))
		b = append(b, byte(min(w.Weight*outlineStep+0.5, 255)))
	}
	for _, c := range a.Concepts {
		b = binary.LittleEndian.AppendUint16(b, fold(c))
	}
	for _, c := range a.Folded {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return b
}

// OutlineSize is the length of what AppendOutline appends.
func (a *Article) OutlineSize() int {
	return outlineHead + outlineRare*len(a.Rare) + 2*(len(a.Concepts)+len(a.Folded))
}

// foldedSet collects folded concepts.
type foldedSet struct {
	set   conceptSet
	added []uint16
}

func (s *foldedSet) add(c uint16) {
	if !s.set.holds(c) {
		s.set[c>>6] |= 1 << (c & 63)
		s.added = append(s.added, c)
	}
}

// take appends what was added, each once, and empties the set.
func (s *foldedSet) take(dst []uint16) []uint16 {
	for _, c := range s.added {
		s.set[c>>6] = 0
	}
	dst = append(dst, s.added...)
	s.added = s.added[:0]
	return dst
}

// ErrOutline is returned for bytes that are no outline.
var ErrOutline = errors.New("not an outline")

// ParseOutline reads an outline, which keeps the bytes. It fails with ErrOutline.
func ParseOutline(b []byte) (Outline, error) {
	if len(b) < outlineHead {
		return Outline{}, ErrOutline
	}
	rare := uint64(binary.LittleEndian.Uint32(b)) * outlineRare
	if rest := uint64(len(b) - outlineHead); rare > rest || (rest-rare)%2 != 0 {
		return Outline{}, ErrOutline
	}
	return Outline{b}, nil
}

// parts are the rare concepts and all concepts.
func (o Outline) parts() (rare, concepts []byte) {
	if len(o.bytes) == 0 {
		return nil, nil
	}
	n := outlineHead + outlineRare*int(binary.LittleEndian.Uint32(o.bytes))
	return o.bytes[outlineHead:n], o.bytes[n:]
}

// OutlineComparer compares the outline of one article with those of many others. The zero
// value has an empty one. It serves one goroutine.
type OutlineComparer struct {
	own         []byte // an outline
	mine, their conceptSet
}

// conceptSet has a bit for every folded concept.
type conceptSet [1 << 16 / 64]uint64

func (s *conceptSet) holds(c uint16) bool { return s[c>>6]&(1<<(c&63)) != 0 }

func (s *conceptSet) put(concepts []byte) {
	for ; len(concepts) > 0; concepts = concepts[2:] {
		c := binary.LittleEndian.Uint16(concepts)
		s[c>>6] |= 1 << (c & 63)
	}
}

func (s *conceptSet) take(concepts []byte) {
	for ; len(concepts) > 0; concepts = concepts[2:] {
		s[binary.LittleEndian.Uint16(concepts)>>6] = 0
	}
}

// Set has the comparer compare o with others. It does not keep o.
func (c *OutlineComparer) Set(o Outline) {
	_, concepts := Outline{c.own}.parts()
	c.mine.take(concepts)
	c.own = append(c.own[:0], o.bytes...)
	_, concepts = o.parts()
	c.mine.put(concepts)
}

// Held is the share, by idf, of the rare concepts of own that o has, and the other way
// round, within OutlineError or too great.
func (c *OutlineComparer) Held(o Outline) (own, other float64) {
	mine, _ := Outline{c.own}.parts()
	their, concepts := o.parts()
	c.their.put(concepts)
	own, other = c.their.share(mine), c.mine.share(their)
	c.their.take(concepts)
	return own, other
}

// share is the share of rare concepts, by weight, that are in the set.
func (s *conceptSet) share(rare []byte) float64 {
	held, all := 0, 0
	for ; len(rare) > 0; rare = rare[outlineRare:] {
		weight := int(rare[2])
		all += weight
		if s.holds(binary.LittleEndian.Uint16(rare)) {
			held += weight
		}
	}
	return float64(held) / float64(max(all, outlineStep))
}
