package verdict

import (
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

const (
	// strongCosine parts, from beads that may be chance those that hardly are.
	strongCosine = 0.5
	// verbatimCosine is reached by sentences with the same words, or all but one of many.
	verbatimCosine = 0.97
)

// beads fills in the features that come from the beads alone.
func (f *Features) beads(a, b *shingle.Article, x *align.Alignment) {
	var weight, cosine, square, verbatim, chain, strongA, strongB float64
	var wordsA, wordsB int
	for _, bead := range x.Beads {
		wa, na := totals(a.Shingles[bead.A0:bead.A1])
		wb, nb := totals(b.Shingles[bead.B0:bead.B1])
		wordsA, wordsB = wordsA+na, wordsB+nb
		w := wa + wb
		weight += w
		c := float64(bead.Similarity)
		cosine += w * c
		square += w * c * c
		if c > verbatimCosine {
			verbatim += w
		}
		if !bead.Moved {
			chain += w
		}
		if bead.Similarity > strongCosine {
			strongA, strongB = strongA+wa, strongB+wb
		}
	}
	v := &f.Values
	v[Evidence] = math.Log(1 + float64(min(wordsA, wordsB)))
	if weight == 0 {
		return
	}
	v[Similarity] = cosine / weight
	v[Spread] = math.Sqrt(max(0, square/weight-v[Similarity]*v[Similarity]))
	v[Verbatim] = verbatim / weight
	v[Order] = chain / weight
	allA, _ := totals(a.Shingles)
	allB, _ := totals(b.Shingles)
	v[Strong] = max(strongA/math.Max(allA, 1), strongB/math.Max(allB, 1))
}

func totals(s []shingle.Shingle) (weight float64, words int) {
	for i := range s {
		weight += float64(s[i].Weight)
		words += s[i].Words
	}
	return weight, words
}

// agreement counts the marks of one kind in beads that the other side has in the
// same bead, and pairs of marks that have no counterpart, one of each side.
type agreement struct{ agree, conflict float64 }

// shares are those of agreeing and of conflicting marks. Where there are none half of
// them agree: that says nothing.
func (m agreement) shares() (agree, conflict float64) {
	all := m.agree + m.conflict + 1
	return (m.agree + 0.5) / all, m.conflict / all
}

// compareMarks compares the numbers and the names of the two sides of every bead. A
// mark has its counterpart in any word that may mean it: « lundi » is no name and
// still meets "Monday".
func compareMarks(a, b *shingle.Article, x *align.Alignment) (numbers, names agreement) {
	for _, bead := range x.Beads {
		inA := countMarks(a.Marks, bead.A0, bead.A1, b, bead.B0, bead.B1)
		inB := countMarks(b.Marks, bead.B0, bead.B1, a, bead.A0, bead.A1)
		for kind, m := range [...]*agreement{shingle.NumberMark: &numbers, shingle.NameMark: &names} {
			m.agree += float64(inA[kind].met+inB[kind].met) / 2
			m.conflict += float64(min(inA[kind].alone, inB[kind].alone))
		}
	}
	return numbers, names
}

// marksMet counts the marks of one kind with and without a counterpart.
type marksMet struct{ met, alone int }

// countMarks looks for the marks in the shingles [from,to) among the concepts of the
// shingles [otherFrom,otherTo) of the other article.
func countMarks(marks []shingle.Mark, from, to int, other *shingle.Article, otherFrom, otherTo int) (n [2]marksMet) {
	i, _ := slices.BinarySearchFunc(marks, uint32(from), func(m shingle.Mark, s uint32) int { return int(m.Shingle) - int(s) })
	for ; i < len(marks) && int(marks[i].Shingle) < to; i++ {
		m := &n[marks[i].Kind]
		if hasWithin(other, marks[i].Concept, uint32(otherFrom), uint32(otherTo)) {
			m.met++
		} else {
			m.alone++
		}
	}
	return n
}

// hasWithin reports whether a shingle of [from,to) has the concept.
func hasWithin(a *shingle.Article, c lexicon.Concept, from, to uint32) bool {
	if !a.Sieve.MayHold(c) {
		return false
	}
	i, _ := slices.BinarySearchFunc(a.Entries, c, func(e shingle.Entry, c lexicon.Concept) int {
		switch {
		case e.Concept < c || e.Concept == c && e.Shingle < from:
			return -1
		case e.Concept == c && e.Shingle == from:
			return 0
		}
		return 1
	})
	return i < len(a.Entries) && a.Entries[i].Concept == c && a.Entries[i].Shingle < to
}

func titleSimilarity(a, b []shingle.Entry) float64 {
	var dot, na, nb float64
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].Concept < b[j].Concept:
			i++
		case a[i].Concept > b[j].Concept:
			j++
		default:
			dot += float64(a[i].Weight) * float64(b[j].Weight)
			i, j = i+1, j+1
		}
	}
	for _, e := range a {
		na += float64(e.Weight) * float64(e.Weight)
	}
	for _, e := range b {
		nb += float64(e.Weight) * float64(e.Weight)
	}
	if na == 0 || nb == 0 {
		return noTitle
	}
	return dot / math.Sqrt(na*nb)
}

