package article

import (
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/zeebo/xxh3"

	"github.com/calque-dev/calque/pkg/internal/ascii"
)

// Hash is the 128-bit XXH3 of the normalised words of an article's body. Equal
// hashes mean the relation exact.
type Hash [16]byte

// String is the hash in 32 hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Hash normalises the body (without the headline it may open with) and hashes it.
func (a *Article) Hash() Hash {
	body := a.Body().Of(a.Text)
	var room [4096]byte // as long as most articles
	normal := room[:0]
	if len(body) > len(room) {
		normal = make([]byte, 0, len(body))
	}
	return xxh3.Hash128(AppendNormal(normal, body)).Bytes()
}

// Normalise is AppendNormal as a string.
func Normalise(text string) string {
	return string(AppendNormal(make([]byte, 0, len(text)), text))
}

// AppendNormal appends the words of text, in lower case, one space between two
// words: runs of letters, marks and digits are words, everything else separates
// them. A comma or point between two digits is kept, as is a minus or plus sign
// or a currency sign before a digit, so that 3.5 is not 35 and −4 is
// not 4. Normalising a normal text changes nothing.
func AppendNormal(dst []byte, text string) []byte {
	n := len(dst)
	dst = slices.Grow(dst, len(text)+ascii.Eight)
	var before rune // the last rune read, 0 after a separator
	for i := 0; i < len(text); {
		var read int
		if dst, read = appendEights(dst, text[i:], before != 0); read > 0 {
			i += read
			before = rune(lowerASCII[text[i-1]])
			continue
		}
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		i += size
		switch {
		case r < utf8.RuneSelf && lowerASCII[r] != 0:
			dst = append(dst, lowerASCII[r])
			before = r
		case keeps(r, before, text[i:]):
			dst = utf8.AppendRune(dst, toLower(r))
			before = r
		case before != 0:
			dst = append(dst, ' ')
			before = 0
		}
	}
	if before == 0 && len(dst) > n {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// appendEights appends the text, in a word already or not, eight bytes at a time, up to the
// first rune that must be looked at by itself or the last eight bytes, and returns how much it
// has read. Mostly one space stands between two words, and all eight are written as they are.
func appendEights(dst []byte, text string, inWord bool) (_ []byte, read int) {
	before := uint64(0)
	if inWord {
		before = wordBit
	}
	for len(text)-read > ascii.Eight && cap(dst)-len(dst) >= ascii.Eight {
		x := ascii.Load(text[read:])
		stop := ascii.Runes(x)
		x &^= ascii.Whole(stop)
		digits := ascii.Digits(x)
		if next := uint64(text[read+ascii.Eight]-'0') - 10; digits|next>>63 != 0 { // next is negative if it is of a digit
			stop |= ascii.Between(x, '$', '.') // a sign that may be kept
		}
		n := ascii.Eight
		words := ascii.Letters(x) | digits
		again := ^(words | words<<8 | before) // separators after separators
		if stop != 0 {
			n = bits.TrailingZeros64(stop) / 8
			again &= stop&-stop - 1
		}
		before = words >> 56
		all := ascii.Whole(words)
		x = ascii.Lower(x)&all | eightSpaces&^all
		read += n
		n += len(dst)
		for again = ascii.Whole(again); ; {
			past := again & -again
			x = x&(past-1) | x>>8&^(past-1)
			n -= bits.OnesCount64(past)
			if again = again >> 8 &^ (past - 1); again == 0 {
				break
			}
		}
		binary.LittleEndian.PutUint64(dst[len(dst):][:ascii.Eight], x)
		if dst = dst[:n]; stop != 0 {
			break
		}
	}
	return dst, read
}

// wordBit is where the first of eight bytes says that it is in a word.
const (
	wordBit     = 0x80
	eightSpaces = 0x2020202020202020
)

// toLower is unicode.ToLower, but quick for the letters of French as well.
func toLower(r rune) rune {
	if r <= unicode.MaxLatin1 {
		return lowerLatin[r]
	}
	return unicode.ToLower(r)
}

var lowerLatin = func() (table [unicode.MaxLatin1 + 1]rune) {
	for r := range table {
		table[r] = unicode.ToLower(rune(r))
	}
	return table
}()

// lowerASCII is the lower case of an ASCII letter or digit, 0 for any other byte.
var lowerASCII = func() (table [256]byte) {
	for c := range table {
		switch b := byte(c); {
		case 'a' <= b && b <= 'z', '0' <= b && b <= '9':
			table[c] = b
		case 'A' <= b && b <= 'Z':
			table[c] = b | 0x20
		}
	}
	return table
}()

// keeps reports whether r, no ASCII letter or digit, is part of a word, given the rune kept just before it
// and the text after it.
func keeps(r, before rune, after string) bool {
	if r < utf8.RuneSelf {
		switch r {
		case '.', ',':
			return isDigit(before) && startsWithDigit(after)
		case '-', '+', '$':
			return before == 0 && startsWithDigit(after)
		}
		return false
	}
	if 0x2000 <= r && r < 0x2070 { // dashes, quotation marks, spaces
		return false
	}
	if r == '€' || r == '£' || r == '−' {
		return before == 0 && startsWithDigit(after)
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func startsWithDigit(s string) bool { return s != "" && isDigit(rune(s[0])) }
