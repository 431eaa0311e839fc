package candidate

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

func ExampleJoin() {
	keys := []Keys{
		{Language: article.English, Keys: []shingle.Key{108, 209}},
		{Language: article.French, Keys: []shingle.Key{307, 409}},
		{Language: article.French, Keys: []shingle.Key{108, 511}},
	}
	fmt.Println(Join(context.Background(), keys, Options{}))
	// Output:
	// [{0 2}] <nil>
}

// join is Join with a context that does not end.
func join(keys []Keys, o Options) []Pair {
	pairs, err := Join(context.Background(), keys, o)
	if err != nil {
		panic(err)
	}
	return pairs
}

var languages = []article.Language{article.English, article.French, "de"}

// key is a key of the level, which tells its weight.
func key(n, level int) shingle.Key { return shingle.Key(n<<5 | level) }

// keySets draws between least and most articles with few different keys, so that
// many are shared.
func keySets(least, most int) *rapid.Generator[[]Keys] {
	return rapid.Custom(func(t *rapid.T) []Keys {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Keys {
			k := Keys{Language: rapid.SampledFrom(languages).Draw(t, "language")}
			for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(1, 40), 0, 8, rapid.ID).Draw(t, "keys of one") {
				k.Keys = append(k.Keys, key(n, 7+n%7))
			}
			slices.Sort(k.Keys)
			return k
		}), least, most).Draw(t, "keys")
	})
}

// shared is the weight of the keys that two articles share.
func shared(a, b Keys) uint32 {
	sum := uint32(0)
	for _, k := range a.Keys {
		if slices.Contains(b.Keys, k) {
			sum += k.Weight()
		}
	}
	return sum
}

// naiveJoin is the twin of Join for piles too small to have a hot key: it compares all
// with all and sorts the partners of each.
func naiveJoin(keys []Keys, perArticle int) []Pair {
	found := map[Pair]bool{}
	for i := range keys {
		type partner struct {
			j     int
			score uint32
		}
		byLanguage := map[article.Language][]partner{}
		for j := range keys {
			score := shared(keys[i], keys[j])
			if i != j && score > 0 && Suffices(score, keys[i].Own(), keys[j].Own(), keys[i].Language != keys[j].Language) {
				byLanguage[keys[j].Language] = append(byLanguage[keys[j].Language], partner{j, score})
			}
		}
		for _, partners := range byLanguage {
			slices.SortStableFunc(partners, func(p, q partner) int { return cmp.Compare(q.score, p.score) })
			for rank, p := range partners {
				if rank < perArticle || IsStrong(p.score, keys[i].Own(), keys[p.j].Own()) {
					found[Pair{int32(min(i, p.j)), int32(max(i, p.j))}] = true
				}
			}
		}
	}
	return sorted(found)
}

func sorted(found map[Pair]bool) []Pair {
	var pairs []Pair
	for p := range found {
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(p, q Pair) int { return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B)) })
	return pairs
}

func TestEveryPairThatSharesEnoughIsProposedInASmallPile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := keySets(0, PerArticle+1).Draw(t, "keys")
		want := map[Pair]bool{}
		for i := range keys {
			for j := range i {
				if shared(keys[i], keys[j]) > 0 {
					want[Pair{int32(j), int32(i)}] = true
				}
			}
		}
		if diff := gocmp.Diff(sorted(want), join(keys, Options{})); diff != "" {
			t.Fatal("naive, Join:", diff)
		}
	})
}

func TestBeyondTheLimitTheBestOfEachLanguageAndTheStrongAreProposed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := keySets(0, 40).Draw(t, "keys")
		limit := rapid.IntRange(1, 4).Draw(t, "limit")
		if diff := gocmp.Diff(naiveJoin(keys, limit), join(keys, Options{PerArticle: limit})); diff != "" {
			t.Fatal("naive, Join:", diff)
		}
		if diff := gocmp.Diff(naiveJoin(keys, limit), join(keys, Options{PerArticle: limit, Workers: 2, Memory: 1})); diff != "" {
			t.Fatal("naive, Join in parts:", diff)
		}
	})
}

func TestWorkersDoNotChangeThePairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	keys := randomKeys(rng, 700)
	want := join(keys, Options{})
	if len(want) == 0 {
		t.Fatal("no pairs: the test shows nothing")
	}
	for _, workers := range []int{-1, 1, 2, 5, 64} {
		if diff := gocmp.Diff(want, join(keys, Options{Workers: workers})); diff != "" {
			t.Errorf("%d workers: %s", workers, diff)
		}
	}
}

func TestListsInTheFileAreFoundForHoweverManyArticles(t *testing.T) {
	keys := randomKeys(rand.New(rand.NewPCG(4, 9)), 5000)
	want := join(keys, Options{Unlike: true})
	x, err := newIndex(context.Background(), slice(keys), Options{Workers: 2, Memory: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer x.close()
	for _, most := range []int{1, 100, askedKeys} {
		s := newSearch(x, Options{})
		s.asked.most = most
		var got collection
		for b := range int32((len(keys) + x.together() - 1) / x.together()) {
			pairs, err := s.some(nil, b)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, pairs)
		}
		if diff := gocmp.Diff(want, got.pairs()); diff != "" {
			t.Errorf("%d keys at a time: %s", most, diff)
		}
	}
}

// randomKeys makes articles of both languages with keys from a long-tailed stock.
func randomKeys(rng *rand.Rand, n int) []Keys {
	keys := make([]Keys, n)
	for i := range keys {
		keys[i].Language = languages[rng.IntN(2)]
		for range 24 {
			n := int(rng.ExpFloat64() * 300)
			keys[i].Keys = append(keys[i].Keys, key(n, 7+n%9))
		}
		slices.Sort(keys[i].Keys)
		keys[i].Keys = slices.Compact(keys[i].Keys)
	}
	return keys
}

// Where no article has more partners than it may propose, nothing depends on the
// order; among equals beyond the limit the first do, so a caller gives them in order.
func TestOrderOfArticlesDoesNotChangeThePairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := keySets(0, 30).Draw(t, "keys")
		order := rapid.Permutation(indices(len(keys))).Draw(t, "order")
		shuffled := make([]Keys, len(keys))
		for to, from := range order {
			shuffled[to] = keys[from]
		}
		renamed := map[Pair]bool{}
		for _, p := range join(shuffled, Options{PerArticle: len(keys)}) {
			a, b := int32(order[p.A]), int32(order[p.B])
			renamed[Pair{min(a, b), max(a, b)}] = true
		}
		if diff := gocmp.Diff(join(keys, Options{PerArticle: len(keys)}), sorted(renamed)); diff != "" {
			t.Fatal("in order, shuffled:", diff)
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestPairsAreInOrderDistinctAndNeverAnArticleWithItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := keySets(0, 40).Draw(t, "keys")
		pairs := join(keys, Options{Workers: 3, PerArticle: 2})
		for i, p := range pairs {
			if p.A >= p.B || p.A < 0 || int(p.B) >= len(keys) {
				t.Fatalf("pair %v of %d articles", p, len(keys))
			}
			if i > 0 && cmp.Or(cmp.Compare(pairs[i-1].A, p.A), cmp.Compare(pairs[i-1].B, p.B)) >= 0 {
				t.Fatalf("%v stands before %v", pairs[i-1], p)
			}
		}
	})
}

func TestNothingIsProposedForPilesWithoutPartners(t *testing.T) {
	lone := Keys{Language: article.English, Keys: []shingle.Key{key(1, 9), key(2, 9)}}
	for name, keys := range map[string][]Keys{
		"no article": nil, "one article": {lone}, "no keys": {{}, {}, {}},
		"no key shared": {lone, {Keys: []shingle.Key{key(1, 8), key(3, 9)}}},
	} {
		if pairs := join(keys, Options{}); len(pairs) > 0 {
			t.Errorf("%s: %v", name, pairs)
		}
	}
}

