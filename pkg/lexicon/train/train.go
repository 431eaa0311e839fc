// Package train learns a lexicon from sentence-aligned text.
//
// Every French word is aligned with the English words of its sentence by a
// statistical model trained in both directions at once; what is counted when both
// directions agree becomes the probabilities of a lexicon.Table. The same corpus
// gives the same table, for any number of workers.
package train

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/text"
)

// Options of Learn. The zero value works.
type Options struct {
	Workers  int                   // goroutines; 0: one
	Progress func(done, total int) // called after every iteration; may be nil
}

// Learn reads every pair of files NAME.en and NAME.fr (plain or .zst, a sentence a
// line) in the folder and learns a lexicon of them. It fails with ctx's error soon after
// ctx ends.
func Learn(ctx context.Context, dir string, o Options) (*lexicon.Table, error) {
	c, err := readFolder(ctx, dir)
	if err != nil {
		return nil, err
	}
	if c.french.sentences() == 0 {
		return nil, fmt.Errorf("%s: no sentence pairs of use", dir)
	}
	workers := max(1, o.Workers)
	progress := o.Progress
	if progress == nil {
		progress = func(int, int) {}
	}
	l := cooccurring(ctx, c, workers)
	m := learn(ctx, c, l, workers, progress)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return m.table(), nil
}

// With 7 and 0.03, 282 of the 10 723 newstest lines fail, with 6 and 0.04 290, with 8 and
// 0.02 280; a French line has 79, 69 and 92 entries.
const (
	maxTranslations = 7    // concepts a French term is spread over
	minWeight       = 0.03 // the least of them, as a share of the first
)

// table turns the expected link counts into a lexicon: a translation's weight is
// the geometric mean of its two conditional probabilities. Numbers are left out:
// they are concepts by themselves.
func (m *model) table() *lexicon.Table {
	english, french := &m.corpus.english, &m.corpus.french
	ofEnglish, ofFrench := make([]float64, len(english.terms)), make([]float64, len(french.terms))
	m.links.each(func(entry int, e, f uint32) {
		ofEnglish[e] += m.counts[entry]
		ofFrench[f] += m.counts[entry]
	})
	t := &lexicon.Table{Sentences: french.sentences()}
	place := addEnglish(t, english)
	in := sentencesWith(french)
	for f, term := range french.terms {
		if isNumber(term) {
			continue
		}
		entry := lexicon.FrenchTerm{Stem: term, Sentences: in[f], Aligned: ofFrench[f]}
		for i := m.links.start[f]; i < m.links.start[f+1]; i++ {
			e := m.links.english[i]
			if c := m.counts[i]; c > 0.01 && place[e] >= 0 {
				weight := c / math.Sqrt(ofEnglish[e]*ofFrench[f])
				entry.Translations = append(entry.Translations, lexicon.Translation{English: place[e], Weight: weight})
			}
		}
		entry.Translations = strongest(entry.Translations)
		t.French = append(t.French, entry)
	}
	addSynonyms(t)
	slices.SortFunc(t.French, func(a, b lexicon.FrenchTerm) int { return strings.Compare(a.Stem, b.Stem) })
	return t
}

const (
	maxSynonyms = 2    // synonyms an English stem keeps: more cost time and find no more
	minSynonym  = 0.12 // the least of them, as a cosine
)

// addSynonyms gives English stems the stems that share their translations: the
// cosine of the two columns of weights over the French terms.
func addSynonyms(t *lexicon.Table) {
	type cell struct {
		french int
		weight float64
	}
	columns := make([][]cell, len(t.English))
	norm := make([]float64, len(t.English))
	for f := range t.French {
		for _, e := range t.French[f].Translations {
			columns[e.English] = append(columns[e.English], cell{f, e.Weight})
			norm[e.English] += e.Weight * e.Weight
		}
	}
	dot := make([]float64, len(t.English))
	for e := range t.English {
		var met []int
		for _, c := range columns[e] {
			for _, other := range t.French[c.french].Translations {
				if dot[other.English] == 0 {
					met = append(met, other.English)
				}
				dot[other.English] += c.weight * other.Weight
			}
		}
		var near []lexicon.Translation
		for _, o := range met {
			if cosine := dot[o] / math.Sqrt(norm[e]*norm[o]); o != e && cosine >= minSynonym {
				near = append(near, lexicon.Translation{English: o, Weight: min(1, cosine)})
			}
			dot[o] = 0
		}
		near = strongest(near)
		t.English[e].Synonyms = near[:min(len(near), maxSynonyms)]
	}
}

// addEnglish lists the folded English stems and returns where each term went, -1
// for numbers.
func addEnglish(t *lexicon.Table, english *side) []int {
	in := sentencesWith(english)
	sentences := map[string]int{}
	for e, term := range english.terms {
		if !isNumber(term) {
			sentences[text.Fold(term)] += in[e]
		}
	}
	index := map[string]int{}
	for _, stem := range slices.Sorted(maps.Keys(sentences)) {
		index[stem] = len(t.English)
		t.English = append(t.English, lexicon.EnglishTerm{Stem: stem, Sentences: sentences[stem]})
	}
	place := make([]int, len(english.terms))
	for e, term := range english.terms {
		place[e] = -1
		if !isNumber(term) {
			place[e] = index[text.Fold(term)]
		}
	}
	return place
}

func isNumber(term string) bool { return term[0] == '#' }

// sentencesWith counts the sentences that hold each term.
func sentencesWith(s *side) []int {
	o := postings(s)
	n := make([]int, len(s.terms))
	for t := range n {
		n[t] = len(o.of(t))
	}
	return n
}

// strongest keeps the best translations, merged where folding made two the same.
func strongest(ts []lexicon.Translation) []lexicon.Translation {
	slices.SortFunc(ts, func(a, b lexicon.Translation) int {
		return cmp.Or(cmp.Compare(a.English, b.English), cmp.Compare(b.Weight, a.Weight))
	})
	ts = slices.CompactFunc(ts, func(a, b lexicon.Translation) bool { return a.English == b.English })
	slices.SortFunc(ts, func(a, b lexicon.Translation) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.English, b.English))
	})
	for i, t := range ts {
		if i == maxTranslations || t.Weight < minWeight*ts[0].Weight {
			return ts[:i]
		}
	}
	return ts
}
