package candidate

import (
	"context"
	"math/bits"

	"github.com/calque-dev/calque/pkg/shingle"
)

// What bounds the work of JoinRuns.
const (
	// hotRun is the number of articles from which a fingerprint says little: it is of a phrase
	// that everybody uses, or of a large family of copies. An article finds in its list the
	// hotRunFirst first and the hotRunRead nearest to itself: so a family stays tied to its
	// first member, though somebody before it used some of its phrases, and from neighbour to
	// neighbour.
	hotRun      = 128
	hotRunFirst = 4
	hotRunRead  = 16
	// leastRuns is the share of the runs of the shorter article that two must have in common,
	// as far as fingerprints tell, and strongRuns that from which on they are paired though
	// more than PerArticle others share as much. The first article in the pile that shares
	// leadRuns is paired too.
	leastRuns  = shareUnit / 10
	strongRuns = shareUnit / 2
	leadRuns   = shareUnit / 4
	// shareUnit is a share of one.
	shareUnit = 1 << 16
	// leastSpread is in how many of a hundred places of an article there must be a run that the
	// other has: a copy, however much edited, has some everywhere, and two articles that quote
	// the same long sentence have all in one place. In 50 000 generated articles in one language
	// and as many in two no copy or excerpt is lost by it, nor with 30; with 22 one in three
	// more pairs is to be analysed. In Reuters, whose briefs are short, 1 325 pairs are found,
	// with 22 1 337 and with 30 1 312.
	leastSpread = 26
)

// Places is the number of places of an article, of equal length, that a RunPile tells apart.
const Places = 32

// RunPile is a Pile whose keys are the hashes of fingerprints, chosen with the thinning that
// Head tells: all bits of a key are hash, and all weigh the same. Sketches are not asked for.
type RunPile interface {
	Pile
	// Runs appends the keys of article number i, and of each the place where it stands, less
	// than Places.
	Runs(i int, keys []shingle.Key, places []uint8) ([]shingle.Key, []uint8, error)
}

func (o ordered) Runs(i int, keys []shingle.Key, places []uint8) ([]shingle.Key, []uint8, error) {
	return o.Pile.(RunPile).Runs(int(o.order[i]), keys, places)
}

// JoinRuns is JoinPile for articles that have fingerprints for keys. It proposes the pairs of
// which one may hold a good part of the runs of words of the other, in whatever languages:
// copies in one language, and the sources of excerpts.
func JoinRuns(ctx context.Context, pile RunPile, o Options) ([]Pair, error) {
	return joinBy(ctx, pile, o, newRunIndex, func(x *runIndex) func(out []Pair, i int32) ([]Pair, error) {
		s := &runSearch{runIndex: x, perArticle: o.perArticle(), tally: make([]runTally, x.Len())}
		if x.times != nil {
			s.placed = make([]int32, x.Len())
		}
		return s.partners
	})
}

// runIndex is the index of fingerprints.
type runIndex struct {
	index
	thinning []uint8
}

