package train

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// keptPartners is how many partners a term keeps for alignment, by association.
const keptPartners = 64

// sampledSentences bounds the sentences looked at to find a term's partners: more
// do not change who they are.
const sampledSentences = 20_000

// links are the term pairs that alignment may use: row f of a row-compressed
// table holds the English partners of the French term f, in order of id.
type links struct {
	start   []int32 // French id → first entry; one more at the end
	english []uint32
}

// find is the entry of the pair, or -1.
func (l *links) find(e, f uint32) int32 {
	lo, hi := l.start[f], l.start[f+1]
	for lo < hi {
		mid := int32(uint32(lo+hi) >> 1)
		if l.english[mid] < e {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < l.start[f+1] && l.english[lo] == e {
		return lo
	}
	return -1
}

// cooccurring finds, for every term of either side, the terms of the other that
// its sentences hold more often than chance, best by count × log odds. What it returns
// is not all when ctx has ended.
func cooccurring(ctx context.Context, c *corpus, workers int) *links {
	rows := make([][]uint32, len(c.french.terms))
	for f, partners := range partners(ctx, &c.french, &c.english, workers) {
		rows[f] = partners
	}
	for e, partners := range partners(ctx, &c.english, &c.french, workers) {
		for _, f := range partners {
			rows[f] = append(rows[f], uint32(e))
		}
	}
	l := &links{start: make([]int32, 1, len(rows)+1)}
	for _, row := range rows {
		slices.Sort(row)
		l.english = append(l.english, slices.Compact(row)...)
		l.start = append(l.start, int32(len(l.english)))
	}
	return l
}

// partners finds the terms of the other side most associated with each of one.
func partners(ctx context.Context, one, other *side, workers int) [][]uint32 {
	where := postings(one)
	found := make([][]uint32, len(one.terms))
	var next atomic.Int64
	var group errgroup.Group
	for range workers {
		group.Go(func() error {
			count := make([]int32, len(other.terms))
			for {
				t := int(next.Add(1)) - 1
				if t >= len(one.terms) || ctx.Err() != nil {
					return nil
				}
				found[t] = associated(where.of(t), other, count, one.sentences())
			}
		})
	}
	_ = group.Wait() // the workers return no error
	return found
}

// occurrences lists the sentences of each term, each once.
type occurrences struct {
	start     []int
	sentences []int32
}

func (o *occurrences) of(term int) []int32 { return o.sentences[o.start[term]:o.start[term+1]] }

func postings(s *side) *occurrences {
	o := &occurrences{start: make([]int, len(s.terms)+1)}
	last := make([]int32, len(s.terms)) // the last sentence counted, plus one
	each := func(visit func(term uint32, sentence int32)) {
		clear(last)
		for i := range s.sentences() {
			for _, t := range s.sentence(i) {
				if last[t] != int32(i)+1 {
					last[t] = int32(i) + 1
					visit(t, int32(i))
				}
			}
		}
	}
	each(func(t uint32, _ int32) { o.start[t+1]++ })
	for i := range s.terms {
		o.start[i+1] += o.start[i]
	}
	o.sentences = make([]int32, o.start[len(s.terms)])
	at := slices.Clone(o.start)
	each(func(t uint32, i int32) { o.sentences[at[t]] = i; at[t]++ })
	return o
}

// associated counts the terms of the sentences and keeps the best; count is all
// zero before and after.
func associated(sentences []int32, other *side, count []int32, total int) []uint32 {
	step := max(1, len(sentences)/sampledSentences)
	var seen []uint32
	sampled := 0
	for i := 0; i < len(sentences); i += step {
		sampled++
		for _, t := range other.sentence(int(sentences[i])) {
			if count[t] == 0 {
				seen = append(seen, t)
			}
			count[t]++
		}
	}
	type scored struct {
		term  uint32
		score float64
	}
	var best []scored
	for _, t := range seen {
		n := float64(count[t])
		count[t] = 0
		expected := float64(sampled) * float64(other.count[t]) / float64(total)
		if score := n * math.Log(n/expected); score > 0 && (n > 1 || len(sentences) <= minCount) {
			best = append(best, scored{t, score})
		}
	}
	slices.SortFunc(best, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.term, b.term))
	})
	best = best[:min(len(best), keptPartners)]
	kept := make([]uint32, len(best))
	for i, s := range best {
		kept[i] = s.term
	}
	return kept
}
