package archive

import (
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/shingle"
)

// slot is what most wordings are passed over by, close together in memory: a search
// touches tens of thousands of them.
type slot struct {
	wording *wording // nil: the article does not lead
	own     uint32
	// floor is the score under which the list of best partners in English, or French, takes
	// nobody; 0 as long as it is not full.
	floor [2]uint32
	fresh bool // of the batch at work: it looks for its partners itself
}

// quick is what most of the texts that a search touches are passed over by, four bytes
// each and so in the processor's cache: in the lower half the floor of a slot for one lane,
// in the upper half what the text scores with itself. Greater numbers than fit
// are cut.
type quick [2][]uint32

func (q *quick) put(number uint32, s *slot) {
	for n := range q {
		for int(number) >= len(q[n]) {
			q[n] = append(q[n], make([]uint32, max(1024, len(q[n])))...)
		}
		x := uint32(0)
		if s.wording != nil {
			x = min(s.own, 1<<16-1) << 16
			if _, ok := lane(s.wording.language); ok {
				x |= min(s.floor[n], 1<<16-1)
			}
		}
		q[n][number] = x
	}
}

// lane is the number of a language that has a floor.
func lane(l article.Language) (int, bool) {
	switch l {
	case article.English:
		return 0, true
	case article.French:
		return 1, true
	}
	return 0, false
}

// place gives a wording its slot.
func (g *graph) place(t *wording, fresh bool) {
	for int(t.leader.number) >= len(g.slots) {
		g.slots = append(g.slots, make([]slot, max(1024, len(g.slots)))...)
	}
	for len(g.tie) < len(g.slots) {
		g.tie = append(g.tie, make([]uint64, len(g.slots)-len(g.tie))...)
	}
	g.slots[t.leader.number], g.tie[t.leader.number] = slot{wording: t, own: t.own, fresh: fresh}, t.tie()
	g.refloor(t)
}

// unplace takes a wording's slot away.
func (g *graph) unplace(number uint32) {
	g.slots[number] = slot{}
	g.quick.put(number, &g.slots[number])
}

// refloor is called when the lists of a wording have changed.
func (g *graph) refloor(t *wording) {
	s := &g.slots[t.leader.number]
	s.floor = [2]uint32{}
	for i := range t.lists {
		l := &t.lists[i]
		if n, ok := lane(l.language); ok && len(l.best) == candidate.PerArticle {
			s.floor[n] = l.best[len(l.best)-1].score
		}
	}
	g.quick.put(t.leader.number, s)
}

// mayWant is wording.wants as far as the slot tells.
func (s *slot) mayWant(l article.Language, score uint32, strong bool) bool {
	n, ok := lane(l)
	return strong || !ok || score >= s.floor[n]
}

// proposals are what a text proposes, in its lists, and back which others might take it
// on theirs. Fresh ones among them look for themselves.
func (f *finder) proposals(g *graph, t *wording, own []shingle.Key, back bool) (lists []list, reverse []proposal, err error) {
	into := &wording{identity: t.identity, own: t.own}
	number, known := lane(t.language)
	quick := g.quick[number]
	floor := uint32(0) // under which neither English nor French partners get on a list of t
	measured := func(n uint32) uint32 {
		if int(n) >= len(quick) {
			return 0
		}
		return quick[n] >> 16
	}
	err = f.shared(own, measured, func(n, score uint32) {
		if int(n) >= len(quick) {
			return
		}
		q := quick[n]
		if known && score < q&(1<<16-1) && score < floor && !candidate.IsStrong(score, q>>16, t.own) {
			return
		}
		s := &g.slots[n]
		if s.wording == nil || s.wording == t || !candidate.Suffices(score, s.own, t.own, s.wording.language != t.language) {
			return
		}
		strong := candidate.IsStrong(score, t.own, s.own)
		if l := into.list(s.wording.language); l.mayWant(score, strong) && l.insert(partner{n, score}, strong, g.ties) {
			floor = into.floor()
		}
		if back && !s.fresh && s.mayWant(t.language, score, strong) && s.wording.wants(t, score, g.ties) {
			reverse = append(reverse, proposal{s.wording, score})
		}
	})
	if err != nil {
		return nil, nil, err
	}
	return into.lists, reverse, nil
}

// floor is the score under which partners in English and in French get on no list of t.
func (t *wording) floor() uint32 {
	least := uint32(1 << 31)
	for _, language := range []article.Language{article.English, article.French} {
		l := t.listOf(language)
		if l == nil || len(l.best) < candidate.PerArticle {
			return 0
		}
		least = min(least, l.best[len(l.best)-1].score)
	}
	return least
}
