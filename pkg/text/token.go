package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/internal/ascii"
)

// Kind tells words from numbers.
type Kind uint8

// The kinds of token.
const (
	Word   Kind = iota // letters, perhaps with digits: "strike", "G20", "l’", "6.1.38-rc1", "CVE-2009-1234"; a sign "$"
	Number             // a quantity: "1,234.5", "3 milliards", "20th", "vingt-cinq", "30 %"; a time: "14h30"
)

// Token is one word or number of a text.
type Token struct {
	Start, End int // byte offsets
	Kind       Kind
	Capital    bool    // begins with an upper-case letter
	hints      hint    // of the Form; of a Number: counts
	id         int32   // of the Form
	Form       *Form   // of a Word; of "$" that of the currency's word
	Number     Decimal // of a Number
}

// FormID is the ID of the Form of a Word, which is not read for it: most of its words are
// new to the memory that the processor has at hand.
func (t *Token) FormID() int { return int(t.id) }

func (t *Token) setForm(f *Form) { t.Form, t.id, t.hints = f, int32(f.ID), f.hints }

// scan appends the tokens of text[start:end]. The words have no Form yet: resolve finds
// them all together, so that one need not wait until the memory of the last has come.
func (s *Scanner) scan(dst []Token, text string, start, end int) []Token {
	for i := start; i < end; {
		c := text[i]
		if c < utf8.RuneSelf {
			switch class[c] {
			case letter:
				dst, i = scanWord(dst, text, i, end)
			case digit:
				dst, i = s.scanNumber(dst, text, i, end)
			default:
				if c == '$' {
					dst, i = s.scanSign(dst, text, i, end)
				} else {
					if c == '|' || c == '>' {
						s.hints |= bars
					}
					i++
				}
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:end])
		switch {
		case unicode.IsLetter(r):
			dst, i = scanWord(dst, text, i, end)
		case r == '€' || r == '£' || r == '¥':
			dst, i = s.scanSign(dst, text, i, end)
		case r == '›' || r == '•' || r == '·' || r == '»':
			s.hints |= bars
			fallthrough
		default:
			i += size
		}
	}
	return dst
}

// scanSign appends the word that the sign of a currency at i stands for, if it stands
// by a number.
func (s *Scanner) scanSign(dst []Token, text string, i, end int) ([]Token, int) {
	r, size := utf8.DecodeRuneInString(text[i:end])
	word := s.rules.currencies[r]
	if word == "" || r == '$' && !digitFollows(text[i+size:end]) && !s.followsAmount(dst, text, i) {
		return dst, i + size
	}
	t := Token{Start: i, End: i + size, Kind: Word}
	t.setForm(s.form(word))
	return append(dst, t), i + size
}

// followsAmount reports whether a number, or a letter for millions, stands before i.
func (s *Scanner) followsAmount(dst []Token, text string, i int) bool {
	if len(dst) == 0 {
		return false
	}
	last := &dst[len(dst)-1]
	role := noRole
	if last.Kind == Word {
		if last.Form == nil {
			s.setForm(text, last)
		}
		role = last.Form.numeral.role
	}
	return (last.Kind == Number || role == scale || role == moneyScale) &&
		last.End <= i && gapBetween(text, last.End, i) <= blank
}

// signSize is the size of the sign of a currency at i, or 0.
func signSize(text string, i, end int) int {
	switch r, size := utf8.DecodeRuneInString(text[i:end]); r {
	case '$', '€', '£', '¥':
		return size
	}
	return 0
}

const (
	letter = 1 + iota
	digit
)

var class = func() (c [utf8.RuneSelf]byte) {
	for i := range c {
		switch {
		case 'a' <= i && i <= 'z', 'A' <= i && i <= 'Z':
			c[i] = letter
		case '0' <= i && i <= '9':
			c[i] = digit
		}
	}
	return c
}()

