package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// readLines reads one JSON object a line. Blank lines count as lines, and no more.
func (r *run) readLines(f file) bool {
	blank := true
	for n := 1; ; n++ {
		offset := r.window.offset
		b, err := r.window.line(r.opts.MaxArticle)
		switch {
		case err == io.EOF:
			return !blank || r.reject(f.path, f.id, ErrEmptyText)
		case err == ErrTooLarge:
			blank = false
			if !r.rejectRecord(f, n, err) {
				return false
			}
			continue
		case err != nil:
			return r.rejectRecord(f, n, osReason(err))
		}
		raw := b
		b = bytes.TrimLeft(b, " \t\r")
		offset += int64(len(raw) - len(b))
		b = bytes.TrimRight(b, " \t\r")
		if len(b) == 0 {
			continue
		}
		blank = false
		r.stands(Line, raw, nil)
		if !r.record(b, f, n, offset) {
			return false
		}
	}
}

// readValues reads JSON objects and arrays one after another. After a broken object it
// goes on at the next line that begins with "{", so that JSON lines need not be called
// so.
func (r *run) readValues(f file) bool {
	w := &r.window
	for blank := true; ; blank = false {
		c, err := w.skipSpace()
		n := w.newlines + 1
		if err == io.EOF {
			return !blank || r.reject(f.path, f.id, ErrEmptyText)
		}
		if err != nil {
			return r.rejectRecord(f, n, osReason(err))
		}
		if c == '[' {
			w.consume(1)
			on, err := r.readArray(f)
			if !on || err != nil {
				return on
			}
			continue
		}
		on, err := r.readRecord(f, n, Value)
		if !on {
			return false
		}
		if err == nil {
			continue
		}
		if !errors.Is(err, ErrSyntax) || !w.skipToObject() {
			return true
		}
	}
}

// readArray reads the objects of an array whose bracket is consumed, and reports whether
// to go on at all. An error has been rejected, and ends the file.
func (r *run) readArray(f file) (on bool, err error) {
	w := &r.window
	c, err := w.skipSpace()
	if err == nil && c == ']' {
		w.consume(1)
		return true, nil
	}
	for n := 1; ; n++ {
		if err != nil {
			return r.rejectRecord(f, n, endOfArray(err)), err
		}
		if on, err := r.readRecord(f, n, Element); !on || err != nil {
			return on, err
		}
		c, err = w.skipSpace()
		if err == nil && c == ']' {
			w.consume(1)
			return true, nil
		}
		if err == nil && c != ',' {
			err = fmt.Errorf("%w: %q after an array element", ErrSyntax, c)
		}
		if err == nil {
			w.consume(1)
			_, err = w.skipSpace()
		}
	}
}

func endOfArray(err error) error {
	if err == io.EOF {
		return fmt.Errorf("%w: the array does not end", ErrSyntax)
	}
	return osReason(err)
}

// readRecord reads the value that the window begins with, record n of its file, where it
// stands so. An error means that its end is not known; it has been rejected.
func (r *run) readRecord(f file, n int, kind Kind) (on bool, err error) {
	w := &r.window
	size, err := r.nextValue()
	switch {
	case err == nil:
		r.stands(kind, w.bytes()[:size], nil)
		on = r.record(w.bytes()[:size], f, n, w.offset)
		w.consume(size)
		return on, nil
	case errors.Is(err, ErrTooLarge):
		if !r.rejectRecord(f, n, ErrTooLarge) {
			return false, err
		}
		return true, w.skipValue()
	}
	return r.rejectRecord(f, n, err), err
}

// nextValue is the size of the value that the window begins with, as far as the stream
// must be read for it. As the window doubles, no byte is scanned much more than twice.
func (r *run) nextValue() (int, error) {
	w := &r.window
	for {
		b := w.bytes()
		seen := len(b)
		tooLarge := int64(seen) > r.opts.MaxArticle
		if tooLarge {
			b = b[:r.opts.MaxArticle]
		}
		n := r.scan.value(b, nil)
		switch {
		case n == bad:
			return 0, syntaxError(b)
		case n == short && tooLarge:
			return 0, ErrTooLarge
		case n >= 0:
			return n, nil
		}
		if w.more() {
			w.fill(2 * seen)
			continue
		}
		if w.err == io.EOF {
			return 0, syntaxError(b)
		}
		return 0, osReason(w.err)
	}
}
