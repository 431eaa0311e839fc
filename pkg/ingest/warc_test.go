package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

// warc is a record, with further fields given as "Name: value".
func warc(kind, contentType, block string, fields ...string) string {
	head := "WARC/1.0\r\nWARC-Type: " + kind + "\r\n"
	for _, f := range fields {
		head += f + "\r\n"
	}
	if contentType != "" {
		head += "Content-Type: " + contentType + "\r\n"
	}
	return head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s\r\n\r\n", len(block), block)
}

func conversion(id, text string) string {
	return warc("conversion", "text/plain", text, "WARC-Record-ID: <"+id+">")
}

// response is a response record of a page, with further fields of HTTP.
func response(id, body string, fields ...string) string {
	head := "HTTP/1.1 200 OK\r\n"
	if !slices.ContainsFunc(fields, func(f string) bool { return strings.HasPrefix(f, "Content-Type:") }) {
		head += "Content-Type: text/html; charset=iso-8859-1\r\n"
	}
	for _, f := range fields {
		head += f + "\r\n"
	}
	return warc("response", "application/http; msgtype=response", head+"\r\n"+body, "WARC-Record-ID: <"+id+">")
}

// bare is a Page that leaves out tags, and shows what it was given.
func bare(p Page) (article.Article, error) {
	text := string(p.HTML)
	text = strings.ReplaceAll(strings.ReplaceAll(text, "<html>", ""), "</html>", "")
	if strings.TrimSpace(text) == "" {
		return article.Article{}, ErrNoText
	}
	return article.Article{Title: p.Charset, Text: text}, nil
}

// packedAs packs each record by itself.
func packedAs(t testing.TB, ext string, records ...string) string {
	t.Helper()
	var out strings.Builder
	for _, r := range records {
		switch ext {
		case ".gz":
			r = gzipped(r)
		case ".zst":
			r = zstdCompressed(r)
		}
		out.WriteString(r)
	}
	return out.String()
}

var warcExtensions = []string{"", ".gz", ".zst"}

func TestWARCRecordsAreArticles(t *testing.T) {
	info := warc("warcinfo", "application/warc-fields", "software: example\r\n")
	request := warc("request", "application/http; msgtype=request", "GET / HTTP/1.1\r\n\r\n")
	text := warc("conversion", "text/plain", "Une grève\nLe texte.\n", "WARC-Record-ID: <urn:uuid:1>",
		"WARC-Target-URI: https://example.org/greve", "WARC-Date: 2024-05-02T10:11:12Z", "WARC-Identified-Content-Language: fra")
	page := warc("response", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>A page.</html>",
		"WARC-Target-URI: <http://www.example.org/a>", "WARC-Date: 2024-05-02T10:11:12.5Z")
	for _, ext := range warcExtensions {
		dir := tree(t, map[string]string{"a.warc" + ext: packedAs(t, ext, info, request, text, page)})
		got, rejects := collect(t, Options{Page: bare}, dir)
		name := "a.warc" + ext
		want := []article.Article{
			{ID: "urn:uuid:1", Title: "Une grève", Text: "Une grève\nLe texte.\n", Language: "fr", URL: "https://example.org/greve",
				Source: "example.org", Published: time.Date(2024, 5, 2, 10, 11, 12, 0, time.UTC), Origin: dir + "/" + name + ":3"},
			{ID: name + ":4", Text: "A page.", URL: "http://www.example.org/a", Source: "www.example.org",
				Published: time.Date(2024, 5, 2, 10, 11, 12, 5e8, time.UTC), Origin: dir + "/" + name + ":4"},
		}
		if diff := cmp.Diff(want, got); diff != "" || len(rejects) > 0 {
			t.Errorf("%s: %s\n%v", name, diff, rejects)
		}
	}
}

func TestWARCIsKnownByItsFirstBytes(t *testing.T) {
	for _, ext := range warcExtensions {
		content := packedAs(t, ext, conversion("x", "A"), conversion("y", "B"))
		articles, rejects := outcome(t, "", Options{Stdin: strings.NewReader(content)}, "-")
		want(t, articles, "x|A|A", "y|B|B")
		want(t, rejects)
	}
}

