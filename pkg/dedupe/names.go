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

// table numbers strings of which there are few.
type table struct {
	strings []string
	numbers map[string]uint32
}

// number is the number of a string.
func (t *table) number(s string) uint32 {
	n, ok := t.numbers[s]
	if !ok {
		if t.numbers == nil {
			t.numbers = map[string]uint32{}
		}
		s, n = strings.Clone(s), uint32(len(t.strings))
		t.numbers[s] = n
		t.strings = append(t.strings, s)
	}
	return n
}
