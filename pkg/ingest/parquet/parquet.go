// Package parquet reads Parquet files for package ingest: what goes in is a file, what
// comes out its rows, of the columns that are asked for. It is a package of its own so
// that those who read no such files need not link the library.
//
//	opts := ingest.Options{Parquet: parquet.Open}
//
// One page of each column is in memory at a time, as large as the file's writer made it:
// about a megabyte by most.
package parquet

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/calque-dev/calque/pkg/ingest"
)

// batch is how many values of a column are taken from a page at once.
const batch = 64

// table is an open file.
type table struct {
	file    *parquet.File
	in      io.ReaderAt
	size    int64
	leaves  []*parquet.Column // with one value a row
	columns []ingest.Column
}

// Open opens a Parquet file of so many bytes. Its error is an ingest.ErrTable when the
// file is none, or damaged.
func Open(in io.ReaderAt, size int64) (opened ingest.Table, err error) {
	defer recovered(&err)
	if err := checkFooter(in, size); err != nil {
		return nil, damaged(err)
	}
	file, err := parquet.OpenFile(in, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true),
		parquet.FileReadMode(parquet.ReadModeSync), parquet.ReadBufferSize(64<<10))
	if err != nil {
		return nil, damaged(err)
	}
	t := &table{file: file, in: in, size: size}
	t.add(file.Root())
	return t, nil
}

// add adds the columns at and below c.
func (t *table) add(c *parquet.Column) {
	if !c.Leaf() {
		for _, below := range c.Columns() {
			t.add(below)
		}
		return
	}
	if c.MaxRepetitionLevel() > 0 {
		return // lists have no place in an article
	}
	t.leaves = append(t.leaves, c)
	t.columns = append(t.columns, ingest.Column{Name: strings.Join(c.Path(), "."), Type: c.Type().String(), Text: isText(c.Type())})
}

// isText reports whether a column holds text. Old writers do not say which of their bytes
// are.
func isText(t parquet.Type) bool {
	if t.Kind() != parquet.ByteArray {
		return false
	}
	logical := t.LogicalType()
	if logical == nil || logical.Value == nil {
		return true
	}
	switch logical.Value.(type) {
	case *format.StringType, *format.EnumType, *format.JsonType:
		return true
	}
	return false
}

// Columns are the columns with one value a row.
func (t *table) Columns() []ingest.Column { return t.columns }

// Rows yields the rows of some columns.
func (t *table) Rows(columns []int) iter.Seq2[[]ingest.Cell, error] {
	return func(yield func([]ingest.Cell, error) bool) {
		row := make([]ingest.Cell, len(columns))
		for i, group := range t.file.RowGroups() {
			if err := t.check(i, columns); err != nil {
				yield(nil, damaged(err))
				return
			}
			on, err := t.group(group, columns, row, yield)
			if err != nil {
				yield(nil, err)
				return
			}
			if !on {
				return
			}
		}
	}
}

// check looks through the pages of the columns of a row group.
func (t *table) check(group int, columns []int) error {
	chunks := t.file.Metadata().RowGroups[group].Columns
	for _, c := range columns {
		i := t.leaves[c].Index()
		if i >= len(chunks) {
			return errors.New("a row group without all columns")
		}
		if err := checkPages(t.in, t.size, &chunks[i].MetaData); err != nil {
			return err
		}
	}
	return nil
}

// group yields the rows of one row group, and reports whether to go on.
func (t *table) group(group parquet.RowGroup, columns []int, row []ingest.Cell, yield func([]ingest.Cell, error) bool) (on bool, err error) {
	readers := make([]*reader, len(columns))
	defer func() {
		for _, r := range readers {
			if r != nil {
				r.close()
			}
		}
	}()
	chunks := group.ColumnChunks()
	for i, c := range columns {
		leaf := t.leaves[c]
		readers[i] = open(chunks[leaf.Index()], leaf.Type())
	}
	for range group.NumRows() {
		for i, r := range readers {
			if row[i], err = r.next(); err != nil {
				return false, damaged(err)
			}
		}
		if !yield(row, nil) {
			return false, nil
		}
	}
	return true, nil
}

// reader reads the values of a column of one row group.
type reader struct {
	values parquet.ColumnChunkValueReader
	show   func(parquet.Value) (string, bool)
	batch  []parquet.Value
	unread []parquet.Value // valid until the next batch is read
}