func TestWARCPackedAsAWhole(t *testing.T) {
	whole := conversion("x", "A") + conversion("y", "B")
	dir := tree(t, map[string]string{"a.warc.gz": gzipped(whole), "b.warc.zst": zstdCompressed(whole), "c.warc.wet.gz": gzipped(whole)})
	articles, rejects := outcome(t, dir, Options{}, dir)
	want(t, articles, "x|A|A", "y|B|B", "x|A|A", "y|B|B", "x|A|A", "y|B|B")
	want(t, rejects)
}

func TestWARCRecordsThatAreNoArticleArePassedOver(t *testing.T) {
	page := func(status, contentType, body string) string {
		return warc("response", "application/http", "HTTP/1.1 "+status+"\r\nContent-Type: "+contentType+"\r\n\r\n"+body)
	}
	content := warc("warcinfo", "application/warc-fields", "a: b") + warc("request", "application/http", "GET / HTTP/1.0\r\n\r\n") +
		page("404 Not Found", "text/html", "<html>Gone</html>") + page("301 Moved", "text/html", "<html>Gone</html>") +
		page("200 OK", "image/png", "\x89PNG") + page("200 OK", "TEXT/PLAIN; x", "text") + page("200 OK", "text/html", "") +
		warc("response", "text/dns", "20240502 example.org. 1.2.3.4") + warc("conversion", "image/png", "x") + warc("Revisit", "", "") +
		page("200 OK", "", "\x00\x01") + page("200 OK", "", "<!DOCTYPE html><html>B</html>") + conversion("x", "A") +
		warc("response", "application/http", "gopher\r\n\r\n")
	var passed []string
	articles, rejects := outcome(t, "", Options{Page: bare, Stdin: strings.NewReader(content), PassedOver: func(origin, what string) {
		passed = append(passed, origin+" "+what)
	}}, "-")
	want(t, articles, "stdin:12||<!DOCTYPE html>B", "x|A|A")
	want(t, rejects)
	want(t, passed, "stdin:1 warcinfo", "stdin:2 request", "stdin:3 HTTP status 404", "stdin:4 HTTP status 301", "stdin:5 image/png",
		"stdin:6 text/plain", "stdin:7 empty response", "stdin:8 response text/dns", "stdin:9 conversion image/png", "stdin:10 revisit",
		"stdin:11 response of unknown type", "stdin:14 response without HTTP header")
}

func TestWARCBodiesAreUnpacked(t *testing.T) {
	html := "<html>" + strings.Repeat("Une grève. ", 50) + "</html>"
	pack := func(make func(w io.Writer) io.WriteCloser) string {
		var b bytes.Buffer
		w := make(&b)
		io.WriteString(w, html)
		w.Close()
		return b.String()
	}
	gz := gzipped(html)
	zl := pack(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	raw := pack(func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 6); return f })
	br := pack(func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
	chunked := fmt.Sprintf("7;a=b\r\n%s\r\n%X\r\n%s\r\n0\r\nX-After: y\r\n\r\n", gz[:7], len(gz)-7, gz[7:])
	for _, c := range []struct {
		name, body string
		fields     []string
		want       string
	}{
		{"plain", html, nil, ""},
		{"gzip", gz, []string{"Content-Encoding: gzip"}, ""},
		{"x-gzip", gz, []string{"CONTENT-ENCODING:x-gzip"}, ""},
		{"deflate with zlib header", zl, []string{"Content-Encoding: deflate"}, ""},
		{"deflate without", raw, []string{"Content-Encoding: deflate"}, ""},
		{"brotli", br, []string{"Content-Encoding: br"}, ""},
		{"zstd", zstdCompressed(html), []string{"Content-Encoding: zstd"}, ""},
		{"chunked gzip", chunked, []string{"Transfer-Encoding: chunked", "Content-Encoding: gzip"}, ""},
		{"chunks cut off", "FF\r\n" + html[:200], []string{"Transfer-Encoding: chunked"}, html[6:200]},
		{"said to be chunked, and is not", html, []string{"Transfer-Encoding: chunked"}, ""},
		{"said to be gzip, and is not", html, []string{"Content-Encoding: gzip"}, ""},
		{"said to be deflate, and is not", html, []string{"Content-Encoding: deflate"}, ""},
		{"said to be brotli, and is not", html, []string{"Content-Encoding: br"}, ""},
		{"damaged gzip", gz[:30] + "x" + gz[31:], []string{"Content-Encoding: gzip"}, "stdin:1: damaged compression: gzip: "},
		{"an encoding that nobody knows", gz, []string{"Content-Encoding: compress"}, `stdin:1: unknown character set: unknown content encoding "compress"`},
		{"gzip in gzip", gzipped(gz), []string{"Content-Encoding: gzip, gzip"}, "stdin:1: packed more than once"},
		{"a bomb", gzipped(strings.Repeat(" ", 1<<20)), []string{"Content-Encoding: gzip"}, "stdin:1: article too large"},
		{"nothing in it", "<html> </html>", nil, "stdin:1: no text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			articles, rejects := outcome(t, "", Options{Page: bare, MaxArticle: 1 << 16, Stdin: strings.NewReader(response("x", c.body, c.fields...))}, "-")
			text := html[6 : len(html)-7]
			if c.want != "" && !strings.HasPrefix(c.want, "stdin:1") {
				text, c.want = c.want, ""
			}
			switch {
			case c.want == "":
				want(t, articles, "x|iso-8859-1|"+text)
				want(t, rejects)
			case len(articles) > 0 || len(rejects) != 1 || !strings.HasPrefix(rejects[0], c.want):
				t.Errorf("%v, %v", articles, rejects)
			}
		})
	}
}

