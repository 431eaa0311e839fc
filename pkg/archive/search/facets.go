package search

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/numeric"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/facet"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/calque-dev/calque/pkg/archive/analysis"
)

// Facet counts the matching articles by one of their properties.
type Facet struct {
	Counts  []Count // the greatest first, months by time; at most MaxCounts
	Other   int     // articles with a value that is not among Counts
	Missing int     // articles without a value
}

// Count is a value and the number of matching articles that have it.
type Count struct {
	Value string
	Count int
}

// MaxCounts is the greatest number of values that a Facet shows; of months, the latest.
const MaxCounts = 50

// facets are the counters of one search.
type facets struct {
	builder *search.FacetsBuilder
	months  *months
}

// newFacets makes the counters; nil when none are wanted.
func newFacets(wanted bool, reader index.IndexReader) *facets {
	if !wanted {
		return nil
	}
	f := &facets{builder: search.NewFacetsBuilder(reader), months: &months{counts: map[string]int{}}}
	f.builder.Add(analysis.Language, facet.NewTermsFacetBuilder(analysis.Language, MaxCounts))
	f.builder.Add(analysis.Source, facet.NewTermsFacetBuilder(analysis.Source, MaxCounts))
	f.builder.Add(analysis.Published, f.months)
	return f
}

func (f *facets) results(found search.FacetResults) (languages, sources, byMonth Facet) {
	return terms(found[analysis.Language]), terms(found[analysis.Source]), f.months.facet()
}

func terms(r *search.FacetResult) (f Facet) {
	if r == nil {
		return f
	}
	f.Other, f.Missing = r.Other, r.Missing
	for _, t := range r.Terms.Terms() {
		f.Counts = append(f.Counts, Count{t.Term, t.Count})
	}
	slices.SortFunc(f.Counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return f
}

// months counts dates by month: bleve's own facet of dates wants to be told the ranges.
type months struct {
	counts  map[string]int
	missing int
	month   string // of the article being counted
}

func (m *months) facet() (f Facet) {
	f.Missing = m.missing
	for value, n := range m.counts {
		f.Counts = append(f.Counts, Count{value, n})
	}
	slices.SortFunc(f.Counts, func(a, b Count) int { return strings.Compare(b.Value, a.Value) })
	for len(f.Counts) > MaxCounts {
		last := len(f.Counts) - 1
		f.Other += f.Counts[last].Count
		f.Counts = f.Counts[:last]
	}
	return f
}

// StartDoc implements search.FacetBuilder.
func (m *months) StartDoc() { m.month = "" }

// UpdateVisitor implements search.FacetBuilder. A date comes as several terms, of which
// one is exact.
func (m *months) UpdateVisitor(term []byte) {
	p := numeric.PrefixCoded(term)
	if shift, err := p.Shift(); err != nil || shift != 0 {
		return
	}
	if n, err := p.Int64(); err == nil {
		m.month = time.Unix(0, n).UTC().Format("2006-01")
	}
}

// EndDoc implements search.FacetBuilder.
func (m *months) EndDoc() {
	if m.month == "" {
		m.missing++
		return
	}
	m.counts[m.month]++
}

// Result implements search.FacetBuilder; facet has the counts.
func (m *months) Result() *search.FacetResult {
	return &search.FacetResult{Field: analysis.Published, Missing: m.missing, Terms: &search.TermFacets{}}
}

// Field implements search.FacetBuilder.
func (m *months) Field() string { return analysis.Published }

// Size implements search.FacetBuilder.
func (m *months) Size() int { return 64 + len(m.counts)*32 }
