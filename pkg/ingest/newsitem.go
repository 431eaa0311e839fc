package ingest

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
)

// markedUp is an element with whatever is in it.
type markedUp struct {
	Markup string `xml:",innerxml"`
}

// coded is a property of NewsML-G2: a code, a literal, a name, or several of them.
type coded struct {
	Code    string     `xml:"qcode,attr"`
	URI     string     `xml:"uri,attr"`
	Literal string     `xml:"literal,attr"`
	Names   []markedUp `xml:"name"`
}

// newsItem is what is read of NewsML-G2's newsItem.
type newsItem struct {
	GUID    string `xml:"guid,attr"`
	Version string `xml:"version,attr"`
	Lang    string `xml:"lang,attr"`
	Item    struct {
		Class          coded    `xml:"itemClass"`
		Provider       coded    `xml:"provider"`
		VersionCreated string   `xml:"versionCreated"`
		FirstCreated   string   `xml:"firstCreated"`
		Status         coded    `xml:"pubStatus"`
		Title          markedUp `xml:"title"`
	} `xml:"itemMeta"`
	Content struct {
		Created    string     `xml:"contentCreated"`
		Modified   string     `xml:"contentModified"`
		Headlines  []markedUp `xml:"headline"`
		Dateline   markedUp   `xml:"dateline"`
		CreditLine markedUp   `xml:"creditline"`
		InfoSource []coded    `xml:"infoSource"`
		By         []markedUp `xml:"by"`
		Creators   []coded    `xml:"creator"`
		Urgency    string     `xml:"urgency"`
		AltIDs     []markedUp `xml:"altId"`
		Languages  []struct {
			Tag string `xml:"tag,attr"`
		} `xml:"language"`
	} `xml:"contentMeta"`
	Set struct {
		XML  []inlineXML  `xml:"inlineXML"`
		Data []inlineData `xml:"inlineData"`
	} `xml:"contentSet"`
}

// inlineXML is content in XML: XHTML, NITF, or elements of theirs alone.
type inlineXML struct {
	Lang string `xml:"lang,attr"`
	HTML struct {
		Lang string    `xml:"lang,attr"`
		Body *markedUp `xml:"body"`
	} `xml:"html"`
	NITF   *nitf  `xml:"nitf"`
	Markup string `xml:",innerxml"`
}

// inlineData is content as text, with or without markup that is escaped.
type inlineData struct {
	Type     string `xml:"contenttype,attr"`
	Encoding string `xml:"encoding,attr"`
	Text     string `xml:",chardata"`
}

// unmarshalMarkup reads XML the way of news desks: entities of HTML are known, those that
// a document defines are not looked at, an end tag may be missing.
func unmarshalMarkup(document string, into any) error {
	d := xml.NewDecoder(strings.NewReader(document))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	if err := d.Decode(into); err != nil {
		return brokenMarkup(err)
	}
	return nil
}

// newsItemArticle is the article of a newsItem of NewsML-G2.
func newsItemArticle(document string) (article.Article, error) {
	var n newsItem
	if err := unmarshalMarkup(document, &n); err != nil {
		return article.Article{}, err
	}
	a := article.Article{ID: versioned(n.GUID, n.Version)}
	if err := usable(n.Item.Status.code()); err != nil {
		return a, err
	}
	story := n.story()
	if story.text == "" {
		if class := n.Item.Class.code(); class != "" && class != "text" {
			return a, fmt.Errorf("%w in this %s", ErrNoText, class)
		}
		return a, ErrNoText
	}
	m := &n.Content
	for _, h := range m.Headlines {
		a.Title = firstOf(a.Title, inlineText(h.Markup))
	}
	a.Title = firstOf(a.Title, story.headline, inlineText(n.Item.Title.Markup))
	story.dateline = firstOf(inlineText(m.Dateline.Markup), story.dateline)
	a.Text = story.assemble()
	tag := ""
	if len(m.Languages) > 0 {
		tag = m.Languages[0].Tag
	}
	for _, tag := range []string{tag, story.language, n.Lang} {
		a.Language = knownOr(a.Language, article.ParseLanguage(tag))
	}
	a.Source = firstOf(n.Item.Provider.name(), inlineText(m.CreditLine.Markup))
	for _, s := range m.InfoSource {
		a.Source = firstOf(a.Source, s.name())
	}
	a.Author = firstOf(authorOf(n.authors()...), story.author)
	a.Urgency, a.AltID = urgency(m.Urgency), joined(inlineTexts(m.AltIDs)...)
	for _, when := range []string{n.Item.VersionCreated, m.Modified, m.Created, n.Item.FirstCreated} {
		if a.Published = newsTime(when); !a.Published.IsZero() {
			break
		}
	}
	return a, nil
}

