package archive

import (
	"cmp"
	"slices"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
)

// partner is a text on another's list: by number, so that the lists of a large archive are
// nothing that the garbage collector has to follow.
type partner struct {
	number uint32 // of its leader
	score  uint32 // the weights of the keys they share; 0: no partner
}

// ties part equal scores: the first bytes of the hash of the text with a number.
type ties func(number uint32) uint64

// compare puts the greater score first, as candidate.Join does; of equals the lesser hash.
func (of ties) compare(a, b partner) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	if a.number == b.number {
		return 0
	}
	return cmp.Or(cmp.Compare(of(a.number), of(b.number)), cmp.Compare(a.number, b.number))
}

// list are the partners that a text proposes of one language: the best, and beyond them
// the strong ones. It is the same in whatever order they come.
type list struct {
	language article.Language
	best     []partner
	strong   []partner
	cut      [2]partner // where best and strong, full, lost one: others may belong after what is left
}

// wants reports whether insert would take the partner.
func (l *list) wants(p partner, strong bool, of ties) bool {
	return fits(l.best, p, candidate.PerArticle, of) || strong && fits(l.strong, p, candidate.MaxStrong, of)
}

func fits(partners []partner, p partner, most int, of ties) bool {
	return len(partners) < most || of.compare(p, partners[len(partners)-1]) < 0
}

// mayWant is wants as far as the score alone tells.
func (l *list) mayWant(score uint32, strong bool) bool {
	return mayFit(l.best, score, candidate.PerArticle) || strong && mayFit(l.strong, score, candidate.MaxStrong)
}

func mayFit(partners []partner, score uint32, most int) bool {
	return len(partners) < most || score >= partners[len(partners)-1].score
}

// insert takes the partner if it is good enough.
func (l *list) insert(p partner, strong bool, of ties) bool {
	if l.best == nil {
		l.best = make([]partner, 0, candidate.PerArticle) // most lists become full
	}
	taken := insertPartner(&l.best, p, candidate.PerArticle, of)
	if strong && insertPartner(&l.strong, p, candidate.MaxStrong, of) {
		taken = true
	}
	return taken
}

func insertPartner(partners *[]partner, p partner, most int, of ties) bool {
	if !fits(*partners, p, most, of) {
		return false
	}
	at, found := slices.BinarySearchFunc(*partners, p, of.compare)
	if found {
		return true
	}
	if len(*partners) == most {
		*partners = (*partners)[:most-1]
	}
	*partners = slices.Insert(*partners, at, p)
	return true
}

// drop takes the partners off that are in the archive no more. Where a list was full,
// others that were not good enough may belong on it: it is incomplete until so many
// better ones have come.
func (l *list) drop(gone *numbers, of ties) (dropped bool) {
	is := func(p partner) bool { return gone.has(p.number) }
	for i, partners := range []*[]partner{&l.best, &l.strong} {
		if !slices.ContainsFunc(*partners, is) {
			continue
		}
		dropped = true
		if len(*partners) == [2]int{candidate.PerArticle, candidate.MaxStrong}[i] {
			last := (*partners)[len(*partners)-1]
			if l.cut[i].score == 0 || of.compare(last, l.cut[i]) < 0 {
				l.cut[i] = last
			}
		}
		*partners = slices.DeleteFunc(*partners, is)
	}
	return dropped
}

// complete reports whether nobody is missing.
func (l *list) complete(of ties) bool {
	for i, partners := range [][]partner{l.best, l.strong} {
		cut := l.cut[i]
		if cut.score == 0 {
			continue
		}
		if len(partners) < [2]int{candidate.PerArticle, candidate.MaxStrong}[i] || of.compare(partners[len(partners)-1], cut) > 0 {
			return false
		}
		l.cut[i] = partner{}
	}
	return true
}

func (l *list) has(number uint32) bool {
	is := func(p partner) bool { return p.number == number }
	return slices.ContainsFunc(l.best, is) || slices.ContainsFunc(l.strong, is)
}

// numbers is a set of numbers, a bit for each. The zero value is empty.
type numbers []uint64

func (n *numbers) add(number uint32) {
	for int(number/64) >= len(*n) {
		*n = append(*n, 0)
	}
	(*n)[number/64] |= 1 << (number % 64)
}

func (n *numbers) has(number uint32) bool {
	return int(number/64) < len(*n) && (*n)[number/64]&(1<<(number%64)) != 0
}
