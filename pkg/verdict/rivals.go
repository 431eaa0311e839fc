package verdict

import (
	"cmp"
	"slices"
	"sync"
)

// Rivals remembers how well each article of a pile is explained by the others, so
// that a pair can be measured against the other candidates of its two articles: the
// translation of one advisory is better explained by that advisory than by the next
// one from the same template. It serves any number of goroutines, and the order of
// Add and Reword does not matter.
type Rivals struct {
	articles []*explained // nil for most: only candidates have rivals
	locks    [256]sync.Mutex
}

// explained are the best partners of an article, in its own language and in others, and
// its rewordings.
type explained struct {
	by       [2][]rival // at most maxRivals, the best first
	reworded []int32
}

// rival is how much of an article another one has.
type rival struct {
	article            int32
	bimax, held, marks float32
}

// maxRivals are remembered of an article, for each kind: a text has seldom as many
// rewordings.
const maxRivals = 8

// What a rival has that nobody saw: about what the best wrong article has. Pairs that
// are not Plausible are not measured.
const (
	bimaxFloor = 0.2
	heldFloor  = 0.3
	marksFloor = 0.5
)

// NewRivals is for a pile of n articles.
func NewRivals(n int) *Rivals { return &Rivals{articles: make([]*explained, n)} }

// Grow makes room for a pile of n articles. It and Forget are for one goroutine at a time.
func (r *Rivals) Grow(n int) {
	if more := n - len(r.articles); more > 0 {
		r.articles = append(r.articles, make([]*explained, more)...)
	}
}

// Forget forgets the rivals of one article, and the article among the rewordings of none.
func (r *Rivals) Forget(i int32) { r.articles[i] = nil }

// of is what article i is explained by, to be changed by who holds its lock.
func (r *Rivals) of(i int32) *explained {
	if r.articles[i] == nil {
		r.articles[i] = &explained{}
	}
	return r.articles[i]
}

// known is what article i is explained by.
func (r *Rivals) known(i int32) (x explained) {
	if r.articles[i] != nil {
		x = *r.articles[i]
	}
	return x
}

// AddTo enters b among the rivals of a alone, as Add and, if the pair is reworded, Reword
// do for both. The pair was measured with a as its first article, or if swapped with b.
func (r *Rivals) AddTo(a, b int32, f *Features, swapped, reworded bool) {
	side := 0
	if swapped {
		side = 1
	}
	r.enter(a, b, f, side)
	if reworded && f.Values[Topic] >= rewordedTopic {
		x := r.of(a)
		x.reworded = append(x.reworded, b)
	}
}

// Add enters a pair of the pile, by the numbers of its articles.
func (r *Rivals) Add(a, b int32, f *Features) {
	r.enter(a, b, f, 0)
	r.enter(b, a, f, 1)
}

func (r *Rivals) enter(i, other int32, f *Features, side int) {
	lock := &r.locks[uint8(i)]
	lock.Lock()
	defer lock.Unlock()
	list := &r.of(i).by[f.kind()]
	x := rival{other, float32(f.BiMax[side]), float32(f.Held[side]), float32(f.Marks[side])}
	at, _ := slices.BinarySearchFunc(*list, x, compareRivals)
	if at == maxRivals {
		return
	}
	if len(*list) == maxRivals {
		*list = (*list)[:maxRivals-1]
	}
	*list = slices.Insert(*list, at, x)
}

func compareRivals(x, y rival) int {
	return cmp.Or(cmp.Compare(y.bimax, x.bimax), cmp.Compare(y.held, x.held), cmp.Compare(y.marks, x.marks),
		cmp.Compare(x.article, y.article))
}

// rewordedTopic is the Topic feature that two articles in one language must reach to be
// taken for rewordings of one original: notices of one template are about other things.
// With it translations of debian-security have a precision of 0.983, without it 0.977.
const rewordedTopic = 0.6

// Reword notes that two articles, which were judged to be, say the same in other words.
// Two renderings of one original are not rivals, though one may be much closer to it.
func (r *Rivals) Reword(a, b int32, f *Features) {
	if f.Values[Topic] < rewordedTopic {
		return
	}
	for _, pair := range [][2]int32{{a, b}, {b, a}} {
		lock := &r.locks[uint8(pair[0])]
		lock.Lock()
		x := r.of(pair[0])
		x.reworded = append(x.reworded, pair[1])
		lock.Unlock()
	}
}

// Margins fills in the margins of a pair, when all were added.
func (r *Rivals) Margins(a, b int32, f *Features) {
	f.margins([2]rival{r.best(a, b, f.kind()), r.best(b, a, f.kind())})
}

// best is what the best rivals of the other article have of article i, and at least the
// floors.
func (r *Rivals) best(i, other int32, kind int) rival {
	best := unseen
	for _, x := range r.known(i).by[kind] {
		if x.article == other || slices.Contains(r.known(other).reworded, x.article) {
			continue
		}
		best.bimax, best.held, best.marks = max(best.bimax, x.bimax), max(best.held, x.held), max(best.marks, x.marks)
	}
	return best
}

var unseen = rival{bimax: bimaxFloor, held: heldFloor, marks: marksFloor}

// kind is 0 in one language and 1 in two.
func (f *Features) kind() int {
	if f.Cross {
		return 1
	}
	return 0
}

// margins fills in the features that compare the pair with the rivals of its sides.
func (f *Features) margins(of [2]rival) {
	f.setMargins(BehindMin, f.BiMax, of[0].bimax, of[1].bimax)
	f.setMargins(HeldBehindMin, f.Held, of[0].held, of[1].held)
	f.setMargins(MarksBehindMin, f.Marks, of[0].marks, of[1].marks)
}

// aheadCap is what a lead counts for at the most: a pair far ahead of its rivals is no
// surer than one well ahead.
const aheadCap = 0.2

// setMargins fills in the four features, from the first on, of the margins of both sides.
func (f *Features) setMargins(first Feature, own [2]float64, rivalA, rivalB float32) {
	a, b := float64(float32(own[0])-rivalA), float64(float32(own[1])-rivalB)
	v := f.Values[first : first+4]
	v[0], v[1] = ordered(min(a, 0), min(b, 0))
	v[2], v[3] = ordered(min(max(a, 0), aheadCap), min(max(b, 0), aheadCap))
}
