package archive

import (
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/shingle"
)

// newWording is the text of an analysed leader.
func newWording(x *shingle.Article) *wording {
	t := &wording{identity: identity{x.Hash, x.Language}, words: x.Words > 0, sketch: x.Sketch}
	for _, k := range x.Keys {
		t.own += k.Weight()
	}
	return t
}

// lister tells who has a key: the numbers of leaders, at most so many.
type lister interface {
	list(key uint32, dst []uint32, most int) ([]uint32, error)
}

// finder counts what one text shares with all others. It serves one goroutine.
type finder struct {
	lister
	tally  []tally // by number
	seen   []uint32
	buffer []uint32
}

// tally is what is counted of a text, beside what the count is measured by: all in one
// place, since counting waits for memory.
type tally struct {
	score uint32 // the weights of the keys shared; zero between uses
	own   uint32 // what the text scores with itself, or less; 0: not asked yet
}

// shared yields the numbers of the texts that share a key, and the score. Of the texts
// with a hot key it counts a part: of those in memory the newest.
// Those whose score does not suffice even across languages are passed over; own tells what
// a text scores with itself.
func (f *finder) shared(keys []shingle.Key, own func(number uint32) uint32, yield func(number, score uint32)) error {
	defer f.forget()
	mine := uint32(0)
	for _, key := range keys {
		weight := key.Weight()
		mine += weight
		var err error
		if f.buffer, err = f.list(uint32(key), f.buffer[:0], candidate.Hot+1); err != nil {
			return err
		}
		if len(f.buffer) > candidate.Hot {
			f.buffer = f.buffer[:candidate.HotRead]
		}
		for _, n := range f.buffer {
			for int(n) >= len(f.tally) {
				f.tally = append(f.tally, make([]tally, max(1024, len(f.tally)))...)
			}
			t := &f.tally[n]
			if t.score == 0 {
				f.seen = append(f.seen, n)
			}
			t.score += weight
		}
	}
	for _, n := range f.seen {
		t := &f.tally[n]
		if t.own == 0 {
			t.own = own(n)
		}
		if candidate.Suffices(t.score, t.own, mine, true) {
			yield(n, t.score)
		}
	}
	return nil
}

func (f *finder) forget() {
	for _, n := range f.seen {
		f.tally[n].score = 0
	}
	f.seen = f.seen[:0]
}

// list makes postings a lister.
func (p *postings) list(key uint32, dst []uint32, most int) ([]uint32, error) {
	return p.of(key, dst, most), nil
}

// proposal is a text that another proposes, or is proposed by.
type proposal struct {
	other *wording
	score uint32
}
