package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/htmlindex"

	"github.com/calque-dev/calque/pkg/article"
)

// Page is a web page as it was received, for [Options].Page to make an article of.
type Page struct {
	HTML    []byte // in any character set, tags and all
	Charset string // that its server declared beside it; empty for a file
	URL     string // where it was fetched, empty if unknown: what the page itself declares is used instead
}

// maxElements bounds how many elements a web page may have: each costs hundreds of bytes
// in a tree. The longest articles have some thousands.
const maxElements = 50_000

// Decode returns the page in UTF-8. The character set is found as browsers find it: by a
// byte-order mark, by Charset, by what the first 1024 bytes declare, in that order. Where
// nothing is declared, or UTF-8 or, by the page itself, Windows-1252, the bytes are judged
// like those of a text file: so many pages declare what they are not. The error is ErrBinary or ErrEncoding.
func (p Page) Decode() (string, error) {
	b := p.HTML
	head := b[:min(len(b), 1024)]
	if p.Charset == "" && bytes.HasPrefix(bytes.TrimSpace(head), []byte("<?xml")) {
		p.Charset = declaredEncoding(head)
	}
	label := ""
	if _, err := htmlindex.Get(strings.TrimSpace(p.Charset)); err == nil {
		label = "text/html; charset=" + strings.TrimSpace(p.Charset)
	}
	encoding, name, certain := charset.DetermineEncoding(head, label)
	if name == "utf-8" || name == "windows-1252" && !certain {
		s := strings.TrimPrefix(string(b), "\ufeff")
		if holdsZero(b) {
			return "", ErrBinary
		}
		return toUTF8(s)
	}
	decoded, err := encoding.NewDecoder().Bytes(b)
	if err != nil {
		return "", fmt.Errorf("%w: not %s: %w", ErrEncoding, name, err)
	}
	if holdsZero(decoded) {
		return "", ErrBinary
	}
	return strings.TrimPrefix(string(decoded), "\ufeff"), nil
}

// PageText is what Options.Page is if it is nil: the article has all the text of the
// page but that of menus, forms and footers, and what the page declares of itself:
// headline, language, canonical address, publication time, and for Source the name of
// the site or else its host. ErrNoText is the reason of a page without text,
// ErrTooLarge of one with more than 50 000 elements.
func PageText(p Page) (article.Article, error) {
	document, err := p.Decode()
	if err != nil {
		return article.Article{}, err
	}
	var s pageScan
	if err := s.scan(document); err != nil {
		return article.Article{}, err
	}
	a := s.article(p.URL)
	if a.Text == "" {
		return article.Article{}, ErrNoText
	}
	return a, nil
}

// page is the article of a web page, without ID and Origin, or why it has none.
func (r *run) page(p Page) (article.Article, error) {
	extract := r.opts.Page
	if extract == nil {
		extract = PageText
	}
	a, err := extract(p)
	if err == nil && strings.TrimSpace(a.Text) == "" {
		err = ErrNoText
	}
	if err != nil {
		return article.Article{}, err
	}
	return a, nil
}

// readPage reads a file that is one web page.
func (r *run) readPage(f file) bool {
	raw, err := r.wholeText(f.size)
	if err != nil {
		return r.reject(f.path, f.id, err)
	}
	p := Page{HTML: []byte(raw)}
	if f.unicode {
		p.Charset = "utf-8"
	}
	if strings.TrimSpace(raw) == "" {
		return r.reject(f.path, f.id, ErrEmptyText)
	}
	a, err := r.page(p)
	if errors.Is(err, ErrNoText) && isBinary(raw) {
		err = ErrBinary
	}
	if err != nil {
		return r.reject(f.path, f.id, err)
	}
	a.ID, a.Origin = f.id, f.path
	return r.emit(a, nil)
}
