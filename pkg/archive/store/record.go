package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/calque-dev/calque/pkg/article"
)

// The stored part of a document is one zstd frame, with its checksum: zstd makes of two
// kilobytes of text what bleve's snappy makes of three.
var (
	encoder = mustZstd(zstd.NewWriter(nil, zstd.WithEncoderConcurrency(4), zstd.WithEncoderLevel(zstd.SpeedDefault),
		zstd.WithWindowSize(1<<18), zstd.WithLowerEncoderMem(true)))
	decoder = mustZstd(zstd.NewReader(nil, zstd.WithDecoderConcurrency(4), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(mostRecord)))
)

func mustZstd[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// mostRecord is how many bytes of text an article may have: a damaged length does not ask
// for more.
const mostRecord = 1 << 28

var errRecord = errors.New("a stored article is cut short")

// The first byte of a record says which fields it has: plainRecord the first eight,
// signedRecord all. An article that has no more is written as it always was.
const (
	plainRecord  = 1
	signedRecord = 2
)

// recordFields is how many fields a record has, besides the text.
var recordFields = map[byte]int{plainRecord: 8, signedRecord: 11}

// appendRecord appends what Get returns, but for the id, the columns and
// the inverted fields.
func appendRecord(dst []byte, d *Document) ([]byte, error) {
	published, err := d.Article.Published.MarshalBinary()
	if err != nil {
		return nil, err
	}
	raw := make([]byte, 0, len(d.Article.Text)+len(d.Article.Title)+len(d.Article.URL)+128)
	raw = append(raw, d.Hash[:]...)
	raw = binary.BigEndian.AppendUint32(raw, d.Number)
	a := &d.Article
	version := byte(plainRecord)
	if a.Author != "" || a.AltID != "" || a.Urgency != 0 {
		version = signedRecord
	}
	fields := [...]string{string(published), string(a.Language), string(d.Language), d.Agency, d.Cluster, a.Source, a.URL, a.Title,
		a.Author, a.AltID, strconv.Itoa(a.Urgency)}
	for _, s := range fields[:recordFields[version]] {
		raw = binary.AppendUvarint(raw, uint64(len(s)))
		raw = append(raw, s...)
	}
	raw = append(raw, a.Text...)
	if len(raw) > mostRecord {
		return nil, fmt.Errorf("%d bytes, more than %d", len(raw), mostRecord)
	}
	return encoder.EncodeAll(raw, append(dst, version)), nil
}

// parseRecord is the inverse; d.Article.ID stays as it is.
func parseRecord(record []byte, d *Document) error {
	if len(record) == 0 || recordFields[record[0]] == 0 {
		return errRecord
	}
	raw, err := decoder.DecodeAll(record[1:], nil)
	if err != nil {
		return err
	}
	if len(raw) < len(d.Hash)+4 {
		return errRecord
	}
	copy(d.Hash[:], raw)
	d.Number = binary.BigEndian.Uint32(raw[len(d.Hash):])
	rest := string(raw[len(d.Hash)+4:]) // one string, of which the fields are parts
	var s [11]string
	for i := range recordFields[record[0]] {
		n, size := uvarint(rest)
		if size <= 0 || n > uint64(len(rest)-size) {
			return errRecord
		}
		s[i], rest = rest[size:size+int(n)], rest[size+int(n):]
	}
	var published time.Time
	if err := published.UnmarshalBinary([]byte(s[0])); err != nil {
		return err
	}
	d.Article = article.Article{
		ID: d.Article.ID, Published: published, Language: article.Language(s[1]),
		Source: s[5], URL: s[6], Title: s[7], Author: s[8], AltID: s[9], Text: rest,
	}
	d.Article.Urgency, _ = strconv.Atoi(s[10]) // 0 where there is none
	d.Language, d.Agency, d.Cluster = article.Language(s[2]), s[3], s[4]
	return nil
}

// uvarint is binary.Uvarint of a string.
func uvarint(s string) (uint64, int) {
	return binary.Uvarint([]byte(s[:min(len(s), binary.MaxVarintLen64)]))
}

// appendColumns and cutColumns put the two columns into one value and take them out.
func appendColumns(dst, column, links []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(column)))
	dst = append(dst, column...)
	return append(dst, links...)
}

func cutColumns(value []byte) (column, links []byte, ok bool) {
	n, size := binary.Uvarint(value)
	if size <= 0 || n > uint64(len(value)-size) {
		return nil, nil, false
	}
	end := size + int(n)
	return value[size:end:end], value[end:len(value):len(value)], true
}
