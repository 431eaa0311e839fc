package ingest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
)

// newsML is a newsItem with the given itemMeta, contentMeta and contentSet.
func newsML(item, meta, content string) string {
	return `<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:x:1" version="3" xml:lang="en">` +
		"<itemMeta>" + item + "</itemMeta><contentMeta>" + meta + "</contentMeta><contentSet>" + content + "</contentSet></newsItem>"
}

const (
	usableItem = `<itemClass qcode="ninat:text"/><provider qcode="nprov:AFP"/><versionCreated>2026-05-07T11:42:00+02:00</versionCreated><pubStatus qcode="stat:usable"/>`
	newsMeta   = `<headline>Grève <em>générale</em></headline><language tag="fr"/>`
	xhtml      = `<inlineXML contenttype="application/xhtml+xml"><html><head><title/></head><body><p>Un.</p><p>Deux.</p></body></html></inlineXML>`
)

func TestNewsItemOfNewsMLG2(t *testing.T) {
	usual := article.Article{ID: "urn:newsml:x:1@3", Title: "Grève générale", Text: "Un.\n\nDeux.", Language: "fr", Source: "AFP",
		Published: newsTime("2026-05-07T09:42:00Z")}
	with := func(change func(*article.Article)) article.Article {
		a := usual
		change(&a)
		return a
	}
	for _, c := range []struct {
		name, document string
		want           article.Article
	}{
		{"XHTML", newsML(usableItem, newsMeta, xhtml), usual},
		{"with prefixes", strings.NewReplacer("</", "</g2:", "<", "<g2:", ` xmlns="`, ` xmlns:g2="`).Replace(newsML(usableItem, newsMeta, xhtml)), usual},
		{"a dateline that is not in the text", newsML(usableItem, newsMeta+"<dateline>Paris, 7 mai 2026 (AFP) -</dateline>", xhtml),
			with(func(a *article.Article) { a.Text = "Paris, 7 mai 2026 (AFP) - Un.\n\nDeux." })},
		{"a dateline that is in the text", newsML(usableItem, newsMeta+"<dateline>Paris</dateline>", strings.Replace(xhtml, "Un.", "PARIS (AFP) – Un.", 1)),
			with(func(a *article.Article) { a.Text = "PARIS (AFP) – Un.\n\nDeux." })},
		{"a provider with a name", newsML(strings.Replace(usableItem, `"nprov:AFP"/>`, `"nprov:AFP"><name>Agence F</name></provider>`, 1), newsMeta, xhtml),
			with(func(a *article.Article) { a.Source = "Agence F" })},
		{"NITF inside, and a headline there", newsML(usableItem, `<language tag="fr"/>`, `<inlineXML contenttype="application/nitf+xml">`+nitfOf("n", "Grève générale", "Un.</p><p>Deux.")+`</inlineXML>`), usual},
		{"paragraphs alone", newsML(usableItem, newsMeta, "<inlineXML><p>Un.</p><p>Deux.</p></inlineXML>"), usual},
		{"plain text", newsML(usableItem, newsMeta, "<inlineData contenttype=\"text/plain\">Un.\n\n Deux.</inlineData>"), usual},
		{"escaped HTML", newsML(usableItem, newsMeta, `<inlineData contenttype="text/html"><![CDATA[<p>Un.</p><p>Deux.</p>]]></inlineData>`), usual},
		{"base64", newsML(usableItem, newsMeta, `<inlineData contenttype="text/plain" encoding="encd:base64">VW4uCgpEZXV4Lg==</inlineData>`), usual},
		{"the first rendition that has text", newsML(usableItem, newsMeta, `<remoteContent href="x.jpg"/><inlineXML><html><body/></html></inlineXML>`+xhtml), usual},
		{"an embargo does not bar comparison", newsML(usableItem+"<embargoed>2199-01-01T00:00:00Z</embargoed>", newsMeta, xhtml), usual},
		{"no status, no version", strings.Replace(newsML(strings.Replace(usableItem, `<pubStatus qcode="stat:usable"/>`, "", 1), newsMeta, xhtml), ` version="3"`, "", 1),
			with(func(a *article.Article) { a.ID = "urn:newsml:x:1" })},
		{"the language of the item if need be", newsML(usableItem, "<headline>Grève générale</headline>", xhtml),
			with(func(a *article.Article) { a.Language = "en" })},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, only(t, c.document)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewsItemThatIsNotForUseIsRejectedByItsID(t *testing.T) {
	item := func(status string) string { return strings.Replace(usableItem, "usable", status, 1) }
	documents := []string{
		newsML(item("canceled"), newsMeta, xhtml),
		newsML(item("withheld"), newsMeta, xhtml),
		newsML(strings.Replace(item("usable"), "ninat:text", "ninat:picture", 1), newsMeta, `<remoteContent href="x.jpg"/>`),
		newsML(usableItem, newsMeta, ""),
		`<packageItem guid="urn:newsml:x:2"/>`,
		strings.Replace(nitfOf("n1", "A", "Text."), "<docdata>", `<docdata management-status="canceled">`, 1),
		strings.Replace(nitfOf("n2", "A", "Text."), "<docdata>", `<docdata><ed-msg info="KILL"/>`, 1),
		nitfOf("n3", "A", ""),
	}
	message := "<newsMessage><header/><itemSet>" + strings.Join(documents[:5], "") + "</itemSet></newsMessage>" + strings.Join(documents[5:], "")
	articles, rejects := collect(t, Options{Stdin: strings.NewReader(message)}, "-")
	if len(articles) != 0 {
		t.Errorf("articles %v", articles)
	}
	var got []string
	for _, r := range rejects {
		got = append(got, r.ID+" | "+r.Error())
	}
	want(t, got,
		"urn:newsml:x:1@3 | stdin:1: not for use: canceled by its provider",
		"urn:newsml:x:1@3 | stdin:2: not for use: withheld by its provider",
		"urn:newsml:x:1@3 | stdin:3: no text in this picture",
		"urn:newsml:x:1@3 | stdin:4: no text",
		"n1 | stdin:5: not for use: canceled by its provider",
		"n2 | stdin:6: not for use: killed by its provider",
		"n3 | stdin:7: no text",
	)
}

func TestDocumentOfNITF(t *testing.T) {
	const document = `<!DOCTYPE nitf SYSTEM "nitf.dtd" [<!ENTITY x "y">]><nitf><head><title>Short</title><docdata>
		<doc-id regsrc="AP" id-string="ap-1"/><date.issue norm="20260507T094200Z"/><du-key version="2"/></docdata>
		<pubdata date.publication="20260508" name="Daily" ex-ref="https://daily.example/1"/></head>
		<body xml:lang="en-US"><body.head><hedline><hl1>Strike <em>spreads</em></hl1><hl2>Second line</hl2></hedline>
		<byline>By <person>Jane Doe</person></byline><distributor>The Associated Press</distributor>
		<dateline><location>PARIS</location> (AP) —</dateline></body.head>
		<body.content><media><media-caption>A picture</media-caption></media><block><p>One &mdash; two.</p>
		<hl2>Between</hl2><p>Three.</p><table><tr><td>a</td><td>b</td></tr></table></block></body.content>
		<body.end><tagline>Editing by X</tagline></body.end></body></nitf>`
	want := article.Article{ID: "ap-1@2", Title: "Strike spreads", Text: "PARIS (AP) — One — two.\n\nBetween\n\nThree.\n\na b",
		Language: "en", Source: "The Associated Press", URL: "https://daily.example/1", Author: "Jane Doe", Published: newsTime("2026-05-07T09:42:00Z")}
	if diff := cmp.Diff(want, only(t, document)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNewsTimesAreReadInTheirZone(t *testing.T) {
	const same = "2026-05-07T09:42:00Z"
	for _, s := range []string{same, "20260507T094200Z", "20260507T114200+0200", "20260507T114200+02:00", "20260507T094200",
		"2026-05-07T11:42:00+02:00", "2026-05-07T11:42:00.000+0200", "2026-05-07T11:42+02:00", "2026-05-07 11:42:00 +0200",
		"Thu, 07 May 2026 09:42:00 GMT", "Thu, 7 May 2026 11:42:00 +0200", " 2026-05-07T09:42 "} {
		if got := newsTime(s).Format("2006-01-02T15:04:05Z07:00"); got != same {
			t.Errorf("%q is %s", s, got)
		}
	}
	for _, s := range []string{"", "yesterday", "2026", "7 mai 2026", "20261301"} {
		if got := newsTime(s); !got.IsZero() {
			t.Errorf("%q is %v", s, got)
		}
	}
}
