package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// Screen is what results for people are shown on. The zero value is a file or a pipe.
type Screen struct {
	Width   int  // of a terminal, in columns; 0: no terminal, nothing is shortened
	Colours bool // escape sequences for colours may be written
}

// The styles, by their meaning rather than by their colour.
const (
	plain  = ""
	strong = "\x1b[1m"
	faint  = "\x1b[2m"
	stress = "\x1b[1;31m"
	good   = "\x1b[32m"
	fair   = "\x1b[33m"
	bad    = "\x1b[31m"
	reset  = "\x1b[0m"
)

// paint puts s in a style, where the screen has any.
func (s Screen) paint(style, text string) string {
	if !s.Colours || style == plain || text == "" {
		return text
	}
	return style + text + reset
}

// cells measures text. East Asian letters of ambiguous width are narrow, whatever the
// locale says, so that the same results look the same everywhere.
var cells = runewidth.Condition{StrictEmojiNeutral: true}

// columns is the number of columns that text takes on a terminal.
func columns(text string) int {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return cells.StringWidth(text)
		}
	}
	return len(text)
}

// Printable is text for people: what would steer a terminal, reverse the direction
// of writing or be invisible is a replacement character, or a space where it is white
// space.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case r == '\u00ad' || r == '\u200c' || r == '\u200d': // soft hyphen and the joiners
			return r
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			return utf8.RuneError
		}
		return r
	}, text)
}

// pad fills text up with spaces to the width.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-columns(text)))
}

// shorten cuts an identifier to the width, at least 1. Of a path the folders go first,
// the outermost before the others. Of what is left the end says most, then the
// beginning, so that an ellipsis takes the place of what lies in between.
func shorten(text string, width int) string {
	const ellipsis = "…"
	for columns(text) > width {
		slash := strings.IndexByte(strings.TrimPrefix(text, ellipsis+"/"), '/')
		if slash < 0 {
			break
		}
		text = ellipsis + "/" + strings.TrimPrefix(text, ellipsis+"/")[slash+1:]
	}
	if columns(text) <= width {
		return text
	}
	text = strings.TrimPrefix(text, ellipsis+"/")
	if columns(text) < width {
		return ellipsis + text
	}
	head := cells.Truncate(text, (width-1)/3, "")
	tail := width - 1 - columns(head)
	return head + ellipsis + lastColumns(text, tail)
}

// lastColumns is the end of text, as much as the width holds.
func lastColumns(text string, width int) string {
	start := len(text)
	for start > 0 {
		_, size := utf8.DecodeLastRuneInString(text[:start])
		if columns(text[start-size:]) > width {
			break
		}
		start -= size
	}
	return text[start:]
}