// wordEnd is the end of the run of letters, marks and digits that begins at i.
func wordEnd(text string, i, end int) int {
	for i < end {
		if end-i >= ascii.Eight {
			n := ascii.Word(ascii.Load(text[i:]))
			if i += n; n == ascii.Eight {
				continue
			}
		}
		c := text[i]
		if c < utf8.RuneSelf {
			if class[c] == 0 {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:end])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && r != softHyphen {
			return i
		}
		i += size
	}
	return i
}

const softHyphen = '\u00ad'

// scanWord reads the word at start and appends it, as one token or, where an
// apostrophe joins two, as two: "l’Anssi" is "l’" and "Anssi", "Bouille’s" is
// "Bouille" and a dropped "s", "don’t" stays whole.
func scanWord(dst []Token, text string, start, end int) ([]Token, int) {
	i := wordEnd(text, start, end)
	if i-start == 1 && class[text[start]&0x7f] == letter && i < end && text[i] == '.' {
		i = initialsEnd(text, start, end)
		if i-start > 1 && i < end && text[i] == '.' { // U.S.’s
			return append(dst, wordToken(text, start, i)), skipPossessive(text, i+1, end)
		}
	}
	if i+1 < end && text[i] == '-' && class[text[i+1]&0x7f] == digit {
		if stop := identifierEnd(text, start, i, end); stop > i {
			return append(dst, wordToken(text, start, stop)), stop
		}
	}
	for {
		after := apostropheEnd(text, i, end)
		next := wordEnd(text, after, end)
		if after == i || next == after {
			break
		}
		if isElision(text[start:i]) {
			return append(dst, wordToken(text, start, i)), after
		}
		if next-after == 1 && text[after]|0x20 == 's' {
			return append(dst, wordToken(text, start, i)), next
		}
		i = next
	}
	return append(dst, wordToken(text, start, i)), i
}

// wordToken makes the token of the word text[start:end], without its Form.
func wordToken(text string, start, end int) Token {
	return Token{Start: start, End: end, Capital: isCapital(text, start)}
}

// resolve finds the forms of the words and notes what they hint at. Where they may be is
// asked for all of them before any is looked at, so that the memory of several is fetched at a
// time.
func (s *Scanner) resolve(text string, tokens []Token) {
	s.sought = s.sought[:0]
	for i := range tokens {
		if t := &tokens[i]; t.Kind == Word && t.Form == nil {
			s.sought = append(s.sought, s.spellings.seek(spellingAt(text, t.Start, t.End)))
		}
	}
	n := 0
	for i := range tokens {
		t := &tokens[i]
		switch {
		case t.Kind == Number:
			t.hints = counts
		case t.Form == nil:
			s.setSought(text, t, &s.sought[n])
			n++
		}
		s.hints |= t.hints
	}
}

func isCapital(text string, i int) bool {
	if c := text[i]; c < utf8.RuneSelf {
		return 'A' <= c && c <= 'Z'
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsUpper(r)
}

// apostropheEnd is the index after an apostrophe at i, or i.
func apostropheEnd(text string, i, end int) int {
	if i < end && text[i] == '\'' {
		return i + 1
	}
	if strings.HasPrefix(text[i:end], "’") {
		return i + len("’")
	}
	return i
}

// initialsEnd is the end of dotted initials such as "U.S." that begin at start,
// or of the single letter when there is only one. The last point stays outside.
func initialsEnd(text string, start, end int) int {
	i := start + 1
	for i+1 < end && text[i] == '.' && class[text[i+1]&0x7f] == letter && text[i+1] < utf8.RuneSelf {
		if wordEnd(text, i+1, end) != i+2 {
			break
		}
		i += 2
	}
	return i
}

// isElision reports whether the word before an apostrophe is a French elided one.
func isElision(w string) bool {
	switch len(w) {
	case 1:
		switch w[0] | 0x20 {
		case 'l', 'd', 'j', 'm', 't', 's', 'n', 'c':
			return true
		}
	case 2:
		return w[0]|0x20 == 'q' && w[1]|0x20 == 'u'
	case 5, 6:
		switch strings.ToLower(w) {
		case "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu":
			return true
		}
	}
	return false
}
