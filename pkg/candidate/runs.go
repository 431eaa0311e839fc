package candidate

import (
	"context"
	"math/bits"
	"sync"

	"github.com/calque-dev/calque/pkg/internal/spill"
	"github.com/calque-dev/calque/pkg/shingle"
)

// What bounds the work of JoinRuns.
const (
	// hotRun is the number of articles from which a fingerprint says little: it is of a phrase
	// that everybody uses, or of a large family of copies. An article finds in its list the
	// hotRunFirst first and the hotRunRead nearest to itself: so a family stays tied to its
	// first member, though somebody before it used some of its phrases, and from neighbour to
	// neighbour. Of those it meets in such lists alone it is paired with the perHot best.
	hotRun      = 128
	perHot      = 3
	hotRunFirst = 4
	hotRunRead  = 8
	// leastRuns is the share of the runs of the shorter article that two must have in common,
	// as far as fingerprints tell, and strongRuns that from which on they are paired though
	// more than PerArticle others share as much. The first article in the pile that shares
	// leadRuns is paired too. Two that have met in hot lists alone must share hotRuns: of 54 000
	// that shared less, in a million generated articles, one held; in Reuters and three other
	// sets of news one of 3 900 pairs is lost.
	leastRuns  = shareUnit / 10
	strongRuns = shareUnit / 2
	leadRuns   = shareUnit / 4
	hotRuns    = shareUnit * 2 / 5
	// enoughRead is how many articles of its lists an article looks at, and enoughPerRun how
	// many for each of its fingerprints, if that is more. Where these are not all, it is
	// compared with those met in sureMet of a hundred of the places it asked about, and with
	// the mostLikely that were met most often, in enoughMet at least and in enoughZones of the
	// zones. Of 78 755 planted pairs in a million generated articles, whose sentences recur in
	// forty texts each, a quarter less loses twenty and half as much again wins five; in
	// Reuters a quarter less loses nine of 1 324.
	enoughRead   = 512
	enoughPerRun = 6
	sureMet      = 75
	mostLikely   = 24
	enoughMet    = 40
	enoughZones  = 50
	// shareUnit is a share of one.
	shareUnit = 1 << 16
	// leastSpread is in how many of a hundred of the places it asked about an article must meet
	// another: one that quotes a long sentence of it is met in one place. See also leastCovered.
	leastSpread = 26
)

// Places is the number of places of an article, of equal length, that a RunPile tells apart.
const Places = 256

// askedPlaces is the number of places that are told apart when lists are asked for.
const askedPlaces = 1 << placeBits

// RunPile is the articles to join where their keys are the hashes of fingerprints, chosen with
// the thinning that Head tells: all bits of a key are hash, and all weigh the same. It is read by
// several goroutines.
type RunPile interface {
	Heads
	// Runs appends the keys of article number i, in order, and of each the place where it stands.
	// It may leave out the last eight bits of a key, if it does so for all.
	Runs(i int, keys []shingle.Key, places []uint8) ([]shingle.Key, []uint8, error)
	// Survey hands over every article once, in any order, to what take makes for each worker:
	// before any is asked for its keys, so that they may be read as they stand in a file. It
	// fails when ctx ends, and soon after, when an article cannot be read, or when taking fails.
	Survey(ctx context.Context, workers int, take func(worker int) TakeRuns) error
}

// TakeRuns takes the keys of article number i with their places, which are the next one's
// afterwards.
type TakeRuns func(i int, keys []shingle.Key, places []uint8) error

func (o ordered) Survey(ctx context.Context, workers int, take func(worker int) TakeRuns) error {
	place := make([]int32, len(o.order))
	for i, j := range o.order {
		place[j] = int32(i)
	}
	return o.Heads.(RunPile).Survey(ctx, workers, func(worker int) TakeRuns {
		take := take(worker)
		return func(i int, keys []shingle.Key, places []uint8) error { return take(int(place[i]), keys, places) }
	})
}

func (o ordered) Runs(i int, keys []shingle.Key, places []uint8) ([]shingle.Key, []uint8, error) {
	return o.Heads.(RunPile).Runs(int(o.order[i]), keys, places)
}

