package text

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFurniture is the length in tokens past which a sentence is never taken for
// furniture.
const maxFurniture = 45

// maxPhrase is the length in tokens up to which a phrase of a site marks a sentence.
const maxPhrase = 25

// maxListTitle is the same for the title of a list.
const maxListTitle = 8

// markFurniture marks the sentences that belong to the site. A phrase of a site
// marks the sentence that holds it (openers only at its beginning); a title such as
// "Related articles" marks also the headlines in the lines after it.
func markFurniture(text string, sentences []Sentence) {
	list := false
	for i := range sentences {
		s := &sentences[i]
		if s.Headline {
			list = false
			continue
		}
		if len(s.Tokens) > maxFurniture {
			list = false
			continue
		}
		isTitle := false
		s.Furniture, isTitle = isFurniture(text, s)
		switch {
		case s.Furniture:
			list = list || isTitle
		case list && len(s.Tokens) <= 20 && !endsSentence(s.Span.Of(text)):
			s.Furniture = true
		default:
			list = false
		}
	}
}

// isFurniture judges one sentence by its words; isTitle says that it heads a list.
func isFurniture(text string, s *Sentence) (furniture, isTitle bool) {
	written := s.Span.Of(text)
	hints := hintsOf(s)
	barred := s.hints&bars != 0 && mayBeMenu(written)
	if hints&holds == 0 && !barred && !strings.HasPrefix(written, "©") && (hints == 0 || !mayBegin(written)) {
		return false, false
	}
	line := ""
	if barred || len(s.Tokens) <= maxPhrase {
		line = plainLine(written)
	}
	if len(s.Tokens) <= maxPhrase {
		if furniture, isTitle = hasPhrase(written, line, len(s.Tokens), hints); furniture {
			return true, isTitle
		}
	}
	return hints&begins != 0 && isPublished(written) || barred && isMenu(s, line), false
}

// hasPhrase judges a sentence of so many tokens, at most maxPhrase, by the phrases of
// sites; isTitle says that it heads a list.
func hasPhrase(written, line string, tokens int, hints hint) (furniture, isTitle bool) {
	switch {
	case hints&begins != 0 && tokens <= maxListTitle && isListTitle(line, 4):
		return true, isListTitle(line, 1)
	case hints&begins != 0 && (follows(line, readMoreBy, ":–—|>›»►→") || follows(line, crumbsBy, "|>›»►→/•·")):
		return true, false
	case hasPrefix(line, openersBy.of(line)) || hints&holds != 0 && contains(line, phrases):
		return true, false
	case tokens <= 12 && hasPrefix(line, startsBy.of(line)) && !endsSentence(written):
		return true, false
	case hints&holds != 0 && tokens <= 8 && contains(line, readingTimes) && !endsSentence(written):
		return true, false
	}
	return tokens <= 6 && hints&begins != 0 && isLabel(line), false
}

// byFirstByte are phrases by their first byte, so that a line is compared with few.
type byFirstByte [256][]string

func newByFirstByte(phrases []string) *byFirstByte {
	var by byFirstByte
	for _, p := range phrases {
		by[p[0]] = append(by[p[0]], p)
	}
	return &by
}

// of are the phrases that the line may begin with.
func (by *byFirstByte) of(line string) []string {
	if line == "" {
		return nil
	}
	return by[line[0]]
}

var (
	listTitlesBy = newByFirstByte(listTitles)
	readMoreBy   = newByFirstByte(readMore)
	crumbsBy     = newByFirstByte(crumbs)
	openersBy    = newByFirstByte(openers)
	startsBy     = newByFirstByte(starts)
	labelsBy     = newByFirstByte(labels)
	beginningsBy = newByFirstByte(beginnings)
)

// isListTitle reports whether the line heads a list of links, with so many words at
// most after the title. A whole sentence does not, unless it is the phrase alone: "Read
// more."
func isListTitle(line string, words int) bool {
	for _, title := range listTitlesBy.of(line) {
		rest, ok := strings.CutPrefix(line, title)
		if !ok || letterFollows(rest) {
			continue
		}
		n := len(strings.FieldsFunc(rest, func(r rune) bool { return !isAlphanumeric(r) }))
		if n == 0 || n <= words && !endsSentence(line) {
			return true
		}
	}
	return false
}

// follows reports whether the line begins with a phrase and then one of the marks, as a
// link to another article does, or the path to a page.
func follows(line string, phrases *byFirstByte, marks string) bool {
	for _, phrase := range phrases.of(line) {
		rest, ok := strings.CutPrefix(line, phrase)
		if !ok {
			continue
		}
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " "))
		if strings.ContainsRune(marks, r) {
			return true
		}
	}
	return false
}

// isLabel reports whether a line is the word of a button or box, alone or with words
// that buttons have besides: "Share this article", "Comments (3)", "Imprimer la page".
func isLabel(line string) bool {
	if endsSentence(line) && !strings.HasSuffix(line, ":") {
		return false
	}
	for _, label := range labelsBy.of(line) {
		rest, ok := strings.CutPrefix(line, label)
		if !ok || letterFollows(rest) {
			continue
		}
		for w := range strings.FieldsFuncSeq(rest, notInWord) {
			if ok = ok && labelWords[w]; !ok {
				break
			}
		}
		if ok {
			return true
		}
	}
	return false
}

