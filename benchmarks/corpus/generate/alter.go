package generate

import (
	"slices"
	"strings"
	"unicode"
)

// The share of an article that an edited copy has otherwise, at most: less where the
// original has other copies too, and in the large family.
const (
	mostEdited    = 0.30
	lightlyEdited = 0.12
)

// alter makes of the original's sentences those of the copy.
func (w *writer) alter() {
	switch w.entry.kind {
	case near:
		w.edit()
	case excerpt, partial:
		w.cut()
	}
}

// cut keeps sentences that follow one another: a third to a half of the text, or a little
// more where sentences are long.
func (w *writer) cut() {
	total := 0
	for _, s := range w.sentences {
		total += len(s)
	}
	least, most := total/3, total/2
	wanted := least + w.rng.IntN(most-least+1)
	var from, to, length int
	for try := 0; ; try++ {
		from, length = w.rng.IntN(len(w.sentences)), 0
		for to = from; to < len(w.sentences) && length < least; to++ {
			length += len(w.sentences[to])
		}
		for to < len(w.sentences) && length+len(w.sentences[to]) <= wanted {
			length += len(w.sentences[to])
			to++
		}
		if length >= least && (length <= most || try > 20) {
			break
		}
	}
	w.sentences = w.sentences[from:to]
}

// edit drops, adds and moves sentences, and drops, adds and replaces words, to
// a rate drawn for the copy.
func (w *writer) edit() {
	most := mostEdited
	if w.entry.family || w.plan.entries[w.entry.first].copies > 1 {
		most = lightlyEdited
	}
	rate := most * w.rng.Float64()
	bySentence := float64(w.rng.IntN(3)) / 2
	length := 0
	for _, s := range w.sentences {
		length += len(s)
	}
	for room, tries := int(rate*bySentence*float64(length)), 0; room > 0 && tries < 100; tries++ {
		room -= w.editSentence(room)
	}
	changed := false
	for i := range w.sentences {
		changed = w.editWords(i, rate*(1-bySentence)) || changed
	}
	if !changed {
		w.sentences[0] += " " + w.foreignWord()
	}
}

// editSentence drops, adds or moves a sentence of no more than most bytes. It returns its length.
func (w *writer) editSentence(most int) int {
	i := w.rng.IntN(len(w.sentences))
	size := len(w.sentences[i])
	switch n := w.rng.IntN(3); {
	case n == 0 && len(w.sentences) > 4 && size <= most:
		w.sentences = slices.Delete(w.sentences, i, i+1)
		return size
	case n == 1:
		added := w.plan.corpus.sentences[w.entry.language][w.plan.spare(w.rng.Uint64())]
		if len(added) <= most {
			w.sentences = slices.Insert(w.sentences, i, added)
			return len(added)
		}
	case n == 2 && i > 0 && size <= most:
		w.sentences[i-1], w.sentences[i] = w.sentences[i], w.sentences[i-1]
		return size
	}
	return 0
}

// editWords edits a sentence and reports whether it did.
func (w *writer) editWords(i int, rate float64) bool {
	changed := false
	w.buf = w.buf[:0]
	for word := range strings.FieldsSeq(w.sentences[i]) {
		n := -1
		if w.rng.Float64() < rate {
			n, changed = w.rng.IntN(3), true
		}
		if n == 0 {
			continue
		}
		if n > 0 {
			w.buf = append(append(w.buf, w.foreignWord()...), ' ')
		}
		if n != 1 {
			w.buf = append(append(w.buf, word...), ' ')
		}
	}
	if changed {
		w.sentences[i] = strings.TrimSuffix(string(w.buf), " ")
	}
	return changed
}

// foreignWord is a word from anywhere in the corpus.
func (w *writer) foreignWord() string {
	c := w.plan.corpus
	for {
		s := c.sentences[w.entry.language][w.rng.IntN(c.Len())]
		at := w.rng.IntN(len(s))
		from, to := strings.LastIndexByte(s[:at], ' ')+1, strings.IndexByte(s[at:], ' ')
		if to < 0 {
			to = len(s) - at
		}
		word := s[from : at+to]
		if strings.ContainsFunc(word, unicode.IsLetter) {
			return word
		}
	}
}

// restyle changes what does not count: case, quotation marks, apostrophes and spacing.
func (w *writer) restyle() {
	ways := w.rng.Uint64()
	for i, s := range w.sentences {
		if i == 0 && ways&1 != 0 {
			s = upper(s)
		}
		if ways&2 != 0 {
			s = strings.ReplaceAll(s, "'", "’")
		}
		if ways&4 != 0 {
			s = strings.ReplaceAll(s, " ", "  ")
		}
		if ways&8 != 0 {
			if rest, ok := strings.CutSuffix(s, "."); ok {
				s = rest + "!"
			}
		}
		w.sentences[i] = s
	}
}

// upper is a text in capitals, but for letters that would not be the same again in lower case.
func upper(s string) string {
	return strings.Map(func(r rune) rune {
		if u := unicode.ToUpper(r); unicode.ToLower(u) == r {
			return u
		}
		return r
	}, s)
}
