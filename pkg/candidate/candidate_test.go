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
	"github.com/calque-dev/calque/pkg/lexicon"
)

func ExampleJoin() {
	keys := []Keys{
		{Language: article.English, Concepts: []lexicon.Weighted{{Concept: 1, Weight: 8}, {Concept: 2, Weight: 9}}},
		{Language: article.French, Concepts: []lexicon.Weighted{{Concept: 3, Weight: 7}, {Concept: 4, Weight: 9}}},
		{Language: article.French, Concepts: []lexicon.Weighted{{Concept: 1, Weight: 8}, {Concept: 2, Weight: 9}}},
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

// keySets draws between least and most articles with few different keys, so that
// many are shared. Weights are whole numbers: sums of them are exact.
func keySets(least, most int) *rapid.Generator[[]Keys] {
	return rapid.Custom(func(t *rapid.T) []Keys {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Keys {
			k := Keys{Language: rapid.SampledFrom(languages).Draw(t, "language")}
			concepts := rapid.SliceOfNDistinct(rapid.Uint32Range(1, 30), 0, 8, rapid.ID).Draw(t, "concepts")
			slices.Sort(concepts)
			for _, c := range concepts {
				k.Concepts = append(k.Concepts, lexicon.Weighted{Concept: lexicon.Concept(c), Weight: float32(3 + c%7)})
			}
			// A language has fingerprints of its own, as the words that make them.
			for _, f := range rapid.SliceOfNDistinct(rapid.Uint64Range(1, 12), 0, 4, rapid.ID).Draw(t, "runs") {
				k.Fingerprints = append(k.Fingerprints, f<<8|uint64(k.Language[0]))
			}
			slices.Sort(k.Fingerprints)
			return k
		}), least, most).Draw(t, "keys")
	})
}

func sharedConcepts(a, b Keys) (n int, weight float32) {
	for _, c := range a.Concepts {
		for _, d := range b.Concepts {
			if c.Concept == d.Concept {
				n++
				weight += c.Weight
			}
		}
	}
	return n, weight
}

func sharedRuns(a, b Keys) (n int, weight float32) {
	for _, f := range a.Fingerprints {
		if slices.Contains(b.Fingerprints, f) {
			n++
		}
	}
	return n, float32(n)
}

