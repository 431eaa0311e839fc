package shingle

import (
	"math"
	"math/bits"
	"slices"
)

const (
	// fewEntries are sorted faster by insertion than they are counted.
	fewEntries = 32
	// manyEntries are sorted digit by digit, since insertion may take the square of their
	// number, if someone chose the words for it.
	manyEntries = 1 << 13
)

// merged sorts the entries in place and returns a copy with one for each concept and
// shingle.
func (b *Builder) merged(entries []Entry) []Entry {
	b.sortEntries(entries)
	entries = mergeEntries(entries[:0], entries)
	if len(entries) == 0 {
		return []Entry{}
	}
	return slices.Clone(entries)
}

// sortEntries sorts entries that come shingle by shingle by concept, then shingle.
// Concepts are hashes: by their first bits they fall evenly into as many buckets as there
// are entries, and insertion has little left to do.
func (b *Builder) sortEntries(entries []Entry) {
	switch {
	case len(entries) > manyEntries:
		b.sortDigits(entries)
		return
	case len(entries) > fewEntries:
		b.scatter(entries)
	}
	for i := 1; i < len(entries); i++ {
		e := entries[i]
		j := i
		for ; j > 0 && entries[j-1].Concept > e.Concept; j-- {
			entries[j] = entries[j-1]
		}
		if j < i {
			entries[j] = e
		}
	}
}

// scatter sorts entries by the first bits of their concepts, and keeps the order of those
// that have them in common.
func (b *Builder) scatter(entries []Entry) {
	size := bits.Len(uint(len(entries)))
	shift := 32 - size
	b.starts = slices.Grow(b.starts[:0], 1<<size)[:1<<size]
	starts := b.starts
	clear(starts)
	for i := range entries {
		starts[entries[i].Concept>>shift]++
	}
	sum := int32(0)
	for i, n := range starts {
		starts[i] = sum
		sum += n
	}
	b.spare = append(b.spare[:0], entries...)
	for _, e := range b.spare {
		at := &starts[e.Concept>>shift]
		entries[*at] = e
		*at++
	}
}

// sortDigits is a stable radix sort on the concept's four bytes, which are counted in one
// pass.
func (b *Builder) sortDigits(entries []Entry) {
	b.spare = slices.Grow(b.spare[:0], len(entries))[:len(entries)]
	var places [4][256]int32
	for i := range entries {
		c := entries[i].Concept
		places[0][byte(c)]++
		places[1][byte(c>>8)]++
		places[2][byte(c>>16)]++
		places[3][byte(c>>24)]++
	}
	from, to := entries, b.spare
	for digit := range places {
		at := &places[digit]
		sum := int32(0)
		for i, n := range at {
			at[i] = sum
			sum += n
		}
		for i := range from {
			k := byte(from[i].Concept >> (8 * digit))
			to[at[k]] = from[i]
			at[k]++
		}
		from, to = to, from
	}
}

// mergeEntries appends sorted entries, one for each concept and shingle; they may stand
// right behind out. A word that comes again in a sentence adds less each time.
func mergeEntries(out, entries []Entry) []Entry {
	for i := 0; i < len(entries); {
		e := entries[i]
		j := i + 1
		for ; j < len(entries) && e.Concept == entries[j].Concept && e.Shingle == entries[j].Shingle; j++ {
			e.Weight = max(e.Weight, entries[j].Weight)
		}
		if j-i > 1 {
			e.Weight *= float32(math.Sqrt(float64(j - i)))
		}
		out = append(out, e)
		i = j
	}
	return out
}

// mergeFew merges the entries of one shingle in place, as they come: mergeEntries does the
// same with sorted ones. A table of as many slots again as there are entries has their
// places. The numbers of the shingle are gone afterwards.
func (b *Builder) mergeFew(entries []Entry) []Entry {
	size := 1 << bits.Len(uint(2*len(entries)))
	b.slots = slices.Grow(b.slots[:0], size)[:size]
	slots := b.slots // places, counted from 1
	clear(slots)
	n := 0
	for _, e := range entries {
		i := int(e.Concept) & (size - 1)
		for slots[i] != 0 && entries[slots[i]-1].Concept != e.Concept {
			i = (i + 1) & (size - 1)
		}
		if slots[i] == 0 {
			e.Shingle = 1
			entries[n] = e
			n++
			slots[i] = uint32(n)
			continue
		}
		same := &entries[slots[i]-1]
		same.Weight = max(same.Weight, e.Weight)
		same.Shingle++
	}
	for i := range entries[:n] {
		if e := &entries[i]; e.Shingle > 1 {
			e.Weight *= float32(math.Sqrt(float64(e.Shingle)))
		}
	}
	return entries[:n]
}

// finish fills in, from the entries, the norms of the shingles and what they share with
// those after them, the distinct concepts with their greatest weights, and Topic.
func (b *Builder) finish(a *Article) {
	concepts, mentions := b.concepts[:0], b.mentions[:0]
	sum := 0.0
	for i := 0; i < len(a.Entries); {
		concept, most := a.Entries[i].Concept, float32(0)
		start := i
		for ; i < len(a.Entries) && a.Entries[i].Concept == concept; i++ {
			e := &a.Entries[i]
			a.Shingles[e.Shingle].Norm += e.Weight * e.Weight
			most = max(most, e.Weight)
			for k := i - 1; k >= start && a.Entries[k].Shingle+2 >= e.Shingle; k-- {
				before := &a.Entries[k]
				if s := &a.Shingles[before.Shingle]; e.Shingle-before.Shingle == 1 {
					s.Next += before.Weight * e.Weight
				} else {
					s.Second += before.Weight * e.Weight
				}
			}
		}
		concepts, mentions = append(concepts, concept), append(mentions, most)
		a.Sieve.add(concept)
		cube := float64(most * most * most)
		sum += cube * cube
	}
	for i := range a.Shingles {
		a.Shingles[i].Norm = float32(math.Sqrt(float64(a.Shingles[i].Norm)))
	}
	a.Topic = math.Sqrt(sum)
	b.concepts, b.mentions = concepts, mentions
	if len(concepts) > 0 {
		a.Concepts, a.Mentions = slices.Clone(concepts), slices.Clone(mentions)
	}
}
