package ingest

import (
	"fmt"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
)

// nitf is what is read of a document of NITF.
type nitf struct {
	Lang string `xml:"lang,attr"`
	Head struct {
		Title   markedUp `xml:"title"`
		Docdata struct {
			Status string `xml:"management-status,attr"`
			ID     struct {
				ID     string `xml:"id-string,attr"`
				Source string `xml:"regsrc,attr"`
			} `xml:"doc-id"`
			Story struct {
				Key     string `xml:"key,attr"`
				Version string `xml:"version,attr"`
			} `xml:"du-key"`
			Urgency struct {
				Level string `xml:"ed-urg,attr"`
			} `xml:"urgency"`
			Messages []struct {
				Info string `xml:"info,attr"`
				Type string `xml:"msg-type,attr"`
			} `xml:"ed-msg"`
			Released  normalised `xml:"date.release"`
			Issued    normalised `xml:"date.issue"`
			Copyright struct {
				Holder string `xml:"holder,attr"`
			} `xml:"doc.copyright"`
		} `xml:"docdata"`
		Publication []struct {
			Date string `xml:"date.publication,attr"`
			Name string `xml:"name,attr"`
			URL  string `xml:"ex-ref,attr"`
		} `xml:"pubdata"`
	} `xml:"head"`
	Body struct {
		Lang string `xml:"lang,attr"`
		Head struct {
			Headlines   []nitfHeadline `xml:"hedline"`
			Bylines     []nitfByline   `xml:"byline"`
			Distributor markedUp       `xml:"distributor"`
			Dateline    markedUp       `xml:"dateline"`
		} `xml:"body.head"`
		Content []markedUp `xml:"body.content"`
	} `xml:"body"`
}

type nitfHeadline struct {
	First markedUp `xml:"hl1"`
}

// nitfByline is a line that names authors, within persons or not.
type nitfByline struct {
	Persons []markedUp `xml:"person"`
	markedUp
}

// normalised is an element with its value in a normal form.
type normalised struct {
	Norm string `xml:"norm,attr"`
}

// nitfArticle is the article of a document of NITF.
func nitfArticle(document string) (article.Article, error) {
	var n nitf
	if err := unmarshalMarkup(document, &n); err != nil {
		return article.Article{}, err
	}
	d := &n.Head.Docdata
	a := article.Article{ID: versioned(d.ID.ID, d.Story.Version)}
	if err := usable(d.Status); err != nil {
		return a, err
	}
	for _, m := range d.Messages {
		if strings.EqualFold(m.Info, "kill") || strings.EqualFold(m.Type, "kill") {
			return a, fmt.Errorf("%w: killed by its provider", ErrWithdrawn)
		}
	}
	s := n.story()
	if s.text == "" {
		return a, ErrNoText
	}
	a.Title, a.Text = s.headline, s.assemble()
	a.Language, a.Source, a.Author = article.ParseLanguage(s.language), s.source, s.author
	a.Urgency, a.AltID = urgency(d.Urgency.Level), joined(d.Story.Key)
	times := []string{d.Released.Norm, d.Issued.Norm}
	for _, p := range n.Head.Publication {
		times = append(times, p.Date)
		if isWebAddress(p.URL) {
			a.URL = firstOf(a.URL, strings.TrimSpace(p.URL))
		}
	}
	for _, when := range times {
		if a.Published = newsTime(when); !a.Published.IsZero() {
			break
		}
	}
	return a, nil
}

// story is the content of the document.
func (n *nitf) story() story {
	b := &n.Body
	s := story{
		dateline: inlineText(b.Head.Dateline.Markup),
		language: firstOf(b.Lang, n.Lang),
		source:   firstOf(inlineText(b.Head.Distributor.Markup), n.Head.Docdata.ID.Source),
	}
	for _, h := range b.Head.Headlines {
		s.headline = firstOf(s.headline, inlineText(h.First.Markup))
	}
	s.headline = firstOf(s.headline, inlineText(n.Head.Title.Markup))
	var bylines []string
	for _, line := range b.Head.Bylines {
		if persons := inlineTexts(line.Persons); joined(persons...) != "" {
			bylines = append(bylines, persons...)
		} else {
			bylines = append(bylines, inlineText(line.Markup))
		}
	}
	s.author = authorOf(bylines...)
	for _, p := range n.Head.Publication {
		s.source = firstOf(s.source, p.Name)
	}
	s.source = strings.TrimSpace(firstOf(s.source, n.Head.Docdata.Copyright.Holder))
	var parts []string
	for _, c := range b.Content {
		if text := MarkupText(c.Markup); text != "" {
			parts = append(parts, text)
		}
	}
	s.text = strings.Join(parts, "\n\n")
	return s
}
