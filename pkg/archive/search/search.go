// Package search asks an index of articles what its readers ask of an archive: words, in
// the language of the article or, on request, in the other one; phrases, sources,
// languages and dates; with counts and with the passages that matched.
//
// A Request comes in, a Response goes out. The index has the fields and analysers of
// package analysis; the text of a hit comes from the caller. The query language is that of
// bleve's query strings, over the fields that a reader knows:
//
//	grève dockers            either word, in title or text; both is better
//	+grève -"service minimum"
//	title:strike "port authority"
//	source:"le quai" language:fr agency:AFP
//	published:2026-03 published:>"2026-01-01"
//	dock* strke~1 union^3
//
// Conditions on source, language, agency, date, URL, hash, cluster and id restrict, with or
// without a plus sign; of several on one field, one has to hold. Patterns and near
// spellings (strke~1) are compared with stems, so that long endings are best left out.
//
// A word is searched in the articles of every language, as that language would stem it.
// Common words ("the", « dans ») count in phrases only. What a word is widened by when
// Request.Translate is set, Response.Widened tells.
//
// Scores are BM25 with fixed mean lengths, and the document frequencies leave deleted
// articles out: they depend on which articles the index has, not on the order in which
// they were added, nor on how the index keeps them.
package search

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/collector"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
)

// Articles returns a stored article by its id; false when there is none. Its Language is
// the one as which it was indexed. It serves any number of goroutines.
type Articles func(id string) (article.Article, bool, error)

// Sort is the order of hits.
type Sort uint8

// The orders. Equal hits come in the order of their ids; articles without a date last.
const (
	Relevance Sort = iota
	Newest
	Oldest
)

// Request is what to search for. Everything may be left out: the zero Request finds all
// articles.
type Request struct {
	Query     string             // in the query language; "" is every article
	Translate bool               // find the words' translations too
	Languages []article.Language // any of these; empty for all
	Source    string             // this source, whatever its case and accents
	After     time.Time          // published then or later
	Before    time.Time          // published earlier
	Cluster   string             // in this cluster
	Size      int                // hits wanted; 0 is DefaultSize
	From      int                // hits to pass over
	Facets    bool               // count languages, sources and months
	Sort      Sort
}

// DefaultSize is the number of hits of a Request that asks for none, MaxHits the greatest
// From+Size.
const (
	DefaultSize = 10
	MaxHits     = 10_000
)

// Response is what was found.
type Response struct {
	Total     int // articles that match
	Hits      []Hit
	Languages Facet
	Sources   Facet
	Months    Facet // "2026-03", in UTC, the latest first
	Widened   []Word
	Took      time.Duration
}

// Hit is an article that matches. When the article is gone from the store by now, only ID
// and Score are set.
type Hit struct {
	ID           string
	Title        string
	TitleMatches []article.Span // words of Title that match
	Source       string
	URL          string
	Language     article.Language
	Published    time.Time
	Cluster      string
	Score        float64
	Fragments    []Fragment // in the order of the text
}

// Errors that a caller decides on; see also QueryError.
var (
	ErrPage      = errors.New("page out of range") // Size or From is negative, or their sum over MaxHits
	ErrNoLexicon = errors.New("no lexicon to translate with")
)

// Searcher answers Requests. It serves any number of goroutines.
type Searcher struct {
	index    bleve.Index
	articles Articles
	lexicon  *lexicon.Lexicon
	reverse  func() *dictionary // of lexicon, made once
}

// New makes a Searcher on an index with the fields of package analysis. Lexicon may be
// nil; then nothing can be translated.
func New(x bleve.Index, articles Articles, l *lexicon.Lexicon) *Searcher {
	s := &Searcher{index: x, articles: articles, lexicon: l}
	s.reverse = sync.OnceValue(func() *dictionary { return newDictionary(l.Table()) })
	return s
}

// Search answers a Request. A query that cannot be read gives a *QueryError, one that
// takes longer than the context allows the context's error, wrapped.
func (s *Searcher) Search(ctx context.Context, r Request) (*Response, error) {
	start := time.Now()
	if r.Size == 0 {
		r.Size = DefaultSize
	}
	if r.Size < 0 || r.From < 0 || r.Size > MaxHits || r.From > MaxHits-r.Size {
		return nil, fmt.Errorf("search: from %d, size %d: %w (at most %d)", r.From, r.Size, ErrPage, MaxHits)
	}
	if r.Translate && s.lexicon == nil {
		return nil, fmt.Errorf("search: %w", ErrNoLexicon)
	}
	plan, err := s.compile(r.Query, r.Translate)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	out := &Response{Widened: plan.widened}
	if err := s.run(ctx, &r, plan, out); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	out.Took = time.Since(start)
	return out, nil
}

