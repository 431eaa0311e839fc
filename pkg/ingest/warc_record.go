package ingest

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	warcMagic     = "WARC/"
	maxWARCHeader = 1 << 20 // a record's header is far smaller
	maxTrailer    = 64      // bytes of white space between two records: there should be four
)

// fields are the named fields of a header, names in lower case. The first of equal names
// counts.
type headerFields map[string]string

// warcRecord is the header of a record.
type warcRecord struct {
	kind    string // in lower case
	fields  headerFields
	length  int64 // of the block
	started int64 // the member in which it begins, if the file is packed by members
}

// warcReader reads the records of a WARC file.
type warcReader struct {
	*window
	members *members // that the window reads, if the file is packed by members
	size    int64    // of the file, 0 if not known
	number  int      // of the record read last, counted from 1
	place   string   // and where it begins, for messages
}

// next is the header of the next record, which is consumed, or io.EOF. Any other error
// is one of that record.
func (r *warcReader) next() (*warcRecord, error) {
	_, err := r.skipSpace()
	if err == io.EOF {
		return nil, err
	}
	r.number++
	rec := &warcRecord{}
	r.place = fmt.Sprintf("at byte %d", r.offset)
	if m := r.members; m != nil {
		offset := r.unpacked()
		b := m.at(offset)
		rec.started = b.stored
		if r.place = fmt.Sprintf("at byte %d", b.stored); b.unpacked < offset {
			r.place = fmt.Sprintf("at unpacked byte %d", offset)
		}
		if err != nil {
			r.place = fmt.Sprintf("at byte %d", m.start)
		}
	}
	if err != nil {
		return nil, err
	}
	return rec, r.header(rec)
}

// unpacked is where the window stands in what came out of the members.
func (r *warcReader) unpacked() int64 { return r.members.total - int64(len(r.bytes())) }

// header reads the header of rec.
func (r *warcReader) header(rec *warcRecord) error {
	r.fill(len(warcMagic))
	if b := r.bytes(); !bytes.HasPrefix(b, []byte(warcMagic)) {
		if r.err != nil && r.err != io.EOF {
			return r.err
		}
		return r.broken("it does not begin with %q", warcMagic)
	}
	size := 0
	for size = headerEnd(r.bytes()); size < 0; size = headerEnd(r.bytes()) {
		if len(r.bytes()) > maxWARCHeader {
			return r.broken("a header of over %d bytes", maxWARCHeader)
		}
		if !r.more() {
			return r.ended("its header")
		}
	}
	_, rec.fields = parseHeader(r.bytes()[:size])
	rec.kind = strings.ToLower(rec.fields["warc-type"])
	length, known := rec.fields["content-length"]
	n, err := strconv.ParseInt(length, 10, 64)
	switch {
	case !known:
		return r.broken("no Content-Length")
	case err != nil || n < 0:
		return r.broken("Content-Length %q", length)
	case r.size > 0 && n > r.size-r.offset-int64(size):
		return r.broken("%d bytes are announced, %d follow", n, r.size-r.offset-int64(size))
	case rec.kind == "":
		return r.broken("no WARC-Type")
	}
	rec.length = n
	r.skip(size)
	return nil
}

// broken is an ErrRecord.
func (r *warcReader) broken(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRecord, fmt.Sprintf(format, args...))
}

// ended says why there is no more of a part of a record.
func (r *warcReader) ended(part string) error {
	if r.err != io.EOF {
		return r.err
	}
	return r.broken("the file ends in %s", part)
}

// block is the block of rec, which stays in the window until it is passed. It has been
// checked that the record ends there, and in a packed file that its checksum is right.
func (r *warcReader) block(rec *warcRecord) ([]byte, error) {
	r.fill(int(rec.length))
	if int64(len(r.bytes())) < rec.length {
		return nil, r.ended("its block")
	}
	if err := r.checkEnd(rec, int(rec.length)); err != nil {
		return nil, err
	}
	return r.bytes()[:rec.length], nil
}

