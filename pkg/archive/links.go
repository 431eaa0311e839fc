package archive

import (
	"encoding/binary"
	"math"

	"github.com/calque-dev/calque/pkg/verdict"
)

// link is what a document keeps of its text and another: the score by which one of them
// proposes the other, and what comparing them gave.
type link struct {
	other uint32
	score uint32 // 0: neither proposes the other
	edge  *edge  // nil: they were not compared, or in vain
}

const (
	linkScore = 1 << iota
	linkRival
	linkHolds
	linkCross
	linkFirst // the document's text is the edge's a
)

// appendLinks writes the links of a text.
func appendLinks(b []byte, t *wording, links []link) []byte {
	b = binary.AppendUvarint(b, uint64(len(links)))
	for _, l := range links {
		b = append(b, l.flags(t))
		b = binary.AppendUvarint(b, uint64(l.other))
		if l.score > 0 {
			b = binary.AppendUvarint(b, uint64(l.score))
		}
		if e := l.edge; e != nil && e.rival {
			for _, sides := range [][2]float64{e.features.BiMax, e.features.Held, e.features.Marks} {
				b = appendFloat32s(b, sides)
			}
		}
		if e := l.edge; e != nil && e.holds {
			b = append(b, byte(e.relation))
			b = appendFloat64s(b, e.score, e.coverage[0], e.coverage[1])
			b = appendFloat64s(b, e.features.Values[:]...)
		}
	}
	return b
}

func (l *link) flags(t *wording) byte {
	flags := byte(0)
	if l.score > 0 {
		flags |= linkScore
	}
	if e := l.edge; e != nil {
		if e.rival {
			flags |= linkRival
		}
		if e.holds {
			flags |= linkHolds
		}
		if e.features.Cross {
			flags |= linkCross
		}
		if e.a == t {
			flags |= linkFirst
		}
	}
	return flags
}

func appendFloat32s(b []byte, xs [2]float64) []byte {
	for _, x := range xs {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(x)))
	}
	return b
}

func appendFloat64s(b []byte, xs ...float64) []byte {
	for _, x := range xs {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

// storedLink is a link as it is read: first tells that the document's text is a of its
// edge, whose texts are not known yet.
type storedLink struct {
	link
	first bool
}

// parseLinks reads what appendLinks wrote.
func parseLinks(b []byte) ([]storedLink, error) {
	if len(b) == 0 {
		return nil, nil
	}
	r := reader{b: b}
	n := r.uvarint()
	if n > uint64(len(b)) {
		return nil, errColumn
	}
	links := make([]storedLink, 0, n)
	for range n {
		flags := r.byte()
		l := storedLink{first: flags&linkFirst != 0}
		l.other = uint32(r.uvarint())
		if flags&linkScore != 0 {
			l.score = uint32(r.uvarint())
		}
		if flags&(linkRival|linkHolds) != 0 {
			l.edge = r.edge(flags)
		}
		if r.failed {
			return nil, errColumn
		}
		links = append(links, l)
	}
	return links, nil
}

func (r *reader) edge(flags byte) *edge {
	e := &edge{rival: flags&linkRival != 0, holds: flags&linkHolds != 0}
	e.features.Cross = flags&linkCross != 0
	if e.rival {
		for _, sides := range []*[2]float64{&e.features.BiMax, &e.features.Held, &e.features.Marks} {
			sides[0], sides[1] = r.float32(), r.float32()
		}
	}
	if e.holds {
		e.relation = verdict.Relation(r.byte())
		e.score, e.coverage[0], e.coverage[1] = r.float64(), r.float64(), r.float64()
		for i := range e.features.Values {
			e.features.Values[i] = r.float64()
		}
	}
	return e
}

func (r *reader) float32() float64 { return float64(math.Float32frombits(r.uint32())) }
func (r *reader) float64() float64 { return math.Float64frombits(r.uint64()) }
