package text

import (
	"strconv"
	"strings"
)

// role is the part that a word plays in the writing of a quantity.
type role uint8

const (
	noRole role = iota

	indefinite // "a": one, before a scale
	one        // "one", "un": the same, and the end of "twenty-one"
	ones       // 2 to 9
	teens      // 10 to 19
	tens       // 20 to 90
	hundred    // "hundred", "cent"
	scale      // "thousand", "milliards": multiplies what stands before
	collective // "dozen", "vingtaine": multiplies, and ends the number
	half       // "half", "demi"
	and        // "and", "et"
	roman      // "XXe", in French

	percent    // "percent"
	per        // "per", "pour", before "cent"
	moneyScale // "m", "k", "Md": a scale beside a currency
	currency   // "euros", or a sign
	hour       // "h"
	hours      // "heures": a time of the day when "à" comes before
	oclock     // "o'clock"
	beforeNoon // "am"
	afterNoon  // "pm"
	zone       // "GMT", after "1430"
)

// numeral is what a word form says in a quantity.
type numeral struct {
	value   uint64
	role    role
	start   bool // it may begin a quantity
	ordinal bool // it ends one: "third", "vingtième"
}

// numeralOf is the numeral of a word in lower case.
func (r *rules) numeralOf(word string) numeral {
	if n, ok := r.numerals[word]; ok || !r.romans {
		return n
	}
	if v := romanOrdinal(word); v > 0 {
		return numeral{value: v, role: roman, start: true, ordinal: true}
	}
	return numeral{}
}

// romanOrdinal reads "xxe" or "vème"; 0 for other words.
func romanOrdinal(word string) uint64 {
	digits := strings.TrimSuffix(strings.TrimSuffix(word, "me"), "è")
	if digits == word {
		digits = strings.TrimSuffix(word, "e")
	}
	if digits == word || len(digits) > len("xxxviii") {
		return 0
	}
	total, last := uint64(0), uint64(0)
	for i := len(digits) - 1; i >= 0; i-- {
		var v uint64
		switch digits[i] {
		case 'i':
			v = 1
		case 'v':
			v = 5
		case 'x':
			v = 10
		default:
			return 0
		}
		switch {
		case v < last:
			total -= v
		default:
			total, last = total+v, v
		}
	}
	return total
}

// isRoman reports whether a Roman ordinal is written as one: "Ve", not "vie".
func isRoman(written string) bool {
	upper := strings.TrimRight(written, "eèm")
	return strings.Trim(upper, "IVX") == "" && len(upper) < len(written)
}

// numerals makes the table of a language from lists of "word value". Ordinals are
// listed apart, by the role of the number that they are of; alone are the words that
// also begin a quantity by themselves ("cent"), inner those that never do ("vingts").
func numerals(lists, ordinals map[role]string, alone, inner string) map[string]numeral {
	m := map[string]numeral{}
	add := func(role role, list string, ordinal bool) {
		fields := strings.Fields(list)
		for i := 0; i+1 < len(fields); i += 2 {
			value, _ := strconv.ParseFloat(fields[i+1], 64) // "1e12", exactly
			m[fields[i]] = numeral{value: uint64(value), role: role, start: role <= tens || role == half, ordinal: ordinal}
		}
	}
	for role, list := range lists {
		add(role, list, false)
	}
	for role, list := range ordinals {
		add(role, list, true)
	}
	for word := range wordSet(alone + " " + inner) {
		n := m[word]
		n.start = !wordSet(inner)[word]
		m[word] = n
	}
	return m
}
