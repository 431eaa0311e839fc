package text

import "github.com/calque-dev/calque/pkg/article"

// count adds up number words as they come: "deux", "mille", "trois".
type count struct {
	french bool
	total  uint64 // up to the last scale
	group  uint64 // since: below 1000, or a year's hundreds
	place  uint64 // the place that the group has filled: 100, 10, 1, or empty
	scale  uint64 // the last scale, 0 before one
	begun  bool
	ended  bool // by an ordinal or a collective
}

// empty is the place of a group that nothing has filled.
const empty = 1000

// maxCount is the most that a scale makes of a count.
const maxCount = 1e18

// value is the count so far.
func (c *count) value() uint64 { return c.total + c.group }

// add takes the next word; false, and no change, when it cannot go on the count.
func (c *count) add(n numeral) bool {
	if c.ended || !c.begun && !n.start {
		return false
	}
	ok := false
	switch n.role {
	case indefinite, one:
		ok = c.addOne(n)
	case ones, teens, tens:
		ok = c.addSmall(n)
	case hundred:
		ok = c.addHundred(n)
	case scale:
		ok = c.addScale(n)
	case collective:
		if ok = c.begun && c.place < empty && c.scale == 0; ok {
			c.group, c.ended = c.group*n.value, true
		}
	}
	if ok {
		c.begun, c.ended = true, c.ended || n.ordinal
	}
	return ok
}

// addOne begins a count with "one", "a" or "un", or goes on with "one", "un".
func (c *count) addOne(n numeral) bool {
	if c.begun && (n.role == indefinite || c.place == 1) {
		return false
	}
	c.group, c.place = c.group+1, 1
	return true
}

// addSmall adds what is below 100. French counts on from 60 and 80 to 79 and 99, makes
// 80 of "quatre" and "vingts", and 17 to 19 of "dix" and the rest.
func (c *count) addSmall(n numeral) bool {
	tail := c.group % 100
	switch n.role {
	case ones:
		if c.place == 1 && !(c.french && tail%20 == 10 && n.value >= 7) {
			return false
		}
		c.place = 1
	case teens:
		if c.place == 1 || c.place == 10 && !(c.french && (tail == 60 || tail == 80)) {
			return false
		}
		c.place = 1
	case tens:
		if c.french && n.value == 20 && c.place == 1 && tail == 4 {
			c.group, c.place = c.group+76, 10
			return true
		}
		if c.place < 100 || !n.start && !n.ordinal {
			return false
		}
		c.place = 10
	}
	c.group += n.value
	return true
}

// addHundred multiplies the units before it, or begins with "cent" alone.
func (c *count) addHundred(n numeral) bool {
	switch {
	case c.place == empty:
		if !n.start {
			return false
		}
		c.group = 100
	case c.place > 10, c.group > 99, c.french && (c.group == 1 || c.group%10 == 0):
		return false // "vingt cents" are coins
	default:
		c.group *= 100
	}
	c.place = 100
	return true
}

// addScale multiplies the group; "mille" also stands alone.
func (c *count) addScale(n numeral) bool {
	switch {
	case c.value() > maxCount/n.value:
		return false
	case c.place == empty && c.total > 0 && c.french && n.value < 1e6: // "deux millions mille"
		if c.scale <= n.value {
			return false
		}
		c.total += n.value
	case c.place == empty && c.total > 0: // "mille milliards"
		c.total *= n.value
	case c.place == empty:
		if !n.start {
			return false
		}
		c.total = n.value
	case c.scale > 0 && n.value >= c.scale, c.french && c.group == 1 && c.total == 0 && n.start:
		return false // "un mille" is a distance
	default:
		c.total += c.group * n.value
	}
	c.group, c.place, c.scale = 0, empty, n.value
	return true
}

// words counts the number words from token i on: their value, the last scale or 1,
// and the token after them; i when there are none.
func (p *phrase) words(i int) (c count, next int) {
	c = count{french: p.language == article.French, place: empty}
	first := p.tokens[i].Form.numeral
	if !c.add(first) {
		return c, i
	}
	next = i + 1
	for next < len(p.tokens) {
		g := p.gap(next)
		n := p.numeral(next)
		switch {
		case g != blank && g != hyphen:
			return c, next
		case n.role == and:
			after := p.and(&c, i, next)
			if after == next {
				return c, next
			}
			next = after
		case n.role == one && g != hyphen && !p.goesOn(&c, next):
			return c, next
		case !c.add(n):
			return c, next
		default:
			next++
		}
	}
	return c, next
}

// goesOn reports whether "one" at token k, after a space, goes on with the count: in
// "twenty one", and in "two thousand one hundred", but not in "two thousand one day".
func (p *phrase) goesOn(c *count, k int) bool {
	if c.french {
		return false // "vingt un" is written by nobody
	}
	role := p.numeral(k + 1).role
	return c.place == 10 || p.follows(k+1) && (role == hundred || role == scale)
}

// and goes on after "and" or "et" at token k: "vingt et un", "two hundred and five".
func (p *phrase) and(c *count, first, k int) (next int) {
	if !p.follows(k + 1) {
		return k
	}
	n := p.numeral(k + 1)
	if c.french {
		tail := c.group % 100
		if c.place == 10 && (n.role == one || tail == 60 && n.role == teens && n.value == 11) && c.add(n) {
			return k + 2
		}
		return k
	}
	if c.place != 100 && (c.place != empty || c.scale == 0) || p.before(first) == "between" {
		return k
	}
	longer := *c
	next = k + 1
	for next < len(p.tokens) && (next == k+1 || p.follows(next)) {
		n := p.numeral(next)
		if n.role == hundred || n.role == scale && longer.scale > 0 && n.value >= longer.scale {
			return k // "two hundred and three hundred"
		}
		if n.role == one && longer.place >= 100 && next == k+1 {
			longer.group, longer.place = longer.group+1, 1
		} else if n.role == scale || n.role == noRole || !longer.add(n) {
			break
		}
		next++
	}
	if next > k+1 {
		*c = longer
		return next
	}
	return k
}
