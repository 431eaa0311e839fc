package text

import (
	"strings"

	"github.com/calque-dev/calque/pkg/article"
)

// phrase is a sentence in whose tokens quantities are looked for.
type phrase struct {
	language article.Language
	text     string // up to the end of the sentence
	tokens   []Token
	kept     int // tokens[:kept] are done
}

// quantities joins, in the tokens of a sentence, those that write one quantity: number
// words, scales, signs and words for percent, times of the day. The first of them
// becomes the Number. The tokens are shortened in place.
func (s *Scanner) quantities(text string, tokens []Token) []Token {
	i := 0
	for i < len(tokens) && tokens[i].hints&counts == 0 {
		i++
	}
	if i == len(tokens) {
		return tokens
	}
	p := phrase{language: s.rules.language, text: text, tokens: tokens, kept: i}
	for i < len(tokens) {
		next := i + 1
		if tokens[i].hints&counts != 0 {
			next = p.quantity(i)
		}
		if p.kept != i {
			tokens[p.kept] = tokens[i]
		}
		p.kept++
		i = next
	}
	return tokens[:p.kept]
}

// quantity makes a Number of token i and those after it that belong to it, and returns
// the first that does not. A word that is no number stays as it is.
func (p *phrase) quantity(i int) (next int) {
	t := &p.tokens[i]
	if t.Kind == Number {
		next = i + 1
		if !t.Number.Clock {
			next = p.scaled(i)
		}
	} else if next = p.spelled(i); next == i {
		return i + 1
	}
	if after := p.clock(i, next); after > next {
		next = after
	} else if after := p.percent(next); after > next {
		next = after
	}
	if p.before(i) == "années" {
		t.Number = decade(t.Number)
	}
	t.Kind = Number
	if next > i+1 {
		t.End = p.tokens[next-1].End
	}
	if sign := p.percentSign(t.End); sign > t.End && !t.Number.Clock {
		t.End = sign
	}
	return next
}

// decade is the year in which the decade of "années 90" began.
func decade(d Decimal) Decimal {
	if n, ok := d.whole(); ok && n%10 == 0 && n >= 20 && n < 100 {
		return decimal(n+1900, 0)
	}
	return d
}

// spelled reads the number that words from token i on write; next is i when they
// write none.
func (p *phrase) spelled(i int) (next int) {
	t := &p.tokens[i]
	first := t.Form.numeral
	switch first.role {
	case half:
		return p.halfOf(i, i)
	case roman:
		if !isRoman(p.text[t.Start:t.End]) {
			return i
		}
		t.Number = decimal(first.value, 0)
		return i + 1
	}
	c, next := p.words(i)
	if next == i || p.isWord(next-1, "quarantaine") && !p.countsPeople(next) {
		return i
	}
	value, halves := c.value(), max(c.scale, 1)
	lone := next == i+1
	if lone && p.isOtherwise(i) {
		return i
	}
	if after := p.andHalf(next); after > next {
		t.Number, next = p.withHalf(value, halves, after)
		return next
	}
	if p.nounAndHalf(next) {
		t.Number = decimal(value*10+5, -1)
		return next
	}
	if first.role <= one && lone && (first.role != one || p.percent(next) == next) {
		return p.halfOf(i, next)
	}
	t.Number = decimal(value, 0)
	return next
}

// halfOf reads "half a million" or "demi-douzaine" from token k on as the number of
// token i; next is i when it is something else.
func (p *phrase) halfOf(i, k int) (next int) {
	if k >= len(p.tokens) || p.numeral(k).role != half || k > i && !p.follows(k) {
		return i
	}
	k++
	if k < len(p.tokens) && p.numeral(k).role == indefinite && p.follows(k) {
		k++
	}
	if k >= len(p.tokens) || !p.follows(k) {
		return i
	}
	if n := p.numeral(k); n.role == collective || n.role == scale && n.value >= 1000 {
		p.tokens[i].Number = decimal(n.value/2, 0)
		return k + 1
	}
	return i
}

