package align

import "slices"

// shapes are the beads tried: how many shingles of each side.
var shapes = [...][2]int{{1, 1}, {1, 2}, {2, 1}, {1, 3}, {3, 1}, {2, 2}}

// link is a possible bead with the best chain that ends in it.
type link struct {
	bead  Bead
	gain  float32
	total float32 // gain of the chain up to here
	prior int32   // the link before it in that chain, or -1
}

// chains are the buffers of chain.
type chains struct {
	found   []link // as gathered
	links   []link // by the row that they begin at
	seeded  []bool // shingles of a × shingles of b: the seeds
	rows    []int32
	pending [][]int32 // links by the row that they end before
	best    prefixMax
}

// chain finds the chain of beads, monotone in both articles and among free
// shingles, with the greatest gain: cosine above the floor times weight. It costs
// the number of possible beads times the logarithm of the shingles of b.
func (al *Aligner) chain(beads []Bead) []Bead {
	n, m := len(al.a.Shingles), len(al.b.Shingles)
	c := &al.chains
	al.possible()
	for len(c.pending) < n+1 {
		c.pending = append(c.pending, nil)
	}
	c.best.reset(m + 1)
	row := 0
	last := int32(-1)
	for k := range c.links {
		l := &c.links[k]
		for ; row <= l.bead.A0; row++ {
			c.close(row)
		}
		l.prior = c.best.before(l.bead.B0)
		l.total = l.gain
		if l.prior >= 0 {
			l.total += c.links[l.prior].total
		}
		c.pending[l.bead.A1] = append(c.pending[l.bead.A1], int32(k))
		if last < 0 || l.total > c.links[last].total {
			last = int32(k)
		}
	}
	for ; row <= n; row++ {
		c.pending[row] = c.pending[row][:0]
	}
	for ; last >= 0; last = c.links[last].prior {
		beads = append(beads, c.links[last].bead)
	}
	return beads
}

// close makes the links that end before the row available to those that begin at it.
func (c *chains) close(row int) {
	for _, k := range c.pending[row] {
		c.best.add(c.links[k].bead.B1, k, c.links[k].total)
	}
	c.pending[row] = c.pending[row][:0]
}

// possible gathers the beads with a gain, by their first shingle of a.
func (al *Aligner) possible() {
	c := &al.chains
	n, m := len(al.a.Shingles), len(al.b.Shingles)
	c.found = c.found[:0]
	c.seeded = append(c.seeded[:0], make([]bool, n*m)...)
	for _, s := range al.seeds {
		if !al.usedA[s.i] && !al.usedB[s.j] {
			c.seeded[int(s.i)*m+int(s.j)] = true
		}
	}
	for _, s := range al.seeds {
		if al.usedA[s.i] || al.usedB[s.j] {
			continue
		}
		for _, shape := range shapes {
			al.around(int(s.i), int(s.j), shape[0], shape[1])
		}
	}
	c.sort(n)
}

// sort puts the links in order of the row they begin at, otherwise as found.
func (c *chains) sort(rows int) {
	c.rows = append(c.rows[:0], make([]int32, rows+1)...)
	for i := range c.found {
		c.rows[c.found[i].bead.A0+1]++
	}
	for i := range rows {
		c.rows[i+1] += c.rows[i]
	}
	c.links = slices.Grow(c.links[:0], len(c.found))[:len(c.found)]
	for i := range c.found {
		at := &c.rows[c.found[i].bead.A0]
		c.links[*at] = c.found[i]
		*at++
	}
}

// around tries the beads of p by q shingles of which (i,j) is the first seed, row by
// row, so that each bead is tried once. Every row of a bead has a seed: (i,j) is in
// the first; and so has every column: in a bead of one row it is the first cell.
func (al *Aligner) around(i, j, p, q int) {
	n, m := len(al.a.Shingles), len(al.b.Shingles)
	if i+p > n {
		return
	}
	start := j
	if p > 1 {
		start = max(0, j-q+1)
	}
	for j0 := start; j0 <= j && j0+q <= m; j0++ {
		if slices.Contains(al.chains.seeded[i*m+j0:i*m+j], true) || !al.joined(i, p, j0, q) {
			continue
		}
		if gain, cosine := al.gain(i, i+p, j0, j0+q); gain > 0 && cosine+rounding >= mergeGain*al.bestWithin(i, p, j0, q) {
			bead := Bead{A0: i, A1: i + p, B0: j0, B1: j0 + q, Similarity: cosine}
			al.chains.found = append(al.chains.found, link{bead: bead, gain: gain})
		}
	}
}

const (
	// mergeGain is how much more alike than any two of its shingles a larger bead must be:
	// halves of a sentence that was cut in two are worth much less than both together. Of the
	// lines of newstest2013 F1 is 0.967 with it and 0.874 with 1.
	mergeGain = 1.1
	// rounding is what two equal cosines may differ by.
	rounding = 1e-5
)

// bestWithin is the greatest cosine of two single shingles of a larger bead.
func (al *Aligner) bestWithin(i0, p, j0, q int) float32 {
	if p*q == 1 {
		return 0
	}
	m := len(al.b.Shingles)
	var best float32
	for i := i0; i < i0+p; i++ {
		for j := j0; j < j0+q; j++ {
			best = max(best, al.dot[i*m+j]/(al.a.Shingles[i].Norm*al.b.Shingles[j].Norm))
		}
	}
	return best
}

// joined reports whether every shingle of a larger bead is part of a seed in it.
func (al *Aligner) joined(i0, p, j0, q int) bool {
	if p*q == 1 {
		return true
	}
	m := len(al.b.Shingles)
	var columns [3]bool
	for i := i0; i < i0+p; i++ {
		row := false
		for j, seed := range al.chains.seeded[i*m+j0 : i*m+j0+q] {
			if seed {
				row, columns[j] = true, true
			}
		}
		if !row {
			return false
		}
	}
	return !slices.Contains(columns[:q], false)
}

// prefixMax is a Fenwick tree that answers which link of those ending at or before
// a column has the greatest total.
type prefixMax struct {
	link  []int32
	total []float32
}

func (p *prefixMax) reset(n int) {
	p.link = slices.Grow(p.link[:0], n+1)[:n+1]
	p.total = slices.Grow(p.total[:0], n+1)[:n+1]
	for i := range p.link {
		p.link[i], p.total[i] = -1, 0
	}
}

// add puts a link that ends at the column.
func (p *prefixMax) add(column int, link int32, total float32) {
	for i := column + 1; i < len(p.link); i += i & -i {
		if p.link[i] < 0 || total > p.total[i] {
			p.link[i], p.total[i] = link, total
		}
	}
}

// before is the best link that ends at or before the column, or -1.
func (p *prefixMax) before(column int) int32 {
	best, total := int32(-1), float32(0)
	for i := column + 1; i > 0; i -= i & -i {
		if p.link[i] >= 0 && (best < 0 || p.total[i] > total) {
			best, total = p.link[i], p.total[i]
		}
	}
	return best
}
