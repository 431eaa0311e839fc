package text

import (
	"cmp"
	"math/bits"
	"slices"
)

// counted are the lines of the articles of one source: of each article how many, then
// these, in few pieces of memory, since there may be millions of articles.
type counted struct {
	chunks [][]uint64
	texts  int
}

// countedChunk is how many numbers are in one piece of memory of a large source.
const countedChunk = 1 << 12

// next is room for an article of so many lines.
func (c *counted) next(n int) []uint64 {
	last := len(c.chunks) - 1
	if last < 0 || cap(c.chunks[last]) >= countedChunk && cap(c.chunks[last])-len(c.chunks[last]) <= n {
		c.chunks = append(c.chunks, nil)
		last++
		if last > 0 {
			c.chunks[last] = make([]uint64, 0, max(countedChunk, n+1))
		}
	}
	from := len(c.chunks[last])
	c.chunks[last] = append(slices.Grow(c.chunks[last], n+1), uint64(n))[:from+1+n]
	c.texts++
	return c.chunks[last][from+1:]
}

// all are the lines of each article.
func (c *counted) all() []lines {
	all := make([]lines, 0, c.texts)
	for _, chunk := range c.chunks {
		for len(chunk) > 0 {
			n := 1 + int(chunk[0])
			all = append(all, chunk[1:n:n])
			chunk = chunk[n:]
		}
	}
	return all
}

// posting is a line and the texts that have it, in order.
type posting struct {
	line  uint64
	texts []int32
}

// postings are the lines that two texts or more share.
func postings(texts []lines) []posting {
	type occurrence struct {
		line uint64
		text int32
	}
	var all []occurrence
	again := repeated(texts)
	for i, t := range texts {
		for _, l := range t {
			if again.has(l) {
				all = append(all, occurrence{l, int32(i)})
			}
		}
	}
	slices.SortFunc(all, func(a, b occurrence) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.text, b.text)) })
	var out []posting
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].line == all[i].line {
			j++
		}
		if j-i > 1 {
			p := posting{all[i].line, make([]int32, 0, j-i)}
			for _, o := range all[i:j] {
				p.texts = append(p.texts, o.text)
			}
			out = append(out, p)
		}
		i = j
	}
	return out
}

// lineSet is a set of lines by some bits of their hashes: it has lines that nobody added.
type lineSet []uint64

// slotsPerLine is how many bits a set has for each line: one in so many that recur nowhere
// is taken for one that does, until it is looked at.
const slotsPerLine = 8

func newLineSet(n int) lineSet { return make(lineSet, 1<<bits.Len(uint(slotsPerLine*n/64))) }

func (s lineSet) slot(line uint64) (word *uint64, bit uint64) {
	hash := line >> hashShift
	return &s[hash>>6&uint64(len(s)-1)], 1 << (hash & 63)
}

func (s lineSet) has(line uint64) bool {
	word, bit := s.slot(line)
	return *word&bit != 0
}

func (s lineSet) add(line uint64) {
	word, bit := s.slot(line)
	*word |= bit
}

// repeated holds the lines that two texts or more have: most lines are in one only, and
// need not be sorted to see that.
func repeated(texts []lines) lineSet {
	n := 0
	for _, t := range texts {
		n += len(t)
	}
	once, again := newLineSet(n), newLineSet(n)
	for _, t := range texts {
		for _, l := range t {
			if once.has(l) {
				again.add(l)
			}
			once.add(l)
		}
	}
	return again
}
