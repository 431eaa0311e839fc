package ingest

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// prose puts together the text of marked-up content: paragraphs with a blank line
// between them, white space collapsed. It holds no tree, so that depth costs nothing.
type prose struct {
	text strings.Builder
	due  gap
	pre  int // open elements whose line breaks count

	skipped string // the outermost element that is not read, and how deep in its like
	depth   int
}

// gap is what stands between two words.
type gap uint8

const (
	gapNone gap = iota
	gapSpace
	gapLine
	gapParagraph
)

var gapText = [...]string{"", " ", "\n", "\n\n"}

// element says how an element of HTML or NITF bears on the text around it.
type element uint8

const (
	inline element = iota
	lineOfItsOwn
	cell
	paragraph
	unread
)

// elements are those of HTML and NITF that are not inline. Names that both have mean
// the same in both. What is unread shows no prose: programs, pictures and their captions.
var elements = func() map[string]element {
	all := make(map[string]element)
	for kind, names := range map[element]string{
		paragraph: "address article aside blockquote body center dd details dialog dir div dl dt fieldset footer form " +
			"h1 h2 h3 h4 h5 h6 header hgroup hr html legend main menu nav ol p pre section summary table tbody tfoot " +
			"thead ul block bq hedline hl1 hl2 byline byttl dateline distributor abstract tagline note fn " +
			"body.head body.content body.end nitf-table",
		lineOfItsOwn: "br li tr option caption",
		cell:         "td th",
		unread: "script style template noscript noframes noembed iframe object applet canvas svg math audio video map " +
			"select textarea figure media media-caption media-producer",
	} {
		for name := range strings.FieldsSeq(names) {
			all[name] = kind
		}
	}
	return all
}()

// MarkupText is the text of a stretch of HTML, or of XML that has HTML's or NITF's
// elements: paragraphs with a blank line between them, without programs, pictures and
// their captions. What has no markup at all keeps its line breaks.
func MarkupText(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return plainText(s)
	}
	if strings.IndexByte(s, '<') < 0 {
		return plainText(html.UnescapeString(s))
	}
	z := html.NewTokenizer(strings.NewReader(s))
	z.AllowCDATA(true)
	var p prose
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return p.String()
		case html.TextToken:
			p.words(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			p.start(localName(name), kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			p.end(localName(name))
		}
	}
}

// inlineText is the text of marked-up content on one line, as a headline has it.
func inlineText(s string) string {
	return strings.Join(strings.FieldsFunc(MarkupText(s), breaksWord), " ")
}

// plainText is text without markup: lines trimmed, at most one blank line in a row.
func plainText(s string) string {
	var p prose
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		before := p.text.Len()
		p.words([]byte(line))
		if p.text.Len() == before && p.due >= gapLine {
			p.due = gapParagraph
		} else {
			p.gap(gapLine)
		}
	}
	return p.String()
}

// localName is an element's name without its prefix.
func localName(name []byte) string {
	return string(name[bytes.IndexByte(name, ':')+1:])
}

// start notes that an element begins; single says that it is also its end.
func (p *prose) start(name string, single bool) {
	if p.skipped != "" {
		if name == p.skipped && !single {
			p.depth++
		}
		return
	}
	switch elements[name] {
	case unread:
		if !single {
			p.skipped, p.depth = name, 1
		}
		p.gap(gapSpace)
		return
	case paragraph:
		p.gap(gapParagraph)
	case lineOfItsOwn:
		// Two line breaks are how many a page parts its paragraphs.
		if name == "br" && p.due == gapLine {
			p.gap(gapParagraph)
		}
		p.gap(gapLine)
	case cell:
		p.gap(gapSpace)
	}
	if name == "pre" && !single {
		p.pre++
	}
}

// end notes that an element ends.
func (p *prose) end(name string) {
	if p.skipped != "" {
		if name == p.skipped {
			if p.depth--; p.depth == 0 {
				p.skipped = ""
			}
		}
		return
	}
	switch elements[name] {
	case paragraph:
		p.gap(gapParagraph)
	case lineOfItsOwn:
		if name != "br" {
			p.gap(gapLine)
		}
	case cell:
		p.gap(gapSpace)
	}
	if name == "pre" && p.pre > 0 {
		p.pre--
	}
}

// gap asks for a gap of at least that size before the next word.
func (p *prose) gap(g gap) { p.due = max(p.due, g) }

// words appends text. A no-break space is kept: French sets it before a colon, and
// between the figures of a number.
func (p *prose) words(b []byte) {
	if p.skipped != "" {
		return
	}
	for len(b) > 0 {
		n := 0
		for n < len(b) {
			if c := b[n]; ' ' < c && c < utf8.RuneSelf {
				n++
				continue
			}
			r, size := utf8.DecodeRune(b[n:])
			if breaksWord(r) {
				break
			}
			n += size
		}
		if n > 0 && len(bytes.Trim(b[:n], "\u00a0\u202f")) == 0 {
			p.gap(gapSpace) // alone they keep an element from being empty, and no more
			b = b[n:]
			continue
		}
		if n > 0 {
			if p.text.Len() > 0 {
				p.text.WriteString(gapText[p.due])
			}
			p.due = gapNone
			p.text.Write(b[:n])
			b = b[n:]
			continue
		}
		r, size := utf8.DecodeRune(b)
		switch {
		case p.pre > 0 && r == '\n' && p.due == gapLine:
			p.gap(gapParagraph)
		case p.pre > 0 && r == '\n', r == '\u2028':
			p.gap(gapLine)
		case r == '\u2029':
			p.gap(gapParagraph)
		default:
			p.gap(gapSpace)
		}
		b = b[size:]
	}
}

func breaksWord(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' || r == '\ufeff' || r < ' '
}

// String is the text so far, valid UTF-8 if the input was.
func (p *prose) String() string { return strings.Trim(p.text.String(), " \n\u00a0\u202f") }
