package ingest

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxHeader is the size in bytes up to which a first row can be a header: what is larger
// is another kind of file.
const maxHeader = 1 << 20

// delimiters are what a header is tried with, the likeliest first.
const delimiters = ",;\t|"

// rowReader reads the rows of a table of comma-separated values.
type rowReader struct {
	*window
	rowScanner
	limit int64
	line  int    // in which the row begins that is read next, counted from 1
	last  int    // in which the row began that was read last
	cr    bool   // was consumed last
	head  []byte // as it stands: a stated delimiter, and the names
}

// readRows reads a table of which the first row names the columns.
func (r *run) readRows(f file) bool {
	t := &rowReader{window: &r.window, line: 1}
	names, err := r.readHeader(t, f.format)
	if err != nil {
		return r.reject(f.path, f.id, err)
	}
	columns := r.findColumns(names)
	if columns[fieldText] < 0 {
		return r.reject(f.path, f.id, r.noTextColumn(names))
	}
	t.most = len(names)
	for blank := true; ; {
		row, err := t.next()
		switch {
		case err == io.EOF:
			return !blank || r.reject(f.path, f.id, ErrEmptyText)
		case err != nil:
			blank = false
			if !r.rejectRecord(f, t.last, err) {
				return false
			}
			if t.err != nil && t.err != io.EOF && len(t.bytes()) == 0 {
				return true // the stream failed
			}
			continue
		case t.count == 1 && len(bytes.TrimSpace(row)) == 0:
			continue
		}
		blank = false
		r.stands(Row, bytes.TrimSuffix(row, []byte("\n")), t.head)
		if !r.row(row, t, columns, f) {
			return false
		}
	}
}

// row hands on the article of one row.
func (r *run) row(row []byte, t *rowReader, columns [fieldCount]int, f file) bool {
	if t.count != t.most {
		err := fmt.Errorf("%w: %d cells in a row, %d in the header", ErrTable, t.count, t.most)
		return r.rejectRecord(f, t.last, err)
	}
	if holdsZero(row) {
		return r.rejectRecord(f, t.last, ErrBinary)
	}
	if !utf8.Valid(row) {
		decoded, err := toUTF8(string(row))
		if err != nil {
			return r.rejectRecord(f, t.last, err)
		}
		row = []byte(decoded)
		t.row(row, true)
	}
	a, err := tableArticle(func(f field) (string, bool) {
		if columns[f] < 0 {
			return "", false
		}
		return string(t.cells[columns[f]].of(row)), true
	})
	a.Origin = numbered(f.path, t.last)
	if a.ID = strings.TrimSpace(a.ID); a.ID == "" {
		a.ID = numbered(f.id, t.last)
	}
	if err != nil {
		return r.reject(a.Origin, a.ID, err)
	}
	return r.emit(a, nil)
}

// readHeader reads the names of the columns, and finds out what is between them.
func (r *run) readHeader(t *rowReader, kind format) ([]string, error) {
	first, err := t.peekLine()
	if err != nil {
		return nil, err
	}
	if c, ok := statedDelimiter(first); ok {
		t.comma, t.head = c, bytes.Clone(first)
		t.discard(len(first))
	} else if t.comma = '\t'; kind != formatTSV {
		t.comma = sniffDelimiter(first, r.paths[fieldText])
	}
	t.limit, t.most = maxHeader, maxHeader
	row, err := t.next()
	t.limit = r.opts.MaxArticle
	switch {
	case err == io.EOF:
		return nil, ErrEmptyText
	case err == ErrTooLarge:
		return nil, fmt.Errorf("%w: a header of over %d bytes", ErrTable, maxHeader)
	case err != nil:
		return nil, fmt.Errorf("the header: %w", err)
	}
	t.head = append(t.head, bytes.TrimSuffix(row, []byte("\n"))...)
	return headerNames(row, t.cells)
}

// headerNames are the names in a header row.
func headerNames(row []byte, cells []csvCell) ([]string, error) {
	var names []string
	for _, c := range cells {
		name, err := toUTF8(string(c.of(row)))
		if err != nil {
			return nil, err
		}
		names = append(names, strings.TrimSpace(name))
	}
	return names, nil
}

// statedDelimiter reads the line "sep=;" with which spreadsheets are told the delimiter.
func statedDelimiter(line []byte) (byte, bool) {
	line = bytes.TrimRight(line, "\r\n")
	if len(line) == 5 && strings.EqualFold(string(line[:4]), "sep=") {
		return line[4], true
	}
	return 0, false
}

