package shingle

import (
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/lexicon"
)

// KeysVersion is raised with every change to what Build makes of an article with the same
// lexicon: keys that are stored are compared with none of another version.
const KeysVersion = 1

const (
	// runWords and window shape the winnowed fingerprints: two texts of one language
	// that share a run of GuaranteedRun words share a fingerprint.
	runWords = 4
	window   = 12
	// GuaranteedRun is the length in words of a shared run that is always found.
	GuaranteedRun = runWords + window - 1

	// An article is found by rareConcepts of its concepts, and one more for every
	// wordsPerConcept words, up to maxConcepts: so that a long one shares some with a
	// brief of any part of it.
	rareConcepts    = 48
	wordsPerConcept = 5
	maxConcepts     = 384
	minKeyIDF       = 3.0 // commoner concepts are none of them

	// An article is looked up by every concept of at least keyIDF, up to maxConcepts; by its
	// leastKeys rarest if these are fewer.
	keyIDF    = 6
	leastKeys = 24
)

// keyWeight is an idf as a key weighs it: in eighths, so that sums of weights are exact,
// in any order.
func keyWeight(idf float32) float32 { return float32(math.Round(8*float64(idf))) / 8 }

// keyConcepts are the concepts that the article at hand is looked up by.
func (b *Builder) keyConcepts() []lexicon.Weighted {
	keys := b.rarest(b.found, maxConcepts)
	rare := 0
	for _, k := range keys {
		if k.Weight >= keyIDF {
			rare++
		}
	}
	if rare < leastKeys {
		return b.rarest(b.found, leastKeys)
	}
	return slices.Clip(slices.DeleteFunc(keys, func(k lexicon.Weighted) bool { return k.Weight < keyIDF }))
}

// keys fills in the grams, fingerprints and rarest concepts from the word hashes.
func (b *Builder) keys(a *Article) {
	a.Grams = grams(b.hashes)
	a.Fingerprints = winnow(runs(b.hashes, runWords), window)
	a.Rare = b.rarest(b.rare, min(rareConcepts+a.Words/wordsPerConcept, maxConcepts))
	a.Keys = b.keyConcepts()
	for _, w := range a.Rare {
		a.RareWeight += w.Weight
	}
}

// rarest is the n concepts of greatest idf, in order of concept. A concept met with
// several weights, as the first meaning of one word and the second of another, has
// the greatest of them. Concepts and weights are sorted as one number each: weights are
// not negative, so their bits order them.
func (b *Builder) rarest(concepts []lexicon.Weighted, n int) []lexicon.Weighted {
	packed := b.packed[:0]
	for _, w := range concepts {
		packed = append(packed, uint64(w.Concept)<<32|uint64(^math.Float32bits(w.Weight)))
	}
	slices.Sort(packed)
	packed = slices.CompactFunc(packed, func(x, y uint64) bool { return x>>32 == y>>32 }) // keeps the first: the greatest
	rank := func(p uint64) uint64 { return uint64(^uint32(p))<<32 | uint64(^mix(lexicon.Concept(p>>32))) }
	least := uint64(0)
	if len(packed) > n {
		ranks := b.ranks[:0]
		for _, p := range packed {
			ranks = append(ranks, rank(p))
		}
		slices.Sort(ranks)
		least, b.ranks = ranks[len(ranks)-n], ranks
	}
	rare := make([]lexicon.Weighted, 0, min(n, len(packed)))
	for _, p := range packed {
		if rank(p) >= least && len(rare) < n {
			rare = append(rare, lexicon.Weighted{Concept: lexicon.Concept(p >> 32), Weight: math.Float32frombits(^uint32(p))})
		}
	}
	b.packed = packed
	return rare
}

// mix breaks ties between equally rare concepts the same way in every article.
func mix(c lexicon.Concept) uint32 { return uint32(c) * 2654435761 }

// runs hashes each run of n words. Fewer words than n make one run.
func runs(words []uint64, n int) []uint64 {
	if len(words) == 0 {
		return nil
	}
	if len(words) < n {
		n = len(words)
	}
	out := make([]uint64, len(words)-n+1)
	for i := range out {
		h := uint64(n)
		for _, w := range words[i : i+n] {
			h = (h ^ w) * 0x9fb21c651e98df25
			h ^= h >> 32
		}
		out[i] = h
	}
	return out
}

// grams are the distinct runs of three words, sorted.
func grams(words []uint64) []uint32 {
	rs := runs(words, 3)
	out := make([]uint32, len(rs))
	for i, r := range rs {
		out[i] = uint32(r >> 16)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// winnow keeps the least hash of every window of w consecutive hashes, the rightmost
// of equals: robust winnowing after Schleimer, Wilkerson and Aiken (SIGMOD 2003).
// The result is sorted, each hash once.
func winnow(hashes []uint64, w int) []uint64 {
	var out []uint64
	least := -1
	for end := min(w, len(hashes)); end > 0 && end <= len(hashes); end++ {
		start := max(0, end-w)
		if least < start {
			least = start
			for i := start; i < end; i++ {
				if hashes[i] <= hashes[least] {
					least = i
				}
			}
			out = append(out, hashes[least])
		} else if last := end - 1; hashes[last] <= hashes[least] {
			least = last
			out = append(out, hashes[least])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
