package search

import (
	"context"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"
)

// alternative is one way to meet a word: a field's term, a translation.
type alternative struct {
	query    query.Query
	boost    float64
	constant bool // each match scores boost: for patterns, where one term is as good as another
}

// bestQuery matches what any of its alternatives matches. The best of them counts, the
// others add a little: a disjunction of bleve would weigh a word the less, the more
// fields and translations it may be found by. Boosts multiply scores as they are; the
// normalisation of bleve, which weighs the rarity of a term twice, is left out.
type bestQuery struct {
	alternatives []alternative
	boost        float64
}

// others is the share in the score of the alternatives that are not the best.
const others = 0.3

func (q *bestQuery) add(sub query.Query, boost float64) {
	q.alternatives = append(q.alternatives, alternative{sub, boost, false})
}

func (q *bestQuery) addConstant(sub query.Query, score float64) {
	q.alternatives = append(q.alternatives, alternative{sub, score, true})
}

// Searcher implements query.Query. Where nothing can match, the result is an empty
// searcher, not that of MatchNone: bleve's boolean queries take the latter for no
// condition at all.
func (q *bestQuery) Searcher(ctx context.Context, r index.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	s := &bestSearcher{}
	for _, a := range q.alternatives {
		if err := ctx.Err(); err != nil {
			s.Close()
			return nil, err
		}
		o := o
		if a.constant {
			o.Score = "none" // lets bleve join the postings of many terms as sets
		}
		child, err := a.query.Searcher(ctx, r, m, o)
		if err != nil {
			s.Close()
			return nil, err
		}
		switch c := child.(type) {
		case *searcher.MatchNoneSearcher:
			continue
		case *searcher.TermSearcher:
			if !a.constant && c.Count() == 0 { // joined postings have no count
				if err := c.Close(); err != nil {
					s.Close()
					return nil, err
				}
				continue
			}
		}
		s.children = append(s.children, bestChild{Searcher: child, boost: a.boost * q.boost, constant: a.constant})
	}
	return s, nil
}

// bestSearcher is a bestQuery at work.
type bestSearcher struct {
	children []bestChild
	begun    bool
}

type bestChild struct {
	search.Searcher
	boost    float64
	constant bool
	match    *search.DocumentMatch // the next, nil at the end
}

// Next implements search.Searcher.
func (s *bestSearcher) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	if !s.begun {
		s.begun = true
		for i := range s.children {
			if err := s.children[i].next(ctx); err != nil {
				return nil, err
			}
		}
	}
	return s.take(ctx)
}

// Advance implements search.Searcher.
func (s *bestSearcher) Advance(ctx *search.SearchContext, id index.IndexInternalID) (*search.DocumentMatch, error) {
	for i := range s.children {
		c := &s.children[i]
		if s.begun && (c.match == nil || c.match.IndexInternalID.Compare(id) >= 0) {
			continue
		}
		if c.match != nil {
			ctx.DocumentMatchPool.Put(c.match)
		}
		var err error
		if c.match, err = c.Advance(ctx, id); err != nil {
			return nil, err
		}
	}
	s.begun = true
	return s.take(ctx)
}

func (c *bestChild) next(ctx *search.SearchContext) (err error) {
	c.match, err = c.Next(ctx)
	return err
}

// take returns the match with the lowest number and moves the children that have it on.
func (s *bestSearcher) take(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	var out *search.DocumentMatch
	for i := range s.children {
		if m := s.children[i].match; m != nil && (out == nil || m.IndexInternalID.Compare(out.IndexInternalID) < 0) {
			out = m
		}
	}
	if out == nil {
		return nil, nil
	}
	best, sum := 0.0, 0.0
	for i := range s.children {
		c := &s.children[i]
		if c.match == nil || !c.match.IndexInternalID.Equals(out.IndexInternalID) {
			continue
		}
		score := c.boost
		if !c.constant {
			score *= c.match.Score
		}
		best, sum = max(best, score), sum+score
		if c.match != out {
			ctx.DocumentMatchPool.Put(c.match)
		}
		if err := c.next(ctx); err != nil {
			return nil, err
		}
	}
	out.Score = best + others*(sum-best)
	return out, nil
}

// Close implements search.Searcher.
func (s *bestSearcher) Close() (err error) {
	for i := range s.children {
		if e := s.children[i].Close(); err == nil {
			err = e
		}
	}
	return err
}

// Weight implements search.Searcher: 1, whatever the children weigh.
func (s *bestSearcher) Weight() float64 { return 1 }

// SetQueryNorm implements search.Searcher; scores stay as they are.
func (s *bestSearcher) SetQueryNorm(float64) {}

// Count implements search.Searcher.
func (s *bestSearcher) Count() (n uint64) {
	for i := range s.children {
		n += s.children[i].Count()
	}
	return n
}

// Min implements search.Searcher.
func (s *bestSearcher) Min() int { return 0 }

// Size implements search.Searcher.
func (s *bestSearcher) Size() int {
	n := 64
	for i := range s.children {
		n += 64 + s.children[i].Size()
	}
	return n
}

// DocumentMatchPoolSize implements search.Searcher.
func (s *bestSearcher) DocumentMatchPoolSize() int {
	n := len(s.children)
	for i := range s.children {
		n += s.children[i].DocumentMatchPoolSize()
	}
	return n
}
