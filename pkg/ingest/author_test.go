package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
)

// signature is what the tests of this file look at.
func signature(a *article.Article) string {
	return fmt.Sprint(a.Author, " | ", a.Urgency, " | ", a.AltID)
}

func TestEveryFormatTellsAuthorUrgencyAndOtherIDs(t *testing.T) {
	const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><author><name>The Desk</name></author>`
	for _, c := range []struct{ name, document, want string }{
		{"JSON", `{"text":"T.","author":"Jane Doe","urgency":3,"altid":"x-1"}`, "Jane Doe | 3 | x-1"},
		{"JSON with lists", `{"text":"T.","author":["Jane Doe",{"name":"John Roe","url":"https://x.example"},"Jane Doe"],"urgency":"3","altid":[1,"x"]}`,
			"Jane Doe; John Roe | 3 | 1; x"},
		{"JSON with an object", `{"text":"T.","author":{"name":"Jane Doe"},"urgency":12,"altid":null}`, "Jane Doe | 0 | "},
		{"table", "text,author,urgency,altid\nT.,Jane Doe,3,x-1\n", "Jane Doe | 3 | x-1"},
		{"NewsML-G2", newsML(usableItem, newsMeta+`<urgency>2</urgency><altId type="x:slug">strike</altId><altId>42</altId><by>By Jane Doe</by>`, xhtml),
			"Jane Doe | 2 | strike; 42"},
		{"NewsML-G2 with creators", newsML(usableItem, newsMeta+`<creator qcode="p:1"><name>Jane Doe</name></creator><creator qcode="p:2"/><creator literal="John Roe"/>`, xhtml),
			"Jane Doe; John Roe | 0 | "},
		{"NITF inside NewsML-G2", newsML(usableItem, newsMeta, `<inlineXML>`+
			strings.Replace(nitfOf("n", "A", "Un."), "<body.head>", "<body.head><byline>Par Jean Dupont</byline>", 1)+`</inlineXML>`), "Jean Dupont | 0 | "},
		{"NITF", `<nitf><head><docdata><doc-id id-string="n"/><urgency ed-urg="5"/><du-key key="strike" version="2"/></docdata></head>
			<body><body.head><byline>By <person>Jane Doe</person> and <person>John Roe</person><byttl>Staff</byttl></byline></body.head>
			<body.content><p>T.</p></body.content></body></nitf>`, "Jane Doe; John Roe | 5 | strike"},
		{"ninjs 1", `{"uri":"u","pubstatus":"usable","body_text":"T.","byline":"By Jane Doe","urgency":1,"altids":{"slug":"strike","@x":"no"}}`, "Jane Doe | 1 | strike"},
		{"ninjs 2", `{"uri":"u","pubstatus":"usable","body_text":"T.","by":"Jane Doe","urgency":1,"altids":[{"role":"slug","value":"strike"}]}`, "Jane Doe | 1 | strike"},
		{"RSS", `<rss version="2.0"><channel><item><author>jane@x.example (Jane Doe)</author><description>T.</description></item></channel></rss>`, "Jane Doe | 0 | "},
		{"RSS with Dublin Core", `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><author>desk@x.example</author>
			<dc:creator>Jane Doe</dc:creator><description>T.</description></item></channel></rss>`, "Jane Doe | 0 | "},
		{"RSS with an address alone", `<rss version="2.0"><channel><item><author>jane@x.example</author><description>T.</description></item></channel></rss>`, " | 0 | "},
		{"Atom", atom + `<entry><author><name>Jane Doe</name></author><author><name>John Roe</name></author><summary>T.</summary></entry></feed>`,
			"Jane Doe; John Roe | 0 | "},
		{"Atom, the author of the feed", atom + `<entry><summary>T.</summary></entry></feed>`, "The Desk | 0 | "},
		{"page", `<html><meta name="author" content="By Jane Doe"><p>T.`, "Jane Doe | 0 | "},
		{"page with an address for author", `<html><meta property="article:author" content="https://x.example/jane"><meta name="dc.creator" content="Jane Doe"><p>T.`,
			"Jane Doe | 0 | "},
		{"page with linked data", `<html><meta name="author" content="x"><script type="application/ld+json">{"@type":"NewsArticle","headline":"H",
			"author":[{"@type":"Person","name":"Jane Doe"},{"@type":"Person","@id":"#john","url":"https://x.example/john"},"AFP"]}</script><p>T.`, "Jane Doe; AFP | 0 | "},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := only(t, c.document)
			if got := signature(&a); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestAuthorsAreMappedLikeOtherFields(t *testing.T) {
	opts := Options{Fields: map[string]string{"author": "meta.by", "urgency": "meta.prio"}}
	opts.Stdin = strings.NewReader(`{"text":"T.","author":"no","meta":{"by":"Jane Doe","prio":4}}`)
	articles, rejects := collect(t, opts, "-")
	if len(articles) != 1 || len(rejects) > 0 || signature(&articles[0]) != "Jane Doe | 4 | " {
		t.Errorf("%+v, %v", articles, rejects)
	}
}
