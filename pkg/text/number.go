package text

import (
	"math/bits"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// Decimal is a non-negative decimal number, Mantissa·10^Exponent, with no zero
// at the end of the mantissa: equal numbers are equal values, however written.
type Decimal struct {
	Mantissa uint64
	Exponent int16
}

// decimal builds a normalised Decimal.
func decimal(mantissa uint64, exponent int) Decimal {
	if mantissa == 0 {
		return Decimal{}
	}
	for mantissa%10 == 0 {
		mantissa /= 10
		exponent++
	}
	return Decimal{mantissa, int16(exponent)}
}

// times multiplies; a product that does not fit keeps the first factor.
func (d Decimal) times(e Decimal) Decimal {
	hi, lo := bits.Mul64(d.Mantissa, e.Mantissa)
	if hi != 0 {
		return d
	}
	return decimal(lo, int(d.Exponent)+int(e.Exponent))
}

// String writes the number in full, without exponent when it is short.
func (d Decimal) String() string {
	if d.Exponent >= 0 && d.Exponent < 16 {
		s := strconv.FormatUint(d.Mantissa, 10)
		if d.Mantissa == 0 {
			return s
		}
		for range d.Exponent {
			s += "0"
		}
		return s
	}
	return strconv.FormatFloat(d.Float(), 'g', -1, 64)
}

// Float is the nearest float64.
func (d Decimal) Float() float64 {
	f, _ := strconv.ParseFloat(strconv.FormatUint(d.Mantissa, 10)+"e"+strconv.Itoa(int(d.Exponent)), 64)
	return f
}

// Hash mixes the number into 32 bits.
func (d Decimal) Hash() uint32 {
	h := (d.Mantissa + 0x9e3779b97f4a7c15*uint64(uint16(d.Exponent)+1)) * 0xff51afd7ed558ccd
	return uint32(h>>32) ^ uint32(h)
}

// numberText is a number as written: runs of digits and what stands between.
type numberText struct {
	mantissa uint64
	digits   int  // in all, to stop before overflow
	last     int  // digits of the last run
	first    int  // digits of the first run
	mark     byte // the last separator: '.', ',' or ' '
	marks    int  // how many separators
	mixed    bool // separators of more than one kind
	ragged   bool // a run between two separators is not of three digits
}

// scanNumber reads the number at start with its group separators, decimal mark,
// ordinal ending and scale word. What has digits and is no quantity (a version,
// "A320", "14h30") comes as a Word.
func (s *Scanner) scanNumber(dst []Token, text string, start, end int) ([]Token, int) {
	var n numberText
	i := n.run(text, start, end)
	n.first = n.last
	for {
		size, mark := separator(text, i, end)
		if size == 0 || (mark == ' ' && (!threeDigits(text, i+size, end) || n.last > 3 || n.marks > 0 && n.mark != ' ')) {
			break
		}
		n.ragged = n.ragged || n.marks > 0 && n.last != 3
		n.mixed = n.mixed || n.marks > 0 && n.mark != mark
		n.mark, n.marks = mark, n.marks+1
		i = n.run(text, i+size, end)
	}
	t := Token{Start: start, End: i, Kind: Number}
	if after := wordEnd(text, i, end); after > i {
		scale, scaled := s.scaleWord(text[i:after])
		if value, ok := n.value(s.rules.decimalMark); scaled && ok { // "3.5bn"
			t.Number, t.End = value.times(scale), after
			return append(dst, t), after
		}
		if !isOrdinalEnding(text[i:after]) {
			return append(dst, s.wordToken(text, start, after)), after
		}
		t.End = after
	}
	value, ok := n.value(s.rules.decimalMark)
	if !ok {
		return append(dst, s.wordToken(text, start, t.End)), t.End
	}
	t.Number = value
	if scale, stop := s.scale(text, t.End, end); stop > t.End {
		t.Number, t.End = value.times(scale), stop
	}
	return append(dst, t), t.End
}

// run reads digits.
func (n *numberText) run(text string, i, end int) int {
	n.last = 0
	for ; i < end && class[text[i]&0x7f] == digit && text[i] < utf8.RuneSelf; i++ {
		n.last++
		if n.digits < 18 {
			n.mantissa = n.mantissa*10 + uint64(text[i]-'0')
		}
		n.digits++
	}
	return i
}

// value decides what the separators mean: groups of three, a decimal mark, or
// (ok false) neither, as in a version number or an address.
func (n *numberText) value(decimalMark byte) (Decimal, bool) {
	switch {
	case n.digits > 18:
		return Decimal{}, false
	case n.marks == 0:
		return decimal(n.mantissa, 0), true
	case n.mark == ' ':
		return decimal(n.mantissa, 0), true
	case n.mixed:
		// 1,234.5 and 1 234,5: the last mark is the decimal one. 1.2,3.4 is no number.
		return decimal(n.mantissa, -n.last), n.first <= 3 && !n.ragged
	case n.marks > 1:
		return decimal(n.mantissa, 0), n.last == 3 && n.first <= 3 && !n.ragged
	case n.last == 3 && n.first <= 3 && n.mark != decimalMark && n.mantissa >= 1000:
		return decimal(n.mantissa, 0), true
	}
	return decimal(n.mantissa, -n.last), true
}

// separator recognises, between digits, a point, a comma, a space or a no-break
// space; size 0 when there is none or no digit follows.
func separator(text string, i, end int) (size int, mark byte) {
	if i >= end {
		return 0, 0
	}
	switch text[i] {
	case '.', ',':
		size, mark = 1, text[i]
	case '-':
		return 0, 0
	default:
		size, mark = spaceSize(text, i, end), ' '
	}
	if size == 0 || i+size >= end || text[i+size] < '0' || text[i+size] > '9' {
		return 0, 0
	}
	return size, mark
}

// threeDigits reports whether exactly three digits stand at i.
func threeDigits(text string, i, end int) bool {
	n := 0
	for i+n < end && '0' <= text[i+n] && text[i+n] <= '9' {
		n++
	}
	return n == 3
}

func isOrdinalEnding(s string) bool {
	switch s {
	case "st", "nd", "rd", "th", "er", "re", "e", "è", "ème", "eme", "ième", "nde", "ère", "s":
		return true
	}
	return false
}

// scale reads a scale word ("million", "milliards", "bn") after a space or hyphen
// at i. stop is its end, or i when there is none.
func (s *Scanner) scale(text string, i, end int) (scale Decimal, stop int) {
	j := i + spaceSize(text, i, end)
	if j == i {
		return Decimal{}, i
	}
	stop = wordEnd(text, j, end)
	if stop == j || stop-j > len("trillions") {
		return Decimal{}, i
	}
	d, ok := s.scaleWord(text[j:stop])
	if !ok {
		return Decimal{}, i
	}
	return d, stop
}

// scaleWord is what a word multiplies by.
func (s *Scanner) scaleWord(word string) (Decimal, bool) {
	s.word = appendLower(s.word[:0], word)
	d, ok := s.rules.scales[string(s.word)]
	return d, ok
}

// spaceSize is the size of the space, no-break space or hyphen at i, or 0.
func spaceSize(text string, i, end int) int {
	switch {
	case i >= end:
		return 0
	case text[i] == ' ' || text[i] == '-':
		return 1
	case text[i] == 0xc2 && i+1 < end && text[i+1] == 0xa0: // U+00A0
		return 2
	case text[i] == 0xe2 && i+2 < end && text[i+1] == 0x80 && (text[i+2] == 0xaf || text[i+2] == 0x89): // U+202F, U+2009
		return 3
	}
	return 0
}

// appendLower appends s in lower case.
func appendLower(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
		i += size
	}
	return dst
}
