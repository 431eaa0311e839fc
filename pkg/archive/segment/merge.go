package segment

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	api "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/golang/snappy"
)

// Merge merges segments into a file.
func (p plugin) Merge(segments []api.Segment, dropped []*roaring.Bitmap, path string, closed chan struct{},
	report api.StatsReporter,
) ([][]uint64, uint64, error) {
	return p.MergeUsing(segments, dropped, path, closed, report, nil)
}

// MergeUsing merges segments into a file, without the documents that are dropped of each.
// It returns the new numbers of the documents of each and the size of the file. It ends
// with api.ErrClosed when closed is.
func (p plugin) MergeUsing(segments []api.Segment, dropped []*roaring.Bitmap, path string, closed chan struct{},
	report api.StatsReporter, config map[string]any,
) ([][]uint64, uint64, error) {
	numbers, size, err := merge(segments, dropped, path, closed, report, config)
	if errors.Is(err, errForeign) {
		return p.ZapPlugin.MergeUsing(segments, dropped, path, closed, report, config)
	}
	return numbers, size, err
}

// merger merges segments.
type merger struct {
	output
	sources  []*source
	fields   []fieldEntry
	count    uint64 // documents that are kept
	closed   chan struct{}
	words    dictionary
	postings postings
	values   columnWriter
	unpacked []byte
	meta     []byte
}

// merge is MergeUsing for segments that are as this package, or bleve for it, writes them.
func merge(segments []api.Segment, dropped []*roaring.Bitmap, path string, closed chan struct{},
	report api.StatsReporter, config map[string]any,
) (_ [][]uint64, _ uint64, err error) {
	if index.WriterHook != nil || index.ReaderHook != nil {
		return nil, 0, errForeign
	}
	m := &merger{closed: closed}
	if err := m.open(segments, dropped); err != nil {
		return nil, 0, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(path)
		}
	}()
	m.to = reporting{f, report}
	err = m.write()
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, 0, err // bleve looks for api.ErrClosed itself
	}
	s := stats(config)
	atomic.AddUint64(&s.TotMergeInputSegments, uint64(len(segments)))
	atomic.AddUint64(&s.TotMergeOutputDocs, m.count)
	numbers := make([][]uint64, len(m.sources))
	for i, x := range m.sources {
		numbers[i] = x.numbers
	}
	return numbers, m.at(), nil
}

// reporting tells how much is written.
type reporting struct {
	file   *os.File
	report api.StatsReporter
}

func (r reporting) Write(b []byte) (int, error) {
	n, err := r.file.Write(b)
	if r.report != nil {
		r.report.ReportBytesWritten(uint64(n))
	}
	return n, err
}

// open reads what the segments say of themselves and numbers the documents.
func (m *merger) open(segments []api.Segment, dropped []*roaring.Bitmap) error {
	for i, s := range segments {
		x, err := sourceOf(s, dropped[i])
		if err != nil {
			return err
		}
		x.order, x.numbers = i, make([]uint64, x.count)
		for old := range x.numbers {
			if x.numbers[old] = gone; x.dropped == nil || !x.dropped.Contains(uint32(old)) {
				x.numbers[old] = m.count
				m.count++
			}
		}
		m.sources = append(m.sources, x)
	}
	if m.count == 0 || m.count >= 1<<31 {
		return errForeign
	}
	return m.joinFields()
}

// joinFields makes the fields of all segments, the one of ids first.
func (m *merger) joinFields() error {
	for _, x := range m.sources {
		for _, f := range x.fields {
			at := slices.IndexFunc(m.fields, func(g fieldEntry) bool { return g.name == f.name })
			if at < 0 {
				m.fields = append(m.fields, fieldEntry{name: f.name, options: f.options})
			} else if m.fields[at].options != f.options {
				return errForeign
			}
		}
	}
	slices.SortFunc(m.fields, func(a, b fieldEntry) int { return compareFields(a.name, b.name) })
	return nil
}