func TestAHotKeyIsReadInPartAndHidesNobody(t *testing.T) {
	const n, perArticle = 5 * Hot, 4
	keys := make([]Keys, n)
	for i := range keys {
		keys[i].Language = languages[i%2]
		keys[i].Keys = []shingle.Key{key(1, 9), key(2, 9), key(3, 9)}
	}
	planted := Pair{17, n - 98}
	for _, i := range []int32{planted.A, planted.B} {
		keys[i].Keys = append(keys[i].Keys, key(1000, 30))
	}
	pairs := join(keys, Options{Workers: 2, PerArticle: perArticle})
	if !slices.Contains(pairs, planted) {
		t.Error("the pair that shares a rare key besides is not proposed")
	}
	if most := n * MaxStrong * len(languages); len(pairs) > most {
		t.Errorf("%d pairs, more than %d", len(pairs), most)
	}
}

func TestAKeyThatAllArticlesShareGivesNoMorePairsThanTheLimit(t *testing.T) {
	const n, perArticle = 600, 5
	keys := make([]Keys, n)
	for i := range keys {
		keys[i].Language = article.English
		keys[i].Keys = []shingle.Key{key(1, 9)} // a notice under every article
		for k := range 20 {
			keys[i].Keys = append(keys[i].Keys, key(10+20*i+k, 12))
		}
	}
	if pairs := join(keys, Options{PerArticle: perArticle}); len(pairs) > n*perArticle {
		t.Errorf("%d pairs of %d articles, each of which may propose %d", len(pairs), n, perArticle)
	}
}

// A member of a family has more like partners than the limit. What must hold: the
// pairs make the family one component, the pile is still joined, and articles outside
// the family keep their partners. All pairs may be proposed, since every one is
// strong; how many are is for TestAFamilyCostsLittleMoreThanItsMembers.
func TestAFamilyOfNearlyIdenticalArticlesStaysOneComponent(t *testing.T) {
	for _, f := range []struct{ members, keys int }{{40, 30}, {2000, 30}, {1200, 130}, {Hot - 1, 130}, {Hot + 1, 130}, {300, 10}} {
		n := f.members
		if n > 1000 && testing.Short() {
			continue
		}
		keys := family(n, f.keys)
		outsider := Keys{Language: article.French, Keys: []shingle.Key{key(70001, 9), key(70002, 9)}}
		keys = append(keys, outsider, outsider)
		pairs := join(keys, Options{Workers: 2})
		parent := indices(n + 2)
		root := func(i int) int {
			for parent[i] != i {
				parent[i] = parent[parent[i]]
				i = parent[i]
			}
			return i
		}
		for _, p := range pairs {
			parent[root(int(p.A))] = root(int(p.B))
		}
		for i := range n {
			if root(i) != root(0) {
				t.Fatalf("family of %d: member %d is cut off", n, i)
			}
		}
		if root(n) == root(0) || root(n) != root(n+1) {
			t.Errorf("family of %d: the pair outside it was lost or tied to it", n)
		}
	}
}

// family makes n articles that share so many keys and have one to themselves.
func family(n, shared int) []Keys {
	keys := make([]Keys, n)
	for i := range keys {
		keys[i].Language = article.English
		for k := range shared {
			keys[i].Keys = append(keys[i].Keys, key(k, 9))
		}
		keys[i].Keys = append(keys[i].Keys, key(1000+i, 11))
	}
	return keys
}

func TestAFamilyCostsLittleMoreThanItsMembers(t *testing.T) {
	const n = 400
	if pairs := join(family(n, 30), Options{}); len(pairs) > MaxStrong*n {
		t.Errorf("%d pairs for a family of %d: more than %d a member", len(pairs), n, MaxStrong)
	}
}

