package candidate

import (
	"math/bits"
	"slices"

	"github.com/calque-dev/calque/pkg/shingle"
)

// search finds the partners of one article at a time; one search, one goroutine.
type search struct {
	*index
	perArticle int
	hot        int // a list longer than this is not read whole
	asked      asked
	next       int           // of asked.lists
	keys       []shingle.Key // of the article at hand
	spots      []spot        // buffers
	fetched    byte          // see lists.spots
	found      []keyList
	sorted     []keyList // found, in the order of reading
	read       []byte    // the long list at hand if it was in the file
	tally      tally
	needs      needs
	likely     []counted    // those that have what they need
	best       [256]ranking // by language
	strong     [256]ranking // by language, among them those beyond perArticle
	met        [256]bool    // the languages of these

	// With a window:
	from, to int32   // the dated articles that may be near
	placed   []int32 // by text: the last turn in which it had a place
	turn     int32   // counts calls of take
}

// keyList is a list with the weight of its key.
type keyList struct {
	located
	weight uint32
}

// enoughPerKey bounds the articles that an article is measured with, to so many for each of
// its keys: it reads the lists of the rarest keys first, and no more when it has met enough.
// Of 200 000 generated articles it takes off a fifth of the candidates, 273 941 becoming
// 216 724; benchmarks/quality finds 1 666 natural pairs in Reuters instead of 1 667, and
// the same elsewhere. The archive reads all lists. A list that is longer than what is left is
// read like a hot one: else the members of a family would fill the measure by their first list.
const (
	enoughPerKey = 8
	leastEnough  = 4 * HotRead
)

func newSearch(x *index, o Options) *search {
	s := &search{index: x, perArticle: o.perArticle(), asked: asked{most: max(askedKeys/max(o.Workers, 1), leastAsked)}}
	if x.times != nil {
		s.placed = make([]int32, x.Len())
	}
	return s
}

// together is how many articles a search takes at a time: where lists are in the file about as
// many as ask together.
func (x *index) together() int {
	if x.lists.filed {
		return 16 * block
	}
	return block
}

// some appends the pairs that the articles of block b propose.
func (s *search) some(out []Pair, b int32) (_ []Pair, err error) {
	size := int32(s.together())
	from, past := b*size, min((b+1)*size, int32(s.Len()))
	for from < past {
		next, err := s.asked.read(s.index, from, past)
		if err != nil {
			return out, err
		}
		s.next = 0
		for n := range int(next - from) {
			s.keys = s.asked.keys[s.asked.starts[n]:s.asked.starts[n+1]]
			if out, err = s.partners(out, from+int32(n)); err != nil {
				return out, err
			}
		}
		from = next
	}
	return out, nil
}

// partners appends the pairs that article i proposes.
func (s *search) partners(out []Pair, i int32) (_ []Pair, err error) {
	if s.times != nil {
		s.from, s.to = s.times.around(i)
	}
	enough := max(len(s.keys)*enoughPerKey, leastEnough)
	s.tally.begin(enough)
	s.findLists()
	for _, l := range s.sorted {
		if s.tally.len() > enough {
			break
		}
		// One list alone must not be enough: its articles would have the weight of one key.
		s.hot = min(Hot, max(enough-s.tally.len(), HotRead+1))
		if l.filed.Len() > 0 {
			if s.read, err = s.lists.file.Read(l.filed, s.read); err != nil {
				return out, err
			}
			l.bytes = s.read
		}
		s.postings(l.list, i, l.weight)
	}
	return s.take(out, i), nil
}