// compareFields orders fields by name, that of ids before all others.
func compareFields(a, b string) int {
	if a == idField || b == idField {
		a, b = strings.TrimPrefix(a, idField), strings.TrimPrefix(b, idField)
	}
	return strings.Compare(a, b)
}

func (m *merger) write() error {
	stored, err := m.writeStored()
	if err != nil {
		return err
	}
	for i := range m.fields {
		if m.fields[i].address, err = m.mergeField(m.fields[i]); err != nil {
			return err
		}
	}
	fields := writeFields(&m.output, m.fields)
	m.bytes([]byte{0, 0, 0, 0}) // no hook
	for _, v := range [...]uint64{m.count, stored, fields} {
		m.uint64(v)
	}
	m.buf = binary.BigEndian.AppendUint32(m.buf, zap.DefaultChunkMode)
	m.buf = binary.BigEndian.AppendUint32(m.buf, Version)
	m.flush()
	m.buf = binary.BigEndian.AppendUint32(m.buf, m.sum)
	m.flush()
	return m.err
}

// stop is an error when the merge is to end.
func (m *merger) stop() error {
	select {
	case <-m.closed:
		return api.ErrClosed
	default:
		return m.err
	}
}

// writeStored copies the stored values and returns the address of their table.
func (m *merger) writeStored() (uint64, error) {
	addresses := make([]uint64, 0, m.count)
	for _, x := range m.sources {
		fields := m.renumbered(x)
		for old := range x.count {
			if old%1024 == 0 {
				if err := m.stop(); err != nil {
					return 0, err
				}
			}
			if x.numbers[old] == gone {
				continue
			}
			addresses = append(addresses, m.at())
			m.copyStored(x, old, fields)
			m.rest()
		}
	}
	return writeStoredTable(&m.output, addresses), nil
}

// renumbered are the new numbers of the fields by the old ones, nil when they are the
// same.
func (m *merger) renumbered(x *source) []int {
	fields, same := make([]int, len(x.fields)), true
	for i, f := range x.fields {
		fields[i] = slices.IndexFunc(m.fields, func(g fieldEntry) bool { return g.name == f.name })
		same = same && fields[i] == i
	}
	if same {
		return nil
	}
	return fields
}

// copyStored copies the stored values of a document. The numbers of its fields stand
// before them; their order is the same in all segments.
func (m *merger) copyStored(x *source, document uint64, fields []int) {
	at := cursor{x.mem, binary.BigEndian.Uint64(x.mem[x.stored+8*document:])}
	start := at.at
	metaSize, size := at.uvarint(), at.uvarint()
	meta := cursor{at.take(metaSize), 0}
	values := at.take(size)
	if fields == nil {
		m.bytes(x.mem[start:at.at])
		return
	}
	m.meta = binary.AppendUvarint(m.meta[:0], meta.uvarint()) // size of the id
	for meta.at < metaSize {
		m.meta = binary.AppendUvarint(m.meta, uint64(fields[meta.uvarint()]))
		for range 3 { // kind, start, size
			m.meta = binary.AppendUvarint(m.meta, meta.uvarint())
		}
		positions := meta.uvarint()
		m.meta = binary.AppendUvarint(m.meta, positions)
		for range positions {
			m.meta = binary.AppendUvarint(m.meta, meta.uvarint())
		}
	}
	m.uvarint(uint64(len(m.meta)))
	m.uvarint(size)
	m.bytes(m.meta)
	m.bytes(values)
}

// mergeField merges a field and returns where it is described.
func (m *merger) mergeField(f fieldEntry) (uint64, error) {
	var parts []*part
	for _, x := range m.sources {
		p, err := x.part(f.name)
		if err != nil {
			return 0, err
		}
		if p != nil {
			parts = append(parts, p)
		}
	}
	if err := m.words.begin(registry); err != nil {
		return 0, err
	}
	if err := m.mergeTerms(parts); err != nil {
		return 0, err
	}
	dictionary, err := m.words.write(&m.output)
	if err != nil {
		return 0, err
	}
	start, end := noColumn, noColumn
	if slices.ContainsFunc(parts, func(p *part) bool { return p.columnStart != noColumn }) {
		start = m.at()
		if err := m.mergeColumns(parts, index.FieldIndexingOptions(f.options)); err != nil {
			return 0, err
		}
		end = m.at()
	}
	return writeField(&m.output, start, end, dictionary), nil
}

