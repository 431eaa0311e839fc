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
	r := pools[groupOf(language)].Get().(*reader)
	defer pools[groupOf(language)].Put(r)
	var terms []Term
	r.read(s, func(t *text.Token, w *word, position int) {
		terms = append(terms, Term{
			Text: w.text, Plain: w.plain, Form: formOf(t), Start: t.Start, End: t.End,
			Position: position, Common: w.common,
		})
	})
	return terms
}

// maxTerm is the greatest number of bytes of a term; the rest is cut off. Words in such
// length are addresses and encoded data.
const maxTerm = 96

// reader reads texts of one language. It serves one goroutine.
type reader struct {
	scanner    *text.Scanner
	common     map[string]bool
	words      []*word // by Form.ID
	numbers    map[text.Decimal]*word
	generation int
	article    article.Article
}

// word is what is known of a form or a number.
type word struct {
	text, plain string
	bytes       []byte // of text
	plainBytes  []byte
	common      bool
	elided      bool // an article or pronoun when an apostrophe follows
}

func newReader(language article.Language) *reader {
	return &reader{scanner: text.NewScanner(language), common: common[language], numbers: map[text.Decimal]*word{}}
}

// pools hold readers by group of languages; building one costs little, but what it
// remembers of words is worth keeping.
var pools [len(groups)]sync.Pool

func init() {
	for i, g := range groups {
		pools[i].New = func() any { return newReader(g.language) }
	}
}

// read calls yield for each word and number of s but elided articles.
func (r *reader) read(s string, yield func(t *text.Token, w *word, position int)) {
	r.article.Text = s
	sentences := r.scanner.Sentences(&r.article)
	r.article.Text = "" // not to be held by the pool
	if g := r.scanner.Generation(); g != r.generation {
		r.words, r.generation = nil, g
	}
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
			yield(t, w, position)
		}
	}
}

func formOf(t *text.Token) *text.Form {
	if t.Kind == text.Number {
		return nil
	}
	return t.Form
}

// word looks a token up once.
func (r *reader) word(t *text.Token) *word {
	if t.Kind == text.Number {
		w := r.numbers[t.Number]
		if w == nil {
			if len(r.numbers) >= maxNumbers {
				clear(r.numbers)
			}
			w = &word{text: t.Number.String()}
			w.bytes = []byte(w.text)
			r.numbers[t.Number] = w
		}
		return w
	}
	id := t.Form.ID
	for len(r.words) <= id {
		r.words = append(r.words, nil)
	}
	w := r.words[id]
	if w == nil {
		w = r.newWord(t.Form)
		r.words[id] = w
	}
	return w
}

// maxNumbers bounds the numbers that a reader remembers.
const maxNumbers = 1 << 14

func (r *reader) newWord(form *text.Form) *word {
	w := &word{
		text: cut(text.Fold(form.Stem)), common: r.common[form.Text], elided: elided[form.Text],
	}
	if folded := text.Fold(form.Text); folded != form.Text && r.scanner.Language() != article.Unknown {
		// The form of the folded word gets an id that no token has; r.words grows for it.
		if plain := cut(text.Fold(r.scanner.Form(folded).Stem)); plain != w.text {
			w.plain = plain
		}
	}
	w.bytes, w.plainBytes = []byte(w.text), []byte(w.plain)
	return w
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
