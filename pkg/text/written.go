package text

import "strings"

// isDate reports whether the number has the shape of "12.03.2009".
func (n *numberText) isDate() bool {
	return n.marks == 2 && n.mark == '.' && !n.mixed && n.first <= 2 && n.last == 4
}

// appendDate appends day, month and year of the date text[start:end]; stop is 0 when
// there is no such day.
func appendDate(dst []Token, text string, start, end int) (_ []Token, stop int) {
	day, rest, _ := strings.Cut(text[start:end], ".")
	month, year, _ := strings.Cut(rest, ".")
	d, m := number(day), number(month)
	if d < 1 || d > 31 || m < 1 || m > 12 || year[0] != '1' && year[0] != '2' {
		return dst, 0
	}
	y := number(year[:2])*100 + number(year[2:])
	monthAt := start + len(day) + 1
	return append(dst,
		Token{Start: start, End: start + len(day), Kind: Number, Number: decimal(uint64(d), 0)},
		Token{Start: monthAt, End: monthAt + len(month), Kind: Number, Number: decimal(uint64(m), 0)},
		Token{Start: end - len(year), End: end, Kind: Number, Number: decimal(uint64(y), 0)},
	), end
}

// isHour reports whether the number may be the hour of a time.
func (n *numberText) isHour() bool { return n.marks == 0 && n.digits <= 2 && n.mantissa <= 24 }

// clockAt reads "14h30", "14h" or "14:30:05", whose hour is text[start:i] and whose
// letters after that end at after; stop is 0 when it is something else.
func clockAt(text string, start, i, after, end int) (t Token, stop int) {
	h := number(text[start:i])
	m, s := 0, 0
	switch {
	case text[i] == ':':
		if m, stop = sixtieth(text, i+1, end); stop == 0 {
			return t, 0
		}
		if stop < end && text[stop] == ':' {
			if second, last := sixtieth(text, stop+1, end); last > 0 {
				s, stop = second, last
			}
		}
		if stop+1 < end && strings.IndexByte(".,:", text[stop]) >= 0 && class[text[stop+1]&0x7f] == digit {
			return t, 0 // a race, or a version
		}
	case text[i]|0x20 != 'h' || after == i:
		return t, 0
	case after == i+1:
		if h == 24 { // a day long
			return t, 0
		}
		stop = after
	default:
		if m = number(text[i+1 : after]); m < 0 || m > 59 || after-i != 3 {
			return t, 0
		}
		stop = after
	}
	return Token{Start: start, End: stop, Kind: Number, Number: clock(h, m, s)}, stop
}

// sixtieth reads two digits below 60 at i; stop is 0 when there are not just two.
func sixtieth(text string, i, end int) (n, stop int) {
	if i+2 > end || i+2 < end && class[text[i+2]&0x7f] == digit && text[i+2] < 0x80 {
		return 0, 0
	}
	if n = number(text[i : i+2]); n < 0 || n > 59 {
		return 0, 0
	}
	return n, i + 2
}

// version is the end of the version that begins with the number, whose digits end at i
// and whose letters end at after: "2.4.17-rc1", "1:2.3-4+deb10u1", "4.7-1etch2"; i when
// it is none. What has one point needs a named part, so that "3.5-4.2" stays two
// numbers; sure says that it is no quantity.
func (n *numberText) version(text string, i, after, end int, sure bool) int {
	if after+1 >= end || class[text[after+1]&0x7f] == 0 {
		return i
	}
	switch text[after] {
	case ':':
		return n.epoch(text, i, after, end)
	case '-', '+', '~', '.':
	default:
		return i
	}
	if n.marks == 0 || n.mark != '.' || n.mixed {
		return i
	}
	stop, named := revision(text, after, end)
	if !sure && !named {
		return i
	}
	return max(stop, i)
}

// epoch is the end of a version with an epoch, "1:2.3-4"; i when it is none.
func (n *numberText) epoch(text string, i, after, end int) int {
	if n.marks > 0 || n.digits > 2 || after > i {
		return i
	}
	var m numberText
	j := m.read(text, i+1, end)
	if m.marks == 0 || m.mark != '.' || m.mixed {
		return i
	}
	for j < end && class[text[j]&0x7f] == letter && text[j] < 0x80 {
		j++
	}
	stop, _ := revision(text, j, end)
	if stop > j || m.marks > 1 {
		return max(stop, j)
	}
	return i
}

// maxRevision is how far in bytes the parts of a version reach: each of the numbers in a
// long row asks for them.
const maxRevision = 64

// revision reads the parts of a version from the mark at i on. It ends with the last
// part that has a digit. named says that a part is no plain number.
func revision(text string, i, end int) (stop int, named bool) {
	end = min(end, i+maxRevision)
	for i+1 < end && strings.IndexByte("-+~.", text[i]) >= 0 {
		mark, letters, digits := text[i], false, false
		j := i + 1
		for ; j < end && text[j] < 0x80 && class[text[j]] != 0; j++ {
			letters = letters || class[text[j]] == letter
			digits = digits || class[text[j]] == digit
		}
		if j == i+1 {
			break
		}
		if digits {
			stop = j
		}
		named = named || letters && (mark == '+' || mark == '~' || class[text[j-1]] == digit)
		i = j
	}
	return stop, named
}

// identifierEnd is the end of an identifier such as "CVE-2009-1234" whose capitals
// text[start:i] a hyphen follows; i when it is none. One hyphen makes none: who writes
// "COVID-19" also writes "Covid 19".
func identifierEnd(text string, start, i, end int) int {
	if i-start < 2 || i-start > 6 {
		return i
	}
	for _, c := range []byte(text[start:i]) {
		if c < 'A' || c > 'Z' {
			return i
		}
	}
	stop := i
	for runs := 0; ; runs++ {
		j := stop + 1
		if stop < end && text[stop] == '-' {
			for j < end && class[text[j]&0x7f] == digit && text[j] < 0x80 {
				j++
			}
		}
		if j == stop+1 || j < end && (class[text[j]&0x7f] == letter || text[j] >= 0x80) {
			if runs < 2 {
				return i
			}
			return stop
		}
		stop = j
	}
}
