package segment

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	index "github.com/blevesearch/bleve_index_api"
	api "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/golang/snappy"
)

// kept is a builder with what it has allocated, some ten megabytes, for the next batch. A
// sync.Pool would lose it: between two batches garbage is collected more than once.
var kept atomic.Pointer[builder]

// takeBuilder returns a builder that nobody else uses; store it in kept afterwards.
func takeBuilder() *builder {
	if b := kept.Swap(nil); b != nil {
		return b
	}
	return &builder{options: shortly}
}

// builder makes a segment of documents. It serves one goroutine.
type builder struct {
	options *vellum.BuilderOpts
	plain   bool // no postings in the dictionary: for comparison with bleve's own builder

	fields   []*column
	byName   map[string]*column
	spare    []*column
	postings postings
	order    []uint32
	sorted   []hit
	starts   []uint32
	words    dictionary
	values   columnWriter
	meta     []byte
	data     []byte
	packed   []byte
	stored   []uint64
	perDoc   int // bytes of the last segment by document
}

// column is a field of all documents of the batch.
type column struct {
	name     string
	options  index.FieldIndexingOptions
	keyTimes uint32 // frequency of a key

	ids     map[string]uint32 // of the terms
	terms   []string          // by id
	hits    []hit             // in the order of the documents
	keys    []uint64          // key and document
	lengths []uint32          // by document
	columns [][]byte          // by document; nil if there is none
}

// hit says that a document has a term.
type hit struct{ term, document, frequency uint32 }

// build makes the segment; the second value is its size in bytes.
func (b *builder) build(documents []*Document, config map[string]any) (api.Segment, uint64, error) {
	s := stats(config)
	n := uint64(len(documents))
	atomic.AddUint64(&s.TotNewRootDocsProcessed, n)
	atomic.AddUint64(&s.TotNewDocsProcessed, n)
	atomic.AddUint64(&s.TotNewDocsIndexed, n)
	defer b.release()
	b.collect(documents)
	o := &output{buf: make([]byte, 0, (len(documents)+1)*(b.perDoc+b.perDoc/16))}
	stored := b.writeStored(o, documents)
	entries := make([]fieldEntry, len(b.fields))
	for i, c := range b.fields {
		address, err := b.writeColumn(o, c, n)
		if err != nil {
			return nil, 0, err
		}
		entries[i] = fieldEntry{c.name, uint64(c.options), address}
	}
	fields := writeFields(o, entries)
	o.flush()
	if o.err != nil {
		return nil, 0, o.err
	}
	b.perDoc = len(o.buf) / len(documents)
	made, err := zap.InitSegmentBase(o.buf, o.sum, zap.DefaultChunkMode, n, stored, fields, config, s)
	return made, uint64(len(o.buf)), err
}

// release empties the builder; nothing of the documents stays.
func (b *builder) release() {
	for _, c := range b.fields {
		clear(c.ids)
		clear(c.terms)
		clear(c.columns)
		c.options, c.columns = 0, c.columns[:0]
		c.terms, c.hits, c.keys = c.terms[:0], c.hits[:0], c.keys[:0]
	}
	b.spare = append(b.spare, b.fields...)
	b.fields = b.fields[:0]
	clear(b.byName)
}

// column is the field with this name.
func (b *builder) column(name string, documents int) *column {
	if c := b.byName[name]; c != nil {
		return c
	}
	if b.byName == nil {
		b.byName = make(map[string]*column)
	}
	var c *column
	// One that has served for the same field has room for as many terms.
	at := slices.IndexFunc(b.spare, func(c *column) bool { return c.name == name })
	if at >= 0 {
		c = b.spare[at]
		b.spare = slices.Delete(b.spare, at, at+1)
	} else {
		c = &column{name: name, ids: make(map[string]uint32)}
	}
	c.lengths = slices.Grow(c.lengths[:0], documents)[:documents]
	clear(c.lengths)
	b.byName[name] = c
	b.fields = append(b.fields, c)
	return c
}

// collect sorts what the documents have by field.
func (b *builder) collect(documents []*Document) {
	for n, d := range documents {
		for i := range d.Fields {
			f := &d.Fields[i]
			c := b.column(f.FieldName, len(documents))
			c.options |= f.Option
			c.lengths[n] = uint32(f.Length)
			c.take(f, uint32(n))
			if f.Column != nil {
				if len(c.columns) == 0 {
					c.columns = slices.Grow(c.columns, len(documents))[:len(documents)]
				}
				c.columns[n] = f.Column
			}
		}
	}
	slices.SortFunc(b.fields, func(x, y *column) int { return compareFields(x.name, y.name) })
}

// take notes the terms of a document.
func (c *column) take(f *Field, document uint32) {
	for _, t := range f.Terms {
		id, ok := c.ids[t.Text]
		if !ok {
			id = uint32(len(c.terms))
			c.ids[t.Text] = id
			c.terms = append(c.terms, t.Text)
		}
		c.hits = append(c.hits, hit{id, document, t.Frequency})
	}
	for _, k := range f.Keys {
		c.keys = append(c.keys, uint64(k)<<32|uint64(document))
	}
	if len(f.Keys) > 0 {
		c.keyTimes = f.KeyFrequency
	}
}

