// Package article holds what the other packages pass around: an Article, the
// Language it is written in, and Spans of its text.
//
// It also says when two texts are the same: Hash is taken over normalised
// words, so that spacing, case, quotation marks and punctuation do not count.
package article

import (
	"cmp"
	"strings"
	"time"
)

// Language is a lower-case ISO 639-1 code such as "en" or "fr", or Unknown.
type Language string

// The languages with a lexicon, and the absence of an answer.
const (
	Unknown Language = ""
	English Language = "en"
	French  Language = "fr"
)

// ParseLanguage reads the first subtag of a language tag: "fr-CA" and "FR_ca"
// are French. Text that does not begin with a two-letter code is Unknown.
func ParseLanguage(tag string) Language {
	tag, _, _ = strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	tag = strings.ToLower(strings.TrimSpace(tag))
	if len(tag) != 2 || tag[0] < 'a' || tag[0] > 'z' || tag[1] < 'a' || tag[1] > 'z' {
		return Unknown
	}
	return Language(tag)
}

// Article is one text and what is known about it. Only ID and Text are needed.
type Article struct {
	ID        string    // unique in a pile
	Title     string    // headline; Text may or may not repeat it as its first line
	Text      string    // UTF-8
	Language  Language  // Unknown: to be detected
	URL       string    // where it was published
	Source    string    // outlet or feed, for furniture that recurs in it
	Author    string    // who wrote it, by name, or how it is signed; several are parted by "; "
	Published time.Time // zero when unknown
	Urgency   int       // of the news formats: 1, the most urgent, to 9; 0 when unknown
	AltID     string    // by what else its provider calls it, over all its versions; several are parted by "; "
	Origin    string    // where it was read, for messages: "feed.jsonl:14"
	Stored    Stored    // where Text can be read again; zero: nowhere
}

// Span is a stretch of an article's Text: byte offsets, End exclusive.
type Span struct{ Start, End int }

// Len is the number of bytes in the span.
func (s Span) Len() int { return s.End - s.Start }

// Of cuts the span out of text.
func (s Span) Of(text string) string { return text[s.Start:s.End] }

// Overlaps reports whether the two spans share a byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Compare orders spans by start, then by end.
func (s Span) Compare(t Span) int {
	return cmp.Or(cmp.Compare(s.Start, t.Start), cmp.Compare(s.End, t.End))
}

// Body is the span of Text without the headline, when Text opens with it; a
// text that is nothing but its headline is all body.
func (a *Article) Body() Span {
	whole := Span{0, len(a.Text)}
	title := strings.TrimSpace(a.Title)
	start := len(a.Text) - len(strings.TrimLeft(a.Text, " \t\r\n\u00a0\ufeff"))
	if title == "" || !strings.HasPrefix(a.Text[start:], title) {
		return whole
	}
	rest := a.Text[start+len(title):]
	if !strings.HasPrefix(strings.TrimLeft(rest, " \t\r\u00a0"), "\n") {
		return whole
	}
	if strings.TrimSpace(rest) == "" {
		return whole
	}
	return Span{start + len(title), len(a.Text)}
}
