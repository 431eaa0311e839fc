package shingle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"iter"
	"math"
	"math/bits"
	"slices"

	"github.com/calque-dev/calque/pkg/lexicon"
)

const (
	// sketchConcepts is the number of concepts that a sketch keeps of a shingle: those that
	// weigh most in it.
	sketchConcepts = 8
	// sketchPlaces is in how many shingles of its article a concept is kept, the first ones:
	// what stands in more tells no shingle from the next.
	sketchPlaces = 4
)

// Sketch is what each shingle of an article is about, in a few hundred bytes: enough to
// tell most articles that are no copies of one another without their texts. It is a
// byte for each shingle, the number of its concepts, before the concepts, folded to
// two bytes each.
type Sketch struct{ bytes []byte }

// heaviest are the concepts that weigh most in one shingle, the heaviest first, of equals the
// lesser: their complements, below the bits of their weights, which order as the weights do,
// since none is negative.
type heaviest struct {
	weighted [sketchConcepts]uint64
	n        int
}

// concepts yields the concepts.
func (h *heaviest) concepts() iter.Seq[lexicon.Concept] {
	return func(yield func(lexicon.Concept) bool) {
		for _, w := range h.weighted[:h.n] {
			if !yield(lexicon.Concept(^uint32(w))) {
				return
			}
		}
	}
}

// add takes a concept in that is not there yet, if it is among the heaviest.
func (h *heaviest) add(weight float32, c lexicon.Concept) {
	w := uint64(math.Float32bits(weight))<<32 | uint64(^uint32(c))
	at := h.n
	if at < sketchConcepts {
		h.n++
	} else if at--; h.weighted[at] > w {
		return
	}
	for ; at > 0 && h.weighted[at-1] < w; at-- {
		h.weighted[at] = h.weighted[at-1]
	}
	h.weighted[at] = w
}

// heaviestOf are those of every shingle. They hold until the next call.
func (b *Builder) heaviestOf(a *Article) []heaviest {
	shingles := slices.Grow(b.heavy[:0], len(a.Shingles))[:len(a.Shingles)]
	for i := range shingles {
		shingles[i].n = 0
	}
	for i := range a.Entries {
		e := &a.Entries[i]
		shingles[e.Shingle].add(e.Weight, e.Concept)
	}
	b.heavy = shingles
	return shingles
}

// fold is a concept as a sketch has it.
func fold(c lexicon.Concept) uint16 { return uint16(c>>16) ^ uint16(c) }

// sketchOf makes the sketch of the heaviest concepts of shingles, behind out.
func (b *Builder) sketchOf(out []byte, shingles []heaviest) Sketch {
	if b.kept == nil {
		b.kept = new([1 << 16]uint8)
	}
	out = slices.Grow(out, len(shingles)*(1+2*sketchConcepts))
	for i := range shingles {
		count := len(out)
		out = append(out, 0)
		for concept := range shingles[i].concepts() {
			c := fold(concept)
			if b.kept[c] < sketchPlaces && !holdsConcept(out[count+1:], c) {
				b.kept[c]++
				out = binary.LittleEndian.AppendUint16(out, c)
				out[count]++
			}
		}
	}
	for i := range shingles {
		for c := range shingles[i].concepts() {
			b.kept[fold(c)] = 0
		}
	}
	return Sketch{slices.Clip(out)}
}

func holdsConcept(concepts []byte, c uint16) bool {
	for ; len(concepts) > 0; concepts = concepts[2:] {
		if binary.LittleEndian.Uint16(concepts) == c {
			return true
		}
	}
	return false
}

// IsEmpty reports whether the sketch knows nothing.
func (s Sketch) IsEmpty() bool { return len(s.bytes) == 0 }

// Size is about the memory that the sketch takes, in bytes.
func (s Sketch) Size() int { return 24 + cap(s.bytes) }

// Equal reports whether two sketches are the same.
func (s Sketch) Equal(t Sketch) bool { return bytes.Equal(s.bytes, t.bytes) }

// AppendBinary appends the sketch as ParseSketch reads it. It does not fail.
func (s Sketch) AppendBinary(b []byte) ([]byte, error) { return append(b, s.bytes...), nil }

// ErrSketch is returned for bytes that are no sketch.
var ErrSketch = errors.New("not a sketch")

