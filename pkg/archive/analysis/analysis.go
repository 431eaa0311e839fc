// Package analysis turns texts into the terms of a search index, with the tokenizer and
// the stemmers of package text: a bleve index and the shingles see the same words.
//
// In comes a text and its language; out come Terms with byte offsets. The package
// registers one bleve analyser for each of English, French and all other languages, names
// the fields of the archive's index, and makes the lean Mapping that goes with them.
//
// A word becomes its stem in lower case without accents; "the strikers’ union" is
// "striker", "union". A number becomes its value as text.Decimal writes it: "1 000",
// "1,000" and "mille" are "1000". Elided articles are dropped: « l’Assemblée » is
// "assembl". So are the few words that are in nearly every sentence and mean nothing
// alone; those that mean something in another place, such as "who" (WHO), "may", « or »,
// « est » and « été », are kept.
//
// A word whose stem would be another one if it were written without its accents has both
// terms, for queries and headlines are often typed without: « sécurité » has "secur" and
// "securit", which is what « SECURITE » has.
package analysis

import (
	"runtime"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/text"
)

// Term is one word or number of a text as the index knows it.
type Term struct {
	Text       string // stem in lower case without accents, or value of a number
	Plain      string // the term that the word has when written without accents, "" when that is Text
	Form       *text.Form
	Start, End int  // byte offsets of the word as written
	Position   int  // from 1, counting common words but no elided articles
	Common     bool // not in the index: "the", « dans »
}

// Terms are the terms of a text in the language, in its order. Common words are among
// them, elided articles are not. A number has no Form.
func Terms(language article.Language, s string) []Term {
	r := shelves[groupOf(language)].take()
	defer shelves[groupOf(language)].put(r)
	var terms []Term
	r.read(s, func(t *text.Token, w *word, position int) {
		x := Term{
			Text: w.counter.term, Form: formOf(t), Start: t.Start, End: t.End,
			Position: position, Common: w.common,
		}
		if w.plain != nil {
			x.Plain = w.plain.term
		}
		terms = append(terms, x)
	})
	return terms
}

// Count calls yield once for each distinct term of a text that is indexed, with how often
// it is there, in no order. It returns how many there are with repetitions.
func Count(language article.Language, s string, yield func(term string, times int)) (all int) {
	r := shelves[groupOf(language)].take()
	defer shelves[groupOf(language)].put(r)
	return r.count(s, r.scan(s), yield)
}

// maxTerm is the greatest number of bytes of a term; the rest is cut off. Words in such
// length are addresses and encoded data.
const maxTerm = 96

// reader reads texts of one language. It serves one goroutine.
type reader struct {
	scanner    *text.Scanner
	language   article.Language // of its group
	common     map[string]bool
	words      []word // by Form.ID
	numbers    map[text.Decimal]word
	counters   map[string]*counter
	counted    []*counter // those that are not at 0
	room       []counter  // for the next ones
	generation int
	article    article.Article
}

// counter counts a term, which several words may have.
type counter struct {
	term  string
	bytes []byte // of the term, when they have been asked for
	times int
}

// word is what is known of a form or a number.
type word struct {
	counter *counter // of its term; nil in a place that waits for its form
	plain   *counter // of the term that it has when written without accents, if that is another
	common  bool
	elided  bool // an article or pronoun when an apostrophe follows
}

// newReader makes a reader of what the scanner cuts.
func newReader(scanner *text.Scanner) *reader {
	language := groups[groupOf(scanner.Language())].language
	return &reader{
		scanner: scanner, language: language, common: common[language], generation: scanner.Generation(),
		numbers: map[text.Decimal]word{}, counters: map[string]*counter{},
	}
}

// shelves hold readers by group of languages. What a reader remembers of words is worth
// keeping: a sync.Pool would lose it between two batches of articles.
var shelves [len(groups)]shelf

func init() {
	for i, g := range groups {
		shelves[i].language = g.language
	}
}

// shelf holds as many readers as can be at work at once.
type shelf struct {
	language article.Language
	mutex    sync.Mutex
	readers  []*reader
}

func (s *shelf) take() *reader {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if n := len(s.readers) - 1; n >= 0 {
		r := s.readers[n]
		s.readers = s.readers[:n]
		return r
	}
	return newReader(text.NewScanner(s.language))
}

func (s *shelf) put(r *reader) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.readers) < runtime.GOMAXPROCS(0) {
		s.readers = append(s.readers, r)
	}
}

// scan cuts a text into sentences, which hold until the next call.
func (r *reader) scan(s string) []text.Sentence {
	r.article.Text = s
	sentences := r.scanner.Sentences(&r.article)
	r.article.Text = "" // not to be held by the shelf
	return sentences
}

