package parquet

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/parquet-go/parquet-go"
)

// Copier copies rows of Parquet files into one, with all their columns, whatever these are.
type Copier struct {
	to    io.Writer
	out   *parquet.GenericWriter[any] // nil before the first row
	bytes int                         // in the group

	from  *source
	row   [1]parquet.Row
	begun string // the schema of out
}

// NewCopier makes a Copier.
func NewCopier(w io.Writer) *Copier { return &Copier{to: w} }

// ErrSchema: a file has other columns than the one whose rows were copied first.
var ErrSchema = errors.New("other columns than the file before")

// Schema describes the columns of a file. Rows of files with the same can be copied into
// one.
func Schema(path string) (schema string, err error) {
	s, err := openSource(path)
	if err != nil {
		return "", err
	}
	defer s.close()
	return s.schema, nil
}

// Copy copies row n of a file, counted from 1. It is fast for rows in their order. Metadata
// of the file itself, which tells readers of its types, is that of the first one.
func (c *Copier) Copy(path string, n int64) (err error) {
	defer recovered(&err)
	if c.from == nil || c.from.path != path {
		if err := c.open(path); err != nil {
			return err
		}
	}
	if err := c.from.read(n-1, c.row[:]); err != nil {
		return fmt.Errorf("%s: row %d: %w", path, n, err)
	}
	for _, v := range c.row[0] {
		c.bytes += 16
		if k := v.Kind(); k == parquet.ByteArray || k == parquet.FixedLenByteArray {
			c.bytes += len(v.ByteArray())
		}
	}
	if _, err := c.out.WriteRows(c.row[:]); err != nil {
		return err
	}
	if c.bytes < groupBytes {
		return nil
	}
	c.bytes = 0
	return c.out.Flush()
}

// open goes on with another file.
func (c *Copier) open(path string) error {
	from, err := openSource(path)
	if err != nil {
		return err
	}
	if c.from != nil {
		c.from.close()
	}
	c.from = from
	switch {
	case c.out == nil:
		options := []parquet.WriterOption{
			from.file.Schema(), parquet.Compression(&parquet.Snappy), parquet.CreatedBy("calque", "", ""),
		}
		for _, m := range from.file.Metadata().KeyValueMetadata {
			options = append(options, parquet.KeyValueMetadata(m.Key, m.Value))
		}
		c.out, c.begun = parquet.NewGenericWriter[any](c.to, options...), from.schema
	case from.schema != c.begun:
		return fmt.Errorf("%s: %w", path, ErrSchema)
	}
	return nil
}

// Close writes what is left and the end of the file. It does not close the writer below.
func (c *Copier) Close() (err error) {
	defer recovered(&err)
	if c.from != nil {
		c.from.close()
	}
	if c.out == nil {
		return nil
	}
	return c.out.Close()
}

// source is a file that rows are copied from.
type source struct {
	path   string
	opened *os.File
	file   *parquet.File
	schema string

	groups []parquet.RowGroup // those behind the one that is read
	rows   parquet.Rows       // of that one
	start  int64              // the file's number of its first row, and of the one behind its last
	end    int64
	next   int64 // that comes when nothing is sought
}

func openSource(path string) (s *source, err error) {
	defer recovered(&err)
	opened, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := opened.Stat()
	if err == nil {
		s = &source{path: path, opened: opened}
		s.file, err = parquet.OpenFile(opened, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	}
	if err != nil {
		_ = opened.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.schema, s.groups = s.file.Schema().String(), s.file.RowGroups()
	return s, nil
}

// read reads the row of a number, counted from 0, that is none of those before the last.
func (s *source) read(n int64, row []parquet.Row) error {
	for s.rows == nil || n >= s.end {
		if len(s.groups) == 0 || n < s.end {
			return io.ErrUnexpectedEOF
		}
		s.closeRows()
		group := s.groups[0]
		s.groups = s.groups[1:]
		s.start, s.end, s.next = s.end, s.end+group.NumRows(), s.end
		s.rows = group.Rows()
	}
	if n != s.next {
		if err := s.rows.SeekToRow(n - s.start); err != nil {
			return err
		}
	}
	s.next = n + 1
	row[0] = row[0][:0]
	if got, err := s.rows.ReadRows(row); got == 0 {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	return nil
}

func (s *source) closeRows() {
	if s.rows != nil {
		_ = s.rows.Close()
		s.rows = nil
	}
}

func (s *source) close() {
	s.closeRows()
	_ = s.opened.Close()
}

// recovered makes an error of what the library panics with on a damaged file.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("damaged Parquet: %v", r)
	}
}
