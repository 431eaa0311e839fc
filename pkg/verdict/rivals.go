package verdict

import (
	"sync"
)

// Rivals remembers how well each article of a pile is explained by the others, so
// that a pair can be measured against the other candidates of its two articles: the
// translation of one advisory is better explained by that advisory than by the next
// one from the same template. It serves any number of goroutines, and the order of
// Add does not matter.
type Rivals struct {
	standings []standing
	locks     [256]sync.Mutex
}

// standing is the two best partners of an article in its own language and in others.
type standing [2]struct{ bimax, held, marks top }

// top is the two greatest values met.
type top [2]float32

func (t *top) add(x float32) {
	switch {
	case x > t[0]:
		t[0], t[1] = x, t[0]
	case x > t[1]:
		t[1] = x
	}
}

// margin is how far x, which was added, stands above the greatest of the other values, at
// least floor.
func (t *top) margin(x, floor float64) float64 {
	rival := t[0]
	if float32(x) >= rival {
		rival = t[1]
	}
	return x - max(float64(rival), floor)
}

// What a rival has that nobody saw: about what the best wrong article has. Pairs that
// are not Plausible are not measured.
const (
	bimaxFloor = 0.2
	heldFloor  = 0.3
	marksFloor = 0.5
)

// NewRivals is for a pile of n articles.
func NewRivals(n int) *Rivals { return &Rivals{standings: make([]standing, n)} }

// Add enters a pair of the pile, by the numbers of its articles.
func (r *Rivals) Add(a, b int32, f *Features) {
	r.enter(a, f, 0)
	r.enter(b, f, 1)
}

func (r *Rivals) enter(i int32, f *Features, side int) {
	lock := &r.locks[uint8(i)]
	lock.Lock()
	defer lock.Unlock()
	s := &r.standings[i][f.kind()]
	s.bimax.add(float32(f.BiMax[side]))
	s.held.add(float32(f.Held[side]))
	s.marks.add(float32(f.Marks[side]))
}

// Margins fills in the margins of a pair that was added, when all were.
func (r *Rivals) Margins(a, b int32, f *Features) {
	f.margins(&r.standings[a], &r.standings[b])
}

// kind is 0 in one language and 1 in two.
func (f *Features) kind() int {
	if f.Cross {
		return 1
	}
	return 0
}

func (f *Features) margins(a, b *standing) {
	sa, sb := &a[f.kind()], &b[f.kind()]
	f.setMargins(BehindMin, sa.bimax.margin(f.BiMax[0], bimaxFloor), sb.bimax.margin(f.BiMax[1], bimaxFloor))
	f.setMargins(HeldBehindMin, sa.held.margin(f.Held[0], heldFloor), sb.held.margin(f.Held[1], heldFloor))
	f.setMargins(MarksBehindMin, sa.marks.margin(f.Marks[0], marksFloor), sb.marks.margin(f.Marks[1], marksFloor))
}

// aheadCap is what a lead counts for at the most: a pair far ahead of its rivals is no
// surer than one well ahead.
const aheadCap = 0.2

// setMargins fills in the four features, from the first on, of the margins of both sides.
func (f *Features) setMargins(first Feature, a, b float64) {
	v := f.Values[first : first+4]
	v[0], v[1] = ordered(min(a, 0), min(b, 0))
	v[2], v[3] = ordered(min(max(a, 0), aheadCap), min(max(b, 0), aheadCap))
}