// ParseSketch reads a sketch, which keeps the bytes. It fails with ErrSketch.
func ParseSketch(b []byte) (Sketch, error) {
	shingles := 0
	for rest := b; len(rest) > 0; shingles++ {
		n := 1 + 2*int(rest[0])
		if rest[0] > sketchConcepts || len(rest) < n || shingles == maxShingles {
			return Sketch{}, ErrSketch
		}
		if !distinct(rest[1:n]) {
			return Sketch{}, ErrSketch
		}
		rest = rest[n:]
	}
	return Sketch{b}, nil
}

// distinct reports whether no concept stands twice, as it is in a shingle: most often the
// concepts differ in their last bits already.
func distinct(concepts []byte) bool {
	var last uint64
	for c := concepts; len(c) > 1; c = c[2:] {
		last |= 1 << (c[0] % 64)
	}
	if bits.OnesCount64(last) == len(concepts)/2 {
		return true
	}
	for i := 2; i < len(concepts); i += 2 {
		if holdsConcept(concepts[:i], binary.LittleEndian.Uint16(concepts[i:])) {
			return false
		}
	}
	return true
}

// Comparer compares the sketch of one article with those of many others. The zero value
// has the empty sketch. It takes a few hundred kilobytes and serves one goroutine.
type Comparer struct {
	first  [1 << 16]uint16    // by concept: one of its places in own, plus one; 0: it has none
	places []place            // of the concepts of own
	tally  [maxShingles]uint8 // by shingle of own: concepts in common with a shingle of the other
	best   [maxShingles]uint8 // by shingle of own: the most of these
	met    []uint16           // shingles of own with a tally
	shared []uint16           // shingles of own with a best
}

// place is where a concept stands.
type place struct {
	concept uint16
	shingle uint16
	next    uint16 // the place of the concept before, as in Comparer.first
}

// Set has the Comparer compare s with others. It does not keep s.
func (c *Comparer) Set(s Sketch) {
	for _, p := range c.places {
		c.first[p.concept] = 0
	}
	c.places = c.places[:0]
	shingle := uint16(0)
	s.each(func(concepts []byte) {
		for ; len(concepts) > 0; concepts = concepts[2:] {
			concept := binary.LittleEndian.Uint16(concepts)
			c.places = append(c.places, place{concept, shingle, c.first[concept]})
			c.first[concept] = uint16(len(c.places))
		}
		shingle++
	})
}

// each yields the concepts of every shingle.
func (s Sketch) each(yield func(concepts []byte)) {
	for b := s.bytes; len(b) > 0; {
		n := 1 + 2*int(b[0])
		yield(b[1:n])
		b = b[n:]
	}
}

// Held is the share of the concepts of the own sketch, 0 to 1, that stand together in t as
// well, and the other way round: those that a shingle shares with that shingle of the
// other article with which it shares most, if they are two or more.
func (c *Comparer) Held(t Sketch) (own, other float64) {
	held, size := 0, 0
	t.each(func(concepts []byte) {
		size += len(concepts) / 2
		for ; len(concepts) > 0; concepts = concepts[2:] {
			for p := c.first[binary.LittleEndian.Uint16(concepts)]; p != 0; p = c.places[p-1].next {
				c.count(c.places[p-1].shingle)
			}
		}
		if most := c.settle(); most > 1 {
			held += int(most)
		}
	})
	mine := 0
	for _, shingle := range c.shared {
		if c.best[shingle] > 1 {
			mine += int(c.best[shingle])
		}
		c.best[shingle] = 0
	}
	c.shared = c.shared[:0]
	return float64(mine) / float64(max(len(c.places), 1)), float64(held) / float64(max(size, 1))
}

// count notes a concept in common with a shingle of own.
func (c *Comparer) count(shingle uint16) {
	if c.tally[shingle] == 0 {
		c.met = append(c.met, shingle)
	}
	c.tally[shingle]++
}

// settle ends a shingle of the other article. It returns the most concepts that it has in
// common with one of own.
func (c *Comparer) settle() (most uint8) {
	for _, shingle := range c.met {
		n := c.tally[shingle]
		most = max(most, n)
		if c.best[shingle] == 0 {
			c.shared = append(c.shared, shingle)
		}
		c.best[shingle] = max(c.best[shingle], n)
		c.tally[shingle] = 0
	}
	c.met = c.met[:0]
	return most
}
