package search

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/search/query"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/text"
)

// plan is a query ready to be run.
type plan struct {
	root    query.Query
	marks   map[string]*marks // by field: what to mark in the hits
	widened []Word
}

// compiler turns the clauses of a query into a plan.
type compiler struct {
	searcher *Searcher
	plan     *plan
	widener  *widener // nil when nothing is to be translated
	negative bool     // at work on what matches must not have
}

// piece is the query of a clause or a word.
type piece struct {
	query  query.Query
	common bool   // a common word, which counts only when there is no other
	field  string // of a condition, which has no words
}

// compile reads a query.
func (s *Searcher) compile(q string, translate bool) (*plan, error) {
	parsed, err := parse(q)
	if err != nil {
		return nil, err
	}
	c := compiler{searcher: s, plan: &plan{marks: map[string]*marks{}}}
	if translate {
		c.widener = newWidener(s.reverse(), parsed.positive())
	}
	var pieces [3][]piece
	for i, list := range [][]clause{parsed.must, parsed.should, parsed.mustNot} {
		c.negative = i == 2
		for _, k := range list {
			ps, reason := c.clause(k)
			if reason != "" {
				return nil, &QueryError{Query: q, Reason: reason}
			}
			pieces[i] = append(pieces[i], ps...)
		}
	}
	isCommon := func(p piece) bool { return p.common }
	pieces[2] = slices.DeleteFunc(pieces[2], isCommon)
	if slices.ContainsFunc(slices.Concat(pieces[:]...), func(p piece) bool { return !p.common }) {
		pieces[0], pieces[1] = slices.DeleteFunc(pieces[0], isCommon), slices.DeleteFunc(pieces[1], isCommon)
	}
	pieces[0], pieces[1] = requireConditions(pieces[0], pieces[1])
	must, should, mustNot := queries(pieces[0]), queries(pieces[1]), queries(pieces[2])
	root := &bestQuery{boost: 1}
	switch {
	case must != nil || should != nil || mustNot != nil:
		root.add(query.NewBooleanQuery(must, should, mustNot), 1)
	case len(parsed.must)+len(parsed.should)+len(parsed.mustNot) > 0:
		return nil, &QueryError{Query: q, Reason: noWord}
	default:
		root.addConstant(query.NewMatchAllQuery(), 1)
	}
	c.plan.root = root
	if c.widener != nil {
		c.plan.widened = c.widener.added
	}
	return c.plan, nil
}

// requireConditions moves the conditions without a sign to what is required: to those
// who write "language:fr grève", other languages are no hits. Of several conditions on a
// field, as in "source:quai source:herald", one has to hold.
func requireConditions(must, should []piece) (required, optional []piece) {
	byField := map[string]*bestQuery{}
	for _, p := range should {
		if p.field == "" {
			optional = append(optional, p)
			continue
		}
		q := byField[p.field]
		if q == nil {
			q = &bestQuery{boost: 1}
			byField[p.field] = q
			must = append(must, piece{query: q})
		}
		q.add(p.query, 1)
	}
	if optional != nil && len(byField) > 0 && len(must) == len(byField) {
		// With nothing else required, words without a sign are: one of them at least.
		return append(must, piece{query: query.NewDisjunctionQuery(queries(optional))}), nil
	}
	return must, optional
}

func queries(pieces []piece) (list []query.Query) {
	for _, p := range pieces {
		list = append(list, p.query)
	}
	return list
}

// clause makes the queries of a clause; reason says what is wrong with it.
func (c *compiler) clause(k clause) (list []piece, reason string) {
	where := targets(k.field)
	if where == nil {
		q, reason := condition(k)
		return []piece{{query: q, field: fieldNames[k.field]}}, reason
	}
	switch k.kind {
	case date:
		return nil, "only dates have > and <"
	case pattern, regular:
		return c.pattern(k, where), ""
	case phrase:
		if p, ok := c.phrase(k, where); ok {
			return p, ""
		}
	}
	return c.words(k, where), ""
}

// words makes a piece of each word that stands between spaces: of "porte-parole" all
// parts are asked for.
func (c *compiler) words(k clause, where []target) (list []piece) {
	units := unitsOf(k.text, where)
	for len(units) > 0 {
		n := 1
		for n < len(units) && !strings.ContainsAny(k.text[units[n-1].end:units[n].start], " \t\n\r\u00a0\u202f") {
			n++
		}
		var parts []query.Query
		var common []query.Query
		for _, u := range units[:n] {
			q := c.unit(k, u, where)
			switch {
			case len(q.alternatives) == 0:
			case u.common():
				common = append(common, q)
			default:
				parts = append(parts, q)
			}
		}
		switch {
		case len(parts) == 1:
			list = append(list, piece{query: parts[0]})
		case len(parts) > 1:
			list = append(list, piece{query: query.NewConjunctionQuery(parts)})
		case len(common) > 0:
			list = append(list, piece{query: common[0], common: true})
		}
		units = units[n:]
	}
	return list
}

// unit is a word or number of a query as each language reads it. Languages may cut it
// differently: « 3 milliards » is one number in French, a number and a word elsewhere.
type unit struct {
	text       string
	start, end int
	terms      [][]analysis.Term // by target
}

// unitsOf cuts text into units.
func unitsOf(s string, where []target) (units []unit) {
	type read struct {
		target int
		term   analysis.Term
	}
	var all []read
	for i, t := range where {
		for _, x := range analysis.Terms(t.language, s) {
			all = append(all, read{i, x})
		}
	}
	slices.SortStableFunc(all, func(a, b read) int { return cmp.Compare(a.term.Start, b.term.Start) })
	for _, r := range all {
		n := len(units)
		if n == 0 || r.term.Start >= units[n-1].end {
			units = append(units, unit{start: r.term.Start, terms: make([][]analysis.Term, len(where))})
			n++
		}
		u := &units[n-1]
		u.end = max(u.end, r.term.End)
		u.text = s[u.start:u.end]
		u.terms[r.target] = append(u.terms[r.target], r.term)
	}
	return units
}

