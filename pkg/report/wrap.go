package report

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
)

// isBreak reports whether a line may be broken at r. No-break spaces are none, so
// that French quotation marks keep to their words.
func isBreak(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }

// wrap cuts text, of which any white space is one space, into lines of the width at
// most. A word that is longer is cut.
func wrap(text string, width int) []string {
	var lines []string
	for _, words := range wrapWords(text, width) {
		shown := make([]string, len(words))
		for i, w := range words {
			shown[i] = Printable(w.Of(text))
		}
		lines = append(lines, strings.Join(shown, " "))
	}
	return lines
}

// wrapWords is wrap before the words are joined: each is where it stands in text.
func wrapWords(text string, width int) (lines [][]article.Span) {
	var line []article.Span
	taken := 0 // columns of the line
	for word := range words(text) {
		size := columns(Printable(word.Of(text)))
		if len(line) > 0 && taken+1+size <= width {
			line, taken = append(line, word), taken+1+size
			continue
		}
		if len(line) > 0 {
			lines = append(lines, line)
		}
		for size > width {
			head := article.Span{Start: word.Start, End: word.Start + fitting(word.Of(text), width)}
			lines = append(lines, []article.Span{head})
			word.Start = head.End
			size = columns(Printable(word.Of(text)))
		}
		line, taken = []article.Span{word}, size
		if word.Len() == 0 {
			line = nil
		}
	}
	if len(line) > 0 {
		lines = append(lines, line)
	}
	return lines
}

// words yields what stands between white space.
func words(text string) func(yield func(article.Span) bool) {
	return func(yield func(article.Span) bool) {
		for at := 0; at < len(text); {
			rest := text[at:]
			start := strings.IndexFunc(rest, func(r rune) bool { return !isBreak(r) })
			if start < 0 {
				return
			}
			end := strings.IndexFunc(rest[start:], isBreak)
			if end < 0 {
				end = len(rest) - start
			}
			if !yield(article.Span{Start: at + start, End: at + start + end}) {
				return
			}
			at += start + end
		}
	}
}

// fitting is how many bytes of a word fit into the width: a character at least.
func fitting(word string, width int) int {
	end := 0
	for end < len(word) {
		_, size := utf8.DecodeRuneInString(word[end:])
		if end > 0 && columns(Printable(word[:end+size])) > width {
			break
		}
		end += size
	}
	return end
}

// line is a line of text for a terminal.
type line struct {
	text    string // with escape sequences
	columns int
}

// wrapStyled is wrap with text in a style, and with the marked stretches of it stressed.
// Marks are spans of text, in any order.
func (s Screen) wrapStyled(text string, width int, style string, marks []article.Span) []line {
	marks = slices.SortedFunc(slices.Values(marks), article.Span.Compare)
	var lines []line
	for _, words := range wrapWords(text, width) {
		var l line
		var out strings.Builder
		run, now := "", style
		put := func(piece, as string) {
			if as != now {
				out.WriteString(s.paint(now, run))
				run, now = "", as
			}
			run += piece
			l.columns += columns(piece)
		}
		for i, w := range words {
			if i > 0 {
				put(" ", between(words[i-1], w, style, marks))
			}
			for _, piece := range split(w, marks) {
				as := style
				if isMarked(piece, marks) {
					as = stress
				}
				put(Printable(piece.Of(text)), as)
			}
		}
		out.WriteString(s.paint(now, run))
		l.text = out.String()
		lines = append(lines, l)
	}
	return lines
}

// between is the style of the space between two words.
func between(left, right article.Span, style string, marks []article.Span) string {
	if isMarked(article.Span{Start: left.End, End: right.Start}, marks) {
		return stress
	}
	return style
}

// isMarked reports whether a mark holds all of the span.
func isMarked(x article.Span, marks []article.Span) bool {
	return slices.ContainsFunc(marks, func(m article.Span) bool { return m.Start <= x.Start && x.End <= m.End })
}

// split cuts a word where marks begin and end in it.
func split(word article.Span, marks []article.Span) []article.Span {
	cuts := []int{word.Start, word.End}
	for _, m := range marks {
		for _, cut := range []int{m.Start, m.End} {
			if word.Start < cut && cut < word.End {
				cuts = append(cuts, cut)
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	pieces := make([]article.Span, len(cuts)-1)
	for i := range pieces {
		pieces[i] = article.Span{Start: cuts[i], End: cuts[i+1]}
	}
	return pieces
}
