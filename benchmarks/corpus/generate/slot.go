package generate

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// slot is a stretch of a sentence that may be replaced: a number, or a name that is
// spelt alike in both languages.
type slot struct {
	from, size uint16
	number     bool
}

func (s slot) of(sentence string) string { return sentence[s.from : s.from+s.size] }

// rareName is the share of the sentences, as one in so many, up to which a word that both
// languages write alike and with a capital is taken for a name that may be replaced. What
// is more frequent is a word such as "Commission", or so well known that it stays.
const rareName = 2000

// slotsOf are the slots of sentence i.
func (c *Corpus) slotsOf(s side, i int) []slot {
	return c.slots[s][c.slotsFrom[s][i]:c.slotsFrom[s][i+1]]
}

// findSlots finds in each pair the numbers and names that both sides have equally often.
func (c *Corpus) findSlots() {
	frequency := map[string]int{}
	var found [2][]slot
	for i := range c.Len() {
		c.sharedSlots(i, &found)
		for _, s := range found[english] {
			if !s.number {
				frequency[s.of(c.sentences[english][i])]++
			}
		}
	}
	limit := max(4, c.Len()/rareName)
	for i := range c.Len() {
		c.sharedSlots(i, &found)
		for side := range found {
			c.slotsFrom[side] = append(c.slotsFrom[side], int32(len(c.slots[side])))
			for _, s := range found[side] {
				if s.number || frequency[s.of(c.sentences[side][i])] <= limit {
					c.slots[side] = append(c.slots[side], s)
				}
			}
		}
	}
	for side := range found {
		c.slotsFrom[side] = append(c.slotsFrom[side], int32(len(c.slots[side])))
	}
}

// sharedSlots sets found to the numbers and capitalised words that both sides of pair i
// have equally often.
func (c *Corpus) sharedSlots(i int, found *[2][]slot) {
	var lines [2]string
	for side := range found {
		lines[side] = c.sentences[side][i]
		found[side] = appendSlots(found[side][:0], lines[side])
	}
	count := func(side side, word string) (n int) {
		for _, s := range found[side] {
			if s.of(lines[side]) == word {
				n++
			}
		}
		return n
	}
	var kept [2][]slot
	for side := range found {
		for _, s := range found[side] {
			word := s.of(lines[side])
			if count(english, word) == count(french, word) {
				kept[side] = append(kept[side], s)
			}
		}
	}
	for side := range found {
		found[side] = append(found[side][:0], kept[side]...)
	}
}

// appendSlots appends the whole numbers and the capitalised words of four letters or
// more, but for those that begin the sentence.
func appendSlots(dst []slot, sentence string) []slot {
	start, first, size := -1, true, 0
	end := func(to int) {
		if start < 0 {
			return
		}
		word := sentence[start:to]
		size = len(word)
		if number := isNumber(word); number && len(word) <= 6 && !isPartOfNumber(sentence, start, to) || !first && isName(word) {
			dst = append(dst, slot{uint16(start), uint16(len(word)), number})
		}
		start, first = -1, false
	}
	for i, r := range sentence {
		switch inWord := unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' && start >= 0; {
		case inWord && start < 0:
			start = i
		case !inWord:
			end(i)
			if strings.ContainsRune(":?!", r) || r == '.' && size > 3 { // but for "M." and the like
				first = true
			}
			if r != ' ' {
				size = 0
			}
		}
	}
	end(len(sentence))
	return dst
}

func isNumber(word string) bool {
	return word != "0" && !slices.ContainsFunc([]byte(word), func(b byte) bool { return b < '0' || b > '9' })
}

// isPartOfNumber reports whether the digits in a stretch are a part of a number only:
// of 3.5, 1 000 or 12:30.
func isPartOfNumber(sentence string, from, to int) bool {
	isDigit := func(i int) bool { return i >= 0 && i < len(sentence) && '0' <= sentence[i] && sentence[i] <= '9' }
	before, size := utf8.DecodeLastRuneInString(sentence[:from])
	after, next := utf8.DecodeRuneInString(sentence[to:])
	const joins = ".,:/- \u00a0\u202f"
	return strings.ContainsRune(joins, before) && isDigit(from-size-1) ||
		strings.ContainsRune(joins, after) && isDigit(to+next)
}

// isName reports whether a word is capitalised and long enough to be a name, and no
// acronym.
func isName(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	return len(word) >= 4 && len(word) <= 40 && unicode.IsUpper(first) && !strings.HasSuffix(word, "-") &&
		strings.ContainsFunc(word[size:], unicode.IsLower) && !strings.ContainsFunc(word, unicode.IsDigit)
}
