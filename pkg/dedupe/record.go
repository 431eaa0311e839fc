package dedupe

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"github.com/calque-dev/calque/pkg/article"
)

// stored is where the text of an article stands that is not in its record.
type stored struct {
	file   uint32 // in pile.files, counted from 1; 0: the text is in the record
	offset int64
	length int
}

// appendArticle appends an article as parseArticle reads it.
func appendArticle(b []byte, a *article.Article, at stored) []byte {
	text := a.Text
	if at.file > 0 {
		text = ""
	}
	for _, s := range [...]string{a.ID, a.Title, string(a.Language), a.URL, a.Source, a.Author, a.AltID, a.Origin, text} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	b = binary.AppendUvarint(b, uint64(at.file))
	if at.file > 0 {
		b = binary.AppendVarint(b, at.offset)
		b = binary.AppendUvarint(b, uint64(at.length))
	}
	b = binary.AppendVarint(b, int64(a.Urgency))
	if a.Published.IsZero() {
		return b
	}
	_, offset := a.Published.Zone()
	b = binary.AppendVarint(b, a.Published.Unix())
	b = binary.AppendVarint(b, int64(a.Published.Nanosecond()))
	return binary.AppendVarint(b, int64(offset))
}

var errRecord = errors.New("temporary file: a record is damaged")

// fields reads what a record is made of, one after another. After what is damaged it has
// nothing more.
type fields struct {
	whole   []byte
	strings string // the same; all strings are one piece of memory
	at      int
	err     error
}

func (f *fields) damaged() { f.err, f.at = errRecord, len(f.whole) }

func (f *fields) string() string {
	n, size := binary.Uvarint(f.whole[f.at:])
	if size <= 0 || n > uint64(len(f.whole)-f.at-size) {
		f.damaged()
		return ""
	}
	f.at += size + int(n)
	return f.strings[f.at-int(n) : f.at]
}

func (f *fields) unsigned() uint64 {
	n, size := binary.Uvarint(f.whole[f.at:])
	f.pass(size)
	return n
}

func (f *fields) number() int64 {
	n, size := binary.Varint(f.whole[f.at:])
	f.pass(size)
	return n
}

// pass passes a number of so many bytes; it has one at least if it is whole.
func (f *fields) pass(size int) {
	if f.at += size; size <= 0 {
		f.damaged()
	}
}

// parseArticle reads an article, and where its text is if that is not in the record.
func parseArticle(b []byte) (a article.Article, at stored, err error) {
	f := fields{whole: b, strings: string(b)}
	for _, s := range [...]*string{&a.ID, &a.Title, (*string)(&a.Language), &a.URL, &a.Source, &a.Author, &a.AltID, &a.Origin, &a.Text} {
		*s = f.string()
	}
	if at.file = uint32(f.unsigned()); at.file > 0 {
		at.offset, at.length = f.number(), int(f.unsigned())
	}
	a.Urgency = int(f.number())
	if f.err != nil || f.at == len(b) {
		return a, at, f.err
	}
	seconds, nanoseconds, offset := f.number(), f.number(), f.number()
	zone := time.UTC
	if offset != 0 && offset < math.MaxInt32 {
		zone = time.FixedZone("", int(offset))
	}
	a.Published = time.Unix(seconds, nanoseconds).In(zone)
	return a, at, f.err
}
