package ingest

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

const (
	rssOpen  = `<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>`
	rssClose = `</channel></rss>`
)

func item(title, text string) string {
	return "<item><title>" + title + "</title><description>" + text + "</description></item>"
}

func TestBrokenRecordOfXMLIsRejectedAlone(t *testing.T) {
	good := item("A", "one") + "\n"
	for _, c := range []struct {
		name, broken string
		reject       string
	}{
		{"without end", "<item><title>B</title><description>two</description>", "broken XML: <item> does not end"},
		{"without text", item("B", ""), "no text"},
		{"with an end tag cut off", "<item><title>B</title", "broken XML: <item> does not end"},
		{"with a quote that does not close", `<item about="x><title>B</title><description>two`, "broken XML: <item> does not end"},
		{"with a section that does not close", "<item><title>B</title><description><![CDATA[two</description></item>", "broken XML"},
		{"with a comment that does not close", "<item><title>B</title><!-- <description>two</description></item>", "broken XML"},
		{"too large", item("B", strings.Repeat("two ", 1000)), "article too large"},
		{"too large and without end", "<item><title>B</title>" + strings.Repeat("<i>x</i>", 1000), "broken XML: <item> does not end"},
		{"too deep", "<item>" + strings.Repeat("<x:a>", 1100) + strings.Repeat("</x:a>", 1100) + "</item>", "broken XML: elements nested"},
	} {
		t.Run(c.name, func(t *testing.T) {
			content := rssOpen + good + c.broken + "\n" + item("C", "three") + rssClose
			limit := int64(3000)
			if strings.Contains(c.name, "deep") {
				limit = 1 << 20
			}
			dir := tree(t, map[string]string{"a.rss": content})
			articles, rejects := outcome(t, dir, Options{MaxArticle: limit}, dir)
			want(t, articles, "a.rss:1|A|one", "a.rss:3|C|three")
			if len(rejects) != 1 || !strings.HasPrefix(rejects[0], "a.rss:2: "+c.reject) {
				t.Errorf("rejects %q, want %q", rejects, c.reject)
			}
		})
	}
}

func TestXMLThatEndsEarlyIsRejectedWhereItEnds(t *testing.T) {
	for content, reject := range map[string]string{
		rssOpen + item("A", "one"):                          "a.rss:2: broken XML: the file ends within <rss>",
		rssOpen + item("A", "one") + "<item><title>B</titl": "a.rss:2: broken XML: the file ends within <item>",
		rssOpen + item("A", "one") + "<item><![CDATA[ no e": "a.rss:2: broken XML: the file ends within <item>",
		rssOpen + item("A", "one") + "<!-- no end ":         "a.rss:2: broken XML: the file ends within <rss>",
	} {
		dir := tree(t, map[string]string{"a.rss": content})
		articles, rejects := outcome(t, dir, Options{}, dir)
		want(t, articles, "a.rss:1|A|one")
		want(t, rejects, reject)
	}
	in := Options{Stdin: io.MultiReader(strings.NewReader(rssOpen+item("A", "one")+"<item>"), iotest.ErrReader(errDisk))}
	articles, rejects := outcome(t, "", in, "-")
	want(t, articles, "stdin:1|A|one")
	want(t, rejects, "stdin:2: disk on fire")
}

func TestFileThatIsNoFeedNewsOrPageIsRejectedWhole(t *testing.T) {
	dir := tree(t, map[string]string{
		"a.xml": `<?xml version="1.0"?><project><item>x</item></project>`,
		"b.xml": "  \n",
		"c.xml": "Some text that is no XML.",
		"d.xml": "\x89PNG\x00\x00<rss>",
		"e.xml": `<?xml version="1.0" encoding="klingon-1"?><rss></rss>`,
		"f.xml": "",
		"g.xml": rssOpen + rssClose,
		"h.xml": "<?xml version='1.0'?><!-- only a comment -->",
		"i.xml": "<rss/>",
	})
	articles, rejects := outcome(t, dir, Options{}, dir)
	want(t, articles)
	want(t, rejects,
		"a.xml: XML of an unknown kind: its root is <project>",
		"b.xml: empty text",
		"c.xml: broken XML: no element to begin with",
		"d.xml: not a text file",
		`e.xml: unknown character set "klingon-1"`,
		"f.xml: empty file",
		"h.xml: broken XML: no element to begin with",
	)
}

