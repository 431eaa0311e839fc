// Package text cuts an article into sentences and these into words and numbers.
//
// In comes an article.Article; out come Sentences with their Tokens, as byte offsets
// into its text. A word comes with its Form: canonical spelling and stem. A number
// comes as its value, so that "1 234,5" and "1,234.5" are the same, as are
// "3 milliards" and "3 billion", "quatre-vingt-dix" and "ninety", "14h30" and
// "2.30 p.m.", "30 %" and "30 per cent". Sentences that are furniture of a site are marked.
package text

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"golang.org/x/text/unicode/norm"

	"github.com/calque-dev/calque/pkg/article"
)

// Form is what is known of one distinct word form of a language. A Scanner makes
// each Form once.
type Form struct {
	ID   int    // dense, from 0, within one Scanner
	Text string // lower case, straight apostrophe, composed accents, "œ" as "oe"
	Stem string // by the language's Snowball stemmer; Text in other languages

	numeral numeral // its part in a number, when it is a number word
	hints   hint    // what its sentence is to be looked through for
	uses    uint16  // how often it was met again, spelled as it was most of the time; see keepFrequent
}

// maxForms bounds what a Scanner remembers; past it, it forgets the less frequent half.
const maxForms = 1 << 16

// Scanner cuts texts of one language into tokens. It remembers forms and keeps
// buffers, so one Scanner serves one goroutine.
type Scanner struct {
	rules      *rules
	count      int              // forms
	spellings  spellings        // of forms, in lower case and as written
	long       map[string]*Form // those with no spelling, by the word in lower case
	room       []Form           // for the next ones
	generation int
	moved      []int32 // by the ID of the generation before
	word       []byte
	env        *snowballstem.Env
	sought     []sought
	tokens     []Token
	sentences  []Sentence
	hints      hint // of the sentence at hand
}

// NewScanner makes a Scanner for texts in the language. A language other than
// English and French gets neither stems nor number words.
func NewScanner(language article.Language) *Scanner {
	return &Scanner{rules: rulesOf(language), long: map[string]*Form{}, env: snowballstem.NewEnv("")}
}

// Language is the language of the texts.
func (s *Scanner) Language() article.Language { return s.rules.language }

// Generation changes when the ids of forms start again from 0.
func (s *Scanner) Generation() int { return s.generation }

// Moved is, by the ID that a form had before the last change of generation, the one it has
// since; -1 for one that was forgotten.
func (s *Scanner) Moved() []int32 { return s.moved }

// setForm finds or makes the Form of the token, a word of the text.
func (s *Scanner) setForm(text string, t *Token) {
	w := s.spellings.seek(spellingAt(text, t.Start, t.End))
	s.setSought(text, t, &w)
}

// setSought is setForm for a token whose word has been sought.
func (s *Scanner) setSought(text string, t *Token, w *sought) {
	if known := s.spellings.find(w); known != nil {
		t.Form, t.id, t.hints = known.form, known.id, known.hints
		if known.uses < math.MaxUint16 {
			known.uses++
		}
		return
	}
	written, count := text[t.Start:t.End], s.count
	t.setForm(s.form(written))
	switch {
	case !w.short:
		if s.count == count && t.Form.uses < math.MaxUint16 {
			t.Form.uses++
		}
	case written != string(s.word):
		s.spellings.add(w.spelling, t.Form)
	}
}

// form finds or makes the Form of a word as written.
func (s *Scanner) form(word string) *Form {
	s.lower(word)
	w, f := s.lookUp()
	if f != nil {
		return f
	}
	f = s.newForm()
	f.ID, f.Text = s.count, Canonical(string(s.word))
	f.Stem = s.stem(f.Text)
	f.numeral = s.rules.numeralOf(f.Text)
	f.hints = hints[f.Text]
	if f.numeral.start {
		f.hints |= counts
	}
	s.count++
	if !w.short || !s.spellings.add(w.spelling, f) {
		s.long[string(s.word)] = f
	}
	return f
}

// lookUp seeks the Form, nil if there is none yet, of the word in the buffer.
func (s *Scanner) lookUp() (w sought, f *Form) {
	w = s.spellings.seek(spellingAt(string(s.word), 0, len(s.word)))
	if known := s.spellings.find(&w); known != nil {
		return w, known.form
	}
	return w, s.long[string(s.word)]
}

