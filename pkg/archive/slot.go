package archive

import (
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
)

// slot is what most wordings are passed over by, close together in memory: a search
// touches tens of thousands of them.
type slot struct {
	wording *wording // nil: the article does not lead
	own     [numKinds]uint32
	// floor is the score under which the list of best partners in English, or French, takes
	// nobody; 0 as long as it is not full.
	floor [numKinds][2]uint32
	fresh bool // of the batch at work: it looks for its partners itself
}

// quick is what most of the texts that a search touches are passed over by, four bytes
// each and so in the processor's cache: in the lower half the floor of a slot for one kind
// and lane, in the upper half what the text scores with itself. Greater numbers than fit
// are cut.
type quick [numKinds][2][]uint32

func (q *quick) put(number uint32, s *slot) {
	for k := range numKinds {
		for n := range q[k] {
			for int(number) >= len(q[k][n]) {
				q[k][n] = append(q[k][n], make([]uint32, max(1024, len(q[k][n])))...)
			}
			x := uint32(0)
			if s.wording != nil {
				x = min(s.own[k], 1<<16-1) << 16
				if _, ok := lane(s.wording.language); ok {
					x |= min(s.floor[k][n], 1<<16-1)
				}
			}
			q[k][n][number] = x
		}
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
	s := slot{wording: t, fresh: fresh}
	for k := range numKinds {
		s.own[k] = t.ownScore(k)
	}
	g.slots[t.leader.number] = s
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
	s.floor = [numKinds][2]uint32{}
	for i := range t.lists {
		l := &t.lists[i]
		if n, ok := lane(l.language); ok && len(l.best) == candidate.PerArticle {
			s.floor[l.kind][n] = l.best[len(l.best)-1].score
		}
	}
	g.quick.put(t.leader.number, s)
}

// mayWant is wording.wants as far as the slot tells.
func (s *slot) mayWant(l article.Language, score uint32, strong bool, k kind) bool {
	n, ok := lane(l)
	return strong || !ok || score >= s.floor[k][n]
}

// proposals are what a text proposes, in its lists, and back which others might take it
// on theirs. Fresh ones among them look for themselves.
func (f *finder) proposals(g *graph, t *wording, own *keys, back bool) (lists []list, reverse []proposal, err error) {
	into := &wording{identity: t.identity, own: t.own, runs: t.runs}
	number, known := lane(t.language)
	for k := range numKinds {
		mine := float32(t.ownScore(k)) / 8
		quick := g.quick[k][number]
		floor := uint32(0) // under which neither English nor French partners get on a list of t
		err = f.shared(own, k, func(n, score uint32) {
			if int(n) >= len(quick) {
				return
			}
			q := quick[n]
			if known && score < q&(1<<16-1) && score < floor && 20*score+8 < 7*min(q>>16, t.ownScore(k)) {
				return
			}
			s := &g.slots[n]
			if s.wording == nil || s.wording == t {
				return
			}
			strong := candidate.IsStrong(float32(score)/8, mine, float32(s.own[k])/8)
			if l := into.list(s.wording.language, k); l.mayWant(score, strong) && l.insert(partner{s.wording, score}, strong) {
				floor = into.floor(k)
			}
			if back && !s.fresh && s.mayWant(t.language, score, strong, k) && s.wording.wants(t, score, k) {
				reverse = append(reverse, proposal{s.wording, score, k})
			}
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return into.lists, reverse, nil
}

// floor is the score under which partners in English and in French get on no list of t.
func (t *wording) floor(k kind) uint32 {
	least := uint32(1 << 31)
	for _, language := range []article.Language{article.English, article.French} {
		l := t.listOf(language, k)
		if l == nil || len(l.best) < candidate.PerArticle {
			return 0
		}
		least = min(least, l.best[len(l.best)-1].score)
	}
	return least
}
