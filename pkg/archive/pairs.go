package archive

import (
	"cmp"
	"slices"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

// verdicts yields the pairs that hold between a wording and others, with their verdicts.
func (g *graph) verdicts(t *wording, yield func(*edge, verdict.Verdict)) {
	for _, e := range t.edges {
		if e.holds {
			if j := g.among(e); g.detector.Reports(j.Verdict) {
				yield(e, j.Verdict)
			}
		}
	}
}

// relations is verdicts with the scores alone.
func (g *graph) relations(t *wording, yield func(e *edge, score float64)) {
	g.verdicts(t, func(e *edge, v verdict.Verdict) { yield(e, v.Score) })
}

// tell fills in the relations of the given articles.
func (b *batch) tell() {
	given := map[*entry]bool{}
	told := map[*wording]bool{}
	for _, it := range b.items {
		given[it.entry] = it.given
	}
	seen := map[*edge]bool{}
	for _, it := range b.items {
		t := it.entry.wording
		if !it.given || told[t] {
			continue
		}
		told[t] = true
		b.graph.verdicts(t, func(e *edge, v verdict.Verdict) {
			if !seen[e] {
				seen[e] = true
				b.added.Pairs = e.pairs(b.added.Pairs, v, given)
			}
		})
		b.added.Pairs = b.graph.exact(b.added.Pairs, t, given)
	}
	sortPairs(b.added.Pairs)
}

func sortPairs(pairs []dedupe.Pair) {
	slices.SortFunc(pairs, func(p, q dedupe.Pair) int { return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B)) })
}

// pairs appends the pairs of articles that an edge stands for, as dedupe.Scan does: all
// with all, but of large families only the first with the first. With given, only those
// that have one of these articles.
func (e *edge) pairs(out []dedupe.Pair, v verdict.Verdict, given map[*entry]bool) []dedupe.Pair {
	as, bs := e.a.members, e.b.members
	if dedupe.Stands(len(as), len(bs)) {
		as, bs = as[:1], bs[:1]
	}
	for _, a := range as {
		for _, b := range bs {
			if given == nil || given[a] || given[b] {
				out = append(out, orient(dedupe.Pair{
					A: a.id, B: b.id, Relation: v.Relation, Score: v.Score,
					Languages: [2]article.Language{e.a.language, e.b.language}, Coverage: e.coverage,
				}))
			}
		}
	}
	return out
}

// orient puts the lesser id first.
func orient(p dedupe.Pair) dedupe.Pair {
	if p.B < p.A {
		p.A, p.B = p.B, p.A
		p.Languages[0], p.Languages[1] = p.Languages[1], p.Languages[0]
		p.Coverage[0], p.Coverage[1] = p.Coverage[1], p.Coverage[0]
	}
	return p
}

// exact appends the pairs of articles with the same words: all of them, or if they are
// many each with the first.
func (g *graph) exact(out []dedupe.Pair, t *wording, given map[*entry]bool) []dedupe.Pair {
	v := verdict.Verdict{Relation: verdict.Exact, Score: 1, Holds: true}
	if !t.words || len(t.members) < 2 || !g.detector.Reports(v) {
		return out
	}
	from := t.members
	if dedupe.Chained(len(t.members)) {
		from = from[:1]
	}
	for i, a := range from {
		for _, b := range t.members[i+1:] {
			if given == nil || given[a] || given[b] {
				out = append(out, dedupe.Pair{
					A: a.id, B: b.id, Relation: v.Relation, Score: v.Score,
					Languages: [2]article.Language{t.language, t.language}, Coverage: [2]float64{1, 1},
				})
			}
		}
	}
	return out
}

// explain fills in the features of pairs that an edge stands for.
func (g *graph) explain(e *edge, pairs []dedupe.Pair) {
	j := g.among(e)
	for i := range pairs {
		features := j.Features
		if g.byID[pairs[i].A].wording != e.a {
			features.Turn()
		}
		pairs[i].Features = &features
	}
}

// pairs are all relations, by A, then B.
func (g *graph) pairs() []dedupe.Pair {
	var out []dedupe.Pair
	for _, t := range g.texts {
		g.verdicts(t, func(e *edge, v verdict.Verdict) {
			if e.a != t {
				return
			}
			n := len(out)
			if out = e.pairs(out, v, nil); g.explains {
				g.explain(e, out[n:])
			}
		})
		out = g.exact(out, t, nil)
	}
	sortPairs(out)
	return out
}