// writeStored writes the stored values of the documents and returns the address of their
// table.
func (b *builder) writeStored(o *output, documents []*Document) uint64 {
	b.stored = b.stored[:0]
	values := make([]*Field, len(b.fields))
	for _, d := range documents {
		clear(values)
		for i := range d.Fields {
			if f := &d.Fields[i]; f.Option.IsStored() {
				values[slices.Index(b.fields, b.byName[f.FieldName])] = f
			}
		}
		id := values[0].Stored
		b.meta, b.data = binary.AppendUvarint(b.meta[:0], uint64(len(id))), b.data[:0]
		for i, f := range values[1:] {
			if f == nil {
				continue
			}
			for _, v := range [...]int{i + 1, int(f.Kind), len(b.data), len(f.Stored), 0} {
				b.meta = binary.AppendUvarint(b.meta, uint64(v))
			}
			b.data = append(b.data, f.Stored...)
		}
		b.packed = snappy.Encode(b.packed[:cap(b.packed)], b.data)
		b.stored = append(b.stored, o.at())
		o.uvarint(uint64(len(b.meta)))
		o.uvarint(uint64(len(id) + len(b.packed)))
		o.bytes(b.meta)
		o.bytes(id)
		o.bytes(b.packed)
	}
	return writeStoredTable(o, b.stored)
}

// writeStoredTable writes where the documents are, and that none is part of another.
func writeStoredTable(o *output, addresses []uint64) uint64 {
	table := o.at()
	for _, a := range addresses {
		o.uint64(a)
	}
	o.uvarint(0)
	o.rest()
	return table
}

// writeColumn writes all of a field and returns where it is described.
func (b *builder) writeColumn(o *output, c *column, documents uint64) (uint64, error) {
	if err := b.words.begin(b.options); err != nil {
		return 0, err
	}
	b.sortHits(c)
	var err error
	if len(c.keys) > 0 {
		err = b.writeKeys(o, c, documents)
	} else {
		err = b.writeTerms(o, c, documents)
	}
	if err != nil {
		return 0, err
	}
	dictionary, err := b.words.write(o)
	if err != nil {
		return 0, err
	}
	start, end := noColumn, noColumn
	if c.options.IncludeDocValues() {
		start = o.at()
		b.writeValues(o, c, documents)
		end = o.at()
	}
	return writeField(o, start, end, dictionary), nil
}

// sortHits makes order the terms in their order and sorted the hits by term.
func (b *builder) sortHits(c *column) {
	b.order = b.order[:0]
	for id := range c.terms {
		b.order = append(b.order, uint32(id))
	}
	slices.SortFunc(b.order, func(x, y uint32) int { return strings.Compare(c.terms[x], c.terms[y]) })
	b.starts = append(b.starts[:0], make([]uint32, len(c.terms)+1)...)
	for _, h := range c.hits {
		b.starts[h.term]++
	}
	sum := uint32(0)
	for id, n := range b.starts {
		b.starts[id] = sum
		sum += n
	}
	b.sorted = slices.Grow(b.sorted[:0], len(c.hits))[:len(c.hits)]
	for _, h := range c.hits {
		b.sorted[b.starts[h.term]] = h
		b.starts[h.term]++ // so that it ends as the end
	}
}

// hitsOf are the hits of a term, after sortHits.
func (b *builder) hitsOf(id uint32) []hit {
	start := uint32(0)
	if id > 0 {
		start = b.starts[id-1]
	}
	return b.sorted[start:b.starts[id]]
}

func (b *builder) writeTerms(o *output, c *column, documents uint64) error {
	var key []byte
	for _, id := range b.order {
		b.postings.reset()
		for _, h := range b.hitsOf(id) {
			b.postings.add(h.document, uint64(h.frequency), uint64(c.lengths[h.document]))
		}
		key = append(key[:0], c.terms[id]...)
		if err := b.words.builder.Insert(key, b.postings.write(o, documents, b.plain)); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) writeKeys(o *output, c *column, documents uint64) error {
	slices.Sort(c.keys)
	keys := slices.Compact(c.keys)
	var text [4]byte
	for len(keys) > 0 {
		key := uint32(keys[0] >> 32)
		b.postings.reset()
		for len(keys) > 0 && uint32(keys[0]>>32) == key {
			document := uint32(keys[0] & math.MaxUint32)
			b.postings.add(document, uint64(c.keyTimes), uint64(c.lengths[document]))
			keys = keys[1:]
		}
		binary.BigEndian.PutUint32(text[:], key)
		if err := b.words.builder.Insert(text[:], b.postings.write(o, documents, b.plain)); err != nil {
			return err
		}
	}
	return nil
}

// writeValues writes the terms by document, with the bytes beside them.
func (b *builder) writeValues(o *output, c *column, documents uint64) {
	values := make([][]byte, documents)
	for _, id := range b.order {
		for _, h := range b.hitsOf(id) {
			values[h.document] = append(append(values[h.document], c.terms[id]...), index.DocValueTermSeparator)
		}
	}
	b.values.begin(documents, !c.options.SkipDVChunking(), !c.options.SkipDVCompression())
	for document, v := range values {
		if len(c.columns) > 0 && c.columns[document] != nil {
			v = append(append(v, c.columns[document]...), index.DocValueTermSeparator)
		}
		if len(v) > 0 {
			b.values.add(o, uint64(document), v)
		}
	}
	b.values.end(o)
}
