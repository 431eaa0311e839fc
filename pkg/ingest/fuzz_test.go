package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

var objects = []string{
	`{"id":1,"text":"A","title":"\u00e9\ud83d\ude00","a":{"b":"x","c":{"d":null}}}`,
	`{"a":{"b":1},"a":[{"b":2}],"text":"x\/\b\f\n\r\t\"\\","text":-0.5E+10}`,
	`{ "a" : { } , "b" : [ ] , "c":[1,[2,{"x":true}],false,null] }`,
	`{"text":"\ud800","title":"\udc00\ud800\u0041","\u0061":{"\u0062":"y"}}`,
	`{"text":"0123456"}`, `{"text":"01234567"}`, `{"text":"012345678\n"}`,
	`{"a":01}`, `{"a":1.}`, `{"a":1e}`, `{"a":-}`, `{"a":.5}`, `{"a":+1}`,
	`{"a":"\x"}`, `{"a":"\u12g4"}`, "{\"a\":\"\x01\"}", "{\"a\":\"\t\"}", "{\"a\":\"\x7f\"}",
	`{"a":1,}`, `{,}`, `{"a"}`, `{"a":}`, `{"a":1 "b":2}`, `{a:1}`, `{"a":nul}`, `{"a":truex}`,
	`[]`, `"x"`, `null`, `{}x`, `{`, ``, `{"`, `{"a`, `{"a"`, `{"a":`, `{"a":"\`, `{"a":"\u1`, `{"a":t`, `{"a":1`, `{"a":[`,
}

func TestScannerAgreesWithEncodingJSON(t *testing.T) {
	for _, o := range objects {
		agree(t, []byte(o))
		for i := range o {
			if utf8.ValidString(o[:i]) {
				agree(t, []byte(o[:i]))
			}
		}
	}
	for _, depth := range []int{maxDepth - 1, maxDepth, maxDepth + 1} {
		agree(t, []byte(strings.Repeat("[", depth)+strings.Repeat("]", depth)))
		agree(t, []byte(strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth)))
	}
}

// jsonText draws JSON with the keys that agree looks for, and sometimes breaks it.
func jsonText(t *rapid.T) string {
	var value func(depth int) string
	str := func() string {
		s := rapid.SampledFrom([]string{"text", "a", "b", "c", "d", "id", "Text", "é", "x\n\"\\", "\u2028", strings.Repeat("long ", 5)}).Draw(t, "string")
		if rapid.Bool().Draw(t, "escape all") {
			var b strings.Builder
			for _, r := range s {
				fmt.Fprintf(&b, `\u%04x`, r)
			}
			return `"` + b.String() + `"`
		}
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	gap := func() string { return rapid.SampledFrom([]string{"", "", " ", "\n\t"}).Draw(t, "gap") }
	value = func(depth int) string {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		if depth > 4 {
			kind %= 3
		}
		var parts []string
		switch kind {
		case 0:
			return str()
		case 1:
			return rapid.SampledFrom([]string{"0", "-1.5", "1e9", "true", "false", "null"}).Draw(t, "word")
		case 2:
			return rapid.SampledFrom([]string{"[]", "{}", `""`}).Draw(t, "nothing")
		case 3:
			for range rapid.IntRange(0, 3).Draw(t, "length") {
				parts = append(parts, gap()+value(depth+1)+gap())
			}
			return "[" + strings.Join(parts, ",") + "]"
		}
		for range rapid.IntRange(0, 5).Draw(t, "length") {
			parts = append(parts, gap()+str()+gap()+":"+gap()+value(depth+1)+gap())
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	s := value(0)
	if rapid.IntRange(0, 3).Draw(t, "break") == 0 && len(s) > 0 {
		i := rapid.IntRange(0, len(s)-1).Draw(t, "at")
		s = s[:i] + rapid.SampledFrom([]string{"", ",", "}", "\"", "0", "\\"}).Draw(t, "with") + s[i+1:]
	}
	return s
}

func TestScannerAgreesWithEncodingJSONOnRandomValues(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		if s := jsonText(rt); utf8.ValidString(s) {
			agree(t, []byte(s))
		}
	})
}

func FuzzScanner(f *testing.F) {
	for _, o := range objects {
		f.Add([]byte(o))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if utf8.Valid(b) {
			agree(t, b)
		}
	})
}

