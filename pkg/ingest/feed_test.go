package ingest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
)

// only reads one document from standard input and gives its article, without Origin.
func only(t *testing.T, document string) article.Article {
	t.Helper()
	articles, rejects := collect(t, Options{Stdin: strings.NewReader(document)}, "-")
	if len(articles) != 1 || len(rejects) != 0 {
		t.Fatalf("%d articles, rejects %v", len(articles), rejects)
	}
	articles[0].Origin = ""
	return articles[0]
}

func TestFeedGivesAnArticleForEachEntry(t *testing.T) {
	const rss = `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
		<channel><title>Harbour &amp; Sea</title><link>https://www.harbour.example/</link><language>fr-FR</language>
		<image><title>Logo</title></image>%</channel></rss>`
	const atom = `<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:lang="fr"><a:title>Harbour</a:title>
		<a:link rel="self" href="https://harbour.example/feed"/>%</a:feed>`
	const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
		<channel><title>Old Wire</title><dc:language>en</dc:language></channel>%</rdf:RDF>`
	for _, c := range []struct {
		name, feed, entry string
		want              article.Article
		published         string
	}{
		{"full content goes before the summary", rss, `<item><title>A &amp;amp; B</title><link>https://harbour.example/1</link>
			<guid>https://harbour.example/?p=1</guid><pubDate>Thu, 07 May 2026 11:42:00 +0200</pubDate><description>Short…</description>
			<content:encoded><![CDATA[<p>First.</p><p>Second&nbsp;: two<br/>lines.</p><script>x()</script>]]></content:encoded></item>`,
			article.Article{ID: "https://harbour.example/?p=1", Title: "A & B", Text: "First.\n\nSecond\u00a0: two\nlines.",
				Language: "fr", URL: "https://harbour.example/1", Source: "Harbour & Sea"}, "2026-05-07T09:42:00Z"},
		{"a summary will do", rss, `<item><title>A</title><link>https://harbour.example/1</link><guid isPermaLink="false">4711</guid>
			<pubDate>Thu, 7 May 26 09:42 GMT</pubDate><dc:language>en</dc:language><description>&lt;p&gt;Short.&lt;/p&gt;</description></item>`,
			article.Article{ID: "https://harbour.example/1", Title: "A", Text: "Short.", Language: "en",
				URL: "https://harbour.example/1", Source: "Harbour & Sea"}, "2026-05-07T09:42:00Z"},
		{"a guid may be the link, and a source of its own", rss, `<item><title>A</title><guid>https://harbour.example/1</guid>
			<source url="https://other.example/rss">Other Paper</source><description>Short.</description><dc:date>2026-05-07</dc:date></item>`,
			article.Article{ID: "https://harbour.example/1", Title: "A", Text: "Short.", Language: "fr",
				URL: "https://harbour.example/1", Source: "Other Paper"}, "2026-05-07T00:00:00Z"},
		{"nothing but text", rss, `<item><description>Short.</description></item>`,
			article.Article{ID: "stdin:1", Text: "Short.", Language: "fr", Source: "Harbour & Sea"}, ""},
		{"RSS 1.0", rdf, `<item rdf:about="https://old.example/1"><title>A</title><link>https://old.example/1</link>
			<dc:date>2026-05-07T11:42:00+02:00</dc:date><description>Short.</description></item>`,
			article.Article{ID: "https://old.example/1", Title: "A", Text: "Short.", Language: "en",
				URL: "https://old.example/1", Source: "Old Wire"}, "2026-05-07T09:42:00Z"},
		{"Atom with HTML", atom, `<a:entry><a:title type="html">A &amp;lt;b&amp;gt;</a:title><a:id>urn:x:1</a:id>
			<a:link rel="enclosure" href="https://harbour.example/a.jpg"/><a:link href="https://harbour.example/1"/>
			<a:updated>2026-05-08T00:00:00Z</a:updated><a:published>2026-05-07T11:42:00+02:00</a:published>
			<a:summary>Short.</a:summary><a:content type="html">&lt;p&gt;Long &amp;amp; good.&lt;/p&gt;</a:content></a:entry>`,
			article.Article{ID: "urn:x:1", Title: "A <b>", Text: "Long & good.", Language: "fr", URL: "https://harbour.example/1",
				Source: "Harbour"}, "2026-05-07T09:42:00Z"},
		{"Atom with XHTML and a language", atom, `<a:entry xml:lang="en-GB"><a:title>A</a:title><a:id>urn:x:1</a:id>
			<a:updated>2026-05-08T00:00:00Z</a:updated><a:source><a:title>Other Paper</a:title></a:source>
			<a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One</p><ul><li>two</li><li>three</li></ul></div></a:content></a:entry>`,
			article.Article{ID: "urn:x:1", Title: "A", Text: "One\n\ntwo\nthree", Language: "en", Source: "Other Paper"}, "2026-05-08T00:00:00Z"},
		{"Atom with content that is no text", atom, `<a:entry><a:title>A</a:title><a:id>urn:x:1</a:id><a:summary>Short.</a:summary>
			<a:content type="application/pdf">JVBERi0xLjQ=</a:content></a:entry>`,
			article.Article{ID: "urn:x:1", Title: "A", Text: "Short.", Language: "fr", Source: "Harbour"}, ""},
		{"Atom with a summary only", atom, `<a:entry><a:title>A</a:title><a:id>urn:x:1</a:id><a:summary>Short.</a:summary></a:entry>`,
			article.Article{ID: "urn:x:1", Title: "A", Text: "Short.", Language: "fr", Source: "Harbour"}, ""},
		{"an entry that is a document", "%", `<entry xmlns="http://www.w3.org/2005/Atom" xml:lang='fr'><title>A</title><id>urn:x:1</id>
			<link href="https://www.harbour.example/1"/><content>Plain.</content></entry>`,
			article.Article{ID: "urn:x:1", Title: "A", Text: "Plain.", Language: "fr", URL: "https://www.harbour.example/1",
				Source: "harbour.example"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.want.Published = newsTime(c.published)
			if diff := cmp.Diff(c.want, only(t, strings.Replace(c.feed, "%", c.entry, 1))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
