package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
)

// Sentence is a stretch of a text and its tokens.
type Sentence struct {
	Span      article.Span
	Tokens    []Token
	Furniture bool // of the site, not of the article: a menu, a share bar, a notice
	Headline  bool // the article's title, repeated in its text

	hints hint // of what it is made of, before quantities were joined
}

// Sentences cuts a text into sentences and these into tokens. Line breaks end a
// sentence, unless the text is wrapped at a fixed width: then only blank lines
// do. Furniture is marked: what the rules find, the lines that are Attributes, and what
// lies in the stretches given, as a Recurrence knows them. A dateline stays in the
// sentence that it opens, for where a story happened is part of it. The result is valid
// until the next call.
func (s *Scanner) Sentences(a *article.Article, furniture ...article.Span) []Sentence {
	s.forget()
	s.tokens, s.sentences = s.tokens[:0], s.sentences[:0]
	text, body := a.Text, a.Body()
	s.paragraph(text, 0, body.Start)
	s.markHeadline(0)
	wrapped := isWrapped(text[body.Start:])
	about := attributesIn(text, body.Start, wrapped)
	title := ""
	if body.Start == 0 {
		title = strings.TrimSpace(a.Title)
	}
	for i := body.Start; i < len(text); {
		end := paragraphEnd(text, i, wrapped)
		n := len(s.sentences)
		s.paragraph(text, i, end)
		if title != "" && n > 0 && end-i < len(title)+16 && strings.TrimSpace(text[i:end]) == title {
			s.markHeadline(n) // below lines of the site
			title = ""
		}
		i = end
	}
	s.share()
	markFurniture(text, s.sentences)
	markWithin(s.sentences, about.lines)
	markWithin(s.sentences, furniture)
	return s.sentences
}

// markHeadline marks the sentences from number n on as the headline.
func (s *Scanner) markHeadline(n int) {
	for i := n; i < len(s.sentences); i++ {
		s.sentences[i].Headline = true
	}
}

// share hands each sentence its part of the tokens, which moved while they grew.
func (s *Scanner) share() {
	from := 0
	for i := range s.sentences {
		n := len(s.sentences[i].Tokens)
		s.sentences[i].Tokens = s.tokens[from : from+n : from+n]
		from += n
	}
}

// paragraphEnd is the end of the line at i, or of the lines up to a blank one.
func paragraphEnd(text string, i int, wrapped bool) int {
	for {
		n := strings.IndexByte(text[i:], '\n')
		if n < 0 {
			return len(text)
		}
		i += n + 1
		if !wrapped || i < len(text) && (text[i] == '\n' || text[i] == '\r') {
			return i
		}
	}
}

// isWrapped reports whether lines break in the middle of sentences: most lines
// of some length end without a full stop and go on in lower case.
func isWrapped(text string) bool {
	long, broken := 0, 0
	for i := 0; i < len(text) && long < 64; {
		end := strings.IndexByte(text[i:], '\n')
		if end < 0 {
			break
		}
		line, rest := strings.TrimSpace(text[i:i+end]), text[i+end+1:]
		i += end + 1
		if len(line) < 40 || len(line) > 132 {
			continue
		}
		long++
		next, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " \t"))
		if !isTerminal(line[len(line)-1]) && unicode.IsLower(next) {
			broken++
		}
	}
	return long >= 3 && broken*10 > long*4
}

// paragraph cuts text[start:end] at sentence ends.
func (s *Scanner) paragraph(text string, start, end int) {
	from := start
	for i := start; i < end; {
		c := text[i]
		if c != '.' && c != '!' && c != '?' && c != 0xe2 {
			i++
			continue
		}
		if c == 0xe2 && !strings.HasPrefix(text[i:], "…") {
			i += 3
			continue
		}
		stop := sentenceStop(text, i, end)
		if stop > i && (c != '.' || !s.isAbbreviation(text, from, i)) {
			s.sentence(text, from, stop)
			from = stop
		}
		i = max(i+1, stop)
	}
	s.sentence(text, from, end)
}

// sentenceStop is where the sentence whose last mark is at i ends, closing quotes
// and brackets taken along; i when the mark ends none.
func sentenceStop(text string, i, end int) int {
	j := i
	for j < end && isTerminal(text[j]) || strings.HasPrefix(text[j:end], "…") {
		if text[j] < utf8.RuneSelf {
			j++
		} else {
			j += len("…")
		}
	}
	j = skipClosing(text, j, end)
	space := j
	for space < end && (text[space] == ' ' || text[space] == '\t' || text[space] == '\n' || text[space] == '\r') {
		space++
	}
	if space == end {
		return end
	}
	if space == j {
		return i
	}
	r, _ := utf8.DecodeRuneInString(text[space:end])
	if unicode.IsLower(r) {
		return i
	}
	return space
}

func isTerminal(c byte) bool { return c == '.' || c == '!' || c == '?' }

// skipClosing passes closing quotes and brackets, with the no-break space that
// French puts before them.
func skipClosing(text string, j, end int) int {
	for j < end {
		switch r, size := utf8.DecodeRuneInString(text[j:end]); r {
		case '"', '\'', ')', ']', '”', '’', '»':
			j += size
		case ' ', '\u00a0', '\u202f':
			if after := text[j+size : end]; !strings.HasPrefix(after, "»") {
				return j
			}
			j += size
		default:
			return j
		}
	}
	return j
}

// isAbbreviation reports whether the point at i, in the sentence from from, ends
// a shortened word: an initial, a title, a month.
func (s *Scanner) isAbbreviation(text string, from, i int) bool {
	start := i
	for start > from && i-start < 10 {
		r, size := utf8.DecodeLastRuneInString(text[from:start])
		if !unicode.IsLetter(r) {
			break
		}
		start -= size
	}
	word := text[start:i]
	first, size := utf8.DecodeRuneInString(word)
	if size == len(word) {
		return unicode.IsUpper(first)
	}
	if len(word) > longestShortened {
		return false
	}
	word = strings.ToLower(word)
	return s.rules.titles[word] && (word != "me" || first == 'M') ||
		s.rules.beforeNumber[word] && digitFollows(text[i+1:])
}

// longestShortened is the length in bytes of the longest shortened words, and one more for a
// capital that is longer than its lower case.
const longestShortened = 6

// digitFollows reports whether a number comes next.
func digitFollows(s string) bool {
	s = strings.TrimLeft(s, " \t\u00a0\u202f")
	return s != "" && class[s[0]&0x7f] == digit && s[0] < utf8.RuneSelf
}

// sentence scans text[start:end] and keeps it if it has a token.
func (s *Scanner) sentence(text string, start, end int) {
	n := len(s.tokens)
	s.hints = 0
	s.tokens = s.scan(s.tokens, text, start, end)
	if len(s.tokens) == n {
		return
	}
	s.resolve(text, s.tokens[n:])
	if s.hints&counts != 0 {
		s.tokens = s.tokens[:n+len(s.quantities(text[:end], s.tokens[n:]))]
	}
	span := article.Span{Start: start, End: end}
	for span.Start < span.End && isSpace(text[span.Start]) {
		span.Start++
	}
	for span.End > span.Start && isSpace(text[span.End-1]) {
		span.End--
	}
	s.sentences = append(s.sentences, Sentence{Span: span, Tokens: s.tokens[n:], hints: s.hints})
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
