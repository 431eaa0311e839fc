// Package page writes what a scan found as one self-contained web page.
//
// In goes a [Pile], as dedupe.Result is one; out comes HTML that opens from disk, in any
// browser of the last years, without a network: a summary with charts, every group of
// copies with its timeline, and every pair side by side with its passages linked, its
// numbers and names marked, and the verdict in words. It is in English and in French, to be
// searched and filtered, light or dark, and to be printed.
//
// # What the page is made of
//
// The page is written as it is read: articles, then pairs, then groups, each in tables of
// rows. A table is cut into blocks of some hundred kilobytes; a block is a JSON array,
// packed with gzip, in base64, in a script element of a type that no browser runs. Blocks
// of texts and of explanations are unpacked when a pair is opened or a text is searched,
// the others when the page opens, so that a page with many thousand pairs opens fast, and
// what is shown of a list is what fits on the screen.
//
// No text of an article is ever part of the markup, neither here, where base64 keeps it
// away from the parser, nor in the browser, where it is only ever set as text. The page's
// policy forbids every script but its own, and all that would load from anywhere.
//
// The same result gives the same bytes: no time, no name of a machine, no order of input.
package page

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Pile is what a page shows; dedupe.Result is one. Pairs and Explain yield the same pairs
// in the same order. Members of clusters are numbers of articles that stand in pairs.
type Pile interface {
	report.Articles
	Pairs() iter.Seq[dedupe.Pair]
	Explain(ctx context.Context) iter.Seq2[dedupe.Comparison, error]
	Clusters() iter.Seq[cluster.Cluster]
}

// Options of Write. The zero value works.
type Options struct {
	Rejected   []error // what was left out, in any order
	Candidates int     // pairs compared; 0: not told
}

