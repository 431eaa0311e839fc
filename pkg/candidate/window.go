package candidate

import (
	"cmp"
	"slices"
	"time"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

// Period is when an article came out, or from when to when several with one text did: in
// Unix seconds. The zero value is an unknown time, which is near every
// other: what has no time is compared with all.
type Period struct {
	From, To int64
	Known    bool
}

// At is the period of one article; the zero time is unknown.
func At(t time.Time) Period {
	if t.IsZero() {
		return Period{}
	}
	return Period{From: t.Unix(), To: t.Unix(), Known: true}
}

// Near reports whether the periods are no more than the window apart, or one of them is
// unknown; 0 is no limit. Whole seconds count: a window is rounded up to them.
func (p Period) Near(q Period, window time.Duration) bool {
	return window <= 0 || p.near(q, Seconds(window))
}

// Seconds is a window in seconds, rounded up.
func Seconds(window time.Duration) int64 {
	s := int64(window / time.Second)
	if window%time.Second > 0 {
		s++
	}
	return s
}

func (p Period) near(q Period, window int64) bool {
	return !p.Known || !q.Known || q.From-p.To <= window && p.From-q.To <= window
}

// byTime is the numbers of the articles in order of when their periods begin, those
// without a time first. Then the articles near another are neighbours in every list, so
// that a window makes a join cheaper, and a list that is hot is read where it is near.
func byTime(pile Heads) []int32 {
	order := make([]int32, pile.Len())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		p, q := pile.Head(int(i)).Published, pile.Head(int(j)).Published
		switch {
		case p.Known != q.Known && q.Known:
			return -1
		case p.Known != q.Known:
			return 1
		case p.Known && p.From != q.From:
			return cmp.Compare(p.From, q.From)
		}
		return cmp.Compare(i, j)
	})
	return order
}

// ordered is a Pile or a RunPile in another order.
type ordered struct {
	Heads
	order []int32
}

func (o ordered) Head(i int) Keys { return o.Heads.Head(int(o.order[i])) }

func (o ordered) Size(i int) int { return o.Heads.(Pile).Size(int(o.order[i])) }

func (o ordered) Keys(i int, dst []shingle.Key) ([]shingle.Key, error) {
	return o.Heads.(Pile).Keys(int(o.order[i]), dst)
}

// times are the periods of articles in the order of byTime.
type times struct {
	window  int64    // seconds
	undated int32    // articles without a time: the first ones
	from    []int64  // of the others
	longest int64    // period
	text    []int32  // by article: the first one with the same text
	period  []Period // by article
}

func newTimes(pile Heads, window time.Duration) *times {
	type identity struct {
		hash     article.Hash
		language article.Language
	}
	texts := map[identity]int32{}
	t := &times{window: Seconds(window), text: make([]int32, pile.Len()), period: make([]Period, pile.Len())}
	for i := range t.text {
		head := pile.Head(i)
		id := identity{head.Hash, head.Language}
		first, ok := texts[id]
		if !ok || id.hash == (article.Hash{}) {
			first = int32(i)
			texts[id] = first
		}
		t.text[i], t.period[i] = first, head.Published
		p := head.Published
		if !p.Known {
			t.undated++
			continue
		}
		t.from = append(t.from, p.From)
		t.longest = max(t.longest, p.To-p.From)
	}
	return t
}

func (t *times) near(i, j int32) bool {
	return t.period[i].near(t.period[j], t.window)
}

// around are the bounds of the dated articles that may be near article i: all if it has
// no time itself. Some of them may not be near: a period that began before them all may
// be the longest or the shortest.
func (t *times) around(i int32) (from, to int32) {
	p := t.period[i]
	if !p.Known {
		return t.undated, int32(len(t.period))
	}
	first, _ := slices.BinarySearch(t.from, p.From-t.window-t.longest)
	past, _ := slices.BinarySearch(t.from, p.To+t.window+1)
	return t.undated + int32(first), t.undated + int32(past)
}

// mayPair reports, with a window, whether article j has a place among the partners of i: it is near, and
// neither the same text nor a text that has its place already, by the turn noted in placed.
// Call it once for each in a turn.
func (t *times) mayPair(placed []int32, turn, i, j int32) bool {
	text := t.text[j]
	if text == t.text[i] || placed[text] == turn || !t.near(i, j) {
		return false
	}
	placed[text] = turn
	return true
}

// cut is what a list has of the articles without a time, and of the others from one up to
// another.
func (t *times) cut(l list, from, to int32) (undated, dated list) {
	n := l.search(t.undated)
	return l.cut(0, n), l.cut(max(n, l.search(from)), max(n, l.search(to)))
}