// The HeldMax under which a pair is not worth aligning, in two languages and in one. Of
// 85 000 copies and translations derived from the newspaper, Debian and Reuters articles
// of the development data, and of the renderings of one article, two in ten thousand
// have less across languages and one in a hundred thousand in one; of the other
// candidates one half and two thirds.
const (
	minHeldCross = 0.38
	minHeldSame  = 0.45
)

// Plausible reports whether two articles share enough of their rarest concepts to
// be worth aligning. It costs a few lookups.
func Plausible(a, b *shingle.Article) bool {
	least := leastHeld(a.Language != b.Language)
	return holdsShare(a, b, least) || holdsShare(b, a, least)
}

// Promising reports whether articles with such shares of shingle.OutlineComparer may be
// Plausible, in two languages or in one.
func Promising(own, other float64, cross bool) bool {
	return max(own, other) >= leastHeld(cross)-shingle.OutlineError
}

// holdsShare is rareHeld(a, b) >= least, decided as soon as it is sure.
func holdsShare(a, b *shingle.Article, least float64) bool {
	const margin = 1e-3 // for what the order of adding changes
	all := max(a.RareWeight, 1)
	sure, hopeless := (float32(least)+margin)*all, (1-float32(least)+margin)*all
	var held, missed float32
	for _, w := range a.Rare {
		if has(b, w.Concept) {
			if held += w.Weight; held > sure {
				return true
			}
		} else if missed += w.Weight; missed > hopeless {
			return false
		}
	}
	return float64(held/all) >= least
}

// plausible is Plausible, of the articles that were measured.
func (f *Features) plausible() bool { return f.Values[HeldMax] >= leastHeld(f.Cross) }

func leastHeld(cross bool) float64 {
	if cross {
		return minHeldCross
	}
	return minHeldSame
}

// rareHeld is the share, by idf, of the rare concepts of a that b has.
func rareHeld(a, b *shingle.Article) float64 {
	var held float32
	for _, w := range a.Rare {
		if has(b, w.Concept) {
			held += w.Weight
		}
	}
	return float64(held / max(a.RareWeight, 1))
}

func has(a *shingle.Article, c lexicon.Concept) bool {
	if !a.Sieve.MayHold(c) {
		return false
	}
	// Concepts are hashes, spread evenly: c stands near its share of the list.
	cs := a.Concepts
	i := int(uint64(c) * uint64(len(cs)) >> 32)
	for i > 0 && cs[i-1] >= c {
		i--
	}
	for i < len(cs) && cs[i] < c {
		i++
	}
	return i < len(cs) && cs[i] == c
}

// marksHeld counts the marks of a by kind, and those of which b has the concept
// anywhere.
func marksHeld(a, b *shingle.Article) (n [2]marksMet) {
	for _, m := range a.Marks {
		if k := &n[m.Kind]; has(b, m.Concept) {
			k.met++
		} else {
			k.alone++
		}
	}
	return n
}

func all(n [2]marksMet) marksMet { return marksMet{n[0].met + n[1].met, n[0].alone + n[1].alone} }

// share is that of the marks met; half a mark is added on each side of the ratio, so
// that a text without any gets one half.
func (n marksMet) share() float64 {
	return (float64(n.met) + 0.5) / (float64(n.met+n.alone) + 1)
}

// topic is the cosine of the two articles as sets of concepts, each with a high power
// of its weight: names and rare words tell a story, common words do not. How often
// a concept comes does not count: one name that recurs makes no story.
func topic(a, b *shingle.Article) float64 {
	var dot float64
	for i, j := 0, 0; i < len(a.Concepts) && j < len(b.Concepts); {
		switch ca, cb := a.Concepts[i], b.Concepts[j]; {
		case ca < cb:
			i++
		case ca > cb:
			j++
		default:
			dot += cube(a.Mentions[i]) * cube(b.Mentions[j])
			i, j = i+1, j+1
		}
	}
	if dot == 0 {
		return 0
	}
	return dot / (a.Topic * b.Topic)
}

func cube(w float32) float64 { return float64(w * w * w) }