// naiveJoin is the twin of Join for piles too small to have a hot concept: it
// compares all with all and sorts the partners of each.
func naiveJoin(keys []Keys, perArticle int) []Pair {
	found := map[Pair]bool{}
	propose := func(i int, least int, shared func(a, b Keys) (int, float32)) {
		_, own := shared(keys[i], keys[i])
		type partner struct {
			j      int
			weight float32
		}
		byLanguage := map[article.Language][]partner{}
		for j := range keys {
			if n, weight := shared(keys[i], keys[j]); i != j && n >= least {
				byLanguage[keys[j].Language] = append(byLanguage[keys[j].Language], partner{j, weight})
			}
		}
		for _, partners := range byLanguage {
			slices.SortStableFunc(partners, func(p, q partner) int { return cmp.Compare(q.weight, p.weight) })
			for rank, p := range partners {
				_, other := shared(keys[p.j], keys[p.j])
				if rank < perArticle || p.weight >= strongShare*min(own, other) {
					found[Pair{int32(min(i, p.j)), int32(max(i, p.j))}] = true
				}
			}
		}
	}
	for i := range keys {
		propose(i, MinShared, sharedConcepts)
		propose(i, 1, sharedRuns)
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
				concepts, _ := sharedConcepts(keys[i], keys[j])
				runs, _ := sharedRuns(keys[i], keys[j])
				if concepts >= MinShared || runs > 0 {
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

// randomKeys makes articles of both languages with keys from a long-tailed stock.
func randomKeys(rng *rand.Rand, n int) []Keys {
	keys := make([]Keys, n)
	for i := range keys {
		keys[i].Language = languages[rng.IntN(2)]
		rare := map[lexicon.Concept]bool{}
		for range 24 {
			rare[lexicon.Concept(rng.ExpFloat64()*300)] = true
		}
		for c := range rare {
			keys[i].Concepts = append(keys[i].Concepts, lexicon.Weighted{Concept: c, Weight: float32(c%9) + 3})
		}
		slices.SortFunc(keys[i].Concepts, func(a, b lexicon.Weighted) int { return cmp.Compare(a.Concept, b.Concept) })
		keys[i].Fingerprints = []uint64{uint64(rng.IntN(4*n))<<8 | uint64(keys[i].Language[0])}
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
	lone := Keys{Language: article.English, Fingerprints: []uint64{7}, Concepts: []lexicon.Weighted{{Concept: 1, Weight: 5}, {Concept: 2, Weight: 5}}}
	for name, keys := range map[string][]Keys{
		"no article": nil, "one article": {lone}, "no keys": {{}, {}, {}},
		"one concept shared": {{Concepts: lone.Concepts[:1]}, {Concepts: lone.Concepts[:1]}},
	} {
		if pairs := join(keys, Options{}); len(pairs) > 0 {
			t.Errorf("%s: %v", name, pairs)
		}
	}
}

func TestAHotConceptIsReadInPartAndHidesNobody(t *testing.T) {
	const n, perArticle = 5 * Hot, 4
	keys := make([]Keys, n)
	for i := range keys {
		keys[i].Language = languages[i%2]
		keys[i].Concepts = []lexicon.Weighted{{Concept: 1, Weight: 9}, {Concept: 2, Weight: 9}, {Concept: 3, Weight: 9}}
	}
	planted := Pair{17, n - 98}
	for _, i := range []int32{planted.A, planted.B} {
		keys[i].Concepts = append(keys[i].Concepts, lexicon.Weighted{Concept: 1000, Weight: 30}, lexicon.Weighted{Concept: 1001, Weight: 30})
	}
	pairs := join(keys, Options{Workers: 2, PerArticle: perArticle})
	if !slices.Contains(pairs, planted) {
		t.Error("the pair that shares two rare concepts besides is not proposed")
	}
	if most := n * MaxStrong * len(languages); len(pairs) > most {
		t.Errorf("%d pairs, more than %d", len(pairs), most)
	}
}

func TestARunThatAllArticlesShareGivesNoMorePairsThanTheLimit(t *testing.T) {
	const n, perArticle = 600, 5
	keys := make([]Keys, n)
	for i := range keys {
		keys[i].Language = article.English
		for k := range 20 {
			keys[i].Fingerprints = append(keys[i].Fingerprints, uint64(k*n+i))
		}
		keys[i].Fingerprints = append(keys[i].Fingerprints, 1<<40) // a notice under every article
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
	for _, n := range []int{40, 2000} {
		if n > 1000 && testing.Short() {
			continue
		}
		keys := family(n)
		outsider := Keys{Language: article.French, Concepts: []lexicon.Weighted{{Concept: 70001, Weight: 6}, {Concept: 70002, Weight: 6}}}
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

// family makes n articles that share thirty runs and thirty concepts and have one of
// each to themselves.
func family(n int) []Keys {
	keys := make([]Keys, n)
	for i := range keys {
		keys[i].Language = article.English
		for k := range 30 {
			keys[i].Fingerprints = append(keys[i].Fingerprints, uint64(k))
			keys[i].Concepts = append(keys[i].Concepts, lexicon.Weighted{Concept: lexicon.Concept(k), Weight: 7})
		}
		keys[i].Fingerprints = append(keys[i].Fingerprints, uint64(1000+i))
		keys[i].Concepts = append(keys[i].Concepts, lexicon.Weighted{Concept: lexicon.Concept(1000 + i), Weight: 9})
	}
	return keys
}

func TestAFamilyCostsLittleMoreThanItsMembers(t *testing.T) {
	const n = 400
	if pairs := join(family(n), Options{}); len(pairs) > MaxStrong*n {
		t.Errorf("%d pairs for a family of %d: more than %d a member", len(pairs), n, MaxStrong)
	}
}

func TestEachLanguageHasItsOwnLimit(t *testing.T) {
	const perArticle = 3
	// One article shares two of its many concepts with ten articles of each language,
	// too few to be strong; these have two further concepts that tie them to nobody.
	asker := Keys{Language: article.English}
	for c := range 40 {
		asker.Concepts = append(asker.Concepts, lexicon.Weighted{Concept: lexicon.Concept(c), Weight: 5})
	}
	keys := []Keys{asker}
	for i := range 20 {
		keys = append(keys, Keys{Language: languages[i%2], Concepts: []lexicon.Weighted{
			{Concept: lexicon.Concept(2 * i), Weight: 5}, {Concept: lexicon.Concept(2*i + 1), Weight: 5},
			{Concept: lexicon.Concept(1000 + i), Weight: 50}, // makes the two weak on this side as well
		}})
	}
	x, err := newIndex(context.Background(), keys, 0)
	if err != nil {
		t.Fatal(err)
	}
	count := map[article.Language]int{}
	for _, p := range newSearch(x, perArticle).partners(nil, 0) {
		count[keys[p.B].Language]++
	}
	want := map[article.Language]int{article.English: perArticle, article.French: perArticle}
	if diff := gocmp.Diff(want, count); diff != "" {
		t.Error(diff)
	}
}

func TestStrongPartnersAreProposedBeyondTheLimit(t *testing.T) {
	keys := family(50)
	if got, want := len(join(keys, Options{PerArticle: 1})), 50*49/2; got != want {
		t.Errorf("%d pairs of 50 nearly identical articles, want all %d", got, want)
	}
}

func TestArticlesThatShareVeryManyRunsAreProposed(t *testing.T) {
	for _, shared := range []int{1<<16 - 1, 1 << 16, 1<<16 + 1} {
		keys := make([]Keys, 2)
		for i := range keys {
			keys[i].Language = article.English
			for f := range shared {
				keys[i].Fingerprints = append(keys[i].Fingerprints, uint64(f))
			}
			keys[i].Fingerprints = append(keys[i].Fingerprints, uint64(1<<30+i))
		}
		if diff := gocmp.Diff([]Pair{{0, 1}}, join(keys, Options{})); diff != "" {
			if shared == 1<<16 {
				t.Error("search.shared is a uint16 that wraps: 65 536 shared runs count as none")
			}
			t.Errorf("%d shared runs: %s", shared, diff)
		}
	}
}

func TestListsAnswerLikeAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		twin := map[uint32][]int32{}
		var postings []uint64
		for i := range rapid.Int32Range(0, 12).Draw(t, "articles") {
			for _, key := range rapid.SliceOfNDistinct(rapid.Uint32Range(0, 9), 0, 5, rapid.ID).Draw(t, "keys") {
				postings = append(postings, posting(key, int(i)))
				twin[key] = append(twin[key], i)
			}
		}
		l, err := newLists(context.Background(), postings)
		if err != nil {
			t.Fatal(err)
		}
		for key := range uint32(11) {
			if !slices.Equal(l.of(key), twin[key]) {
				t.Fatalf("key %d: %v, want %v", key, l.of(key), twin[key])
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
