package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// Snapshot is an unchanging view of an archive. Its methods may be called from several
// goroutines at once, but none after Close, and Close not during any.
type Snapshot struct {
	dir    string
	index  bleve.Index
	reader *scorch.IndexSnapshot
	parts  []part
	pools  []pools // by part
	closed atomic.Bool
}

// pools keep readers of one segment for further use.
type pools struct {
	columns sync.Pool
	keys    [len(keyFields)]sync.Pool
}

// ColumnRow is what Columns yields. The slices are good until the next row.
type ColumnRow struct {
	Number        uint32
	Column, Links []byte
}

func newSnapshot(dir string, x bleve.Index, s *scorch.Scorch, v *views, withSums bool) (*Snapshot, error) {
	r, err := s.Reader()
	if err != nil {
		return nil, err
	}
	reader, ok := r.(*scorch.IndexSnapshot)
	if !ok || reader == nil {
		return nil, ErrClosed
	}
	parts := v.parts(reader, withSums)
	return &Snapshot{dir: dir, index: x, reader: reader, parts: parts, pools: make([]pools, len(parts))}, nil
}

// Close lets go of the view.
func (s *Snapshot) Close() error {
	if s.closed.Swap(true) {
		return ErrClosed
	}
	return s.reader.Close()
}

// Count is the number of documents.
func (s *Snapshot) Count() int {
	n := 0
	for i := range s.parts {
		p := &s.parts[i]
		n += int(p.segment.Count())
		if p.deleted != nil {
			n -= int(p.deleted.bitmap.GetCardinality())
		}
	}
	return n
}

// Meta is a value that was set with SetMeta.
func (s *Snapshot) Meta(key string) ([]byte, bool, error) {
	value, ok := s.reader.Internal()[metaPrefix+key]
	return value, ok, nil
}

// Bleve is the index, for searches of the words. A search sees what is newest when it
// begins, which may be newer than the snapshot.
func (s *Snapshot) Bleve() bleve.Index { return s.index }

// Reader is the snapshot itself as bleve's searchers read it. It is closed by Close only.
func (s *Snapshot) Reader() index.IndexReader { return s.reader }

// Get is the document with this id. Its inverted fields (Keys, Linked) are
// empty.
func (s *Snapshot) Get(id string) (d Document, ok bool, err error) {
	defer guard(s.dir, &err)
	for i := range s.parts {
		locals, err := s.parts[i].segment.DocNumbers([]string{id})
		if err != nil {
			return Document{}, false, s.parts[i].corrupt(err)
		}
		for it := locals.Iterator(); it.HasNext(); {
			if local := it.Next(); s.parts[i].live(local) {
				d, err = s.document(i, local)
				return d, err == nil, err
			}
		}
	}
	return Document{}, false, nil
}

// ByNumber is the document with this number, like Get.
func (s *Snapshot) ByNumber(number uint32) (d Document, ok bool, err error) {
	defer guard(s.dir, &err)
	i, local, ok, err := s.find(number)
	if err != nil || !ok {
		return Document{}, false, err
	}
	d, err = s.document(i, local)
	return d, err == nil, err
}

// find is the part and the local of a number that lives.
func (s *Snapshot) find(number uint32) (int, uint32, bool, error) {
	for i := range s.parts {
		local, ok, err := s.parts[i].find(number)
		if err != nil {
			return 0, 0, false, err
		}
		if ok && s.parts[i].live(local) {
			return i, local, true, nil
		}
	}
	return 0, 0, false, nil
}

// document reads a whole document.
func (s *Snapshot) document(i int, local uint32) (d Document, err error) {
	defer guard(s.parts[i].file, &err)
	var parsed error = errRecord
	err = s.parts[i].segment.VisitStoredFields(uint64(local), func(name string, _ byte, value []byte, _ []uint64) bool {
		switch name {
		case fieldID:
			d.Article.ID = string(value)
		case fieldRecord:
			parsed = parseRecord(value, &d)
		}
		return true
	})
	if err = errors.Join(err, parsed); err != nil {
		return Document{}, s.parts[i].corrupt(err)
	}
	number, column, links, err := s.columns(i, local)
	if err == nil && number != d.Number {
		err = s.parts[i].corrupt(fmt.Errorf("document %d has the numbers %d and %d", local, d.Number, number))
	}
	d.Column, d.Links = column, links
	return d, err
}

// Column is what the two columns hold for a number. The slices are the caller's.
func (s *Snapshot) Column(number uint32) (column, links []byte, ok bool, err error) {
	defer guard(s.dir, &err)
	i, local, ok, err := s.find(number)
	if err != nil || !ok {
		return nil, nil, false, err
	}
	_, column, links, err = s.columns(i, local)
	return column, links, err == nil, err
}

// columns copies the columns of a document.
func (s *Snapshot) columns(i int, local uint32) (number uint32, column, links []byte, err error) {
	c, _ := s.pools[i].columns.Get().(*columns)
	if c == nil {
		c = newColumns(&s.parts[i])
	}
	defer s.pools[i].columns.Put(c)
	number, value, err := c.read(local)
	if err != nil {
		return 0, nil, nil, err
	}
	column, links, ok := cutColumns(append(make([]byte, 0, len(value)), value...))
	if !ok {
		return 0, nil, nil, s.parts[i].corrupt(errColumn)
	}
	return number, column, links, nil
}

var (
	errColumn   = errors.New("a column is cut short")
	errIterator = errors.New("posting lists of an unknown kind")
	errKey      = errors.New("a key is not of four bytes")
)

// Columns yields the columns of every document, in no order.
func (s *Snapshot) Columns(ctx context.Context) iter.Seq2[ColumnRow, error] {
	return func(yield func(ColumnRow, error) bool) {
		for i := range s.parts {
			c := newColumns(&s.parts[i])
			err := s.each(ctx, i, func(local uint32) (bool, error) {
				number, value, err := c.read(local)
				if err != nil {
					return false, err
				}
				column, links, ok := cutColumns(value)
				if !ok {
					return false, errColumn
				}
				return yield(ColumnRow{number, column, links}, nil), nil
			})
			if err == errStop {
				return
			}
			if err != nil {
				yield(ColumnRow{}, err)
				return
			}
		}
	}
}

// Articles yields every document, like Get, in no order.
func (s *Snapshot) Articles(ctx context.Context) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		for i := range s.parts {
			err := s.each(ctx, i, func(local uint32) (bool, error) {
				d, err := s.document(i, local)
				if err != nil {
					return false, err
				}
				return yield(d, nil), nil
			})
			if err == errStop {
				return
			}
			if err != nil {
				yield(Document{}, err)
				return
			}
		}
	}
}

// errStop ends a walk because the caller has had enough.
var errStop = errors.New("stop")

// each calls visit with the locals that live in a part.
func (s *Snapshot) each(ctx context.Context, i int, visit func(local uint32) (bool, error)) (err error) {
	p := &s.parts[i]
	for local := range uint32(p.segment.Count()) {
		if local%256 == 0 {
			if err := context.Cause(ctx); err != nil {
				return err
			}
		}
		if !p.live(local) {
			continue
		}
		more, err := visit(local)
		if err != nil {
			return p.corrupt(err)
		}
		if !more {
			return errStop
		}
	}
	return nil
}

// corrupt says which segment an error is about, unless it does already.
func (p *part) corrupt(err error) error {
	var c *CorruptError
	if err == nil || errors.As(err, &c) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &CorruptError{File: p.file, Err: err}
}
