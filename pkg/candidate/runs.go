package candidate

import (
	"context"
	"math/bits"
	"slices"

	"github.com/calque-dev/calque/pkg/internal/spill"
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
	hotRunRead  = 8
	// leastRuns is the share of the runs of the shorter article that two must have in common,
	// as far as fingerprints tell, and strongRuns that from which on they are paired though
	// more than PerArticle others share as much. The first article in the pile that shares
	// leadRuns is paired too.
	leastRuns  = shareUnit / 10
	strongRuns = shareUnit / 2
	leadRuns   = shareUnit / 4
	// enoughPerRun is how many articles of its lists an article looks at for each fingerprint
	// that others have, the shortest lists first. Where these are not all, it is compared with
	// those met in sureMet of a hundred of the places it asked about, and with the mostLikely
	// that were met most often, in enoughMet at least and in enoughZones of the zones. Of a
	// million generated articles, whose sentences recur in forty texts each, 46 of 77 926
	// planted pairs are lost against reading all lists; 6 of 1 325 pairs in Reuters, 3 of 825
	// in debian-news.
	enoughPerRun = 10
	sureMet      = 75
	mostLikely   = 24
	enoughMet    = 40
	enoughZones  = 50
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
// Head tells: all bits of a key are hash, and all weigh the same.
type RunPile interface {
	Pile
	// Runs appends the keys of article number i, and of each the place where it stands, less
	// than Places.
	Runs(i int, keys []shingle.Key, places []uint8) ([]shingle.Key, []uint8, error)
}

func (o ordered) Runs(i int, keys []shingle.Key, places []uint8) ([]shingle.Key, []uint8, error) {
	return o.Pile.(RunPile).Runs(int(o.order[i]), keys, places)
}

// JoinRuns is Join for articles that have fingerprints for keys. It proposes the pairs of
// which one may hold a good part of the runs of words of the other, in whatever languages:
// copies in one language, and the sources of excerpts.
func JoinRuns(ctx context.Context, pile RunPile, o Options) ([]Pair, error) {
	o.Workers = max(1, o.Workers)
	found := make(collection, o.Workers)
	err := inOrder(pile, o, found.collector, func(p Pile, found finder) error {
		x, err := newRunIndex(ctx, p.(RunPile), o)
		if err != nil {
			return err
		}
		defer x.close()
		return collect(ctx, x.mentions.Len(), 1, o.Workers, found, func(int) func(out []Pair, i int32) ([]Pair, error) {
			s := &runSearch{runIndex: x, perArticle: o.perArticle(), tally: make([]uint32, x.Len())}
			if x.times != nil {
				s.placed = make([]int32, x.Len())
			}
			return s.block
		})
	})
	if err != nil {
		return nil, err
	}
	return found.pairs(), nil
}

// runIndex is what is known of all articles, with the lists of their fingerprints.
type runIndex struct {
	RunPile
	*runLists
	own      []uint32 // by article: how many runs its fingerprints stand for
	thinning []uint8
	tie      []uint32 // as of index
	byTie    []int32
	times    *times // nil without a window
}

func newRunIndex(ctx context.Context, pile RunPile, o Options) (*runIndex, error) {
	x := &runIndex{RunPile: pile, own: make([]uint32, pile.Len()), thinning: make([]uint8, pile.Len())}
	x.tie, x.byTie = ties(pile)
	if o.Window > 0 {
		x.times = newTimes(pile, o.Window)
	}
	form := runForm{place: min(placeBits, 32-bits.Len(uint(pile.Len())))}
	postings := spill.NewSpread(1<<runPartBits, o.room()/sortPart)
	defer postings.Close()
	err := each(ctx, x.Len(), block, o.Workers, func(int) func(i int) error {
		w := postings.Writer()
		var keys []shingle.Key
		var places []uint8
		return func(i int) (err error) {
			if keys, places, err = x.Runs(i, keys[:0], places[:0]); err != nil {
				return err
			}
			x.thinning[i] = uint8(max(1, min(pile.Head(i).Thinning, maxThinning)))
			x.own[i] = uint32(len(keys)) * uint32(x.thinning[i])
			for n, k := range keys {
				if err := w.Add(int(k>>(32-runPartBits)), form.posting(k, places[n], i)); err != nil {
					return err
				}
			}
			return nil
		}
	})
	if err == nil {
		err = postings.Flush()
	}
	if err == nil {
		x.runLists, err = newRunLists(ctx, postings, form, pile.Len(), o)
	}
	return x, err
}

// runSearch finds the partners of one article at a time; one search, one goroutine.
type runSearch struct {
	*runIndex
	perArticle int
	sorter     sorter
	lists      []list   // of the article at hand
	read       []byte   // those that were in a file
	tally      []uint32 // by article: the places of the one at hand that hold what it has; zero between uses
	seen       []int32  // the articles that have any
	chosen     []int32  // those of seen, by number, to compare with
	likely     ranking  // of seen, by number
	first      ranking  // the same of hot lists
	cold       int      // so many of them were met before any in a hot list
	keys       []shingle.Key
	places     []uint8
	others     []shingle.Key
	asked      placesAsked // those of lists that were read
	occupied   placesAsked // those of any fingerprint
	best       ranking
	strong     ranking

	// With a window:
	from, to int32
	placed   []int32
	turn     int32
}

// maxThinning is the greatest that is told apart.
const maxThinning = 8

// placesAsked are the places, a bit each, of fingerprints that are chosen with a thinning of
// so much: what a sparser choice leaves, a denser one does.
type placesAsked [maxThinning + 1]uint32

// add adds the place of a fingerprint that is chosen with the thinning and any lesser one.
func (p *placesAsked) add(thinning uint64, place uint32) { p[min(thinning, maxThinning)] |= place }

// spread is to be called when all are added.
func (p *placesAsked) spread() {
	for t := maxThinning - 1; t > 0; t-- {
		p[t] |= p[t+1]
	}
}

// block appends the pairs that the articles of a block propose.
func (s *runSearch) block(out []Pair, b int32) ([]Pair, error) {
	mentions, err := s.mentions.Part(int(b))
	if err != nil {
		return out, err
	}
	mentions = s.sorter.scatter(mentions, s.runLists.block, s.article)
	for n, i := range s.sorter.starts[:1<<s.runLists.block] {
		of := mentions[i:s.sorter.starts[n+1]]
		if len(of) == 0 {
			continue
		}
		slices.Sort(of)
		if out, err = s.partners(out, b<<s.runLists.block|int32(n), of); err != nil {
			return out, err
		}
	}
	return out, nil
}

// partners appends the pairs that article i proposes, given the mentions of its lists.
func (s *runSearch) partners(out []Pair, i int32, mentions []uint64) (_ []Pair, err error) {
	if s.times != nil {
		s.from, s.to = s.times.around(i)
	}
	if err := s.gather(mentions); err != nil {
		return out, err
	}
	s.asked, s.cold = placesAsked{}, -1
	left := enoughPerRun * len(mentions)
	for n, l := range s.lists {
		place := uint32(1) << s.placeOf(mentions[n])
		left -= s.postings(l, i, place)
		s.asked.add(s.leastThinning(mentions[n]), place)
		if left <= 0 {
			break
		}
	}
	s.asked.spread()
	s.choose(i, left > 0)
	return s.take(out, i)
}

// gather finds the lists that are to be read, with a window perhaps more. Doing nothing else
// has it wait for the memory of many at a time.
func (s *runSearch) gather(mentions []uint64) error {
	s.lists, s.read = s.lists[:0], s.read[:0]
	left := enoughPerRun * len(mentions)
	for _, m := range mentions {
		l, read, err := s.list(m, s.read)
		if err != nil {
			return err
		}
		s.lists, s.read = append(s.lists, l), read
		if s.times == nil {
			if left -= toRead(l.len()); left <= 0 {
				break
			}
		}
	}
	return nil
}

// toRead is how many articles of a list of so many are read.
func toRead(n int) int {
	if n > hotRun {
		return hotRunFirst + hotRunRead
	}
	return n
}

// postings counts a list: with a window, those of its articles that may be near i, and
// those without a time by themselves, lest one of the two hide the other if it is hot.
func (s *runSearch) postings(l list, i int32, place uint32) (read int) {
	if s.times == nil {
		return s.count(l, i, place)
	}
	undated, dated := s.times.cut(l, s.from, s.to)
	return s.count(undated, i, place) + s.count(dated, i, place)
}

// count notes a shared fingerprint of every article of the list, or of a hot list of its
// first ones and those near i. It returns how many these are.
func (s *runSearch) count(l list, i int32, place uint32) (read int) {
	if n := l.len(); n > hotRun {
		if s.cold < 0 {
			s.cold = len(s.seen)
		}
		start := min(max(0, l.search(i)-hotRunRead/2), n-hotRunRead)
		read = s.count(l.cut(0, min(start, hotRunFirst)), i, place)
		l = l.cut(start, start+hotRunRead)
	}
	for n := range l.len() {
		j := l.at(n)
		t := &s.tally[j]
		if *t == 0 {
			s.seen = append(s.seen, j)
		}
		*t |= place
	}
	return read + l.len()
}

// choose says which of those met article i is compared with, by their numbers among these,
// and forgets the counts. Where all lists were read, these are all that can be partners.
// Else they are those met in enough places, which must not be in one stretch, such as a
// sentence that both quote: the ones met most often, and all that are sure.
func (s *runSearch) choose(i int32, all bool) {
	for n, j := range s.seen {
		met := s.tally[j]
		s.tally[j] = 0
		if j == i {
			continue
		}
		asked, hot := s.asked[max(s.thinning[i], s.thinning[j])], s.isHot(n)
		count := bits.OnesCount32(met)
		switch {
		case count < partOf(asked, leastSpread):
		case all || count >= partOf(asked, sureMet):
			s.chosen = append(s.chosen, int32(n))
		case count >= partOf(asked, enoughMet) && (hot || bits.OnesCount32(zones(met)) >= partOf(zones(asked), enoughZones)):
			s.likely.insert(rank(uint32(count), uint32(n)), mostLikely)
		case hot && j < i:
			s.first.insert(uint64(j)<<32|uint64(n), hotRunFirst)
		}
	}
	for _, some := range []*ranking{&s.likely, &s.first} {
		for _, r := range *some {
			s.chosen = append(s.chosen, int32(uint32(r)))
		}
		*some = (*some)[:0]
	}
}

// isHot reports whether number n of those met was met in hot lists alone.
func (s *runSearch) isHot(n int) bool { return s.cold >= 0 && n >= s.cold }

// zones are the places by fours: a bit of each four in which there is any.
func zones(places uint32) uint32 { return (places | places>>1 | places>>2 | places>>3) & 0x11111111 }

// take appends the pairs of the chosen articles that share enough with article i, the best
// ones.
func (s *runSearch) take(out []Pair, i int32) ([]Pair, error) {
	s.turn++
	s.keys = s.keys[:0]
	lead := i
	for _, n := range s.chosen {
		j := s.seen[n]
		share, err := s.compare(i, j)
		if err != nil {
			return out, err
		}
		if share < leastRuns || s.times != nil && !s.times.mayPair(s.placed, s.turn, i, j) {
			continue
		}
		r := rank(share, s.tie[j])
		s.best.insert(r, s.perArticle)
		if share >= strongRuns && !s.isHot(int(n)) {
			s.strong.insert(r, MaxStrong)
		}
		if share >= leadRuns {
			lead = min(lead, j)
		}
	}
	if lead < i {
		out = append(out, Pair{lead, i})
	}
	s.seen, s.chosen = s.seen[:0], s.chosen[:0]
	for _, partners := range []*ranking{&s.best, &s.strong} {
		for _, r := range *partners {
			j := s.byTie[uint32(r)]
			out = append(out, Pair{min(i, j), max(i, j)})
		}
		*partners = (*partners)[:0]
	}
	return out, nil
}

// compare is the share of the runs that articles i and j have in common, 0 if those of i
// stand in too few places.
func (s *runSearch) compare(i, j int32) (share uint32, err error) {
	if len(s.keys) == 0 {
		if err := s.ask(i); err != nil {
			return 0, err
		}
	}
	if s.others, err = s.Keys(int(j), s.others[:0]); err != nil {
		return 0, err
	}
	shared, places := uint32(0), uint32(0)
	others := s.others
	for n, k := range s.keys {
		for len(others) > 0 && others[0] < k {
			others = others[1:]
		}
		if len(others) > 0 && others[0] == k {
			shared++
			places |= 1 << (s.places[n] % Places)
		}
	}
	if bits.OnesCount32(places) < partOf(s.occupied[max(s.thinning[i], s.thinning[j])], leastSpread) {
		return 0, nil
	}
	return s.share(shared, i, j), nil
}

// ask has compare compare others with article i.
func (s *runSearch) ask(i int32) (err error) {
	if s.keys, s.places, err = s.Runs(int(i), s.keys, s.places[:0]); err != nil {
		return err
	}
	s.occupied = placesAsked{}
	for n, k := range s.keys {
		s.occupied.add(1<<32/(uint64(k)+1), 1<<(s.places[n]%Places))
	}
	s.occupied.spread()
	return nil
}

// partOf is so many of a hundred of the places, and one at least.
func partOf(places uint32, percent int) int {
	return max(1, (bits.OnesCount32(places)*percent+99)/100)
}

// share is about which part of the runs of the shorter of two articles stands in the other,
// given the fingerprints they have in common: those that the sparser choice of the two
// leaves, so that each stands for as many runs.
func (s *runSearch) share(score uint32, i, j int32) uint32 {
	runs := uint64(score) * uint64(max(s.thinning[i], s.thinning[j]))
	return uint32(min(runs*shareUnit/uint64(max(1, min(s.own[i], s.own[j]))), shareUnit))
}
