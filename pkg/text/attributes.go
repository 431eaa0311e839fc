package text

import (
	"strings"

	"github.com/calque-dev/calque/pkg/article"
)

// Attributes say where an article comes from, in its own words: the lines about the
// article at its head and foot, which are not part of what it tells. Where these say
// nothing, the article's Author is its byline, and an agency that is named as, or by, its
// Author or its Source is its agency. What is stated nowhere is "".
//
// Published stays as written and fills no article.Published: such lines have no time
// zone, often only a day, and as often tell the last change as the first publication,
// so that a policy that keeps the earliest article would trust them wrongly.
type Attributes struct {
	Byline    string // the first line that names authors: "By Jane Doe, Reuters", "Propos recueillis par Jean Dupont"
	Dateline  string // what stands before the first sentence: "PARIS (AFP) –"
	Agency    string // the news agency of dateline, byline or credit, by one name each: "AFP", "Canadian Press"
	Published string // the first line that tells when: "Publié le 3 mars 2020 à 10h12"
}

// IsZero reports whether the text stated nothing.
func (a Attributes) IsZero() bool { return a == Attributes{} }

// AttributesOf finds the attributes of an article in either language. What it
// reads are the lines before the second paragraph of prose and those after the last, and
// what the article was given with.
func AttributesOf(a *article.Article) Attributes {
	body := a.Body()
	x := attributesIn(a.Text, body.Start, isWrapped(a.Text[body.Start:])).Attributes
	x.Byline = either(x.Byline, a.Author)
	x.Agency = either(x.Agency, either(agencyOfPeople(a.Author), credit(a.Source)))
	return x
}

const (
	// headLines and footLines bound the search.
	headLines = 8
	footLines = 6
	// A line of longProse bytes is a paragraph of an article, as is a sentence of
	// shortProse.
	longProse  = 160
	shortProse = 60
)

// stated are the attributes of an article and where they stand.
type stated struct {
	Attributes
	lines []article.Span // those that are lines of their own, and closing credits
}

// attributesIn searches the text from start on.
func attributesIn(text string, start int, wrapped bool) stated {
	var x stated
	at := x.head(text, start, wrapped)
	x.foot(text, at, wrapped)
	return x
}

// head reads the first lines and returns where it stopped.
func (x *stated) head(text string, start int, wrapped bool) int {
	prose := 0
	for n := 0; n < headLines && prose < 2 && start < len(text); {
		end := lineEnd(text, start)
		line := trimmed(text, start, end)
		if line.Len() == 0 {
			start = end
			continue
		}
		n++
		if alone := !wrapped || standsAlone(text, line); alone && x.line(text, line) {
			start = end
			continue
		}
		if x.Dateline == "" && (!wrapped || followsBlank(text, line)) {
			x.findDateline(text, line, prose == 0)
		}
		if isProse(line.Of(text)) {
			prose++
		}
		start = end
	}
	return start
}

// foot reads the last lines, back to from. Of two attributes of a kind the lowest
// counts, but none replaces what the head said.
func (x *stated) foot(text string, from int, wrapped bool) {
	last := trimmed(text, 0, len(text))
	last.Start = strings.LastIndexByte(text[:last.End], '\n') + 1
	x.closingCredit(text, last)
	end := len(text)
	for n := 0; n < footLines && end > from; {
		start := max(from, strings.LastIndexByte(text[:end], '\n')+1)
		line := trimmed(text, start, end)
		end = max(from, start-1)
		if line.Len() == 0 {
			continue
		}
		n++
		if (!wrapped || standsAlone(text, line)) && x.line(text, line) {
			continue
		}
		if isProse(line.Of(text)) {
			return
		}
	}
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// line notes a line that is an attribute as a whole.
func (x *stated) line(text string, span article.Span) bool {
	line := span.Of(text)
	if len(line) > longProse {
		return false
	}
	switch agency, isByline := byline(line); {
	case isByline:
		x.Byline, x.Agency = either(x.Byline, line), either(x.Agency, agency)
	case isPublished(line):
		x.Published = either(x.Published, line)
	default:
		if agency = credit(line); agency == "" {
			return false
		}
		x.Agency = either(x.Agency, agency)
	}
	x.lines = append(x.lines, span)
	return true
}

// closingCredit notes an agency in brackets after the last sentence: "… said. (AFP)".
func (x *stated) closingCredit(text string, span article.Span) {
	line := span.Of(text)
	open := strings.LastIndexByte(line, '(')
	if open <= 0 || !strings.HasSuffix(line, ")") || !endsSentence(line[:open]) {
		return
	}
	if agency := credit(line[open:]); agency != "" {
		x.Agency = either(x.Agency, agency)
		x.lines = append(x.lines, article.Span{Start: span.Start + open, End: span.End})
	}
}

// markWithin marks the sentences that lie in one of the spans.
func markWithin(sentences []Sentence, spans []article.Span) {
	if len(spans) == 0 {
		return
	}
	for i := range sentences {
		s := &sentences[i]
		for _, span := range spans {
			if span.Start <= s.Span.Start && s.Span.End <= span.End && !s.Headline {
				s.Furniture = true
				break
			}
		}
	}
}

func lineEnd(text string, start int) int {
	if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
		return start + n + 1
	}
	return len(text)
}

// trimmed is the span without outer space.
func trimmed(text string, start, end int) article.Span {
	for start < end && isSpace(text[start]) {
		start++
	}
	for end > start && isSpace(text[end-1]) {
		end--
	}
	return article.Span{Start: start, End: end}
}

// standsAlone reports whether a blank line, or nothing, stands before and after.
func standsAlone(text string, line article.Span) bool {
	end := lineEnd(text, line.End)
	return followsBlank(text, line) && strings.TrimSpace(text[end:lineEnd(text, end)]) == ""
}

func followsBlank(text string, line article.Span) bool {
	start := strings.LastIndexByte(text[:line.Start], '\n')
	if start < 0 {
		return true
	}
	before := strings.LastIndexByte(text[:start], '\n') + 1
	return strings.TrimSpace(text[before:start]) == ""
}

func isProse(line string) bool {
	return len(line) > longProse || len(line) > shortProse && endsSentence(line)
}