func TestEachLanguageHasItsOwnLimit(t *testing.T) {
	const perArticle = 3
	// One article shares one of its many keys with ten articles of each language, too few
	// to be strong; these have a further key that ties them to nobody.
	asker := Keys{Language: article.English}
	for n := range 40 {
		asker.Keys = append(asker.Keys, key(n, 9))
	}
	keys := []Keys{asker}
	for i := range 20 {
		keys = append(keys, Keys{Language: languages[i%2], Keys: []shingle.Key{key(2*i, 9), key(1000+i, 27)}})
	}
	x, err := newIndex(context.Background(), slice(keys), Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	count := map[article.Language]int{}
	s := newSearch(x, Options{PerArticle: perArticle})
	s.keys = asker.Keys
	pairs, err := s.partners(nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pairs {
		count[keys[p.B].Language]++
	}
	want := map[article.Language]int{article.English: perArticle, article.French: perArticle}
	if diff := gocmp.Diff(want, count); diff != "" {
		t.Error(diff)
	}
}

func TestStrongPartnersAreProposedBeyondTheLimit(t *testing.T) {
	keys := family(50, 30)
	if got, want := len(join(keys, Options{PerArticle: 1})), 50*49/2; got != want {
		t.Errorf("%d pairs of 50 nearly identical articles, want all %d", got, want)
	}
}

// listOf is the list of a key, wherever it is.
func (x *index) listOf(key uint32) (list, error) {
	l := x.lists
	if l.partOf(key).bytes != nil {
		return l.at(key, l.spot(key)), nil
	}
	a := asked{asks: []uint64{uint64(key) << 32}}
	err := a.copy(l)
	return a.list(0, l.partOf(key), l.size).list, err
}

func TestListsAnswerLikeAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		twin := map[uint32][]int32{}
		var keys []Keys
		for i := range rapid.Int32Range(0, 12).Draw(t, "articles") {
			var own []shingle.Key
			for _, key := range rapid.SliceOfNDistinct(rapid.OneOf(rapid.Uint32Range(0, 9), rapid.Uint32(), rapid.Uint32Range(1<<32-10, 1<<32-1)), 0, 5, rapid.ID).Draw(t, "keys") {
				own = append(own, shingle.Key(key))
				twin[key] = append(twin[key], i)
			}
			slices.Sort(own)
			keys = append(keys, Keys{Keys: own})
		}
		memory := rapid.SampledFrom([]int64{0, 1, 60}).Draw(t, "memory") // many parts, few
		x, err := newIndex(context.Background(), slice(keys), Options{Workers: 2, Memory: memory})
		if err != nil {
			t.Fatal(err)
		}
		l := x.lists
		defer l.close()
		for _, key := range []uint32{0, 1, 2, 5, 9, 10, 1<<32 - 11, 1<<32 - 10, 1<<32 - 2, 1<<32 - 1} {
			want := twin[key]
			if len(want) < 2 {
				want = nil // nobody shares it
			}
			found, err := x.listOf(key)
			if err != nil {
				t.Fatal(err)
			}
			var got []int32
			for n := range found.len() {
				got = append(got, found.at(n))
			}
			if !slices.Equal(got, want) {
				t.Fatalf("key %d: %v, want %v", key, got, want)
			}
			for i := range int32(13) {
				if place, _ := slices.BinarySearch(want, i); found.search(i) != place {
					t.Fatalf("key %d: article %d is at %d of %v", key, i, found.search(i), want)
				}
			}
		}
	})
}

func BenchmarkJoin(b *testing.B) {
	keys := randomKeys(rand.New(rand.NewPCG(5, 8)), 4000)
	var pairs []Pair
	for b.Loop() {
		pairs = join(keys, Options{Workers: 2})
	}
	b.ReportMetric(float64(len(keys))*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
	b.ReportMetric(float64(len(pairs))/float64(len(keys)), "pairs/article")
}
