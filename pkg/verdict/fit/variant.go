package fit

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
)

// piece is a stretch of a source's content: shares of its words, from 0 to 1.
type piece struct {
	origin   int
	from, to float64
	words    int
}

// variant is an article made of sources, and what of them it holds.
type variant struct {
	article  article.Article
	pieces   []piece
	lead     int // origin of its main content, by which folds are cut
	edited   float64
	verbatim int  // the source it repeats word for word but for edits; -1 for none
	updated  bool // some of its numbers are not those of the source
	labelled bool // its pool is
}

// maker derives variants from the sources of a pool. The same sources give the same
// variants.
type maker struct {
	sources  []source
	rng      *rand.Rand
	editRate float64 // most words that an edited copy changes, as a share
}

// Sites change few words of a text; copies that hide change more, in one language.
const (
	editRateOne = 0.3  // in pools of one language
	editRateTwo = 0.08 // in those that teach translation
)

func newMaker(sources []source, seed uint64) *maker {
	m := &maker{sources: sources, rng: rand.New(rand.NewPCG(seed, uint64(len(sources)))), editRate: editRateOne}
	for i := range sources {
		if sources[i].article.Language != sources[0].article.Language {
			m.editRate = editRateTwo
		}
	}
	return m
}

// A world is a pile made of the sources of a pool: how many articles it has of each
// source decides how well the rivals of a pair explain it.
type world struct {
	name    string
	full    bool // the full text of every source
	derived int  // and so many articles derived from it
	lonely  bool // of some origins one source only: its copies are not in the pile
	wide    bool // made of all sources, that the families of one template are whole
}

// worlds are the piles that examples are taken from: in some every article has one
// partner at the most, or none, in others many.
var worlds = []world{
	{"crowded", true, 3, false, false},
	{"paired", true, 1, false, false},
	{"single", false, 1, true, false},
	{"single", false, 1, true, true},
	{"lonely", true, 0, true, true},
	{"whole", true, 0, false, true},
}

// lonelyShare is the share of origins of which a lonely world has one source.
const lonelyShare = 0.3

// variants makes the articles of world number n: the full texts, and articles derived
// from them as sites do it: cut, excerpted, wrapped, edited, updated, merged. The same
// sources give the same variants.
func variants(sources []source, n int) []variant {
	m := newMaker(sources, uint64(1+n))
	w := worlds[n]
	shared := map[int]int{} // origin → the one kind of all its variants, or -1
	kept := map[int]int{}   // origin → the one source kept, or -1
	var out []variant
	for i := range sources {
		origin := sources[i].origin
		if _, ok := kept[origin]; !ok {
			shared[origin], kept[origin] = -1, -1
			if m.rng.IntN(2) == 0 {
				shared[origin] = m.rng.IntN(len(kinds))
			}
			if w.lonely && m.rng.Float64() < lonelyShare {
				kept[origin] = i
			}
		}
		if k := kept[origin]; k >= 0 && k != i {
			continue
		}
		if w.full {
			out = append(out, m.cut(i, 0, 1))
		}
		if w.derived > 0 {
			out = append(out, m.derived(i, w.derived, shared[origin])...)
		}
	}
	for i := range out {
		out[i].article.ID = fmt.Sprintf("%07d", i)
	}
	return out
}

// kinds are the ways to derive an article from a source.
var kinds = []struct {
	long bool // only of articles of more than longFrom words
	make func(m *maker, i int) variant
}{
	{false, func(m *maker, i int) variant { return m.edit(i, m.editRate*m.rng.Float64()) }},
	{false, (*maker).wrap},
	{false, (*maker).update},
	{false, (*maker).trim},
	{false, func(m *maker, i int) variant { return m.cut(i, 0, 1) }},
	{true, func(m *maker, i int) variant { return m.cut(i, 0, 60/float64(len(m.sources[i].words))) }},
	{true, func(m *maker, i int) variant { return m.cut(i, 1.0/3, 2.0/3) }},
	{true, func(m *maker, i int) variant { return m.cut(i, 0, 0.25+0.2*m.rng.Float64()) }},
	{true, func(m *maker, i int) variant { return m.cut(i, 0.55+0.2*m.rng.Float64(), 1) }},
	{true, (*maker).merge},
}

const longFrom = 90

// derived makes n variants of a source, of different kinds, first of the preferred one.
func (m *maker) derived(i, n, preferred int) []variant {
	if m.other(i) == i { // nothing to mix it with
		return []variant{m.trim(i)}
	}
	order := m.rng.Perm(len(kinds))
	if k := slices.Index(order, preferred); k > 0 {
		order[0], order[k] = order[k], order[0]
	}
	var out []variant
	for _, k := range order {
		if kinds[k].long && len(m.sources[i].words) <= longFrom {
			continue
		}
		if out = append(out, kinds[k].make(m, i)); len(out) == n {
			break
		}
	}
	return out
}

// text is the words [from,to) of a source as written.
func (m *maker) text(i, from, to int) string {
	s := &m.sources[i]
	if from >= to {
		return ""
	}
	return s.article.Text[s.words[from].Start:s.words[to-1].End]
}

// start is a variant with the source's metadata and no text.
func (m *maker) start(i int) variant {
	a := m.sources[i].article
	a.Text = ""
	return variant{article: a, lead: m.sources[i].origin, verbatim: i, labelled: m.sources[i].labelled}
}

