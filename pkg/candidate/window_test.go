package candidate

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

const day = 24 * time.Hour

// editions draws keySets, of each text one article or a few, with times within forty days
// or none, and now and then a period of some days. They come in order of time, as among
// equals the first come first.
func editions(least, most int) *rapid.Generator[[]Keys] {
	return rapid.Custom(func(t *rapid.T) []Keys {
		var out []Keys
		for i, k := range keySets(least, most).Draw(t, "keys") {
			k.Hash = article.Hash{byte(i + 1)}
			for _, from := range rapid.SliceOfN(rapid.Int64Range(-1, 40), 1, 3).Draw(t, "days") {
				k.Published = Period{}
				if from >= 0 {
					days := max(0, rapid.Int64Range(-6, 3).Draw(t, "long"))
					k.Published = Period{From: from * 86400, To: (from + days) * 86400, Known: true}
				}
				out = append(out, k)
			}
		}
		slices.SortStableFunc(out, func(a, b Keys) int {
			switch p, q := a.Published, b.Published; {
			case p.Known && q.Known:
				return cmp.Compare(p.From, q.From)
			case p.Known:
				return 1
			case q.Known:
				return -1
			}
			return 0
		})
		return out
	})
}

// texts are pairs as pairs of texts.
func texts(keys []Keys, pairs []Pair) []Pair {
	found := map[Pair]bool{}
	for _, p := range pairs {
		a, b := int32(keys[p.A].Hash[0]), int32(keys[p.B].Hash[0])
		found[Pair{min(a, b), max(a, b)}] = true
	}
	return sorted(found)
}

func TestAWindowKeepsThePairsThatAreNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := editions(0, 20).Draw(t, "keys")
		window := time.Duration(rapid.IntRange(1, 30).Draw(t, "window")) * day
		o := Options{PerArticle: len(keys), Workers: rapid.IntRange(1, 3).Draw(t, "workers")}
		var want []Pair
		for _, p := range join(keys, o) {
			if a, b := keys[p.A], keys[p.B]; a.Published.Near(b.Published, window) && a.Hash != b.Hash {
				want = append(want, p)
			}
		}
		o.Window = window
		got := join(keys, o)
		for _, p := range got {
			if !slices.Contains(want, p) {
				t.Fatalf("%v is not near, or one text", p)
			}
		}
		if diff := gocmp.Diff(texts(keys, want), texts(keys, got)); diff != "" {
			t.Fatal("filtered, Join:", diff)
		}
	})
}

// The naive twin joins each article with those near it alone, of each text the first: the
// places that it has are for them.
func TestTheLimitsHoldAmongTheTextsWithinTheWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := editions(0, 25).Draw(t, "keys")
		window := time.Duration(rapid.IntRange(1, 20).Draw(t, "window")) * day
		limit := rapid.IntRange(1, 4).Draw(t, "limit")
		found := map[Pair]bool{}
		for i := range keys {
			near, numbers := []Keys{keys[i]}, []int{i}
			for j := range keys {
				known := slices.ContainsFunc(near, func(k Keys) bool { return k.Hash == keys[j].Hash })
				if !known && keys[i].Published.Near(keys[j].Published, window) {
					near, numbers = append(near, keys[j]), append(numbers, j)
				}
			}
			for _, j := range naivePartners(near, limit) {
				found[Pair{int32(min(i, numbers[j])), int32(max(i, numbers[j]))}] = true
			}
		}
		if diff := gocmp.Diff(sorted(found), join(keys, Options{PerArticle: limit, Window: window})); diff != "" {
			t.Fatal("naive, Join:", diff)
		}
	})
}

// naivePartners are the articles that the first one proposes.
func naivePartners(keys []Keys, perArticle int) []int {
	var out []int
	byLanguage := map[article.Language][]int{}
	for j := 1; j < len(keys); j++ {
		if shared(keys[0], keys[j]) > 0 {
			byLanguage[keys[j].Language] = append(byLanguage[keys[j].Language], j)
		}
	}
	for _, js := range byLanguage {
		slices.SortStableFunc(js, func(j, k int) int {
			return cmp.Or(cmp.Compare(shared(keys[0], keys[k]), shared(keys[0], keys[j])), bytes.Compare(keys[j].Hash[:], keys[k].Hash[:]))
		})
		for rank, j := range js {
			if rank < perArticle || IsStrong(shared(keys[0], keys[j]), keys[0].Own(), keys[j].Own()) {
				out = append(out, j)
			}
		}
	}
	return out
}

