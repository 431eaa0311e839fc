package align

import (
	"bytes"
	"slices"
)

// shapes are the beads tried: how many shingles of each side.
var shapes = [...][2]int{{1, 1}, {1, 2}, {2, 1}, {1, 3}, {3, 1}, {2, 2}}

// widest is the most shingles of one side.
const widest = 3

// chains are the buffers of chain.
type chains struct {
	totals [4][]float32 // by columns passed: the gain of the best chain within them and so many rows, the rows modulo four
	steps  []uint8      // shingles of a × shingles of b: the last step of that chain
}

// The steps: past a row, past a column, or over the bead of shapes[step-firstBead].
const (
	stepRow uint8 = iota
	stepColumn
	firstBead
)

// chain finds the chain of beads, monotone in both articles and among free
// shingles, with the greatest gain: cosine above the floor times weight. Of equal ones it
// is the one whose beads end first. The beads come from its end. It costs the product of
// the numbers of shingles, a little for each pair and some for each seed, in time; in
// memory a byte for each pair, however many beads are possible.
func (al *Aligner) chain(beads []Bead) []Bead {
	n, m := len(al.a.Shingles), len(al.b.Shingles)
	c := &al.chains
	c.steps = append(c.steps[:0], make([]uint8, n*m)...)
	for i := range c.totals {
		c.totals[i] = append(c.totals[i][:0], make([]float32, m+1)...)
	}
	for i := range n {
		if al.usedA[i] || bytes.IndexByte(al.seeds[i*m:(i+1)*m], 1) < 0 {
			copy(c.totals[(i+1)%4], c.totals[i%4]) // every row of a bead has a seed
			continue
		}
		al.row(i)
	}
	for i, j := n, m; i > 0 && j > 0; {
		switch step := c.steps[(i-1)*m+j-1]; step {
		case stepRow:
			i--
		case stepColumn:
			j--
		default:
			shape := shapes[step-firstBead]
			bead := Bead{A0: i - shape[0], A1: i, B0: j - shape[1], B1: j}
			_, bead.Similarity = al.gain(bead.A0, bead.A1, bead.B0, bead.B1)
			beads = append(beads, bead)
			i, j = bead.A0, bead.B0
		}
	}
	return beads
}

// row fills in the totals and steps of a row.
func (al *Aligner) row(i int) {
	m := len(al.b.Shingles)
	c := &al.chains
	seeds, steps := al.seeds[i*m:(i+1)*m], c.steps[i*m:(i+1)*m]
	above, totals := c.totals[i%4][:m+1], c.totals[(i+1)%4][:m+1]
	seed := -widest // the last one: a bead that ends here has one in its last row
	for j := range m {
		total, step := above[j+1], stepRow
		if totals[j] > total {
			total, step = totals[j], stepColumn
		}
		if seeds[j] != 0 {
			seed = j
		}
		if j-seed < widest && !al.usedB[j] {
			for k, shape := range shapes {
				i0, j0 := i+1-shape[0], j+1-shape[1]
				if i0 < 0 || j0 < 0 || j0 > seed {
					continue
				}
				if gain := al.beadGain(i0, shape[0], j0, shape[1]); gain > 0 && c.totals[i0%4][j0]+gain > total {
					total, step = c.totals[i0%4][j0]+gain, firstBead+uint8(k)
				}
			}
		}
		totals[j+1], steps[j] = total, step
	}
}

// beadGain is the gain of a bead that may be one: every shingle is part of a seed in it,
// and it is more alike than its parts. Otherwise 0.
func (al *Aligner) beadGain(i, p, j, q int) float32 {
	if !al.joined(i, p, j, q) {
		return 0
	}
	gain, cosine := al.gain(i, i+p, j, j+q)
	if gain > 0 && cosine+rounding < mergeGain*al.bestWithin(i, p, j, q) {
		return 0
	}
	return gain
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

// joined reports whether every shingle of a bead is part of a seed in it.
func (al *Aligner) joined(i0, p, j0, q int) bool {
	m := len(al.b.Shingles)
	var columns [widest]uint8
	for i := i0; i < i0+p; i++ {
		row := uint8(0)
		for j, seed := range al.seeds[i*m+j0 : i*m+j0+q] {
			row |= seed
			columns[j] |= seed
		}
		if row == 0 {
			return false
		}
	}
	return !slices.Contains(columns[:q], 0)
}
