package archive

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Filter says which archived articles Check looks at. The zero value is all of them.
type Filter struct {
	Window    time.Duration      // published so near the article, or without a time; 0: no limit
	Sources   []string           // from any of these outlets, as text.SourceOf names them
	Languages []article.Language // in any of these languages
}

// filter is a Filter for one article, in terms of gauges.
type filter struct {
	Filter
	published candidate.Period
	languages map[uint16]bool
	sources   map[uint32]bool
}

func (f Filter) of(a *article.Article, languages []article.Language) *filter {
	out := &filter{Filter: f, published: candidate.At(a.Published), languages: map[uint16]bool{}, sources: map[uint32]bool{}}
	if len(f.Languages) > 0 {
		out.languages[1<<16-1] = true // none of them may be known
	}
	for i, l := range languages {
		if slices.Contains(f.Languages, l) {
			out.languages[uint16(i)] = true
		}
	}
	for _, name := range f.Sources {
		out.sources[sourceHash(strings.ToLower(strings.TrimSpace(name)))] = true
	}
	return out
}

// Check finds the relations of an article, which is not added, to those that are safe on
// disk; of those, one with its id is passed over. They are the relations that Add would
// tell, but that an article is not among the partners of another for being among its
// best. It serves any number of goroutines, also while the archive is written.
func (a *Archive) Check(ctx context.Context, x article.Article, f Filter) (pairs []dedupe.Pair, err error) {
	err = a.read(func(s *store.Snapshot) (err error) {
		if err = a.gauges.extend(ctx, s); err != nil {
			return err
		}
		c, err := a.newCheck(s, &x, f)
		if err != nil {
			return err
		}
		defer a.checkers.Put(c.worker)
		pairs, err = c.run(ctx)
		return err
	})
	sortPairs(pairs)
	return pairs, err
}

// check is one call of Check.
type check struct {
	archive   *Archive
	worker    *worker
	snapshot  *store.Snapshot
	article   *article.Article
	filter    *filter
	gauges    []gauge
	ownScores []uint16
	languages []article.Language
	recurring *text.Furniture
	form      *shingle.Article
	own       *wording
	found     map[uint32]*wording // archived ones, by the numbers of their leaders
}

func (a *Archive) newCheck(s *store.Snapshot, x *article.Article, f Filter) (*check, error) {
	c := &check{archive: a, snapshot: s, article: x, found: map[uint32]*wording{}}
	c.gauges, c.ownScores, c.languages = a.gauges.view()
	c.filter = f.of(x, c.languages)
	var err error
	if c.recurring, err = a.recurring(s); err != nil {
		return nil, err
	}
	var ok bool
	if c.worker, ok = a.checkers.Get().(*worker); !ok {
		c.worker = &worker{Verifier: a.detector.NewVerifier()}
	}
	c.worker.finder.lister = snapshotLister{s}
	return c, nil
}

// recurring is the furniture of all sources, read again when it changed.
func (a *Archive) recurring(s *store.Snapshot) (*text.Furniture, error) {
	b, _, err := s.Meta(metaFurniture)
	if err != nil {
		return nil, err
	}
	if known := a.furniture.Load(); known != nil && bytes.Equal(known.stored, b) {
		return known.lines, nil
	}
	read := &storedFurniture{stored: bytes.Clone(b), lines: &text.Furniture{}}
	if err := read.lines.UnmarshalBinary(b); err != nil {
		return nil, err
	}
	a.furniture.Store(read)
	return read.lines, nil
}

// storedFurniture is what recurs, with the bytes that it was read from.
type storedFurniture struct {
	stored []byte
	lines  *text.Furniture
}

// snapshotLister asks bleve who has a key.
type snapshotLister struct{ *store.Snapshot }

func (s snapshotLister) list(key uint32, dst []uint32, most int) ([]uint32, error) {
	return s.Postings(store.Keys, key, dst, most)
}

func (c *check) run(ctx context.Context) ([]dedupe.Pair, error) {
	c.form = c.worker.Build(c.article, c.recurring.Of(c.article)...)
	c.own = newWording(c.form)
	c.own.leader = &entry{id: c.article.ID, wording: c.own}
	c.own.members = []*entry{c.own.leader}
	pairs, err := c.exact()
	if err != nil {
		return nil, err
	}
	candidates, err := c.candidates()
	if err != nil {
		return nil, err
	}
	for _, number := range candidates {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err := c.compare(number); err != nil {
			return nil, err
		}
	}
	for _, e := range c.own.edges {
		if !e.holds {
			continue
		}
		more, err := c.among(e)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, more...)
	}
	return pairs, nil
}

// candidates are the numbers of the partners that the article proposes.
func (c *check) candidates() ([]uint32, error) {
	floor := uint32(0)
	of := func(number uint32) uint64 { return c.gauges[number].tie }
	own := c.own.tie()
	measured := func(n uint32) uint32 {
		if int(n) >= len(c.ownScores) {
			return 0
		}
		return uint32(c.ownScores[n])
	}
	err := c.worker.finder.shared(c.form.Keys, measured, func(n, score uint32) {
		if int(n) >= len(c.gauges) || score < floor && !candidate.IsStrong(score, uint32(c.ownScores[n]), c.own.own) {
			return // it came after, or gets on no list
		}
		g := &c.gauges[n]
		if !candidate.Suffices(score, g.own, c.own.own, c.languages[g.language] != c.own.language) {
			return
		}
		l := c.own.list(c.languages[g.language])
		strong := candidate.IsStrong(score, c.own.own, g.own)
		if !l.mayWant(score, strong) || !g.leads || !g.passes(c.filter) {
			return
		}
		if g.tie != own && l.insert(partner{n, score}, strong, of) {
			floor = c.own.floor()
		}
	})
	if err != nil {
		return nil, err
	}
	var out []uint32
	for p := range c.own.partners {
		out = append(out, p.number)
	}
	slices.Sort(out)
	c.own.lists = nil
	return slices.Compact(out), nil
}

