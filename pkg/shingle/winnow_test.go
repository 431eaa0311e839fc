package shingle

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// wordsOf draws normalised words, few different ones, of up to twenty bytes.
func wordsOf(least, most int) *rapid.Generator[[]string] {
	word := rapid.StringMatching(`[a-cé]{1,3}|[0-9],[0-9]|(antidis|é){1,4}`)
	return rapid.SliceOfN(word, least, most)
}

func hashesOf(words []string) []uint64 {
	return AppendWordHashes(nil, []byte(strings.Join(words, " ")))
}

func TestAWordHasOneHashWhereverItStands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := wordsOf(0, 30).Draw(t, "words")
		got := hashesOf(words)
		if len(got) != len(words) {
			t.Fatalf("%d hashes of %d words", len(got), len(words))
		}
		for i, w := range words {
			if alone := hashesOf([]string{w}); got[i] != alone[0] {
				t.Fatalf("%q has hash %x at %d and %x alone", w, got[i], i, alone[0])
			}
			for k, v := range words[:i] {
				if (v == w) != (got[i] == got[k]) {
					t.Fatalf("%q and %q: hashes %x and %x", v, w, got[k], got[i])
				}
			}
		}
	})
}

func TestARunHasOneHashWhereverItStands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := hashesOf(wordsOf(1, 40).Draw(t, "words"))
		k := min(FingerprintWords, len(words))
		got := AppendRuns(nil, words, FingerprintWords)
		if len(got) != len(words)-k+1 {
			t.Fatalf("%d runs of %d words", len(got), len(words))
		}
		for i := range got {
			if alone := AppendRuns(nil, words[i:i+k], FingerprintWords); len(alone) != 1 || alone[0] != got[i] {
				t.Fatalf("run %d is %x, alone %x", i, got[i], alone)
			}
		}
	})
}

// naiveWinnow chooses what is under the threshold, and the last of the least of every
// window that has nothing there.
func naiveWinnow(runs []uint32, thinning int) []Fingerprint {
	chosen := make([]bool, len(runs))
	for i, h := range runs {
		chosen[i] = uint64(h) < (1<<32)/uint64(thinning)
	}
	under := slices.Clone(chosen)
	window := min(fingerprintWindow, len(runs))
	for from := 0; from+window <= len(runs) && window > 0; from++ {
		if slices.Contains(under[from:from+window], true) {
			continue
		}
		at := from
		for i := from; i < from+window; i++ {
			if runs[i] <= runs[at] {
				at = i
			}
		}
		chosen[at] = true
	}
	var out []Fingerprint
	for i, is := range chosen {
		if is {
			out = append(out, Fingerprint{runs[i], int32(i)})
		}
	}
	return out
}

// manyRuns draws hashes; with few values there are ties.
func manyRuns(t *rapid.T) []uint32 {
	hash := rapid.Uint32()
	if rapid.Bool().Draw(t, "ties") {
		hash = rapid.Map(rapid.Uint32Range(0, 5), func(n uint32) uint32 { return n * 0x2aaaaaaa })
	}
	return rapid.SliceOfN(hash, 0, 120).Draw(t, "runs")
}

func TestWinnowingChoosesAsItsNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		runs, thinning := manyRuns(t), rapid.IntRange(1, maxThinning).Draw(t, "thinning")
		if got, want := Winnow(nil, runs, thinning), naiveWinnow(runs, thinning); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestASharedRunGivesAFingerprintInCommonWhateverStandsAround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shared := wordsOf(SharedRun, SharedRun+3).Draw(t, "shared")
		var sides [2]map[uint32]bool
		for i := range sides {
			text := slices.Concat(wordsOf(0, 60).Draw(t, "before"), shared, wordsOf(0, 60).Draw(t, "after"))
			sides[i] = map[uint32]bool{}
			for _, f := range Winnow(nil, AppendRuns(nil, hashesOf(text), FingerprintWords), rapid.IntRange(1, maxThinning).Draw(t, "thinning")) {
				sides[i][f.Hash] = true
			}
		}
		runs := AppendRuns(nil, hashesOf(shared), FingerprintWords)
		if !slices.ContainsFunc(runs, func(h uint32) bool { return sides[0][h] && sides[1][h] }) {
			t.Fatal("no fingerprint of the shared words in common")
		}
	})
}

func TestADenserChoiceHoldsTheSparser(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		runs, thinning := manyRuns(t), rapid.IntRange(2, maxThinning).Draw(t, "thinning")
		denser := Winnow(nil, runs, thinning-1)
		for _, f := range Winnow(nil, runs, thinning) {
			if !slices.Contains(denser, f) {
				t.Fatalf("%v is chosen with thinning %d and not with one less", f, thinning)
			}
		}
	})
}

func TestATextOfFewWordsHasOneRun(t *testing.T) {
	for n := range 2 * FingerprintWords {
		runs := AppendRuns(nil, hashesOf(strings.Fields("one two three four five six seven eight")[:n]), FingerprintWords)
		want := max(0, n-FingerprintWords+1)
		if n > 0 && n < FingerprintWords {
			want = 1
		}
		if len(runs) != want || len(Winnow(nil, runs, Thinning(n))) != want {
			t.Errorf("%d words: %d runs, %d chosen, want %d", n, len(runs), len(Winnow(nil, runs, Thinning(n))), want)
		}
	}
}
