package generate

import (
	"math/rand/v2"
	"strings"
)

// writer makes one article after the other.
type writer struct {
	*Generator
	entry     *entry
	number    uint64
	rng       *rand.Rand
	cast      cast
	numbers   []int    // of the sentences in the corpus
	sentences []string // as they are written
	buf       []byte
	out       []byte
}

func (g *Generator) newWriter() *writer { return &writer{Generator: g} }

// begin forgets the article before. Only what is told of a copy's own depends on its number;
// the story depends on the base.
func (w *writer) begin(e *entry, number int32) {
	w.entry, w.number = e, uint64(number)
	w.rng = draws(w.plan.Seed, 31, w.number)
	w.numbers, w.sentences = w.numbers[:0], w.sentences[:0]
	seed := mix(w.plan.Seed, 32, uint64(e.base))
	if e.event >= 0 {
		seed = mix(w.plan.Seed, 33, uint64(e.event))
	}
	if e.kind == notice {
		seed = mix(w.plan.Seed, 34, w.number)
	}
	w.cast = newCast(seed)
}

// story writes the sentences of the base article, in the entry's language.
func (w *writer) story() {
	p := w.plan
	w.numbers = p.appendSentences(w.numbers, p.stretches[w.entry.base])
	own := len(w.numbers)
	if w.entry.event >= 0 {
		w.addQuotations()
	}
	quotation := w.numbers[own:]
	var told [3]bool
	next := 0
	for n, i := range w.numbers[:own] {
		w.tell(i, &told, false)
		for next < len(quotation) && (n+1)*(len(quotation)+1) >= (next+1)*own {
			w.tell(quotation[next], &told, true)
			next++
		}
	}
}

// addQuotations adds the numbers of the sentences that the articles about an event
// share: of four those that, with the longest sentence of the article's own, make up no
// more than a third of it.
func (w *writer) addQuotations() {
	p := w.plan
	var length [2]int
	longest := 0
	for _, i := range w.numbers {
		for side := range length {
			length[side] += len(p.corpus.sentences[side][i])
		}
		longest = max(longest, p.corpus.size(i))
	}
	room := min(length[english], length[french])/3 - longest
	for n := range uint64(4) {
		i := p.spare(mix(p.Seed, 35, uint64(w.entry.event), n))
		if size := p.corpus.size(i); size <= room && size >= minQuotation {
			w.numbers = append(w.numbers, i)
			room -= size
		}
	}
}

// minQuotation is the least length in bytes of what articles about an event share.
const minQuotation = 100

// spare is a sentence that no base article has.
func (p *plan) spare(h uint64) int {
	return p.plane.used() + int(h%uint64(p.corpus.Len()-p.plane.used()))
}

// tell writes a sentence of the corpus, maybe as something that one of the cast says.
func (w *writer) tell(i int, told *[3]bool, quoted bool) {
	c := w.plan.corpus
	h := mix(w.cast.seed, 36, uint64(i))
	language := w.entry.language
	w.buf = w.buf[:0]
	quoted = (quoted || h%4 == 0) && quotable(c.sentences[english][i]) && quotable(c.sentences[french][i])
	if !quoted {
		w.buf = w.cast.appendReplaced(w.buf, c.sentences[language][i], c.slotsOf(language, i))
		w.sentences = append(w.sentences, string(w.buf))
		return
	}
	who := skewed(h>>8, len(w.cast.people), 2)
	saying := pick(h>>32, sayings)
	if told[who] {
		saying = pick(h>>32, sayingsAgain)
	}
	told[who] = true
	w.buf = append(w.buf, [2]string{"“", "« "}[language]...)
	w.buf = w.cast.appendReplaced(w.buf, c.sentences[language][i], c.slotsOf(language, i))
	w.buf = append(w.buf[:len(w.buf)-1], [2]string{",” ", " », "}[language]...)
	w.buf = w.cast.appendAbout(w.buf, saying[language], language, &w.cast.people[who], "", h)
	w.sentences = append(w.sentences, string(w.buf))
}

// quotable reports whether a sentence can be put between quotation marks.
func quotable(s string) bool {
	return strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "..") && startsUpper(s) && !strings.ContainsAny(s, `"“”«»()`)
}

// title is a short sentence of the article, or a headline about the cast. It is not the
// first sentence, which would then be taken for the headline in the text. A copy may have
// another than the original.
func (w *writer) title() string {
	language := w.entry.language
	h := mix(w.cast.seed, 37)
	if w.entry.kind != original && w.rng.IntN(5) < 2 {
		h = mix(h, w.number)
	}
	if w.entry.event >= 0 {
		h = mix(h, w.number) // what they report is the same, how they report it is not
	}
	if w.entry.kind == notice {
		return strings.TrimSuffix(w.sentences[0], ".")
	}
	c := w.plan.corpus
	if h%2 == 0 {
		rest := w.numbers[1:]
		for n := range rest {
			i := rest[(n+int(h>>40))%len(rest)]
			if s := c.sentences[language][i]; c.size(i) <= 90 && startsUpper(s) {
				w.buf = w.cast.appendReplaced(w.buf[:0], s, c.slotsOf(language, i))
				return strings.TrimRight(string(w.buf), ".:;, ")
			}
		}
	}
	return w.cast.fill(pick(h>>16, headlines)[language], language, "", h)
}