func TestBodyCutOffOnPurposeIsReadAsFarAsItGoes(t *testing.T) {
	html := "<html>" + strings.Repeat("Une grève de 24 heures. Puis une autre, plus longue. ", 50)
	record := warc("response", "application/http", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"+gzipped(html)[:60],
		"WARC-Truncated: length")
	articles, rejects := collect(t, Options{Page: bare, Stdin: strings.NewReader(record)}, "-")
	if len(articles) != 1 || len(rejects) > 0 || !strings.HasPrefix(html[6:], articles[0].Text) {
		t.Errorf("%v, %v", articles, rejects)
	}
}

func TestBrokenWARCRecordIsRejectedAndTheNextOneRead(t *testing.T) {
	a, b := conversion("a", "Alpha"), conversion("b", "Beta")
	at := func(s string) string { return fmt.Sprintf(" (the record at byte %d)", len(s)) }
	for _, c := range []struct{ name, content, reject string }{
		{"no magic", a + "junk\r\n" + b, "it does not begin with \"WARC/\"" + at(a)},
		{"no length", a + strings.Replace(a, "Content-Length", "Length", 1) + b, "no Content-Length" + at(a)},
		{"a length that is no number", a + strings.Replace(a, "Length: 5", "Length: -5", 1) + b, "Content-Length \"-5\"" + at(a)},
		{"too short a length", a + strings.Replace(a, "Length: 5", "Length: 3", 1) + b, "it does not end after the 3 bytes announced" + at(a)},
		{"too long a length", a + strings.Replace(a, "Length: 5", "Length: 30", 1) + b, "it does not end after the 30 bytes announced" + at(a)},
		{"no type", a + strings.Replace(a, "WARC-Type", "Type", 1) + b, "no WARC-Type" + at(a)},
	} {
		t.Run(c.name, func(t *testing.T) {
			articles, rejects := outcome(t, "", Options{Stdin: strings.NewReader(c.content)}, "-")
			want(t, articles, "a|Alpha|Alpha", "b|Beta|Beta")
			want(t, rejects, "stdin:2: broken WARC record: "+c.reject)
		})
	}
	t.Run("a length beyond the file's", func(t *testing.T) {
		dir := tree(t, map[string]string{"a.warc": a + strings.Replace(a, "Length: 5", "Length: 5000000000000", 1) + b})
		articles, rejects := outcome(t, dir, Options{}, dir)
		want(t, articles, "a|Alpha|Alpha", "b|Beta|Beta")
		want(t, rejects, fmt.Sprintf("a.warc:2: broken WARC record: 5000000000000 bytes are announced, %d follow%s", 9+len(b), at(a)))
	})
	t.Run("cut off", func(t *testing.T) {
		articles, rejects := outcome(t, "", Options{Stdin: strings.NewReader(a + b[:len(b)-7])}, "-")
		want(t, articles, "a|Alpha|Alpha")
		want(t, rejects, "stdin:2: broken WARC record: the file ends in its block"+at(a))
		articles, rejects = outcome(t, "", Options{Stdin: strings.NewReader(a + b[:len(b)-3])}, "-")
		want(t, articles, "a|Alpha|Alpha", "b|Beta|Beta")
		want(t, rejects)
	})
	t.Run("nothing of use", func(t *testing.T) {
		_, rejects := outcome(t, "", Options{Stdin: strings.NewReader(warc("request", "", "x") + warc("warcinfo", "", "x"))}, "-")
		want(t, rejects, "stdin: no page and no text in its 2 records")
	})
}