// run collects the hits of a plan.
func (s *Searcher) run(ctx context.Context, r *Request, plan *plan, out *Response) (err error) {
	x, err := s.index.Advanced()
	if err != nil {
		return err
	}
	reader, err := x.Reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	ctx, err = withScoring(ctx, reader)
	if err != nil {
		return err
	}
	root := query.NewBooleanQuery([]query.Query{plan.root}, nil, nil)
	if filter := filterOf(r); filter != nil {
		root.AddFilter(filter)
	}
	searcher, err := root.Searcher(ctx, reader, s.index.Mapping(), search.SearcherOptions{})
	if err != nil {
		return queryFailed(r.Query, err)
	}
	defer func() { err = errors.Join(err, searcher.Close()) }()
	c := collector.NewTopNCollector(r.Size, r.From, orderOf(r.Sort))
	facets := newFacets(r.Facets, reader)
	if facets != nil {
		c.SetFacetsBuilder(facets.builder)
	}
	if err := c.Collect(ctx, searcher, reader); err != nil {
		return err
	}
	out.Total = int(c.Total())
	if facets != nil {
		out.Languages, out.Sources, out.Months = facets.results(c.FacetResults())
	}
	return s.hits(ctx, reader, c.Results(), plan, out)
}

// hits fills in the stored part of the hits.
func (s *Searcher) hits(ctx context.Context, reader index.IndexReader, found search.DocumentMatchCollection, plan *plan, out *Response) error {
	clusters, err := reader.DocValueReader([]string{analysis.Cluster})
	if err != nil {
		return err
	}
	out.Hits = make([]Hit, 0, len(found))
	for _, m := range found {
		if err := ctx.Err(); err != nil {
			return err
		}
		h := Hit{ID: m.ID, Score: m.Score}
		a, ok, err := s.articles(m.ID)
		if err != nil {
			return fmt.Errorf("article %s: %w", m.ID, err)
		}
		if ok {
			h.Title, h.Source, h.URL, h.Language, h.Published = a.Title, a.Source, a.URL, a.Language, a.Published
			h.TitleMatches = plan.marks[analysis.TitleField(a.Language)].spans(a.Language, a.Title)
			h.Fragments = plan.marks[analysis.TextField(a.Language)].fragments(&a)
			err = clusters.VisitDocValues(m.IndexInternalID, func(_ string, value []byte) { h.Cluster = string(value) })
			if err != nil {
				return err
			}
		}
		out.Hits = append(out.Hits, h)
	}
	return nil
}

// orderOf is bleve's order for s.
func orderOf(s Sort) search.SortOrder {
	if s == Relevance {
		return search.SortOrder{&search.SortScore{Desc: true}, &search.SortDocID{}}
	}
	return search.SortOrder{
		&search.SortField{Field: analysis.Published, Type: search.SortFieldAsDate, Desc: s == Newest, Missing: search.SortFieldMissingLast},
		&search.SortDocID{},
	}
}

// Mean numbers of terms, by which BM25 tells a long text from a short one. Fixed, so that
// scores are the same however the index is cut into segments; bleve itself would take the
// number of distinct terms.
const (
	meanTitle = 7
	meanText  = 250
)

// withScoring makes bleve score by BM25 with the fixed means.
func withScoring(ctx context.Context, reader index.IndexReader) (context.Context, error) {
	n, err := reader.DocCount()
	if err != nil {
		return nil, err
	}
	fields, err := reader.Fields()
	if err != nil {
		return nil, err
	}
	stats := &search.BM25Stats{DocCount: float64(n), FieldCardinality: map[string]int{}}
	for _, f := range append(fields, analysis.Language, analysis.Source, analysis.URL, analysis.Published,
		analysis.Agency, analysis.Hash, analysis.Cluster, "_id", "*") { // "*" is of joined postings
		stats.FieldCardinality[f] = int(n)
	}
	for _, language := range groups {
		stats.FieldCardinality[analysis.TitleField(language)] = int(n) * meanTitle
		stats.FieldCardinality[analysis.TextField(language)] = int(n) * meanText
	}
	ctx = context.WithValue(ctx, search.BM25StatsKey, stats)
	model := search.GetScoringModelCallbackFn(func() string { return index.BM25Scoring })
	return context.WithValue(ctx, search.GetScoringModelCallbackKey, model), nil
}

// groups are the languages with an analyser of their own, Unknown standing for all others.
var groups = [...]article.Language{article.English, article.French, article.Unknown}
