package ingest

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/calque-dev/calque/pkg/article"
)

func TestPageIsDecodedAsBrowsersDo(t *testing.T) {
	const text = "Grève à l’aube – « déjà »"
	latin, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	greek, err := charmap.ISO8859_7.NewEncoder().String("Απεργία")
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("<p>" + text)
	if err != nil {
		t.Fatal(err)
	}
	far := strings.Repeat(" ", 2000)
	for _, c := range []struct{ name, html, charset, want string }{
		{"nothing declared, UTF-8", "<p>" + far + text, "", text},
		{"nothing declared, Windows-1252", "<p>" + far + latin, "", text},
		{"meta", `<meta charset="iso-8859-1"><p>` + latin, "", text},
		{"meta, the old way", `<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-7"><p>` + greek, "", "Απεργία"},
		{"meta too far off", far + `<meta charset="iso-8859-7"><p>` + latin, "", text},
		{"the server goes before meta", `<meta charset="iso-8859-7"><p>` + latin, "Windows-1252", text},
		{"a mark goes before the server", "\ufeff<p>" + text, "iso-8859-7", text},
		{"a server that names nothing known", "<p>" + text, "klingon", text},
		{"UTF-8 declared, Windows-1252 sent", `<meta charset="utf-8"><p>` + latin, "", text},
		{"an XML prolog", `<?xml version="1.0" encoding="iso-8859-7"?><p>` + greek, "", "Απεργία"},
		{"UTF-16", wide, "", text},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := PageText(Page{HTML: []byte(c.html), Charset: c.charset})
			if err != nil || a.Text != c.want {
				t.Errorf("%q, %v; want %q", a.Text, err, c.want)
			}
		})
	}
	for _, b := range []string{"<p>\x00\x01", "<p>" + strings.Repeat("\xd1\xe5\xf0\x81", 100)} {
		if _, err := PageText(Page{HTML: []byte(b)}); !errors.Is(err, ErrBinary) && !errors.Is(err, ErrEncoding) {
			t.Errorf("%q: %v", b[:4], err)
		}
	}
}

