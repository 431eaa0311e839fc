package page

import (
	"sort"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
)

// units tells where a byte of a text stands in the string that a browser makes of it, which
// counts in UTF-16 units. A byte that is not UTF-8 becomes one unit there, U+FFFD.
type units struct {
	text  string
	bytes []int // of the corners, some unitStep apart, each the first byte of a character
	units []int // before each corner
	all   int
}

// unitStep is how many bytes lie between two corners: looking up a byte walks as many at
// the most.
const unitStep = 256

func newUnits(text string) *units {
	u := &units{text: text, bytes: []int{0}, units: []int{0}}
	n := 0
	for i, size := 0, 0; i < len(text); i += size {
		if i-u.bytes[len(u.bytes)-1] >= unitStep {
			u.bytes, u.units = append(u.bytes, i), append(u.units, n)
		}
		var r rune
		r, size = utf8.DecodeRuneInString(text[i:])
		n += unitsOfRune(r)
	}
	u.all = n
	return u
}

func unitsOfRune(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// len is the length of the whole text.
func (u *units) len() int { return u.all }

// at is the unit at which the character of a byte begins.
func (u *units) at(offset int) int {
	if offset >= len(u.text) {
		return u.all
	}
	corner := sort.SearchInts(u.bytes, offset+1) - 1
	n := u.units[corner]
	for i := u.bytes[corner]; i < offset; {
		r, size := utf8.DecodeRuneInString(u.text[i:])
		if i += size; i > offset {
			break
		}
		n += unitsOfRune(r)
	}
	return n
}

// span is a span in units.
func (u *units) span(s article.Span) (start, end int) { return u.at(s.Start), u.at(s.End) }
