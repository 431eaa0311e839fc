package ingest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"github.com/calque-dev/calque/pkg/article"
)

// pageScan is one pass over the tokens of a web page: its text, and what it declares.
type pageScan struct {
	prose    prose
	declared map[string]string // by the name of the meta element, lower-case; the first counts
	title    string
	canon    string
	lang     string
	linked   linkedData
}

// passedOver are the elements of a whole page, beside the unread ones, whose text is not
// the article's.
var passedOver = map[string]bool{"head": true, "nav": true, "footer": true, "aside": true, "form": true, "button": true, "dialog": true}

// scan reads the page, of which document is the whole.
func (s *pageScan) scan(document string) error {
	s.declared = make(map[string]string)
	z := html.NewTokenizer(strings.NewReader(document))
	elements := 0
	var name string // of the last tag, if it was a start
	var linked bool // the last tag begins linked data
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return nil
		case html.TextToken:
			switch {
			case name == "title" && s.title == "":
				s.title = inlineText(string(z.Text()))
			case linked:
				s.linked.read(z.Text())
			default:
				s.prose.words(z.Text())
			}
			linked = false
		case html.StartTagToken, html.SelfClosingTagToken:
			if elements++; elements > maxElements {
				return fmt.Errorf("%w: a web page of more than %d elements", ErrTooLarge, maxElements)
			}
			raw, more := z.TagName()
			name = string(raw)
			attributes := attributesOf(z, more, name)
			linked = name == "script" && strings.EqualFold(strings.TrimSpace(attributes["type"]), "application/ld+json")
			s.element(name, attributes)
			s.start(name, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			raw, _ := z.TagName()
			s.prose.end(string(raw))
			name = ""
		}
	}
}

// start opens an element; a self-closing slash means nothing to HTML's own.
func (s *pageScan) start(name string, single bool) {
	p := &s.prose
	if passedOver[name] && p.skipped == "" {
		p.skipped, p.depth = name, 1
		p.gap(gapParagraph)
		return
	}
	// A body that begins ends a head that was left open.
	if name == "body" && p.skipped == "head" {
		p.skipped = ""
	}
	p.start(name, single)
}

// attributesOf reads the attributes of the elements that declare something.
func attributesOf(z *html.Tokenizer, more bool, name string) map[string]string {
	switch name {
	case "html", "meta", "link", "script", "time":
	default:
		return nil
	}
	attributes := make(map[string]string)
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if _, ok := attributes[string(key)]; !ok {
			attributes[string(key)] = strings.TrimSpace(string(value))
		}
	}
	return attributes
}

// element notes what an element declares.
func (s *pageScan) element(name string, attributes map[string]string) {
	switch name {
	case "html":
		s.lang = firstOf(s.lang, attributes["lang"], attributes["xml:lang"])
	case "link":
		for rel := range strings.FieldsSeq(strings.ToLower(attributes["rel"])) {
			if rel == "canonical" {
				s.canon = firstOf(s.canon, attributes["href"])
			}
		}
	case "meta":
		key := strings.ToLower(firstOf(attributes["property"], attributes["name"], attributes["itemprop"], attributes["http-equiv"]))
		if key != "" && s.declared[key] == "" {
			s.declared[key] = attributes["content"]
		}
	case "time":
		if strings.EqualFold(attributes["itemprop"], "datePublished") {
			s.declared["datepublished"] = firstOf(s.declared["datepublished"], attributes["datetime"])
		}
	}
}

