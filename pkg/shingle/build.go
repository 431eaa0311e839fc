package shingle

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/text"
)

const (
	// idfPower tempers rarity in the vectors; see lexicon.flattening for the measure.
	idfPower = 0.5
	// minIDF leaves the commonest function words out of the vectors, except in sentences
	// of at most shortSentence tokens: everyday ones have little else. Counting them there
	// took 19 of 305 failures from the 10 723 newstest lines for 2 % more entries, counting
	// them everywhere 25 for 14 %.
	minIDF        = 1.5
	shortSentence = 14
	// maxShingles bounds the alignment of very long texts: beyond it neighbouring
	// sentences share a shingle.
	maxShingles = 2048
	// maxWords cuts sentences that are none, such as tables and lists: a shingle is about one
	// thing. With 1 024 in place of 64 the precision of the announcements in debian-news is
	// 0.971 instead of 0.981; whole newspaper articles and aligned lines are found alike.
	maxWords = 64
	// compactFrom is the number of entries from which a shingle is merged at once: in a very
	// long text most words of a shingle come again in it. A sentence has a hundred.
	compactFrom = 1024
	// maxKept is the number of entries up to which a Builder keeps its buffers for the next
	// article.
	maxKept = 1 << 20
)

// Builder analyses articles. It remembers the words it met, so one Builder serves
// one goroutine.
type Builder struct {
	lexicon  *lexicon.Lexicon
	english  *text.Scanner // for words that are looked up as if they were English
	speakers map[article.Language]*speaker

	scratch []Entry
	spare   []Entry
	hashes  []uint64
	rare    []lexicon.Weighted // of the article at hand, a concept perhaps more than once
	found   []Key              // a buffer of keysOf
	heavy   []heaviest         // a buffer of heaviestOf
	kept    *[1 << 16]uint8    // by folded concept: its places in the sketch at hand; zero between articles
	folded  foldedSet          // of the concepts of the article at hand
	slots   []uint32           // a buffer of mergeFew
	packed  []uint64           // buffers of rarest
	ranks   []uint64
	starts  []int32 // buffer of sortEntries

	keyed    Article           // of BuildKeys
	cuts     []Shingle         // likewise
	concepts []lexicon.Concept // of the article at hand, distinct
	mentions []float32         // their greatest weights
	marks    []Mark

	dictionary *Dictionary // nil: no transcripts are made
	telling    bool        // a transcript of the article at hand is made
	transcript []byte
	unknown    word   // a word that the lexicon lacks, for Retell
	told       []told // a buffer of Retell

	listener Listener // of what Build reads; nil: none

	article uint32   // counts articles
	places  *[]Place // where the marks of the article at hand are noted; nil: nowhere
}

// NewBuilder makes a Builder that reads words with the lexicon.
func NewBuilder(l *lexicon.Lexicon) *Builder {
	unknown := wordOf(l.Unknown(0))
	return &Builder{
		lexicon:  l,
		english:  text.NewScanner(article.English),
		speakers: map[article.Language]*speaker{},
		unknown:  unknown,
	}
}

func (b *Builder) speaker(language article.Language) *speaker {
	s := b.speakers[language]
	if s == nil {
		s = &speaker{language: language, scanner: text.NewScanner(language)}
		b.speakers[language] = s
	}
	return s
}

// Build analyses an article written in the language. Furniture, what the rules find and
// what is known to stand in the stretches given, is left out, unless there is nothing
// else.
func (b *Builder) Build(a *article.Article, language article.Language, furniture ...article.Span) *Article {
	b.telling = b.dictionary != nil
	out := b.compared(a, language, furniture)
	out.Hash = a.Hash()
	shingles := b.heaviestOf(out)
	out.Keys, out.Sketch = b.keysOf(nil, out, shingles), b.sketchOf(nil, shingles)
	b.trim()
	return out
}