func FuzzDecoder(f *testing.F) {
	for _, s := range []string{"", "A\r\nB\r", "gr\xe8ve", "été\xff", "\x81\x8d", "\xff\xfeA\x00", "\x00A\x00B", "\x00", "\xef\xbb\xbf"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, err := decodeText(s)
		if err != nil {
			if !errors.Is(err, ErrBinary) && !errors.Is(err, ErrEncoding) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if !utf8.ValidString(text) || strings.Contains(text, "\r") {
			t.Fatalf("%q became %q", s, text)
		}
		if again, err := decodeText(text); err != nil && !errors.Is(err, ErrBinary) || err == nil && again != text {
			t.Fatalf("decoding %q again gives %q, %v", text, again, err)
		}
	})
}

func FuzzRead(f *testing.F) {
	names := []string{"a.txt", "a.json", "a.jsonl", "a.ndjson", "a.txt.gz", "a.jsonl.gz", "a.json.zst", "a.jsonl.zst", "a.unknown", "a.xml", "a.html", "a.nitf"}
	for i := range names {
		for _, o := range objects {
			f.Add(uint8(i), []byte(o))
		}
		f.Add(uint8(i), []byte("[{\"text\":\"A\"},\n{\"text\":\"B\"}]"))
		f.Add(uint8(i), []byte("{\"text\":\"A\"}\n{\"text\":\"B\"\n\n{\"text\":\"C\"}"))
		f.Add(uint8(i), []byte(gzipped(objects[0])))
		f.Add(uint8(i), []byte(zstdCompressed(objects[0])))
		f.Add(uint8(i), []byte("\xff\xfe"+utf16LE(objects[0])))
	}
	addFormats(f, func(document []byte) {
		for i := range names {
			f.Add(uint8(i), document)
		}
	})
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		path := filepath.Join(t.TempDir(), names[int(which)%len(names)])
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		for a, err := range Read(t.Context(), []string{path}, Options{MaxArticle: 1 << 16}) {
			var reject *Reject
			switch {
			case err == nil:
				checkArticle(t, a)
			case !errors.As(err, &reject):
				t.Fatalf("%v is no Reject", err)
			case a != article.Article{} || reject.Origin == "" || reject.ID == "":
				t.Fatalf("article %v, reject %+v", a, reject)
			}
		}
	})
}

// addFormats hands every document of the formats' fixtures to add, cut to its first
// article so that mutations meet something.
func addFormats(f *testing.F, add func(document []byte)) {
	paths, err := filepath.Glob("../../fixtures/formats/*/*")
	if err != nil || len(paths) == 0 {
		f.Fatal(paths, err)
	}
	for _, path := range paths {
		document, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		add(document[:min(len(document), 3000)])
	}
	for _, document := range []string{rssOpen + item("A", "one") + rssClose, nitfOf("n", "A", "One."), newsML(usableItem, newsMeta, xhtml),
		"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title><content type='xhtml'><div>x</div></content></entry></feed>",
		`{"uri":"u","version":2,"headlines":[{"value":"H"}],"bodies":[{"role":"main","value":"<p>x"}]}`,
		`<html lang=fr><script type="application/ld+json">{"@type":"Article","headline":"H"}</script><p>Texte`} {
		add([]byte(document))
	}
}

