package report

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"
	"slices"
	"sort"
	"strconv"

	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Removal is an article that is left out of a pile because another one of its cluster
// stays. Its JSON is a line of the file of removed articles; its tags name the columns of
// the same as a table.
type Removal struct {
	ID         string `json:"id" parquet:"id"`
	ReplacedBy string `json:"replaced_by" parquet:"replaced_by,dict"` // the canonical article of the cluster

	// Those of the pair of the two; where no pair of them was found, those of the weakest
	// link of the chain of pairs between them.
	Relation string  `json:"relation" parquet:"relation,dict"`
	Score    float64 `json:"score" parquet:"score"`

	// Share of the removed article's text that stands in the one that replaces it, 0 to 1;
	// nil where a chain ties the two, since it was not measured.
	Coverage *float64 `json:"coverage,omitempty" parquet:"coverage,optional"`

	Cluster int64    `json:"cluster" parquet:"cluster"`        // number of the cluster, from 1
	Via     []string `json:"via,omitempty" parquet:"via,list"` // what the chain leads over, next to the removed article first

	longer bool
}

// LosesText reports whether what replaces the article was found to be a part of it only,
// its excerpt or the translation of one, be it over a chain: there is text in it that does
// not stay.
func (r *Removal) LosesText() bool { return r.longer }

// Removals yields the articles that go when only the canonical one of each cluster stays,
// cluster by cluster, in the order of the members. Pairs are those that the clusters were
// made of; articles are numbered by their ids in byte order.
//
// Of the chains of pairs between two articles the shortest counts, and of these the one
// whose weakest link is the strongest. Memory is taken for each removed article, and for
// the pairs of the clusters that need a chain.
func Removals(articles Articles, pairs func() iter.Seq[dedupe.Pair], clusters func() iter.Seq[cluster.Cluster]) iter.Seq[Removal] {
	return func(yield func(Removal) bool) {
		t := newTies(articles, pairs, clusters)
		number := int64(0)
		for c := range clusters() {
			number++
			t.follow(&c)
			for _, m := range c.Members {
				if m == c.Canonical {
					continue
				}
				r := t.removal(int32(m), int32(c.Canonical))
				r.Cluster = number
				if !yield(r) {
					return
				}
			}
		}
	}
}

// tie is a pair as one of its two articles sees it.
type tie struct {
	to       int32 // the other one; after follow, the next one on the way to the canonical article
	relation verdict.Relation
	longer   bool // the other is a part of it, or on a longer way one is of the one before
	shorter  bool // it is a part of the other
	score    float64
	coverage float64 // of the one
	weakest  *tie    // of the chain from here on; nil for a direct one
	links    int     // of the chain
}

// ties are what ties the members of clusters to the canonical ones.
type ties struct {
	articles  Articles
	canonical []int32 // of the cluster that an article is in, or -1
	way       map[int32]*tie
	edges     map[int32][]tie // in clusters where a member has no pair with the canonical one
}

func newTies(articles Articles, pairs func() iter.Seq[dedupe.Pair], clusters func() iter.Seq[cluster.Cluster]) *ties {
	t := &ties{articles: articles, canonical: make([]int32, articles.Len()), way: map[int32]*tie{}, edges: map[int32][]tie{}}
	for i := range t.canonical {
		t.canonical[i] = -1
	}
	for c := range clusters() {
		for _, m := range c.Members {
			t.canonical[m] = int32(c.Canonical)
		}
	}
	t.each(pairs(), func(from int32, x tie) {
		if x.to == t.canonical[from] {
			t.way[from] = &x
		}
	})
	chained := map[int32]bool{} // by canonical article
	for m, c := range t.canonical {
		if c >= 0 && c != int32(m) && t.way[int32(m)] == nil {
			chained[c] = true
		}
	}
	if len(chained) > 0 {
		t.each(pairs(), func(from int32, x tie) {
			if chained[t.canonical[from]] {
				t.edges[from] = append(t.edges[from], x)
			}
		})
	}
	return t
}