// Rebuild is Build for an article that was analysed before, where its hash is known: with
// all that comparing needs, but without Keys and Sketch, by which it was found.
func (b *Builder) Rebuild(a *article.Article, language article.Language, hash article.Hash, furniture ...article.Span) *Article {
	b.telling = false
	out := b.compared(a, language, furniture)
	out.Hash = hash
	b.trim()
	return out
}

// BuildKeys is Build without what only comparing needs: with Hash, Words, Keys, Sketch, Rare
// and Folded. They hold until the next call, which has the memory again.
func (b *Builder) BuildKeys(a *article.Article, language article.Language, furniture ...article.Span) *Article {
	b.telling = b.dictionary != nil
	out := &b.keyed
	*out = Article{
		Language: language, Hash: a.Hash(),
		Shingles: b.cuts[:0], Keys: out.Keys[:0], Rare: out.Rare[:0], Folded: out.Folded[:0], Sketch: out.Sketch,
	}
	c := b.cut(out, a, furniture)
	b.heavy = b.heavy[:0]
	for sentences := c.next(); len(sentences) > 0; sentences = c.next() {
		entries := b.shingle(out, c.speaker, sentences, b.scratch[:0])
		b.scratch = entries
		b.heavy = append(b.heavy, heaviest{})
		h := &b.heavy[len(b.heavy)-1]
		for _, e := range b.mergeFew(entries) {
			h.add(e.Weight, e.Concept)
			b.folded.add(fold(e.Concept))
		}
	}
	b.finishMarks(out)
	b.rareOf(out)
	out.Folded = b.folded.take(out.Folded)
	out.Keys, out.Sketch = b.keysOf(out.Keys, out, b.heavy), b.sketchOf(out.Sketch.bytes[:0], b.heavy)
	b.cuts, out.Shingles, out.Marks = out.Shingles, nil, nil
	b.trim()
	return out
}

// compared is the article as far as comparing needs it.
func (b *Builder) compared(a *article.Article, language article.Language, furniture []article.Span) *Article {
	out := &Article{Language: language}
	c := b.cut(out, a, furniture)
	entries := b.scratch[:0]
	for sentences := c.next(); len(sentences) > 0; sentences = c.next() {
		entries = b.shingle(out, c.speaker, sentences, entries)
	}
	b.scratch = entries
	b.finishCompared(out, entries)
	if a.Title != "" {
		out.Title, _ = b.vector(c.speaker, a.Title)
	}
	return out
}

// finishCompared fills in what comparing needs, from the entries of all shingles.
func (b *Builder) finishCompared(out *Article, entries []Entry) {
	out.Entries = b.merged(entries)
	b.finish(out)
	b.finishMarks(out)
	out.Marks = slices.Clone(out.Marks)
	out.Grams = grams(b.hashes)
	b.rareOf(out)
}

// cut is the sentences of an article that are still to be read, so many of which make a
// shingle.
type cut struct {
	speaker   *speaker
	sentences []text.Sentence
	group     int
}

// cut begins with an article.
func (b *Builder) cut(out *Article, a *article.Article, furniture []article.Span) cut {
	s := b.speaker(out.Language)
	sentences := cutLong(withoutFurniture(b.sentences(s, a, furniture...)))
	group := (len(sentences) + maxShingles - 1) / maxShingles
	if group > 0 {
		out.Shingles = slices.Grow(out.Shingles, (len(sentences)+group-1)/group)
	}
	out.Marks = b.marks[:0]
	b.hashes = slices.Grow(b.hashes[:0], countTokens(sentences))
	b.rare = b.rare[:0]
	b.article++
	if b.telling {
		b.beginTranscript(a.Title)
	}
	return cut{s, sentences, group}
}

// next is the sentences of the next shingle, none at the end.
func (c *cut) next() []text.Sentence {
	n := min(c.group, len(c.sentences))
	next := c.sentences[:n]
	c.sentences = c.sentences[n:]
	return next
}

// trim lets go of buffers that a very long article has made large.
func (b *Builder) trim() {
	if cap(b.scratch) > maxKept || cap(b.hashes) > maxKept {
		b.scratch, b.spare, b.hashes, b.rare, b.found = nil, nil, nil, nil, nil
		b.keyed, b.cuts = Article{}, nil
	}
}

