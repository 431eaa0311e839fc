package dedupe

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"

	"github.com/zeebo/xxh3"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/verdict"
)

// families are the articles with the same words in the same language. Their titles, their
// capitals and commas may differ: one of them, the leader, stands for all.
type families struct {
	lead   []int32           // by article, its leader; itself for most
	copies map[int32][]int32 // by leader of several, the articles that it leads, in order
	texts  int               // different ones
}

// Leads reports whether, of two articles with the same words in the same language, a
// stands for both: by a hash of title and text, then by id, so that it is mere chance,
// and the same however they come.
func Leads(a, b *article.Article) bool {
	ha, hb := ContentHash(a), ContentHash(b)
	return ha < hb || ha == hb && a.ID < b.ID
}

// ContentHash is the hash of title and text by which Leads decides.
func ContentHash(a *article.Article) uint64 {
	return xxh3.HashString(a.Title) ^ bits.RotateLeft64(xxh3.HashString(a.Text), 32)
}

// findFamilies finds the articles with the same words.
func findFamilies(p *pile) families {
	type hashed struct {
		hash   uint64 // the first bytes: most others differ in them, and are not looked at
		number int32
	}
	sorted := make([]hashed, p.Len())
	for i := range sorted {
		sorted[i] = hashed{binary.BigEndian.Uint64(p.at(int32(i)).hash[:]), int32(i)}
	}
	slices.SortFunc(sorted, func(x, y hashed) int {
		if x.hash != y.hash {
			return cmp.Compare(x.hash, y.hash)
		}
		a, b := p.at(x.number), p.at(y.number)
		return cmp.Or(bytes.Compare(a.hash[:], b.hash[:]), cmp.Compare(a.language, b.language), cmp.Compare(x.number, y.number))
	})
	order := make([]int32, len(sorted))
	for i, x := range sorted {
		order[i] = x.number
	}
	f := families{lead: make([]int32, p.Len()), copies: map[int32][]int32{}}
	for from := 0; from < len(order); {
		first := p.at(order[from])
		to := from + 1
		for to < len(order) {
			next := p.at(order[to])
			if next.hash != first.hash || next.language != first.language {
				break
			}
			to++
		}
		f.add(p, order[from:to])
		from = to
	}
	return f
}

// add notes a family.
func (f *families) add(p *pile, members []int32) {
	leader := members[0]
	for _, i := range members[1:] {
		if p.at(i).content < p.at(leader).content {
			leader = i
		}
	}
	for _, i := range members {
		f.lead[i] = leader
	}
	if f.texts++; len(members) > 1 {
		f.copies[leader] = slices.Clone(members)
	}
}

// family are the articles that a leader leads, itself among them, in order.
func (f *families) family(leader int32) []int32 {
	if members := f.copies[leader]; members != nil {
		return members
	}
	return []int32{leader}
}

// leaders are the articles that stand for all with their text, in order.
func (f *families) leaders() []int32 {
	var leaders []int32
	for i, leader := range f.lead {
		if leader == int32(i) {
			leaders = append(leaders, leader)
		}
	}
	return leaders
}

// published is when an article came out.
func (s *scan) published(i int32) candidate.Period {
	return s.pile.at(i).period()
}

// near reports whether two articles may be paired.
func (s *scan) near(i, k int32) bool {
	return s.o.Window == 0 || s.published(i).Near(s.published(k), s.o.Window)
}

// editions cuts a family, with a window, into articles that came out within one window: in
// order of time, the articles without a time first. The join gets each edition as an
// article of its own, so that the copy of today finds the partners of today however old
// the text is. Since no edition is longer than the window, an article that is near its
// period is near one of its articles.
func (s *scan) editions(family []int32) [][]int32 {
	if s.o.Window == 0 {
		return [][]int32{family}
	}
	members := slices.Clone(family)
	slices.SortStableFunc(members, func(i, k int32) int {
		p, q := s.published(i), s.published(k)
		switch {
		case p.Known && q.Known:
			return cmp.Compare(p.From, q.From)
		case p.Known:
			return 1
		case q.Known:
			return -1
		}
		return 0
	})
	var out [][]int32
	from := 0
	for n := range members {
		p, first := s.published(members[n]), s.published(members[from])
		if p.Known != first.Known || !p.Near(first, s.o.Window) {
			out = append(out, members[from:n:n])
			from = n
		}
	}
	return append(out, members[from:])
}

