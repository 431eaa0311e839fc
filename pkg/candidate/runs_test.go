package candidate

import (
	"context"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

// runSlice is a RunPile in memory: the fingerprints of an article in order of their keys,
// one after another in its places.
type runSlice []Keys

func (s runSlice) Len() int { return len(s) }

func (s runSlice) Head(i int) Keys {
	return Keys{Hash: s[i].Hash, Published: s[i].Published, Thinning: s[i].Thinning}
}

func (s runSlice) Size(i int) int { return len(s[i].Keys) }

func (s runSlice) Keys(i int, dst []shingle.Key) ([]shingle.Key, error) { return slice(s).Keys(i, dst) }

func (s runSlice) Runs(i int, keys []shingle.Key, places []uint8) ([]shingle.Key, []uint8, error) {
	for n := range s[i].Keys {
		places = append(places, s.place(i, n))
	}
	return append(keys, s[i].Keys...), places, nil
}

func (s runSlice) Survey(ctx context.Context, workers int, take func(worker int) TakeRuns) error {
	return each(ctx, len(s), 1, workers, func(w int) func(int) error {
		take := take(w)
		return func(i int) error {
			keys, places, _ := s.Runs(i, nil, nil)
			return take(i, keys, places)
		}
	})
}

func (s runSlice) place(i, n int) uint8 { return uint8(n * Places / len(s[i].Keys)) }

func joinRuns(t testing.TB, pile runSlice, o Options) []Pair {
	pairs, err := JoinRuns(context.Background(), pile, o)
	if err != nil {
		t.Fatal(err)
	}
	return pairs
}

// mayCopy is the naive twin of what JoinRuns asks of a pair: enough fingerprints in common, in
// enough of the places that it asks about in either, and covering enough of the shorter one.
func (s runSlice) mayCopy(i, j int) bool {
	thinning := max(s[i].Thinning, s[j].Thinning)
	shared := 0
	for _, k := range s[i].Keys {
		if slices.Contains(s[j].Keys, k) {
			shared++
		}
	}
	least := min(len(s[i].Keys)*s[i].Thinning, len(s[j].Keys)*s[j].Thinning)
	if shared == 0 || float64(shared*thinning)/float64(least) < float64(leastRuns)/shareUnit {
		return false
	}
	return (s.meets(i, j) || s.meets(j, i)) && (s.covers(i, j) || s.covers(j, i))
}

// left reports whether a fingerprint is chosen with the thinning.
func left(k shingle.Key, thinning int) bool { return uint64(k) < (1<<32)/uint64(thinning) }

// listed reports whether several articles have a fingerprint.
func (s runSlice) listed(k shingle.Key) bool {
	have := 0
	for i := range s {
		if slices.Contains(s[i].Keys, k) {
			have++
		}
	}
	return have > 1
}

// meets reports whether article i finds j in enough of the places in which it finds any.
func (s runSlice) meets(i, j int) bool {
	var all, met uint32
	for n, k := range s[i].Keys {
		place := uint32(1) << (int(s.place(i, n)) * askedPlaces / Places)
		if left(k, max(s[i].Thinning, s[j].Thinning)) && s.listed(k) {
			all |= place
		}
		if slices.Contains(s[j].Keys, k) {
			met |= place
		}
	}
	return bits.OnesCount32(met) >= partOf(all, leastSpread)
}

// covers reports whether article i is no longer than j, and covered by it.
func (s runSlice) covers(i, j int) bool {
	runs := len(s[i].Keys) * s[i].Thinning
	if runs > len(s[j].Keys)*s[j].Thinning {
		return false
	}
	var places []uint8
	var shared []int32
	for n, k := range s[i].Keys {
		places = append(places, s.place(i, n))
		if slices.Contains(s[j].Keys, k) {
			shared = append(shared, int32(n))
		}
	}
	return covers(s[i].Keys, places, shared, uint8(max(s[i].Thinning, s[j].Thinning)), uint32(runs))
}

// runPiles draws articles that take their fingerprints from few stretches of one text.
func runPiles(most int) *rapid.Generator[runSlice] {
	return rapid.Custom(func(t *rapid.T) runSlice {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		stock := make([]shingle.Key, 120)
		for i := range stock {
			stock[i] = shingle.Key(rng.Uint32())
		}
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Keys {
			from := rapid.IntRange(0, len(stock)).Draw(t, "from")
			k := Keys{Thinning: rapid.IntRange(1, 3).Draw(t, "thinning")}
			for _, key := range stock[from:rapid.IntRange(from, min(from+60, len(stock))).Draw(t, "to")] {
				if uint64(key) < (1<<32)/uint64(k.Thinning) {
					k.Keys = append(k.Keys, key)
				}
			}
			slices.Sort(k.Keys)
			return k
		}), 0, most).Draw(t, "pile")
	})
}

