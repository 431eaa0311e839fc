package shingle

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// naiveWinnow looks at every window by itself.
func naiveWinnow(hashes []uint64, w int) []uint64 {
	least := map[uint64]bool{}
	for start := 0; start == 0 || start+w <= len(hashes); start++ {
		if in := hashes[start:min(start+w, len(hashes))]; len(in) > 0 {
			least[slices.Min(in)] = true
		}
	}
	var out []uint64
	for h := range least {
		out = append(out, h)
	}
	slices.Sort(out)
	return out
}

func TestWinnowKeepsTheLeastOfEveryWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]uint64{3, 20, 1 << 62}).Draw(t, "greatest hash") // 3: many equals
		hashes := rapid.SliceOfN(rapid.Uint64Range(0, most), 0, 60).Draw(t, "hashes")
		w := rapid.IntRange(1, 15).Draw(t, "window")
		if got, want := winnow(hashes, w), naiveWinnow(hashes, w); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func FuzzWinnow(f *testing.F) {
	f.Add([]byte("the harbour master closed the basin"), uint8(5))
	f.Add([]byte{3, 3, 3, 1, 1, 2}, uint8(2))
	f.Fuzz(func(t *testing.T, bytes []byte, w uint8) {
		hashes := make([]uint64, len(bytes))
		for i, b := range bytes {
			hashes[i] = uint64(b)
		}
		if got, want := winnow(hashes, int(w)+1), naiveWinnow(hashes, int(w)+1); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// fingerprints are those of an article of these words.
func fingerprints(words []uint64) []uint64 { return winnow(runs(words, runWords), window) }

func TestASharedRunOfTheGuaranteedLengthSharesAFingerprint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		vocabulary := rapid.SampledFrom([]int{2, 50, 100_000}).Draw(t, "vocabulary")
		words := func(n int) []uint64 {
			s := make([]uint64, n)
			for i := range s {
				s[i] = uint64(r.IntN(vocabulary)) * 0x9e3779b97f4a7c15
			}
			return s
		}
		shared := words(rapid.IntRange(GuaranteedRun, GuaranteedRun+5).Draw(t, "shared"))
		around := rapid.IntRange(0, 40)
		a := slices.Concat(words(around.Draw(t, "before in a")), shared, words(around.Draw(t, "after in a")))
		b := slices.Concat(words(around.Draw(t, "before in b")), shared, words(around.Draw(t, "after in b")))
		inB := fingerprints(b)
		for _, f := range fingerprints(a) {
			if slices.Contains(inB, f) {
				return
			}
		}
		t.Fatalf("%v and %v share %v and no fingerprint", a, b, shared)
	})
}

func TestWinnowingThinsOut(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	words := make([]uint64, 20_000)
	for i := range words {
		words[i] = r.Uint64()
	}
	// the density of winnowing is 2/(w+1)
	want := 2 * len(words) / (window + 1)
	if got := len(fingerprints(words)); got < want*9/10 || got > want*11/10 {
		t.Errorf("%d fingerprints of %d words, about %d expected", got, len(words), want)
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
