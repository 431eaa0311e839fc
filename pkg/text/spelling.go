package text

import (
	"math/bits"

	"github.com/calque-dev/calque/pkg/internal/ascii"
)

// maxSpelling is the length in bytes up to which a word is its own key: of 3.3 million words of
// web pages and of parliament, one in nine hundred is longer.
const maxSpelling = 15

// spelling is a word as written, and its length in the last byte.
type spelling struct{ low, high uint64 }

// spellings finds the Form of a short word, as it is written and in lower case. The words stand in the order in which they were met, the frequent ones near each
// other; an open hash table, at most half full, has their places. The zero value is empty.
type spellings struct {
	known  []knownSpelling
	places []place // a power of two
}

type knownSpelling struct {
	spelling
	form  *Form
	id    int32 // of the form
	hints hint  // likewise
	uses  uint16
}

// place is the place of a word in known, counted from 1, with some bits of the word's hash
// above, so that another is hardly ever looked at; 0 in an empty slot.
type place uint32

const (
	placeBits     = 22
	mostSpellings = 1<<placeBits - 1
)

// masks keep the bytes of a word of each length.
var masks = func() (m [maxSpelling + 1]spelling) {
	for n := range m {
		m[n].low = 1<<(8*min(n, 8)) - 1
		m[n].high = 1<<(8*max(n-8, 0)) - 1
	}
	return m
}()

// spellingAt is the word text[start:end]; ok is false when it is longer than maxSpelling.
func spellingAt(text string, start, end int) (w spelling, ok bool) {
	n := end - start
	if n > maxSpelling {
		return spelling{}, false
	}
	if len(text)-start >= 16 {
		sixteen := text[start : start+16]
		mask := &masks[n]
		w.low, w.high = ascii.Load(sixteen)&mask.low, ascii.Load(sixteen[8:])&mask.high
	} else {
		for i := n - 1; i >= 0; i-- {
			w.high = w.high<<8 | w.low>>56
			w.low = w.low<<8 | uint64(text[start+i])
		}
	}
	w.high |= uint64(n) << 56
	return w, true
}

// hash mixes the word: two factors of 64 bits, folded.
func (w spelling) hash() uint64 {
	high, low := bits.Mul64(w.low^0x9e3779b97f4a7c15, w.high^0x9fb21c651e98df25)
	return high ^ low
}

// sought is a word to be found.
type sought struct {
	spelling
	short bool // it may be found
	hash  uint64
	first place // where its hash leads to: read for nothing but that its memory is at hand
}

// seek begins to find a word, which may be found if ok.
func (t *spellings) seek(w spelling, ok bool) sought {
	x := sought{spelling: w, short: ok, hash: w.hash()}
	if len(t.places) > 0 {
		x.first = t.places[x.hash&uint64(len(t.places)-1)]
	}
	return x
}

// find is a word that is known, or nil. Words may have been added since it was sought.
func (t *spellings) find(w *sought) *knownSpelling {
	if !w.short || len(t.places) == 0 {
		return nil
	}
	for i := w.hash; ; i++ {
		p := t.places[i&uint64(len(t.places)-1)]
		if p == 0 {
			return nil
		}
		if p>>placeBits == place(w.hash>>(32+placeBits)) {
			if s := &t.known[p&mostSpellings-1]; s.spelling == w.spelling {
				return s
			}
		}
	}
}

// add notes the Form of a word that is not known. It returns false if there is no room.
func (t *spellings) add(w spelling, f *Form) bool {
	if len(t.known) == mostSpellings {
		return false
	}
	t.known = append(t.known, knownSpelling{spelling: w, form: f, id: int32(f.ID), hints: f.hints})
	if 2*len(t.known) <= len(t.places) {
		t.put(len(t.known))
		return true
	}
	t.places = make([]place, max(2*len(t.places), 256))
	for n := range t.known {
		t.put(n + 1)
	}
	return true
}

// put enters the word at a place, counted from 1, in the table.
func (t *spellings) put(n int) {
	h := t.known[n-1].hash()
	i := h
	for t.places[i&uint64(len(t.places)-1)] != 0 {
		i++
	}
	t.places[i&uint64(len(t.places)-1)] = place(h>>(32+placeBits))<<placeBits | place(n)
}
