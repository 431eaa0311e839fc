package ingest

import (
	"bytes"
	"io"
)

const (
	windowSize = 128 << 10 // to begin with
	windowKeep = 16 << 20  // a window that grew larger is given back
	peekLimit  = 64 << 10  // white space that is looked through before giving up
)

// window is the part of a stream that is in memory. It grows for as long as nothing is
// consumed, so that a record of any length can be seen as a whole.
type window struct {
	src        io.Reader
	buf        []byte
	start, end int
	err        error // why there is no more: io.EOF, or what went wrong
	newlines   int   // consumed by consume
	offset     int64 // bytes consumed
}

// reset begins another stream with the same buffer.
func (w *window) reset(src io.Reader) {
	*w = window{src: src, buf: w.buf}
	if len(w.buf) > windowKeep {
		w.buf = nil
	}
}

// bytes is what is in memory and not yet consumed, valid until the next call of more.
func (w *window) bytes() []byte { return w.buf[w.start:w.end] }

// skip consumes n bytes.
func (w *window) skip(n int) {
	w.start += n
	w.offset += int64(n)
}

// consume consumes n bytes and counts their newlines.
func (w *window) consume(n int) {
	w.newlines += bytes.Count(w.buf[w.start:w.start+n], []byte{'\n'})
	w.skip(n)
}

// rest is the unconsumed stream as a reader of its own, for another window to look
// through. It must not be read beside this one.
func (w *window) rest() io.Reader {
	head := bytes.NewReader(bytes.Clone(w.bytes()))
	switch w.err {
	case nil:
		return io.MultiReader(head, w.src)
	case io.EOF:
		return head
	}
	return io.MultiReader(head, failed{w.err})
}

// failed is a stream that has already gone wrong.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

// more reads at least one byte more, or returns false: then err says why.
func (w *window) more() bool {
	if w.err != nil {
		return false
	}
	w.makeRoom()
	for range 100 {
		n, err := w.src.Read(w.buf[w.end:])
		w.end += n
		w.err = err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	w.err = io.ErrNoProgress
	return false
}

// makeRoom sees to it that more can read something. The window grows only when it is
// nearly full of what is not consumed.
func (w *window) makeRoom() {
	rest := w.bytes()
	switch size := len(w.buf); {
	case size == 0, size > windowKeep && len(rest) < windowSize/2:
		w.buf = make([]byte, windowSize)
	case w.start == 0 && w.end < size, size-w.end >= size/8:
		return
	case w.start < size/4:
		w.buf = make([]byte, 2*size)
	}
	w.start, w.end = 0, copy(w.buf, rest)
}

// fill reads until n bytes are in memory or the stream ends.
func (w *window) fill(n int) {
	for w.end-w.start < n && w.more() {
	}
}

// at is byte i of the window, 0 past the end of the stream.
func (w *window) at(i int) byte {
	w.fill(i + 1)
	if b := w.bytes(); i < len(b) {
		return b[i]
	}
	return 0
}

// peekSpace is the first offset from i on that holds no JSON white space.
func (w *window) peekSpace(i int) int {
	for i < peekLimit && isSpace(w.at(i)) {
		i++
	}
	return i
}

// lineHoldsZero reports whether the line that the window begins with has a zero byte in its
// first 4096.
func (w *window) lineHoldsZero() bool {
	for i := range wideSample {
		switch c := w.at(i); {
		case i == len(w.bytes()) || c == '\n':
			return false
		case c == 0:
			return true
		}
	}
	return false
}

// skipSpace consumes white space and returns the byte after it, which stays.
func (w *window) skipSpace() (byte, error) {
	for {
		b := w.bytes()
		i := space(b, 0)
		w.consume(i)
		if i < len(b) {
			return b[i], nil
		}
		if !w.more() {
			return 0, w.err
		}
	}
}

// line consumes a line and returns it without its newline, or ErrTooLarge for one of
// more than limit bytes. An error of the stream takes the unfinished line with it.
func (w *window) line(limit int64) ([]byte, error) {
	seen := 0
	for {
		b := w.bytes()
		if i := bytes.IndexByte(b[seen:], '\n'); i >= 0 {
			w.skip(seen + i + 1)
			if int64(seen+i) > limit {
				return nil, ErrTooLarge
			}
			return b[:seen+i], nil
		}
		seen = len(b)
		if int64(seen) > limit {
			return nil, w.skipLine()
		}
		if w.more() {
			continue
		}
		if w.err != io.EOF || seen == 0 {
			return nil, w.err
		}
		b = w.bytes()
		w.skip(len(b))
		return b, nil
	}
}

// skipLine consumes the rest of a line that is too large.
func (w *window) skipLine() error {
	for {
		b := w.bytes()
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			w.skip(i + 1)
			return ErrTooLarge
		}
		w.skip(len(b))
		if !w.more() {
			return ErrTooLarge // a stream that failed says so at the next line
		}
	}
}

// skipToObject consumes the line that the window is in, and further ones up to one that
// begins with "{". It reports whether there is such a line.
func (w *window) skipToObject() bool {
	for {
		b := w.bytes()
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			w.skip(len(b))
			if !w.more() {
				return false
			}
			continue
		}
		w.consume(i + 1)
		if w.at(0) == '{' {
			return true
		}
	}
}

// skipValue consumes a JSON object, array or string that is too large to be held. It
// counts brackets and looks no closer.
func (w *window) skipValue() error {
	depth, quoted, escaped := 0, false, false
	for {
		b := w.bytes()
		for i, c := range b {
			switch {
			case escaped:
				escaped = false
			case quoted && c == '\\':
				escaped = true
			case c == '"':
				quoted = !quoted
			case !quoted && (c == '{' || c == '['):
				depth++
			case !quoted && (c == '}' || c == ']'):
				depth--
			}
			if depth <= 0 && !quoted {
				w.consume(i + 1)
				return nil
			}
		}
		w.consume(len(b))
		if !w.more() {
			return w.err
		}
	}
}