func TestDamagedMemberIsRejectedAndTheNextOneRead(t *testing.T) {
	long := conversion("b", "Beta\n"+strings.Repeat("Un texte qui se répète. 0123456789 ", 40)+fmt.Sprint(time.Hour))
	for _, ext := range warcExtensions[1:] {
		a, b, c := packedAs(t, ext, conversion("a", "Alpha")), packedAs(t, ext, long), packedAs(t, ext, conversion("c", "Gamma"))
		for i := range b {
			damaged := []byte(b)
			damaged[i] ^= 0x55
			dir := tree(t, map[string]string{"a.warc" + ext: a + string(damaged) + c})
			articles, rejects := outcome(t, dir, Options{}, dir)
			if slices.Equal(articles, []string{"a|Alpha|Alpha", "c|Gamma|Gamma"}) && len(rejects) == 1 &&
				strings.HasPrefix(rejects[0], "a.warc"+ext+":2: ") && strings.HasSuffix(rejects[0], fmt.Sprintf("(the record at byte %d)", len(a))) {
				continue
			}
			// Some bits of a header mean nothing.
			if len(rejects) == 0 && len(articles) == 3 {
				continue
			}
			t.Errorf("%s, byte %d: %v, %v", ext, i, articles, rejects)
		}
		articles, rejects := outcome(t, "", Options{Stdin: strings.NewReader(a + "junk" + c)}, "-")
		want(t, articles, "a|Alpha|Alpha", "c|Gamma|Gamma")
		if len(rejects) != 1 || !strings.Contains(rejects[0], fmt.Sprintf("(the record at byte %d)", len(a))) {
			t.Errorf("%s: %v", ext, rejects)
		}
		_, full := collect(t, Options{Stdin: strings.NewReader(a + b[:len(b)-9])}, "-")
		if len(full) != 1 || !errors.Is(full[0], ErrDamaged) {
			t.Errorf("%s cut off: %v", ext, full)
		}
	}
}

func TestWARCWithADictionary(t *testing.T) {
	var samples [][]byte
	for i := range 200 {
		samples = append(samples, []byte(conversion(fmt.Sprint(i), fmt.Sprintf("Story %d of the day, about %d things", i, i*i))))
	}
	dict, err := zstd.BuildDict(zstd.BuildDictOptions{ID: 7, Contents: samples, History: bytes.Join(samples[:20], nil), Offsets: [3]int{1, 4, 8}})
	if err != nil {
		t.Fatal(err)
	}
	var content bytes.Buffer
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderDict(dict))
	if err != nil {
		t.Fatal(err)
	}
	for _, stored := range [][]byte{dict, []byte(zstdCompressed(string(dict)))} {
		content.Reset()
		content.Write(magicZstdDict)
		content.Write([]byte{byte(len(stored)), byte(len(stored) >> 8), byte(len(stored) >> 16), 0})
		content.Write(stored)
		content.Write(enc.EncodeAll([]byte(conversion("x", "Story of the day")), nil))
		content.Write(enc.EncodeAll([]byte(conversion("y", "Things")), nil))
		dir := tree(t, map[string]string{"a.warc.zst": content.String()})
		articles, rejects := outcome(t, dir, Options{}, dir)
		want(t, articles, "x|Story of the day|Story of the day", "y|Things|Things")
		want(t, rejects)
	}
}

func TestWARCStreamThatFailsIsRejectedWhereItFails(t *testing.T) {
	for _, ext := range warcExtensions {
		content := packedAs(t, ext, conversion("a", "Alpha"), conversion("b", "Beta"))
		articles, rejects := outcome(t, "", Options{Stdin: fails(content[:len(content)-12])}, "-")
		want(t, articles, "a|Alpha|Alpha")
		want(t, rejects, "stdin:2: disk on fire")
	}
}