// findLists sorts the lists of the keys at hand that are shared, the shortest first: those
// of one length in bits stay in order of their keys.
func (s *search) findLists() {
	s.found = s.found[:0]
	var starts [33]int
	s.spots, s.fetched = s.lists.spots(s.spots[:0], s.keys)
	for n, k := range s.keys {
		var x located
		if s.spots[n].part.bytes == nil {
			x = s.asked.list(s.next, s.spots[n].part, s.lists.size)
			s.next++
		} else {
			x.list = s.lists.at(uint32(k), s.spots[n])
			x.length = x.len()
		}
		if x.length > 0 {
			s.found = append(s.found, keyList{x, k.Weight()})
			starts[bits.Len(uint(x.length))]++
		}
	}
	sum := 0
	for length, n := range starts {
		starts[length] = sum
		sum += n
	}
	s.sorted = slices.Grow(s.sorted[:0], sum)[:sum]
	for _, l := range s.found {
		at := &starts[bits.Len(uint(l.length))]
		s.sorted[*at] = l
		*at++
	}
}

// postings counts a list. With a window it counts the articles without a time, and of the
// others those that may be near i: each lot is cut by itself if it is hot, lest one of
// them hide the other.
func (s *search) postings(l list, i int32, weight uint32) {
	if s.times == nil {
		s.count(l, i, weight)
		return
	}
	undated, dated := s.times.cut(l, s.from, s.to)
	s.count(undated, i, weight)
	s.count(dated, i, weight)
}

// count adds the weight of a shared key to every article of the list, or of a hot list to
// its first and those near i.
func (s *search) count(l list, i int32, weight uint32) {
	if n := l.len(); n > s.hot {
		start := min(max(0, l.search(i)-HotRead/2), n-HotRead)
		if start > 0 {
			s.count(l.cut(0, 1), i, weight)
		}
		l = l.cut(start, start+HotRead)
	}
	s.tally.add(l, weight)
}

// take appends the best articles counted, for each language, and those that are strong by
// what articles score with themselves; then it forgets the counts.
func (s *search) take(out []Pair, i int32) []Pair {
	s.turn++
	mine := s.measure[i]
	s.needs.of(mine)
	s.likely = s.tally.take(s.likely[:0], s.grade, &s.needs.some)
	for _, c := range s.likely {
		j := c.number()
		if s.isBeaten(c, s.grade[j]) {
			continue
		}
		m := s.measure[j]
		l := m.language()
		if j == i || !Suffices(c.score, mine.own(), m.own(), l != mine.language()) || s.times != nil && !s.times.mayPair(s.placed, s.turn, i, j) {
			continue
		}
		r := rank(c.score, s.tie[j])
		s.best[l].insert(r, s.perArticle)
		if IsStrong(c.score, mine.own(), m.own()) {
			s.strong[l].insert(r, MaxStrong)
		}
		s.met[l] = true
	}
	for l := range s.met {
		if !s.met[l] {
			continue
		}
		for _, r := range s.strong[l] {
			if _, known := slices.BinarySearch(s.best[l], r); !known {
				s.best[l] = append(s.best[l], r)
			}
		}
		for _, r := range s.best[l] {
			j := s.byTie[uint32(r)]
			out = append(out, Pair{min(i, j), max(i, j)})
		}
		s.best[l], s.strong[l] = s.best[l][:0], s.strong[l][:0]
		s.met[l] = false
	}
	return out
}

// isBeaten reports whether an article of the grade is known not to be among the best, nor
// strong.
func (s *search) isBeaten(c counted, g grade) bool {
	l := g.language()
	if l == otherLanguage || c.score >= s.needs.strong[g] {
		return false
	}
	best := s.best[l]
	return len(best) == s.perArticle && c.score < score(best[len(best)-1])
}

// ranking is the best ranks met, in order.
type ranking []uint64

// insert keeps r if it is among the best most.
func (k *ranking) insert(r uint64, most int) {
	if n := len(*k); n == most {
		if r >= (*k)[n-1] {
			return
		}
		*k = (*k)[:n-1]
	}
	at, _ := slices.BinarySearch(*k, r)
	*k = slices.Insert(*k, at, r)
}

// rank orders articles by their score, the greatest first, then by their ties.
func rank(score, tie uint32) uint64 { return uint64(^score)<<32 | uint64(tie) }

// score is that of a rank.
func score(rank uint64) uint32 { return ^uint32(rank >> 32) }
