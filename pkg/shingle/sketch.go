package shingle

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

const (
	// sketchConcepts is the number of concepts that a sketch keeps of a shingle: those that
	// weigh most in it.
	sketchConcepts = 8
	// sketchPlaces is in how many shingles of the other article a concept is looked for, the
	// first ones: what stands in more tells no shingle from the next.
	sketchPlaces = 4
)

// Sketch is what each shingle of an article is about, in a few hundred bytes: enough to
// tell most articles that are no copies of one another without their texts.
type Sketch struct {
	shingles uint32
	places   []uint32 // in order: a concept, folded to 16 bits, and a shingle that it stands in
}

func sketchPlace(concept uint16, shingle int) uint32 { return uint32(concept)<<16 | uint32(shingle) }

// heaviest are the concepts that weigh most in one shingle, the heaviest first, below the
// bits of their weights, which order as the weights do: none is negative.
type heaviest struct {
	weighted [sketchConcepts]uint64
	n        int
}

// concepts are the concepts, each in the lower half of a number.
func (h *heaviest) concepts() []uint64 { return h.weighted[:h.n] }

// heaviestOf are those of every shingle; of equals those with the lesser concept. They
// hold until the next call.
func (b *Builder) heaviestOf(a *Article) []heaviest {
	shingles := slices.Grow(b.heavy[:0], len(a.Shingles))[:len(a.Shingles)]
	for i := range shingles {
		shingles[i].n = 0
	}
	for i := range a.Entries { // by concept, so that the lesser of equals stays
		e := &a.Entries[i]
		h := &shingles[e.Shingle]
		weight := math.Float32bits(e.Weight)
		at := h.n
		if at < sketchConcepts {
			h.n++
		} else if at--; uint32(h.weighted[at]>>32) >= weight {
			continue
		}
		for ; at > 0 && uint32(h.weighted[at-1]>>32) < weight; at-- {
			h.weighted[at] = h.weighted[at-1]
		}
		h.weighted[at] = uint64(weight)<<32 | uint64(e.Concept)
	}
	b.heavy = shingles
	return shingles
}

// newSketch makes the sketch of the heaviest concepts of shingles. There are no more than
// maxShingles, so that their numbers fit.
func newSketch(shingles []heaviest) Sketch {
	s := Sketch{shingles: uint32(len(shingles)), places: make([]uint32, 0, sketchConcepts*len(shingles))}
	for i := range shingles {
		for _, c := range shingles[i].concepts() {
			s.places = append(s.places, sketchPlace(uint16(c>>16)^uint16(c), i))
		}
	}
	s.sort()
	return s
}

func (s *Sketch) sort() {
	sortHashes(s.places)
	s.places = slices.Compact(s.places)
}

// IsEmpty reports whether the sketch knows nothing.
func (s *Sketch) IsEmpty() bool { return len(s.places) == 0 }

// Size is about the memory that the sketch takes, in bytes.
func (s *Sketch) Size() int { return 32 + 4*cap(s.places) }

// Held is the share of the concepts of s, 0 to 1, that stand together in t as well: those
// that a shingle of s shares with that shingle of t with which it shares most, if they
// are two or more.
func (s *Sketch) Held(t *Sketch) float64 {
	if s.IsEmpty() {
		return 0
	}
	var buffer [512]uint32
	held := 0
	// Each run of equal meetings is a pair of shingles with so many concepts in common.
	met := s.meetings(t, buffer[:0])
	for i := 0; i < len(met); {
		best, own := 1, met[i]>>16
		for i < len(met) && met[i]>>16 == own {
			from := i
			for i < len(met) && met[i] == met[from] {
				i++
			}
			best = max(best, i-from)
		}
		if best > 1 {
			held += best
		}
	}
	return float64(held) / float64(len(s.places))
}

// meetings appends, in order, a shingle of s and one of t for every concept that both have.
func (s *Sketch) meetings(t *Sketch, out []uint32) []uint32 {
	for i, j := 0, 0; i < len(s.places) && j < len(t.places); {
		concept, other := s.places[i]>>16, t.places[j]>>16
		switch {
		case concept < other:
			i++
		case concept > other:
			j++
		default:
			from := j
			for j < len(t.places) && t.places[j]>>16 == concept {
				j++
			}
			for ; i < len(s.places) && s.places[i]>>16 == concept; i++ {
				for _, p := range t.places[from:min(j, from+sketchPlaces)] {
					out = append(out, s.places[i]<<16|p&0xffff)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// AppendBinary appends the sketch as ParseSketch reads it. It does not fail.
func (s *Sketch) AppendBinary(b []byte) ([]byte, error) {
	own := make([][]uint16, s.shingles)
	for _, p := range s.places {
		own[p&0xffff] = append(own[p&0xffff], uint16(p>>16))
	}
	b = binary.AppendUvarint(b, uint64(s.shingles))
	for _, concepts := range own {
		b = append(b, byte(len(concepts)))
		for _, c := range concepts {
			b = binary.LittleEndian.AppendUint16(b, c)
		}
	}
	return b, nil
}

// ErrSketch is returned for bytes that are no sketch.
var ErrSketch = errors.New("not a sketch")

// ParseSketch reads a sketch and returns what follows it. It fails with ErrSketch.
func ParseSketch(b []byte) (s Sketch, rest []byte, err error) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > maxShingles {
		return Sketch{}, nil, ErrSketch
	}
	b = b[size:]
	s.shingles = uint32(n)
	for i := range int(n) {
		if len(b) == 0 || int(b[0]) > sketchConcepts || len(b) < 1+2*int(b[0]) {
			return Sketch{}, nil, ErrSketch
		}
		own := b[1 : 1+2*int(b[0])]
		b = b[1+len(own):]
		for ; len(own) > 0; own = own[2:] {
			s.places = append(s.places, sketchPlace(binary.LittleEndian.Uint16(own), i))
		}
	}
	s.sort()
	return s, b, nil
}

// Equal reports whether two sketches are the same.
func (s Sketch) Equal(t Sketch) bool {
	return s.shingles == t.shingles && slices.Equal(s.places, t.places)
}
