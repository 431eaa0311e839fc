package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report/evaluation"
)

// plantedPool is a pile of articles in one language and copies made of them.
type plantedPool struct {
	articles []labelled
	sources  map[string][]string // planted id → the articles that it is made of
	kind     map[string]string   // planted id → how
}

// plant derives copies of n articles: with words edited, cut, in another order, merged.
func plant(articles []labelled, n int) *plantedPool {
	rng := rand.New(rand.NewPCG(7, 11))
	p := &plantedPool{articles: slices.Clone(articles), sources: map[string][]string{}, kind: map[string]string{}}
	var bases []labelled
	for _, a := range articles {
		if len(strings.Fields(a.Text)) >= 80 {
			bases = append(bases, a)
		}
	}
	for i, at := range rng.Perm(len(bases))[:min(n, len(bases))] {
		base, other := bases[at], bases[rng.IntN(len(bases))]
		if other.ID == base.ID {
			continue
		}
		words := strings.Fields(base.Text)
		kind := []string{"edited", "cut", "swapped", "merged"}[i%4]
		from := []string{base.ID}
		text := ""
		switch kind {
		case "edited":
			rate := 0.3 * rng.Float64()
			kind = fmt.Sprintf("edited %2.0f-%2.0f %%", 10*float64(int(rate*10)), 10*float64(int(rate*10)+1))
			text = edit(rng, words, strings.Fields(other.Text), rate)
		case "cut":
			keep := max(40, int(float64(len(words))*(0.3+0.6*rng.Float64())))
			start := rng.IntN(max(1, len(words)-keep))
			text = strings.Join(words[start:min(len(words), start+keep)], " ")
		case "swapped":
			cut := len(words)/3 + rng.IntN(len(words)/3)
			text = strings.Join(words[cut:], " ") + "\n" + strings.Join(words[:cut], " ")
		case "merged":
			text = strings.Join(words, " ") + "\n\n" + other.Text
			from = append(from, other.ID)
		}
		id := fmt.Sprintf("planted/%05d", i)
		p.sources[id], p.kind[id] = from, kind
		p.articles = append(p.articles, labelled{ID: id, Language: base.Language, Text: text})
	}
	return p
}

// edit drops, replaces or doubles a share of the words, with words of another article.
func edit(rng *rand.Rand, words, others []string, rate float64) string {
	var out []string
	for _, w := range words {
		if rng.Float64() >= rate {
			out = append(out, w)
			continue
		}
		switch rng.IntN(3) {
		case 1:
			out = append(out, others[rng.IntN(len(others))])
		case 2:
			out = append(out, others[rng.IntN(len(others))], w)
		}
	}
	return strings.Join(out, " ")
}

// planted measures the recall of planted copies by kind. A found pair with a planted
// article is right when the other one is a source of it, shares a source with it, or
// was itself found to be a copy of a source: natural copies are not labelled.
func planted(ctx context.Context, r *runner) ([]row, error) {
	articles, err := r.articles(ctx, "reuters21578")
	if err != nil {
		return nil, err
	}
	p := plant(articles, 2000)
	pairs, err := r.scan(ctx, p.articles)
	if err != nil {
		return nil, err
	}
	return r.trim(p.judge(pairs)), nil
}

func (p *plantedPool) judge(pairs []dedupe.Pair) []row {
	found := map[pair]dedupe.Pair{}
	for _, q := range pairs {
		if q.Relation.IsCopy() {
			found[pairOf(q.A, q.B)] = q
		}
	}
	all, byKind := evaluation.Counts{}, map[string]*evaluation.Counts{}
	var missed, wrong, natural []string
	for id, from := range p.sources {
		c := byKind[p.kind[id]]
		if c == nil {
			c = &evaluation.Counts{}
			byKind[p.kind[id]] = c
		}
		for _, s := range from {
			c.Gold++
			if _, ok := found[pairOf(id, s)]; ok {
				c.Correct++
			} else {
				missed = append(missed, fmt.Sprintf("missed %s (%s) of %s", id, p.kind[id], s))
			}
		}
	}
	for k, q := range found {
		if p.sources[k.a] == nil && p.sources[k.b] == nil {
			natural = append(natural, fmt.Sprintf("natural %s %s %s %.3f", k.a, k.b, q.Relation, q.Score))
			continue
		}
		all.Found++
		if p.right(k, found) {
			all.Correct++
		} else {
			wrong = append(wrong, fmt.Sprintf("wrong %s %s %s %.3f", k.a, k.b, q.Relation, q.Score))
		}
	}
	var kinds []string
	total := evaluation.Counts{}
	for kind, c := range byKind {
		kinds = append(kinds, fmt.Sprintf("%s %.4f (%d)", kind, c.Recall(), c.Gold))
		total.Gold, total.Correct = total.Gold+c.Gold, total.Correct+c.Correct
	}
	slices.Sort(kinds)
	slices.Sort(missed)
	slices.Sort(wrong)
	slices.Sort(natural)
	return []row{
		{fmt.Sprintf("recall **%.4f** of %d, precision **%.4f** of %d", total.Recall(), total.Gold, all.Precision(), all.Found), append(missed, wrong...)},
		{"recall by kind: " + strings.Join(kinds, ", "), nil},
		{fmt.Sprintf("%d natural pairs", len(natural)), natural},
	}
}

// right reports whether a pair with a planted article is one that ought to be found.
func (p *plantedPool) right(k pair, found map[pair]dedupe.Pair) bool {
	for _, x := range p.origins(k.a) {
		for _, y := range p.origins(k.b) {
			if _, natural := found[pairOf(x, y)]; x == y || natural {
				return true
			}
		}
	}
	return false
}

func (p *plantedPool) origins(id string) []string {
	if from := p.sources[id]; from != nil {
		return from
	}
	return []string{id}
}