// read calls yield for each word and number of s but elided articles.
func (r *reader) read(s string, yield func(t *text.Token, w *word, position int)) {
	sentences := r.scan(s)
	r.refresh()
	position := 0
	for i := range sentences {
		tokens := sentences[i].Tokens
		for j := range tokens {
			t := &tokens[j]
			w := r.word(t)
			if w.elided && precedesWord(s[t.End:]) {
				continue
			}
			position++
			yield(t, &w, position)
		}
	}
}

// count is Count, of the sentences of a text.
func (r *reader) count(s string, sentences []text.Sentence, yield func(term string, times int)) (all int) {
	r.refresh()
	for i := range sentences {
		tokens := sentences[i].Tokens
		for j := range tokens {
			t := &tokens[j]
			w := r.word(t)
			if w.common || w.elided && precedesWord(s[t.End:]) {
				continue
			}
			all++
			r.add(w.counter)
			if w.plain != nil {
				all++
				r.add(w.plain)
			}
		}
	}
	for _, c := range r.counted {
		yield(c.term, c.times)
		c.times = 0
	}
	r.counted = r.counted[:0]
	return all
}

func (r *reader) add(c *counter) {
	if c.times == 0 {
		r.counted = append(r.counted, c)
	}
	c.times++
}

// refresh forgets what belongs to forms that the scanner has forgotten, and numbers when
// they are many: between texts, when no counter is at work.
func (r *reader) refresh() {
	if g := r.scanner.Generation(); g != r.generation || len(r.numbers) >= maxNumbers {
		r.words, r.room, r.generation = nil, nil, g
		clear(r.numbers)
		r.counters = map[string]*counter{}
	}
}

func formOf(t *text.Token) *text.Form {
	if t.Kind == text.Number {
		return nil
	}
	return t.Form
}

// word looks a token up once.
func (r *reader) word(t *text.Token) word {
	if t.Kind == text.Number {
		w, ok := r.numbers[t.Number]
		if !ok {
			w.counter = r.counter(t.Number.String())
			r.numbers[t.Number] = w
		}
		return w
	}
	if id := t.FormID(); id < len(r.words) && r.words[id].counter != nil {
		return r.words[id]
	}
	id := t.Form.ID
	for len(r.words) <= id {
		r.words = append(r.words, word{})
	}
	r.words[id] = r.newWord(t.Form)
	return r.words[id]
}

// maxNumbers bounds the numbers that a reader remembers.
const maxNumbers = 1 << 14

func (r *reader) newWord(form *text.Form) word {
	w := word{
		counter: r.counter(cut(text.Fold(form.Stem))), common: r.common[form.Text], elided: elided[form.Text],
	}
	if folded := text.Fold(form.Text); folded != form.Text && r.language != article.Unknown {
		if plain := cut(text.Fold(r.scanner.Stem(folded))); plain != w.counter.term && plain != "" {
			w.plain = r.counter(plain)
		}
	}
	return w
}

// counter is the one of a term.
func (r *reader) counter(term string) *counter {
	c := r.counters[term]
	if c == nil {
		if len(r.room) == 0 {
			r.room = make([]counter, 64)
		}
		c, r.room = &r.room[0], r.room[1:]
		c.term = term
		r.counters[term] = c
	}
	return c
}

// asBytes is the term, in bytes that are shared.
func (c *counter) asBytes() []byte {
	if c.bytes == nil {
		c.bytes = []byte(c.term)
	}
	return c.bytes
}

// cut shortens a term at a character's border.
func cut(s string) string {
	if len(s) <= maxTerm {
		return s
	}
	n := maxTerm
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.Clone(s[:n])
}

// precedesWord reports whether an apostrophe and a letter or digit come next.
func precedesWord(s string) bool {
	switch {
	case strings.HasPrefix(s, "'"):
		s = s[1:]
	case strings.HasPrefix(s, "’"):
		s = s[len("’"):]
	default:
		return false
	}
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

var elided = wordSet("l d j m t s n c qu jusqu lorsqu puisqu quoiqu quelqu")

// common are the words that are not indexed. Each makes postings as long as the archive;
// none is a name or another word in other letters ("US" is "u.s" to package text).
var common = map[article.Language]map[string]bool{
	article.English: wordSet("the of to and a an in that for on was with as at by be from are has have were been this which their its"),
	article.French:  wordSet("le la les de du des un une et en à au aux que qui dans pour par sur ce cette ces ne se sa ses il sont avec"),
}
