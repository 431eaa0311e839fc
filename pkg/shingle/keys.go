package shingle

import (
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/lexicon"
)

// KeysVersion is raised with every change to what Build makes of an article with the same
// lexicon: keys that are stored are compared with none of another version.
const KeysVersion = 3

const (
	// The measures of rarity are taken from rareConcepts of an article's concepts, and one
	// more for every wordsPerConcept words, up to maxConcepts.
	rareConcepts    = 48
	wordsPerConcept = 5
	maxConcepts     = 384
	minKeyIDF       = 3.0 // commoner concepts are none of them

	// An article has the leastKeys weightiest of its keys, and keysPerShingle more for every
	// shingle, so that a long one shares some with a brief of any part of it.
	leastKeys      = 100
	keysPerShingle = 2

	// A table, more than one word of tableShare a number, has keys of up to tableNumbers of
	// them too: its heaviest words are the abbreviations of its template, which a thousand
	// others have. Among 19 043 Reuters articles 1 667 natural pairs are found with these,
	// 1 643 without. Here numbers are as rare as unknown words: by lexicon.NumberIDF twice as
	// many articles of a parliament pass for candidates, and nothing more is found.
	tableShare   = 5
	tableNumbers = 6
)

// Key is two concepts that stand together in a shingle: what articles are found by. One
// concept of a sentence is in many other articles, two of its heaviest in few; and both
// come through translation, cutting and rewording wherever a sentence does. Its lowest
// five bits are the sum of the idf of the concepts, the others a hash of them.
type Key uint32

const (
	keyLevels   = 1 << 5
	keyLevel    = keyLevels - 1
	weightScale = 64
)

// newKey is the key of two concepts with their idf.
func newKey(a, b lexicon.Weighted) Key {
	if b.Concept < a.Concept {
		a, b = b, a
	}
	hash := (uint64(a.Concept)<<32 | uint64(b.Concept)) * 0x9fb21c651e98df25
	hash = (hash ^ hash>>29) * 0xbf58476d1ce4e5b9
	level := min(uint32(a.Weight+b.Weight+0.5), keyLevel)
	return Key(hash>>32)&^keyLevel | Key(level)
}

// Weight is how telling the key is, 1 to 466. It grows with the third power of the idf, so
// that a few rare keys outweigh the many that articles on one topic share.
func (k Key) Weight() uint32 {
	level := uint32(k & keyLevel)
	return 1 + level*level*level/weightScale
}

// keysOf appends the keys that an article is found by, in order, each once, given the heaviest
// entries of its shingles. A shingle with one concept alone lends it to the next.
func (b *Builder) keysOf(dst []Key, a *Article, shingles []heaviest) []Key {
	keys := b.found[:0]
	var concepts [1 + sketchConcepts + tableNumbers]lexicon.Weighted
	n, marks := 0, a.Marks
	for i := range shingles {
		for c := range shingles[i].concepts() {
			concepts[n] = lexicon.Weighted{Concept: c, Weight: b.lexicon.ConceptIDF(c)}
			n++
		}
		own := 0
		for own < len(marks) && marks[own].Shingle == uint32(i) {
			own++
		}
		if isTable(marks[:own], &a.Shingles[i]) {
			n = b.withNumbers(concepts[:], n, marks[:own])
		}
		marks = marks[own:]
		if n < 2 {
			continue
		}
		for j := range n {
			for _, c := range concepts[j+1 : n] {
				keys = append(keys, newKey(concepts[j], c))
			}
		}
		n = 0
	}
	SortHashes(keys)
	keys = slices.Compact(keys)
	b.found = keys
	return weightiest(dst, keys, leastKeys+keysPerShingle*len(shingles))
}

// isTable reports whether the shingle with the marks is mostly template and numbers.
func isTable(marks []Mark, s *Shingle) bool {
	numbers := 0
	for _, m := range marks {
		if m.Kind == NumberMark {
			numbers++
		}
	}
	return numbers*tableShare > int(s.Words)
}