// mergeTerms merges the terms of a field with their postings.
func (m *merger) mergeTerms(parts []*part) error {
	q := newQueue(parts)
	var term []byte
	for n := 0; len(q) > 0; n++ {
		if n%1024 == 0 {
			if err := m.stop(); err != nil {
				return err
			}
		}
		m.postings.reset()
		for term = append(term[:0], q[0].term...); len(q) > 0 && bytes.Equal(q[0].term, term); {
			if err := q[0].postings(&m.postings); err != nil {
				return err
			}
			if err := q[0].next(); err != nil {
				return err
			}
			q = q.fix()
		}
		if len(m.postings.documents) == 0 {
			continue
		}
		if err := m.words.builder.Insert(term, m.postings.write(&m.output, m.count, false)); err != nil {
			return err
		}
	}
	return nil
}

// queue is a heap of parts by their terms; of those at one term the first segment comes
// first, so that documents come in their order.
type queue []*part

func newQueue(parts []*part) queue {
	var q queue
	for _, p := range parts {
		if p.words != nil {
			q = append(q, p)
		}
	}
	for i := len(q)/2 - 1; i >= 0; i-- {
		q.down(i)
	}
	return q
}

func (q queue) before(i, j int) bool {
	if c := bytes.Compare(q[i].term, q[j].term); c != 0 {
		return c < 0
	}
	return q[i].order < q[j].order
}

// fix puts the first part, which has moved on or is at its end, in its place.
func (q queue) fix() queue {
	if q[0].words == nil {
		q[0] = q[len(q)-1]
		q = q[:len(q)-1]
	}
	if len(q) > 0 {
		q.down(0)
	}
	return q
}

func (q queue) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(q); child++ {
			if q.before(child, least) {
				least = child
			}
		}
		if least == i {
			return
		}
		q[i], q[least] = q[least], q[i]
		i = least
	}
}

// mergeColumns merges the columns of a field.
func (m *merger) mergeColumns(parts []*part, o index.FieldIndexingOptions) error {
	m.values.begin(m.count, !o.SkipDVChunking(), !o.SkipDVCompression())
	for _, p := range parts {
		if p.columnStart == noColumn {
			continue
		}
		if err := m.stop(); err != nil {
			return err
		}
		tail := p.mem[p.columnEnd-16 : p.columnEnd]
		chunks := binary.BigEndian.Uint64(tail[8:])
		ends := cursor{p.mem, p.columnEnd - 16 - binary.BigEndian.Uint64(tail)}
		start := uint64(0)
		for i := range chunks {
			end := ends.uvarint()
			chunk := p.mem[p.columnStart+start : p.columnStart+end]
			if start = end; len(chunk) == 0 {
				continue
			}
			if o.SkipDVChunking() {
				m.addValue(p, i, chunk)
			} else if err := m.addChunk(p, chunk); err != nil {
				return err
			}
		}
	}
	m.values.end(&m.output)
	return nil
}

func (m *merger) addValue(p *part, document uint64, value []byte) {
	if number := p.numbers[document]; number != gone {
		m.values.add(&m.output, number, value)
	}
}

// addChunk adds the values of a chunk.
func (m *merger) addChunk(p *part, chunk []byte) (err error) {
	meta := cursor{chunk, 0}
	count := meta.uvarint()
	values := meta
	for range 2 * count {
		values.uvarint()
	}
	if m.unpacked, err = snappy.Decode(m.unpacked[:cap(m.unpacked)], chunk[values.at:]); err != nil {
		return err
	}
	start := uint64(0)
	for range count {
		document, end := meta.uvarint(), meta.uvarint()
		m.addValue(p, document, m.unpacked[start:end])
		start = end
	}
	return nil
}
