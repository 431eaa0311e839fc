package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/report/evaluation"
	"github.com/calque-dev/calque/pkg/shingle/retrieval"
	"github.com/calque-dev/calque/pkg/verdict"
)

// newspapers are sets of articles, distractors those of which the English side joins
// them. The retranslations are left out: they are translations of newstest2013.
var (
	newspapers  = []string{"newstest2009-docs", "newstest2010-docs", "newstest2013-docs"}
	distractors = []string{"debian-news", "debian-security", "debian-website-other", "minhash-articles", "reuters21578"}
)

var (
	translations = []verdict.Relation{verdict.Translation}
	across       = []verdict.Relation{verdict.Translation, verdict.PartialTranslation}
	rewordings   = []verdict.Relation{verdict.Reworded, verdict.NearDuplicate, verdict.Exact}
)

var measures = []measure{
	{"news", "newspapers, English distractors", news(func(*pool) func(*labelled) { return func(*labelled) {} }, translations)},
	{"brief", "the same, both sides cut to 60 words", news(func(*pool) func(*labelled) { return firstWords(60) }, translations)},
	{"third", "the same, French side its middle third", news(func(*pool) func(*labelled) { return middleThird }, across)},
	{"wrapped", "the same, French side in a page", news(func(p *pool) func(*labelled) {
		return p.wrapper(rand.New(rand.NewPCG(3, 5)))
	}, translations)},
	{"stories", "pairs in two languages about one event that are no translations, and those called one", stories},
	{"debian-news", "dated announcements, translation", whole("debian-news", translations)},
	{"debian-security", "templated notices, translation", whole("debian-security", translations)},
	{"debian-website-other", "web pages, translation", whole("debian-website-other", translations)},
	{"retranslation", "renderings of one article", whole("retranslation", rewordings)},
	{"minhash-articles", "edited copies", whole("minhash-articles", []verdict.Relation{verdict.Exact, verdict.NearDuplicate, verdict.Reworded, verdict.Excerpt})},
	{"reuters", "planted copies", planted},
	{"alignment", "lines of newstest2013 aligned", aligned},
	{"sentences", "French line asks for the English one, P@1", sentences},
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// scan finds the pairs of a pile.
func (r *runner) scan(ctx context.Context, articles []labelled) ([]dedupe.Pair, error) {
	result, err := r.detector.Scan(ctx, func(yield func(article.Article, error) bool) {
		for _, a := range articles {
			if !yield(a, nil) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return slices.Collect(result.Pairs()), nil
}

// news measures the newspapers after derivation, among the distractors.
func news(derive func(*pool) func(*labelled), relations []verdict.Relation) func(context.Context, *runner) ([]row, error) {
	return func(ctx context.Context, r *runner) ([]row, error) {
		p, err := r.pool(ctx, newspapers, distractors)
		if err != nil {
			return nil, err
		}
		return r.judge(ctx, p.derive(derive(p)), relations)
	}
}

// whole measures one set.
func whole(set string, relations []verdict.Relation) func(context.Context, *runner) ([]row, error) {
	return func(ctx context.Context, r *runner) ([]row, error) {
		p, err := r.pool(ctx, []string{set}, nil)
		if err != nil {
			return nil, err
		}
		return r.judge(ctx, p, relations)
	}
}

// judge counts the pairs found as one of the relations against the gold.
func (r *runner) judge(ctx context.Context, p *pool, relations []verdict.Relation) ([]row, error) {
	pairs, err := r.scan(ctx, p.articles)
	if err != nil {
		return nil, err
	}
	c := evaluation.Counts{Gold: len(p.gold)}
	as := map[pair]verdict.Relation{}
	var mistakes []string
	for _, q := range pairs {
		k := pairOf(q.A, q.B)
		as[k] = q.Relation
		if !slices.Contains(relations, q.Relation) {
			continue
		}
		c.Found++
		if p.gold[k] {
			c.Correct++
		} else {
			mistakes = append(mistakes, fmt.Sprintf("wrong %s %s %s %.3f", q.A, q.B, q.Relation, q.Score))
		}
	}
	for k := range p.gold {
		if !slices.Contains(relations, as[k]) {
			mistakes = append(mistakes, fmt.Sprintf("missed %s %s %s", k.a, k.b, as[k]))
		}
	}
	slices.Sort(mistakes)
	return r.trim([]row{{fmt.Sprintf("P %.4f R %.4f F1 **%.4f** (%d pairs, %d articles)", c.Precision(), c.Recall(), c.F1(), c.Gold, len(p.articles)), mistakes}}), nil
}

// trim leaves out the single mistakes unless they were asked for.
func (r *runner) trim(rows []row) []row {
	if !r.errors {
		for i := range rows {
			rows[i].details = nil
		}
	}
	return rows
}

// stories counts, among the newspapers, the pairs of an English and a French article that
// are no translations but are found to tell one story, and those that are called copies.
func stories(ctx context.Context, r *runner) ([]row, error) {
	p, err := r.pool(ctx, newspapers, nil)
	if err != nil {
		return nil, err
	}
	d, err := dedupe.New(dedupe.Options{Relations: verdict.Relations()})
	if err != nil {
		return nil, err
	}
	all := &runner{sets: r.sets, errors: r.errors, detector: d}
	pairs, err := all.scan(ctx, p.articles)
	if err != nil {
		return nil, err
	}
	related, wrong := 0, 0
	var mistakes []string
	for _, q := range pairs {
		if q.Languages[0] == q.Languages[1] || p.gold[pairOf(q.A, q.B)] {
			continue
		}
		related++
		if q.Relation.IsCopy() {
			wrong++
			mistakes = append(mistakes, fmt.Sprintf("wrong %s %s %s %.3f", q.A, q.B, q.Relation, q.Score))
		}
	}
	return r.trim([]row{{fmt.Sprintf("%d pairs, **%d** called translations (%.4f)", related, wrong, ratio(wrong, related)), mistakes}}), nil
}

// aligned counts the pairs of lines that passages tie: line i of an article belongs to
// line i of its translation.
func aligned(ctx context.Context, r *runner) ([]row, error) {
	p, err := r.pool(ctx, []string{"newstest2013-docs"}, nil)
	if err != nil {
		return nil, err
	}
	byID := map[string]labelled{}
	for _, a := range p.articles {
		byID[a.ID] = a
	}
	var c evaluation.Counts
	for k := range p.gold {
		a, b := byID[k.a], byID[k.b]
		links := map[[2]int]bool{}
		for _, q := range r.detector.Compare(a, b).Passages {
			a0, a1 := lineOf(a.Text, q.A.Start), lineOf(a.Text, q.A.End-1)
			b0, b1 := lineOf(b.Text, q.B.Start), lineOf(b.Text, q.B.End-1)
			for i := a0; i <= a1; i++ {
				for j := b0; j <= b1; j++ {
					links[[2]int{i, j}] = true
				}
			}
		}
		c.Gold += strings.Count(a.Text, "\n") + 1
		c.Found += len(links)
		for l := range links {
			if l[0] == l[1] {
				c.Correct++
			}
		}
	}
	return []row{{fmt.Sprintf("P %.4f R %.4f F1 **%.4f** (%d lines)", c.Precision(), c.Recall(), c.F1(), c.Gold), nil}}, nil
}

func lineOf(text string, at int) int { return strings.Count(text[:at], "\n") }

// sentences measures the lexicon alone.
func sentences(_ context.Context, r *runner) ([]row, error) {
	l, err := lexicon.Default()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, set := range []string{"newstest2012", "newstest2013"} {
		english, err := r.lines(set + ".en.zst")
		if err != nil {
			return nil, err
		}
		french, err := r.lines(set + ".fr.zst")
		if err != nil {
			return nil, err
		}
		out = append(out, fmt.Sprintf("%s **%.4f**", set, retrieval.Evaluate(l, english, french).PAt1))
	}
	sort.Strings(out)
	return []row{{strings.Join(out, ", "), nil}}, nil
}
