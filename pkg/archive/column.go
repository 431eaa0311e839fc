package archive

import (
	"bytes"
	"encoding/binary"
	"errors"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/shingle"
)

// column is what is known of an article without its text.
type column struct {
	language  article.Language
	source    string // text.SourceOf
	group     string // the cluster that it was written with
	published candidate.Period
	hash      article.Hash
	content   uint64 // hash of title and text
	same      uint64 // hash of all that was given: an article with the same is the same
	furniture uint32 // hash of the recurring furniture that was left out; 0: none
	words     bool
}

var errColumn = errors.New("column cut short")

const (
	columnLeads = 1 << iota
	columnWords
	columnDated
)

// appendColumn writes an entry; that of a leader with what its text is found by.
func appendColumn(b []byte, e *entry) []byte {
	flags := byte(0)
	leads := e.wording.leader == e
	if leads {
		flags |= columnLeads
	}
	if e.words {
		flags |= columnWords
	}
	if e.published.Known {
		flags |= columnDated
	}
	b = append(b, flags)
	for _, s := range []string{e.id, string(e.language), e.source, e.group} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	if e.published.Known {
		b = binary.AppendVarint(b, e.published.From)
	}
	b = append(b, e.hash[:]...)
	b = binary.LittleEndian.AppendUint64(b, e.content)
	b = binary.LittleEndian.AppendUint64(b, e.same)
	b = binary.LittleEndian.AppendUint32(b, e.furniture)
	if leads {
		b = binary.AppendUvarint(b, uint64(e.wording.own))
		b, _ = e.wording.sketch.AppendBinary(b)
	}
	return b
}

// parsed is a column as it is read: with a text of its own if it leads.
type parsed struct {
	id string
	column
	leads  bool
	own    uint32
	sketch []byte // for shingle.ParseSketch
}

// parseColumn reads what appendColumn wrote.
func parseColumn(b []byte) (p parsed, err error) {
	r := reader{b: b}
	flags := r.byte()
	p.leads, p.words = flags&columnLeads != 0, flags&columnWords != 0
	p.id, p.language = r.string(), article.Language(r.string())
	p.source, p.group = r.string(), r.string()
	if flags&columnDated != 0 {
		at := r.varint()
		p.published = candidate.Period{From: at, To: at, Known: true}
	}
	copy(p.hash[:], r.bytes(len(p.hash)))
	p.content, p.same, p.furniture = r.uint64(), r.uint64(), r.uint32()
	if p.leads {
		p.own = uint32(r.uvarint())
		p.sketch = r.b
	}
	if r.failed {
		return parsed{}, errColumn
	}
	return p, nil
}

// text is the text that the parsed leader stands for.
func (p *parsed) newWording() (*wording, error) {
	sketch, err := shingle.ParseSketch(bytes.Clone(p.sketch))
	if err != nil {
		return nil, err
	}
	return &wording{identity: identity{p.hash, p.language}, own: p.own, words: p.words, sketch: sketch}, nil
}

// reader takes a record apart. After a failure it yields zeroes.
type reader struct {
	b      []byte
	failed bool
}

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.failed, r.b = true, nil
		return make([]byte, max(0, min(n, 16)))
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) byte() byte     { return r.bytes(1)[0] }
func (r *reader) uint32() uint32 { return binary.LittleEndian.Uint32(r.bytes(4)) }
func (r *reader) uint64() uint64 { return binary.LittleEndian.Uint64(r.bytes(8)) }

func (r *reader) uvarint() uint64 {
	x, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.failed, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return x
}

func (r *reader) varint() int64 {
	x, n := binary.Varint(r.b)
	if n <= 0 {
		r.failed, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return x
}

func (r *reader) string() string {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.failed, r.b = true, nil
		return ""
	}
	return string(r.bytes(int(n)))
}
