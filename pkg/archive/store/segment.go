package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// part is a segment as a Snapshot sees it. The documents of a segment are numbered from
// 0; a "local" is such a number, as opposed to the caller's Number.
type part struct {
	file    string // path
	segment segment.Segment
	deleted *deleted // nil: none
	view    *view
}

func (p *part) live(local uint32) bool {
	return p.deleted == nil || !has(p.deleted.bits(), local)
}

// deleted are the dead documents of a segment, as a bit for each: a posting list asks for
// every one of its entries.
type deleted struct {
	bitmap *roaring.Bitmap
	once   sync.Once
	words  []uint64
}

func (d *deleted) bits() []uint64 {
	d.once.Do(func() {
		if d.bitmap.IsEmpty() {
			return
		}
		d.words = make([]uint64, d.bitmap.Maximum()/64+1)
		for it := d.bitmap.Iterator(); it.HasNext(); {
			local := it.Next()
			d.words[local/64] |= 1 << (local % 64)
		}
	})
	return d.words
}

func has(words []uint64, local uint32) bool {
	return int(local/64) < len(words) && words[local/64]&(1<<(local%64)) != 0
}

// view is what is kept in memory of a segment while it lives: four bytes a document
// for the numbers, and as many for the way back once a number is looked up.
type view struct {
	once    sync.Once
	err     error
	numbers []uint32 // by local
	deleted *deleted // the newest; under the mutex of views

	sumOnce sync.Once
	sumErr  error

	tableOnce sync.Once
	first     uint32   // the least number
	table     []uint32 // by number − first: local + 1, or 0; nil when the numbers are too far apart
	order     []uint32 // then: locals in the order of their numbers
}

// views are the views of the segments that were in the newest snapshot.
type views struct {
	dir   string // of the segment files, as errors name them
	mutex sync.Mutex
	byID  map[segmentKey]*view
}

// segmentKey tells segments apart. A writer keeps the id of a segment that is moved from
// memory to disk, and its order. A reader meets files of several writers after one another,
// who may give an id again: it looks at the checksum too.
type segmentKey struct {
	id  uint64
	crc uint32
}

func newViews(dir string) *views { return &views{dir: storeDir(dir), byID: make(map[segmentKey]*view)} }

// parts are the segments of x with their views; views of segments that are gone go.
func (v *views) parts(x *scorch.IndexSnapshot, withSums bool) []part {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	kept := make(map[segmentKey]*view, len(x.Segments()))
	parts := make([]part, 0, len(x.Segments()))
	for _, s := range x.Segments() {
		key := segmentKey{id: s.Id()}
		if f, ok := s.Segment().(interface{ CRC() uint32 }); ok && withSums {
			key.crc = f.CRC()
		}
		w := v.byID[key]
		if w == nil {
			w = new(view)
		}
		kept[key] = w
		if bitmap := s.Deleted(); bitmap == nil {
			w.deleted = nil
		} else if w.deleted == nil || w.deleted.bitmap != bitmap {
			w.deleted = &deleted{bitmap: bitmap}
		}
		parts = append(parts, part{file: v.file(s.Segment()), segment: s.Segment(), deleted: w.deleted, view: w})
	}
	v.byID = kept
	return parts
}

// load reads the numbers of the segment once.
func (p *part) load() error {
	v := p.view
	v.once.Do(func() {
		defer guard(p.file, &v.err)
		numbers := make([]uint32, p.segment.Count())
		c := newColumns(p)
		for local := range numbers {
			var err error
			if numbers[local], _, err = c.read(uint32(local)); err != nil {
				v.err = err
				return
			}
		}
		v.numbers = numbers
	})
	return v.err
}

// intact reads the file of the segment whole, once. A damaged dictionary may have no end.
func (p *part) intact() error {
	p.view.sumOnce.Do(func() { p.view.sumErr = p.checkSum(context.Background()) })
	return p.view.sumErr
}

