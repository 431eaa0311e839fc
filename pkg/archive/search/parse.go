package search

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/search/query"
)

// kind is what a clause asks for.
type kind uint8

const (
	words   kind = iota // any of the words
	phrase              // the words side by side
	pattern             // a wildcard
	regular             // a regular expression
	fuzzy               // words written nearly so
	date                // a stretch of time
)

// clause is one part of a query: words, a phrase, a condition on a field.
type clause struct {
	kind      kind
	field     string // as the reader named it, "" for title and text
	text      string
	boost     float64
	fuzziness int
	dates     *query.DateRangeQuery
}

// clauses are the parts of a query, as bleve's query strings have them.
type clauses struct {
	must, should, mustNot []clause
}

const noWord = "no word to search for, only common ones or signs"

// Limits of a query.
const (
	maxQuery   = 4096 // bytes
	maxClauses = 128
	maxCostly  = 8 // patterns, near spellings and phrases
	maxFuzzy   = 2 // letters that differ
)

var (
	typographic = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`)
	timeOfDay   = regexp.MustCompile(`(\d):(\d)`)
	loneSign    = regexp.MustCompile(`(^|\s)[-+](\s|$)`)
)

// tidy makes of what people type what bleve's syntax means by it: typographic quotation
// marks quote, a dash between spaces is no "not", and "14:30" is no field.
func tidy(q string) string {
	if !strings.Contains(q, `"`) {
		q = typographic.Replace(q)
	}
	q = loneSign.ReplaceAllString(q, "$1$2")
	return timeOfDay.ReplaceAllString(q, `$1\:$2`)
}

// parse reads a query with bleve's parser.
func parse(text string) (c clauses, err error) {
	fail := func(reason string, err error) (clauses, error) {
		return clauses{}, &QueryError{Query: text, Reason: reason, Err: err}
	}
	if len(text) > maxQuery {
		return clauses{}, &QueryError{Query: text[:64] + "…", Reason: fmt.Sprintf("longer than %d bytes", maxQuery)}
	}
	if !utf8.ValidString(text) {
		return fail("not valid UTF-8", nil)
	}
	tidied := tidy(text)
	if strings.TrimSpace(tidied) == "" {
		if strings.TrimSpace(text) != "" {
			return fail(noWord, nil)
		}
		return clauses{}, nil
	}
	parsed, err := query.NewQueryStringQuery(tidied).Parse()
	if err != nil {
		return fail(err.Error(), err)
	}
	root, ok := parsed.(*query.BooleanQuery)
	if !ok {
		return fail("not a query", nil)
	}
	n, costly := 0, 0
	for _, part := range []struct {
		from query.Query
		to   *[]clause
	}{{root.Must, &c.must}, {root.Should, &c.should}, {root.MustNot, &c.mustNot}} {
		for _, q := range children(part.from) {
			k, reason := clauseOf(q)
			if reason != "" {
				return fail(reason, nil)
			}
			if n++; n > maxClauses {
				return fail(fmt.Sprintf("more than %d parts", maxClauses), nil)
			}
			if !k.isPlain() && slices.Contains(*part.to, k) {
				continue // plain words may make a number together: 1 000 000
			}
			if k.kind != words && k.kind != date {
				costly++
			}
			if costly > maxCostly {
				return fail(fmt.Sprintf("more than %d phrases and patterns", maxCostly), nil)
			}
			*part.to = append(*part.to, k)
		}
	}
	c.should = joinWords(c.should)
	return c, nil
}

func children(q query.Query) []query.Query {
	switch q := q.(type) {
	case *query.ConjunctionQuery:
		return q.Conjuncts
	case *query.DisjunctionQuery:
		return q.Disjuncts
	}
	return nil
}

