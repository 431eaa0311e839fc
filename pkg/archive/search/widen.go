package search

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/text"
)

// Word tells that a word of the query was searched in the other language too.
type Word struct {
	Word   string           // as in the query
	From   article.Language // in which it was understood
	To     article.Language
	Term   string  // what was searched: a stem
	Weight float64 // 0 to 1: how likely it translates the word
}

// How widely words are widened. With these, « grève » gives "strike" and not
// "unencumbered" (« non grevé »), "strike" gives « grève » and « frapper » and not « trouver ».
const (
	maxTranslations = 4    // of a word
	nextBest        = 0.4  // share of the best translation that another must have
	minTranslation  = 0.08 // likelihood, that of the language of the word included
	minSeen         = 10   // sentences that must have taught the word
	widenedBoost    = 0.7  // of a certain translation; others have less by the root of the likelihood
)

// translated is a translation of a word.
type translated struct {
	term   string
	weight float64
}

// dictionary looks up what the lexicon's table has, in both directions.
type dictionary struct {
	table   *lexicon.Table
	english map[string]int // by stem
	french  map[string]int // by stem, and by stem without accents where that is none
	sources [][]lexicon.Translation
}

// newDictionary turns the table, which goes from French to English, around.
func newDictionary(t *lexicon.Table) *dictionary {
	d := &dictionary{
		table: t, english: make(map[string]int, len(t.English)), french: make(map[string]int, len(t.French)),
		sources: make([][]lexicon.Translation, len(t.English)),
	}
	for i, e := range t.English {
		d.english[e.Stem] = i
	}
	for i, f := range t.French {
		d.french[f.Stem] = i
		for _, x := range f.Translations {
			d.sources[x.English] = append(d.sources[x.English], lexicon.Translation{English: i, Weight: x.Weight})
		}
	}
	for i, f := range t.French {
		folded := text.Fold(f.Stem)
		if have, ok := d.french[folded]; !ok || t.French[have].Stem != folded && t.French[have].Sentences < f.Sentences {
			d.french[folded] = i
		}
	}
	return d
}

// seen is the number of sentences of the training text that have the word.
func (d *dictionary) seen(language article.Language, form *text.Form) int {
	switch language {
	case article.English:
		if i, ok := d.english[text.Fold(form.Stem)]; ok {
			return d.table.English[i].Sentences
		}
	case article.French:
		if i, ok := d.french[form.Stem]; ok {
			return d.table.French[i].Sentences
		}
	}
	return 0
}

// translations are those of an English or French word, the best first.
func (d *dictionary) translations(language article.Language, form *text.Form) (list []translated) {
	if d.seen(language, form) < minSeen {
		return nil
	}
	if language == article.French {
		for _, t := range d.table.French[d.french[form.Stem]].Translations {
			list = append(list, translated{d.table.English[t.English].Stem, t.Weight})
		}
	} else {
		list = d.reversed(d.english[text.Fold(form.Stem)])
	}
	slices.SortStableFunc(list, func(a, b translated) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.term, b.term))
	})
	for i, t := range list {
		if i == maxTranslations || t.weight < nextBest*list[0].weight {
			return list[:i]
		}
	}
	return list
}

// reversed are the French words that mean an English one. Their weight is the mean of
// how likely each of the two words is to stand for the other, for by one direction alone
// a common word with many meanings, or a rare one, would win.
func (d *dictionary) reversed(english int) (list []translated) {
	total := 0.0
	for _, t := range d.sources[english] {
		total += t.Weight * float64(d.table.French[t.English].Sentences)
	}
	for _, t := range d.sources[english] {
		f := &d.table.French[t.English]
		list = append(list, translated{text.Fold(f.Stem), math.Sqrt(t.Weight * t.Weight * float64(f.Sentences) / total)})
	}
	return list
}

// widener widens the words of one query.
type widener struct {
	dictionary *dictionary
	french     float64 // how likely the query is French rather than English
	added      []Word
}

// newWidener judges the language of the query by how often its words are seen in each:
// « pain » alone is more English than French, « pain blanc » is not.
func newWidener(d *dictionary, list []clause) *widener {
	both := []target{{language: article.English}, {language: article.French}}
	odds := 0.0
	for _, k := range list {
		if targets(k.field) == nil || k.kind != words && k.kind != phrase {
			continue
		}
		for _, u := range unitsOf(k.text, both) {
			if len(u.terms[0]) != 1 || len(u.terms[1]) != 1 || u.terms[0][0].Form == nil || u.terms[1][0].Form == nil {
				continue
			}
			e, f := u.terms[0][0], u.terms[1][0]
			odd := math.Log((float64(d.seen(article.French, f.Form)) + 1) / (float64(d.seen(article.English, e.Form)) + 1))
			if e.Common != f.Common {
				odd = 3
				if e.Common {
					odd = -3
				}
			}
			odds += min(max(odd, -4), 4)
		}
	}
	return &widener{dictionary: d, french: 1 / (1 + math.Exp(-odds))}
}

// likely is how likely the query is in the language.
func (w *widener) likely(language article.Language) float64 {
	switch language {
	case article.French:
		return w.french
	case article.English:
		return 1 - w.french
	}
	return 0
}

// addition is a term to be searched besides.
type addition struct {
	to     int // target
	term   string
	weight float64
}

func (a addition) boost() float64 { return widenedBoost * math.Sqrt(a.weight) }

// widen translates a unit that is one word, from each language as far as it is likely,
// and notes what it adds.
func (w *widener) widen(u unit, where []target) (list []addition) {
	for _, from := range []article.Language{article.English, article.French} {
		other := article.English
		if from == article.English {
			other = article.French
		}
		i, to := indexOf(where, from), indexOf(where, other)
		if i < 0 || to < 0 || len(u.terms[i]) != 1 {
			continue
		}
		for _, t := range w.translate(from, u.terms[i][0]) {
			if has(u.terms[to], t.term) {
				continue
			}
			list = append(list, addition{to, t.term, t.weight})
			word := Word{Word: u.text, From: from, To: other, Term: t.term, Weight: t.weight}
			if !slices.Contains(w.added, word) {
				w.added = append(w.added, word)
			}
		}
	}
	return list
}

// translate are the translations of a word, weighed by how likely its language is.
func (w *widener) translate(from article.Language, t analysis.Term) (list []translated) {
	if t.Form == nil || t.Common {
		return nil
	}
	to := article.English
	if from == to {
		to = article.French
	}
	for _, x := range w.dictionary.translations(from, t.Form) {
		if x.weight *= w.likely(from); x.weight >= minTranslation && !isCommon(to, x.term) {
			list = append(list, x)
		}
	}
	return list
}

// isCommon reports whether a term is a common word, which no article is indexed by: WHO
// is not widened to « qui ».
func isCommon(language article.Language, term string) bool {
	terms := analysis.Terms(language, term)
	return len(terms) == 1 && terms[0].Common
}

// has reports whether a term is among those of a unit.
func has(terms []analysis.Term, term string) bool {
	return slices.ContainsFunc(terms, func(t analysis.Term) bool { return t.Text == term || t.Plain == term })
}
