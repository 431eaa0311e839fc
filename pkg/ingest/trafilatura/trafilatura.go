// Package trafilatura takes the main text out of web pages, by go-trafilatura: what goes
// in is a page as received, what comes out is an article without the menus, notices,
// share bars and comments around it. It is meant for ingest.Options.Page, and stands in
// a package of its own because it adds 10 MB to a program, a tenth of a second to its
// start and 45 MB to its memory: the library compiles the dates of all languages at once.
package trafilatura

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
)

// Page is the article of a web page. What the page declares of itself is as
// ingest.PageText has it; a headline, a site and an address that it does not declare are
// looked for in the page. A page that cannot be taken apart, such as one with elements
// more than 512 deep or with over 2 MB of text, has all its text. The reasons for an error are those of
// ingest.PageText; ErrNoText is also that of a page without main text.
func Page(p ingest.Page) (article.Article, error) {
	a, err := ingest.PageText(p)
	if err != nil {
		return article.Article{}, err
	}
	document, err := p.Decode()
	if err != nil {
		return article.Article{}, err
	}
	if len(a.Text) > maxText || len(document) > maxDocument {
		return a, nil
	}
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		return a, nil
	}
	found, err := extract(root, a.URL)
	switch {
	case errors.Is(err, errPanic):
		return a, nil
	case err != nil:
		return article.Article{}, ingest.ErrNoText
	}
	var main strings.Builder
	if err := html.Render(&main, found.ContentNode); err != nil {
		return a, nil
	}
	m := &found.Metadata
	// "Ferry late | The Paper" is shorter where the extractor knows the site's name.
	if title := strings.TrimSpace(m.Title); a.Title == "" || title != "" && strings.Contains(a.Title, title) {
		a.Title = title
	}
	if a.Text = once(ingest.MarkupText(main.String()), a.Title); a.Text == "" {
		return article.Article{}, ingest.ErrNoText
	}
	a.URL = cmp.Or(a.URL, m.URL)
	a.Source = cmp.Or(a.Source, m.Sitename, strings.TrimPrefix(m.Hostname, "www."))
	a.Author = cmp.Or(a.Author, m.Author)
	if a.Published.IsZero() {
		a.Published = m.Date.UTC()
	}
	return a, nil
}

// The sizes in bytes of what is handed to the extractor at most. It takes 45 times the
// size of a text in memory; a page may be larger for pictures that are written into it.
const (
	maxText     = 2 << 20
	maxDocument = 32 << 20
)

// once is a text without its headline and without paragraphs that it repeats: of a page
// with little text the extractor gives some twice, from different places.
func once(text, title string) string {
	const refrain = 40 // bytes; shorter ones an author may repeat
	seen := map[string]bool{title: true}
	var out []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if !seen[p] {
			out = append(out, p)
		}
		seen[p] = seen[p] || len(p) > refrain
	}
	return strings.Join(out, "\n\n")
}

// minMainText is the length in characters from which on what the extractor finds is
// enough for it. By its own default, 250, it takes the text of a brief together with the
// menus.
const minMainText = 100

// errPanic is what the extractor's panic becomes.
var errPanic = errors.New("the extractor panicked")

// extract finds the main text of a page. A page that makes the library panic must not end
// the reading of all the others.
func extract(root *html.Node, address string) (found *trafilatura.ExtractResult, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", errPanic, v)
		}
	}()
	// The date is taken where the page declares it: what else looks like one is as often
	// that of the last change, of the copyright, or today's.
	config := trafilatura.DefaultConfig()
	config.MinExtractedSize = minMainText
	options := trafilatura.Options{Config: config, EnableFallback: true, ExcludeComments: true, HtmlDateMode: trafilatura.Disabled}
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		options.OriginalURL = u
	}
	return trafilatura.ExtractDocument(root, options)
}
