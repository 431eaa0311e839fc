package segment

import (
	"encoding/binary"

	index "github.com/blevesearch/bleve_index_api"
)

// Term is a word of a field with how often it is there. A frequency of 0 leaves out
// the length of the field too, which saves a byte for each document.
type Term struct {
	Text      string
	Frequency uint32
}

// Field is a field of a document whose analysis is done. It is an index.Field.
type Field struct {
	FieldName string
	Option    index.FieldIndexingOptions
	Kind      byte   // how bleve reads the stored value: 't' text, 'd' date
	Stored    []byte // kept when Option has StoreField
	Length    int    // in terms, as scores see it; 1 at least if there are terms

	Terms []Term // each once, in any order
	// Keys are terms of four bytes, big endian, instead of Terms. One may be there
	// several times. KeyFrequency is that of each.
	Keys         []uint32
	KeyFrequency uint32

	// Column is bytes beside the terms in the column of the field (its doc values).
	Column []byte
}

// Name returns FieldName.
func (f *Field) Name() string { return f.FieldName }

// Value returns Stored.
func (f *Field) Value() []byte { return f.Stored }

// ArrayPositions returns nil: no field is part of an array.
func (f *Field) ArrayPositions() []uint64 { return nil }

// EncodedFieldType returns Kind.
func (f *Field) EncodedFieldType() byte { return f.Kind }

// Analyze does nothing.
func (f *Field) Analyze() {}

// Options returns Option.
func (f *Field) Options() index.FieldIndexingOptions { return f.Option }

// AnalyzedLength returns Length.
func (f *Field) AnalyzedLength() int { return f.Length }

// NumPlainTextBytes returns the size of the stored value.
func (f *Field) NumPlainTextBytes() uint64 { return uint64(len(f.Stored)) }

// AnalyzedTokenFrequencies makes a map of the terms, for bleve's own builder.
func (f *Field) AnalyzedTokenFrequencies() index.TokenFrequencies {
	terms := make(index.TokenFrequencies, len(f.Terms)+len(f.Keys))
	add := func(term string, frequency uint32) {
		t := &index.TokenFreq{}
		t.SetFrequency(int(frequency))
		terms[term] = t
	}
	for _, t := range f.Terms {
		add(t.Text, t.Frequency)
	}
	for _, k := range f.Keys {
		add(string(binary.BigEndian.AppendUint32(nil, k)), f.KeyFrequency)
	}
	return terms
}

// columnField shows bleve's own builder a column: bleve has none for bytes that are not
// terms; the one way is to pass for a shape, whose encoding is kept beside its terms.
type columnField struct{ *Field }

// GeoShape is there for the interface; nobody asks for it.
func (columnField) GeoShape() (index.GeoJSON, error) { return nil, nil }

// EncodedShape is the column.
func (f columnField) EncodedShape() []byte { return f.Column }

// Document is a document of finished fields, no two of one name. It is an index.Document.
type Document struct {
	Name   string // the id
	Fields []Field
	Bytes  int // size, about
}

// ID returns Name.
func (d *Document) ID() string { return d.Name }

// Size returns Bytes.
func (d *Document) Size() int { return d.Bytes }

// VisitComposite visits nothing.
func (d *Document) VisitComposite(index.CompositeFieldVisitor) {}

// HasComposite returns false.
func (d *Document) HasComposite() bool { return false }

// NumPlainTextBytes returns Bytes.
func (d *Document) NumPlainTextBytes() uint64 { return uint64(d.Bytes) }

// StoredFieldsBytes returns 0.
func (d *Document) StoredFieldsBytes() uint64 { return 0 }

// Indexed returns true.
func (d *Document) Indexed() bool { return true }

// VisitFields visits the fields.
func (d *Document) VisitFields(visit index.FieldVisitor) {
	for i := range d.Fields {
		if f := &d.Fields[i]; f.Column != nil {
			visit(columnField{f})
		} else {
			visit(f)
		}
	}
}

// idField is the field of ids, the first of every segment.
const idField = "_id"

// AddIDField is called by the index once for each document.
func (d *Document) AddIDField() {
	d.Fields = append(d.Fields, Field{
		FieldName: idField, Option: index.IndexField | index.StoreField, Kind: 't', Stored: []byte(d.Name),
		Length: 1, Terms: []Term{{d.Name, 1}},
	})
}
