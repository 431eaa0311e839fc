package segment

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/golang/snappy"
)

// output is a segment being written, in memory or, when to is set, to a file.
type output struct {
	buf     []byte // what was not handed on yet
	flushed uint64
	sum     uint32 // CRC-32 of what was handed on
	to      io.Writer
	err     error
}

// outputBytes is how much is gathered before it is written to a file.
const outputBytes = 1 << 20

// at is the address of the next byte.
func (o *output) at() uint64 { return o.flushed + uint64(len(o.buf)) }

func (o *output) uvarint(v uint64)  { o.buf = binary.AppendUvarint(o.buf, v) }
func (o *output) uint64(v uint64)   { o.buf = binary.BigEndian.AppendUint64(o.buf, v) }
func (o *output) bytes(b []byte)    { o.buf = append(o.buf, b...) }
func (o *output) string(s string)   { o.buf = append(o.buf, s...) }
func (o *output) uint16LE(v uint16) { o.buf = binary.LittleEndian.AppendUint16(o.buf, v) }
func (o *output) uint32LE(v uint32) { o.buf = binary.LittleEndian.AppendUint32(o.buf, v) }

// rest hands on what is gathered, when it is enough. Called where no slice of buf is held.
func (o *output) rest() {
	if o.to != nil && len(o.buf) >= outputBytes {
		o.flush()
	}
}

func (o *output) flush() {
	o.sum = crc32.Update(o.sum, crc32.IEEETable, o.buf)
	if o.to != nil {
		if _, err := o.to.Write(o.buf); err != nil && o.err == nil {
			o.err = err
		}
		o.flushed += uint64(len(o.buf))
		o.buf = o.buf[:0]
	}
}

// postings are the documents of one term, ascending, with what is said of each.
type postings struct {
	documents []uint32
	details   []byte   // frequency and, unless that is 0, length, of each document
	ends      []uint32 // where the details of each end
	frequency uint64   // of the last
	length    uint64   // of the last
}

func (p *postings) reset() {
	p.documents, p.details, p.ends = p.documents[:0], p.details[:0], p.ends[:0]
}

// add appends a document.
func (p *postings) add(document uint32, frequency, length uint64) {
	p.documents = append(p.documents, document)
	p.details = binary.AppendUvarint(p.details, frequency<<1) // the low bit: no locations
	if frequency > 0 {
		p.details = binary.AppendUvarint(p.details, length)
	}
	p.ends = append(p.ends, uint32(len(p.details)))
	p.frequency, p.length = frequency, length
}

// addDetail is add when the details are there in bytes.
func (p *postings) addDetail(document uint32, frequency, length uint64, detail []byte) {
	p.documents = append(p.documents, document)
	p.details = append(p.details, detail...)
	p.ends = append(p.ends, uint32(len(p.details)))
	p.frequency, p.length = frequency, length
}

// write writes the postings of a segment of so many documents and returns what the
// dictionary says of them. A term that one document has once is told there, unless
// plain is set.
func (p *postings) write(o *output, count uint64, plain bool) uint64 {
	if !plain && len(p.documents) == 1 && p.frequency == 1 && p.length > 0 && p.length < 1<<31 && p.documents[0] < 1<<31 {
		return zap.FSTValEncode1Hit(uint64(p.documents[0]), p.length)
	}
	details := o.at()
	p.writeDetails(o, count)
	address := o.at()
	o.uvarint(details)
	o.uvarint(0) // no locations
	p.writeBitmap(o)
	o.rest()
	return address
}

// writeDetails writes the details in chunks, one for every 1 024 postings about.
func (p *postings) writeDetails(o *output, count uint64) {
	size := count / (uint64(len(p.documents))/1024 + 1) // documents a chunk
	chunks := (count-1)/size + 1
	o.uvarint(chunks)
	i, end := 0, uint32(0)
	for c := uint64(1); c <= chunks; c++ {
		for i < len(p.documents) && uint64(p.documents[i]) < c*size {
			end = p.ends[i]
			i++
		}
		o.uvarint(uint64(end))
	}
	o.bytes(p.details)
}

// The serial form of a roaring bitmap without runs.
const (
	roaringCookie = 12346
	mostInArray   = 4096 // a container of more is 1 024 words
	bitmapBytes   = 8192
)

// writeBitmap writes the documents as a roaring bitmap after its length.
func (p *postings) writeBitmap(o *output) {
	type container struct{ first, end int }
	var few [8]container
	containers := few[:0]
	for i := 0; i < len(p.documents); {
		first, high := i, p.documents[i]>>16
		for i < len(p.documents) && p.documents[i]>>16 == high {
			i++
		}
		if i-first == 1<<16 {
			p.writeRuns(o)
			return
		}
		containers = append(containers, container{first, i})
	}
	bytes := func(c container) int {
		if c.end-c.first > mostInArray {
			return bitmapBytes
		}
		return 2 * (c.end - c.first)
	}
	length := 8 + 8*len(containers)
	for _, c := range containers {
		length += bytes(c)
	}
	o.uvarint(uint64(length))
	o.uint32LE(roaringCookie)
	o.uint32LE(uint32(len(containers)))
	for _, c := range containers {
		o.uint16LE(uint16(p.documents[c.first] >> 16))
		o.uint16LE(uint16(c.end - c.first - 1))
	}
	at := 8 + 8*len(containers)
	for _, c := range containers {
		o.uint32LE(uint32(at))
		at += bytes(c)
	}
	for _, c := range containers {
		p.writeContainer(o, p.documents[c.first:c.end])
	}
}