// Vector is the vector of a whole text, by concept, of length 1, and the sum of the
// weights of its words.
func (b *Builder) Vector(text string, language article.Language) (vector []lexicon.Weighted, weight float64) {
	entries, weight := b.vector(b.speaker(language), text)
	sum := 0.0
	for _, e := range entries {
		sum += float64(e.Weight) * float64(e.Weight)
	}
	scale := float32(1 / math.Sqrt(max(sum, 1e-12)))
	vector = make([]lexicon.Weighted, len(entries))
	for i, e := range entries {
		vector[i] = lexicon.Weighted{Concept: e.Concept, Weight: e.Weight * scale}
	}
	return vector, weight
}

// vector is the text as one shingle.
func (b *Builder) vector(s *speaker, words string) (merged []Entry, weight float64) {
	entries := b.scratch[:0]
	for _, sentence := range b.sentences(s, &article.Article{Text: words}) {
		entries = slices.Grow(entries, b.countEntries(s, sentence.Tokens))
		short := len(sentence.Tokens) <= shortSentence
		for i := range sentence.Tokens {
			t := &sentence.Tokens[i]
			n := len(entries)
			var w *word
			entries, w = b.token(entries, s, t, 0, short)
			if w == nil {
				weight += float64(entries[n].Weight)
			} else {
				weight += float64(w.weight)
			}
		}
	}
	b.scratch = entries
	return b.merged(entries), weight
}

func withoutFurniture(sentences []text.Sentence) []text.Sentence {
	for _, s := range sentences {
		if !s.Furniture {
			return slices.DeleteFunc(sentences, func(s text.Sentence) bool { return s.Furniture })
		}
	}
	return sentences
}

func countTokens(sentences []text.Sentence) int {
	n := 0
	for _, s := range sentences {
		n += len(s.Tokens)
	}
	return n
}

// cutLong cuts sentences of more than maxWords words into stretches of so many.
func cutLong(sentences []text.Sentence) []text.Sentence {
	if !slices.ContainsFunc(sentences, func(s text.Sentence) bool { return len(s.Tokens) > maxWords }) {
		return sentences
	}
	var out []text.Sentence
	for _, s := range sentences {
		for len(s.Tokens) > maxWords {
			part := s
			part.Tokens, s.Tokens = s.Tokens[:maxWords], s.Tokens[maxWords:]
			part.Span.End = s.Tokens[0].Start
			s.Span.Start = part.Span.End
			out = append(out, part)
		}
		out = append(out, s)
	}
	return out
}

// shingle adds the sentences as one shingle.
func (b *Builder) shingle(out *Article, s *speaker, sentences []text.Sentence, entries []Entry) []Entry {
	index, start := uint32(len(out.Shingles)), len(entries)
	sh := Shingle{Span: sentences[0].Span, Headline: sentences[0].Headline}
	sh.Span.End = sentences[len(sentences)-1].Span.End
	if b.telling {
		before := 0
		if index > 0 {
			before = out.Shingles[index-1].Span.End
		}
		b.transcribeShingle(&sh, before, len(sentences))
	}
	for _, sentence := range sentences {
		if b.telling {
			b.transcript = binary.AppendUvarint(b.transcript, uint64(len(sentence.Tokens)))
		}
		entries = slices.Grow(entries, b.countEntries(s, sentence.Tokens))
		short := len(sentence.Tokens) <= shortSentence
		for i := range sentence.Tokens {
			t := &sentence.Tokens[i]
			n := len(entries)
			var w *word
			entries, w = b.token(entries, s, t, index, short)
			sh.Words++
			if w == nil {
				sh.Weight += entries[n].Weight
				b.markNumber(out, lexicon.Number(t.Number), lexicon.NumberIDF(t.Number), index)
				b.locate(out, t)
				if b.telling {
					b.transcribeNumber(t)
				}
				continue
			}
			sh.Weight += w.weight
			first, name := w.article != b.article, s.hasLexicon() && isName(t, w, i == 0)
			w.article = b.article
			if b.markWord(out, w, index, first, name); name {
				b.locate(out, t)
			}
			if b.telling {
				b.transcribeWord(w, first, name)
			}
		}
	}
	out.Words += sh.Words
	out.Shingles = append(out.Shingles, sh)
	return b.compact(entries, start)
}

