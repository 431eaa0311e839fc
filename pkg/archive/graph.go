package archive

import (
	"maps"
	"slices"
	"strings"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

func compareIDs(a, b string) int { return strings.Compare(a, b) }

// graph is what the archive remembers of its articles, without their texts: who has the
// same words, who proposes whom, and what comparing them gave. It is a function of the
// articles alone, not of the order in which they came, as long as no key has more than
// candidate.Hot texts.
type graph struct {
	detector *dedupe.Detector
	byNumber map[uint32]*entry
	byID     map[string]*entry
	bySource map[string][]*entry
	texts    map[identity]*wording
	slots    []slot // by number
	quick    quick
	tie      []uint64          // by number: see ties
	ties     ties              // of tie
	gone     numbers           // of the leaders of wordings dissolved since the last sweep
	rivals   *verdict.Rivals   // by number
	changed  map[*wording]bool // since it was settled
	next     uint32            // the number of the next article
	explains bool              // pairs come with their features
}

func newGraph(d *dedupe.Detector) *graph {
	g := &graph{
		detector: d, byNumber: map[uint32]*entry{}, byID: map[string]*entry{}, bySource: map[string][]*entry{}, texts: map[identity]*wording{}, next: 1,
		rivals: verdict.NewRivals(1), changed: map[*wording]bool{},
	}
	g.ties = func(number uint32) uint64 { return g.tie[number] }
	return g
}

// enter adds an article that is not there, without a text.
func (g *graph) enter(e *entry) {
	g.byNumber[e.number], g.byID[e.id] = e, e
	if e.source != "" {
		g.bySource[e.source] = append(g.bySource[e.source], e)
	}
	g.next = max(g.next, e.number+1)
}

// leave takes an article out, and with a leader its wording: the other members are left
// without one.
func (g *graph) leave(e *entry) (orphans []*entry) {
	delete(g.byNumber, e.number)
	delete(g.byID, e.id)
	if of := g.bySource[e.source]; of != nil {
		g.bySource[e.source] = slices.DeleteFunc(of, func(x *entry) bool { return x == e })
	}
	t := e.wording
	if t == nil {
		return nil
	}
	if t.leader == e {
		orphans = g.dissolve(t)
		e.wording = nil
		return slices.DeleteFunc(orphans, func(m *entry) bool { return m == e })
	}
	t.leave(e)
	return nil
}

// dissolve takes a wording out and returns its members.
func (g *graph) dissolve(t *wording) (members []*entry) {
	members = t.members
	for _, m := range members {
		m.wording = nil
	}
	g.unplace(t.leader.number)
	g.gone.add(t.leader.number)
	t.members, t.leader = nil, nil
	delete(g.texts, t.identity)
	for _, x := range t.edges {
		other := x.other(t)
		other.edges = slices.DeleteFunc(other.edges, func(y *edge) bool { return x == y })
		g.changed[other] = true
	}
	t.edges = nil
	return members
}

// sweep takes dissolved wordings off all lists and returns those that may miss somebody,
// in order of their leaders' numbers.
func (g *graph) sweep() (incomplete []*wording) {
	for i := range g.slots {
		t := g.slots[i].wording
		if t == nil {
			continue
		}
		dropped, complete := false, true
		for i := range t.lists {
			l := &t.lists[i]
			dropped = l.drop(&g.gone, g.ties) || dropped
			complete = l.complete(g.ties) && complete
		}
		if dropped {
			g.refloor(t)
		}
		if !complete {
			incomplete = append(incomplete, t)
		}
	}
	g.gone = nil
	return incomplete
}

// connect adds an edge.
func (e *edge) connect() {
	e.a.edges = append(e.a.edges, e)
	e.b.edges = append(e.b.edges, e)
}

// judgement is the edge's verdict alone.
func (e *edge) judgement() dedupe.Judgement {
	return dedupe.Judgement{
		Verdict:  verdict.Verdict{Relation: e.relation, Score: e.score, Holds: e.holds},
		Features: e.features, Coverage: e.coverage,
	}
}

// among judges the edge among the other candidates of its texts.
func (g *graph) among(e *edge) dedupe.Judgement {
	j := e.judgement()
	g.detector.Among(&j, g.rivals, int32(e.a.leader.number), int32(e.b.leader.number))
	return j
}

// settle looks at the wordings whose lists or edges have changed: it drops the edges of
// those that are candidates no more, and enters the others among the rivals anew.
func (g *graph) settle() {
	changed := g.changed
	g.changed = map[*wording]bool{}
	for t := range maps.Clone(changed) {
		kept := t.edges[:0]
		for _, e := range t.edges {
			if candidates(e.a, e.b) {
				kept = append(kept, e)
				continue
			}
			other := e.other(t)
			other.edges = slices.DeleteFunc(other.edges, func(x *edge) bool { return x == e })
			changed[other] = true
		}
		clear(t.edges[len(kept):])
		t.edges = kept
	}
	g.rivals.Grow(int(g.next))
	for t := range changed {
		if t.leader == nil {
			continue
		}
		own := int32(t.leader.number)
		g.rivals.Forget(own)
		for _, e := range t.edges {
			if e.rival {
				reworded := e.holds && e.relation == verdict.Reworded
				g.rivals.AddTo(own, int32(e.other(t).leader.number), &e.features, e.b == t, reworded)
			}
		}
	}
}

// amongEdges is the verdict on an edge, given all rival edges of its texts.
func amongEdges(d *dedupe.Detector, e *edge, around []*edge) verdict.Verdict {
	texts := []*wording{e.a, e.b}
	number := func(t *wording) int32 {
		i := slices.Index(texts, t)
		if i < 0 {
			i = len(texts)
			texts = append(texts, t)
		}
		return int32(i)
	}
	numbers := make([][2]int32, len(around))
	for i, x := range around {
		numbers[i] = [2]int32{number(x.a), number(x.b)}
	}
	rivals := verdict.NewRivals(len(texts))
	for i, x := range around {
		j := x.judgement()
		j.Enter(rivals, numbers[i][0], numbers[i][1])
	}
	j := e.judgement()
	d.Among(&j, rivals, 0, 1)
	return j.Verdict
}
