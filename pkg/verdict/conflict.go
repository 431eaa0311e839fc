package verdict

import (
	"slices"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/shingle"
)

// Conflict is what the two sides of a bead disagree on: the numbers, or the names, that
// have no counterpart on the other side. Neither A nor B is empty.
type Conflict struct {
	Kind shingle.MarkKind
	Bead int            // index into Alignment.Beads
	A, B []shingle.Mark // by shingle, then concept
}

// Conflicts lists what NumberConflict and NameConflict count: of each conflict, as many
// as the side with fewer has.
func Conflicts(a, b *shingle.Article, x *align.Alignment) []Conflict {
	var out []Conflict
	for i, bead := range x.Beads {
		inA := aloneMarks(a.Marks, bead.A0, bead.A1, b, bead.B0, bead.B1)
		inB := aloneMarks(b.Marks, bead.B0, bead.B1, a, bead.A0, bead.A1)
		for kind := range inA {
			if len(inA[kind]) > 0 && len(inB[kind]) > 0 {
				out = append(out, Conflict{shingle.MarkKind(kind), i, inA[kind], inB[kind]})
			}
		}
	}
	return out
}

// Agreement is what the two sides of a bead agree on: the numbers, or the names, that
// have a counterpart on the other side. One of A and B may be empty, where the counterpart
// is written as a plain word: « lundi » is no name and still meets "Monday".
type Agreement struct {
	Kind shingle.MarkKind
	Bead int            // index into Alignment.Beads
	A, B []shingle.Mark // by shingle, then concept
}

// Agreements lists the marks that NumberAgree and NameAgree count.
func Agreements(a, b *shingle.Article, x *align.Alignment) []Agreement {
	var out []Agreement
	for i, bead := range x.Beads {
		inA := metMarks(a.Marks, bead.A0, bead.A1, b, bead.B0, bead.B1)
		inB := metMarks(b.Marks, bead.B0, bead.B1, a, bead.A0, bead.A1)
		for kind := range inA {
			if len(inA[kind])+len(inB[kind]) > 0 {
				out = append(out, Agreement{shingle.MarkKind(kind), i, inA[kind], inB[kind]})
			}
		}
	}
	return out
}

// aloneMarks are the marks, by kind, that countMarks counts as alone.
func aloneMarks(marks []shingle.Mark, from, to int, other *shingle.Article, otherFrom, otherTo int) [2][]shingle.Mark {
	return marksOf(false, marks, from, to, other, otherFrom, otherTo)
}

// metMarks are the marks, by kind, that countMarks counts as met.
func metMarks(marks []shingle.Mark, from, to int, other *shingle.Article, otherFrom, otherTo int) [2][]shingle.Mark {
	return marksOf(true, marks, from, to, other, otherFrom, otherTo)
}

func marksOf(met bool, marks []shingle.Mark, from, to int, other *shingle.Article, otherFrom, otherTo int) (found [2][]shingle.Mark) {
	i, _ := slices.BinarySearchFunc(marks, uint32(from), func(m shingle.Mark, s uint32) int { return int(m.Shingle) - int(s) })
	for ; i < len(marks) && int(marks[i].Shingle) < to; i++ {
		if m := marks[i]; hasWithin(other, m.Concept, uint32(otherFrom), uint32(otherTo)) == met {
			found[m.Kind] = append(found[m.Kind], m)
		}
	}
	return found
}