// article is what the page says, of itself and altogether; fetched is where it was found.
func (s *pageScan) article(fetched string) article.Article {
	d := s.declared
	a := article.Article{Text: s.prose.String()}
	a.Title = inlineText(firstOf(s.linked.headline, d["og:title"], d["twitter:title"], s.title))
	for _, tag := range []string{s.lang, s.linked.language, d["content-language"], d["dc.language"], d["og:locale"]} {
		if a.Language = article.ParseLanguage(tag); a.Language != article.Unknown {
			break
		}
	}
	a.URL = resolve(fetched, firstOf(s.canon, d["og:url"]))
	a.Source = inlineText(firstOf(d["og:site_name"], s.linked.publisher, d["application-name"]))
	if a.Source == "" {
		a.Source = hostOf(a.URL)
	}
	for _, names := range [][]string{s.linked.authors, {d["author"]}, {d["article:author"]}, {d["dc.creator"]}, {d["dcterms.creator"]},
		{d["parsely-author"]}, {d["sailthru.author"]}, {d["byl"]}} {
		a.Author = firstOf(a.Author, authorOf(names...))
	}
	for _, when := range []string{d["article:published_time"], s.linked.published, d["og:published_time"], d["datepublished"],
		d["parsely-pub-date"], d["sailthru.date"], d["dc.date.issued"], d["dcterms.issued"], d["dcterms.created"],
		d["dc.date"], d["dc.date.created"], d["pubdate"], d["publishdate"], d["publish-date"], d["date"]} {
		if a.Published = newsTime(when); !a.Published.IsZero() {
			break
		}
	}
	return a
}

// resolve is the address that a page found at fetched calls link, or fetched itself.
func resolve(fetched, link string) string {
	ref, err := url.Parse(link)
	if link == "" || err != nil {
		return fetched
	}
	if base, err := url.Parse(fetched); err == nil && fetched != "" {
		ref = base.ResolveReference(ref)
	}
	if ref.Host == "" || ref.Scheme != "http" && ref.Scheme != "https" {
		return fetched
	}
	return ref.String()
}

// hostOf is the host of an address, without "www.".
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

func firstOf(all ...string) string {
	for _, s := range all {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// linkedData is what the JSON-LD of a page says of its article.
type linkedData struct {
	headline, published, publisher, language string
	authors                                  []string
}

// read takes what it can from one script of JSON-LD; a broken one says nothing.
func (l *linkedData) read(script []byte) {
	var v any
	if json.Unmarshal(script, &v) == nil {
		l.walk(v, 0)
	}
}

func (l *linkedData) walk(v any, depth int) {
	if depth > 8 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			l.walk(e, depth+1)
		}
	case map[string]any:
		if isArticleType(v["@type"]) && l.headline == "" {
			l.headline, _ = v["headline"].(string)
			l.published, _ = v["datePublished"].(string)
			l.language, _ = v["inLanguage"].(string)
			l.publisher = nameIn(v["publisher"])
			l.authors = namesIn(v["author"], 0)
		}
		for _, key := range []string{"@graph", "mainEntity"} {
			l.walk(v[key], depth+1)
		}
	}
}

// isArticleType reports whether a JSON-LD type is one of schema.org's articles.
func isArticleType(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.HasSuffix(v, "Article") || v == "BlogPosting" || v == "Report" || v == "LiveBlogPosting"
	case []any:
		for _, e := range v {
			if s, ok := e.(string); ok && isArticleType(s) {
				return true
			}
		}
	}
	return false
}

// nameIn is the name of a JSON-LD thing, or of the first of several.
func nameIn(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		if len(v) > 0 {
			return nameIn(v[0])
		}
	case map[string]any:
		name, _ := v["name"].(string)
		return name
	}
	return ""
}

// newsTimes are the ways to write a time that parseTime does not know: those of the news
// formats, and those that web pages and feeds have beside RFC 3339.
var newsTimes = []string{
	"20060102T150405Z0700", "20060102T150405Z07:00", "20060102T150405", "20060102T1504Z0700", "20060102",
	"2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z0700",
	"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02Z07:00",
	"Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04 -0700", "Mon, 2 Jan 06 15:04:05 -0700", "Mon, 2 Jan 06 15:04 -0700",
	"Mon, 2 Jan 2006 15:04:05 GMT", "Mon, 2 Jan 2006 15:04 GMT", "Mon, 2 Jan 06 15:04:05 GMT", "Mon, 2 Jan 06 15:04 GMT",
	"2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 GMT",
}

// newsTime reads a time as news formats, feeds and web pages write it; what it cannot
// read is the zero time. A time without zone is taken for UTC.
func newsTime(s string) time.Time {
	s = strings.TrimSpace(s)
	if t := parseTime(s); !t.IsZero() || s == "" {
		return t
	}
	for _, layout := range newsTimes {
		if t, err := time.ParseInLocation(layout, s, time.UTC); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
