package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFurniture is the length in tokens past which a sentence is never taken for
// furniture.
const maxFurniture = 45

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
	hints := hintsOf(s.Tokens)
	if hints == 0 && !mayBeMenu(written) && !strings.HasPrefix(written, "©") {
		return false, false
	}
	line := plainLine(written)
	switch {
	case hints&begins != 0 && len(s.Tokens) <= maxListTitle && isListTitle(line, 4):
		return true, isListTitle(line, 1)
	case hints&begins != 0 && len(s.Tokens) <= 25 && (follows(line, readMore, ":–—|>›»►→") || follows(line, crumbs, "|>›»►→/•·")):
		return true, false
	case len(s.Tokens) <= 25 && (hasPrefix(line, openers) || hints&holds != 0 && contains(line, phrases)):
		return true, false
	case len(s.Tokens) <= 12 && hasPrefix(line, starts) && !endsSentence(written):
		return true, false
	case hints&holds != 0 && len(s.Tokens) <= 8 && contains(line, readingTimes) && !endsSentence(written):
		return true, false
	case len(s.Tokens) <= 6 && hints&begins != 0 && isLabel(line):
		return true, false
	case hints&begins != 0 && isPublished(written):
		return true, false
	}
	return isMenu(s, line), false
}

// isListTitle reports whether the line heads a list of links, with so many words at
// most after the title. A whole sentence does not, unless it is the phrase alone: "Read
// more."
func isListTitle(line string, words int) bool {
	for _, title := range listTitles {
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
func follows(line string, phrases []string, marks string) bool {
	for _, phrase := range phrases {
		rest, ok := strings.CutPrefix(line, phrase)
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " "))
		if ok && strings.ContainsRune(marks, r) {
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
	for _, label := range labels {
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

// hint says that a form may stand in a phrase of furniture, so that the phrases are
// looked for in few sentences only.
type hint uint8

const (
	begins hint = 1 << iota // it is the first word of a phrase
	holds                   // it is the longest word of one that may stand anywhere
)

func hintsOf(tokens []Token) hint {
	var h hint
	if f := tokens[0].Form; f != nil {
		h = f.hints & begins
	}
	for i := range tokens {
		if f := tokens[i].Form; f != nil {
			h |= f.hints & holds
		}
	}
	return h
}

// hints are the forms that begin or mark phrases of furniture.
var hints = func() map[string]hint {
	m := map[string]hint{}
	for _, list := range [][]string{listTitles, readMore, crumbs, openers, starts, labels, publishedPhrases} {
		for _, phrase := range list {
			if words := strings.FieldsFunc(phrase, notInWord); len(words) > 0 {
				m[Canonical(words[0])] |= begins
			}
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
// its first letter, digit or sign © on.
func plainLine(s string) string {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '©' })
	if len(s) > 400 {
		s = s[:400]
	}
	return plain.Replace(strings.ToLower(s))
}

var plain = strings.NewReplacer("’", "'", "\u00a0", " ", "\u202f", " ")

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
