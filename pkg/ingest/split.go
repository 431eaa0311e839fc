package ingest

import (
	"bytes"
	"fmt"
	"io"
)

const (
	// maxMarkupDepth bounds how deep elements may stand inside one another in a record.
	maxMarkupDepth = 1000
	// maxFeedHead is how much of what stands before the first record is kept, in bytes.
	maxFeedHead = 64 << 10
	// maxName is the length in bytes from which on a name is none.
	maxName = 256
)

// xmlRecord is the markup of one article.
type xmlRecord struct {
	name string // of its element, without prefix
	raw  []byte // its element, from tag to tag
}

// splitter cuts a stream of XML into records without parsing what is in them, so that a
// broken one spoils no other. It sees tags, comments, CDATA sections, processing
// instructions and document types, and no more.
type splitter struct {
	w     *window
	limit int64 // of a record, in bytes

	at   int    // how far the window is scanned
	keep bool   // what is scanned stays in the window: it is a record
	over bool   // the record is larger than the limit
	last string // "</" and the name of the record's element, with its prefix; empty outside

	container string // the root that records are in, without prefix; empty if there is none
	head      []byte // the container's start tag and what follows it up to the first record
	heads     int    // how many containers have begun
	saving    bool   // what is let go of is added to head
}

// streamEnd is what is wrong where a stream ends: there is no further record.
type streamEnd struct{ error }

func (e *streamEnd) Unwrap() error { return e.error }

// next scans to the end of the next record. Its bytes are valid until release is called.
// The error is io.EOF after the last one, or why the record cannot be had, which is a
// *streamEnd if nothing can follow.
func (s *splitter) next() (xmlRecord, error) {
	for {
		name, closing, ok := s.tag()
		if !ok {
			return xmlRecord{}, s.end()
		}
		switch local := localName([]byte(name)); {
		case closing:
			s.passTag()
			if local == s.container {
				s.container = ""
			}
		case s.isRecord(local):
			s.drop()
			s.saving = false
			return s.record(name, local)
		case xmlRecords[local] != "" && s.container == "":
			s.drop()
			s.head, s.saving = s.head[:0], true
			s.heads++
			if single, _ := s.passTag(); !single {
				s.container = local
			}
		default:
			s.passTag()
		}
	}
}

// release lets go of the record that next gave.
func (s *splitter) release() {
	s.keep, s.over, s.last = false, false, ""
	s.drop()
}

// isRecord reports whether an element of that name is an article.
func (s *splitter) isRecord(local string) bool {
	if s.container != "" {
		return local == xmlRecords[s.container]
	}
	return loneRecords[local]
}

// end is what next returns when the stream has no more.
func (s *splitter) end() error {
	switch {
	case s.w.err != io.EOF:
		return &streamEnd{osReason(s.w.err)}
	case s.container != "":
		return &streamEnd{fmt.Errorf("%w: the file ends within <%s>", ErrMarkup, s.container)}
	}
	return io.EOF
}

// record scans the record whose start tag stands at the window's beginning.
func (s *splitter) record(name, local string) (xmlRecord, error) {
	s.keep, s.over, s.last = true, false, "</"+name
	single, ok := s.passTag()
	depth, deepest := 1, 1
	for ok && !single && depth > 0 {
		var inner string
		var closing bool
		if inner, closing, ok = s.tag(); !ok {
			break
		}
		if inner == name && !closing || closing && localName([]byte(inner)) == s.container {
			return xmlRecord{}, fmt.Errorf("%w: <%s> does not end", ErrMarkup, name)
		}
		var alone bool
		alone, ok = s.passTag()
		switch {
		case inner == name:
			depth = 0
		case closing:
			depth = max(depth-1, 1)
		case !alone:
			depth++
			deepest = max(deepest, depth)
		}
	}
	switch {
	case !ok && s.w.err != io.EOF:
		return xmlRecord{}, &streamEnd{osReason(s.w.err)}
	case s.over || int64(s.at) > s.limit:
		return xmlRecord{}, ErrTooLarge
	case !ok:
		return xmlRecord{}, &streamEnd{fmt.Errorf("%w: the file ends within <%s>", ErrMarkup, name)}
	case deepest > maxMarkupDepth:
		return xmlRecord{}, fmt.Errorf("%w: elements nested more than %d deep", ErrMarkup, maxMarkupDepth)
	}
	return xmlRecord{local, s.w.bytes()[:s.at]}, nil
}

