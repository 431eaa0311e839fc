package candidate

import (
	"context"
	"encoding/binary"
	"sync"

	"github.com/calque-dev/calque/pkg/internal/spill"
	"github.com/calque-dev/calque/pkg/shingle"
)

// spread is the postings of all articles, laid apart by the first bits of their keys: in
// memory if they are one part, else in a temporary file.
type spread struct {
	whole []uint64 // of the only part
	log   *spill.Log
	mu    sync.Mutex
	parts [][]spill.Ref // of each, pieces of postings
	size  []int         // of each, the number of postings
}

// pieceSize is the number of postings that are written at a time.
const pieceSize = 1 << 13

// spreadPostings reads the keys of every article, of which there are so many. The number
// of a part is the key without so many of its last bits.
func spreadPostings(ctx context.Context, pile Pile, shift, all, workers int) (*spread, error) {
	s := &spread{parts: make([][]spill.Ref, 1<<(32-shift)), size: make([]int, 1<<(32-shift))}
	if len(s.parts) == 1 {
		s.whole = make([]uint64, 0, all)
	} else {
		s.log = spill.New(0)
	}
	open := make([][][]uint64, workers) // by worker and part, the piece at hand
	err := each(ctx, pile.Len(), block, workers, func(w int) func(i int) error {
		pieces := make([][]uint64, len(s.parts))
		open[w] = pieces
		var keys []shingle.Key
		return func(i int) (err error) {
			if keys, err = pile.Keys(i, keys[:0]); err != nil {
				return err
			}
			for _, k := range keys {
				n := uint64(k) >> shift
				if pieces[n] = append(pieces[n], posting(uint32(k), i)); len(pieces[n]) == pieceSize {
					if err := s.put(int(n), pieces[n]); err != nil {
						return err
					}
					pieces[n] = pieces[n][:0]
				}
			}
			return nil
		}
	})
	for _, pieces := range open {
		for n, piece := range pieces {
			if err == nil {
				err = s.put(n, piece)
			}
		}
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// put adds a piece to a part.
func (s *spread) put(n int, piece []uint64) error {
	if s.log == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.whole = append(s.whole, piece...)
		return nil
	}
	bytes := make([]byte, 0, len(piece)*postingBytes)
	for _, p := range piece {
		bytes = binary.LittleEndian.AppendUint64(bytes, p)
	}
	ref, err := s.log.Append(bytes)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parts[n] = append(s.parts[n], ref)
	s.size[n] += len(piece)
	return nil
}

// part is the postings of part n, in no order. It is asked for once.
func (s *spread) part(n int) ([]uint64, error) {
	if s.log == nil {
		return s.whole, nil
	}
	postings := make([]uint64, 0, s.size[n])
	var buffer []byte
	for _, ref := range s.parts[n] {
		piece, err := s.log.Read(ref, buffer)
		if err != nil {
			return nil, err
		}
		for b := piece; len(b) > 0; b = b[postingBytes:] {
			postings = append(postings, binary.LittleEndian.Uint64(b))
		}
		buffer = piece
	}
	return postings, nil
}

func (s *spread) close() {
	s.whole = nil
	if s.log != nil {
		_ = s.log.Close()
	}
}
