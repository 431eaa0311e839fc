package segment

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	api "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
)

// errForeign is found when a segment has what this package does not write: locations of
// words, shapes, vectors. Bleve merges such ones itself.
var errForeign = errors.New("a segment that is not as this package writes it")

// source is a segment file that is merged.
type source struct {
	order   int // among the segments that are merged
	mem     []byte
	count   uint64 // documents
	stored  uint64 // address of their table
	fields  []fieldEntry
	dropped *roaring.Bitmap // nil: none
	numbers []uint64        // new ones by old one, gone for those that are dropped
}

// gone stands for the number of a document that is dropped.
const gone = ^uint64(0)

// sourceOf reads the footer and the table of fields of a segment.
func sourceOf(s api.Segment, dropped *roaring.Bitmap) (*source, error) {
	z, ok := s.(*zap.Segment)
	if !ok || z.Version() != Version || z.ChunkMode() != zap.DefaultChunkMode || len(z.GetUpdatedFields()) > 0 || z.NumDocs() == 0 {
		return nil, errForeign
	}
	x := &source{mem: z.Data(), count: z.NumDocs(), stored: z.StoredIndexOffset()}
	if dropped != nil && !dropped.IsEmpty() {
		x.dropped = dropped
	}
	if binary.BigEndian.Uint32(x.mem[len(x.mem)-zap.FooterSize:]) != 0 || x.mem[x.stored+8*x.count] != 0 {
		return nil, errForeign // written through a hook, or with documents inside others
	}
	return x, x.readFields(z.SectionsIndexOffset())
}

// readFields reads the table of fields.
func (x *source) readFields(table uint64) error {
	count, n := binary.Uvarint(x.mem[table:])
	x.fields = make([]fieldEntry, count)
	for i := range x.fields {
		at := cursor{x.mem, binary.BigEndian.Uint64(x.mem[table+uint64(n)+8*uint64(i):])}
		f := &x.fields[i]
		f.name = string(at.take(at.uvarint()))
		f.options = at.uvarint()
		for range at.uvarint() {
			kind := binary.BigEndian.Uint16(at.take(2))
			address := binary.BigEndian.Uint64(at.take(8))
			if kind == zap.SectionInvertedTextIndex {
				f.address = address
			} else if address != 0 {
				return errForeign
			}
		}
		o := index.FieldIndexingOptions(f.options)
		if f.address == 0 || o.SkipDVChunking() != o.SkipDVCompression() {
			return errForeign
		}
	}
	return nil
}

// cursor reads on from an address.
type cursor struct {
	mem []byte
	at  uint64
}

func (c *cursor) uvarint() uint64 {
	if v := c.mem[c.at]; v < 0x80 {
		c.at++
		return uint64(v)
	}
	v, n := binary.Uvarint(c.mem[c.at:])
	if n <= 0 {
		panic(errNumber) // as an address beyond the end does
	}
	c.at += uint64(n)
	return v
}

var errNumber = errors.New("a number in a segment is cut short")

func (c *cursor) take(n uint64) []byte {
	b := c.mem[c.at : c.at+n : c.at+n]
	c.at += n
	return b
}

// part is a field of a source.
type part struct {
	*source
	columnStart, columnEnd uint64
	words                  *vellum.FSTIterator // at a term, unless it is nil
	term                   []byte
	address                uint64 // of the postings of the term, or these themselves
}

// part opens a field by name; nil if there is none.
func (x *source) part(name string) (*part, error) {
	i := slices.IndexFunc(x.fields, func(f fieldEntry) bool { return f.name == name })
	if i < 0 {
		return nil, nil
	}
	at := cursor{x.mem, x.fields[i].address}
	p := &part{source: x, columnStart: at.uvarint(), columnEnd: at.uvarint()}
	at.at = at.uvarint()
	fst, err := vellum.Load(at.take(at.uvarint()))
	if err != nil {
		return nil, err
	}
	p.words, err = fst.Iterator(nil, nil)
	return p, p.look(err)
}

// next moves to the next term.
func (p *part) next() error { return p.look(p.words.Next()) }

// look notes the term at which the iterator stands; err is what it said.
func (p *part) look(err error) error {
	if err == vellum.ErrIteratorDone {
		p.words = nil
		return nil
	}
	if err == nil {
		p.term, p.address = p.words.Current()
	}
	return err
}

// postings appends the postings of the term, with new numbers, to those of other parts.
func (p *part) postings(to *postings) error {
	if p.address&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		document, length := zap.FSTValDecode1Hit(p.address)
		if number := p.numbers[document]; number != gone {
			to.add(uint32(number), 1, length)
		}
		return nil
	}
	at := cursor{p.mem, p.address}
	details, locations := cursor{p.mem, at.uvarint()}, at.uvarint()
	if locations != 0 {
		return errForeign
	}
	for range details.uvarint() {
		details.uvarint() // where a chunk ends
	}
	return eachDocument(at.take(at.uvarint()), func(document uint32) error {
		start := details.at
		frequency, length := details.uvarint(), uint64(0)
		if frequency&1 != 0 {
			return errForeign
		}
		if frequency >>= 1; frequency > 0 {
			length = details.uvarint()
		}
		if number := p.numbers[document]; number != gone {
			to.addDetail(uint32(number), frequency, length, details.mem[start:details.at])
		}
		return nil
	})
}

// eachDocument calls visit with each number of a roaring bitmap.
func eachDocument(bitmap []byte, visit func(uint32) error) error {
	if binary.LittleEndian.Uint32(bitmap) != roaringCookie {
		return eachOfRuns(bitmap, visit)
	}
	containers := int(binary.LittleEndian.Uint32(bitmap[4:]))
	heads, bodies := bitmap[8:8+4*containers], bitmap[8+8*containers:]
	for ; len(heads) > 0; heads = heads[4:] {
		high := uint32(binary.LittleEndian.Uint16(heads)) << 16
		n := int(binary.LittleEndian.Uint16(heads[2:])) + 1
		if n > mostInArray {
			if err := eachBit(bodies[:bitmapBytes], high, visit); err != nil {
				return err
			}
			bodies = bodies[bitmapBytes:]
			continue
		}
		for i := range n {
			if err := visit(high | uint32(binary.LittleEndian.Uint16(bodies[2*i:]))); err != nil {
				return err
			}
		}
		bodies = bodies[2*n:]
	}
	return nil
}

// eachOfRuns is eachDocument for any bitmap.
func eachOfRuns(bitmap []byte, visit func(uint32) error) error {
	b := roaring.New()
	if _, err := b.FromBuffer(bitmap); err != nil {
		return err
	}
	for it := b.Iterator(); it.HasNext(); {
		if err := visit(it.Next()); err != nil {
			return err
		}
	}
	return nil
}

func eachBit(bits []byte, high uint32, visit func(uint32) error) error {
	for i, b := range bits {
		for bit := range uint32(8) {
			if b&(1<<bit) == 0 {
				continue
			}
			if err := visit(high | uint32(i)<<3 | bit); err != nil {
				return err
			}
		}
	}
	return nil
}
