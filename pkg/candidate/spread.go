package candidate

import (
	"context"
	"encoding/binary"
	"sync"

	"github.com/calque-dev/calque/pkg/internal/spill"
	"github.com/calque-dev/calque/pkg/shingle"
)

// spread is numbers laid apart in parts, in memory as long as there is room for them, else
// in a temporary file.
type spread struct {
	log   *spill.Log
	mu    sync.Mutex
	parts [][]spill.Ref // of each, pieces
	size  []int         // of each, its numbers
}

// pieceSize is how many numbers are written at a time.
const pieceSize = 1 << 13

func newSpread(parts int, room int64) *spread {
	return &spread{log: spill.New(room), parts: make([][]spill.Ref, parts), size: make([]int, parts)}
}

// spreader adds to a spread. It is for one goroutine.
type spreader struct {
	to    *spread
	open  [][]uint64 // by part, the piece at hand
	bytes []byte
}

func (s *spread) spreader() *spreader { return &spreader{to: s, open: make([][]uint64, len(s.parts))} }

// add puts a number into part n. It fails when the temporary file cannot be written.
func (w *spreader) add(n int, number uint64) error {
	w.open[n] = append(w.open[n], number)
	if len(w.open[n]) < pieceSize {
		return nil
	}
	return w.put(n)
}

// put writes the piece of part n.
func (w *spreader) put(n int) error {
	w.bytes = w.bytes[:0]
	for _, p := range w.open[n] {
		w.bytes = binary.LittleEndian.AppendUint64(w.bytes, p)
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

// flush writes what is left. It is to be called at the end.
func (w *spreader) flush() error {
	for n, piece := range w.open {
		if len(piece) > 0 {
			if err := w.put(n); err != nil {
				return err
			}
		}
	}
	w.open = nil
	return nil
}

// flushAll flushes those that were begun, unless something failed before.
func flushAll(spreaders []*spreader, err error) error {
	for _, w := range spreaders {
		if err == nil && w != nil {
			err = w.flush()
		}
	}
	return err
}

// part is the numbers of part n, in no order.
func (s *spread) part(n int) ([]uint64, error) {
	numbers := make([]uint64, 0, s.size[n])
	var buffer []byte
	for _, ref := range s.parts[n] {
		piece, err := s.log.Read(ref, buffer)
		if err != nil {
			return nil, err
		}
		for b := piece; len(b) > 0; b = b[8:] {
			numbers = append(numbers, binary.LittleEndian.Uint64(b))
		}
		buffer = piece
	}
	return numbers, nil
}

func (s *spread) close() { _ = s.log.Close() }

// spreadPostings reads the keys of every article, of which there are so many. The number
// of a part is the key without so many of its last bits.
func spreadPostings(ctx context.Context, pile Pile, shift, all, workers int) (*spread, error) {
	room := int64(0)
	if shift == 32 { // they are to be in memory anyway
		room = int64(all+workers*pieceSize) * postingBytes * 2
	}
	s := newSpread(1<<(32-shift), room)
	open := make([]*spreader, workers)
	err := each(ctx, pile.Len(), block, workers, func(w int) func(i int) error {
		open[w] = s.spreader()
		var keys []shingle.Key
		return func(i int) (err error) {
			if keys, err = pile.Keys(i, keys[:0]); err != nil {
				return err
			}
			for _, k := range keys {
				if err := open[w].add(int(uint64(k)>>shift), posting(uint32(k), i)); err != nil {
					return err
				}
			}
			return nil
		}
	})
	if err = flushAll(open, err); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}
