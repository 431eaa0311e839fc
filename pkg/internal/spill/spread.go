package spill

import (
	"encoding/binary"
	"slices"
	"sync"
)

// Spread is numbers laid apart in parts, in memory as long as there is room for them, else
// in a temporary file. Several writers add to it; when they are done it is read.
type Spread struct {
	log     *Log
	width   int // of a number, in bytes
	piece   int // so many numbers of a part are written at a time
	mu      sync.Mutex
	writers []*Writer
	parts   [][]Ref // of each, pieces
	size    []int   // of each, its numbers
}

// What a writer holds of the numbers, in bytes: less where there are few parts.
const (
	mostPiece = 1 << 16
	mostHeld  = 1 << 24
)

// NewSpread makes a Spread of so many parts, for numbers of so many bits, that keeps so many
// bytes in memory.
func NewSpread(parts, bits int, room int64) *Spread {
	return &Spread{
		log: New(room), width: (bits + 7) / 8, piece: max(min(mostPiece, mostHeld/max(parts, 1))/8, 1),
		parts: make([][]Ref, parts), size: make([]int, parts),
	}
}

// Writer adds to a Spread. It is for one goroutine.
type Writer struct {
	to    *Spread
	open  [][]uint64 // by part, the piece at hand
	bytes []byte
}

// Writer makes one more.
func (s *Spread) Writer() *Writer {
	w := &Writer{to: s, open: make([][]uint64, len(s.parts))}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writers = append(s.writers, w)
	return w
}

// Add puts a number into part n. It fails when the temporary file cannot be written.
func (w *Writer) Add(n int, number uint64) error {
	w.open[n] = append(w.open[n], number)
	if len(w.open[n]) < w.to.piece {
		return nil
	}
	return w.put(n)
}

// put writes the piece of part n.
func (w *Writer) put(n int) error {
	w.bytes = w.bytes[:0]
	for _, p := range w.open[n] {
		w.bytes = binary.LittleEndian.AppendUint64(w.bytes, p)[:len(w.bytes)+w.to.width]
	}
	ref, err := w.to.log.Append(w.bytes)
	if err != nil {
		return err
	}
	w.to.mu.Lock()
	defer w.to.mu.Unlock()
	w.to.parts[n] = append(w.to.parts[n], ref)
	w.to.size[n] += len(w.open[n])
	w.open[n] = w.open[n][:0]
	return nil
}

// Flush puts in its part what the writers hold. It is to be called when nobody writes any
// more, before anything is read.
func (s *Spread) Flush() error {
	for _, w := range s.writers {
		for n, piece := range w.open {
			if len(piece) > 0 {
				if err := w.put(n); err != nil {
					return err
				}
			}
		}
	}
	s.writers = nil
	return nil
}

// Len is how many parts there are.
func (s *Spread) Len() int { return len(s.parts) }

// Size is how many numbers part n has.
func (s *Spread) Size(n int) int { return s.size[n] }

// Part is the numbers of part n, in no order. It fails when the temporary file cannot be read.
func (s *Spread) Part(n int) ([]uint64, error) {
	numbers := make([]uint64, 0, s.size[n])
	bits := 1<<(8*s.width-1)<<1 - uint64(1)
	var buffer []byte
	for _, ref := range s.parts[n] {
		buffer = slices.Grow(buffer[:0], ref.Len()+8) // eight bytes are read at a time
		piece, err := s.log.Read(ref, buffer)
		if err != nil {
			return nil, err
		}
		piece = piece[:ref.Len()+8]
		for at := 0; at < ref.Len(); at += s.width {
			numbers = append(numbers, binary.LittleEndian.Uint64(piece[at:])&bits)
		}
	}
	return numbers, nil
}

// Close gives memory and the file back.
func (s *Spread) Close() error {
	s.writers, s.parts = nil, nil
	return s.log.Close()
}
