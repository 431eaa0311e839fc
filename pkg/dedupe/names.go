package dedupe

import "strings"

// namesChunk is how many bytes of names are in one piece of memory.
const namesChunk = 1 << 16

// names are strings in few pieces of memory: a million ids by themselves would be a million
// things for the collector to look at.
type names struct{ chunks []*strings.Builder }

// name is the place of one.
type name struct{ chunk, offset, length uint32 }

// add takes a string.
func (n *names) add(s string) name {
	last := len(n.chunks) - 1
	if last < 0 || n.chunks[last].Len()+len(s) > n.chunks[last].Cap() {
		chunk := &strings.Builder{}
		chunk.Grow(max(namesChunk, len(s)))
		n.chunks = append(n.chunks, chunk)
		last++
	}
	chunk := n.chunks[last]
	at := name{uint32(last), uint32(chunk.Len()), uint32(len(s))}
	chunk.WriteString(s)
	return at
}

// get is the string at a place.
func (n *names) get(at name) string {
	return n.chunks[at.chunk].String()[at.offset : at.offset+at.length]
}

// table numbers values of which there are few.
type table[T comparable] struct {
	values  []T
	numbers map[T]uint32
}

// add takes a value that it has not yet, and returns its number.
func (t *table[T]) add(value T) uint32 {
	if t.numbers == nil {
		t.numbers = map[T]uint32{}
	}
	n := uint32(len(t.values))
	t.numbers[value] = n
	t.values = append(t.values, value)
	return n
}