// andHalf is the token after "and a half" or "et demi" at k; k when that is not there.
func (p *phrase) andHalf(k int) (next int) {
	if !p.follows(k) || p.numeral(k).role != and {
		return k
	}
	next = k + 1
	if p.language == article.English {
		if !p.follows(next) || p.numeral(next).role != indefinite {
			return k
		}
		next++
	}
	if !p.follows(next) || p.numeral(next).role != half || p.gapAfter(next) == hyphen {
		return k
	}
	return next + 1
}

// withHalf is a count and half of its scale, or, where a scale follows at token k,
// a count and a half of these.
func (p *phrase) withHalf(value, halves uint64, k int) (Decimal, int) {
	if halves > 1 {
		return decimal(value+halves/2, 0), k
	}
	d := decimal(value*10+5, -1)
	if n := p.numeral(k); p.follows(k) && n.role == scale {
		return d.times(decimal(n.value, 0)), k + 1
	}
	return d, k
}

// nounAndHalf reports whether "years and a half" or "ans et demi" stands at token k:
// then half belongs to the number before.
func (p *phrase) nounAndHalf(k int) bool {
	return p.follows(k) && p.tokens[k].Kind == Word && p.numeral(k).role == noRole && p.andHalf(k+1) > k+1
}

// scaled multiplies the digits of token i by the scales after them.
func (p *phrase) scaled(i int) (next int) {
	t := &p.tokens[i]
	next = i + 1
	scaled := uint64(1)
	for p.follows(next) {
		n := p.numeral(next)
		if !(n.role == scale || n.role == collective || n.role == hundred && p.language == article.English) || n.ordinal {
			if n.role != moneyScale || scaled > 1 || !p.isMoney(i, next) {
				break
			}
		}
		t.Number, scaled = t.Number.times(decimal(n.value, 0)), n.value
		next++
		if n.role == collective {
			return next
		}
	}
	whole, ok := p.tokens[i].Number.whole()
	if !ok {
		return next
	}
	if after := p.andHalf(next); after > next {
		t.Number, next = p.withHalf(whole, scaled, after)
	} else if scaled == 1 && p.nounAndHalf(next) {
		t.Number = decimal(whole*10+5, -1)
	}
	return next
}

// isMoney reports whether a sign before token i, or a currency after the letter at
// token k, says that the letter is a scale.
func (p *phrase) isMoney(i, k int) bool {
	if p.kept > 0 && isSign(&p.tokens[p.kept-1]) && gapBetween(p.text, p.tokens[p.kept-1].End, p.tokens[i].Start) <= blank {
		return true
	}
	if p.follows(k+1) && (p.numeral(k+1).role == noRole && (p.isWord(k+1, "d") || p.isWord(k+1, "de"))) {
		k++
	}
	return k+1 < len(p.tokens) && p.numeral(k+1).role == currency
}

// percent is the token after "percent", "per cent" or "pour cent" at k.
func (p *phrase) percent(k int) (next int) {
	if !p.follows(k) {
		return k
	}
	switch p.numeral(k).role {
	case percent:
		return k + 1
	case per:
		if p.follows(k+1) && p.isWord(k+1, "cent") {
			return k + 2
		}
	}
	return k
}

// percentSign is the end of the sign % at or after a space at byte i, or i.
func (p *phrase) percentSign(i int) int {
	j := i
	if j < len(p.text) && p.text[j] != '-' {
		j += spaceSize(p.text, j, len(p.text))
	}
	if j < len(p.text) && p.text[j] == '%' {
		return j + 1
	}
	return i
}

// isOtherwise reports whether the number word at token i, alone, is none here: "one",
// a fraction, "neuf" after what is new, the month "sept.".
func (p *phrase) isOtherwise(i int) bool {
	t := &p.tokens[i]
	n := t.Form.numeral
	switch {
	case n.ordinal && p.language == article.English:
		return p.before(i) == "one" || p.before(i) == "a" && p.isWord(i+1, "of") ||
			n.value == 3 && afterThird[p.after(i)]
	case n.ordinal: // "un tiers" and "un quart" have words of their own
		return n.value >= 5 && p.before(i) == "un" && (p.after(i) == "" || afterFraction[p.after(i)])
	case t.Form.Text == "neuf":
		return !p.isPlural(i + 1)
	case t.Form.Text == "sept":
		return p.kept > 0 && p.tokens[p.kept-1].Kind == Number && strings.HasPrefix(p.text[t.End:], ".")
	}
	return false
}