func newRunIndex(ctx context.Context, pile Pile, o Options) (*runIndex, error) {
	x := &runIndex{index: index{Pile: pile, own: make([]uint32, pile.Len())}, thinning: make([]uint8, pile.Len())}
	x.tie, x.byTie = ties(pile)
	if o.Window > 0 {
		x.times = newTimes(pile, o.Window)
	}
	found := make([][1 << partBits]int, o.Workers)
	err := each(ctx, x.Len(), block, o.Workers, func(w int) func(i int) error {
		var keys []shingle.Key
		return func(i int) (err error) {
			if keys, err = x.Keys(i, keys[:0]); err != nil {
				return err
			}
			x.thinning[i] = uint8(max(1, min(pile.Head(i).Thinning, maxThinning)))
			x.own[i] = uint32(len(keys)) * uint32(x.thinning[i])
			for _, k := range keys {
				found[w][k>>(32-partBits)]++
			}
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	var counts [1 << partBits]int
	for w := range found {
		for n, count := range found[w] {
			counts[n] += count
		}
	}
	x.lists, err = newLists(ctx, pile, counts, o)
	return x, err
}

// runSearch finds the partners of one article at a time; one search, one goroutine.
type runSearch struct {
	*runIndex
	perArticle int
	keys       []shingle.Key
	places     []uint8
	read       []byte
	tally      []runTally              // by article
	seen       []int32                 // the articles that share any
	occupied   [maxThinning + 1]uint32 // by thinning: the places of fingerprints so chosen
	best       ranking
	strong     ranking

	// With a window:
	from, to int32
	placed   []int32
	turn     int32
}

// runTally is what is counted of an article; zero between uses. It is one piece, since
// counting waits for memory.
type runTally struct {
	shared uint32 // fingerprints
	places uint32 // of the other article, where they stand: a bit each
}

// maxThinning is the greatest that is told apart.
const maxThinning = 8

// partners appends the pairs that article i proposes.
func (s *runSearch) partners(out []Pair, i int32) (_ []Pair, err error) {
	if s.times != nil {
		s.from, s.to = s.times.around(i)
	}
	if s.keys, s.places, err = s.Pile.(RunPile).Runs(int(i), s.keys[:0], s.places[:0]); err != nil {
		return out, err
	}
	s.occupied = [maxThinning + 1]uint32{}
	for n, k := range s.keys {
		place := uint32(1) << (s.places[n] % Places)
		s.occupied[min(maxThinning, 1<<32/(uint64(k)+1))] |= place
		l, read, err := s.lists.of(uint32(k), s.read[:0])
		if err != nil {
			return out, err
		}
		if s.read = read; l.len() > 0 {
			s.postings(l, i, place)
		}
	}
	for p := maxThinning - 1; p > 0; p-- {
		s.occupied[p] |= s.occupied[p+1] // what a sparser choice leaves, a denser one does
	}
	return s.take(out, i), nil
}

// postings counts a list: with a window, those of its articles that may be near i, and
// those without a time by themselves, lest one of the two hide the other if it is hot.
func (s *runSearch) postings(l list, i int32, place uint32) {
	if s.times == nil {
		s.count(l, i, place)
		return
	}
	undated, dated := s.times.cut(l, s.from, s.to)
	s.count(undated, i, place)
	s.count(dated, i, place)
}

// count notes a shared fingerprint of every article of the list, or of a hot list of its
// first ones and those near i.
func (s *runSearch) count(l list, i int32, place uint32) {
	if n := l.len(); n > hotRun {
		start := min(max(0, l.search(i)-hotRunRead/2), n-hotRunRead)
		s.count(l.cut(0, min(start, hotRunFirst)), i, place)
		l = l.cut(start, start+hotRunRead)
	}
	for n := range l.len() {
		j := l.at(n)
		t := &s.tally[j]
		if t.shared == 0 {
			s.seen = append(s.seen, j)
		}
		t.shared++
		t.places |= place
	}
}

// take appends the pairs of the articles that share enough with article i, the best ones,
// and forgets the counts.
func (s *runSearch) take(out []Pair, i int32) []Pair {
	s.turn++
	least, lead := spreadOver(s.occupied[maxThinning]), i
	for _, j := range s.seen {
		t := s.tally[j]
		s.tally[j] = runTally{}
		places := bits.OnesCount32(t.places)
		if places < least || j == i || places < spreadOver(s.occupied[max(s.thinning[i], s.thinning[j])]) {
			continue
		}
		share := s.share(t.shared, i, j)
		if share < leastRuns || s.times != nil && !s.times.mayPair(s.placed, s.turn, i, j) {
			continue
		}
		r := rank(share, s.tie[j])
		s.best.insert(r, s.perArticle)
		if share >= strongRuns {
			s.strong.insert(r, MaxStrong)
		}
		if share >= leadRuns {
			lead = min(lead, j)
		}
	}
	if lead < i {
		out = append(out, Pair{lead, i})
	}
	s.seen = s.seen[:0]
	for _, partners := range []*ranking{&s.best, &s.strong} {
		for _, r := range *partners {
			j := s.byTie[uint32(r)]
			out = append(out, Pair{min(i, j), max(i, j)})
		}
		*partners = (*partners)[:0]
	}
	return out
}

// spreadOver is in how many of these places a copy has something.
func spreadOver(occupied uint32) int {
	return max(1, (bits.OnesCount32(occupied)*leastSpread+99)/100)
}

// share is about which part of the runs of the shorter of two articles stands in the other,
// given the fingerprints they have in common: those that the sparser choice of the two
// leaves, so that each stands for as many runs.
func (s *runSearch) share(score uint32, i, j int32) uint32 {
	runs := uint64(score) * uint64(max(s.thinning[i], s.thinning[j]))
	return uint32(min(runs*shareUnit/uint64(max(1, min(s.own[i], s.own[j]))), shareUnit))
}