// compact merges the entries of the last shingle, those from start on, if they are many.
func (b *Builder) compact(entries []Entry, start int) []Entry {
	if len(entries)-start > compactFrom {
		b.sortEntries(entries[start:])
		entries = mergeEntries(entries[:start], entries[start:])
	}
	return entries
}

// token appends the entries of one token, for which there is room: one for a number,
// whose word is nil, those of its word otherwise. The commonest words have entries in
// short sentences only.
func (b *Builder) token(entries []Entry, s *speaker, t *text.Token, index uint32, short bool) ([]Entry, *word) {
	if t.Kind == text.Number {
		weight := numberWeight
		if lexicon.NumberIDF(t.Number) == lexicon.CommonNumberIDF {
			weight = commonNumberWeight
		}
		return append(entries, Entry{lexicon.Number(t.Number), index, weight}), nil
	}
	w := b.word(s, t)
	if w.common && !short {
		return entries, w
	}
	concepts := s.concepts[w.first : w.first+w.count]
	at := len(entries)
	entries = entries[:at+len(concepts)]
	for i, c := range concepts {
		entries[at+i] = Entry{c.Concept, index, c.Weight}
	}
	return entries, w
}

var (
	numberWeight       = float32(math.Pow(lexicon.RareNumberIDF, idfPower))
	commonNumberWeight = float32(math.Pow(lexicon.CommonNumberIDF, idfPower))
)

// markNumber notes a number for the comparison of marks and of rarity.
func (b *Builder) markNumber(out *Article, c lexicon.Concept, idf float32, index uint32) {
	out.Marks = append(out.Marks, Mark{index, c, NumberMark})
	b.hashes = append(b.hashes, uint64(c)*0x9e3779b97f4a7c15)
	b.rare = append(b.rare, lexicon.Weighted{Concept: c, Weight: idf})
}

// markWord notes a name for the comparison of marks, and a word that the article has for the
// first time for those of rarity.
func (b *Builder) markWord(out *Article, w *word, index uint32, first, name bool) {
	b.hashes = append(b.hashes, w.hash)
	if first {
		for _, c := range [...]lexicon.Weighted{w.rarest, w.second} {
			if c.Weight > minKeyIDF {
				b.rare = append(b.rare, c)
			}
		}
	}
	if name {
		out.Marks = append(out.Marks, Mark{index, w.rarest.Concept, NameMark})
	}
}

// hasLexicon reports whether the words of the language can be known: where none are,
// those that are names cannot be told from the others.
func (s *speaker) hasLexicon() bool {
	return s.language == article.English || s.language == article.French
}

// isName reports whether the word may be a name: it has a capital inside a sentence,
// or no corpus taught it.
func isName(t *text.Token, w *word, first bool) bool {
	if t.End-t.Start < 2 || w.common {
		return false
	}
	return !w.known || t.Capital && !first
}

// finishMarks sorts the marks, each once. They stay in the memory of the Builder.
func (b *Builder) finishMarks(out *Article) {
	b.marks = out.Marks
	if out.Marks = nil; len(b.marks) > 0 {
		slices.SortFunc(b.marks, compareMarks)
		out.Marks = slices.Compact(b.marks)
	}
}

func compareMarks(a, b Mark) int {
	if a.Shingle != b.Shingle {
		return cmp.Compare(a.Shingle, b.Shingle)
	}
	if a.Concept != b.Concept {
		return cmp.Compare(a.Concept, b.Concept)
	}
	return cmp.Compare(a.Kind, b.Kind)
}
