package ingest

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// wideSample is how many bytes are looked at for UTF-16 without byte-order mark, and for
// what is no text, once the first wideHint have a zero byte.
const (
	wideSample = 4096
	wideHint   = 8
)

// decodeWide puts a decoder in front of a stream of UTF-16, which it reports, and leaves
// others alone. UTF-32 is an ErrEncoding. However the stream comes in pieces, the same
// bytes decide; of one that has no zero byte where UTF-16 would, no more than these are
// waited for: it may be a feed.
func decodeWide(w *window) (wide bool, err error) {
	w.fill(wideHint)
	head := w.bytes()[:min(len(w.bytes()), wideHint)]
	if bytes.HasPrefix(head, []byte{0xff, 0xfe, 0, 0}) || bytes.HasPrefix(head, []byte{0, 0, 0xfe, 0xff}) {
		return false, ErrEncoding
	}
	if !hasMark(head) && !holdsZero(head) {
		return false, nil
	}
	if !hasMark(head) {
		w.fill(wideSample)
		head = w.bytes()[:min(len(w.bytes()), wideSample)]
	}
	order, wide := wideOrder(head)
	if !wide {
		return false, nil
	}
	decoder := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder()
	w.reset(decoder.Reader(w.rest()))
	w.fill(3)
	return true, nil
}

// hasMark reports whether head begins with the byte-order mark of UTF-16.
func hasMark(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff})
}

// wideOrder reports whether head is UTF-16: by its mark, or because at least seven in
// ten of its 16-bit units, and hardly any the other way round, have a zero upper byte.
// Latin letters have it; typographic quotation marks do not.
func wideOrder(head []byte) (order unicode.Endianness, wide bool) {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return unicode.LittleEndian, true
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return unicode.BigEndian, true
	}
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	units := len(head) / 2
	if units < 2 {
		return unicode.LittleEndian, false
	}
	often := func(n int) bool { return 10*n >= 7*units }
	seldom := func(n int) bool { return 20*n <= units }
	if often(zeros[1]) && seldom(zeros[0]) {
		return unicode.LittleEndian, true
	}
	return unicode.BigEndian, often(zeros[0]) && seldom(zeros[1])
}

// decodeText is a text file's content as an article's Text, or ErrBinary or ErrEncoding.
func decodeText(s string) (string, error) {
	if isBinary(s) {
		return "", ErrBinary
	}
	s, err := toUTF8(s)
	if err != nil {
		return "", err
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	return s, nil
}

// toUTF8 returns s if it is UTF-8, mends it if it is so for the most part, and else
// reads it as Windows-1252. Western European text of that kind has few letters
// outside ASCII: more than three bytes in ten are an ErrEncoding.
func toUTF8(s string) (string, error) {
	if utf8.ValidString(s) {
		return s, nil
	}
	high, sequences, invalid := 0, 0, 0
	for i, r := range s {
		if r < utf8.RuneSelf {
			continue
		}
		size := utf8.RuneLen(r)
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd") {
			invalid++
			high++
			continue
		}
		sequences++
		high += size
	}
	if sequences > invalid {
		return strings.ToValidUTF8(s, "\ufffd"), nil
	}
	if high > 16 && 10*high > 3*len(s) {
		return "", ErrEncoding
	}
	return charmap.Windows1252.NewDecoder().String(s)
}

// controls marks the bytes that text does not have.
var controls = func() (set [256]uint8) {
	for c := range 0x20 {
		set[c] = 1
	}
	for _, c := range "\t\n\v\f\r" {
		set[c] = 0
	}
	set[0x7f] = 1
	return set
}()

// isBinary reports whether s is no text: a zero byte, or over 3 % control characters.
func isBinary(s string) bool {
	if strings.IndexByte(s, 0) >= 0 {
		return true
	}
	n := 0
	for i := range len(s) {
		n += int(controls[s[i]])
	}
	return 100*n > 3*len(s)
}

func holdsZero(b []byte) bool { return bytes.IndexByte(b, 0) >= 0 }