// withNumbers fills the place behind the first n concepts with the numbers among the marks
// that are not there yet. It returns how many concepts there are then.
func (b *Builder) withNumbers(concepts []lexicon.Weighted, n int, marks []Mark) int {
	for _, m := range marks {
		met := func(w lexicon.Weighted) bool { return w.Concept == m.Concept }
		if m.Kind == NumberMark && n < len(concepts) && !slices.ContainsFunc(concepts[:n], met) {
			concepts[n] = lexicon.Weighted{Concept: m.Concept, Weight: b.lexicon.ConceptIDF(m.Concept)}
			n++
		}
	}
	return n
}

// weightiest appends the n keys of the highest levels, of equals the first, in order.
func weightiest(dst, keys []Key, n int) []Key {
	n = min(n, len(keys))
	var count [keyLevels]int
	for _, k := range keys {
		count[k&keyLevel]++
	}
	least, room := Key(keyLevel), n // there is room for so many of the lowest level taken
	for least > 0 && count[least] < room {
		room -= count[least]
		least--
	}
	dst = slices.Grow(dst, n)
	for _, k := range keys {
		if level := k & keyLevel; level > least {
			dst = append(dst, k)
		} else if level == least && room > 0 {
			dst = append(dst, k)
			room--
		}
	}
	return dst
}

// rareOf fills in the rarest concepts.
func (b *Builder) rareOf(a *Article) {
	a.Rare = b.rarest(a.Rare, b.rare, min(rareConcepts+a.Words/wordsPerConcept, maxConcepts))
	for _, w := range a.Rare {
		a.RareWeight += w.Weight
	}
}

// rarest appends the n concepts of greatest idf, in order of concept. A concept met with
// several weights, as the first meaning of one word and the second of another, has
// the greatest of them. Concepts and weights are sorted as one number each: weights are
// not negative, so their bits order them.
func (b *Builder) rarest(rare, concepts []lexicon.Weighted, n int) []lexicon.Weighted {
	packed := b.packed[:0]
	for _, w := range concepts {
		packed = append(packed, uint64(w.Concept)<<32|uint64(^math.Float32bits(w.Weight)))
	}
	SortHashes(packed)
	packed = slices.CompactFunc(packed, func(x, y uint64) bool { return x>>32 == y>>32 }) // keeps the first: the greatest
	rank := func(p uint64) uint64 { return uint64(^uint32(p))<<32 | uint64(^mix(lexicon.Concept(p>>32))) }
	least := uint64(0)
	if len(packed) > n {
		ranks := b.ranks[:0]
		for _, p := range packed {
			ranks = append(ranks, rank(p))
		}
		least, b.ranks = greatest(ranks, n), ranks
	}
	rare = slices.Grow(rare, min(n, len(packed)))
	for _, p := range packed {
		if rank(p) >= least && n > 0 {
			n--
			rare = append(rare, lexicon.Weighted{Concept: lexicon.Concept(p >> 32), Weight: math.Float32frombits(^uint32(p))})
		}
	}
	b.packed = packed
	return rare
}

// mix breaks ties between equally rare concepts the same way in every article.
func mix(c lexicon.Concept) uint32 { return uint32(c) * 2654435761 }

// run hashes a run of words.
func run(words []uint64) uint64 {
	h := uint64(len(words))
	for _, w := range words {
		h = (h ^ w) * 0x9fb21c651e98df25
		h ^= h >> 32
	}
	return h
}

// runs hashes each run of n words. Fewer words than n make one run.
func runs(words []uint64, n int) []uint64 {
	if len(words) == 0 {
		return nil
	}
	n = min(n, len(words))
	out := make([]uint64, len(words)-n+1)
	for i := range out {
		out[i] = run(words[i : i+n])
	}
	return out
}

// grams are the distinct runs of three words, or of all if these are fewer, sorted.
func grams(words []uint64) []uint32 {
	n := min(3, len(words))
	out := make([]uint32, max(0, len(words)-n+1))
	if n == 0 {
		return out[:0]
	}
	for i := range out {
		out[i] = uint32(run(words[i:i+n]) >> 16)
	}
	SortHashes(out)
	return slices.Compact(out)
}
