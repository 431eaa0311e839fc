package candidate

import (
	"slices"

	"github.com/calque-dev/calque/pkg/internal/spill"
	"github.com/calque-dev/calque/pkg/shingle"
)

// asked is the keys of some articles, and what of their lists is in the file: that is read part
// by part for all of them, rather than list by list. It serves one goroutine.
type asked struct {
	keys   []shingle.Key
	starts []int    // by article: where its keys start; one more
	lists  []copied // of the keys whose part is in the file, in order

	most   int      // so many keys are read at a time, and what their last article has beside
	asks   []uint64 // these keys, each with its place among lists
	sorter sorter
	part   []byte // the part at hand
	room   []byte // what was copied
}

// copied is where a list from the file is, and how many articles it has. There is one for most
// keys of thousands of articles: so it has no pointers.
type copied struct {
	from     uint32 // in the room or, if it is long, in its part
	articles uint32
}

// askedKeys is for how many keys parts in the file are read together, by all workers: for two,
// each has about those of a thousand articles, which want something of every few kilobytes. With
// many workers each has leastAsked, rather than to read all for a few articles.
const (
	askedKeys  = 1 << 18
	leastAsked = 1 << 15
)

// longList is the number of articles from which on a list in the file is read when its turn
// comes: mostly an article has met enough others before.
const longList = 256

// read reads the keys of articles from one on, up to another or until they are many, and their
// lists in the file. It returns the article after the last of them.
func (a *asked) read(x *index, from, past int32) (next int32, err error) {
	a.keys, a.starts = a.keys[:0], append(a.starts[:0], 0)
	for next = from; next < past && len(a.keys) < a.most; next++ {
		if a.keys, err = x.Keys(int(next), a.keys); err != nil {
			return next, err
		}
		a.starts = append(a.starts, len(a.keys))
	}
	if !x.lists.filed {
		return next, nil
	}
	a.asks = a.asks[:0]
	for _, k := range a.keys {
		if x.lists.partOf(uint32(k)).bytes == nil {
			a.asks = append(a.asks, uint64(k)<<32|uint64(len(a.asks)))
		}
	}
	return next, a.copy(x.lists)
}

// copy copies the lists that are asked for, but for the long ones.
func (a *asked) copy(l *lists) (err error) {
	a.room = a.room[:0]
	a.lists = slices.Grow(a.lists[:0], len(a.asks))[:len(a.asks)]
	asks := a.sorter.sort(a.asks, 64)
	var at *part
	for n, ask := range asks {
		key, to := uint32(ask>>32), &a.lists[uint32(ask)]
		if n > 0 && key == uint32(asks[n-1]>>32) {
			*to = a.lists[uint32(asks[n-1])]
			continue
		}
		s := l.spot(key)
		if s.part != at {
			at = s.part
			if a.part, err = l.file.Read(at.filed, a.part); err != nil {
				return err
			}
		}
		from, past := find(a.part[s.from:s.past], uint16(key), l.size)
		*to = copied{s.from + uint32(from), uint32((past - from) / l.size)}
		if to.articles <= longList {
			to.from = uint32(len(a.room))
			a.room = append(a.room, a.part[int(s.from)+from:int(s.from)+past]...)
		}
	}
	return nil
}

// located is a list with its length; its bytes are nil where it is still to be read.
type located struct {
	list
	length int
	filed  spill.Ref // where it is in the file then
}

// list is number n of the lists, of a key in the part.
func (a *asked) list(n int, p *part, size int) located {
	c := a.lists[n]
	x := located{list: list{nil, size}, length: int(c.articles)}
	if from, past := int(c.from), int(c.from)+x.length*size; x.length <= longList {
		x.bytes = a.room[from:past]
	} else {
		x.filed = p.filed.Slice(from, past)
	}
	return x
}
