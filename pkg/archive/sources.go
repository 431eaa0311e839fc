package archive

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/zeebo/xxh3"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/text"
)

// source is what recurs in the articles of one outlet.
type source struct {
	loaded    bool // its archived articles are counted
	lost      bool // one was taken out since furniture was judged
	counted   text.Recurrence
	articles  int // counted
	judged    int // of them when furniture was last judged
	furniture *text.Furniture
}

// sourceGrowth is by how much a source must have grown for its furniture to be judged
// again while articles are added. When all are, it is judged once more.
const sourceGrowth = 1.5

// due reports whether the furniture is to be judged again.
func (s *source) due(settle bool) bool {
	return settle && (s.articles != s.judged || s.lost) || float64(s.articles) >= sourceGrowth*float64(s.judged)
}

// judge finds the furniture anew and reports whether it changed.
func (s *source) judge() bool {
	s.judged, s.lost = s.articles, false
	found := s.counted.Furniture()
	changed := !found.Equal(s.furniture)
	s.furniture = found
	return changed
}

// furnitureHash tells apart which stretches of an article were left out: 0 for none.
func furnitureHash(spans []article.Span) uint32 {
	if len(spans) == 0 {
		return 0
	}
	h := uint64(len(spans))
	for _, s := range spans {
		h = h*0x9e3779b97f4a7c15 + uint64(s.Start)<<32 + uint64(s.End)
		h ^= h >> 29
	}
	return uint32(h>>32) | 1
}

// sameHash is a hash of all that an article is given with.
func sameHash(a *article.Article) uint64 {
	h := xxh3.New()
	for _, s := range []string{a.Title, a.Text, string(a.Language), a.URL, a.Source, a.Published.UTC().String()} {
		_, _ = h.WriteString(s)
		_, _ = h.Write([]byte{0})
	}
	if a.Author != "" || a.AltID != "" || a.Urgency != 0 { // others have the hash that they always had
		fmt.Fprintf(h, "%s\x00%s\x00%d", a.Author, a.AltID, a.Urgency)
	}
	return h.Sum64()
}

// source is that of a name, counted from what is archived when it is met first.
func (b *batch) source(ctx context.Context, name string) (*source, error) {
	if s := b.sources[name]; s != nil && s.loaded {
		return s, nil
	}
	s := b.sources[name]
	if s == nil {
		s = &source{}
		b.sources[name] = s
	}
	s.loaded = true
	given := map[*entry]bool{}
	for _, it := range b.items {
		given[it.entry] = true
	}
	for _, e := range b.graph.entriesOf(name) {
		if given[e] {
			continue
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		a, err := b.article(b.old, e)
		if err != nil {
			return nil, err
		}
		s.counted.Add(&a)
		s.articles++
	}
	s.judged = s.articles
	return s, nil
}

// entriesOf are the articles of a source, in order.
func (g *graph) entriesOf(name string) []*entry {
	return slices.SortedFunc(slices.Values(g.bySource[name]), func(x, y *entry) int { return cmp.Compare(x.number, y.number) })
}

// strip counts the lines of the articles and judges what recurs in their sources. Where
// that changes, it has the archived articles that are concerned written again.
func (b *batch) strip(ctx context.Context, settle bool) error {
	for _, it := range b.items {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if name := it.entry.source; name != "" {
			s, err := b.source(ctx, name)
			if err != nil {
				return err
			}
			s.counted.Add(&it.article)
			s.articles++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.sources)) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if settle && b.sources[name].lost {
			if _, err := b.source(ctx, name); err != nil {
				return err
			}
		}
		if s := b.sources[name]; s.loaded && s.due(settle) && s.judge() {
			if err := b.restrip(ctx, name, s); err != nil {
				return err
			}
		}
	}
	b.out.SetMeta(metaFurniture, b.furnitureMeta())
	b.out.SetMeta(metaSettled, []byte{byte(map[bool]int{true: 1}[settle])})
	return nil
}

// restrip finds the archived articles of a source that have other furniture than they were
// analysed without.
func (b *batch) restrip(ctx context.Context, name string, s *source) error {
	given := map[*entry]bool{}
	for _, it := range b.items {
		given[it.entry] = true
	}
	for _, e := range b.graph.entriesOf(name) {
		if given[e] {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		a, err := b.article(b.old, e)
		if err != nil {
			return err
		}
		if furnitureHash(s.furniture.Of(&a)) != e.furniture {
			if _, err := b.again(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// furnitureMeta is what recurs in all sources.
func (w *writer) furnitureMeta() []byte {
	var out []byte
	for _, name := range slices.Sorted(maps.Keys(w.sources)) {
		out, _ = w.sources[name].furniture.AppendBinary(out)
	}
	return out
}
