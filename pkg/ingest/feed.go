package ingest

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"

	"github.com/calque-dev/calque/pkg/article"
)

// feedHead is what a feed says of all its entries.
type feedHead struct {
	of       int    // which of the splitter's heads it is, counted from 1
	open     string // tags that an entry needs around it, for their name spaces
	close    string
	title    string
	host     string
	language article.Language
	author   string // of entries that have none
}

// note reads the head of the feed that the splitter is in, once.
func (h *feedHead) note(s *splitter) {
	if h.of == s.heads {
		return
	}
	*h = feedHead{of: s.heads}
	root := string(s.head)
	if end := strings.IndexByte(root, '>'); end >= 0 {
		root = root[:end+1]
	}
	qualified, _, _ := strings.Cut(strings.TrimRight(strings.TrimPrefix(root, "<"), "/>"), " ")
	qualified = strings.TrimSpace(qualified)
	h.open, h.close = root, "</"+qualified+">"
	head, err := cleanMarkup(s.head)
	if err != nil {
		return
	}
	link := ""
	switch s.container {
	case "rss", "RDF":
		if s.container == "rss" {
			h.open, h.close = h.open+"<channel>", "</channel>"+h.close
		}
		if !strings.Contains(head, "</channel>") {
			head += "</channel>"
		}
		if feed, err := new(rss.Parser).Parse(strings.NewReader(head + "</" + qualified + ">")); err == nil {
			h.title, link = feed.Title, feed.Link
			h.language = article.ParseLanguage(feed.Language)
			if dc := feed.DublinCoreExt; dc != nil && h.language == article.Unknown && len(dc.Language) > 0 {
				h.language = article.ParseLanguage(dc.Language[0])
			}
		}
	default:
		if feed, err := new(atom.Parser).Parse(strings.NewReader(head + "</" + qualified + ">")); err == nil {
			h.title, link = feed.Title, atomLink(feed.Links)
			h.language = article.ParseLanguage(feed.Language)
			h.author = authorsOf(feed.Authors)
		}
	}
	h.title, h.host = inlineText(h.title), hostOf(strings.TrimSpace(link))
}

// article is the article of one entry, given as its element.
func (h *feedHead) article(entry, name string) (article.Article, error) {
	document := strings.NewReader(h.open + entry + h.close)
	if name == "item" {
		feed, err := new(rss.Parser).Parse(document)
		if err != nil || len(feed.Items) == 0 {
			return article.Article{}, brokenMarkup(err)
		}
		return h.ofItem(feed.Items[0]), nil
	}
	if h.open == "" {
		document = strings.NewReader(`<feed xmlns="http://www.w3.org/2005/Atom">` + entry + "</feed>")
	}
	feed, err := new(atom.Parser).Parse(document)
	if err != nil || len(feed.Entries) == 0 {
		return article.Article{}, brokenMarkup(err)
	}
	return h.ofEntry(feed.Entries[0], entry), nil
}

func brokenMarkup(err error) error {
	if err == nil {
		return ErrMarkup
	}
	return fmt.Errorf("%w: %w", ErrMarkup, err)
}

// ofItem is the article of an item of RSS.
func (h *feedHead) ofItem(item *rss.Item) article.Article {
	a := article.Article{
		Title:     inlineText(item.Title),
		Text:      firstText(item.Content, item.Description),
		URL:       strings.TrimSpace(item.Link),
		Language:  h.language,
		Published: timeOf(item.PubDateParsed, item.PubDate),
	}
	guid := ""
	if item.GUID != nil {
		guid = strings.TrimSpace(item.GUID.Value)
		if a.URL == "" && item.GUID.IsPermalink != "false" && isWebAddress(guid) {
			a.URL = guid
		}
	}
	if dc := item.DublinCoreExt; dc != nil {
		if a.Published.IsZero() && len(dc.Date) > 0 {
			a.Published = newsTime(dc.Date[0])
		}
		if len(dc.Language) > 0 {
			a.Language = knownOr(article.ParseLanguage(dc.Language[0]), a.Language)
		}
		a.Author = authorOf(dc.Creator...)
	}
	a.Author = firstOf(a.Author, authorOf(withoutAddress(item.Author)))
	h.complete(&a, guid)
	if item.Source != nil && strings.TrimSpace(item.Source.Title) != "" {
		a.Source = inlineText(item.Source.Title)
	}
	return a
}