// sniffDelimiter is the delimiter by which a header has the column wanted, else the one
// that gives most columns. French spreadsheets write semicolons.
func sniffDelimiter(header []byte, wanted string) byte {
	best, most := delimiters[0], 0
	for _, c := range []byte(delimiters) {
		s := rowScanner{comma: c, most: maxHeader}
		if s.row(header, true) == bad {
			continue
		}
		n := s.count
		for _, cell := range s.cells {
			if s.count > 1 && strings.TrimSpace(string(cell.of(header))) == wanted {
				n += maxHeader
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// looksLikeHeader reports whether the stream's first line is a header with the column wanted
// and another one: hardly a text begins so. A line of more than 64 KiB is none; what has no
// line end yet is waited for, since a text is read as a whole anyhow.
func (w *window) looksLikeHeader(wanted string) bool {
	for seen := 0; len(w.bytes()) < peekLimit && !bytes.ContainsAny(w.bytes()[seen:], "\r\n"); {
		if seen = len(w.bytes()); !w.more() {
			break
		}
	}
	line := w.bytes()[:min(len(w.bytes()), peekLimit)]
	if i := bytes.IndexAny(line, "\r\n"); i >= 0 {
		line = line[:i]
	} else if len(line) == peekLimit {
		return false
	}
	s := rowScanner{comma: sniffDelimiter(line, wanted), most: maxHeader}
	if s.row(line, true) < 0 || s.count < 2 {
		return false
	}
	found := false
	for _, cell := range s.cells {
		name := strings.TrimSpace(string(cell.of(line)))
		found = found || name == wanted
		if name == "" {
			return false
		}
	}
	return found
}

// peekLine is the first line that is not blank, with its end, as far as maxHeader; blank
// ones before it are consumed.
func (t *rowReader) peekLine() ([]byte, error) {
	for seen := 0; ; {
		b := t.bytes()
		i := bytes.IndexAny(b[seen:], "\r\n")
		switch {
		case i == 0 && seen == 0:
			t.discard(1)
			continue
		case i >= 0:
			i += seen + 1
			if i < len(b) && b[i-1] == '\r' && b[i] == '\n' {
				i++
			}
			return b[:i], nil
		}
		seen = len(b)
		if seen >= maxHeader || !t.more() {
			if t.err != nil && t.err != io.EOF {
				return nil, osReason(t.err)
			}
			return b, nil
		}
	}
}

// next is the next row, valid until the row after it is read, or io.EOF, or why the row
// cannot be used. After an error it goes on with the line that follows.
func (t *rowReader) next() ([]byte, error) {
	t.last = t.line
	for {
		b := t.bytes()
		ended := t.err == io.EOF
		if len(b) == 0 && t.err != nil {
			if ended {
				return nil, io.EOF
			}
			return nil, osReason(t.err)
		}
		// No further than the limit is looked, and an end of a line: what is found shall not
		// depend on how much there is to look at.
		tooLarge := int64(len(b)) > t.limit+2
		if tooLarge {
			b = b[:t.limit+2]
		}
		n := t.row(b, ended && !tooLarge)
		switch {
		case n >= 0:
			t.discard(n)
			return b[:n], nil
		case n == bad:
			return nil, t.passBroken()
		case tooLarge:
			return nil, t.passLarge()
		}
		if t.more() {
			t.fill(2 * len(b))
		} else if t.err != io.EOF {
			t.discard(len(b))
			return nil, osReason(t.err)
		}
	}
}

// passBroken consumes the line in which a row is broken: the row's first if a quote in it
// never closes, for what follows may be sound.
func (t *rowReader) passBroken() error {
	line := t.line + countLines(t.bytes()[:t.broken])
	err := fmt.Errorf("%w: line %d: %s", ErrTable, line, t.wrong)
	from := t.broken
	if from == t.quote {
		from = 0
	}
	for {
		b := t.bytes()
		if i := bytes.IndexAny(b[from:], "\r\n"); i >= 0 {
			i += from + 1
			if i < len(b) && b[i-1] == '\r' && b[i] == '\n' {
				i++
			}
			t.discard(i)
			return err
		}
		t.discard(len(b))
		from = 0
		if !t.more() {
			return err
		}
	}
}

// passLarge consumes a row that is too large.
func (t *rowReader) passLarge() error {
	s := rowSkipper{comma: t.comma}
	for {
		b := t.bytes()
		if n := s.end(b); n >= 0 {
			t.discard(n)
			return ErrTooLarge
		}
		t.discard(len(b))
		if !t.more() {
			return ErrTooLarge // a stream that failed says so at the next row
		}
	}
}

// discard consumes n bytes, and counts lines.
func (t *rowReader) discard(n int) {
	if n == 0 {
		return
	}
	b := t.bytes()[:n]
	t.line += countLines(b)
	if t.cr && b[0] == '\n' {
		t.line--
	}
	t.cr = b[n-1] == '\r'
	t.skip(n)
}

// countLines counts the ends of lines, be they LF, CRLF or CR.
func countLines(b []byte) int {
	n := bytes.Count(b, []byte{'\n'})
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 {
			return n
		}
		if b = b[i+1:]; len(b) == 0 || b[0] != '\n' {
			n++
		}
	}
}
