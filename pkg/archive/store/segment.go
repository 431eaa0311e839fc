package store

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// part is a segment as a Snapshot sees it. The documents of a segment are numbered from
// 0; a "local" is such a number, as opposed to the caller's Number.
type part struct {
	segment segment.Segment
	deleted *roaring.Bitmap // nil: none
	view    *view
}

func (p *part) live(local uint32) bool { return p.deleted == nil || !p.deleted.Contains(local) }

// view is what is kept in memory of a segment while it lives: four bytes a document
// for the numbers, and as many for the way back once a number is looked up.
type view struct {
	once    sync.Once
	err     error
	numbers []uint32 // by local

	tableOnce sync.Once
	first     uint32   // the least number
	table     []uint32 // by number − first: local + 1, or 0; nil when the numbers are too far apart
	order     []uint32 // then: locals in the order of their numbers
}

// views are the views of the segments that were in the newest snapshot.
type views struct {
	mutex sync.Mutex
	byID  map[uint64]*view
}

func newViews() *views { return &views{byID: make(map[uint64]*view)} }

// parts are the segments of x with their views; views of segments that are gone go.
func (v *views) parts(x *scorch.IndexSnapshot) []part {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	kept := make(map[uint64]*view, len(x.Segments()))
	parts := make([]part, 0, len(x.Segments()))
	for _, s := range x.Segments() {
		// A segment keeps its id and its order when it is moved from memory to disk.
		w := v.byID[s.Id()]
		if w == nil {
			w = new(view)
		}
		kept[s.Id()] = w
		parts = append(parts, part{segment: s.Segment(), deleted: s.Deleted(), view: w})
	}
	v.byID = kept
	return parts
}

// load reads the numbers of the segment once.
func (p *part) load() error {
	v := p.view
	v.once.Do(func() {
		defer guard(segmentFile(p.segment), &v.err)
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
	segment segment.Segment
	source  segment.DocValueVisitable
	state   segment.DocVisitState
	value   []byte
	visit   func(string, []byte)
}

var columnNames = []string{fieldNumber}

func newColumns(p *part) *columns {
	c := &columns{segment: p.segment}
	c.source, _ = p.segment.(segment.DocValueVisitable)
	// A value is terms with 0xff after each, and is handed out in pieces without it:
	// first the number, then the column. Both may hold 0xff.
	c.visit = func(_ string, piece []byte) { c.value = append(append(c.value, piece...), 0xff) }
	return c
}

// read is the number and the columns of a document; the columns are good until the next
// read.
func (c *columns) read(local uint32) (number uint32, value []byte, err error) {
	if c.source == nil {
		return 0, nil, fmt.Errorf("segment of type %T without columns", c.segment)
	}
	c.value = c.value[:0]
	if c.state, err = c.source.VisitDocValues(uint64(local), columnNames, c.visit, c.state); err != nil {
		return 0, nil, err
	}
	if len(c.value) < 6 {
		return 0, nil, &CorruptError{File: segmentFile(c.segment), Err: fmt.Errorf("document %d has no number", local)}
	}
	return binary.BigEndian.Uint32(c.value), c.value[5 : len(c.value)-1], nil
}

// segmentFile is the path of a segment, or what it is called while it has none.
func segmentFile(s segment.Segment) string {
	if p, ok := s.(segment.PersistedSegment); ok {
		return p.Path()
	}
	return "a batch in memory"
}