// checkSum compares the contents of the segment with their CRC. They are read where they
// are mapped, for the file may have lost its name: it lives as long as a snapshot has it.
func (p *part) checkSum(ctx context.Context) (err error) {
	f, ok := p.segment.(interface {
		Data() []byte
		CRC() uint32
	})
	if !ok {
		return nil // in memory
	}
	defer guard(p.file, &err)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // a page that the disk does not give
	sum := uint32(0)
	for data := f.Data()[:len(f.Data())-4]; len(data) > 0; {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		n := min(len(data), 1<<20)
		sum = crc32.Update(sum, crc32.IEEETable, data[:n])
		data = data[n:]
	}
	if sum != f.CRC() {
		return &CorruptError{File: p.file, Err: errSum}
	}
	return nil
}

// find is the local of the document with this number, dead or alive.
func (p *part) find(number uint32) (uint32, bool, error) {
	if err := p.load(); err != nil {
		return 0, false, err
	}
	v := p.view
	v.tableOnce.Do(v.index)
	if v.table != nil {
		if number < v.first || int(number-v.first) >= len(v.table) {
			return 0, false, nil
		}
		local := v.table[number-v.first]
		return local - 1, local != 0, nil
	}
	at, ok := slices.BinarySearchFunc(v.order, number, func(local, number uint32) int {
		return int(int64(v.numbers[local]) - int64(number))
	})
	if !ok {
		return 0, false, nil
	}
	return v.order[at], true, nil
}

// index makes the way from number to local.
func (v *view) index() {
	if len(v.numbers) == 0 {
		return
	}
	least, most := slices.Min(v.numbers), slices.Max(v.numbers)
	if width := int64(most) - int64(least) + 1; width <= 2*int64(len(v.numbers))+1024 {
		v.first, v.table = least, make([]uint32, width)
		for local, number := range v.numbers {
			v.table[number-least] = uint32(local) + 1
		}
		return
	}
	v.order = make([]uint32, len(v.numbers))
	for local := range v.order {
		v.order[local] = uint32(local)
	}
	slices.SortFunc(v.order, func(a, b uint32) int { return int(int64(v.numbers[a]) - int64(v.numbers[b])) })
}

// columns reads the column field of a segment.
type columns struct {
	file   string
	source segment.DocValueVisitable
	state  segment.DocVisitState
	value  []byte
	visit  func(string, []byte)
}

var columnNames = []string{fieldNumber}

func newColumns(p *part) *columns {
	c := &columns{file: p.file}
	c.source, _ = p.segment.(segment.DocValueVisitable)
	// A value is terms with 0xff after each, and is handed out in pieces without it:
	// first the number, then the column. Both may hold 0xff.
	c.visit = func(_ string, piece []byte) { c.value = append(append(c.value, piece...), 0xff) }
	return c
}

// read is the number and the columns of a document; the columns are good until the next
// read.
func (c *columns) read(local uint32) (number uint32, value []byte, err error) {
	defer guard(c.file, &err)
	if c.source == nil {
		return 0, nil, &CorruptError{File: c.file, Err: errColumn}
	}
	c.value = c.value[:0]
	if c.state, err = c.source.VisitDocValues(uint64(local), columnNames, c.visit, c.state); err != nil {
		return 0, nil, &CorruptError{File: c.file, Err: err}
	}
	if len(c.value) < 6 {
		return 0, nil, &CorruptError{File: c.file, Err: fmt.Errorf("document %d has no number", local)}
	}
	return binary.BigEndian.Uint32(c.value), c.value[5 : len(c.value)-1], nil
}

// file is the path of a segment, or what it is called while it has none.
func (v *views) file(s segment.Segment) string {
	if p, ok := s.(segment.PersistedSegment); ok {
		return filepath.Join(v.dir, filepath.Base(p.Path()))
	}
	return "a batch in memory"
}