// each calls found for both articles of every pair in a cluster.
func (t *ties) each(pairs iter.Seq[dedupe.Pair], found func(from int32, x tie)) {
	for p := range pairs {
		a, okA := find(t.articles, p.A)
		b, okB := find(t.articles, p.B)
		if !okA || !okB || !p.Relation.IsCopy() || t.canonical[a] < 0 || t.canonical[a] != t.canonical[b] {
			continue
		}
		part := p.Relation == verdict.Excerpt || p.Relation == verdict.PartialTranslation
		x := tie{relation: p.Relation, score: p.Score, links: 1}
		x.to, x.coverage = int32(b), p.Coverage[0]
		x.longer, x.shorter = part && p.Coverage[0] < p.Coverage[1], part && p.Coverage[1] < p.Coverage[0]
		found(int32(a), x)
		x.to, x.coverage, x.longer, x.shorter = int32(a), p.Coverage[1], x.shorter, x.longer
		found(int32(b), x)
	}
}

// find is the number of the article with the id.
func find(articles Articles, id string) (int, bool) {
	i := sort.Search(articles.Len(), func(i int) bool { return articles.ID(i) >= id })
	return i, i < articles.Len() && articles.ID(i) == id
}

// follow finds the ways of those members of a cluster that no pair ties to the canonical
// one, by going on from those that have a way, a link at a time.
func (t *ties) follow(c *cluster.Cluster) {
	var ring []int32 // those with ways of so many links
	for _, m := range c.Members {
		if t.way[int32(m)] != nil {
			ring = append(ring, int32(m))
		}
	}
	left := len(c.Members) - 1 - len(ring)
	for links := 2; left > 0 && len(ring) > 0; links++ {
		var next []int32
		for _, m := range ring {
			for _, x := range t.edges[m] {
				if x.to == int32(c.Canonical) {
					continue
				}
				if t.extend(m, x, links) {
					next = append(next, x.to)
				}
			}
		}
		slices.Sort(next)
		ring = next
		left -= len(ring)
	}
}

// extend leads a way from the article at the other end of x over m, and reports whether
// it is the first.
func (t *ties) extend(m int32, x tie, links int) (first bool) {
	onward := t.way[m]
	weakest := onward
	if onward.weakest != nil {
		weakest = onward.weakest
	}
	made := &tie{to: m, relation: x.relation, score: x.score, links: links, longer: x.shorter || onward.longer}
	made.weakest = weakest
	if x.score < weakest.score {
		made.weakest = made
	}
	old := t.way[x.to]
	switch {
	case old == nil:
		t.way[x.to] = made
		return true
	case old.links == links && made.weakest.score > old.weakest.score:
		t.way[x.to] = made
	}
	return false
}

// removal describes how m is tied to the canonical article.
func (t *ties) removal(m, canonical int32) Removal {
	r := Removal{ID: t.articles.ID(int(m)), ReplacedBy: t.articles.ID(int(canonical))}
	x := t.way[m]
	if x == nil { // the pairs are not those of the clusters
		return r
	}
	r.Relation, r.Score, r.longer = x.relation.String(), roundedScore(x.score, 4), x.longer
	if x.links == 1 {
		coverage := rounded(x.coverage)
		r.Coverage = &coverage
		return r
	}
	r.Relation, r.Score = x.weakest.relation.String(), roundedScore(x.weakest.score, 4)
	for x.to != canonical {
		r.Via = append(r.Via, t.articles.ID(int(x.to)))
		x = t.way[x.to]
	}
	return r
}

// RemovalsJSONLines writes a JSON object a removed article.
func RemovalsJSONLines(w io.Writer, removals iter.Seq[Removal]) error {
	out := bufio.NewWriter(w)
	e := newEncoder(out)
	for r := range removals {
		if err := e.Encode(r); err != nil {
			return err
		}
	}
	return out.Flush()
}

var removalHead = []string{"id", "replaced_by", "relation", "score", "coverage", "cluster", "via"}

// RemovalsCSV writes a header and a row a removed article. Via is a JSON array where there
// is a chain, and empty elsewhere, as coverage is where there is one.
func RemovalsCSV(w io.Writer, removals iter.Seq[Removal]) error {
	return writeRows(w, removalHead, withoutErrors(removals), func(r *Removal) []string {
		coverage, via := "", ""
		if r.Coverage != nil {
			coverage = decimal(*r.Coverage)
		}
		if len(r.Via) > 0 {
			b, _ := json.Marshal(r.Via) // strings always can be
			via = string(b)
		}
		return []string{r.ID, r.ReplacedBy, r.Relation, decimal(r.Score), coverage, strconv.FormatInt(r.Cluster, 10), via}
	})
}

// withoutErrors is a sequence that cannot fail as one that could.
func withoutErrors[T any](rows iter.Seq[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}
