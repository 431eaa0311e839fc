package store

import (
	"encoding/binary"
	"time"

	"github.com/blevesearch/bleve/v2/numeric"
	index "github.com/blevesearch/bleve_index_api"
)

// Field is an inverted field of 4-byte keys.
type Field uint8

// The fields of keys, in the order of Document.
const (
	Keys Field = iota
	Linked
)

var keyFields = [...]string{Keys: "keys", Linked: "linked"}

// String is the name of the field in the index.
func (f Field) String() string { return keyFields[f] }

// The fields beside those of package analysis.
const (
	fieldID     = "_id"
	fieldNumber = "number"
	fieldRecord = "record"
)

// field is an index.Field whose analysis is done: bleve's own fields go through
// reflection-like layers that cost more than the index itself.
type field struct {
	name    string
	options index.FieldIndexingOptions
	kind    byte
	value   []byte // stored
	length  int    // terms, with repetitions
	terms   index.TokenFrequencies
}

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return f.value }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return f.kind }
func (f *field) Analyze()                                         {}
func (f *field) Options() index.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedLength() int                              { return f.length }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                        { return uint64(len(f.value)) }

// once is the frequency of every term that is a key or a whole value. A frequency of
// one, and the same length for all (the norm), let a merge write a term of a single
// document inside the dictionary, without a posting list of some forty bytes; with the
// option that leaves frequencies out it would not.
var once = func() *index.TokenFreq {
	f := &index.TokenFreq{}
	f.SetFrequency(1)
	return f
}()

// never is the frequency of a term that many documents have: zero, which leaves out the
// norm and saves a byte for each.
var never = &index.TokenFreq{}

// termField indexes value as one term.
func termField(name, value string, options index.FieldIndexingOptions) *field {
	frequency := once
	if options.SkipFreqNorm() {
		frequency = never
	}
	return &field{
		name: name, options: index.IndexField | options, kind: 't', length: 1,
		terms: index.TokenFrequencies{value: frequency},
	}
}

// keyField indexes each key as a term of four bytes.
func keyField(f Field, keys []uint32) *field {
	all := make([]byte, 0, 4*len(keys))
	for _, k := range keys {
		all = binary.BigEndian.AppendUint32(all, k)
	}
	text := string(all)
	terms := make(index.TokenFrequencies, len(keys))
	for i := 0; i < len(text); i += 4 {
		terms[text[i:i+4]] = once
	}
	return &field{name: f.String(), options: index.IndexField, kind: 't', length: 1, terms: terms}
}

// dateField is a date as bleve's ranges and facets read it: the nanoseconds since 1970
// and what is left of them without the last 4, 8, ... 60 bits, prefix-coded. To the hour
// the sixteen terms take some sixty bytes an article, to the second they took 240.
func dateField(name string, nanoseconds int64, options index.FieldIndexingOptions) *field {
	hour := nanoseconds - nanoseconds%int64(time.Hour)
	terms := make(index.TokenFrequencies, 16)
	for shift := uint(0); shift < 64; shift += 4 {
		terms[string(numeric.MustNewPrefixCodedInt64(hour, shift))] = never
	}
	return &field{name: name, options: options | index.IndexField | index.SkipFreqNorm, kind: 'd', length: 1, terms: terms}
}

// columnField is the number as a term, and bytes that are read by document number
// straight out of the mapped file, without decoding the text. bleve has no such column;
// the one way to have values that are not terms is to pass for a shape, whose encoding
// is kept beside its terms. Neither chunks nor compression: a chunk is a document.
type columnField struct {
	field
	column []byte
}

func newColumnField(number uint32, column []byte) *columnField {
	return &columnField{field: field{
		name: fieldNumber, kind: 't', length: 1,
		options: index.IndexField | index.DocValues | index.SkipDVChunking | index.SkipDVCompression,
		terms:   index.TokenFrequencies{string(binary.BigEndian.AppendUint32(nil, number)): once},
	}, column: column}
}

// GeoShape is there for the interface; nobody asks for it.
func (f *columnField) GeoShape() (index.GeoJSON, error) { return nil, nil }

// EncodedShape is the column.
func (f *columnField) EncodedShape() []byte { return f.column }

// document is an index.Document of finished fields.
type document struct {
	id     string
	fields []index.Field
	size   int // bytes, about
}

func (d *document) ID() string                                 { return d.id }
func (d *document) Size() int                                  { return d.size }
func (d *document) VisitComposite(index.CompositeFieldVisitor) {}
func (d *document) HasComposite() bool                         { return false }
func (d *document) NumPlainTextBytes() uint64                  { return uint64(d.size) }
func (d *document) StoredFieldsBytes() uint64                  { return 0 }
func (d *document) Indexed() bool                              { return true }

func (d *document) VisitFields(visit index.FieldVisitor) {
	for _, f := range d.fields {
		visit(f)
	}
}

// AddIDField is called by the index once for each document.
func (d *document) AddIDField() {
	id := termField(fieldID, d.id, index.StoreField)
	id.value = []byte(d.id)
	d.fields = append(d.fields, id)
}
