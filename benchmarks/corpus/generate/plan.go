package generate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// kind is how an article is made.
type kind uint8

const (
	original    kind = iota
	exact            // the words of the original
	near             // edited
	excerpt          // a part
	translation      // the other language
	partial          // a part in the other language
	notice           // a filled template
	kinds
)

// isPart reports whether a copy is a part of its original.
func (k kind) isPart() bool { return k == excerpt || k == partial }

// isForeign reports whether a copy is in the other language.
func (k kind) isForeign() bool { return k == translation || k == partial }

// entry is one article of the plan: all that its text depends on.
type entry struct {
	published int64 // Unix time
	base      int32 // number of the stretch; of a notice, of its template
	first     int32 // number of the entry that this is a copy of, or its own
	event     int32 // number of the event, -1 without
	copies    int32 // of an original: the entries right after it are its copies
	kind      kind
	language  side
	clean     bool // without furniture
	family    bool // one of the large family
}

// stretch is the sentences of one base article: those from one place of a line to another
// that are no longer than limit.
type stretch struct {
	line     int32
	from, to uint16
	limit    uint16
	round    uint16
	language side
}

// A base article has at least so many bytes, in its language. No sentence is more than a
// quarter of it, in either language.
const (
	minBase          = 600
	maxSentenceShare = 4
)

// minWhole is the length that an article must have for a part of it to be planted.
const minWhole = 1400

// spread is the standard deviation of the logarithm of an article's length.
const spread = 0.6

// plan is what every article is made of, without its text.
type plan struct {
	Options
	corpus    *Corpus
	plane     plane
	stretches []stretch
	entries   []entry // an original, then its copies
	order     []int32 // the entries by time
	position  []int32 // the inverse
}

// newPlan plans the articles: it takes stretches until there are enough, and a plane with
// more rounds if they do not suffice.
func newPlan(c *Corpus, o Options) (*plan, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	p := &plan{Options: o, corpus: c}
	most := 0
	for _, size := range sizes(c.Len()) {
		p.plane = newPlane(c.Len(), size, mix(o.Seed, 11))
		if p.fill() {
			p.sort()
			return p, nil
		}
		most = max(most, len(p.entries))
	}
	return nil, fmt.Errorf("%w: out of %d sentences, %d articles of %d bytes can be made that share next to nothing, not %d: give a larger corpus, or fewer --articles or --bytes",
		ErrTooSmall, c.Len(), most, o.Bytes, o.Articles)
}

// fill makes the entries; it reports whether there were sentences enough.
func (p *plan) fill() bool {
	p.stretches, p.entries = p.stretches[:0], make([]entry, 0, p.Articles)
	p.addNotices()
	next, stop := p.cut()
	defer stop()
	f := filler{plan: p, next: next}
	return f.addFamily() && f.addStories()
}

// sort orders the entries by time.
func (p *plan) sort() {
	p.order, p.position = make([]int32, len(p.entries)), make([]int32, len(p.entries))
	for i := range p.order {
		p.order[i] = int32(i)
	}
	slices.SortFunc(p.order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(p.entries[a].published, p.entries[b].published), cmp.Compare(a, b))
	})
	for at, i := range p.order {
		p.position[i] = int32(at)
	}
}

// target is the length that the nth stretch should have.
func (p *plan) target(n int) int {
	rng := draws(p.Seed, 12, uint64(n))
	return max(minBase, min(40*p.Bytes, int(float64(p.Bytes)*math.Exp(spread*rng.NormFloat64()))))
}