// ofEntry is the article of an entry of Atom, of which markup is the element.
func (h *feedHead) ofEntry(entry *atom.Entry, markup string) article.Article {
	a := article.Article{
		Title:     inlineText(entry.Title),
		URL:       atomLink(entry.Links),
		Language:  knownOr(languageIn(startTag(markup)), h.language),
		Published: timeOf(entry.PublishedParsed, entry.Published),
		Author:    firstOf(authorsOf(entry.Authors), h.author),
	}
	if a.Published.IsZero() {
		a.Published = timeOf(entry.UpdatedParsed, entry.Updated)
	}
	content := ""
	if c := entry.Content; c != nil && isTextType(c.Type) {
		content = c.Value
	}
	a.Text = firstText(content, entry.Summary)
	h.complete(&a, strings.TrimSpace(entry.ID))
	if s := entry.Source; s != nil && strings.TrimSpace(s.Title) != "" {
		a.Source = inlineText(s.Title)
	}
	return a
}

// authorsOf are the names of persons of Atom.
func authorsOf(persons []*atom.Person) string {
	var names []string
	for _, p := range persons {
		names = append(names, p.Name)
	}
	return authorOf(names...)
}

// withoutAddress is the name of an author of RSS, which should be an address of mail with a
// name behind it in brackets: "jane@example.com (Jane Doe)".
func withoutAddress(author string) string {
	address, name, found := strings.Cut(author, "(")
	if !strings.Contains(address, "@") {
		return author
	}
	if !found {
		return ""
	}
	return strings.TrimSuffix(strings.TrimSpace(name), ")")
}

// isTextType reports whether the content of an Atom entry is to be read: it may be a
// picture or a document, written in base64.
func isTextType(t string) bool {
	t = strings.ToLower(t)
	return !strings.Contains(t, "/") || strings.HasPrefix(t, "text/") || strings.Contains(t, "html") || strings.Contains(t, "xml")
}

// complete fills in id and source. A guid that is a URI is unique wherever the entry is
// met again; another one is so in its feed alone, and the address is better.
func (h *feedHead) complete(a *article.Article, guid string) {
	a.ID = a.URL
	if strings.Contains(guid, ":") {
		a.ID = guid
	}
	a.Source = firstOf(h.title, h.host, hostOf(a.URL))
}

// firstText is the text of the first of the contents that has any.
func firstText(contents ...string) string {
	for _, c := range contents {
		if text := MarkupText(c); text != "" {
			return text
		}
	}
	return ""
}

// atomLink is the address of the page that an entry or feed stands for.
func atomLink(links []*atom.Link) string {
	for _, l := range links {
		if (l.Rel == "" || l.Rel == "alternate") && isWebAddress(l.Href) {
			return strings.TrimSpace(l.Href)
		}
	}
	return ""
}

func isWebAddress(s string) bool {
	u, err := url.Parse(strings.TrimSpace(s))
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

func timeOf(parsed *time.Time, written string) time.Time {
	if parsed != nil {
		return parsed.UTC()
	}
	return newsTime(written)
}

func knownOr(a, b article.Language) article.Language {
	if a != article.Unknown {
		return a
	}
	return b
}

// startTag is the tag that an element begins with.
func startTag(element string) string {
	if end := strings.IndexByte(element, '>'); end >= 0 {
		return element[:end+1]
	}
	return element
}

// languageIn is what the attribute xml:lang of a start tag says.
func languageIn(tag string) article.Language {
	_, after, found := strings.Cut(tag, "xml:lang=")
	if !found || after == "" {
		return article.Unknown
	}
	value, _, _ := strings.Cut(after[1:], after[:1])
	return article.ParseLanguage(value)
}
