// Package candidate proposes the pairs of articles that are worth comparing.
//
// In come the keys of every article: hash, winnowed fingerprints, rarest concepts;
// out come pairs. Candidates decide nothing: they must miss no relation and be few
// for each article, however large the pile. Two articles are proposed when either
// is among the best of the other by shared fingerprints (same language) or by the
// summed idf of shared rare concepts (any languages).
package candidate

import (
	"cmp"
	"math"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

// Keys are what an article is found by.
type Keys struct {
	Language     article.Language
	Hash         article.Hash
	Fingerprints []uint64           // sorted, distinct; two languages share none
	Rare         []lexicon.Weighted // by concept; weight is the idf
}

// KeysOf are the keys of an analysed article.
func KeysOf(x *shingle.Article) Keys {
	return Keys{Language: x.Language, Hash: x.Hash, Fingerprints: x.Fingerprints, Rare: x.Rare}
}

// Pair is two indices into the keys, A < B.
type Pair struct{ A, B int32 }

// Options of Join. The zero value works.
type Options struct {
	Workers    int // goroutines; 0: one
	PerArticle int // partners an article proposes by concepts, for each language; 0: 12
}

const (
	defaultPerArticle = 12
	// One that scores more than strongShare of what the article scores with itself is
	// proposed beyond these, up to maxStrong.
	strongShare = 0.35
	// A list longer than hot articles is not read whole: an article finds in it the first
	// and those near itself. So no list costs more than its length times hot, and a large
	// family stays chained through its first member and from neighbour to neighbour.
	hot = 512
	// maxStrong bounds the strong partners of an article, the strongest first.
	maxStrong = 64
	// minShared is the number of rare concepts two articles share at the least.
	minShared = 2
)

// Join proposes pairs, in order, each once. Articles with the same hash must have
// been joined before: Join sees one of them.
func Join(keys []Keys, o Options) []Pair {
	if o.PerArticle == 0 {
		o.PerArticle = defaultPerArticle
	}
	workers := max(1, o.Workers)
	x := newIndex(keys)
	found := make([][]Pair, workers)
	var next atomic.Int64
	var group errgroup.Group
	for w := range workers {
		group.Go(func() error {
			s := newSearch(x, o.PerArticle)
			const block = 64
			for {
				start := int(next.Add(block)) - block
				if start >= len(keys) {
					return nil
				}
				for i := start; i < min(start+block, len(keys)); i++ {
					found[w] = s.partners(found[w], int32(i))
				}
			}
		})
	}
	_ = group.Wait() // the workers return no error
	pairs := slices.Concat(found...)
	slices.SortFunc(pairs, func(p, q Pair) int { return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B)) })
	return slices.Compact(pairs)
}

// index holds, for every key, the articles that have it.
type index struct {
	keys     []Keys
	language []uint8 // by article: its language, numbered as it comes
	concepts lists
	runs     lists
}

// lists are posting lists, row-compressed: list i belongs to key[i].
type lists struct {
	key     []uint32 // sorted
	start   []int32
	article []int32
}

func newIndex(keys []Keys) *index {
	var concepts, runs []uint64
	for i := range keys {
		for _, c := range keys[i].Rare {
			concepts = append(concepts, posting(uint32(c.Concept), i))
		}
		for _, f := range keys[i].Fingerprints {
			runs = append(runs, posting(runKey(f), i))
		}
	}
	x := &index{keys: keys, language: languageNumbers(keys)}
	var group errgroup.Group
	group.Go(func() error { x.concepts = newLists(concepts); return nil })
	group.Go(func() error { x.runs = newLists(runs); return nil })
	_ = group.Wait() // neither returns an error
	return x
}

// languageNumbers numbers the languages as they come. Past 255 of them, which there are not, the rest
// share a number and its limit.
func languageNumbers(keys []Keys) []uint8 {
	number := map[article.Language]uint8{}
	out := make([]uint8, len(keys))
	for i := range keys {
		n, ok := number[keys[i].Language]
		if !ok {
			n = uint8(min(len(number), 255))
			number[keys[i].Language] = n
		}
		out[i] = n
	}
	return out
}

// runKey folds a fingerprint to half its bits: enough to find articles by. The few that share it by
// chance are told apart when they are compared.
func runKey(fingerprint uint64) uint32 { return uint32(fingerprint>>32) ^ uint32(fingerprint) }

// posting is a key and an article that has it, in one number that sorts by both.
func posting(key uint32, article int) uint64 { return uint64(key)<<32 | uint64(uint32(article)) }

func newLists(postings []uint64) lists {
	slices.Sort(postings)
	postings = slices.Compact(postings)
	var l lists
	for i, p := range postings {
		if key := uint32(p >> 32); i == 0 || key != l.key[len(l.key)-1] {
			l.key = append(l.key, key)
			l.start = append(l.start, int32(i))
		}
		l.article = append(l.article, int32(uint32(p)))
	}
	l.start = append(l.start, int32(len(postings)))
	return l
}

// of is the list of a key, nil when no article has it.
func (l *lists) of(key uint32) []int32 {
	i, ok := slices.BinarySearch(l.key, key)
	if !ok {
		return nil
	}
	return l.article[l.start[i]:l.start[i+1]]
}

// search finds the partners of one article at a time; one search, one goroutine.
type search struct {
	*index
	perArticle int
	score      []float32 // by article, zero between uses
	shared     []uint32
	seen       []int32
	best       [256]ranking // by language
}

func newSearch(x *index, perArticle int) *search {
	return &search{index: x, perArticle: perArticle, score: make([]float32, len(x.keys)), shared: make([]uint32, len(x.keys))}
}

// partners appends the pairs that article i proposes.
func (s *search) partners(out []Pair, i int32) []Pair {
	for _, c := range s.keys[i].Rare {
		s.count(s.concepts.of(uint32(c.Concept)), i, c.Weight)
	}
	var own float32
	for _, c := range s.keys[i].Rare {
		own += c.Weight
	}
	out = s.take(out, i, minShared, own*strongShare)
	for _, f := range s.keys[i].Fingerprints {
		s.count(s.runs.of(runKey(f)), i, 1)
	}
	return s.take(out, i, 1, float32(len(s.keys[i].Fingerprints))*strongShare)
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
	for _, j := range s.seen {
		if s.shared[j] >= least {
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
