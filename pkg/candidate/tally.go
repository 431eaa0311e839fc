package candidate

import (
	"math/bits"
	"slices"
)

// tally adds up scores of articles, of a thousand in a pile of any number: it is a hash table
// that stays in the processor's nearest memory.
type tally struct {
	slots []counted // a power of two, at most half of them taken
	shift int       // of an article's hash, to the number of its slot
	taken []uint32  // slots, in the order in which their articles came
}

// counted is an article, by its number plus one, so that the zero value is an empty slot, and
// its score.
type counted struct {
	article uint32
	score   uint32
}

func (c counted) number() int32 { return int32(c.article - 1) }

// len is the number of articles counted.
func (t *tally) len() int { return len(t.taken) }

// begin makes the table as large as so many articles need, if none is counted.
func (t *tally) begin(articles int) {
	width := bits.Len(uint(2*articles - 1))
	if cap(t.slots) < 1<<width {
		t.slots = make([]counted, 1<<width)
	}
	t.slots, t.shift = t.slots[:1<<width], 32-width
}

// grow makes room for so many articles more.
func (t *tally) grow(more int) {
	n := t.len()
	t.taken = slices.Grow(t.taken, more)
	if 2*(n+more) <= len(t.slots) {
		return
	}
	width := bits.Len(uint(2*(n+more) - 1))
	old := t.slots
	t.slots, t.shift = make([]counted, 1<<width), 32-width
	for i, slot := range t.taken {
		c := old[slot]
		at := t.slot(c.article)
		t.slots[at], t.taken[i] = c, at
	}
}

// spreading spreads numbers of articles over the first bits of their products with it.
const spreading = 0x9e3779b9

// slot is that of an article, or the empty one where it belongs.
func (t *tally) slot(article uint32) uint32 {
	at := article * spreading >> t.shift
	for t.slots[at].article != article && t.slots[at].article != 0 {
		at = (at + 1) & uint32(len(t.slots)-1)
	}
	return at
}

// mark sets the bits of the score in that of the article.
func (t *tally) mark(c counted) {
	t.grow(1)
	at := t.slot(c.article)
	if t.slots[at].article == 0 {
		t.taken = append(t.taken, at)
	}
	t.slots[at] = counted{c.article, t.slots[at].score | c.score}
}

// add adds to the score of every article of a list.
func (t *tally) add(l list, score uint32) {
	t.grow(l.len())
	// Every slot is written down, and stays there if it was empty: so nothing waits for
	// whether it was.
	n := t.len()
	t.taken = t.taken[:n+l.len()]
	for i := range l.len() {
		article := uint32(l.at(i)) + 1
		at := t.slot(article)
		c := &t.slots[at]
		t.taken[n] = at
		if c.article == 0 {
			n++
		}
		c.article = article
		c.score += score
	}
	t.taken = t.taken[:n]
}

// at is the article that came after n others, with its score.
func (t *tally) at(n int) counted { return t.slots[t.taken[n]] }

// forget forgets all articles.
func (t *tally) forget() {
	for _, at := range t.taken {
		t.slots[at] = counted{}
	}
	t.taken = t.taken[:0]
}

// take appends the articles that have the score that those of their grade need, in the order
// in which they came, and forgets all.
func (t *tally) take(dst []counted, grades []grade, need *[1 << 8]uint32) []counted {
	// As in add, nothing waits for a grade that is fetched from afar: every article is written
	// down, whether or not it stays.
	n := len(dst)
	dst = slices.Grow(dst, t.len())[:n+t.len()]
	for _, at := range t.taken {
		c := t.slots[at]
		t.slots[at] = counted{}
		dst[n] = c
		if c.score >= need[grades[c.number()]] {
			n++
		}
	}
	t.taken = t.taken[:0]
	return dst[:n]
}
