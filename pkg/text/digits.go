package text

import "unicode/utf8"

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

// scanNumber reads the number at start with its group separators, decimal mark and
// ordinal ending, a date as three numbers, a time such as "14h30" or "14:30". What has
// digits and is no quantity (a version, "5G") comes as a Word. Units and scales written
// onto the number are left for the next token.
func (s *Scanner) scanNumber(dst []Token, text string, start, end int) ([]Token, int) {
	var n numberText
	i := n.read(text, start, end)
	if n.isDate() {
		if dates, stop := appendDate(dst, text, start, i); stop > 0 {
			return dates, stop
		}
	}
	value, ok := n.value(s.rules.decimalMark)
	after := i
	if i < end && (class[text[i]&0x7f] != 0 || text[i] >= utf8.RuneSelf) {
		after = wordEnd(text, i, end)
	}
	if n.isHour() && i+1 < end {
		if t, stop := clockAt(text, start, i, after, end); stop > 0 {
			return append(dst, t), stop
		}
	}
	t := Token{Start: start, End: i, Kind: Number, Number: value}
	named := false
	if after > i && ok {
		suffix := text[i:after]
		switch {
		case isOrdinalEnding(suffix):
			t.End = after
			if suffix == "s" && n.isDecade() {
				t.Number = decimal(n.mantissa+1900, 0)
			}
		case !s.isUnit(dst, text, start, i, after, end):
			named = true
		}
	}
	if stop := n.version(text, i, after, end, !ok || named); !ok || named || stop > i {
		stop = max(stop, after)
		return append(dst, wordToken(text, start, stop)), stop
	}
	if t.End > i {
		return append(dst, t), t.End
	}
	stop := skipPossessive(text, i, end)
	if stop > i && n.isDecade() {
		t.Number = decimal(n.mantissa+1900, 0)
	}
	return append(dst, t), stop
}

// isDecade reports whether the number with an s is a decade: "the 90s".
func (n *numberText) isDecade() bool {
	return n.marks == 0 && n.digits == 2 && n.mantissa%10 == 0 && n.mantissa >= 20
}

// skipPossessive is the end of an "'s" at i, or i: "the 1990's".
func skipPossessive(text string, i, end int) int {
	after := apostropheEnd(text, i, end)
	if after > i && after < end && text[after] == 's' && wordEnd(text, after, end) == after+1 {
		return after + 1
	}
	return i
}

// isUnit reports whether the letters text[i:after], written onto the number that began
// at start, are a unit or a scale.
func (s *Scanner) isUnit(dst []Token, text string, start, i, after, end int) bool {
	if units[text[i:after]] {
		return true
	}
	s.word = appendLower(s.word[:0], text[i:after])
	switch s.rules.numerals[string(s.word)].role {
	case scale, beforeNoon, afterNoon:
		return true
	case moneyScale:
		return len(dst) > 0 && isSign(&dst[len(dst)-1]) && dst[len(dst)-1].End == start || signSize(text, after, end) > 0
	}
	return false
}

// units are what stands after digits without a space, as it is written: "5G" is none.
var units = wordSet("km m cm mm nm kg g mg t l cl ml ha m2 m3 km2 GB MB TB KB kB Gb Mb Go Mo To Ko ko Gbps Mbps " +
	"GHz MHz kHz Hz kW MW GW TW kWh MWh GWh kV mph kph kmh ft lb lbs oz min sec ms h px")

// read reads the digits at i and what stands between them.
func (n *numberText) read(text string, i, end int) int {
	i = n.run(text, i, end)
	n.first = n.last
	for {
		size, mark := separator(text, i, end)
		if size == 0 || (mark == ' ' && (!threeDigits(text, i+size, end) || n.last > 3 || n.marks > 0 && n.mark != ' ')) {
			return i
		}
		n.ragged = n.ragged || n.marks > 0 && n.last != 3
		n.mixed = n.mixed || n.marks > 0 && n.mark != mark
		n.mark, n.marks = mark, n.marks+1
		i = n.run(text, i+size, end)
	}
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
	case n.last == 3 && n.first <= 3 && n.mantissa%1000 == 0 && n.mantissa > 0:
		return decimal(n.mantissa, 0), true // "60,000" in French too: no fraction is written ",000"
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