// The entities of a document type are never expanded, nor what they name ever opened.
func TestEntitiesOfADocumentTypeStayAsWritten(t *testing.T) {
	var laughs strings.Builder
	laughs.WriteString(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "lol">`)
	for i := range 9 {
		next := string(rune('1' + i))
		laughs.WriteString(`<!ENTITY a` + next + ` "` + strings.Repeat("&a"+string(rune('0'+i))+";", 10) + `">`)
	}
	laughs.WriteString(`<!ENTITY file SYSTEM "file:///etc/passwd">]>`)
	laughs.WriteString(strings.TrimPrefix(rssOpen, `<?xml version="1.0"?>`) + item("A &a9;", "caf&eacute; &file; &#233;&amp;eacute;") + rssClose)
	dir := tree(t, map[string]string{"a.xml": laughs.String()})
	articles, rejects := outcome(t, dir, Options{}, dir)
	want(t, rejects)
	want(t, articles, "a.xml:1|A &a9;|café &file; éé")
}

func TestXMLIsReadInTheCharacterSetThatItDeclares(t *testing.T) {
	const title = "Grève à l’Œuvre : 5 €"
	document := func(label string) string {
		return `<?xml version="1.0" encoding="` + label + `"?><rss><channel>` + item(title, "Le texte, déjà.") + rssClose
	}
	latin := func(s string) string { return strings.ReplaceAll(s, "’", "'") }
	encode := func(s string, e *charmap.Charmap) string {
		out, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	wide := func(s string, order unicode.Endianness, bom unicode.BOMPolicy) string {
		out, err := unicode.UTF16(order, bom).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, content := range map[string]string{
		"utf-8":                        document("utf-8"),
		"utf-8, mark":                  "\ufeff" + document("utf-8"),
		"windows-1252":                 encode(document("Windows-1252"), charmap.Windows1252),
		"iso-8859-1":                   encode(document("ISO-8859-1"), charmap.Windows1252),
		"utf-8 said, windows-1252 had": encode(document("utf-8"), charmap.Windows1252),
		"iso-8859-15":                  encode(latin(document("iso-8859-15")), charmap.ISO8859_15),
		"utf-16, mark":                 wide(document("utf-16"), unicode.LittleEndian, unicode.UseBOM),
		"utf-16, no mark":              wide(document("utf-16"), unicode.BigEndian, unicode.IgnoreBOM),
		"no prolog":                    document("")[len(`<?xml version="1.0" encoding=""?>`):],
	} {
		t.Run(name, func(t *testing.T) {
			articles, rejects := outcome(t, "", Options{Stdin: strings.NewReader(content)}, "-")
			want(t, rejects)
			wanted := "stdin:1|" + title + "|Le texte, déjà."
			if name == "iso-8859-15" {
				wanted = latin(wanted)
			}
			want(t, articles, wanted)
		})
	}
}

func TestConcatenatedDocumentsAreRecordsOfOneStream(t *testing.T) {
	prolog := `<?xml version="1.0"?>` + "\n"
	stream := prolog + nitfOf("n1", "One", "First text.") + "\n" + prolog + nitfOf("n2", "Two", "Second text.") +
		rssOpen + item("A", "third") + rssClose + prolog + nitfOf("n3", "Four", "Fourth text.")
	articles, rejects := outcome(t, "", Options{Stdin: strings.NewReader(stream)}, "-")
	want(t, rejects)
	want(t, articles, "n1|One|First text.", "n2|Two|Second text.", "stdin:3|A|third", "n3|Four|Fourth text.")
}

func TestRecordsAreFoundByTagsAndNotByTheirText(t *testing.T) {
	content := rssOpen + "<!-- <item>no</item> --><?pi <item> ?>" +
		`<item><title><![CDATA[A <item> & more]]></title><description>one<!-- </item > -->&lt;/item&gt;</description><x a="&lt;/item>"/></item>` +
		"<items>no</items><item/>" + item("B", "two") + rssClose
	articles, rejects := outcome(t, "", Options{Stdin: strings.NewReader(content)}, "-")
	want(t, articles, "stdin:1|A & more|one", "stdin:3|B|two")
	want(t, rejects, "stdin:2: no text")
}

func TestWhatIsReadOfXMLDoesNotDependOnTheChunks(t *testing.T) {
	pieces := []string{"<item>", "</item>", "<rss>", "<channel>", "</channel>", "</rss>", "<![CDATA[", "]]>", "<!--", "-->", "<?a", "?>", "<!DOCTYPE a [", "]>",
		item("A", "one"), item("É", "deux"), "gr\xe8ve", " ", "\n", "<a b='>'>", "<a", "\"", "'", ">", "/>", "<", "&eacute;", "<entry>", "</entry>", "<feed>", "</feed>",
		strings.Repeat("long ", 300), nitfOf("n", "T", "Text."), "<newsItem guid='g'>", "</newsItem>"}
	rapid.Check(t, func(rt *rapid.T) {
		content := rapid.SampledFrom([]string{"<rss>", "<feed>", "<newsMessage>", "<nitf>", "<RDF>", ""}).Draw(rt, "root") +
			strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 15).Draw(rt, "pieces"), "")
		outcomes := make([][]string, 3)
		for i, in := range []io.Reader{strings.NewReader(content), iotest.OneByteReader(strings.NewReader(content)),
			iotest.HalfReader(strings.NewReader(content))} {
			articles, rejects := outcome(t, "", Options{Stdin: in, MaxArticle: 1000}, "-")
			outcomes[i] = append(articles, rejects...)
		}
		for _, other := range outcomes[1:] {
			if diff := cmp.Diff(outcomes[0], other); diff != "" {
				rt.Fatalf("%q:\n%s", content, diff)
			}
		}
	})
}

// endless repeats an item as often as it is asked to.
type endless struct {
	open, item, close string
	times             int
	now               string
}

func (e *endless) Read(p []byte) (int, error) {
	if e.now == "" {
		switch {
		case e.open != "":
			e.now, e.open = e.open, ""
		case e.times > 0:
			e.now = e.item
			e.times--
		case e.close != "":
			e.now, e.close = e.close, ""
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, e.now)
	e.now = e.now[n:]
	return n, nil
}

func TestMemoryDoesNotGrowWithAFileOfXML(t *testing.T) {
	for name, in := range map[string]*endless{
		"items":          {open: rssOpen, item: item("A", strings.Repeat("word ", 2000)), close: rssClose, times: 4000},
		"a comment":      {open: rssOpen + "<!--", item: strings.Repeat("word ", 2000), close: "-->" + item("A", "x") + rssClose, times: 4000},
		"a head":         {open: rssOpen, item: "<category>" + strings.Repeat("word ", 2000) + "</category>", close: item("A", "x") + rssClose, times: 4000},
		"a record":       {open: rssOpen + "<item>", item: strings.Repeat("<b>word</b>", 1000), close: "</item>" + item("A", "x") + rssClose, times: 4000},
		"an attribute":   {open: rssOpen + "<item a='", item: strings.Repeat("word ", 2000), close: "'></item>" + item("A", "x") + rssClose, times: 4000},
		"no end of text": {open: rssOpen, item: strings.Repeat("word ", 2000), close: item("A", "x") + rssClose, times: 4000},
	} {
		t.Run(name, func(t *testing.T) {
			var before, now runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			articles, most := 0, uint64(0)
			for _, err := range Read(t.Context(), []string{"-"}, Options{Stdin: in, MaxArticle: 1 << 20}) {
				if err != nil && !errors.Is(err, ErrTooLarge) {
					t.Fatal(err)
				}
				if articles++; articles%1000 == 1 {
					runtime.GC()
					runtime.ReadMemStats(&now)
					most = max(most, now.HeapAlloc)
				}
			}
			if articles == 0 || most > before.HeapAlloc+16<<20 {
				t.Errorf("%d articles; the heap grew from %d to %d bytes over 40 MB of input", articles, before.HeapAlloc, most)
			}
		})
	}
}

func nitfOf(id, title, text string) string {
	return `<nitf><head><docdata><doc-id id-string="` + id + `"/></docdata></head><body><body.head><hedline><hl1>` + title +
		`</hl1></hedline></body.head><body.content><p>` + text + `</p></body.content></body></nitf>`
}
