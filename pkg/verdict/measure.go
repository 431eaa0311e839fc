package verdict

import (
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

// strongCosine parts, from beads that may be chance those that hardly are.
const strongCosine = 0.5

// beads fills in the features that come from the beads alone.
func (f *Features) beads(a, b *shingle.Article, x *align.Alignment) {
	var weight, cosine, chain, strongA, strongB float64
	var wordsA, wordsB int
	for _, bead := range x.Beads {
		wa, na := totals(a.Shingles[bead.A0:bead.A1])
		wb, nb := totals(b.Shingles[bead.B0:bead.B1])
		wordsA, wordsB = wordsA+na, wordsB+nb
		w := wa + wb
		weight += w
		cosine += w * float64(bead.Similarity)
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

// agreement counts marks of one kind that stand on both sides of a bead, and pairs of
// marks that stand on one side each.
type agreement struct{ agree, conflict float64 }

func (m agreement) shares() (agree, conflict float64) {
	all := m.agree + m.conflict + 1
	return m.agree / all, m.conflict / all
}

// compareMarks compares the numbers and the names of the two sides of every bead.
func compareMarks(a, b *shingle.Article, x *align.Alignment) (numbers, names agreement) {
	var inA, inB []shingle.Mark
	for _, bead := range x.Beads {
		inA = marksIn(inA[:0], a.Marks, bead.A0, bead.A1)
		inB = marksIn(inB[:0], b.Marks, bead.B0, bead.B1)
		for _, kind := range []shingle.MarkKind{shingle.NumberMark, shingle.NameMark} {
			common, onlyA, onlyB := compareKind(inA, inB, kind)
			m := &numbers
			if kind == shingle.NameMark {
				m = &names
			}
			m.agree += float64(common)
			m.conflict += float64(min(onlyA, onlyB))
		}
	}
	return numbers, names
}

// marksIn appends the distinct marks of the shingles [from,to), by kind and concept.
func marksIn(dst, marks []shingle.Mark, from, to int) []shingle.Mark {
	i, _ := slices.BinarySearchFunc(marks, uint32(from), func(m shingle.Mark, s uint32) int { return int(m.Shingle) - int(s) })
	for ; i < len(marks) && int(marks[i].Shingle) < to; i++ {
		m := marks[i]
		m.Shingle = 0
		if !slices.Contains(dst, m) {
			dst = append(dst, m)
		}
	}
	return dst
}

func compareKind(a, b []shingle.Mark, kind shingle.MarkKind) (common, onlyA, onlyB int) {
	for _, m := range a {
		if m.Kind != kind {
			continue
		}
		if slices.ContainsFunc(b, func(n shingle.Mark) bool { return n.Concept == m.Concept }) {
			common++
		} else {
			onlyA++
		}
	}
	for _, m := range b {
		if m.Kind == kind && !slices.ContainsFunc(a, func(n shingle.Mark) bool { return n.Concept == m.Concept }) {
			onlyB++
		}
	}
	return common, onlyA, onlyB
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

// sharedGrams counts the numbers that stand in both sorted lists.
func sharedGrams(a, b []uint32) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

// The HeldMax under which a pair is not worth aligning, in two languages and in one.
// Of the copies and translations derived from the newspaper, Debian and Reuters
// articles of the development data, and of the renderings of one article, fewer than
// one in a thousand have less; of the other candidates, most.
const (
	minHeldCross = 0.25
	minHeldSame  = 0.35
)

// Plausible reports whether two articles share enough of their rarest concepts to
// be worth aligning. It costs a few lookups.
func Plausible(a, b *shingle.Article) bool {
	least := minHeldSame
	if a.Language != b.Language {
		least = minHeldCross
	}
	return rareHeld(a.Rare, b) >= least || rareHeld(b.Rare, a) >= least
}

// rareHeld is the share, by idf, of the rare concepts that the article has.
func rareHeld(rare []lexicon.Weighted, a *shingle.Article) float64 {
	var held, all float32
	for _, w := range rare {
		all += w.Weight
		if has(a, w.Concept) {
			held += w.Weight
		}
	}
	return float64(held / max(all, 1))
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

// numbersHeld is the share of the numbers of a that stand in b too; half a number is
// added on each side of the ratio, so that a text without numbers gets one half.
func numbersHeld(a, b *shingle.Article) float64 {
	held, all := 0.5, 1.0
	for _, m := range a.Marks {
		if m.Kind != shingle.NumberMark {
			continue
		}
		all++
		if has(b, m.Concept) {
			held++
		}
	}
	return held / all
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
