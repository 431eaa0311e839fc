package store

import (
	"math"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/archive/segment"
	"github.com/calque-dev/calque/pkg/article"
)

// Document is one archived article with what it is found by.
type Document struct {
	Article  article.Article  // as given; ID of any bytes but not empty; Origin is not stored
	Language article.Language // as detected
	Number   uint32           // unique, never used again; given by the caller
	Hash     article.Hash
	Agency   string
	Cluster  string
	Keys     []uint32 // candidate keys, each indexed as a term
	Title    Words    // of the article's title; the zero value: Write counts them
	Text     Words    // of its text, likewise
	Linked   []uint32 // numbers of other articles, each indexed as a term
	Column   []byte   // opaque; read without the text by Columns and Column
	Links    []byte   // opaque, likewise
}

// Batch is a number of changes that are written together or not at all. The zero value
// is an empty batch. Of several changes of one id the last one counts.
type Batch struct {
	puts    map[string]*Document
	deletes map[string]bool
	meta    map[string][]byte
}

// Put stores d, in place of the document with its id if there is one. The slices of d
// must not change until Write has returned.
func (b *Batch) Put(d Document) {
	if b.puts == nil {
		b.puts = make(map[string]*Document)
	}
	delete(b.deletes, d.Article.ID)
	b.puts[d.Article.ID] = &d
}

// Delete removes the document with this id, if there is one.
func (b *Batch) Delete(id string) {
	if b.deletes == nil {
		b.deletes = make(map[string]bool)
	}
	delete(b.puts, id)
	b.deletes[id] = true
}

// SetMeta stores a value beside the documents; nil removes it. All the values together
// are written anew with every batch, so they should stay under some kilobytes.
func (b *Batch) SetMeta(key string, value []byte) {
	if b.meta == nil {
		b.meta = make(map[string][]byte)
	}
	b.meta[key] = value
}

// Len is the number of documents put and deleted.
func (b *Batch) Len() int { return len(b.puts) + len(b.deletes) }

// metaPrefix keeps the caller's keys apart from those of bleve.
const metaPrefix = "calque."

// prepare makes d ready for the index: this is where half of the time of a Write goes.
func (p plan) prepare(d *Document) (*segment.Document, error) {
	if d.Article.ID == "" {
		return nil, ErrNoID
	}
	record, err := appendRecord(nil, d)
	if err != nil {
		return nil, err
	}
	column := appendColumns(make([]byte, 0, len(d.Column)+len(d.Links)+3), d.Column, d.Links)
	out := &segment.Document{
		Name:   d.Article.ID,
		Fields: make([]segment.Field, 0, 16),
		Bytes:  len(record) + len(column) + len(d.Article.Text) + 4*(len(d.Keys)+len(d.Linked)),
	}
	slab := make([]segment.Term, 0, 16+dateTerms) // for all terms but words
	add := func(s []segment.Term, f segment.Field) { slab, out.Fields = s, append(out.Fields, f) }
	add(columnField(slab, d.Number, column))
	add(slab, segment.Field{FieldName: fieldRecord, Option: index.StoreField, Kind: 't', Stored: record})
	add(termField(slab, analysis.Hash, string(d.Hash[:]), 0))
	for i, keys := range [...][]uint32{Keys: d.Keys, Linked: d.Linked} {
		if len(keys) > 0 {
			add(slab, keyField(Field(i), keys))
		}
	}
	a := &d.Article
	for _, t := range [...]struct{ name, value string }{
		{analysis.Cluster, d.Cluster}, {analysis.Language, string(d.Language)}, {analysis.Source, a.Source},
		{analysis.Agency, d.Agency}, {analysis.URL, a.URL},
	} {
		if t.value != "" {
			add(termField(slab, t.name, t.value, p.options[t.name]))
		}
	}
	if !a.Published.IsZero() {
		add(dateField(slab, analysis.Published, nanoseconds(a.Published), p.options[analysis.Published]))
	}
	for _, t := range [...]struct {
		name, text string
		words      *Words
	}{
		{analysis.TitleField(d.Language), a.Title, &d.Title}, {analysis.TextField(d.Language), a.Text, &d.Text},
	} {
		if t.text != "" {
			if t.words.Length == 0 {
				t.words.count(d.Language, t.text)
			}
			out.Fields = append(out.Fields, t.words.field(t.name))
		}
	}
	return out, nil
}

// nanoseconds since 1970 to the second, held inside the years 1678 to 2262 that 64 bits
// reach.
func nanoseconds(t time.Time) int64 {
	const most = math.MaxInt64 / int64(time.Second)
	return min(max(t.Unix(), -most), most) * int64(time.Second)
}
