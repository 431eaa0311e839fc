package candidate

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/calque-dev/calque/pkg/article"
)

// index holds, for every key, the articles that have it.
type index struct {
	Pile
	measure []measure // by article
	grade   []grade   // by article
	tie     []uint32  // by article: its place in order of hash, which parts equal scores
	byTie   []int32   // the articles in that order
	lists   *lists
	times   *times // nil without a window
}

func newIndex(ctx context.Context, pile Pile, o Options) (x *index, err error) {
	x = &index{Pile: pile}
	x.tie, x.byTie = ties(pile)
	if o.Window > 0 {
		x.times = newTimes(pile, o.Window)
	}
	x.measure, x.grade = make([]measure, x.Len()), make([]grade, x.Len())
	languages := languageNumbers(pile)
	x.lists, err = newLists(ctx, pile, o, func(i int, own uint32) {
		x.measure[i] = newMeasure(own, languages[i])
		x.grade[i] = x.measure[i].grade()
	})
	return x, err
}

func (x *index) close() { x.lists.close() }

// ties puts the articles in order of their hashes, which is the same however they come.
func ties(pile Heads) (place []uint32, order []int32) {
	type tie struct {
		hash   article.Hash
		number int32
	}
	ties := make([]tie, pile.Len())
	for i := range ties {
		ties[i] = tie{pile.Head(i).Hash, int32(i)}
	}
	slices.SortFunc(ties, func(a, b tie) int {
		if c := bytes.Compare(a.hash[:], b.hash[:]); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(pile.Head(int(a.number)).Language, pile.Head(int(b.number)).Language), cmp.Compare(a.number, b.number))
	})
	place, order = make([]uint32, len(ties)), make([]int32, len(ties))
	for n, t := range ties {
		place[t.number], order[n] = uint32(n), t.number
	}
	return place, order
}

// languageNumbers numbers the languages as they come. Past 255 of them, which there are not, the rest
// share a number and its limit.
func languageNumbers(pile Pile) []uint8 {
	number := map[article.Language]uint8{}
	out := make([]uint8, pile.Len())
	for i := range out {
		language := pile.Head(i).Language
		n, ok := number[language]
		if !ok {
			n = uint8(min(len(number), 255))
			number[language] = n
		}
		out[i] = n
	}
	return out
}
