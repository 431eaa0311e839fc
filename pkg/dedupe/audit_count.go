package dedupe

import (
	"cmp"
	"slices"
	"time"

	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/verdict"
)

// bands is the number of bands of similarity.
const bands = 10

// count counts the pairs of articles that stand behind the texts that are tied.
func (a *audit) count() *Audit {
	n := a.pile.Len()
	out := &Audit{
		Articles: n, Rejected: a.result.Rejected, Elapsed: a.result.Elapsed,
		Candidates: 2 * float64(len(a.pairs)) / float64(max(a.texts, 1)),
		Relations:  map[verdict.Relation]Recall{},
	}
	for _, sampled := range a.sampled {
		if sampled {
			out.Sampled++
		}
	}
	out.Compared = a.pairsAmong(indices(n))
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
	if a.Reports(exact) {
		for leader, family := range a.copies {
			if pairs := a.pairsAmong(family); pairs > 0 && a.pile.at(leader).words {
				add(verdict.Exact, 1, pairs, true)
			}
		}
	}
	for _, t := range a.tied {
		pairs := a.pairsBetween(a.family(t.A), a.family(t.B))
		add(t.Relation, t.similarity, pairs, t.candidate && t.plausible)
		if !t.candidate || !t.plausible {
			out.Missed = append(out.Missed, Miss{
				A: a.pile.idOf(t.A), B: a.pile.idOf(t.B), Relation: t.Relation,
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

// indices are the numbers of n articles.
func indices(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// pairsAmong is the number of pairs of the articles within the window of which one was
// sampled.
func (a *audit) pairsAmong(x []int32) int {
	all, sampled := a.times(x), a.times(a.sampledOf(x))
	// Ordered pairs, and each article with itself; of two sampled ones both orders.
	among := sampled.near(sampled, a.scan.o.Window) - sampled.len()
	return sampled.near(all, a.scan.o.Window) - sampled.len() - among/2
}

// pairsBetween is the number of pairs of an article of each family within the window of
// which one was sampled.
func (a *audit) pairsBetween(x, y []int32) int {
	window := a.scan.o.Window
	sampledX, sampledY := a.times(a.sampledOf(x)), a.times(a.sampledOf(y))
	return sampledX.near(a.times(y), window) + sampledY.near(a.times(x), window) - sampledX.near(sampledY, window)
}

// sampledOf are the articles that were sampled.
func (a *audit) sampledOf(x []int32) []int32 {
	var out []int32
	for _, i := range x {
		if a.sampled[i] {
			out = append(out, i)
		}
	}
	return out
}

// times are when some articles came out.
type times struct {
	known   []int64 // Unix seconds, sorted
	unknown int
}

func (a *audit) times(x []int32) times {
	var t times
	for _, i := range x {
		if p := a.published(i); p.Known && a.scan.o.Window > 0 {
			t.known = append(t.known, p.From)
		} else {
			t.unknown++
		}
	}
	slices.Sort(t.known)
	return t
}

func (t times) len() int { return len(t.known) + t.unknown }

// near is the number of pairs of a time of t and one of u that are near one another.
func (t times) near(u times, window time.Duration) int {
	n := t.unknown*u.len() + len(t.known)*u.unknown
	seconds := candidate.Seconds(window)
	for _, at := range t.known {
		from, _ := slices.BinarySearch(u.known, at-seconds)
		past, _ := slices.BinarySearch(u.known, at+seconds+1)
		n += past - from
	}
	return n
}