// hint says that a form may stand in a phrase of furniture or begin a quantity, so that
// these are looked for in few sentences only.
type hint uint8

const (
	begins hint = 1 << iota // it is the first word of a phrase
	holds                   // it is the longest word of one that may stand anywhere
	counts                  // it may begin a quantity
	bars                    // a mark that may be a bar of a menu, not a form
)

// hintsOf is whether the sentence begins as phrases do, and has a word that others hold.
func hintsOf(s *Sentence) hint {
	h := s.Tokens[0].hints & begins
	if s.hints&holds == 0 {
		return h
	}
	for i := range s.Tokens {
		h |= s.Tokens[i].hints & holds
	}
	return h
}

// beginnings are the phrases that mark a sentence only at its beginning.
var beginnings = slices.Concat(listTitles, readMore, crumbs, openers, starts, labels, publishedPhrases)

// mayBegin reports whether the line begins with one of the beginnings, as far as these go.
func mayBegin(written string) bool {
	var room [2 * longestBeginning]byte
	head := appendPlain(room[:0], fromLetter(written), longestBeginning)
	if len(head) == 0 {
		return false
	}
	for _, p := range beginningsBy[head[0]] {
		if len(p) <= len(head) && string(head[:len(p)]) == p {
			return true
		}
	}
	return false
}

// longestBeginning is the length in bytes up to which beginnings may go.
const longestBeginning = 48

// hints are the forms that begin or mark phrases of furniture.
var hints = func() map[string]hint {
	m := map[string]hint{}
	for _, phrase := range beginnings {
		if words := strings.FieldsFunc(phrase, notInWord); len(words) > 0 {
			m[Canonical(words[0])] |= begins
		}
	}
	for _, phrase := range slices.Concat(phrases, readingTimes) {
		longest := ""
		for _, w := range strings.FieldsFunc(phrase, notInWord) {
			if len(w) > len(longest) {
				longest = w
			}
		}
		m[Canonical(longest)] |= holds
	}
	m["don't"] |= begins
	return m
}()

func notInWord(r rune) bool { return !unicode.IsLetter(r) }

// plainLine is the line in lower case, with straight apostrophes and plain spaces, from
// its first letter, digit or sign © on: maxPlain bytes of it.
func plainLine(s string) string {
	s = fromLetter(s)
	return plainText(s[:min(len(s), maxPlain)])
}

const maxPlain = 400

// fromLetter is the line from its first letter, digit or sign © on.
func fromLetter(s string) string {
	if s != "" && class[s[0]&0x7f] != 0 && s[0] < utf8.RuneSelf {
		return s
	}
	return strings.TrimLeftFunc(s, func(r rune) bool { return !isAlphanumeric(r) && r != '©' })
}

// plainText is a text in lower case, with straight apostrophes and plain spaces.
func plainText(s string) string {
	var room [256]byte
	return string(appendPlain(room[:0], s, math.MaxInt))
}

// appendPlain appends what plainText is, up to the first letter that makes it most bytes
// long; bytes that are no UTF-8 become U+FFFD.
func appendPlain(dst []byte, s string, most int) []byte {
	for i := 0; i < len(s) && len(dst) < most; {
		if c := s[i]; c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch r {
		case '’':
			dst = append(dst, '\'')
		case '\u00a0', '\u202f':
			dst = append(dst, ' ')
		default:
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		}
		i += size
	}
	return dst
}

func endsSentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " \u00a0»\"”’)"))
	return strings.ContainsRune(".!?…:", r)
}

// mayBeMenu is a cheap look for the bars of a menu.
func mayBeMenu(s string) bool {
	return strings.ContainsAny(s, "|>") || strings.Contains(s, "›") || strings.Contains(s, "•") ||
		strings.Contains(s, "·") || strings.Contains(s, "»»")
}

// isMenu reports whether the line is a row of words between bars, bullets or
// arrows, as menus, breadcrumbs and share bars are.
func isMenu(s *Sentence, line string) bool {
	bars := strings.Count(line, "|") + strings.Count(line, "›") + strings.Count(line, " > ") +
		strings.Count(line, "•") + strings.Count(line, " · ") + strings.Count(line, "»»")
	return bars >= 2 && bars*4 >= len(s.Tokens)
}

func hasPrefix(line string, list []string) bool {
	for _, p := range list {
		if strings.HasPrefix(line, p) && (strings.HasSuffix(p, "©") || !letterFollows(line[len(p):])) {
			return true
		}
	}
	return false
}

func letterFollows(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

func contains(line string, list []string) bool {
	for _, p := range list {
		if i := strings.Index(line, p); i >= 0 {
			before, _ := utf8.DecodeLastRuneInString(line[:i])
			if !unicode.IsLetter(before) && !letterFollows(line[i+len(p):]) {
				return true
			}
		}
	}
	return false
}
