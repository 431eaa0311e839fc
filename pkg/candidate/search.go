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
	unlike     bool
	asker      Asker
	hot        int           // a list longer than this is not read whole
	keys       []shingle.Key // buffers
	spots      []spot
	fetched    byte // see lists.spots
	found      []keyList
	sorted     []keyList // found, in the order of reading
	read       []byte    // lists that were in a file
	sketch     []byte
	other      []byte
	chosen     []int32
	tally      []tally // by article
	seen       []int32
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
	articles list
	weight   uint32
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

// tally is what is counted of an article, beside what the count is measured by: all in one
// place, since counting waits for memory.
type tally struct {
	score    uint32 // the weights of the keys it shares; zero between uses
	measured uint32 // its own score, above the eight bits of its language
}

func (t *tally) own() uint32     { return t.measured >> 8 }
func (t *tally) language() uint8 { return uint8(t.measured) }

func newSearch(x *index, o Options) *search {
	s := &search{index: x, perArticle: o.perArticle(), unlike: o.Unlike, tally: make([]tally, x.Len())}
	for i := range s.tally {
		s.tally[i].measured = min(x.own[i], 1<<24-1)<<8 | uint32(x.language[i])
	}
	if x.times != nil {
		s.placed = make([]int32, x.Len())
	}
	return s
}

// partners appends the pairs that article i proposes.
func (s *search) partners(out []Pair, i int32) (_ []Pair, err error) {
	if s.times != nil {
		s.from, s.to = s.times.around(i)
	}
	if s.keys, err = s.Keys(int(i), s.keys[:0]); err != nil {
		return out, err
	}
	enough := max(len(s.keys)*enoughPerKey, leastEnough)
	if err := s.findLists(); err != nil {
		return out, err
	}
	for _, l := range s.sorted {
		if len(s.seen) > enough {
			break
		}
		// One list alone must not be enough: its articles would have the weight of one key.
		s.hot = min(Hot, max(enough-len(s.seen), HotRead+1))
		s.postings(l.articles, i, l.weight)
	}
	return s.take(out, i)
}

// findLists sorts the lists of the keys at hand that are shared, the shortest first: those
// of one length in bits stay in order of their keys.
func (s *search) findLists() error {
	s.found, s.read = s.found[:0], s.read[:0]
	var starts [33]int
	s.spots, s.fetched = s.lists.spots(s.spots[:0], s.keys)
	for n, k := range s.keys {
		articles, read, err := s.lists.at(uint32(k), s.spots[n], s.read)
		if err != nil {
			return err
		}
		if s.read = read; articles.len() > 0 {
			s.found = append(s.found, keyList{articles, k.Weight()})
			starts[bits.Len(uint(articles.len()))]++
		}
	}
	sum := 0
	for length, n := range starts {
		starts[length] = sum
		sum += n
	}
	s.sorted = slices.Grow(s.sorted[:0], sum)[:sum]
	for _, l := range s.found {
		at := &starts[bits.Len(uint(l.articles.len()))]
		s.sorted[*at] = l
		*at++
	}
	return nil
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
	// Every article is written down, and stays there if it is new: what a tally has is not
	// waited for, so that the processor has several of them fetched at a time.
	seen := len(s.seen)
	s.seen = slices.Grow(s.seen, l.len())[:seen+l.len()]
	for n := range l.len() {
		j := l.at(n)
		t := &s.tally[j]
		s.seen[seen] = j
		if t.score == 0 {
			seen++
		}
		t.score += weight
	}
	s.seen = s.seen[:seen]
}

// take appends the best articles counted, for each language, and those that are strong by
// what articles score with themselves; then it forgets the counts.
func (s *search) take(out []Pair, i int32) (_ []Pair, err error) {
	s.turn++
	mine := s.tally[i]
	s.tally[i].score = 0
	for _, j := range s.seen {
		t := s.tally[j]
		s.tally[j].score = 0
		l := t.language()
		if t.score == 0 || !Suffices(t.score, mine.own(), t.own(), l != mine.language()) || s.times != nil && !s.times.mayPair(s.placed, s.turn, i, j) {
			continue
		}
		r := rank(t.score, s.tie[j])
		s.best[l].insert(r, s.perArticle)
		if IsStrong(t.score, mine.own(), t.own()) {
			s.strong[l].insert(r, MaxStrong)
		}
		s.met[l] = true
	}
	s.chosen = s.chosen[:0]
	for l := range s.met {
		if !s.met[l] {
			continue
		}
		for _, partners := range []*ranking{&s.best[l], &s.strong[l]} {
			for _, r := range *partners {
				s.chosen = append(s.chosen, s.byTie[uint32(r)])
			}
			*partners = (*partners)[:0]
		}
		s.met[l] = false
	}
	s.seen = s.seen[:0]
	return s.propose(out, i)
}

// propose appends the pairs of article i and those chosen, but for those of which the
// sketches tell that they are none.
func (s *search) propose(out []Pair, i int32) ([]Pair, error) {
	for n, j := range s.chosen {
		if !s.unlike {
			if n == 0 {
				sketch, own, err := s.Sketch(int(i), s.sketch)
				if err != nil {
					return out, err
				}
				s.sketch = own // the asker reads it until it is asked anew
				s.asker.Ask(s.Head(int(i)).Language, sketch)
			}
			sketch, other, err := s.Sketch(int(j), s.other)
			if err != nil {
				return out, err
			}
			if s.other = other; !s.asker.Alike(s.Head(int(j)).Language, sketch) {
				continue
			}
		}
		out = append(out, Pair{min(i, j), max(i, j)})
	}
	return out, nil
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