func TestWARCRecordTooLargeIsPassedOver(t *testing.T) {
	large := strings.Repeat("long ", 100_000)
	for _, ext := range warcExtensions {
		content := packedAs(t, ext, conversion("a", "Alpha"), conversion("b", large), response("c", large), conversion("d", "Delta"))
		for _, in := range []io.Reader{strings.NewReader(content), iotest.HalfReader(strings.NewReader(content))} {
			articles, rejects := outcome(t, "", Options{Stdin: in, MaxArticle: 100_000}, "-")
			want(t, articles, "a|Alpha|Alpha", "d|Delta|Delta")
			want(t, rejects, "stdin:2: article too large", "stdin:3: article too large")
		}
	}
}

func FuzzWARC(f *testing.F) {
	records := []string{conversion("a", "Alpha"), response("b", "<html>B</html>", "Content-Encoding: gzip"), response("c", gzipped("<html>C</html>"), "Content-Encoding: gzip"),
		response("d", "3\r\n<ht\r\n5\r\nml>D\n\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), warc("request", "", "GET"), "WARC/1.0\n\n", "junk"}
	for i := range warcExtensions {
		for _, r := range records {
			f.Add(uint8(i), []byte(packedAs(f, warcExtensions[i], r)))
			f.Add(uint8(i), []byte(packedAs(f, warcExtensions[i], records[0], r, records[0])))
		}
	}
	packings := []packing{packingNone, packingGzip, packingZstd, packingUnknown}
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		if n := readAs(t, file{format: formatWARC, packing: packings[int(which)%len(packings)]}, content); n == 0 {
			t.Fatal("no outcome")
		}
	})
}

// FuzzMembers checks that members give what a decompressor does, as far as there is no damage.
func FuzzMembers(f *testing.F) {
	f.Add([]byte("Alpha"), []byte("Beta"), uint16(0), byte(0))
	f.Add(bytes.Repeat([]byte("Alpha"), 100), []byte{}, uint16(20), byte(1))
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		f.Fatal(err)
	}
	gz := gzip.NewWriter(nil)
	f.Fuzz(func(t *testing.T, a, b []byte, at uint16, change byte) {
		for _, p := range []packing{packingGzip, packingZstd} {
			var stored []byte
			for _, part := range [][]byte{a, b} {
				if p == packingGzip {
					var out bytes.Buffer
					gz.Reset(&out)
					gz.Write(part)
					gz.Close()
					stored = append(stored, out.Bytes()...)
				} else {
					stored = encoder.EncodeAll(part, stored)
				}
			}
			stored[int(at)%len(stored)] ^= change
			m, err := newMembers(p, bytes.NewReader(stored), &source{})
			if err != nil {
				continue
			}
			got, err := io.ReadAll(m)
			m.close()
			if change == 0 && (err != nil || !bytes.Equal(got, append(slices.Clone(a), b...))) {
				t.Fatalf("%q, %v", got, err)
			}
		}
	})
}

func TestWhatIsReadOfAWARCFileDoesNotDependOnTheChunks(t *testing.T) {
	pieces := []string{conversion("a", "Alpha"), conversion("b", strings.Repeat("long ", 600)), response("c", "<html>C</html>"), warc("request", "", "x"),
		"junk", "\r\n", "\n", conversion("d", "Delta")[:70], strings.Replace(conversion("e", "Epsilon"), "Length: 7", "Length: 4", 1),
		strings.Replace(conversion("f", "Phi"), "Length: 3", "Length: 300", 1), "WARC/1.0\r\n\r\n", strings.Repeat(" ", 100)}
	rapid.Check(t, func(rt *rapid.T) {
		ext := rapid.SampledFrom(warcExtensions).Draw(rt, "packed")
		drawn := rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 8).Draw(rt, "pieces")
		content := packedAs(t, ext, drawn...)
		if rapid.IntRange(0, 3).Draw(rt, "damage") == 0 {
			i := rapid.IntRange(0, len(content)-1).Draw(rt, "at")
			content = content[:i] + "x" + content[i+1:]
		}
		var first []string
		for i, in := range []io.Reader{strings.NewReader(content), iotest.OneByteReader(strings.NewReader(content)),
			iotest.HalfReader(strings.NewReader(content))} {
			articles, rejects := outcome(t, "", Options{Stdin: in, MaxArticle: 2000, Page: bare}, "-")
			got := append(articles, rejects...)
			if i == 0 {
				first = got
			} else if diff := cmp.Diff(first, got); diff != "" {
				rt.Fatalf("%q:\n%s", content, diff)
			}
		}
	})
}