// writeRuns writes the bitmap by package roaring, which makes a run of a full container.
func (p *postings) writeRuns(o *output) {
	bitmap := roaring.New()
	for _, d := range p.documents {
		bitmap.Add(d)
	}
	b, err := bitmap.ToBytes()
	if err != nil && o.err == nil {
		o.err = err
	}
	o.uvarint(uint64(len(b)))
	o.bytes(b)
}

func (p *postings) writeContainer(o *output, documents []uint32) {
	if len(documents) <= mostInArray {
		for _, d := range documents {
			o.uint16LE(uint16(d))
		}
		return
	}
	start := len(o.buf)
	o.buf = append(o.buf, make([]byte, bitmapBytes)...)
	bits := o.buf[start:]
	for _, d := range documents {
		bits[d&0xffff>>3] |= 1 << (d & 7)
	}
}

// dictionary writes the terms of a field after their postings.
type dictionary struct {
	builder *vellum.Builder
	buf     writeBuffer
}

// writeBuffer is bytes.Buffer without reading.
type writeBuffer []byte

func (b *writeBuffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

// How many nodes vellum remembers so as to write equal ones once. Measured on 10 000
// articles: 1 000 instead of vellum's own 10 000 take a third of the time from merging and
// add nothing to the files; 30 take another third and add 2 %, which a merge takes away.
var (
	registry = &vellum.BuilderOpts{Encoder: 1, RegistryTableSize: 1000, RegistryMRUSize: 2} // of a merge
	shortly  = &vellum.BuilderOpts{Encoder: 1, RegistryTableSize: 30, RegistryMRUSize: 2}   // of a batch, soon to be merged
)

// begin makes the dictionary empty.
func (d *dictionary) begin(options *vellum.BuilderOpts) (err error) {
	d.buf = d.buf[:0]
	if d.builder != nil {
		return d.builder.Reset(&d.buf)
	}
	d.builder, err = vellum.New(&d.buf, options)
	return err
}

// write writes the dictionary and returns its address.
func (d *dictionary) write(o *output) (uint64, error) {
	if err := d.builder.Close(); err != nil {
		return 0, err
	}
	address := o.at()
	o.uvarint(uint64(len(d.buf)))
	o.bytes(d.buf)
	o.rest()
	return address, nil
}

// noColumn stands for the address of a column that is not there.
const noColumn = uint64(math.MaxUint64)

// columnWriter writes the column of a field: the values by document, in chunks.
type columnWriter struct {
	size    uint64 // documents a chunk
	plain   bool   // not compressed
	chunk   uint64
	lengths []uint64 // of the chunks
	meta    []byte   // document and end of each value of the chunk
	values  int      // in the chunk
	value   []byte   // all values of the chunk
	packed  []byte
}

// columnChunk is how many documents are in a chunk.
const columnChunk = 1024

// begin starts a column of a segment of so many documents.
func (c *columnWriter) begin(count uint64, chunked, compressed bool) {
	c.size, c.plain, c.chunk = columnChunk, !compressed, 0
	if !chunked {
		c.size = 1
	}
	c.lengths = append(c.lengths[:0], make([]uint64, (count-1)/c.size+1)...)
	c.meta, c.value, c.values = c.meta[:0], c.value[:0], 0
}

// add writes the value of a document; documents come in their order.
func (c *columnWriter) add(o *output, document uint64, parts ...[]byte) {
	if chunk := document / c.size; chunk != c.chunk {
		c.endChunk(o)
		c.chunk = chunk
	}
	for _, p := range parts {
		c.value = append(c.value, p...)
	}
	c.meta = binary.AppendUvarint(c.meta, document)
	c.meta = binary.AppendUvarint(c.meta, uint64(len(c.value)))
	c.values++
}

func (c *columnWriter) endChunk(o *output) {
	start := o.at()
	if c.size != 1 {
		o.uvarint(uint64(c.values))
		o.bytes(c.meta)
	}
	if c.plain {
		o.bytes(c.value)
	} else {
		c.packed = snappy.Encode(c.packed[:cap(c.packed)], c.value)
		o.bytes(c.packed)
	}
	c.lengths[c.chunk] = o.at() - start
	c.meta, c.value, c.values = c.meta[:0], c.value[:0], 0
	o.rest()
}

// end writes the last chunk and the table of chunks.
func (c *columnWriter) end(o *output) {
	c.endChunk(o)
	table, end := o.at(), uint64(0)
	for _, n := range c.lengths {
		end += n
		o.uvarint(end)
	}
	o.uint64(o.at() - table)
	o.uint64(uint64(len(c.lengths)))
	o.rest()
}

// fieldEntry is what the table of fields says.
type fieldEntry struct {
	name    string
	options uint64
	address uint64 // of what writeField wrote
}

// writeField writes where the parts of a field are, and returns where it says that.
func writeField(o *output, columnStart, columnEnd, dictionary uint64) uint64 {
	address := o.at()
	o.uvarint(columnStart)
	o.uvarint(columnEnd)
	o.uvarint(dictionary)
	return address
}

// writeFields writes the table of fields and returns its address.
func writeFields(o *output, fields []fieldEntry) uint64 {
	addresses := make([]uint64, len(fields))
	for i, f := range fields {
		addresses[i] = o.at()
		o.uvarint(uint64(len(f.name)))
		o.string(f.name)
		o.uvarint(f.options)
		o.uvarint(1) // section
		o.bytes([]byte{0, zap.SectionInvertedTextIndex})
		o.uint64(f.address)
	}
	table := o.at()
	o.uvarint(uint64(len(fields)))
	for _, a := range addresses {
		o.uint64(a)
	}
	return table
}