// common reports whether the unit is a common word in one of the languages: "the" is not
// asked for as « thé ».
func (u *unit) common() bool {
	return slices.ContainsFunc(u.terms, func(terms []analysis.Term) bool {
		return len(terms) > 0 && !slices.ContainsFunc(terms, func(t analysis.Term) bool { return !t.Common })
	})
}

// unit makes the query of a unit: any of its readings, or what translates them.
func (c *compiler) unit(k clause, u unit, where []target) *bestQuery {
	best := &bestQuery{boost: k.boost}
	numbers := map[string]bool{}
	for _, terms := range u.terms {
		if len(terms) == 1 && terms[0].Form == nil {
			numbers[terms[0].Text] = true
		}
	}
	for i, t := range where {
		terms := slices.DeleteFunc(slices.Clone(u.terms[i]), func(x analysis.Term) bool { return x.Common })
		switch {
		case len(terms) == 1:
			c.term(best, t, terms[0].Text, terms[0].Plain, 1)
			if k.kind == fuzzy {
				c.near(best, t, terms[0], k.fuzziness)
			}
		case len(terms) > 1:
			var parts []query.Query
			for _, x := range terms {
				part := &bestQuery{boost: 1}
				c.term(part, t, x.Text, x.Plain, 1)
				parts = append(parts, part)
			}
			best.add(query.NewConjunctionQuery(parts), 1)
		}
		for _, n := range sortedKeys(numbers) { // one language's number is every language's
			if len(terms) != 1 || terms[0].Text != n {
				c.term(best, t, n, "", 1)
			}
		}
	}
	if c.widener != nil && !c.negative && k.kind != fuzzy && !u.common() {
		for _, w := range c.widener.widen(u, where) {
			c.term(best, where[w.to], w.term, "", w.boost())
		}
	}
	return best
}

// plainShare is the worth of the term that a word has without its accents.
const plainShare = 0.9

// patternScore is what a word scores that a pattern or a near spelling finds, about that
// of a word in one article of ten.
const patternScore = 2

// term adds a term, in the fields of a target, to the ways to meet a word.
func (c *compiler) term(best *bestQuery, t target, stem, plain string, boost float64) {
	for _, f := range t.fields {
		best.add(term(f.name, stem), f.boost*boost)
		c.mark(f.name, stem, boost)
		if plain != "" {
			best.add(term(f.name, plain), f.boost*boost*plainShare)
			c.mark(f.name, plain, boost)
		}
	}
}

// near adds the terms that are nearly a word to the ways to meet it. The index has stems,
// and the stem of a slip of the pen may be anything: it is compared as a stem and as it
// is written.
func (c *compiler) near(best *bestQuery, t target, x analysis.Term, most int) {
	spellings := []string{x.Text}
	if x.Form != nil && text.Fold(x.Form.Text) != x.Text {
		spellings = append(spellings, text.Fold(x.Form.Text))
	}
	for _, f := range t.fields {
		for _, spelling := range spellings {
			q := query.NewFuzzyQuery(spelling)
			q.SetField(f.name)
			q.SetFuzziness(most)
			best.addConstant(q, patternScore*f.boost)
			c.markWhere(f.name, func(s string) bool { return nearly(s, spelling, most) })
		}
	}
}

// pattern makes the query of a wildcard or a regular expression, over terms. Since terms
// are stems, a pattern that only ends in a star finds the stem of what it begins with too.
func (c *compiler) pattern(k clause, where []target) []piece {
	expression := k.text
	if k.kind == pattern {
		if strings.Trim(k.text, "*") == "" {
			return []piece{{query: query.NewMatchAllQuery()}}
		}
		expression = wildcard(plainName(k.text))
	}
	best := &bestQuery{boost: k.boost}
	r, err := regexp.Compile("^(?:" + expression + ")$")
	if err != nil {
		return nil
	}
	stem, star := strings.CutSuffix(k.text, "*")
	for _, t := range where {
		for _, f := range t.fields {
			q := query.NewRegexpQuery(expression)
			q.SetField(f.name)
			best.addConstant(q, patternScore*f.boost)
			c.markWhere(f.name, r.MatchString)
		}
		if k.kind == pattern && star && !strings.ContainsAny(stem, "*?") {
			if terms := analysis.Terms(t.language, stem); len(terms) == 1 && !terms[0].Common {
				c.term(best, t, terms[0].Text, terms[0].Plain, 1)
			}
		}
	}
	return []piece{{query: best}}
}

// mark notes that a term of the field is to be marked in the hits.
func (c *compiler) mark(field, term string, weight float64) {
	if m := c.marksOf(field); m != nil {
		m.terms[term] = max(m.terms[term], weight)
	}
}

func (c *compiler) markWhere(field string, match func(string) bool) {
	if m := c.marksOf(field); m != nil {
		m.patterns = append(m.patterns, match)
	}
}

func (c *compiler) marksOf(field string) *marks {
	if c.negative {
		return nil
	}
	m := c.plan.marks[field]
	if m == nil {
		m = &marks{terms: map[string]float64{}}
		c.plan.marks[field] = m
	}
	return m
}

func sortedKeys(m map[string]bool) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// indexOf is the index of the language's target, -1 when it has none.
func indexOf(where []target, language article.Language) int {
	return slices.IndexFunc(where, func(t target) bool { return t.language == language })
}
