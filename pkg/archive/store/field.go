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

// wordsField indexes the words of a text.
func wordsField(slab []segment.Term, name string, language article.Language, text string) ([]segment.Term, segment.Field) {
	start := len(slab)
	length := analysis.Count(language, text, func(term string, times int) {
		slab = append(slab, segment.Term{Text: term, Frequency: uint32(times)})
	})
	// A posting holds the length of the text, here in quarters: for nearly every
	// article one byte. Scores of one field keep their order.
	return slab, segment.Field{
		FieldName: name, Option: index.IndexField, Kind: 't', Length: 1 + length/4, Terms: slab[start:len(slab):len(slab)],
	}
}
