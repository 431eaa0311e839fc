package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/calque-dev/calque/pkg/article"
)

// xmlRecords names the element that is one article, by the root element around it.
var xmlRecords = map[string]string{
	"rss":         "item",
	"RDF":         "item",
	"feed":        "entry",
	"newsMessage": "newsItem",
}

// loneRecords are the elements that are an article and the root as well.
var loneRecords = map[string]bool{"entry": true, "newsItem": true, "nitf": true}

// readMarkup reads a file of XML. What kind it is its root element says.
func (r *run) readMarkup(f file) bool {
	w := &r.window
	head, root := markupRoot(w)
	switch {
	case root == "html":
		return r.readPage(f)
	case root == "" && len(bytes.TrimSpace(head)) == 0 && w.err == io.EOF:
		return r.reject(f.path, f.id, ErrEmptyText)
	case root == "" && w.err != nil && w.err != io.EOF:
		return r.reject(f.path, f.id, osReason(w.err))
	case root == "":
		w.fill(wideSample)
		if head = w.bytes(); holdsZero(head[:min(len(head), wideSample)]) {
			return r.reject(f.path, f.id, ErrBinary)
		}
		return r.reject(f.path, f.id, fmt.Errorf("%w: no element to begin with", ErrMarkup))
	case xmlRecords[root] == "" && !loneRecords[root]:
		return r.reject(f.path, f.id, fmt.Errorf("%w: its root is <%s>", ErrKind, root))
	}
	if !f.unicode {
		if err := decodeDeclared(w, declaredEncoding(head)); err != nil {
			return r.reject(f.path, f.id, err)
		}
	}
	return r.readMarkupRecords(f, root)
}

// readMarkupRecords reads the articles of an XML file one after another.
func (r *run) readMarkupRecords(f file, root string) bool {
	s := &splitter{w: &r.window, limit: r.opts.MaxArticle}
	var feed feedHead
	// A file that is one news item has no need of numbers.
	for n := 1; ; n++ {
		rec, err := s.next()
		if err == io.EOF {
			return true
		}
		where, id := numbered(f.path, n), numbered(f.id, n)
		if loneRecords[root] && n == 1 {
			where, id = f.path, f.id
		}
		var a article.Article
		if err == nil {
			a, err = r.markupArticle(rec, s, &feed)
		}
		s.release()
		if a.ID == "" {
			a.ID = id
		}
		if err != nil && !r.reject(where, a.ID, err) {
			return false
		}
		if err != nil {
			if _, ended := errors.AsType[*streamEnd](err); ended {
				return true
			}
			continue
		}
		a.Origin = where
		if !r.emit(a, nil) {
			return false
		}
	}
}

// markupArticle is the article of one record, without Origin, and maybe without ID. The
// ID is given along with an error.
func (r *run) markupArticle(rec xmlRecord, s *splitter, feed *feedHead) (article.Article, error) {
	text, err := cleanMarkup(rec.raw)
	if err != nil {
		return article.Article{}, err
	}
	var a article.Article
	switch rec.name {
	case "item", "entry":
		feed.note(s)
		a, err = feed.article(text, rec.name)
	case "newsItem":
		a, err = newsItemArticle(text)
	default:
		a, err = nitfArticle(text)
	}
	if err == nil && strings.TrimSpace(a.Text) == "" {
		err = ErrNoText
	}
	if err != nil {
		return article.Article{ID: a.ID}, err
	}
	return a, nil
}

// cleanMarkup is a record as XML can have it: valid UTF-8 and without control characters.
func cleanMarkup(raw []byte) (string, error) {
	text, err := toUTF8(string(raw))
	if err != nil {
		return "", err
	}
	for i := range len(text) {
		if controls[text[i]] != 0 || text[i] == '\v' || text[i] == '\f' {
			return strings.Map(func(r rune) rune {
				if r < utf8.RuneSelf && controls[r] != 0 || r == '\v' || r == '\f' {
					return ' '
				}
				return r
			}, text), nil
		}
	}
	return text, nil
}

