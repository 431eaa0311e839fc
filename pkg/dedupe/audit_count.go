package dedupe

import (
	"cmp"

	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/verdict"
)

// bands is the number of bands of similarity.
const bands = 10

// count counts the pairs of articles that stand behind the texts that are tied.
func (a *audit) count() *Audit {
	n := len(a.result.Articles)
	out := &Audit{
		Articles: n, Rejected: a.result.Rejected, Elapsed: a.result.Elapsed,
		Candidates: 2 * float64(len(a.pairs)) / float64(max(len(a.copies), 1)),
		Relations:  map[verdict.Relation]Recall{},
	}
	for _, sampled := range a.sampled {
		if sampled {
			out.Sampled++
		}
	}
	out.Compared = pairsAmong(n, out.Sampled)
	for r, wanted := range a.wanted {
		if wanted {
			out.Relations[r] = Recall{}
		}
	}
	var byBand [bands]Recall
	add := func(r verdict.Relation, similarity float64, pairs int, found bool) {
		relation := out.Relations[r]
		for _, recall := range []*Recall{&relation, &byBand[min(int(similarity*bands), bands-1)], &out.All} {
			recall.add(pairs, found)
		}
		out.Relations[r] = relation
	}
	if a.reports(exact) {
		for leader, family := range a.copies {
			if pairs := pairsAmong(len(family), a.sampledOf(family)); pairs > 0 && a.hasWords(leader) {
				add(verdict.Exact, 1, pairs, true)
			}
		}
	}
	for _, t := range a.tied {
		pairs := a.pairsBetween(a.copies[t.A], a.copies[t.B])
		add(t.Relation, t.similarity, pairs, t.candidate && t.plausible)
		if !t.candidate || !t.plausible {
			out.Missed = append(out.Missed, Miss{
				A: a.result.Articles[t.A].ID, B: a.result.Articles[t.B].ID, Relation: t.Relation,
				Score: t.Score, Similarity: t.similarity, Pairs: pairs, Filtered: t.candidate,
			})
		}
	}
	for i, r := range byBand {
		if r.Pairs > 0 {
			out.Bands = append(out.Bands, Band{float64(i) / bands, float64(i+1) / bands, r})
		}
	}
	return out
}

func comparePairs(p, q candidate.Pair) int {
	return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
}

// pairsAmong is the number of pairs among n articles of which one is among the sampled.
func pairsAmong(n, sampled int) int { return (n*(n-1) - (n-sampled)*(n-sampled-1)) / 2 }

// pairsBetween is the number of pairs of an article of each family of which one was
// sampled.
func (a *audit) pairsBetween(x, y []int32) int {
	return len(x)*len(y) - (len(x)-a.sampledOf(x))*(len(y)-a.sampledOf(y))
}

// sampledOf is the number of articles of a family that were sampled.
func (a *audit) sampledOf(family []int32) int {
	n := 0
	for _, i := range family {
		if a.sampled[i] {
			n++
		}
	}
	return n
}

// hasWords reports whether the article has any: texts without are not the same text.
func (a *audit) hasWords(i int32) bool { return a.form(a.workers[0], i).Words > 0 }