// load reads an archived wording and its leader, nil where there is none, and what its
// links are stored as.
func (c *check) load(number uint32) (t *wording, links []byte, err error) {
	column, links, ok, err := c.snapshot.Column(number)
	if err != nil || !ok {
		return nil, nil, err
	}
	if t := c.found[number]; t != nil {
		return t, links, nil
	}
	p, err := parseColumn(column)
	if err != nil || !p.leads {
		return nil, nil, err
	}
	if t, err = p.newWording(); err != nil {
		return nil, nil, err
	}
	t.leader = &entry{number: number, id: p.id, wording: t, column: p.column}
	c.found[number] = t
	return t, links, nil
}

// compare judges the article and one candidate alone.
func (c *check) compare(number uint32) error {
	t, _, err := c.load(number)
	if err != nil || t == nil || !c.worker.alike(c.own, t) || t.leader.id == c.article.ID {
		return err
	}
	d, ok, err := c.snapshot.ByNumber(number)
	if err != nil || !ok {
		return err
	}
	form := c.worker.Rebuild(&d.Article, t.language, t.hash, c.recurring.Of(&d.Article)...)
	p := newPair(c.own, t)
	forms := [2]*shingle.Article{c.form, form}
	if p.a == t {
		forms[0], forms[1] = form, c.form
	}
	j, rival := c.worker.Alone(forms[0], forms[1], true)
	if rival || j.Holds {
		newEdge(p, &j, rival).connect()
	}
	return nil
}

// among judges a pair among the other candidates of both, and returns it for every
// archived article with the same words.
func (c *check) among(e *edge) ([]dedupe.Pair, error) {
	t := e.other(c.own)
	around, err := c.edgesOf(t)
	if err != nil {
		return nil, err
	}
	around = append(around, c.own.edges...)
	around = slices.DeleteFunc(around, func(x *edge) bool { return !x.rival })
	v := amongEdges(c.archive.detector, e, around)
	if !c.archive.detector.Reports(v) {
		return nil, nil
	}
	if t.members, err = c.members(t.identity); err != nil {
		return nil, err
	}
	return e.pairs(nil, v, nil), nil
}

// maxLinked is in how many later articles Check looks for rivals of a candidate.
const maxLinked = 64

// edgesOf are the stored edges of an archived wording: those it was written with, and
// those of wordings that came later.
func (c *check) edgesOf(t *wording) (edges []*edge, err error) {
	number := t.leader.number
	later, err := c.snapshot.Postings(store.Linked, number, nil, maxLinked)
	if err != nil {
		return nil, err
	}
	for _, n := range append([]uint32{number}, later...) {
		from, stored, err := c.load(n)
		if err != nil {
			return nil, err
		}
		if from == nil {
			continue
		}
		links, err := parseLinks(stored)
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			if l.edge == nil || n != number && l.other != number {
				continue
			}
			other, _, err := c.load(l.other)
			if err != nil {
				return nil, err
			}
			if other == nil {
				continue
			}
			if l.edge.a, l.edge.b = from, other; !l.first {
				l.edge.a, l.edge.b = other, from
			}
			edges = append(edges, l.edge)
		}
	}
	return edges, nil
}

// members are the archived articles with the same words that the filter lets through, by
// id.
func (c *check) members(id identity) (members []*entry, err error) {
	for n, err := range c.snapshot.ByHash(id.hash) {
		if err != nil {
			return nil, err
		}
		column, _, ok, err := c.snapshot.Column(n)
		if err != nil {
			return nil, err
		}
		if !ok || int(n) >= len(c.gauges) || !c.gauges[n].passes(c.filter) {
			continue
		}
		p, err := parseColumn(column)
		if err != nil {
			return nil, fmt.Errorf("article %d: %w", n, err)
		}
		if p.language == id.language && p.id != c.article.ID {
			members = append(members, &entry{number: n, id: p.id, column: p.column})
		}
	}
	slices.SortFunc(members, func(x, y *entry) int { return compareIDs(x.id, y.id) })
	return members, nil
}

// exact are the pairs with archived articles that have the same words.
func (c *check) exact() ([]dedupe.Pair, error) {
	if !c.own.words {
		return nil, nil
	}
	members, err := c.members(c.own.identity)
	if err != nil {
		return nil, err
	}
	v := verdict.Verdict{Relation: verdict.Exact, Score: 1, Holds: true}
	if len(members) == 0 || !c.archive.detector.Reports(v) {
		return nil, nil
	}
	e := &edge{a: c.own, b: &wording{identity: c.own.identity, members: members}, coverage: [2]float64{1, 1}}
	return e.pairs(nil, v, nil), nil
}