// pass consumes the block of rec, of any size.
func (r *warcReader) pass(rec *warcRecord) error {
	for left := rec.length; ; {
		n := min(left, int64(len(r.bytes())))
		r.skip(int(n))
		if left -= n; left == 0 {
			return r.checkEnd(rec, 0)
		}
		if !r.more() {
			return r.ended("its block")
		}
	}
}

// checkEnd sees to it that rec ends at offset i of the window: with two ends of a line,
// or at least where another record begins or the file ends.
func (r *warcReader) checkEnd(rec *warcRecord, i int) error {
	r.fill(i + 4)
	rest := r.bytes()[i:]
	space := 0
	if bytes.HasPrefix(rest, []byte("\r\n\r\n")) {
		space = 4
	} else {
		for space < maxTrailer && isSpace(r.at(i+space)) {
			space++
		}
	}
	if r.members != nil || space != 4 {
		r.fill(i + space + len(warcMagic))
	}
	rest = r.bytes()[i:]
	if r.members != nil && r.members.beginsAt(r.unpacked()+int64(i+space)) {
		return nil // whatever is there
	}
	failed := r.err != nil && r.err != io.EOF && len(rest) < space+len(warcMagic)
	switch {
	case failed && r.members != nil && !r.members.open && len(rest) == space && r.members.start != rec.started:
		return nil // it is the next member that cannot be opened
	case failed:
		return r.err
	case space == 4 && r.members == nil, len(rest) == space, bytes.HasPrefix(rest[space:], []byte(warcMagic)):
		return nil
	}
	return r.broken("it does not end after the %d bytes announced", rec.length)
}

// resync goes on after a record that is broken, and reports whether there is another.
func (r *warcReader) resync(err error) bool {
	if r.members != nil && r.members.failure != nil && err == r.members.failure {
		return r.resyncMember()
	}
	mark := []byte("\n" + warcMagic)
	for {
		b := r.bytes()
		i := bytes.Index(b, mark) + 1
		if j := r.nextMember(); j > 0 && (i == 0 || j < i) {
			i = j
		}
		if i > 0 {
			r.skip(i)
			return true
		}
		r.skip(max(0, len(b)-len(mark))) // a byte more than the mark might have begun with
		if !r.more() {
			return r.err != io.EOF && r.members != nil && r.resyncMember()
		}
	}
}

// nextMember is the offset in the window of the next member with a record, 0 for none.
func (r *warcReader) nextMember() int {
	if r.members == nil {
		return 0
	}
	b := r.bytes()
	for _, begun := range r.members.begun {
		i := begun.unpacked - r.unpacked()
		if i > 0 && i < int64(len(b)) && bytes.HasPrefix(b[i:], []byte(warcMagic)) {
			return int(i)
		}
	}
	return 0
}

func (r *warcReader) resyncMember() bool {
	if !r.members.resync(warcMagic) {
		return false
	}
	r.reset(r.members)
	return true
}

// headerEnd is the offset after the empty line that ends a header, or short.
func headerEnd(b []byte) int {
	for i := 0; ; {
		n := bytes.IndexByte(b[i:], '\n')
		if n < 0 {
			return short
		}
		if n == 0 || n == 1 && b[i] == '\r' {
			return i + n + 1
		}
		i += n + 1
	}
}

// parseHeader reads a header: its first line, and the fields below it. A line that begins
// with white space goes on with the one before it.
func parseHeader(b []byte) (first string, fields headerFields) {
	fields = make(headerFields)
	last := ""
	for line := range bytes.Lines(b) {
		text := string(bytes.TrimSpace(line))
		switch {
		case first == "" && text != "":
			first = text
		case text == "":
		case (line[0] == ' ' || line[0] == '\t') && last != "":
			fields[last] += " " + text
		default:
			name, value, _ := strings.Cut(text, ":")
			last = strings.ToLower(strings.TrimSpace(name))
			if _, known := fields[last]; known {
				last = ""
				continue
			}
			fields[last] = strings.TrimSpace(value)
		}
	}
	return first, fields
}
