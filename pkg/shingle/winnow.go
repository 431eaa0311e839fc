package shingle

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// A fingerprint is the hash of a run of words. Of the runs of a text those are chosen that
// fall under a threshold, for they are an even sample, by which to tell how much two texts
// share; and by winnowing, where no run of a window does, the least of the window. So any
// SharedRun words in a row that two texts share give them a fingerprint in common, whatever
// stands around them. After Schleimer, Wilkerson and Aiken, "Winnowing", SIGMOD 2003.
const (
	// FingerprintWords is the number of words in a run, but for texts of fewer words.
	FingerprintWords = 4
	// fingerprintWindow is the number of neighbouring runs of which one at least is chosen.
	fingerprintWindow = 16
	// SharedRun is the number of words from which on a stretch that two texts share gives them
	// a fingerprint in common for certain.
	SharedRun = FingerprintWords + fingerprintWindow - 1
	// A text has about so many fingerprints, if that is one run in maxThinning or more: what
	// is chosen of a long text is chosen of any part of it, be it chosen as densely or denser.
	fewFingerprints = 64
	maxThinning     = 8
)

// Fingerprint is a chosen run of words.
type Fingerprint struct {
	Hash uint32
	Word int32 // the number of its first word
}

// Thinning is how many runs there are in a text of so many words for one that is chosen:
// 1, all are, to 8.
func Thinning(words int) int { return max(1, min(words/fewFingerprints, maxThinning)) }

// AppendWordHashes appends a hash of each word of a text as article.AppendNormal leaves it:
// one space between two words. It uses the memory behind the text, if there is room.
func AppendWordHashes(dst []uint64, normal []byte) []uint64 {
	n := len(normal)
	padded := append(normal, eightSpaces...)
	for i := 0; i < n; {
		h := uint64(0)
		for {
			// Eight bytes at a time, up to the first space: see plain in package ingest.
			x := binary.LittleEndian.Uint64(padded[i:])
			y := x ^ ' '*everyByte
			if space := (y - everyByte) &^ y & everyHighBit; space != 0 {
				length := bits.TrailingZeros64(space) / 8
				h = mixWord(h ^ x&(1<<(8*length)-1))
				i += length + 1
				break
			}
			h = mixWord(h^x) + 1
			i += 8
		}
		dst = append(dst, h)
	}
	return dst
}

const (
	eightSpaces  = "        "
	everyByte    = 0x0101010101010101
	everyHighBit = 0x8080808080808080
)

func mixWord(h uint64) uint64 {
	h *= 0x9fb21c651e98df25
	return h ^ h>>29
}

// runBase is the base of the polynomial in which a run has its words for coefficients.
const runBase = 0xd6e8feb86659fd93

// AppendRuns appends the hash of every run of k words of a text, given those of its words: of
// all of them where they are fewer.
func AppendRuns(dst []uint32, words []uint64, k int) []uint32 {
	if len(words) == 0 {
		return dst
	}
	k = min(k, len(words))
	dst = slices.Grow(dst, len(words)-k+1)
	last := uint64(1) // runBase to the power of k
	h := uint64(0)
	for _, w := range words[:k] {
		h = h*runBase + w
		last *= runBase
	}
	dst = append(dst, foldRun(h))
	for i, w := range words[k:] {
		h = h*runBase + w - words[i]*last
		dst = append(dst, foldRun(h))
	}
	return dst
}

func foldRun(h uint64) uint32 {
	h ^= h >> 32
	return uint32(h * 0xbf58476d1ce4e5b9 >> 32)
}

// Winnow appends the fingerprints of a text, in order, given the hashes of its runs and how
// many of these there are to be for each of them.
func Winnow(dst []Fingerprint, runs []uint32, thinning int) []Fingerprint {
	below := uint64(1<<32) / uint64(max(1, thinning))
	if len(runs) == 0 {
		return dst
	}
	window := min(fingerprintWindow, len(runs))
	// Every run is written down, at the end of the memory, and stays there if it is under the
	// threshold: so nothing waits for whether it is, which is hard to guess.
	n := len(dst)
	dst = slices.Grow(dst, 2*len(runs)+1)
	under := dst[n+len(runs) : n+2*len(runs)+1]
	count := 0
	for i, h := range runs {
		under[count] = Fingerprint{h, int32(i)}
		if uint64(h) < below {
			count++
		}
	}
	under[count].Word = int32(len(runs))
	before := -1 // the run under the threshold before
	for k, next := range under[:count+1] {
		least := -1
		for i := before + window; i < int(next.Word); i++ {
			if least > i-window {
				if runs[i] > runs[least] {
					continue
				}
				least = i
			} else {
				least = i
				for at := i - 1; at > i-window; at-- {
					if runs[at] < runs[least] {
						least = at
					}
				}
			}
			dst = append(dst, Fingerprint{runs[least], int32(least)})
		}
		if k < count {
			dst = append(dst, next)
		}
		before = int(next.Word)
	}
	return dst
}
