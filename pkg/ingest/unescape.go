package ingest

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape appends the text that a JSON string stands for, given what is between its
// quotes and was found well-formed. Half of a surrogate pair becomes U+FFFD, as in
// encoding/json.
func unescape(dst, raw []byte) []byte {
	for {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:i]...)
		c := raw[i+1]
		raw = raw[i+2:]
		switch c {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			var r rune
			r, raw = unescapeRune(raw)
			dst = utf8.AppendRune(dst, r)
		default:
			dst = append(dst, c)
		}
	}
}

// unescapeRune reads the four digits after "\u", and a second such sequence if the two
// are a surrogate pair.
func unescapeRune(raw []byte) (rune, []byte) {
	r := hexUnit(raw)
	raw = raw[4:]
	if !utf16.IsSurrogate(r) {
		return r, raw
	}
	if len(raw) >= 6 && raw[0] == '\\' && raw[1] == 'u' {
		if pair := utf16.DecodeRune(r, hexUnit(raw[2:])); pair != utf8.RuneError {
			return pair, raw[6:]
		}
	}
	return utf8.RuneError, raw
}

func hexUnit(raw []byte) rune {
	return hexDigit(raw[0])<<12 | hexDigit(raw[1])<<8 | hexDigit(raw[2])<<4 | hexDigit(raw[3])
}