// checkStream reads a document of the kind from standard input, whole and byte by byte.
func checkStream(t *testing.T, document []byte) {
	t.Helper()
	var outcomes [2][]string
	for i, in := range []io.Reader{bytes.NewReader(document), iotest.OneByteReader(bytes.NewReader(document))} {
		articles, rejects := collect(t, Options{Stdin: in, MaxArticle: 1 << 14}, "-")
		for _, a := range articles {
			checkArticle(t, a)
			outcomes[i] = append(outcomes[i], a.Origin+" "+a.ID+" "+a.Title+" "+a.Text)
		}
		for _, r := range rejects {
			outcomes[i] = append(outcomes[i], r.Error())
		}
	}
	// UTF-16 without byte-order mark is looked for in the first bytes that come.
	if diff := cmp.Diff(outcomes[0], outcomes[1]); diff != "" && !holdsZero(document) {
		t.Fatalf("%q:\n%s", document, diff)
	}
}

func FuzzMarkup(f *testing.F) {
	addFormats(f, func(document []byte) {
		if bytes.HasPrefix(document, []byte("<")) {
			f.Add(document)
		}
	})
	f.Fuzz(func(t *testing.T, document []byte) { checkStream(t, document) })
}

func FuzzNinjs(f *testing.F) {
	addFormats(f, func(document []byte) {
		if bytes.HasPrefix(document, []byte("{")) {
			f.Add(document)
		}
	})
	f.Add([]byte(`{"uri":"u","version":{"x":1},"pubstatus":"a:canceled","infosource":[{}],"bodies":[{"value":"x"}]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		checkStream(t, append([]byte("{"), document[min(1, len(document)):]...))
	})
}

func FuzzPageText(f *testing.F) {
	addFormats(f, func(document []byte) { f.Add(document, "utf-8", "https://x.example/") })
	f.Fuzz(func(t *testing.T, document []byte, charset, url string) {
		a, err := PageText(Page{HTML: document, Charset: charset, URL: url})
		a.ID, a.Origin = "x", "x"
		if err == nil && utf8.ValidString(url) {
			checkArticle(t, a)
		}
	})
}

func FuzzMarkupText(f *testing.F) {
	for _, s := range []string{"<p>a<br>b", "<pre>\n<![CDATA[x]]>", "<figure><x:p>&nbsp;&#0;&#xD800;", "a\u2028b\u00a0", "<table><td>a</td>", "\xff<p>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := MarkupText(s)
		if utf8.ValidString(s) && !utf8.ValidString(text) {
			t.Fatalf("%q became %q", s, text)
		}
		if strings.TrimSpace(text) != text || strings.Contains(text, "\n\n\n") || strings.Contains(text, "  ") || strings.Contains(text, " \n") {
			t.Fatalf("%q has white space in vain: %q", s, text)
		}
	})
}

func checkArticle(t *testing.T, a article.Article) {
	t.Helper()
	if a.ID == "" || a.Origin == "" || strings.TrimSpace(a.Text) == "" {
		t.Fatalf("incomplete: %+v", a)
	}
	for _, s := range []string{a.Text, a.Title, a.ID, a.URL, a.Source} {
		if !utf8.ValidString(s) {
			t.Fatalf("not UTF-8: %+v", a)
		}
	}
}

// readAs reads content as a file of the kind given, and returns how many articles and
// rejects came of it. It checks each.
func readAs(t *testing.T, f file, content []byte) (outcomes int) {
	t.Helper()
	opts := Options{MaxArticle: 1 << 16}
	keys, paths, err := compileFields(nil)
	if err != nil {
		t.Fatal(err)
	}
	f.path, f.id = "a", "a"
	r := &run{ctx: t.Context(), opts: opts, keys: keys, paths: paths}
	defer r.unpack.close()
	r.yield = func(a article.Article, err error) bool {
		outcomes++
		var reject *Reject
		switch {
		case err == nil:
			checkArticle(t, a)
		case !errors.As(err, &reject):
			t.Fatalf("%v is no Reject", err)
		case a != article.Article{} || reject.Origin == "" || reject.ID == "":
			t.Fatalf("article %v, reject %+v", a, reject)
		}
		return true
	}
	r.readStream(f, bytes.NewReader(content))
	return outcomes
}