// countsPeople reports whether "de" and a word stand at token k: else "une quarantaine"
// is no forty, but what the sick keep.
func (p *phrase) countsPeople(k int) bool {
	return p.follows(k) && (p.isWord(k, "de") || p.isWord(k, "d")) &&
		k+1 < len(p.tokens) && p.tokens[k+1].Kind == Word && !p.numeral(k+1).start
}

// isPlural reports whether the word at token k follows and may be a plural that a
// number counts.
func (p *phrase) isPlural(k int) bool {
	w := p.after(k - 1)
	return (len(w) > 3 || w == "ans") && (strings.HasSuffix(w, "s") || strings.HasSuffix(w, "x")) && !afterAdjective[w]
}

// afterThird are the words of things that French calls "tiers".
var afterThird = wordSet("country countries world party parties")

// afterFraction are the words that follow a fraction: "un cinquième des voix".
var afterFraction = wordSet("d de du des par en")

// afterAdjective are the words in s and x that may follow "neuf", new.
var afterAdjective = wordSet("dans mais sans sous plus puis depuis alors sous très mieux ceux aux vers après dès fois leurs nous vous")

// follows reports whether token k stands next to the one before it.
func (p *phrase) follows(k int) bool { return k < len(p.tokens) && p.gap(k) != apart }

// numeral is that of token k; none when k is a number or no token.
func (p *phrase) numeral(k int) numeral {
	if k >= len(p.tokens) || p.tokens[k].Kind != Word {
		return numeral{}
	}
	return p.tokens[k].Form.numeral
}

// isWord reports whether token k is the word.
func (p *phrase) isWord(k int, word string) bool {
	return k < len(p.tokens) && p.tokens[k].Kind == Word && p.tokens[k].Form.Text == word
}

// before is the word before token i, "" when none stands next to it.
func (p *phrase) before(i int) string {
	if p.kept == 0 {
		return ""
	}
	t := &p.tokens[p.kept-1]
	if t.Kind != Word || gapBetween(p.text, t.End, p.tokens[i].Start) == apart {
		return ""
	}
	return t.Form.Text
}

// after is the word after token i, "" when none stands next to it.
func (p *phrase) after(i int) string {
	if !p.follows(i+1) || p.tokens[i+1].Kind != Word {
		return ""
	}
	return p.tokens[i+1].Form.Text
}

// gap is what stands between two tokens.
type gap uint8

const (
	joined gap = iota // nothing
	blank             // a space or line break
	hyphen
	apart // anything else
)

// gap is what stands before token k.
func (p *phrase) gap(k int) gap { return gapBetween(p.text, p.tokens[k-1].End, p.tokens[k].Start) }

// gapAfter is what stands after token k.
func (p *phrase) gapAfter(k int) gap {
	if k+1 >= len(p.tokens) {
		return apart
	}
	return p.gap(k + 1)
}

func gapBetween(text string, i, j int) gap {
	switch s := text[i:j]; len(s) {
	case 0:
		return joined
	case 1:
		switch s[0] {
		case ' ', '\n', '\t':
			return blank
		case '-':
			return hyphen
		}
	case 2, 3:
		switch s {
		case "\u00a0", "\u202f", "\u2009", "\r\n":
			return blank
		case "\u2010", "\u2011":
			return hyphen
		}
	}
	return apart
}

// isSign reports whether the token is the sign of a currency: its form is a word longer
// than the sign.
func isSign(t *Token) bool {
	return t.Kind == Word && t.Form != nil && t.Form.numeral.role == currency && t.End-t.Start <= len("€") && t.End-t.Start < len(t.Form.Text)
}