func TestEveryPairThatMayBeACopyIsProposedInASmallPile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pile := runPiles(PerArticle+1).Draw(t, "pile")
		var want []Pair
		for i := range pile {
			for j := i + 1; j < len(pile); j++ {
				if pile.mayCopy(i, j) {
					want = append(want, Pair{int32(i), int32(j)})
				}
			}
		}
		for _, o := range []Options{{}, {Workers: 3, Memory: 1}, {Window: time.Hour}} {
			got, err := JoinRuns(context.Background(), pile, o)
			if diff := gocmp.Diff(want, got); err != nil || diff != "" {
				t.Fatalf("%+v: naive, JoinRuns: %s %v", o, diff, err)
			}
		}
	})
}

// copiesOf are n articles that have nine in ten of the fingerprints of one, after others
// that have none.
func copiesOf(n, others int) runSlice {
	rng := rand.New(rand.NewPCG(5, 6))
	draw := func() (k Keys) {
		for range 60 {
			k.Keys = append(k.Keys, shingle.Key(rng.Uint32()))
		}
		slices.Sort(k.Keys)
		k.Thinning = 1
		return k
	}
	var pile runSlice
	for range others {
		pile = append(pile, draw())
	}
	original := draw()
	pile = append(pile, original)
	for range n - 1 {
		k := Keys{Thinning: 1, Hash: article.Hash{byte(len(pile)), byte(len(pile) >> 8)}}
		for _, key := range original.Keys {
			if rng.IntN(10) > 0 {
				k.Keys = append(k.Keys, key)
			}
		}
		pile = append(pile, k)
	}
	return pile
}

func TestALargeFamilyIsTiedToItsFirstMemberInFewPairs(t *testing.T) {
	const others, n = 50, 20 * hotRun
	pairs := joinRuns(t, copiesOf(n, others), Options{Workers: 2})
	if most := n * (PerArticle + hotRunFirst + hotRunRead); len(pairs) > most {
		t.Errorf("%d pairs of %d copies, more than %d", len(pairs), n, most)
	}
	tied := map[int32]bool{}
	for _, p := range pairs {
		if p.A < others {
			t.Fatalf("%v is no pair of copies", p)
		}
		if p.A == others {
			tied[p.B] = true
		}
	}
	if len(tied) != n-1 {
		t.Errorf("%d of %d copies are tied to the first", len(tied), n-1)
	}
}

func TestWorkersAndMemoryDoNotChangeThePairsOfRuns(t *testing.T) {
	pile := copiesOf(3*hotRun, 40)
	want := joinRuns(t, pile, Options{})
	for _, o := range []Options{{Workers: 2}, {Workers: 7, Memory: 1}} {
		if diff := gocmp.Diff(want, joinRuns(t, pile, o)); diff != "" {
			t.Errorf("%+v: %s", o, diff)
		}
	}
}

func TestOneLongQuotationMakesNoCandidates(t *testing.T) {
	pile := copiesOf(1, 1)
	pile[1].Keys = slices.Sorted(slices.Values(append(slices.Clone(pile[0].Keys[:10]), pile[1].Keys...)))
	if pairs := joinRuns(t, pile, Options{}); len(pairs) > 0 {
		t.Errorf("%v, though all they share stands in one place", pairs)
	}
}

