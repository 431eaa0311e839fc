package ingest

import (
	"encoding/binary"
	"math/bits"
)

// The scanner walks one JSON value with the grammar of encoding/json and notes where
// the wanted fields stand. It accepts what json.Valid accepts, given valid UTF-8.

const (
	short = -1 // the bytes end within the value
	bad   = -2 // they cannot be the beginning of one

	// maxDepth is encoding/json's own limit.
	maxDepth = 10000
)

// value is a JSON value as written. Its kind is the first byte, '0' for any number and
// 0 for no value.
type value struct {
	raw  []byte
	at   int // where it begins
	kind byte
}

// scanner holds what the last object gave.
type scanner struct {
	values [fieldCount]value
}

// value scans the value that b begins with and returns the offset after it, or short or
// bad. A number that ends with b is short, for there may be more of it.
func (s *scanner) value(b []byte, keys []key) int {
	s.values = [fieldCount]value{}
	switch {
	case len(b) == 0:
		return short
	case b[0] == '{':
		return s.object(b, 0, keys, 1)
	}
	return s.pass(b, 0, 1)
}

// object scans the object at b[i].
func (s *scanner) object(b []byte, i int, keys []key, depth int) int {
	if depth > maxDepth {
		return bad
	}
	i = space(b, i+1)
	if i < len(b) && b[i] == '}' {
		return i + 1
	}
	for {
		if i == len(b) {
			return short
		}
		if b[i] != '"' {
			return bad
		}
		name := i + 1
		if i = quoted(b, i); i < 0 {
			return i
		}
		wanted := findKey(keys, b[name:i-1])
		if i = space(b, i); i == len(b) {
			return short
		}
		if b[i] != ':' {
			return bad
		}
		if i = space(b, i+1); i == len(b) {
			return short
		}
		if wanted != nil {
			i = s.keep(b, i, wanted, depth+1)
		} else {
			i = s.pass(b, i, depth+1)
		}
		if i < 0 {
			return i
		}
		if i = space(b, i); i == len(b) {
			return short
		}
		switch b[i] {
		case '}':
			return i + 1
		case ',':
			i = space(b, i+1)
		default:
			return bad
		}
	}
}

// keep scans the value at b[i] and notes it, forgetting what an equal key gave before.
func (s *scanner) keep(b []byte, i int, k *key, depth int) int {
	for f := range fieldCount {
		if (k.fields | k.below).has(f) {
			s.values[f] = value{}
		}
	}
	kind, start := b[i], i
	if kind == '{' {
		i = s.object(b, i, k.keys, depth)
	} else {
		i = s.pass(b, i, depth)
	}
	if i < 0 {
		return i
	}
	if kind == '-' || isDigit(kind) {
		kind = '0'
	}
	for f := range fieldCount {
		if k.fields.has(f) {
			s.values[f] = value{raw: b[start:i], at: start, kind: kind}
		}
	}
	return i
}

// pass scans the value at b[i] without noting anything.
func (s *scanner) pass(b []byte, i, depth int) int {
	switch b[i] {
	case '"':
		return quoted(b, i)
	case '{':
		return s.object(b, i, nil, depth)
	case '[':
		return s.array(b, i, depth)
	case 't':
		return literal(b, i, "true")
	case 'f':
		return literal(b, i, "false")
	case 'n':
		return literal(b, i, "null")
	}
	return number(b, i)
}

func (s *scanner) array(b []byte, i, depth int) int {
	if depth > maxDepth {
		return bad
	}
	i = space(b, i+1)
	if i < len(b) && b[i] == ']' {
		return i + 1
	}
	for {
		if i == len(b) {
			return short
		}
		if i = s.pass(b, i, depth+1); i < 0 {
			return i
		}
		if i = space(b, i); i == len(b) {
			return short
		}
		switch b[i] {
		case ']':
			return i + 1
		case ',':
			i = space(b, i+1)
		default:
			return bad
		}
	}
}

// quoted scans the string whose opening quote is b[i].
func quoted(b []byte, i int) int {
	i++
	for {
		i = plain(b, i)
		if i == len(b) {
			return short
		}
		switch b[i] {
		case '"':
			return i + 1
		case '\\':
			if i = escape(b, i); i < 0 {
				return i
			}
		default:
			return bad
		}
	}
}

// plain is the first offset from i on of a quote, a backslash or a control character.
// Eight bytes are tested at once, after Mycroft's test for a zero byte: a borrow can
// make a later byte look special, never an earlier one.
func plain(b []byte, i int) int {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		quote := x ^ '"'*ones
		backslash := x ^ '\\'*ones
		special := ((x-' '*ones)&^x | (quote-ones)&^quote | (backslash-ones)&^backslash) & highs
		if special != 0 {
			return i + bits.TrailingZeros64(special)/8
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c < ' ' || c == '"' || c == '\\' {
			break
		}
	}
	return i
}

// escape scans the escape sequence at b[i].
func escape(b []byte, i int) int {
	if i+1 == len(b) {
		return short
	}
	switch b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		for j := i + 2; j < i+6; j++ {
			if j == len(b) {
				return short
			}
			if hexDigit(b[j]) < 0 {
				return bad
			}
		}
		return i + 6
	}
	return bad
}

func literal(b []byte, i int, word string) int {
	for j := range len(word) {
		if i+j == len(b) {
			return short
		}
		if b[i+j] != word[j] {
			return bad
		}
	}
	return i + len(word)
}

func number(b []byte, i int) int {
	if b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if i = digits(b, i); i < 0 {
		return i
	}
	if i < len(b) && b[i] == '.' {
		if i = digits(b, i+1); i < 0 {
			return i
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if i = digits(b, i); i < 0 {
			return i
		}
	}
	if i == len(b) {
		return short
	}
	return i
}

// digits scans one digit or more.
func digits(b []byte, i int) int {
	start := i
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	switch {
	case i > start:
		return i
	case i == len(b):
		return short
	}
	return bad
}

// space is the first offset from i on that holds no JSON white space.
func space(b []byte, i int) int {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// hexDigit is the value of a hexadecimal digit, or -1.
func hexDigit(c byte) rune {
	switch {
	case isDigit(c):
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}
