package dedupe

import (
	"strings"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/text"
)

// cluster ties the articles by the pairs found.
func (s *scan) cluster() {
	index := make(map[string]int32, s.pile.Len())
	for i := range int32(s.pile.Len()) {
		index[s.pile.idOf(i)] = i
	}
	s.result.clusters = clusters(index, s.pile.article, s.result.pairs, s.o.KeepPolicy)
}

// Clusters ties articles, which come by id, by the pairs between them: nothing else makes
// an edge.
func Clusters(articles []article.Article, pairs []Pair, policy cluster.Policy) []cluster.Cluster {
	index := make(map[string]int32, len(articles))
	for i := range articles {
		index[articles[i].ID] = int32(i)
	}
	return clusters(index, func(i int32) article.Article { return articles[i] }, pairs, policy)
}

// clusters is Clusters of the articles that an index of ids numbers.
func clusters(index map[string]int32, read func(i int32) article.Article, pairs []Pair, policy cluster.Policy) []cluster.Cluster {
	edges := make([]cluster.Edge, len(pairs))
	languages := map[int32]article.Language{}
	for i, p := range pairs {
		a, b := index[p.A], index[p.B]
		edges[i] = cluster.Edge{A: a, B: b, Relation: p.Relation, Score: p.Score}
		languages[a], languages[b] = p.Languages[0], p.Languages[1]
	}
	return cluster.Build(len(index), edges, func(i int) cluster.Member {
		a := read(int32(i))
		return memberOf(&a, languages[int32(i)], policy)
	}, policy)
}

// frenchBytes is how many bytes a French text has for one of its English twin: the median
// of the 258 newspaper articles of newstest 2009, 2010 and 2013.
const frenchBytes = 1.15

// memberOf is what the policy looks at. The longest text is that with the most bytes. To
// find the original, what French takes more than English is no length: else the French
// version of every story would be its original.
func memberOf(a *article.Article, l article.Language, policy cluster.Policy) cluster.Member {
	m := cluster.Member{
		ID: a.ID, Published: a.Published, Length: len(strings.TrimSpace(a.Text)), Agency: text.AttributesOf(a).Agency != "",
	}
	if policy == cluster.Original && l == article.French {
		m.Length = int(float64(m.Length) / frenchBytes)
	}
	return m
}
