package ingest

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"strings"
)

// Table is a file of rows and named columns that is read by its columns, such as
// Parquet's.
type Table interface {
	// Columns are those with one value a row, in the order of the file.
	Columns() []Column

	// Rows yields the cells of some columns, given by their places in Columns, row after
	// row. The slice is used again for the next row. An error ends the rows.
	Rows(columns []int) iter.Seq2[[]Cell, error]
}

// Column is a column of a Table.
type Column struct {
	Name string // the parts of a nested one are joined by dots
	Type string // as the format calls it, for messages
	Text bool   // its cells are text, or bytes that may be
}

// Cell is one value of a row. Times and dates are given in the form of RFC 3339, numbers
// in decimal, and what has no such form is null.
type Cell struct {
	Text string
	Null bool
}

// readTable reads a file with Options.Parquet. It needs the file itself, at any place:
// what comes as a stream is put into a temporary file first.
func (r *run) readTable(f file, whole *os.File) bool {
	if r.opts.Parquet == nil {
		return r.reject(f.path, f.id, &reason{text: "no reader for Parquet: set Options.Parquet to that of pkg/ingest/parquet", class: ErrTable})
	}
	size := f.size
	kind := Opaque
	if whole != nil {
		kind = Tuple
		defer r.countRest(size)() // columns that nobody asked for are never read
	} else {
		spooled, n, err := r.spool()
		if err != nil {
			return r.reject(f.path, f.id, err)
		}
		defer spooled.close()
		whole, size = spooled.File, n
	}
	table, err := r.opts.Parquet(whole, size)
	if err != nil {
		return r.reject(f.path, f.id, err)
	}
	all := table.Columns()
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.Name
	}
	columns := r.findColumns(names)
	if c := columns[fieldText]; c < 0 {
		return r.reject(f.path, f.id, r.noTextColumn(names))
	} else if !all[c].Text {
		err := &reason{text: fmt.Sprintf("column %q holds %s, not text", all[c].Name, all[c].Type), class: ErrNotString}
		return r.reject(f.path, f.id, err)
	}
	return r.readCells(f, table, columns, kind)
}

// countRest returns a function that counts what has not been counted of a file of so many
// bytes, of which the window has the first.
func (r *run) countRest(size int64) func() {
	before := r.readBytes - r.window.offset - int64(len(r.window.bytes()))
	return func() { r.count(int(max(0, size-(r.readBytes-before)))) }
}

// readCells hands on the articles of a table, whose rows stand so in the file.
func (r *run) readCells(f file, table Table, columns [fieldCount]int, kind Kind) bool {
	var wanted []int
	var places [fieldCount]int // of the fields, in wanted
	for f, c := range columns {
		if places[f] = -1; c >= 0 {
			places[f] = len(wanted)
			wanted = append(wanted, c)
		}
	}
	n := 0
	for cells, err := range table.Rows(wanted) {
		n++
		if err != nil {
			return r.rejectRecord(f, n, err)
		}
		r.stands(kind, nil, nil)
		if !r.cells(cells, places, f, n) {
			return false
		}
	}
	return n > 0 || r.reject(f.path, f.id, ErrEmptyText)
}

// cells hands on the article of row n.
func (r *run) cells(cells []Cell, places [fieldCount]int, f file, n int) bool {
	var failed error
	a, err := tableArticle(func(f field) (string, bool) {
		if places[f] < 0 || cells[places[f]].Null {
			return "", false
		}
		text := cells[places[f]].Text
		if int64(len(text)) > r.opts.MaxArticle {
			failed = ErrTooLarge
			return "", true
		}
		text, err := toUTF8(text)
		if err == nil && f == fieldText && isBinary(text) {
			err = ErrBinary
		}
		if err != nil {
			failed = err
		}
		return text, true
	})
	if failed != nil {
		err = failed
	}
	a.Origin = numbered(f.path, n)
	if a.ID = strings.TrimSpace(a.ID); a.ID == "" {
		a.ID = numbered(f.id, n)
	}
	if err != nil {
		return r.reject(a.Origin, a.ID, err)
	}
	return r.emit(a, nil)
}

// spooled is a temporary file.
type spooled struct{ *os.File }

// spool copies the rest of the stream to a temporary file, and returns its size.
func (r *run) spool() (*spooled, int64, error) {
	file, err := os.CreateTemp("", "calque-*")
	if err != nil {
		return nil, 0, fmt.Errorf("no temporary file to unpack to: %w", err)
	}
	s := &spooled{file}
	if runtime.GOOS != "windows" {
		os.Remove(file.Name()) // gone when the program ends, however it ends
	}
	w := &r.window
	for {
		if _, err := s.Write(w.bytes()); err != nil {
			s.close()
			return nil, 0, fmt.Errorf("no room to unpack to: %w", err)
		}
		w.skip(len(w.bytes()))
		if !w.more() {
			break
		}
	}
	if w.err != io.EOF {
		s.close()
		return nil, 0, osReason(w.err)
	}
	return s, w.offset, nil
}

func (s *spooled) close() error {
	err := s.Close()
	if runtime.GOOS == "windows" {
		err = errors.Join(err, os.Remove(s.Name()))
	}
	return err
}
