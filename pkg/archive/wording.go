package archive

import (
	"encoding/binary"
	"slices"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// entry is an archived article, as far as it is kept in memory.
type entry struct {
	number  uint32
	id      string
	wording *wording
	column
}

// leads reports whether the article stands for both of two with the same words: the rule
// of dedupe.Leads.
func (e *entry) leads(f *entry) bool {
	return e.content < f.content || e.content == f.content && e.id < f.id
}

// identity is what articles with the same words have in common.
type identity struct {
	hash     article.Hash
	language article.Language
}

// wording is what one or several articles say in the same words. One of them, the leader,
// stands for all: it is the one that was analysed, and by whose keys they are found.
type wording struct {
	identity
	leader  *entry
	members []*entry // with the leader, by id
	own     uint32   // weights of its keys
	words   bool     // it has any
	sketch  shingle.Sketch
	lists   []list
	edges   []*edge
}

func isStrong(score uint32, a, b *wording) bool { return candidate.IsStrong(score, a.own, b.own) }

// list is the one for partners of a language, made when it is needed.
func (t *wording) list(l article.Language) *list {
	if found := t.listOf(l); found != nil {
		return found
	}
	t.lists = append(t.lists, list{language: l})
	return &t.lists[len(t.lists)-1]
}

// listOf is list, but nil where there is none yet.
func (t *wording) listOf(l article.Language) *list {
	for i := range t.lists {
		if t.lists[i].language == l {
			return &t.lists[i]
		}
	}
	return nil
}

// wants reports whether a list of t would take the partner.
func (t *wording) wants(other *wording, score uint32, of ties) bool {
	l := t.listOf(other.language)
	return l == nil || l.wants(partner{other.leader.number, score}, isStrong(score, t, other), of)
}

func (t *wording) insert(other *wording, score uint32, of ties) bool {
	return t.list(other.language).insert(partner{other.leader.number, score}, isStrong(score, t, other), of)
}

func (t *wording) proposes(other *wording) bool {
	return slices.ContainsFunc(t.lists, func(l list) bool { return l.language == other.language && l.has(other.leader.number) })
}

// partners yields those on all lists, perhaps more than once.
func (t *wording) partners(yield func(partner) bool) {
	for i := range t.lists {
		for _, partners := range [][]partner{t.lists[i].best, t.lists[i].strong} {
			for _, p := range partners {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// tie is the beginning of the hash, as ties has it.
func (t *wording) tie() uint64 { return binary.BigEndian.Uint64(t.hash[:]) }

// candidates reports whether two texts are candidates: either proposes the other.
func candidates(a, b *wording) bool { return a.proposes(b) || b.proposes(a) }

func (t *wording) join(e *entry) {
	at, _ := slices.BinarySearchFunc(t.members, e.id, func(m *entry, id string) int { return compareIDs(m.id, id) })
	t.members = slices.Insert(t.members, at, e)
	e.wording = t
}

func (t *wording) leave(e *entry) {
	t.members = slices.DeleteFunc(t.members, func(m *entry) bool { return m == e })
	e.wording = nil
}

// alike reports whether the sketches of two texts allow them to be copies.
func (w *worker) alike(a, b *wording) bool {
	if w.asked != a {
		w.asker.Ask(a.language, a.sketch)
		w.asked = a
	}
	return w.asker.Alike(b.language, b.sketch)
}

// edge is a pair of texts that were compared and have something to say to one another.
type edge struct {
	a, b     *wording // in order of their leaders' ids
	rival    bool     // it counts among the rivals of its texts
	holds    bool     // alone it holds a relation
	relation verdict.Relation
	score    float64
	features verdict.Features // complete where holds, else what Rivals need
	coverage [2]float64
}

func (e *edge) other(t *wording) *wording {
	if e.a == t {
		return e.b
	}
	return e.a
}

// edgeTo is the edge to another text, nil if they were not compared, or in vain.
func (t *wording) edgeTo(other *wording) *edge {
	if len(other.edges) < len(t.edges) {
		t, other = other, t
	}
	for _, e := range t.edges {
		if e.other(t) == other {
			return e
		}
	}
	return nil
}
