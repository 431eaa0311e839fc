package candidate

import (
	"math/bits"
	"slices"
)

// meetings are the articles of the lists that one article reads, with the place of that one
// that each list is for. Most are met in a place or two, and are of no interest: to add up the
// places of all, a hash table would have to look for each where it is. So a table in which
// several may share a slot tells first who may have been met in enough places.
type meetings struct {
	all   []counted // in the order in which they came
	slots []uint32  // by the hash of an article: the places where one with that hash was met
	shift int       // of a hash, to the number of its slot
}

// begin forgets all, and makes room for so many.
func (m *meetings) begin(articles int) {
	m.all = slices.Grow(m.all[:0], articles)
	width := bits.Len(uint(4 * articles)) // a slot is seldom shared
	m.slots, m.shift = slices.Grow(m.slots[:0], 1<<width)[:1<<width], 32-width
	clear(m.slots)
}

// add adds the articles of a list, for a place, a bit.
func (m *meetings) add(l list, place uint32) {
	n := len(m.all)
	m.all = m.all[:n+l.len()]
	all, slots, shift := m.all[n:], m.slots, m.shift
	for i := range all {
		c := counted{uint32(l.at(i)) + 1, place}
		all[i] = c
		slots[c.article*spreading>>(shift&31)] |= place
	}
}

// tell adds to the tally those of the meetings from number n up to another whose articles
// may have been met in so many places.
func (m *meetings) tell(t *tally, from, past, least int) {
	for _, c := range m.all[from:past] {
		if bits.OnesCount32(m.slots[c.article*spreading>>(m.shift&31)]) >= least {
			t.mark(c)
		}
	}
}