func open(chunk parquet.ColumnChunk, t parquet.Type) *reader {
	return &reader{values: parquet.NewColumnChunkValueReader(chunk), show: form(t), batch: make([]parquet.Value, batch)}
}

// next is the next cell.
func (r *reader) next() (cell ingest.Cell, err error) {
	defer recovered(&err)
	if len(r.unread) == 0 {
		n, err := r.values.ReadValues(r.batch)
		if n == 0 {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return ingest.Cell{}, err
		}
		r.unread = r.batch[:n]
	}
	v := r.unread[0]
	r.unread = r.unread[1:]
	if v.IsNull() {
		return ingest.Cell{Null: true}, nil
	}
	text, known := r.show(v)
	return ingest.Cell{Text: text, Null: !known}, nil
}

func (r *reader) close() {
	var err error
	defer recovered(&err)
	r.values.Close()
}

// form says how the values of a type are written down.
func form(t parquet.Type) func(parquet.Value) (text string, known bool) {
	var logical format.LogicalTypeValue
	if l := t.LogicalType(); l != nil {
		logical = l.Value
	}
	switch l := logical.(type) {
	case *format.TimestampType:
		return timestamps(l)
	case *format.DateType:
		return func(v parquet.Value) (string, bool) {
			return time.Unix(int64(v.Int32())*86400, 0).UTC().Format(time.DateOnly), true
		}
	case *format.UUIDType:
		return func(v parquet.Value) (string, bool) { return v.String(), true }
	case *format.DecimalType, *format.TimeType, *format.BsonType:
		return func(parquet.Value) (string, bool) { return "", false }
	case *format.IntType:
		if !l.IsSigned {
			return unsigned(t.Kind())
		}
	}
	switch t.Kind() {
	case parquet.ByteArray:
		return func(v parquet.Value) (string, bool) { return string(v.ByteArray()), true }
	case parquet.Int32:
		return func(v parquet.Value) (string, bool) { return strconv.Itoa(int(v.Int32())), true }
	case parquet.Int64:
		return func(v parquet.Value) (string, bool) { return strconv.FormatInt(v.Int64(), 10), true }
	case parquet.Int96:
		return julian
	}
	return func(parquet.Value) (string, bool) { return "", false }
}

func unsigned(kind parquet.Kind) func(parquet.Value) (string, bool) {
	if kind == parquet.Int32 {
		return func(v parquet.Value) (string, bool) { return strconv.FormatUint(uint64(v.Uint32()), 10), true }
	}
	return func(v parquet.Value) (string, bool) { return strconv.FormatUint(v.Uint64(), 10), true }
}

func timestamps(l *format.TimestampType) func(parquet.Value) (string, bool) {
	toTime := time.UnixMilli
	switch l.Unit.Value.(type) {
	case *format.MicroSeconds:
		toTime = time.UnixMicro
	case *format.NanoSeconds:
		toTime = func(n int64) time.Time { return time.Unix(0, n) }
	}
	return func(v parquet.Value) (string, bool) { return written(toTime(v.Int64())) }
}

// julian reads a time as Impala and Spark used to write it: nanoseconds of a day, and the
// number of the day.
func julian(v parquet.Value) (string, bool) {
	const epoch = 2440588 // 1 January 1970
	i := v.Int96()
	return written(time.Unix((int64(i[2])-epoch)*86400, int64(uint64(i[1])<<32|uint64(i[0]))))
}

// written is a time in RFC 3339, if it has a year that fits.
func written(t time.Time) (string, bool) {
	t = t.UTC()
	return t.Format(time.RFC3339Nano), t.Year() > 0 && t.Year() < 10000
}

func damaged(err error) error {
	if errors.Is(err, ingest.ErrTable) {
		return err
	}
	return fmt.Errorf("%w: not a sound Parquet file: %w", ingest.ErrTable, err)
}

// recovered makes an error of a panic: the library indexes by what a damaged file says.
func recovered(err *error) {
	switch r := recover().(type) {
	case nil:
	case runtime.Error:
		*err = damaged(r)
	case error:
		*err = damaged(r)
	default:
		*err = damaged(fmt.Errorf("%v", r))
	}
}
