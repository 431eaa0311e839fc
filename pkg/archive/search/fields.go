package search

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/text"
)

// target is where words of one language are looked for: its fields and their boosts.
type target struct {
	language article.Language
	fields   []boosted
}

type boosted struct {
	name  string
	boost float64
}

// titleBoost is how much more a word of the title tells than one of the text.
const titleBoost = 1.5

// targets are where the words of a clause on the field are looked for; nil when the field
// holds no words.
func targets(field string) (list []target) {
	for _, language := range groups {
		title, body := analysis.TitleField(language), analysis.TextField(language)
		var fields []boosted
		if field == "" || field == "title" || field == title {
			fields = append(fields, boosted{title, titleBoost})
		}
		if field == "" || field == "text" || field == body {
			fields = append(fields, boosted{body, 1})
		}
		if fields != nil {
			list = append(list, target{language, fields})
		}
	}
	return list
}

// fieldNames are the fields of conditions, as a reader may name them.
var fieldNames = map[string]string{
	"language": analysis.Language, "lang": analysis.Language,
	"source": analysis.Source, "agency": analysis.Agency,
	"url": analysis.URL, "hash": analysis.Hash, "cluster": analysis.Cluster,
	"published": analysis.Published, "date": analysis.Published,
	"id": "_id",
}

const knownFields = "title, text, source, language, agency, published, url, hash, cluster, id"

// conditionScore is what a condition adds to the score, where it is not required.
const conditionScore = 1

// condition is the query of a clause on a field that holds no words.
func condition(c clause) (query.Query, string) {
	field, known := fieldNames[c.field]
	if !known {
		return nil, fmt.Sprintf("no field %q (there are %s; write \\: for a colon)", c.field, knownFields)
	}
	var q query.Query
	switch {
	case field == analysis.Published:
		if c.kind != date {
			from, to, ok := period(c.text)
			if !ok {
				return nil, fmt.Sprintf("%s: %q is no date (want 2026, 2026-03 or 2026-03-14)", c.field, c.text)
			}
			yes, no := true, false
			c.dates = query.NewDateRangeInclusiveQuery(from, to, &yes, &no)
		}
		q = between(c.dates)
	case c.kind == date:
		return nil, fmt.Sprintf("%s: only dates have > and <", c.field)
	case c.kind == fuzzy:
		return nil, fmt.Sprintf("%s: no words to differ", c.field)
	case field == "_id":
		q = query.NewDocIDQuery([]string{c.text})
	case field == analysis.Source || field == analysis.Agency:
		match, err := nameMatcher(c.kind, c.text)
		if err != nil {
			return nil, err.Error()
		}
		q = &namesQuery{field: field, match: match}
	case c.kind == pattern:
		w := query.NewWildcardQuery(c.text)
		w.SetField(field)
		q = w
	case c.kind == regular:
		w := query.NewRegexpQuery(c.text)
		w.SetField(field)
		q = w
	default:
		if field == analysis.Language || field == analysis.Hash {
			c.text = strings.ToLower(c.text)
		}
		q = term(field, c.text)
	}
	out := &bestQuery{boost: c.boost}
	out.addConstant(q, conditionScore)
	return out, ""
}

func term(field, value string) query.Query {
	t := query.NewTermQuery(value)
	t.SetField(field)
	return t
}

// between is the range of dates, shut into what bleve can hold: years 1678 to 2261.
func between(q *query.DateRangeQuery) query.Query {
	clamp := func(t time.Time) time.Time {
		switch {
		case t.IsZero():
		case t.Before(query.MinRFC3339CompatibleTime):
			return query.MinRFC3339CompatibleTime
		case t.After(query.MaxRFC3339CompatibleTime):
			return query.MaxRFC3339CompatibleTime
		}
		return t
	}
	out := query.NewDateRangeInclusiveQuery(clamp(q.Start.Time), clamp(q.End.Time), q.InclusiveStart, q.InclusiveEnd)
	out.SetField(analysis.Published)
	return out
}

// filterOf are the conditions of a Request beside its query; nil when there are none.
func filterOf(r *Request) query.Query {
	var all []query.Query
	require := func(sub query.Query) {
		q := &bestQuery{boost: 1}
		q.addConstant(sub, 1)
		all = append(all, q)
	}
	if len(r.Languages) > 0 {
		any := &bestQuery{boost: 1}
		for _, l := range r.Languages {
			any.addConstant(term(analysis.Language, string(l)), 1)
		}
		all = append(all, any)
	}
	if r.Source != "" {
		match, _ := nameMatcher(phrase, r.Source)
		require(&namesQuery{field: analysis.Source, match: match})
	}
	if r.Cluster != "" {
		require(term(analysis.Cluster, r.Cluster))
	}
	if !r.After.IsZero() || !r.Before.IsZero() {
		yes, no := true, false
		require(between(query.NewDateRangeInclusiveQuery(r.After, r.Before, &yes, &no)))
	}
	if all == nil {
		return nil
	}
	return query.NewConjunctionQuery(all)
}

// plainName is a name without case, accents and spaces at the ends.
func plainName(s string) string {
	return text.Fold(text.Canonical(strings.ToLower(strings.TrimSpace(s))))
}

// nameMatcher tells the names that a clause means.
func nameMatcher(k kind, s string) (func(string) bool, error) {
	if k != pattern && k != regular {
		want := plainName(s)
		return func(name string) bool { return plainName(name) == want }, nil
	}
	if k == pattern {
		s = wildcard(plainName(s))
	}
	r, err := regexp.Compile("^(?:" + s + ")$")
	if err != nil {
		return nil, err
	}
	return func(name string) bool { return r.MatchString(plainName(name)) }, nil
}

// namesQuery matches articles whose field has a value that matches: of sources and
// agencies there are few enough to look at each.
type namesQuery struct {
	field string
	match func(string) bool
}

// Searcher implements query.Query.
func (q *namesQuery) Searcher(ctx context.Context, r index.IndexReader, _ mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	dict, err := r.FieldDict(q.field)
	if err != nil {
		return nil, err
	}
	var names []string
	for {
		e, err := dict.Next()
		if err != nil {
			dict.Close()
			return nil, err
		}
		if e == nil {
			break
		}
		if q.match(e.Term) {
			names = append(names, e.Term)
		}
	}
	if err := dict.Close(); err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return searcher.NewMatchNoneSearcher(r)
	}
	return searcher.NewMultiTermSearcher(ctx, r, names, q.field, 1, o, false)
}
