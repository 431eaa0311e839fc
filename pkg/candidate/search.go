package candidate

import (
	"math"
	"slices"
)

// search finds the partners of one article at a time; one search, one goroutine.
type search struct {
	*index
	perArticle int
	score      []float32 // by article, zero between uses
	shared     []uint32
	seen       []int32
	best       [256]ranking // by language

	// With a window:
	from, to int32   // the dated articles that may be near
	placed   []int32 // by text: the last turn in which it had a place
	turn     int32   // counts calls of take
}

func newSearch(x *index, perArticle int) *search {
	s := &search{index: x, perArticle: perArticle, score: make([]float32, len(x.keys)), shared: make([]uint32, len(x.keys))}
	if x.times != nil {
		s.placed = make([]int32, len(x.keys))
	}
	return s
}

// partners appends the pairs that article i proposes.
func (s *search) partners(out []Pair, i int32) []Pair {
	if s.times != nil {
		s.from, s.to = s.times.around(i)
	}
	for _, c := range s.keys[i].Rare {
		s.postings(s.concepts.of(uint32(c.Concept)), i, c.Weight)
	}
	var own float32
	for _, c := range s.keys[i].Rare {
		own += c.Weight
	}
	out = s.take(out, i, minShared, own*strongShare)
	for _, f := range s.keys[i].Fingerprints {
		s.postings(s.runs.of(runKey(f)), i, 1)
	}
	return s.take(out, i, 1, float32(len(s.keys[i].Fingerprints))*strongShare)
}

// postings counts a list. With a window it counts the articles without a time, and of the
// others those that may be near i: each lot is cut by itself if it is hot, lest one of
// them hide the other.
func (s *search) postings(list []int32, i int32, weight float32) {
	if s.times == nil {
		s.count(list, i, weight)
		return
	}
	undated, _ := slices.BinarySearch(list, s.times.undated)
	s.count(list[:undated], i, weight)
	list = list[undated:]
	from, _ := slices.BinarySearch(list, s.from)
	to, _ := slices.BinarySearch(list, s.to)
	s.count(list[from:to], i, weight)
}

// count adds weight to every article of the list but i, or of a hot list to its first
// and those near i.
func (s *search) count(list []int32, i int32, weight float32) {
	if len(list) > hot {
		at, _ := slices.BinarySearch(list, i)
		start := min(max(0, at-hot/2), len(list)-hot)
		if start > 0 {
			s.count(list[:1], i, weight)
		}
		list = list[start : start+hot]
	}
	for _, j := range list {
		if j == i {
			continue
		}
		if s.shared[j] == 0 {
			s.seen = append(s.seen, j)
		}
		s.shared[j]++
		s.score[j] += weight
	}
}

// take appends the best articles counted, for each language, and those that score
// at least strong; then it forgets the counts.
func (s *search) take(out []Pair, i int32, least uint32, strong float32) []Pair {
	most := max(s.perArticle, maxStrong)
	s.turn++
	for _, j := range s.seen {
		if s.shared[j] >= least && (s.times == nil || s.mayPair(i, j)) {
			s.best[s.language[j]].insert(rank(s.score[j], j), most)
		}
	}
	for _, j := range s.seen {
		best := &s.best[s.language[j]]
		for n, r := range *best {
			j := int32(uint32(r))
			if n >= s.perArticle && (s.score[j] < strong || n >= maxStrong) {
				break
			}
			out = append(out, Pair{min(i, j), max(i, j)})
		}
		*best = (*best)[:0]
	}
	for _, j := range s.seen {
		s.score[j], s.shared[j] = 0, 0
	}
	s.seen = s.seen[:0]
	return out
}

// mayPair reports, with a window, whether article j has a place among the partners of i: it is near, and
// neither the same text nor a text that has its place already. Call it once for each.
func (s *search) mayPair(i, j int32) bool {
	t := s.times
	text := t.text[j]
	if text == t.text[i] || s.placed[text] == s.turn || !t.near(i, j) {
		return false
	}
	s.placed[text] = s.turn
	return true
}

// ranking is the best ranks met, in order.
type ranking []uint64

// insert keeps r if it is among the best most.
func (k *ranking) insert(r uint64, most int) {
	if n := len(*k); n == most {
		if r > (*k)[n-1] {
			return
		}
		*k = (*k)[:n-1]
	}
	at, _ := slices.BinarySearch(*k, r)
	*k = slices.Insert(*k, at, r)
}

// rank orders articles by their score, the greatest first, then by index. Scores are
// not negative, so their bits order them.
func rank(score float32, j int32) uint64 {
	return uint64(^math.Float32bits(score))<<32 | uint64(uint32(j))
}