// cut keeps a stretch; a stretch from within loses the headline.
func (m *maker) cut(i int, from, to float64) variant {
	n := len(m.sources[i].words)
	lo, hi := int(from*float64(n)), int(to*float64(n)+0.5)
	v := m.start(i)
	v.article.Text = m.text(i, lo, hi)
	v.pieces = []piece{{v.lead, from, to, hi - lo}}
	if from > 0 {
		v.article.Title = ""
	}
	return v
}

// edit changes a share of the words: drops, doubles, swaps or replaces them by words
// of other articles of the pool in the same language.
func (m *maker) edit(i int, rate float64) variant {
	v := m.cut(i, 0, 1)
	v.edited = rate
	other := m.other(i)
	var b strings.Builder
	words, text := m.sources[i].words, m.sources[i].article.Text
	for k, w := range words {
		if k > 0 {
			b.WriteString(text[words[k-1].End:w.Start])
		}
		if m.rng.Float64() >= rate {
			b.WriteString(w.Of(text))
			continue
		}
		switch o := &m.sources[other]; m.rng.IntN(3) {
		case 0: // dropped
		case 1: // replaced
			b.WriteString(o.words[m.rng.IntN(len(o.words))].Of(o.article.Text))
		case 2: // one put before it
			b.WriteString(o.words[m.rng.IntN(len(o.words))].Of(o.article.Text) + " " + w.Of(text))
		}
	}
	v.article.Text = b.String()
	return v
}

// other picks another article in the same language; i where there is none.
func (m *maker) other(i int) int {
	start := 0
	for range 100 {
		start = m.rng.IntN(len(m.sources))
		if m.mixes(i, start) {
			return start
		}
	}
	for n := range m.sources { // few others: the next of them
		if k := (start + n) % len(m.sources); m.mixes(i, k) {
			return k
		}
	}
	return i
}

// mixes reports whether article k may be mixed with article i.
func (m *maker) mixes(i, k int) bool {
	a, b := &m.sources[i], &m.sources[k]
	return a.origin != b.origin && a.article.Language == b.article.Language && len(b.words) > 20
}

// wrap puts the source between lines of a site: headlines of others and a teaser.
func (m *maker) wrap(i int) variant {
	v := m.cut(i, 0, 1)
	var head, tail strings.Builder
	for range 3 + m.rng.IntN(4) {
		fmt.Fprintln(&head, m.headline(i))
	}
	for range 3 + m.rng.IntN(4) {
		fmt.Fprintln(&tail, m.headline(i))
	}
	k := m.other(i)
	n := min(len(m.sources[k].words), 25+m.rng.IntN(30))
	v.pieces = append(v.pieces, piece{m.sources[k].origin, 0, float64(n) / float64(len(m.sources[k].words)), n})
	v.article.Text = head.String() + v.article.Text + "\n" + m.text(k, 0, n) + "\n" + tail.String()
	return v
}

func (m *maker) headline(i int) string {
	k := m.other(i)
	if t := m.sources[k].article.Title; t != "" && m.rng.IntN(2) == 0 {
		return t
	}
	from := m.rng.IntN(len(m.sources[k].words))
	return m.text(k, from, min(from+2+m.rng.IntN(4), len(m.sources[k].words)))
}

// update does what the next take of a wire story does: a number or two change, a
// stretch goes, a paragraph comes. Its headline may change too.
func (m *maker) update(i int) variant {
	n := len(m.sources[i].words)
	v := m.start(i)
	gone := n / (6 + m.rng.IntN(12))
	at := n/3 + m.rng.IntN(n/3+1)
	k := m.other(i)
	added := min(n/(4+m.rng.IntN(8)), len(m.sources[k].words))
	text := m.text(i, 0, at) + "\n" + m.text(k, 0, added) + "\n" + m.text(i, min(at+gone, n), n)
	v.article.Text = m.changeNumbers(text, 1+m.rng.IntN(5))
	v.pieces = []piece{{v.lead, 0, 1, n - gone}, {m.sources[k].origin, 0, float64(added) / float64(len(m.sources[k].words)), added}}
	v.edited, v.updated = 0.05, true
	return v
}

// changeNumbers changes up to n digits.
func (m *maker) changeNumbers(text string, n int) string {
	b := []byte(text)
	for range 50 * n {
		k := m.rng.IntN(len(b) + 1)
		if k < len(b) && '1' <= b[k] && b[k] <= '8' {
			b[k]++
			if n--; n == 0 {
				break
			}
		}
	}
	return string(b)
}

// trim drops up to a fifth at either end and swaps two parts of what is left.
func (m *maker) trim(i int) variant {
	n := len(m.sources[i].words)
	lo, hi := int(0.1*m.rng.Float64()*float64(n)), n-int(0.1*m.rng.Float64()*float64(n))
	v := m.start(i)
	v.pieces = []piece{{v.lead, float64(lo) / float64(n), float64(hi) / float64(n), hi - lo}}
	if m.rng.IntN(2) == 0 {
		v.article.Text = m.text(i, lo, hi)
		return v
	}
	mid := lo + (hi-lo)/2
	v.article.Text = m.text(i, mid, hi) + "\n" + m.text(i, lo, mid)
	return v
}

// merge puts two articles in one.
func (m *maker) merge(i int) variant {
	v := m.cut(i, 0, 1)
	k := m.other(i)
	v.article.Text += "\n\n" + m.sources[k].article.Text
	v.pieces = append(v.pieces, piece{m.sources[k].origin, 0, 1, len(m.sources[k].words)})
	return v
}