var encodingDeclaration = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]*)["']`)

// declaredEncoding is the character set that the prolog of an XML document names.
func declaredEncoding(head []byte) string {
	if m := encodingDeclaration.FindSubmatch(head); m != nil {
		return strings.TrimSpace(string(m[1]))
	}
	return ""
}

// decodeDeclared puts a decoder in front of a stream in the named character set. UTF-8 is
// judged record by record; what is UTF-16 indeed has been decoded before.
func decodeDeclared(w *window, label string) error {
	if label == "" {
		return nil
	}
	encoding, err := htmlindex.Get(label)
	if err != nil {
		return fmt.Errorf("%w %q", ErrEncoding, label)
	}
	switch name, _ := htmlindex.Name(encoding); name {
	case "utf-8", "utf-16le", "utf-16be", "replacement":
		return nil
	}
	w.reset(encoding.NewDecoder().Reader(w.rest()))
	return nil
}

// markupRoot looks ahead for the first element of a document, past prolog, comments and
// document type, and gives the name of it without prefix, "html" for every page of HTML.
// The name is empty if the window's first 64 KiB have none. Nothing is consumed.
func markupRoot(w *window) (head []byte, root string) {
	w.fill(1)
	for {
		head = w.bytes()[:min(len(w.bytes()), peekLimit)]
		name, open := firstElement(head)
		if !open || len(head) >= peekLimit || !w.more() {
			return head, name
		}
	}
}

// sniffMarkup tells what begins with "<" and has no telling name.
func sniffMarkup(w *window) format {
	head, root := markupRoot(w)
	switch {
	case root == "html":
		return formatPage
	case xmlRecords[root] != "", loneRecords[root], bytes.HasPrefix(bytes.TrimSpace(head), []byte("<?xml")):
		return formatMarkup
	}
	return formatText
}

// longestName is more bytes than the name of a root element has.
const longestName = 256

// firstElement finds the first element in b; open says that more of b might have one.
func firstElement(b []byte) (name string, open bool) {
	for {
		b = bytes.TrimLeft(b, " \t\r\n")
		if len(b) < 2 {
			return "", len(b) == 0 || b[0] == '<'
		}
		if b[0] != '<' {
			return "", false
		}
		end := ">"
		switch {
		case bytes.HasPrefix(b, []byte("<!--")):
			end = "-->"
		case b[1] == '?':
			end = "?>"
		case len(b) < 14 && bytes.HasPrefix([]byte("<!doctype html"), bytes.ToLower(b)), len(b) < 4 && bytes.HasPrefix([]byte("<!--"), b):
			return "", true
		case len(b) >= 14 && bytes.EqualFold(b[:14], []byte("<!doctype html")):
			return "html", false
		case b[1] == '!':
			if subset := bytes.IndexByte(b, '['); subset >= 0 && subset < indexOr(b, ">", len(b)) {
				end = "]"
			}
		default:
			n := bytes.IndexAny(b[1:], " \t\r\n/>")
			if n < 0 || n >= longestName {
				return "", len(b) < longestName
			}
			name := localName(b[1 : 1+n])
			if isNameStart(name) {
				if htmlRoots[strings.ToLower(name)] {
					return "html", false
				}
				return name, false
			}
			return "", false
		}
		i := bytes.Index(b, []byte(end))
		if i < 0 {
			return "", true
		}
		b = b[i+len(end):]
		if end == "]" {
			b = bytes.TrimLeft(b, " \t\r\n>")
		}
	}
}

func indexOr(b []byte, sep string, otherwise int) int {
	if i := bytes.Index(b, []byte(sep)); i >= 0 {
		return i
	}
	return otherwise
}

func isNameStart(name string) bool {
	return name != "" && ('a' <= name[0] && name[0] <= 'z' || 'A' <= name[0] && name[0] <= 'Z' || name[0] == '_')
}

// htmlRoots are the elements that a page of HTML may begin with, also one without its
// outermost element.
var htmlRoots = map[string]bool{"html": true, "head": true, "body": true, "title": true, "meta": true, "link": true,
	"script": true, "style": true, "div": true, "p": true, "h1": true, "article": true, "main": true, "section": true, "table": true}