// lower puts the word in lower case into the buffer.
func (s *Scanner) lower(word string) {
	s.word = appendLower(s.word[:0], word)
	if len(word) == 2 && word == "US" && s.rules.language == article.English {
		s.word = append(s.word[:0], "u.s"...) // the country, not the pronoun
	}
}

// newForm is a Form that lies next to the one made before.
func (s *Scanner) newForm() *Form {
	if len(s.room) == 0 {
		s.room = make([]Form, 64)
	}
	f := &s.room[0]
	s.room = s.room[1:]
	return f
}

// Form returns the Form of a word, as it would be in a text.
func (s *Scanner) Form(word string) *Form {
	if s.count > 2*maxForms { // nobody asks for Sentences, which would forget some
		s.forget()
	}
	return s.form(word)
}

// Stem is that of the Form of a word, of which nothing is remembered for it.
func (s *Scanner) Stem(word string) string {
	s.lower(word)
	if _, f := s.lookUp(); f != nil {
		return f.Stem
	}
	return s.stem(Canonical(string(s.word)))
}

// forget drops forms when there are too many: a word in capitals is another spelling of its
// form. Between articles only.
func (s *Scanner) forget() {
	if s.count > maxForms || len(s.spellings.known) > 2*maxForms {
		s.keepFrequent(maxForms / 2)
		s.generation++
	}
}

// keepFrequent forgets all forms but the most frequent ones, at most n: others are seldom
// asked for, and few of them again. In a million articles of a parliament the words would be
// looked up 20 times, if all were forgotten.
func (s *Scanner) keepFrequent(n int) {
	all := make([]*Form, s.count)
	for i := range s.spellings.known {
		k := &s.spellings.known[i]
		k.form.uses = max(k.form.uses, k.uses)
		all[k.id] = k.form
	}
	for _, f := range s.long {
		all[f.ID] = f
	}
	least := leastUses(all, n)
	known, long := s.spellings.known, s.long
	s.count, s.spellings, s.long, s.room = 0, spellings{}, map[string]*Form{}, nil
	kept := make([]*Form, len(all)) // by the old ID
	s.moved = make([]int32, len(all))
	for i, f := range all {
		if s.moved[i] = -1; f.uses < least {
			continue
		}
		kept[i] = s.newForm() // next to the others, so that the memory of those forgotten is free
		*kept[i] = *f
		kept[i].ID, kept[i].uses, s.moved[i] = s.count, 0, int32(s.count)
		s.count++
	}
	for i := range known {
		if f := kept[known[i].id]; f != nil {
			s.spellings.add(known[i].spelling, f)
		}
	}
	for word, f := range long {
		if f := kept[f.ID]; f != nil {
			s.long[word] = f
		}
	}
}

// leastUses is how often a form must have been met to be one of at most n.
func leastUses(forms []*Form, n int) uint16 {
	counts := make([]int, math.MaxUint16+1)
	for _, f := range forms {
		counts[f.uses]++
	}
	least := math.MaxUint16
	for ; least > 0 && counts[least] <= n; least-- {
		n -= counts[least]
	}
	return uint16(min(least+1, math.MaxUint16))
}

var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "’", "'", "\u00ad", "", "ß", "ss")

// Canonical composes accents, splits ligatures and straightens apostrophes of a
// word in lower case.
func Canonical(word string) string {
	if isASCII(word) {
		return word
	}
	return ligatures.Replace(norm.NFC.String(word))
}

func (s *Scanner) stem(word string) string {
	switch s.rules.language {
	case article.English:
		return stemWith(s.env, word, english.Stem)
	case article.French:
		return stemWith(s.env, word, french.Stem)
	}
	return word
}

func stemWith(env *snowballstem.Env, word string, stem func(*snowballstem.Env) bool) string {
	env.SetCurrent(word)
	stem(env)
	return env.Current()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Fold strips accents from a canonical word: "sécurité" is "securite".
func Fold(word string) string {
	if isASCII(word) {
		return word
	}
	b := make([]byte, 0, len(word))
	for _, r := range norm.NFD.String(word) {
		switch {
		case 0x300 <= r && r < 0x370: // combining marks
		case r == 'ł':
			b = append(b, 'l')
		case r == 'ø':
			b = append(b, 'o')
		case r == 'đ':
			b = append(b, 'd')
		case r == 'ı':
			b = append(b, 'i')
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return string(b)
}

// appendLower appends s in lower case.
func appendLower(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
		i += size
	}
	return dst
}