func TestPageDeclaresItself(t *testing.T) {
	full := article.Article{Title: "Grève", Text: "Texte.", Language: "fr", URL: "https://www.paper.example/1", Source: "Paper",
		Published: newsTime("2026-05-07T09:42:00Z")}
	for _, c := range []struct {
		name, page, fetched string
		want                article.Article
	}{
		{"Open Graph", `<html lang="fr-FR"><head><title>Grève | Paper</title><meta property="og:title" content="Grève">
			<meta property="og:site_name" content="Paper"><meta property="article:published_time" content="2026-05-07T11:42:00+02:00">
			<link rel="canonical" href="https://www.paper.example/1"></head><body><p>Texte.</p></body></html>`, "https://m.paper.example/1?x", full},
		{"linked data", `<head><link rel="canonical" href="/1"><script type="application/ld+json">{"@graph":[{"@type":"Organization","name":"No"},
			{"@type":["NewsArticle"],"headline":"Gr&egrave;ve","inLanguage":"fr","datePublished":"2026-05-07T09:42:00Z",
			"publisher":[{"name":"Paper"}]}]}</script></head><p>Texte.`, "https://www.paper.example/x/y", full},
		{"other names", `<html><head><title>Grève</title><meta http-equiv="content-language" content="fr"><meta name="application-name" content="Paper">
			<meta name="DC.date.issued" content="2026-05-07T09:42:00Z"><meta property="og:url" content="https://www.paper.example/1"><body>Texte.`, "", full},
		{"microdata", `<html lang=fr><title>Grève</title><meta property="og:site_name" content="Paper"><link rel="x canonical" href="https://www.paper.example/1">
			<body>Texte.<time itemprop="datePublished" datetime="2026-05-07T09:42:00Z"></time>`, "", full},
		{"nothing but the address", `<p>Texte.`, "https://www.paper.example/1",
			article.Article{Text: "Texte.", URL: "https://www.paper.example/1", Source: "paper.example"}},
		{"a canonical address that is none", `<link rel=canonical href="javascript:void(0)"><p>Texte.`, "https://paper.example/1",
			article.Article{Text: "Texte.", URL: "https://paper.example/1", Source: "paper.example"}},
		{"broken linked data", `<script type="application/ld+json">{"headline":</script><p>Texte.`, "", article.Article{Text: "Texte."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := PageText(Page{HTML: []byte(c.page), URL: c.fetched})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, a); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPageTextLeavesOutMenusFormsAndFooters(t *testing.T) {
	page := `<!DOCTYPE html><html><head><title>T</title><body><nav><ul><li>Menu</ul></nav><header><h1>Head</h1></header>
		<p>One <b>bold</b>word</p><form><p>Mail</p></form><p>Two</p><aside>Also</aside><footer>Foot<footer>er</footer></footer><p>Three`
	a, err := PageText(Page{HTML: []byte(page)})
	if want := "Head\n\nOne boldword\n\nTwo\n\nThree"; err != nil || a.Text != want {
		t.Errorf("%q, %v; want %q", a.Text, err, want)
	}
}

func TestPageWithoutEndOfElementsIsRejected(t *testing.T) {
	for _, page := range []string{strings.Repeat("<p>", maxElements+1), "<p>x" + strings.Repeat("<br/>", maxElements)} {
		if _, err := PageText(Page{HTML: []byte(page)}); !errors.Is(err, ErrTooLarge) {
			t.Error(err)
		}
	}
	if _, err := PageText(Page{HTML: []byte("<title>T</title><nav>x</nav>")}); !errors.Is(err, ErrNoText) {
		t.Error(err)
	}
}

func TestFileOfHTMLIsAPage(t *testing.T) {
	const page = "<!DOCTYPE html>\n<html lang=fr><title>Grève</title><p>Texte à lire.</p>"
	dir := tree(t, map[string]string{
		"a.html": page, "b.htm": "<p>Texte à lire.", "c.xhtml": "<?xml version='1.0'?>\n<html><body>Texte à lire.</body></html>",
		"d.xml": "<?xml version='1.0'?><!-- x --><html><body>Texte à lire.</body></html>", "e.html.gz": gzipped(page),
		"f.html": "\xff\xfe" + utf16LE(`<meta charset="iso-8859-1">`+page), "g.html": " \n", "h.html": "\x89PNG\x00", "i.html": strings.Repeat("<p>x", 300),
		"j": page, "k": "<head><title>Grève</title></head>Texte à lire.", "l": "<b> is bold, they say", "m.txt": page,
	})
	articles, rejects := outcome(t, dir, Options{MaxArticle: 1000}, dir, dir+"/j", dir+"/k", dir+"/l")
	prefix := strings.ReplaceAll(dir, "\\", "/") + "/"
	for i := range articles {
		articles[i] = strings.TrimPrefix(articles[i], prefix)
	}
	want(t, articles,
		"a.html|Grève|Texte à lire.", "b.htm||Texte à lire.", "c.xhtml||Texte à lire.", "d.xml||Texte à lire.", "e.html.gz|Grève|Texte à lire.",
		"f.html|Grève|Texte à lire.", "m.txt|<!DOCTYPE html>|"+page, "j|Grève|Texte à lire.", "k|Grève|Texte à lire.", "l|<b> is bold, they say|<b> is bold, they say")
	want(t, rejects, "g.html: empty text", "h.html: not a text file", "i.html: article too large")
}

func TestMarkupBecomesParagraphs(t *testing.T) {
	for markup, want := range map[string]string{
		"":                                       "",
		"plain\r\n text\n\n\n\nmore":             "plain\ntext\n\nmore",
		"a &lt; b &amp; c":                       "a < b & c",
		"a < b":                                  "a < b",
		"<p>one</p><p>two":                       "one\n\ntwo",
		"one<br>two<br><br>three<br/><br />4":    "one\ntwo\n\nthree\n\n4",
		"<p> a\n b <b>c</b>d </p>":               "a b cd",
		"12&nbsp;000&#8239;% <p>&nbsp;</p>end":   "12\u00a0000\u202f%\n\nend",
		"<ul><li>a</li><li>b</li></ul>":          "a\nb",
		"<table><tr><td>a<td>b<tr><td>c</table>": "a b\nc",
		"<pre>a\nb\n\nc</pre>d":                  "a\nb\n\nc\n\nd",
		"<![CDATA[<p>x]]>":                       "<p>x",
		"a<script>x</script>b":                   "a b",
		"<figure>x<figure>y</figure>z</figure>a": "a",
		"<x:p>one</x:p><x:p>two</x:p>":           "one\n\ntwo",
		"<media/>a":                              "a",
		strings.Repeat("<div>", 100_000) + "x":   "x",
	} {
		if got := MarkupText(markup); got != want {
			t.Errorf("%.40q is %q, want %q", markup, got, want)
		}
	}
}