// drop lets go of what has been scanned.
func (s *splitter) drop() {
	if s.saving && len(s.head)+s.at <= maxFeedHead {
		s.head = append(s.head, s.w.bytes()[:s.at]...)
	} else if s.at > 0 {
		s.saving = false // a gap would be worse than an end
	}
	s.w.skip(s.at)
	s.at = 0
}

// more reads on, holding no more than is wanted.
func (s *splitter) more() bool {
	if s.keep && int64(s.at) > s.limit {
		s.keep, s.over = false, true
	}
	if !s.keep {
		s.drop()
	}
	return s.w.more()
}

// find scans to the next sep, or to the first of the two if there is another, and says
// which it is: 0, 1, or -1 at the end of the stream.
func (s *splitter) find(sep, other string) int {
	for {
		b := s.w.bytes()[s.at:]
		i := bytes.Index(b, []byte(sep))
		if other != "" {
			before := b
			if i >= 0 {
				before = b[:i]
			}
			if j := bytes.Index(before, []byte(other)); j >= 0 {
				s.at += j
				return 1
			}
		}
		if i >= 0 {
			s.at += i
			return 0
		}
		s.at += max(0, len(b)-max(len(sep), len(other))+1)
		if !s.more() {
			return -1
		}
	}
}

// tag scans to the next tag, over all that is none, and gives its name and whether it is
// an end tag. What comes next is then its "<".
func (s *splitter) tag() (name string, closing, ok bool) {
	for {
		if s.find("<", "") < 0 {
			return "", false, false
		}
		switch c := s.w.at(s.at + 1); {
		case c == '?':
			ok = s.section(2, "?>")
		case c == '!' && s.begins("<!--"):
			ok = s.section(4, "-->")
		case c == '!' && s.begins("<![CDATA["):
			ok = s.section(9, "]]>")
		case c == '!':
			ok = s.documentType()
		default:
			if closing = c == '/'; closing {
				name = s.name(s.at + 2)
			} else {
				name = s.name(s.at + 1)
			}
			if name != "" {
				return name, closing, true
			}
			s.at++
			ok = true
		}
		if !ok {
			return "", false, false
		}
	}
}

func (s *splitter) begins(with string) bool {
	s.w.fill(s.at + len(with))
	return bytes.HasPrefix(s.w.bytes()[s.at:], []byte(with))
}

// section scans to after end, from after its opening of so many bytes. An end tag of the
// record and then the next record's start before that end mean that whoever wrote the
// section forgot to close it: it is left at the end tag, lest it swallow the next record.
func (s *splitter) section(opening int, end string) bool {
	s.at += opening
	found := s.find(end, s.last)
	if found == 1 {
		tag := s.at
		if found = s.find(end, "<"+s.last[len("</"):]); found != 0 {
			// Beyond the limit what was before may be gone, and the record is lost with it.
			if s.over = s.over || int64(s.at) > s.limit; !s.over {
				s.at = tag
			}
			return true
		}
	}
	if found == 0 {
		s.at += len(end)
	}
	return found >= 0
}

// documentType scans over a document type, with the declarations in it.
func (s *splitter) documentType() bool {
	s.at += 2
	found := s.find(">", "[")
	if found == 1 {
		if s.find("]", s.last) == 0 {
			found = s.find(">", "")
		}
	}
	if found == 0 {
		s.at++
	}
	return found >= 0
}

// name is the name at offset i, empty if there is none.
func (s *splitter) name(i int) string {
	for n := 0; n < maxName; n++ {
		switch c := s.w.at(i + n); c {
		case 0, ' ', '\t', '\r', '\n', '/', '>', '<':
			name := s.w.bytes()[i:]
			if n = min(n, len(name)); n == 0 || !isNameStart(string(name[:n])) {
				return ""
			}
			return string(name[:n])
		}
	}
	return ""
}

// passTag scans to after the tag that comes next; single says that it is an end as well.
// A "<" in it means that it was not closed.
func (s *splitter) passTag() (single, ok bool) {
	var quote, before byte
	s.at++
	for {
		b := s.w.bytes()
		for i := s.at; i < len(b); i++ {
			switch c := b[i]; {
			case c == '<':
				s.at = i
				return false, true
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '>':
				s.at = i + 1
				return before == '/', true
			}
			before = b[i]
		}
		s.at = len(b)
		if !s.more() {
			return false, false
		}
	}
}
