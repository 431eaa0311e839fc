package store

import (
	"encoding/binary"
	"time"

	"github.com/blevesearch/bleve/v2/numeric"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/archive/segment"
	"github.com/calque-dev/calque/pkg/article"
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

// once is the frequency of every term that is a key or a whole value. A frequency of
// one, and the same length for all (the norm), let a term of a single document stand
// inside the dictionary, without a posting list of some forty bytes; with the option that
// leaves frequencies out it would not.
const once = 1

// never is the frequency of a term that many documents have: zero, which leaves out the
// norm and saves a byte for each.
const never = 0

// termField indexes value as one term, in the slab of terms.
func termField(slab []segment.Term, name, value string, options index.FieldIndexingOptions) ([]segment.Term, segment.Field) {
	frequency := uint32(once)
	if options.SkipFreqNorm() {
		frequency = never
	}
	slab = append(slab, segment.Term{Text: value, Frequency: frequency})
	return slab, segment.Field{
		FieldName: name, Option: index.IndexField | options, Kind: 't', Length: 1, Terms: slab[len(slab)-1:],
	}
}

// keyField indexes each key as a term of four bytes.
func keyField(f Field, keys []uint32) segment.Field {
	return segment.Field{FieldName: f.String(), Option: index.IndexField, Kind: 't', Length: 1, Keys: keys, KeyFrequency: once}
}

// dateTerms is how many terms a date has.
const dateTerms = 16

// dateField is a date as bleve's ranges and facets read it: the nanoseconds since 1970
// and what is left of them without the last 4, 8, ... 60 bits, prefix-coded. To the hour
// the sixteen terms take some sixty bytes an article, to the second they took 240.
func dateField(slab []segment.Term, name string, nanoseconds int64, options index.FieldIndexingOptions) ([]segment.Term, segment.Field) {
	hour := nanoseconds - nanoseconds%int64(time.Hour)
	start := len(slab)
	for shift := uint(0); shift < 64; shift += 64 / dateTerms {
		slab = append(slab, segment.Term{Text: string(numeric.MustNewPrefixCodedInt64(hour, shift)), Frequency: never})
	}
	return slab, segment.Field{
		FieldName: name, Option: options | index.IndexField | index.SkipFreqNorm, Kind: 'd', Length: 1, Terms: slab[start:],
	}
}

// columnField is the number as a term, and bytes that are read by document number
// straight out of the mapped file, without decoding the text. Neither chunks nor
// compression: a chunk is a document.
func columnField(slab []segment.Term, number uint32, column []byte) ([]segment.Term, segment.Field) {
	slab, f := termField(slab, fieldNumber, string(binary.BigEndian.AppendUint32(nil, number)),
		index.DocValues|index.SkipDVChunking|index.SkipDVCompression)
	f.Column = column
	return slab, f
}

// Words are the terms of a text with how often each is there: what analysis.Count yields.
// The zero value is not counted yet.
type Words struct {
	Terms  []segment.Term // each once
	Length int            // with repetitions
}

// Count fills the words in. Counting is one of the functions of package analysis, with all
// but its last argument; size is the length of the text in bytes.
func (w *Words) Count(size int, counting func(yield func(term string, times int)) (all int)) {
	// A word of news has six letters, and a third are others.
	w.Terms = make([]segment.Term, 0, 4+size/12)
	w.Length = counting(func(term string, times int) {
		w.Terms = append(w.Terms, segment.Term{Text: term, Frequency: uint32(times)})
	})
}

// count counts the words of a text in the language.
func (w *Words) count(language article.Language, text string) {
	w.Count(len(text), func(yield func(string, int)) int { return analysis.Count(language, text, yield) })
}

// field indexes the words.
func (w *Words) field(name string) segment.Field {
	// A posting holds the length of the text, here in quarters: for nearly every
	// article one byte. Scores of one field keep their order.
	return segment.Field{FieldName: name, Option: index.IndexField, Kind: 't', Length: 1 + w.Length/4, Terms: w.Terms}
}
