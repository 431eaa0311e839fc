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
	score  []uint32 // by number: the weights of the keys shared; zero between uses
	seen   []uint32
	buffer []uint32
}

// shared yields the numbers of the texts that share a key, and the score. Of the texts
// with a hot key it counts a part: of those in memory the newest.
func (f *finder) shared(own []shingle.Key, yield func(number, score uint32)) error {
	defer f.forget()
	for _, key := range own {
		weight := key.Weight()
		var err error
		if f.buffer, err = f.list(uint32(key), f.buffer[:0], candidate.Hot+1); err != nil {
			return err
		}
		if len(f.buffer) > candidate.Hot {
			f.buffer = f.buffer[:candidate.HotRead]
		}
		for _, n := range f.buffer {
			for int(n) >= len(f.score) {
				f.score = append(f.score, make([]uint32, max(1024, len(f.score)))...)
			}
			if f.score[n] == 0 {
				f.seen = append(f.seen, n)
			}
			f.score[n] += weight
		}
	}
	for _, n := range f.seen {
		yield(n, f.score[n])
	}
	return nil
}

func (f *finder) forget() {
	for _, n := range f.seen {
		f.score[n] = 0
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
