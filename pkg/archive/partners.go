package archive

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
)

// partner is a text on another's list.
type partner struct {
	wording *wording
	score   uint32 // the weights of the keys they share
}

// comparePartners puts the greater score first, as candidate.Join does; of equals the
// lesser hash.
func comparePartners(a, b partner) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	return cmp.Or(bytes.Compare(a.wording.hash[:], b.wording.hash[:]), cmp.Compare(a.wording.language, b.wording.language))
}

// list are the partners that a text proposes of one language: the best, and beyond them
// the strong ones. It is the same in whatever order they come.
type list struct {
	language article.Language
	best     []partner
	strong   []partner
	cut      [2]*partner // where best and strong, full, lost one: others may belong after what is left
}

// wants reports whether insert would take the partner.
func (l *list) wants(p partner, strong bool) bool {
	return fits(l.best, p, candidate.PerArticle) || strong && fits(l.strong, p, candidate.MaxStrong)
}

func fits(partners []partner, p partner, most int) bool {
	return len(partners) < most || comparePartners(p, partners[len(partners)-1]) < 0
}

// mayWant is wants as far as the score alone tells.
func (l *list) mayWant(score uint32, strong bool) bool {
	return mayFit(l.best, score, candidate.PerArticle) || strong && mayFit(l.strong, score, candidate.MaxStrong)
}

func mayFit(partners []partner, score uint32, most int) bool {
	return len(partners) < most || score >= partners[len(partners)-1].score
}

// insert takes the partner if it is good enough.
func (l *list) insert(p partner, strong bool) bool {
	taken := insertPartner(&l.best, p, candidate.PerArticle)
	if strong && insertPartner(&l.strong, p, candidate.MaxStrong) {
		taken = true
	}
	return taken
}

func insertPartner(partners *[]partner, p partner, most int) bool {
	if !fits(*partners, p, most) {
		return false
	}
	at, found := slices.BinarySearchFunc(*partners, p, comparePartners)
	if found {
		return true
	}
	if len(*partners) == most {
		*partners = (*partners)[:most-1]
	}
	*partners = slices.Insert(*partners, at, p)
	return true
}

// dropDead takes the partners off that are in the archive no more. Where a list was full,
// others that were not good enough may belong on it: it is incomplete until so many
// better ones have come.
func (l *list) dropDead() (dropped bool) {
	for i, partners := range []*[]partner{&l.best, &l.strong} {
		if !slices.ContainsFunc(*partners, partner.dead) {
			continue
		}
		dropped = true
		if len(*partners) == [2]int{candidate.PerArticle, candidate.MaxStrong}[i] {
			last := (*partners)[len(*partners)-1]
			if l.cut[i] == nil || comparePartners(last, *l.cut[i]) < 0 {
				l.cut[i] = &last
			}
		}
		*partners = slices.DeleteFunc(*partners, partner.dead)
	}
	return dropped
}

func (p partner) dead() bool { return p.wording.leader == nil }

// complete reports whether nobody is missing.
func (l *list) complete() bool {
	for i, partners := range [][]partner{l.best, l.strong} {
		cut := l.cut[i]
		if cut == nil {
			continue
		}
		if len(partners) < [2]int{candidate.PerArticle, candidate.MaxStrong}[i] || comparePartners(partners[len(partners)-1], *cut) > 0 {
			return false
		}
		l.cut[i] = nil
	}
	return true
}

func (l *list) has(t *wording) bool {
	is := func(p partner) bool { return p.wording == t }
	return slices.ContainsFunc(l.best, is) || slices.ContainsFunc(l.strong, is)
}
