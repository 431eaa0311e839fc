package language

// A ballot holds the votes for every side in lanes of eight bits. No word has
// more votes than it has bytes, so the sum over 255 bytes fits.
type ballot uint64

// add counts the words of a piece of text of at most 255 bytes.
func (p *returns) add(text string) {
	votes, words, foreign := count(text)
	for side := range p.votes {
		p.votes[side] += int(uint8(votes >> (8 * side)))
	}
	p.words += words
	p.foreign += foreign
}

// Classes of bytes in fold that are no letters or digits.
const (
	separator = 0
	special   = 1 // what it is depends on the bytes after it
)

// fold maps a byte to its lower case or its class. The bytes that carry on a
// character and those that begin a Latin letter beyond Latin-1 stand for themselves.
var fold = func() (t [256]byte) {
	for c := range 256 {
		switch {
		case 'A' <= c && c <= 'Z':
			t[c] = byte(c) | 0x20
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', 0x80 <= c && c <= 0xbf, 0xc4 <= c && c <= 0xc9:
			t[c] = byte(c)
		case c >= 0xc0, c == '\'':
			t[c] = special
		}
	}
	return t
}()

// count adds up the ballots of the words of text, and counts the words and the
// letters that are not Latin. A word is packed into an integer as it is read;
// one of more than eight bytes is in no list.
func count(text string) (votes ballot, words, foreign int) {
	var key uint64
	n := 0          // bytes of the word so far
	clitic := false // the word stands after an apostrophe
	for i := 0; i <= len(text); i++ {
		c := byte(separator) // the end of the text ends its last word
		if i < len(text) {
			c = fold[text[i]]
		}
		if c > special {
			key = key<<8 | uint64(c)
			n++
			continue
		}
		apostrophe := false
		if c == special {
			letter, size := unfold(text[i:])
			i += size - 1
			switch letter {
			case 0:
			case '\'':
				apostrophe = n > 0 && i+1 < len(text) && fold[text[i+1]] >= 'a'
			case foreignLetter:
				foreign++
				n += 9 // in no list
				continue
			case mark:
				continue
			default:
				key = key<<16 | uint64(letter)
				n += 2
				continue
			}
		}
		if n == 0 {
			continue
		}
		if key&0xc0 != 0 { // its last byte is not a digit
			words++
		}
		if apostrophe {
			key = key<<8 | '\''
			n++
		}
		if clitic && n <= 2 {
			key |= '\'' << (8 * n)
		}
		if n <= 8 {
			votes += votesOf(key)
		}
		key, n, clitic = 0, 0, apostrophe
	}
	return votes, words, foreign
}

// What unfold answers besides a letter of Latin-1 in lower case.
const (
	foreignLetter = 1
	mark          = 2 // an accent on its own, to be passed over
)

// unfold reads a special character: the two bytes of an accented letter in lower
// case, an apostrophe of either kind, 0 for what separates words, and its size.
func unfold(s string) (letter uint16, size int) {
	switch c := s[0]; {
	case c == '\'':
		return '\'', 1
	case len(s) < 2:
		return 0, 1
	case c == 0xc3:
		low := s[1]
		if low&0xe0 == 0x80 && low != 0x9f { // ß has no capital there
			low |= 0x20
		}
		return 0xc300 | uint16(low), 2
	case c == 0xcc, c == 0xcd:
		return mark, 2
	case c == 0xc2:
		return 0, 2
	case c == 0xe2:
		if len(s) > 2 && s[1] == 0x80 && s[2] == 0x99 {
			return '\'', 3
		}
		return 0, min(3, len(s))
	case c < 0xe0:
		return foreignLetter, 2
	case c < 0xf0:
		return foreignLetter, min(3, len(s))
	}
	return 0, min(4, len(s)) // mostly pictures
}

// The words stand in an open hash table, a third full, that is filled once.
const tableBits = 13

var (
	tableKeys    [1 << tableBits]uint64
	tableBallots [1 << tableBits]ballot
)

// slot is where the search for a key begins: the high bits of its product with
// 2⁶⁴ divided by the golden ratio.
func slot(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 >> (64 - tableBits) }

// votesOf is the ballot of a word, 0 when no list has it.
func votesOf(key uint64) ballot {
	for i := slot(key); ; i = (i + 1) % (1 << tableBits) {
		switch tableKeys[i] {
		case key:
			return tableBallots[i]
		case 0:
			return 0
		}
	}
}

// addVotes gives a word, in lower case and of at most eight bytes, votes for a side.
func addVotes(word string, side, votes int) {
	var key uint64
	for i := range len(word) {
		key = key<<8 | uint64(word[i])
	}
	i := slot(key)
	for tableKeys[i] != 0 && tableKeys[i] != key {
		i = (i + 1) % (1 << tableBits)
	}
	tableKeys[i] = key
	tableBallots[i] += ballot(votes) << (8 * side)
}