// period is when an edition came out.
func (s *scan) period(edition []int32) candidate.Period {
	p := s.published(edition[0])
	p.To = s.published(edition[len(edition)-1]).To
	return p
}

// MaxExpanded is the number of pairs up to which copies of the same texts are all
// paired with one another. Larger families are chained: each copy is exact with the
// first of them, and only the firsts carry the other relations, so that 10 000
// copies of one text make 9 999 pairs and not fifty million. Where exact pairs are not
// asked for nothing would tie the copies, and all are paired.
const MaxExpanded = 1024

// Chained reports whether so many copies of one text are chained.
func Chained(copies int) bool { return copies*copies > 2*MaxExpanded }

// Stands reports whether in other relations than exact the first article stands for each
// of two texts, of which there are so many copies: where one of them is chained, and where
// all pairs would be too many. Of 2 000 copies of a story, 900 of them alike, each of the
// others would be paired with all 900.
func Stands(copiesA, copiesB int) bool {
	return Chained(copiesA) || Chained(copiesB) || copiesA*copiesB > MaxExpanded
}

// expanded are the pairs of articles that a pair of leaders stands for: within the
// window, and if the families are large one for every two editions.
func (s *scan) expanded(p candidate.Pair) iter.Seq2[int32, int32] {
	ca, cb := s.family(p.A), s.family(p.B)
	if Stands(len(ca), len(cb)) && s.wanted[verdict.Exact] {
		return s.oneEach(s.editions(ca), s.editions(cb))
	}
	return func(yield func(int32, int32) bool) {
		for _, i := range ca {
			for _, k := range cb {
				if s.near(i, k) && !yield(i, k) {
					return
				}
			}
		}
	}
}

// oneEach is a pair of articles for every two editions that are near.
func (s *scan) oneEach(x, y [][]int32) iter.Seq2[int32, int32] {
	return func(yield func(int32, int32) bool) {
		for _, ex := range x {
			for _, ey := range y {
				i := slices.IndexFunc(ex, func(i int32) bool { return s.published(i).Near(s.period(ey), s.o.Window) })
				if i < 0 {
					continue
				}
				k := slices.IndexFunc(ey, func(k int32) bool { return s.near(ex[i], k) })
				if k >= 0 && !yield(ex[i], ey[k]) {
					return
				}
			}
		}
	}
}

// addExact pairs the articles whose text is the same.
func (s *scan) addExact(v *cache) {
	if !s.wanted[verdict.Exact] {
		return
	}
	j := Judgement{Verdict: exact, Coverage: [2]float64{1, 1}}
	for leader, family := range s.copies {
		if !s.pile.at(leader).words {
			continue
		}
		for first, other := range s.exactPairs(family) {
			s.result.pairs = append(s.result.pairs, s.pairOf(v, first, other, &j))
		}
	}
}

// exactPairs are the pairs that a family of copies makes: all within the window, or if
// they are many a tree of them.
func (s *scan) exactPairs(family []int32) iter.Seq2[int32, int32] {
	if Chained(len(family)) {
		return s.chained(family)
	}
	return func(yield func(int32, int32) bool) {
		for n, first := range family {
			for _, other := range family[n+1:] {
				if s.near(first, other) && !yield(first, other) {
					return
				}
			}
		}
	}
}

// chained ties a family with one pair fewer than it has articles: each with the first of
// its edition, and editions no more than the window apart by their nearest articles. An
// article without a time is near all: where there is one it stands for the first.
func (s *scan) chained(family []int32) iter.Seq2[int32, int32] {
	parts := s.editions(family)
	if !s.published(parts[0][0]).Known {
		parts = [][]int32{slices.Concat(parts...)}
	}
	return func(yield func(int32, int32) bool) {
		for n, part := range parts {
			if n > 0 {
				if before := parts[n-1]; s.near(before[len(before)-1], part[0]) && !yield(before[len(before)-1], part[0]) {
					return
				}
			}
			hub := part[0]
			if s.published(hub).Known {
				hub = slices.Min(part)
			}
			for _, other := range part {
				if other != hub && !yield(hub, other) {
					return
				}
			}
		}
	}
}