// Write writes the page. It fails with the first error of w, of an article that cannot be
// read, or of ctx; what was written then is no page. Besides what the pile takes, a few
// hundred bytes are in memory for each article that stands in a pair.
func Write(ctx context.Context, w io.Writer, pile Pile, o Options) error {
	out := bufio.NewWriterSize(w, 1<<16)
	if err := writeHead(out); err != nil {
		return err
	}
	p := &writer{
		out: out, pile: pile, numbers: map[string]int32{},
		articles: newTable(out, "articles"), texts: newTable(out, "texts"), pairs: newTable(out, "pairs"),
		details: newTable(out, "details"), groups: newTable(out, "groups"), rejects: newTable(out, "rejects"),
	}
	for _, step := range []func() error{
		p.writeArticles,
		func() error { return p.writePairs(ctx) },
		p.writeGroups,
		func() error { return p.writeRejects(o.Rejected) },
		func() error { return p.writeSummary(o) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	if err := writeFoot(out); err != nil {
		return err
	}
	return out.Flush()
}

// writer writes one page.
type writer struct {
	out  *bufio.Writer
	pile Pile

	articles, texts, pairs, details, groups, rejects *table

	numbers   map[string]int32 // on the page, by id, of the articles in pairs
	places    []int32          // in the pile, by number on the page
	languages vocabulary
	sources   vocabulary
	last      struct { // the article of the pair before
		number int32
		units  *units
	}
}

// vocabulary numbers strings as they are met.
type vocabulary struct {
	words   []string
	numbers map[string]int
}

func (v *vocabulary) number(key, word string) int {
	n, ok := v.numbers[key]
	if !ok {
		if v.numbers == nil {
			v.numbers = map[string]int{}
		}
		n = len(v.words)
		v.numbers[key], v.words = n, append(v.words, word)
	}
	return n
}

// writeArticles writes the articles that stand in pairs, in the order of the pile: what is
// known of them, and their texts.
func (p *writer) writeArticles() error {
	languages := map[string]article.Language{}
	for pair := range p.pile.Pairs() {
		languages[pair.A], languages[pair.B] = pair.Languages[0], pair.Languages[1]
	}
	for i := range p.pile.Len() {
		id := p.pile.ID(i)
		language, ok := languages[id]
		if !ok {
			continue
		}
		a, err := p.pile.Article(i)
		if err != nil {
			return err
		}
		p.numbers[id] = int32(len(p.places))
		p.places = append(p.places, int32(i))
		if err := p.articles.add(p.newArticle(&a, language)); err != nil {
			return err
		}
		if err := p.texts.add(a.Text); err != nil {
			return err
		}
	}
	return closeTables(p.articles, p.texts)
}

// newArticle is the row of an article: id, headline, number of the language, number of the
// source, Unix seconds of publication or null, UTF-16 units of the text, URL, byline,
// dateline, agency.
func (p *writer) newArticle(a *article.Article, l article.Language) []any {
	source := strings.TrimSpace(a.Source)
	key := text.SourceOf(a)
	if source == "" {
		source = key
	}
	var published any
	if !a.Published.IsZero() {
		published = a.Published.Unix()
	}
	attributes := text.AttributesOf(a)
	return []any{
		a.ID, headline(a), p.languages.number(string(l), string(l)), p.sources.number(key, source), published,
		newUnits(a.Text).len(), a.URL, attributes.Byline, attributes.Dateline, attributes.Agency,
	}
}

// longestHeadline is the number of characters to which a first line is cut that stands for
// a headline.
const longestHeadline = 120

// headline is the title, or else the first line of the text.
func headline(a *article.Article) string {
	if title := strings.TrimSpace(a.Title); title != "" {
		return title
	}
	line, _, _ := strings.Cut(strings.TrimSpace(a.Text), "\n")
	n := 0
	for i := range line {
		if n == longestHeadline {
			return line[:i] + "…"
		}
		n++
	}
	return line
}

// writePairs writes the pairs and what explains each.
func (p *writer) writePairs(ctx context.Context) error {
	for c, err := range p.pile.Explain(ctx) {
		if err != nil {
			return err
		}
		a, okA := p.numbers[c.A]
		b, okB := p.numbers[c.B]
		if !okA || !okB {
			return fmt.Errorf("pair of %q and %q: not both are articles of the pile", c.A, c.B)
		}
		ua, err := p.unitsOf(a)
		if err != nil {
			return err
		}
		ub, err := p.readUnits(b)
		if err != nil {
			return err
		}
		if err := p.pairs.add(newPair(&c, a, b)); err != nil {
			return err
		}
		if err := p.details.add(newDetail(&c, ua, ub)); err != nil {
			return err
		}
	}
	return closeTables(p.pairs, p.details)
}

// newPair is the row of a pair: the numbers of its articles, of its relation, and in
// ten-thousandths the score and the two coverages.
func newPair(c *dedupe.Comparison, a, b int32) []int {
	return []int{
		int(a), int(b), slices.Index(verdict.Relations(), c.Relation), parts(report.Rounded(c.Score)),
		parts(c.Coverage[0]), parts(c.Coverage[1]),
	}
}

// unitsOf is readUnits for a pair's first article, which often is that of the pair before.
func (p *writer) unitsOf(number int32) (*units, error) {
	if p.last.units != nil && p.last.number == number {
		return p.last.units, nil
	}
	u, err := p.readUnits(number)
	p.last.number, p.last.units = number, u
	return u, err
}

func (p *writer) readUnits(number int32) (*units, error) {
	a, err := p.pile.Article(int(p.places[number]))
	if err != nil {
		return nil, err
	}
	return newUnits(a.Text), nil
}

// writeGroups writes the clusters, each as its members, the one to keep, and the weakest
// link as a pair has it.
func (p *writer) writeGroups() error {
	for c := range p.pile.Clusters() {
		members := make([]int32, 0, len(c.Members))
		for _, m := range c.Members {
			number, ok := p.numbers[p.pile.ID(m)]
			if !ok {
				return fmt.Errorf("group of %q: it stands in no pair", p.pile.ID(m))
			}
			members = append(members, number)
		}
		weakest := []int{
			int(p.numbers[p.pile.ID(int(c.Weakest.A))]), int(p.numbers[p.pile.ID(int(c.Weakest.B))]),
			slices.Index(verdict.Relations(), c.Weakest.Relation), parts(report.Rounded(c.Weakest.Score)),
		}
		if err := p.groups.add([]any{members, p.numbers[p.pile.ID(c.Canonical)], weakest}); err != nil {
			return err
		}
	}
	return closeTables(p.groups)
}

// writeRejects writes what was left out, in an order that does not depend on that of
// reading.
func (p *writer) writeRejects(rejected []error) error {
	rows := make([][3]string, len(rejected))
	for i, err := range rejected {
		r := report.NewReject(err)
		rows[i] = [3]string{r.Origin, r.ID, r.Reason}
	}
	slices.SortFunc(rows, func(x, y [3]string) int { return slices.Compare(x[:], y[:]) })
	for _, row := range rows {
		if err := p.rejects.add(row); err != nil {
			return err
		}
	}
	return closeTables(p.rejects)
}

// summary is what the page needs to read the tables.
type summary struct {
	Version    int         `json:"version"`
	Articles   int         `json:"articles"` // read, in pairs or not
	Candidates int         `json:"candidates"`
	Relations  []string    `json:"relations"`
	Languages  []string    `json:"languages"`
	Sources    []string    `json:"sources"`
	Features   [][3]string `json:"features"` // name, what it is in English, in French
}

// formatVersion is that of the tables, which only the page's own script reads.
const formatVersion = 1

func (p *writer) writeSummary(o Options) error {
	s := summary{
		Version: formatVersion, Articles: p.pile.Len(), Candidates: o.Candidates,
		Languages: append([]string{}, p.languages.words...), Sources: append([]string{}, p.sources.words...),
	}
	for _, r := range verdict.Relations() {
		s.Relations = append(s.Relations, r.String())
	}
	for f := range verdict.NumFeatures {
		s.Features = append(s.Features, [3]string{f.String(), report.FeatureWords(f, article.English), report.FeatureWords(f, article.French)})
	}
	t := newTable(p.out, "summary")
	if err := t.add(s); err != nil {
		return err
	}
	return closeTables(t)
}
