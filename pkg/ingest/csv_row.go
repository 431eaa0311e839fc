package ingest

import (
	"bytes"
	"fmt"
)

// csvCell is where a cell's text stands in the bytes of its row.
type csvCell struct {
	start, end int
	doubled    bool // quotes in it are written twice
}

// of is the cell's text in the row b, with "\n" for every "\r\n" and "\r" as in a text file.
func (c csvCell) of(b []byte) []byte {
	text := b[c.start:c.end]
	if c.doubled {
		text = bytes.ReplaceAll(text, []byte(`""`), []byte(`"`))
	}
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return text
}

// rowScanner walks one row of comma-separated values with the grammar of RFC 4180, and
// notes where its cells stand. A quote within an unquoted cell stands for itself, as in
// every spreadsheet. Rows may end with LF, CRLF or CR.
type rowScanner struct {
	comma byte
	most  int // how many cells are noted; further ones are counted only

	cells  []csvCell
	count  int
	wrong  string // what is bad about the row
	broken int    // where
	quote  int    // of the quote that opens the last quoted cell
}

// row scans the row that b begins with and returns the offset after its end, or short
// or bad. Only with whole set may b end where the row does.
//
// A cell that tabs separate is quoted only if its closing quote ends it: many programs
// write such tables without quoting, and articles begin with quotes.
func (s *rowScanner) row(b []byte, whole bool) int {
	s.cells, s.count = s.cells[:0], 0
	for i := 0; ; i++ {
		var c csvCell
		next := bad
		if i < len(b) && b[i] == '"' {
			s.quote = i
			c, next = s.quoted(b, i, whole)
		}
		if next == bad {
			if i < len(b) && b[i] == '"' && s.comma != '\t' {
				return bad
			}
			c, next = s.unquoted(b, i, whole)
		}
		if next == short {
			return short
		}
		if s.count++; s.count <= s.most {
			s.cells = append(s.cells, c)
		}
		i = next
		switch {
		case i == len(b):
			return i
		case b[i] == s.comma:
			continue
		case b[i] == '\n':
			return i + 1
		case i+1 < len(b) && b[i+1] == '\n':
			return i + 2
		case i+1 == len(b) && !whole:
			return short
		}
		return i + 1 // a lone CR
	}
}

// unquoted scans the cell that begins at b[i], and returns where it ends.
func (s *rowScanner) unquoted(b []byte, i int, whole bool) (csvCell, int) {
	start := i
	for i < len(b) && b[i] != s.comma && b[i] != '\n' && b[i] != '\r' {
		i++
	}
	if i == len(b) && !whole {
		return csvCell{}, short
	}
	return csvCell{start: start, end: i}, i
}

// quoted scans the cell whose opening quote is b[i].
func (s *rowScanner) quoted(b []byte, i int, whole bool) (csvCell, int) {
	c := csvCell{start: i + 1}
	for i++; ; {
		q := bytes.IndexByte(b[i:], '"')
		switch {
		case q < 0 && !whole:
			return c, short
		case q < 0:
			s.wrong, s.broken = "a quote that opens here is never closed", s.quote
			return c, bad
		}
		c.end, i = i+q, i+q+1
		switch {
		case i == len(b) && !whole:
			return c, short
		case i == len(b), b[i] == s.comma, b[i] == '\n', b[i] == '\r':
			return c, i
		case b[i] != '"':
			s.wrong, s.broken = fmt.Sprintf("%q after a closing quote", b[i]), i
			return c, bad
		}
		c.doubled = true
		i++
	}
}

// rowSkipper passes over a row that is too large to be held. It goes by the same grammar,
// but for the cells between tabs, all of which it takes for quoted if they open so.
type rowSkipper struct {
	comma  byte
	inside bool // a quoted cell
	closed bool // by the last byte, unless the next is a quote too
	begun  bool // the cell has a byte
}

// end is the offset after the row's end in b, which goes on where the last one ended, or
// short.
func (s *rowSkipper) end(b []byte) int {
	for i, c := range b {
		if s.inside {
			s.inside, s.closed = c != '"', c == '"'
			continue
		}
		switch {
		case c == '"' && (s.closed || !s.begun):
			s.inside, s.begun = true, true
		case c == s.comma:
			s.begun = false
		case c == '\n', c == '\r':
			return i + 1
		default:
			s.begun = true
		}
		s.closed = false
	}
	return short
}