func TestAWindowGivesTheSamePairsForAnyWorkersAndOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 3))
	keys := randomKeys(rng, 700)
	for i := range keys {
		if rng.IntN(8) > 0 {
			keys[i].Published = At(time.Unix(int64(rng.IntN(365*86400)), 0))
		}
	}
	want := join(keys, Options{Window: 7 * day})
	if len(want) == 0 {
		t.Fatal("no pairs: the test shows nothing")
	}
	for _, workers := range []int{2, 5, 64} {
		if diff := gocmp.Diff(want, join(keys, Options{Window: 7 * day, Workers: workers})); diff != "" {
			t.Errorf("%d workers: %s", workers, diff)
		}
	}
}

// A pile of one template over ten years: without the window its hot lists would be read
// where the ids are near, and the neighbours in time be hidden.
func TestAHotKeyIsReadWhereItIsNearInTime(t *testing.T) {
	const n = 4 * Hot
	keys := make([]Keys, n)
	for i := range keys {
		keys[i].Language = article.English
		keys[i].Keys = []shingle.Key{key(1, 9), key(2, 9)}
		// Neighbours in time are far apart in the order given.
		keys[i].Published = At(time.Unix(int64(i%2*n/2+i/2)*86400, 0))
	}
	for _, p := range join(keys, Options{Window: day}) {
		if a, b := keys[p.A].Published, keys[p.B].Published; !a.Near(b, day) {
			t.Fatalf("%v: %v and %v", p, a, b)
		}
	}
	if got, want := len(join(keys, Options{Window: day})), n-1; got != want {
		t.Errorf("%d pairs of %d articles, one a day, want %d", got, n, want)
	}
}

func TestPeriodsAreNearUpToTheWindow(t *testing.T) {
	at := func(s string) Period {
		moment, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return At(moment)
	}
	monday, tuesday := at("2024-03-04T08:00:00Z"), at("2024-03-05T08:00:00Z")
	for _, c := range []struct {
		p, q   Period
		window time.Duration
		want   bool
	}{
		{monday, tuesday, day, true},
		{monday, tuesday, day - time.Second, false},
		{monday, tuesday, day - time.Second + 1, true}, // rounded up
		{monday, at("2024-03-04T09:00:00+01:00"), 1, true},
		{monday, tuesday, 0, true},
		{monday, Period{}, 1, true},
		{Period{}, Period{}, 1, true},
		{At(time.Time{}), tuesday, 1, true},
		{at("0001-01-02T00:00:00Z"), at("9999-12-31T00:00:00Z"), math.MaxInt64, false},
		{Period{From: monday.From, To: tuesday.To, Known: true}, at("2024-03-06T08:00:00Z"), day, true},
		{at("1970-01-01T00:00:00Z"), monday, day, false},
	} {
		if c.p.Near(c.q, c.window) != c.want || c.q.Near(c.p, c.window) != c.want {
			t.Errorf("%v and %v, window %v: near is not %v both ways", c.p, c.q, c.window, c.want)
		}
	}
}

func TestJoinEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	because := errors.New("enough")
	cancel(because)
	for _, window := range []time.Duration{0, day} {
		pairs, err := Join(ctx, family(200, 30), Options{Window: window})
		if pairs != nil || !errors.Is(err, because) {
			t.Errorf("%d pairs, error %v", len(pairs), err)
		}
	}
}

func TestPostingsAreSortedAsSliceSortDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		postings := rapid.SliceOf(rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 300), rapid.Just(uint64(math.MaxUint64)))).Draw(t, "postings")
		want := slices.Sorted(slices.Values(postings))
		if err := sortPostings(context.Background(), postings, 32, 2); err != nil || !slices.Equal(postings, want) {
			t.Fatalf("%v, %v; want %v", postings, err, want)
		}
	})
}

func BenchmarkJoinWithin(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 8))
	keys := randomKeys(rng, 4000)
	for i := range keys {
		keys[i].Published = At(time.Unix(int64(rng.IntN(365*86400)), 0))
	}
	for b.Loop() {
		join(keys, Options{Workers: 2, Window: 7 * day})
	}
	b.ReportMetric(float64(len(keys))*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}