// clauseOf reads one part; reason says what is wrong with it.
func clauseOf(q query.Query) (c clause, reason string) {
	c.boost = 1
	if b, ok := q.(query.BoostableQuery); ok {
		c.boost = b.Boost()
	}
	if !(c.boost > 0) || math.IsInf(c.boost, 0) || c.boost > 1e6 {
		return c, fmt.Sprintf("a boost of %v (want more than 0)", c.boost)
	}
	switch q := q.(type) {
	case *query.MatchQuery:
		c.kind, c.field, c.text, c.fuzziness = words, q.FieldVal, q.Match, q.Fuzziness
		if c.fuzziness < 0 || c.fuzziness > maxFuzzy {
			return c, fmt.Sprintf("~%d: words may differ in at most %d letters", c.fuzziness, maxFuzzy)
		}
		if c.fuzziness > 0 {
			c.kind = fuzzy
		}
	case *query.MatchPhraseQuery:
		c.kind, c.field, c.text = phrase, q.FieldVal, q.MatchPhrase
	case *query.WildcardQuery:
		c.kind, c.field, c.text = pattern, q.FieldVal, q.Wildcard
		if c.field == "" && strings.Trim(c.text, "*") == "" {
			return c, "" // everything
		}
		if len(strings.Trim(c.text, "*?")) < 2 {
			return c, fmt.Sprintf("%s: a pattern needs two letters", c.text)
		}
	case *query.RegexpQuery:
		c.kind, c.field, c.text = regular, q.FieldVal, q.Regexp
		if _, err := regexp.Compile(c.text); err != nil {
			return c, err.Error()
		}
	case *query.DisjunctionQuery: // a number: as a word, or as a value, of which we have none
		boost := c.boost
		if len(q.Disjuncts) == 0 {
			return c, "an empty part"
		}
		c, reason = clauseOf(q.Disjuncts[0])
		c.boost = boost
		return c, reason
	case *query.NumericRangeQuery:
		c.kind, c.field = date, q.FieldVal
		c.dates, reason = years(q)
		return c, reason
	case *query.DateRangeQuery:
		c.kind, c.field, c.dates = date, q.FieldVal, q
	default:
		return c, fmt.Sprintf("a part of an unknown kind (%T)", q)
	}
	return c, ""
}

// years reads "published:>2025" and the like, which the parser takes for numbers.
func years(q *query.NumericRangeQuery) (*query.DateRangeQuery, string) {
	year := func(f float64) (time.Time, bool) {
		n := int(f)
		return time.Date(n, 1, 1, 0, 0, 0, 0, time.UTC), float64(n) == f && n >= 1000 && n < 9999
	}
	yes := true
	switch {
	case q.Min != nil:
		from, ok := year(*q.Min)
		if q.InclusiveMin == nil || !*q.InclusiveMin {
			from = from.AddDate(1, 0, 0)
		}
		if ok {
			return query.NewDateRangeInclusiveQuery(from, time.Time{}, &yes, nil), ""
		}
	case q.Max != nil:
		to, ok := year(*q.Max)
		if q.InclusiveMax != nil && *q.InclusiveMax {
			to = to.AddDate(1, 0, 0)
		}
		if ok {
			no := false
			return query.NewDateRangeInclusiveQuery(time.Time{}, to, nil, &no), ""
		}
	}
	return nil, "a number that is no year"
}

// isPlain reports whether the clause is a word and nothing else.
func (c *clause) isPlain() bool { return c.kind == words && c.field == "" && c.boost == 1 }

// joinWords puts plain words that stand side by side into one clause, for some make sense
// together only: "3 milliards", "1 000".
func joinWords(list []clause) []clause {
	out := list[:0]
	for _, c := range list {
		if n := len(out); n > 0 && c.isPlain() && out[n-1].isPlain() {
			out[n-1].text += " " + c.text
			continue
		}
		out = append(out, c)
	}
	return out
}

// period is the year, month, day or moment that a text names.
func period(s string) (from, to time.Time, ok bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{"2006", "2006-01", "2006-01-02"} {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		switch layout {
		case "2006":
			return t, t.AddDate(1, 0, 0), true
		case "2006-01":
			return t, t.AddDate(0, 1, 0), true
		}
		return t, t.AddDate(0, 0, 1), true
	}
	t, err := time.Parse(time.RFC3339, s)
	return t, t.Add(time.Second), err == nil
}

// positive are the parts that matches should have.
func (c *clauses) positive() []clause { return slices.Concat(c.must, c.should) }

// wildcard is the regular expression of a pattern.
func wildcard(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return b.String()
}