// JoinRuns is Join for articles that have fingerprints for keys. It proposes the pairs of
// which one may hold a good part of the runs of words of the other, in whatever languages:
// copies in one language, and the sources of excerpts.
func JoinRuns(ctx context.Context, pile RunPile, o Options) ([]Pair, error) {
	o.Workers = max(1, o.Workers)
	found := make(collection, o.Workers)
	err := inOrder(pile, o, found.collector, func(p Heads, found finder) error {
		x, err := newRunIndex(ctx, p.(RunPile), o)
		if err != nil {
			return err
		}
		defer x.close()
		return collect(ctx, x.mentions.Len(), o.Workers, found, func(int) func(out []Pair, i int32) ([]Pair, error) {
			s := &runSearch{asking: asking{runIndex: x}, perArticle: o.perArticle()}
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
	var beside sync.WaitGroup // the survey waits for files
	beside.Go(func() {
		x.tie, x.byTie = ties(pile)
		if o.Window > 0 {
			x.times = newTimes(pile, o.Window)
		}
	})
	defer beside.Wait()
	form := newRunForm(pile.Len())
	postings := spill.NewSpread(1<<runPartBits, form.postingBits(), o.room()/sortPart)
	defer postings.Close()
	err := pile.Survey(ctx, o.Workers, func(int) TakeRuns {
		w := postings.Writer()
		return func(i int, keys []shingle.Key, places []uint8) error {
			x.thinning[i] = uint8(max(1, min(pile.Head(i).Thinning, maxThinning)))
			x.own[i] = uint32(len(keys)) * uint32(x.thinning[i])
			for n, k := range keys {
				if err := w.Add(int(k>>partKeyBits), form.posting(k, places[n], i)); err != nil {
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
	asking
	perArticle  int
	sorter      sorter
	meetings    meetings
	tally       tally    // of the articles met often, the places of the one at hand that hold what they have
	metCold     int      // so many of them were met in a list that is not hot, before the others
	chosen      []chosen // those to compare with
	likely      ranking  // of chosen, packed
	first       ranking  // the same of those met in hot lists alone
	ofCold      [maxThinning + 1]quota
	ofAll       [maxThinning + 1]quota
	keys        []shingle.Key
	places      []uint8
	others      []shingle.Key
	otherPlaces []uint8
	match       match
	best        ranking // of the others chosen
	hotBest     ranking // of those chosen for hot lists
	strong      ranking

	// With a window:
	placed []int32
	turn   int32
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
		if out, err = s.partners(out, b<<s.runLists.block|int32(n), of); err != nil {
			return out, err
		}
	}
	return out, nil
}

// partners appends the pairs that article i proposes, given the mentions of its lists.
func (s *runSearch) partners(out []Pair, i int32, mentions []uint64) (_ []Pair, err error) {
	all, err := s.gather(i, mentions)
	if err != nil {
		return out, err
	}
	s.count(i, s.require(i, all))
	s.choose(i)
	return s.take(out, i)
}

// require finds the quotas of those met, and returns in how many places each must be met at
// least.
func (s *runSearch) require(i int32, all bool) (least int) {
	least = askedPlaces
	for t := s.thinning[i]; t <= maxThinning; t++ {
		s.ofCold[t] = newQuota(s.cold[1], s.cold[t], all)
		s.ofAll[t] = newQuota(s.cold[1]|s.hot[1], s.cold[t]|s.hot[t], all)
		least = min(least, s.ofCold[t].least, s.ofAll[t].least)
	}
	return least
}

// count notes the places of i's fingerprints for the articles that have them in their lists, if
// these are not hot; then, of the hot ones, for the first articles and those near i. Those met
// in fewer places than the least may be left out.
func (s *runSearch) count(i int32, least int) {
	read := 0
	for _, l := range s.lists {
		read += toRead(l.len())
	}
	s.meetings.begin(read)
	for _, l := range s.lists {
		if !l.isHot() {
			s.meetings.add(l.list, l.place)
		}
	}
	cold := len(s.meetings.all)
	for _, l := range s.lists {
		if l.isHot() {
			n := l.len()
			start := min(max(0, l.search(i)-hotRunRead/2), n-hotRunRead)
			s.meetings.add(l.cut(0, min(start, hotRunFirst)), l.place)
			s.meetings.add(l.cut(start, start+hotRunRead), l.place)
		}
	}
	s.tally.begin(mostLikely)
	s.meetings.tell(&s.tally, 0, cold, least)
	s.metCold = s.tally.len()
	s.meetings.tell(&s.tally, cold, len(s.meetings.all), least)
}

// choose says which of those met article i is compared with. Where all lists were read, these
// are all that can be partners. Else they are those met in enough places, which must not be in
// one stretch, such as a sentence that both quote: the ones met most often, and all that are
// sure. That a hot list was not read to an article tells little: so its place does not count
// for those met in others, unless they are not met often enough there.
func (s *runSearch) choose(i int32) {
	mine := s.thinning[i]
	for n := range s.tally.len() {
		c := s.tally.at(n)
		j := c.number()
		t := max(mine, s.thinning[j])
		q, onlyHot := &s.ofCold[t], n >= s.metCold
		hot := onlyHot || !q.suffices(c.score)
		if hot {
			q = &s.ofAll[t]
		}
		count := bits.OnesCount32(c.score & q.places)
		if count < q.least || j == i {
			continue
		}
		x := chosen{int32(n), hot}
		switch {
		case count >= q.sure:
			s.chosen = append(s.chosen, x)
		case count >= q.enough && (onlyHot || q.suffices(c.score)):
			s.likely.insert(rank(uint32(count), x.packed()), mostLikely)
		case onlyHot && j < i:
			s.first.insert(uint64(j)<<32|uint64(x.packed()), hotRunFirst)
		}
	}
	for _, some := range []*ranking{&s.likely, &s.first} {
		for _, r := range *some {
			s.chosen = append(s.chosen, unpacked(uint32(r)))
		}
		*some = (*some)[:0]
	}
}

// chosen is an article of a tally, by number, that is compared; hot says that it was chosen for
// hot lists.
type chosen struct {
	n   int32
	hot bool
}

func (c chosen) packed() uint32 {
	if c.hot {
		return uint32(c.n)<<1 | 1
	}
	return uint32(c.n) << 1
}

func unpacked(x uint32) chosen { return chosen{int32(x >> 1), x&1 == 1} }

// quota is in how many of the places that were asked about an article must be met.
type quota struct {
	places              uint32 // that count: also those of what a sparser choice may lack
	least, enough, sure int
	zones               int // of the zones
}

// newQuota is the quota where all lists are read, or only some.
func newQuota(places, asked uint32, all bool) quota {
	q := quota{
		places: places, least: partOf(asked, leastSpread), enough: partOf(asked, enoughMet), sure: partOf(asked, sureMet),
		zones: partOf(zones(asked), enoughZones),
	}
	if all {
		q.sure = q.least
	}
	return q
}

// suffices reports whether an article that is met in the places may be compared.
func (q *quota) suffices(places uint32) bool {
	met := places & q.places
	count := bits.OnesCount32(met)
	return count >= q.sure || count >= q.enough && bits.OnesCount32(zones(met)) >= q.zones
}

// zones are the places by fours: a bit of each four in which there is any.
func zones(places uint32) uint32 { return (places | places>>1 | places>>2 | places>>3) & 0x11111111 }

// partOf is so many of a hundred of the places, and one at least.
func partOf(places uint32, percent int) int {
	return max(1, (bits.OnesCount32(places)*percent+99)/100)
}

// take appends the pairs of the chosen articles that share enough with article i, the best
// ones.
func (s *runSearch) take(out []Pair, i int32) ([]Pair, error) {
	s.turn++
	s.keys = s.keys[:0]
	lead := i
	for _, c := range s.chosen {
		j := s.tally.at(int(c.n)).number()
		share, err := s.compare(i, j)
		if err != nil {
			return out, err
		}
		if share < leastRuns || c.hot && share < hotRuns || s.times != nil && !s.times.mayPair(s.placed, s.turn, i, j) {
			continue
		}
		r := rank(share, s.tie[j])
		if c.hot {
			s.hotBest.insert(r, min(perHot, s.perArticle))
		} else {
			s.best.insert(r, s.perArticle)
			if share >= strongRuns {
				s.strong.insert(r, MaxStrong)
			}
		}
		if share >= leadRuns {
			lead = min(lead, j)
		}
	}
	if lead < i {
		out = append(out, Pair{lead, i})
	}
	s.tally.forget()
	s.chosen = s.chosen[:0]
	for _, partners := range []*ranking{&s.best, &s.hotBest, &s.strong} {
		for _, r := range *partners {
			j := s.byTie[uint32(r)]
			out = append(out, Pair{min(i, j), max(i, j)})
		}
		*partners = (*partners)[:0]
	}
	return out, nil
}

// compare is the share of the runs that articles i and j have in common, 0 if too little of the
// shorter one is covered by these.
func (s *runSearch) compare(i, j int32) (share uint32, err error) {
	if len(s.keys) == 0 {
		if s.keys, s.places, err = s.Runs(int(i), s.keys, s.places[:0]); err != nil {
			return 0, err
		}
	}
	if s.others, s.otherPlaces, err = s.Runs(int(j), s.others[:0], s.otherPlaces[:0]); err != nil {
		return 0, err
	}
	s.match.find(s.keys, s.others)
	if share = s.share(uint32(len(s.match.own)), i, j); share < leastRuns {
		return 0, nil
	}
	thinning := max(s.thinning[i], s.thinning[j])
	if s.own[i] <= s.own[j] && covers(s.keys, s.places, s.match.own, thinning, s.own[i]) ||
		s.own[j] <= s.own[i] && covers(s.others, s.otherPlaces, s.match.others, thinning, s.own[j]) {
		return share, nil
	}
	return 0, nil
}

// share is about which part of the runs of the shorter of two articles stands in the other,
// given the fingerprints they have in common: those that the sparser choice of the two
// leaves, so that each stands for as many runs.
func (s *runSearch) share(score uint32, i, j int32) uint32 {
	runs := uint64(score) * uint64(max(s.thinning[i], s.thinning[j]))
	return uint32(min(runs*shareUnit/uint64(max(1, min(s.own[i], s.own[j]))), shareUnit))
}