func TestCopiesAreFoundAmongManyThatQuoteASentenceOfTheirs(t *testing.T) {
	const copies, quoting = 12, 90
	pile := copiesOf(copies, quoting)
	original := pile[quoting].Keys
	for i := range quoting {
		from := i % 6 * 10
		pile[i].Keys = slices.Sorted(slices.Values(append(slices.Clone(original[from:from+5]), pile[i].Keys...)))
	}
	want := 0
	for _, p := range joinRuns(t, pile, Options{Workers: 2}) {
		if p.A < quoting {
			t.Errorf("%v: one only quotes", p)
		}
		want++
	}
	if want != copies*(copies-1)/2 {
		t.Errorf("%d pairs of %d copies", want, copies)
	}
}

// unreadableRuns is a pile of which no fingerprint can be read.
type unreadableRuns struct{ runSlice }

func (unreadableRuns) Runs(int, []shingle.Key, []uint8) ([]shingle.Key, []uint8, error) {
	return nil, nil, fmt.Errorf("damaged")
}

func TestJoiningRunsFailsWithThePile(t *testing.T) {
	if _, err := JoinRuns(context.Background(), unreadableRuns{copiesOf(3, 0)}, Options{}); err == nil {
		t.Error("no error")
	}
}

func TestAFamilyWhoseRarerFingerprintsDifferIsTiedToItsFirstMember(t *testing.T) {
	// All have the sixty that any thinning leaves, in lists that are hot; of a hundred others
	// that only their windows chose, whose lists are not, each has a half.
	rng := rand.New(rand.NewPCG(7, 8))
	draw := func(n int, from, past uint64) (keys []shingle.Key) {
		for range n {
			keys = append(keys, shingle.Key(from+rng.Uint64N(past-from)))
		}
		return keys
	}
	common, others := draw(60, 0, 1<<32/maxThinning), draw(100, 1<<32/maxThinning, 1<<32)
	var pile runSlice
	for i := range 240 {
		k := Keys{Thinning: maxThinning, Hash: article.Hash{byte(i), 1}, Keys: slices.Clone(common)}
		for _, key := range others {
			if rng.IntN(2) == 0 {
				k.Keys = append(k.Keys, key)
			}
		}
		slices.Sort(k.Keys)
		pile = append(pile, k)
	}
	tied := map[int32]bool{}
	for _, p := range joinRuns(t, pile, Options{Workers: 2}) {
		if p.A == 0 {
			tied[p.B] = true
		}
	}
	if len(tied) != len(pile)-1 {
		t.Errorf("%d of %d are tied to the first", len(tied), len(pile)-1)
	}
}

func TestPhrasesThatEverybodyUsesMakeAPairOnlyIfTheyAreMuchOfIt(t *testing.T) {
	const articles, phrases = 2 * hotRun, 24
	for _, c := range []struct {
		own   int // fingerprints of each article that no other has
		pairs bool
	}{{phrases * 2, false}, {phrases * 7 / 4, false}, {phrases * 5 / 4, true}} {
		rng := rand.New(rand.NewPCG(1, uint64(c.own)))
		key := func() shingle.Key { return shingle.Key(rng.Uint32() >> 3) } // of any thinning
		var shared []shingle.Key
		for range phrases {
			shared = append(shared, key())
		}
		pile := make(runSlice, articles)
		for i := range pile {
			keys := slices.Clone(shared)
			for range c.own {
				keys = append(keys, key())
			}
			slices.Sort(keys)
			pile[i] = Keys{Keys: keys, Thinning: 1}
		}
		if pairs := joinRuns(t, pile, Options{Workers: 2}); len(pairs) > 0 != c.pairs {
			t.Errorf("%d of %d fingerprints are those of everybody: %d pairs", phrases, phrases+c.own, len(pairs))
		}
	}
}
