package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
)

// ninjs is what is read of a news item in ninjs, be it version 1 or later.
type ninjs struct {
	URI            string          `json:"uri"`
	Version        json.RawMessage `json:"version"` // a string in some versions, a number in others
	Type           string          `json:"type"`
	Status         string          `json:"pubstatus"`
	Language       string          `json:"language"`
	VersionCreated string          `json:"versioncreated"`
	ContentCreated string          `json:"contentcreated"`
	FirstCreated   string          `json:"firstcreated"`
	Holder         string          `json:"copyrightholder"`
	Urgency        json.RawMessage `json:"urgency"` // a number, or a string of one
	Byline         json.RawMessage `json:"byline"`
	By             json.RawMessage `json:"by"`     // byline, in later versions
	AltIDs         json.RawMessage `json:"altids"` // an object, or a list of objects

	// Version 1 has a property for each kind of body; later versions have lists.
	Headline    string        `json:"headline"`
	BodyText    string        `json:"body_text"`
	BodyXHTML   string        `json:"body_xhtml"`
	BodyHTML    string        `json:"body_html"`
	Dateline    string        `json:"dateline"`
	InfoSource  []ninjsSource `json:"infosource"`
	Headlines   []ninjsText   `json:"headlines"`
	Bodies      []ninjsText   `json:"bodies"`
	InfoSources []ninjsSource `json:"infosources"`
}

// ninjsText is one of several headlines or bodies.
type ninjsText struct {
	Role        string `json:"role"`
	ContentType string `json:"contenttype"`
	Value       string `json:"value"`
}

type ninjsSource struct {
	Name    string `json:"name"`
	Literal string `json:"literal"`
}

// isNinjs reports whether an object that has no text is a news item in ninjs.
func (n *ninjs) isNinjs() bool {
	if n.BodyText != "" || n.BodyXHTML != "" || n.BodyHTML != "" || len(n.Bodies) > 0 {
		return true
	}
	return n.URI != "" && (n.Status != "" || n.VersionCreated != "" || n.Type != "")
}

// ninjs is the article of the object scanned last, of which b is the whole; ok is false
// if it is not ninjs. What is mapped by --field, or has Calque's own names, goes before.
func (r *run) ninjs(b []byte) (a article.Article, ok bool, err error) {
	var n ninjs
	var mistyped *json.UnmarshalTypeError
	// One property of another type than usual leaves the others in place.
	if err := json.Unmarshal(b, &n); err != nil && !errors.As(err, &mistyped) || !n.isNinjs() {
		return a, false, nil
	}
	a.ID = firstOf(r.id(), versioned(n.URI, strings.Trim(string(n.Version), `"`)))
	if err := usable(n.Status[strings.LastIndexByte(n.Status, ':')+1:]); err != nil {
		return a, true, err
	}
	s := n.story()
	if s.text == "" {
		if n.Type != "" && n.Type != "text" {
			return a, true, fmt.Errorf("%w in this %s", ErrNoText, n.Type)
		}
		return a, true, ErrNoText
	}
	a.Text = s.assemble()
	r.describe(&a)
	a.Title = firstOf(a.Title, s.headline)
	a.Language = knownOr(a.Language, article.ParseLanguage(n.Language))
	a.Source = firstOf(a.Source, s.source)
	a.Author = firstOf(a.Author, authorOf(append(stringsIn(n.Byline), stringsIn(n.By)...)...))
	a.AltID = firstOf(a.AltID, joined(stringsIn(n.AltIDs)...))
	if a.Urgency == 0 {
		a.Urgency = urgency(joined(stringsIn(n.Urgency)...))
	}
	for _, when := range []string{n.VersionCreated, n.ContentCreated, n.FirstCreated} {
		if a.Published.IsZero() {
			a.Published = newsTime(when)
		}
	}
	return a, true, nil
}

// story is the content of the item.
func (n *ninjs) story() story {
	s := story{
		headline: inlineText(firstOf(n.Headline, mainOf(n.Headlines).Value)),
		dateline: inlineText(n.Dateline),
	}
	for _, source := range append(n.InfoSources, n.InfoSource...) {
		s.source = firstOf(s.source, source.Name, source.Literal)
	}
	s.source = firstOf(s.source, n.Holder)
	body := mainOf(n.Bodies)
	for _, markup := range []string{n.BodyXHTML, n.BodyHTML, body.Value} {
		if s.text == "" && strings.IndexByte(markup, '<') >= 0 {
			s.text = MarkupText(markup)
		}
	}
	for _, plain := range []string{n.BodyText, body.Value, n.BodyXHTML, n.BodyHTML} {
		if s.text == "" {
			s.text = plainText(plain)
		}
	}
	return s
}

// mainOf is the text whose role is "main", or else the first that says something.
func mainOf(all []ninjsText) ninjsText {
	var first ninjsText
	for _, t := range all {
		switch {
		case strings.TrimSpace(t.Value) == "":
		case strings.EqualFold(t.Role, "main"):
			return t
		case first.Value == "":
			first = t
		}
	}
	return first
}