// authors are the names under which the item is signed, or else those of its creators that
// have a name.
func (n *newsItem) authors() []string {
	if by := inlineTexts(n.Content.By); authorOf(by...) != "" {
		return by
	}
	var names []string
	for _, c := range n.Content.Creators {
		names = append(names, c.given())
	}
	return names
}

// story is the content of a news item: the first rendition that has text.
func (n *newsItem) story() story {
	for _, x := range n.Set.XML {
		s := story{language: firstOf(x.HTML.Lang, x.Lang)}
		switch {
		case x.NITF != nil:
			s = x.NITF.story()
			s.language = firstOf(s.language, x.Lang)
		case x.HTML.Body != nil:
			s.text = MarkupText(x.HTML.Body.Markup)
		default:
			s.text = MarkupText(x.Markup)
		}
		if s.text != "" {
			return s
		}
	}
	for _, d := range n.Set.Data {
		text := d.Text
		if strings.HasSuffix(d.Encoding, "base64") {
			decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
			if err != nil || !utf8.Valid(decoded) {
				continue
			}
			text = string(decoded)
		}
		if !strings.Contains(d.Type, "ml") { // text/html, application/nitf+xml
			text = plainText(text)
		} else {
			text = MarkupText(text)
		}
		if text != "" {
			return story{text: text}
		}
	}
	return story{}
}

// code is what the property says, without the scheme before it: "usable" of "stat:usable".
func (c coded) code() string {
	s := firstOf(c.Code, c.URI, c.Literal)
	return s[strings.LastIndexAny(s, ":/")+1:]
}

// name is how the property is called, or its code if it has no name.
func (c coded) name() string { return firstOf(c.given(), c.code()) }

// given is how the property is called, empty if it has a code only.
func (c coded) given() string { return firstOf(append(inlineTexts(c.Names), c.Literal)...) }

func inlineTexts(all []markedUp) []string {
	texts := make([]string, len(all))
	for i, m := range all {
		texts[i] = inlineText(m.Markup)
	}
	return texts
}

// usable is nil unless a publishing status says that the item must not be used. Embargoed
// articles are for use: an embargo bars publication, and finding copies publishes nothing.
func usable(status string) error {
	switch strings.ToLower(status) {
	case "canceled", "cancelled", "withheld":
		return fmt.Errorf("%w: %s by its provider", ErrWithdrawn, strings.ToLower(status))
	}
	return nil
}

// versioned is the id of a version of a news item: "guid@version". So every version
// is an article of its own.
func versioned(guid, version string) string {
	guid, version = strings.TrimSpace(guid), strings.TrimSpace(version)
	if guid == "" || version == "" {
		return guid
	}
	return guid + "@" + version
}

// story is the text of a news item and what stands around it.
type story struct {
	headline, dateline, text string
	language, source, author string
}

// assemble puts the dateline before the text, where it is printed, unless the text begins
// with the place that it names. The byline stays out: it is not printed everywhere.
func (s story) assemble() string {
	place, _, _ := strings.Cut(letters(s.dateline, ' '), " ")
	if s.dateline == "" || strings.HasPrefix(letters(s.text[:min(len(s.text), 400)], -1), place) {
		return s.text
	}
	if r, _ := utf8.DecodeLastRuneInString(s.dateline); strings.ContainsRune("-–—_:", r) {
		return s.dateline + " " + s.text
	}
	return s.dateline + " – " + s.text
}

// letters are the letters and digits of a text in lower case, with other in place of all
// else; -1 is nothing.
func letters(s string, other rune) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return other
	}, s)
}
