package dedupe

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/text"
)

// cluster ties the articles by the pairs found.
func (s *scan) cluster(ctx context.Context) error {
	pairs := s.result.pairs
	edges := make([]cluster.Edge, len(pairs))
	err := s.each(ctx, (len(pairs)+verifyBlock-1)/verifyBlock, func(_ *Verifier, b int) {
		for i := b * verifyBlock; i < min((b+1)*verifyBlock, len(pairs)); i++ {
			edges[i] = edgeOf(&pairs[i], s.pile.find)
		}
	})
	if err != nil {
		return err
	}
	agency, err := s.agencies(ctx, edges)
	if err != nil {
		return err
	}
	describe := func(i int) cluster.Member {
		f := s.pile.at(int32(i))
		return cluster.Member{
			ID: s.pile.ids.get(f.id), Published: f.time(), Agency: agency[int32(i)],
			Length: lengthOf(int(f.length), s.pile.languageOf(int32(i)), s.o.KeepPolicy),
		}
	}
	s.result.clusters = cluster.Build(s.pile.Len(), edges, describe, s.o.KeepPolicy)
	return nil
}

// agencyBytes is how many bytes of articles are read at a time to find agencies in.
const agencyBytes = 1 << 18

// agencies are those of the articles that an edge ties that bear the name of an agency, where
// the policy asks for it. They are read as they stand in the file, several at a time.
func (s *scan) agencies(ctx context.Context, edges []cluster.Edge) (map[int32]bool, error) {
	if s.o.KeepPolicy != cluster.Original {
		return nil, nil
	}
	var tied []int32
	for _, e := range edges {
		if e.Relation.IsCopy() {
			tied = append(tied, e.A, e.B)
		}
	}
	slices.Sort(tied)
	tied = slices.Compact(tied)
	slices.SortFunc(tied, func(i, k int32) int { return s.pile.at(i).text.Compare(s.pile.at(k).text) })
	var blocks [][]int32
	from, size := 0, 0
	for n, i := range tied {
		if size += int(s.pile.at(i).length); size >= agencyBytes || n == len(tied)-1 {
			blocks = append(blocks, tied[from:n+1])
			from, size = n+1, 0
		}
	}
	found := map[int32]bool{}
	var mu sync.Mutex
	err := overlapped(ctx, len(blocks), aheadReaders, len(s.workers), func(b int) (read []article.Article) {
		for _, i := range blocks[b] {
			read = append(read, s.pile.article(i))
		}
		return read
	}, func(_, b int, read []article.Article) {
		for n, i := range blocks[b] {
			if text.AttributesOf(&read[n]).Agency != "" {
				mu.Lock()
				found[i] = true
				mu.Unlock()
			}
		}
	})
	return found, err
}

// Clusters ties articles, which come by id, by the pairs between them: nothing else makes
// an edge.
func Clusters(articles []article.Article, pairs []Pair, policy cluster.Policy) []cluster.Cluster {
	index := make(map[string]int32, len(articles))
	for i := range articles {
		index[articles[i].ID] = int32(i)
	}
	edges := make([]cluster.Edge, len(pairs))
	languages := map[int32]article.Language{}
	for i := range pairs {
		e := edgeOf(&pairs[i], func(id string) int32 { return index[id] })
		languages[e.A], languages[e.B] = pairs[i].Languages[0], pairs[i].Languages[1]
		edges[i] = e
	}
	return cluster.Build(len(articles), edges, func(i int) cluster.Member {
		return memberOf(&articles[i], languages[int32(i)], policy)
	}, policy)
}

// edgeOf is the edge that a pair makes between articles that are numbered by their ids.
func edgeOf(p *Pair, number func(id string) int32) cluster.Edge {
	return cluster.Edge{A: number(p.A), B: number(p.B), Relation: p.Relation, Score: p.Score}
}

// frenchBytes is how many bytes a French text has for one of its English twin: the median
// of the 258 newspaper articles of newstest 2009, 2010 and 2013.
const frenchBytes = 1.15

// memberOf is what the policy looks at.
func memberOf(a *article.Article, l article.Language, policy cluster.Policy) cluster.Member {
	return cluster.Member{
		ID: a.ID, Published: a.Published, Length: lengthOf(len(strings.TrimSpace(a.Text)), l, policy), Agency: text.AttributesOf(a).Agency != "",
	}
}

// lengthOf is the length of a text of so many bytes. The longest text is that with the most
// bytes. To find the original, what French takes more than English is no length: else the
// French version of every story would be its original.
func lengthOf(bytes int, l article.Language, policy cluster.Policy) int {
	if policy == cluster.Original && l == article.French {
		return int(float64(bytes) / frenchBytes)
	}
	return bytes
}
