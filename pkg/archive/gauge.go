package archive

import (
	"context"
	"encoding/binary"
	"sync"

	"github.com/zeebo/xxh3"

	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
)

// gauge is what ranks and filters a candidate, in a few bytes.
type gauge struct {
	tie       uint64 // the beginning of the hash
	published int64  // Unix seconds
	own       uint32
	source    uint32 // hash of its name
	language  uint16 // number of the language
	leads     bool
	dated     bool
}

// gauges are those of all articles, by number. They are read once, and later only what
// came after.
type gauges struct {
	mu        sync.RWMutex
	all       []gauge
	own       []uint16 // as in all, but cut to what fits; 0 for languages without a lane
	languages []article.Language
	number    map[article.Language]uint16
}

func sourceHash(name string) uint32 { return uint32(xxh3.HashString(name)) }

// put fills in one gauge. The caller holds mu.
func (g *gauges) put(number uint32, p *parsed) {
	for int(number) >= len(g.all) {
		g.all = append(g.all, make([]gauge, max(1024, len(g.all)))...)
	}
	language, ok := g.number[p.language]
	if !ok {
		language = uint16(len(g.languages))
		g.languages = append(g.languages, p.language)
		g.number[p.language] = language
	}
	g.all[number] = gauge{
		tie: binary.BigEndian.Uint64(p.hash[:]), published: p.published.From, dated: p.published.Known,
		own: p.own, source: sourceHash(p.source),
		language: language, leads: p.leads,
	}
	for int(number) >= len(g.own) {
		g.own = append(g.own, make([]uint16, max(1024, len(g.own)))...)
	}
	if _, ok := lane(p.language); ok {
		g.own[number] = uint16(min(p.own, 1<<16-1))
	}
}

// extend reads the gauges of the articles that are not known yet, up to those that the
// snapshot has.
func (g *gauges) extend(ctx context.Context, s *store.Snapshot) error {
	next, err := nextNumber(s)
	if err != nil {
		return err
	}
	g.mu.RLock()
	known := uint32(len(g.all))
	read := g.number != nil
	g.mu.RUnlock()
	if read && known >= next {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.number == nil {
		all := gauges{number: map[article.Language]uint16{}}
		for row, err := range s.Columns(ctx) {
			if err != nil {
				return err
			}
			p, err := parseColumn(row.Column)
			if err != nil {
				return err
			}
			all.put(row.Number, &p)
		}
		g.all, g.own, g.languages, g.number = all.all[:min(int(next), len(all.all))], all.own, all.languages, all.number
	}
	for n := uint32(len(g.all)); n < next; n++ {
		column, _, ok, err := s.Column(n)
		if err != nil {
			return err
		}
		p := parsed{}
		if ok {
			if p, err = parseColumn(column); err != nil {
				return err
			}
		}
		g.put(n, &p)
	}
	g.all = g.all[:next]
	return ctx.Err()
}

// nextNumber is the number of the article that will be added next.
func nextNumber(s *store.Snapshot) (uint32, error) {
	b, ok, err := s.Meta(metaNext)
	if err != nil || !ok {
		return 1, err
	}
	n, _ := binary.Uvarint(b)
	return uint32(n), nil
}

// view is the gauges as they are, for reading: what is there does not change.
func (g *gauges) view() ([]gauge, []uint16, []article.Language) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.all, g.own, g.languages
}

// passes reports whether a filter lets an article through.
func (g *gauge) passes(f *filter) bool {
	if len(f.languages) > 0 && !f.languages[g.language] || len(f.sources) > 0 && !f.sources[g.source] {
		return false
	}
	if f.Window == 0 {
		return true
	}
	return candidate.Period{From: g.published, To: g.published, Known: g.dated}.Near(f.published, f.Window)
}
