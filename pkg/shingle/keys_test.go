package shingle

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
)

func TestAKeyIsOfTwoConceptsInAnyOrder(t *testing.T) {
	concept := rapid.Custom(func(t *rapid.T) lexicon.Weighted {
		return lexicon.Weighted{Concept: lexicon.Concept(rapid.Uint32().Draw(t, "concept")), Weight: rapid.Float32Range(0, 15).Draw(t, "idf")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := concept.Draw(t, "a"), concept.Draw(t, "b"), concept.Draw(t, "c")
		if newKey(a, b) != newKey(b, a) {
			t.Fatal("the order of the concepts makes another key")
		}
		if b.Weight <= c.Weight && newKey(a, b).Weight() > newKey(a, c).Weight() {
			t.Fatalf("with a rarer concept the key weighs less: %v, %v", newKey(a, b), newKey(a, c))
		}
		if newKey(a, b).Weight() == 0 {
			t.Fatal("a key weighs nothing")
		}
	})
}

func TestTheWeightiestKeysAreThoseOfTheHighestLevels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) Key {
			return Key(rapid.Uint32Range(0, 5).Draw(t, "hash")<<5 | rapid.Uint32Range(0, 4).Draw(t, "level"))
		}), 0, 20, rapid.ID).Draw(t, "keys")
		slices.Sort(keys)
		n := rapid.IntRange(0, 22).Draw(t, "n")
		want := slices.Clone(keys)
		slices.SortStableFunc(want, func(a, b Key) int { return cmp.Compare(b&keyLevel, a&keyLevel) })
		want = want[:min(n, len(want))]
		slices.Sort(want)
		if got := weightiest(nil, keys, n); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestEverySentenceAndEveryLoneConceptMakesKeys(t *testing.T) {
	b := NewBuilder(little())
	keys := func(written string) []Key { return b.Build(&article.Article{Text: written}, article.English).Keys }
	if n := len(keys("Bergen xebec quern.")); n != 3 {
		t.Errorf("%d keys of three concepts, want their 3 pairs", n)
	}
	if n := len(keys("Bergen.\nXebec.\nQuern.\nZarf.")); n != 2 {
		t.Errorf("%d keys of a list of four concepts, want 2", n)
	}
	if n := len(keys("Bergen.")); n != 0 {
		t.Errorf("%d keys of one concept", n)
	}
}

func TestALongArticleSharesKeysWithEveryPartOfItself(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	var sentences []string
	for range 400 {
		var words strings.Builder
		for range 18 {
			fmt.Fprintf(&words, "word%d ", r.IntN(3000))
		}
		sentences = append(sentences, words.String()+".\n")
	}
	b := NewBuilder(little())
	whole := b.Build(&article.Article{Text: strings.Join(sentences, "")}, article.English).Keys
	without := 0
	for i := 0; i+4 <= len(sentences); i += 4 {
		part := b.Build(&article.Article{Text: strings.Join(sentences[i:i+4], "")}, article.English).Keys
		if !slices.ContainsFunc(part, func(k Key) bool { _, ok := slices.BinarySearch(whole, k); return ok }) {
			without++
		}
	}
	if without > 0 {
		t.Errorf("%d of 100 parts of four sentences share no key with the whole", without)
	}
}

func TestEqualRunsHashAlikeAndOthersDoNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.Uint64Range(0, 3), 0, 40).Draw(t, "words")
		n := rapid.IntRange(1, 6).Draw(t, "run")
		got := runs(words, n)
		want := max(len(words)-n+1, min(len(words), 1))
		if len(got) != want {
			t.Fatalf("%d runs of %d in %d words, want %d", len(got), n, len(words), want)
		}
		n = min(n, len(words))
		for i := range got {
			for j := range i {
				if alike := slices.Equal(words[i:i+n], words[j:j+n]); alike != (got[i] == got[j]) {
					t.Fatalf("runs %v and %v: same hash is %v", words[i:i+n], words[j:j+n], got[i] == got[j])
				}
			}
		}
	})
}

func TestTheOrderOfWordsCountsInARun(t *testing.T) {
	a, b := runs([]uint64{1, 2, 3}, 3), runs([]uint64{3, 2, 1}, 3)
	if slices.Equal(a, b) {
		t.Error("a run and its reverse hash alike")
	}
	if slices.Equal(runs([]uint64{1, 2}, 2), runs([]uint64{1, 2, 0}, 3)) {
		t.Error("runs of two lengths hash alike")
	}
}

func TestGramsAreTheDistinctRunsOfThreeWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.Uint64Range(0, 4), 0, 40).Draw(t, "words")
		type three [3]uint64
		distinct := map[three]bool{}
		for i := 0; i+3 <= len(words); i++ {
			distinct[three(words[i:])] = true
		}
		want := len(distinct)
		if len(words) == 1 || len(words) == 2 {
			want = 1
		}
		got := grams(words)
		if len(got) != want || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Fatalf("%d grams %v of %d distinct runs", len(got), got, want)
		}
	})
}

func TestTiesAreBrokenWithoutTies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint32().Draw(t, "a"), rapid.Uint32().Draw(t, "b")
		if a != b && mix(concept(a)) == mix(concept(b)) {
			t.Fatalf("%d and %d tie", a, b)
		}
	})
}
