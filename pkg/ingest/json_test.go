package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/calque-dev/calque/pkg/article"
)

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

func zstdCompressed(s string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	defer w.Close()
	return string(w.EncodeAll([]byte(s), nil))
}

// bzip2Streams are two lines of JSON, each packed by itself.
const bzip2Streams = "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x1d\x40\xbb\xd8\x00\x00\x05\xdd\x80\x00\x10\x10\x00\x00\x10\x00\x08\x02\x00\x04\x4a\x20\x00\x31\x06\x4c\x41\x01\xa6\x9e\xa0\xd0\xdc\x22\xc2\xfc\x5d\xc9\x14\xe1\x42\x40\x75\x02\xef\x60" +
	"\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x01\xc2\x45\xb3\x00\x00\x05\xdd\x80\x00\x10\x10\x00\x00\x10\x00\x04\x02\x00\x04\x4a\x20\x00\x31\x06\x4c\x41\x01\xa6\x9e\xa0\xd0\xdc\x22\xc2\xfc\x5d\xc9\x14\xe1\x42\x40\x07\x09\x16\xcc"

func utf16LE(s string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}

func TestObjectFillsAnArticle(t *testing.T) {
	day := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	noon := day.Add(12 * time.Hour)
	for _, c := range []struct {
		name, object string
		fields       map[string]string
		want         article.Article
	}{
		{"all fields", `{"id":"x","title":"T","text":"A","lang":"FR_ca","url":"u","source":"AFP","published":"2024-03-01T13:00:00+01:00"}`, nil,
			article.Article{ID: "x", Title: "T", Text: "A", Language: "fr", URL: "u", Source: "AFP", Published: noon}},
		{"id as a number", `{"id":-12.50e3,"text":"A"}`, nil, article.Article{ID: "-12.50e3", Text: "A"}},
		{"no id", `{"text":"A"}`, nil, article.Article{ID: "a.jsonl:1", Text: "A"}},
		{"id null", `{"id":null,"text":"A"}`, nil, article.Article{ID: "a.jsonl:1", Text: "A"}},
		{"id empty", `{"id":"","text":"A"}`, nil, article.Article{ID: "a.jsonl:1", Text: "A"}},
		{"id an object", `{"id":{},"text":"A"}`, nil, article.Article{ID: "a.jsonl:1", Text: "A"}},
		{"text as it is", `{"id":"x","text":" A\r\n\u00e9 "}`, nil, article.Article{ID: "x", Text: " A\r\né "}},
		{"other kinds of value", `{"id":"x","text":"A","title":1,"lang":[],"url":null,"source":{},"published":5}`, nil, article.Article{ID: "x", Text: "A"}},
		{"last key wins", `{"id":"x","text":1,"text":"A","text":"B"}`, nil, article.Article{ID: "x", Text: "B"}},
		{"keys are case-sensitive", `{"id":"x","text":"A","Text":"B","TITLE":"C"}`, nil, article.Article{ID: "x", Text: "A"}},
		{"escaped key", `{"id":"x","t\u0065xt":"A"}`, nil, article.Article{ID: "x", Text: "A"}},
		{"pair of surrogates", `{"id":"x","text":"\ud83d\ude00 \ud83d \u0041"}`, nil, article.Article{ID: "x", Text: "😀 \ufffd A"}},
		{"Latin-1 in the line", "{\"id\":\"x\",\"text\":\"gr\xe8ve\"}", nil, article.Article{ID: "x", Text: "grève"}},
		{"date alone", `{"id":"x","text":"A","published":"2024-03-01"}`, nil, article.Article{ID: "x", Text: "A", Published: day}},
		{"date and time", `{"id":"x","text":"A","published":"2024-03-01 12:00:00"}`, nil, article.Article{ID: "x", Text: "A", Published: noon}},
		{"RFC 1123", `{"id":"x","text":"A","published":"Fri, 01 Mar 2024 12:00:00 GMT"}`, nil, article.Article{ID: "x", Text: "A", Published: noon}},
		{"RFC 1123 with offset", `{"id":"x","text":"A","published":"Fri, 01 Mar 2024 13:00:00 +0100"}`, nil, article.Article{ID: "x", Text: "A", Published: noon}},
		{"date for published", `{"id":"x","text":"A","date":"2024-03-01","published":""}`, nil, article.Article{ID: "x", Text: "A", Published: day}},
		{"no time at all", `{"id":"x","text":"A","published":"yesterday"}`, nil, article.Article{ID: "x", Text: "A"}},
		{"mapped", `{"guid":"x","text":"no","content":{"text":"no","body":"A"},"meta":{"when":"2024-03-01","o":{"name":"AFP"}},"date":"2020-01-01"}`,
			map[string]string{"id": "guid", "text": "content.body", "published": "meta.when", "source": "meta.o.name"},
			article.Article{ID: "x", Text: "A", Source: "AFP", Published: day}},
		{"mapped published replaces date", `{"id":"x","text":"A","date":"2024-03-01"}`, map[string]string{"published": "when"}, article.Article{ID: "x", Text: "A"}},
		{"one key for two fields", `{"id":"x","text":"A"}`, map[string]string{"title": "text"}, article.Article{ID: "x", Title: "A", Text: "A"}},
		{"an object and a part of it", `{"id":"x","text":"A","source":{"url":"u"}}`, map[string]string{"url": "source.url"}, article.Article{ID: "x", Text: "A", URL: "u"}},
		{"last object wins as a whole", `{"id":"x","a":{"t":"A","u":"U"},"a":{"t":"B"}}`, map[string]string{"text": "a.t", "url": "a.u"}, article.Article{ID: "x", Text: "B"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tree(t, map[string]string{"a.jsonl": c.object})
			articles, rejects := collect(t, Options{Fields: c.fields}, dir)
			if len(articles) != 1 || len(rejects) != 0 {
				t.Fatalf("%d articles, rejects %v", len(articles), rejects)
			}
			c.want.Origin = filepath.Join(dir, "a.jsonl") + ":1"
			if diff := cmp.Diff(c.want, articles[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBadLineIsRejectedAndReadingGoesOn(t *testing.T) {
	for _, c := range []struct {
		line, message string
		is            error
	}{
		{`{"id":"x"}`, "no text", ErrNoText},
		{`{"id":"x","text":null}`, "no text", ErrNoText},
		{`{"id":"x","text":""}`, "empty text", ErrEmptyText},
		{`{"id":"x","text":" \n\u00a0"}`, "empty text", ErrEmptyText},
		{`{"id":"x","text":["A"]}`, "text is not a string", ErrNotString},
		{`{"id":"x","text":"A"`, "broken JSON at byte 20: unexpected end of JSON input", ErrSyntax},
		{`{"id":"x","text":"A"},`, "broken JSON at byte 22: invalid character ',' after top-level value", ErrSyntax},
		{`{"id":"x","text":tru}`, "broken JSON at byte 21: invalid character '}' in literal true (expecting 'e')", ErrSyntax},
		{`[{"text":"A"}]`, "an array instead of a JSON object", ErrSyntax},
		{`17`, "a number instead of a JSON object", ErrSyntax},
		{`null`, "null instead of a JSON object", ErrSyntax},
		{"{\"text\":\"" + strings.Repeat("\xd0\xcf", 40) + "\"}", "unknown character set", ErrEncoding},
		{`{"text":"` + strings.Repeat("A", 1000) + `"}`, "article too large", ErrTooLarge},
	} {
		t.Run(c.line[:min(len(c.line), 30)], func(t *testing.T) {
			content := "{\"id\":1,\"text\":\"A\"}\r\n\r\n" + c.line + "\r\n \n{\"id\":2,\"text\":\"B\"}"
			dir := tree(t, map[string]string{"a.jsonl": content})
			articles, rejects := outcome(t, dir, Options{MaxArticle: 1000}, dir)
			want(t, articles, "1||A", "2||B")
			want(t, rejects, "a.jsonl:3: "+c.message)
			_, full := collect(t, Options{MaxArticle: 1000}, dir)
			if !errors.Is(full[0], c.is) {
				t.Errorf("%v is not %v", full[0], c.is)
			}
			if strings.HasPrefix(c.line, `{"id":"x"`) && c.is != ErrSyntax && full[0].ID != "x" {
				t.Errorf("id %q", full[0].ID)
			}
		})
	}
}

func TestJSONFile(t *testing.T) {
	for _, c := range []struct {
		name, content     string
		articles, rejects []string
	}{
		{"one object over lines", "{\n  \"id\": \"x\",\n  \"text\": \"A\"\n}\n", []string{"x||A"}, nil},
		{"one object without id", "{\"text\":\"A\"}", []string{"a.json:1||A"}, nil},
		{"array", "\ufeff[\n{\"text\":\"A\"},\n\n{\"id\":5,\"text\":\"B\"}\n]\n", []string{"a.json:1||A", "5||B"}, nil},
		{"empty array", "[ ]", nil, nil},
		{"two arrays", "[{\"id\":1,\"text\":\"A\"}][{\"id\":2,\"text\":\"B\"}]", []string{"1||A", "2||B"}, nil},
		{"empty", "", nil, []string{"a.json: empty file"}},
		{"blank", " \n", nil, []string{"a.json: empty text"}},
		{"binary", "\x89PNG\x00\x00", nil, []string{"a.json: not a text file"}},
		{"objects a line, one broken", "{\"text\":\"A\"}\n{\"text\":\"B\"\n{\"text\":\"C\",\n{\"text\":\"D\"}\n{\"m\":[\n{\"text\":\"E\"}\n",
			[]string{"a.json:1||A", "a.json:4||D", "a.json:6||E"},
			[]string{"a.json:2: broken JSON at byte 13: invalid character '{' after object key:value pair",
				"a.json:3: broken JSON at byte 14: invalid character '{' looking for beginning of object key string",
				"a.json:5: broken JSON at byte 20: unexpected end of JSON input"}},
		{"array with other values", "[{\"text\":\"A\"},3,\"s\",[],{\"text\":\"B\"}]", []string{"a.json:1||A", "a.json:5||B"},
			[]string{"a.json:2: a number instead of a JSON object", "a.json:3: a string instead of a JSON object", "a.json:4: an array instead of a JSON object"}},
		{"array broken in the middle", "[{\"text\":\"A\"},{\"text\":oops},\n{\"text\":\"C\"}]", []string{"a.json:1||A"},
			[]string{"a.json:2: broken JSON at byte 9: invalid character 'o' looking for beginning of value"}},
		{"array without comma", "[{\"text\":\"A\"} {\"text\":\"B\"}]", []string{"a.json:1||A"}, []string{"a.json:2: broken JSON: '{' after an array element"}},
		{"array with a comma too many", "[{\"text\":\"A\"},]", []string{"a.json:1||A"}, []string{"a.json:2: broken JSON at byte 1: invalid character ']' looking for beginning of value"}},
		{"array cut off", "[{\"text\":\"A\"}", []string{"a.json:1||A"}, []string{"a.json:2: broken JSON: the array does not end"}},
		{"array cut off in a record", "[{\"text\":\"A\"},{\"te", []string{"a.json:1||A"}, []string{"a.json:2: broken JSON at byte 4: unexpected end of JSON input"}},
		{"a record too large", "[{\"text\":\"A\"},{\"text\":\"" + strings.Repeat("}\\\"", 400) + "\"},{\"text\":\"C\"}]", []string{"a.json:1||A", "a.json:3||C"},
			[]string{"a.json:2: article too large"}},
		{"Latin-1 in one record", "[{\"text\":\"gr\xe8ve\"},{\"text\":\"grève\"}]", []string{"a.json:1||grève", "a.json:2||grève"}, nil},
		{"UTF-16", "\xff\xfe" + utf16LE("[{\"text\":\"é\"}]"), []string{"a.json:1||é"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tree(t, map[string]string{"a.json": c.content})
			articles, rejects := outcome(t, dir, Options{MaxArticle: 1000}, dir)
			want(t, articles, c.articles...)
			want(t, rejects, c.rejects...)
		})
	}
}

func TestLinesInOtherCharacterSets(t *testing.T) {
	dir := tree(t, map[string]string{
		"a.jsonl":  "\ufeff{\"text\":\"é\"}\n",
		"b.ndjson": "\xff\xfe" + utf16LE("{\"text\":\"é’\"}\n{\"text\":\"B\"}\n"),
		"c.jsonl":  "{\"text\":\"\xe9\"}\n{\"text\":\"é\"}\n",
		"d.jsonl":  "GIF\x00\n\n\n\n",
	})
	articles, rejects := outcome(t, dir, Options{}, dir)
	want(t, articles, "a.jsonl:1||é", "b.ndjson:1||é’", "b.ndjson:2||B", "c.jsonl:1||é", "c.jsonl:2||é")
	want(t, rejects, "d.jsonl: not a text file")
}

func TestPackedFiles(t *testing.T) {
	lines := strings.Repeat("{\"text\":\"A\"}\n", 3)
	dir := tree(t, map[string]string{
		"a.txt.gz":    gzipped("Titre\nA"),
		"b.txt.zst":   zstdCompressed("Titre\nB"),
		"c.jsonl.gz":  gzipped(lines[:20]) + gzipped(lines[20:]),
		"d.jsonl.zst": zstdCompressed(lines[:20]) + zstdCompressed(lines[20:]),
		"e.json.GZ":   gzipped(`[{"text":"E"}]`),
		"f.txt.gz":    gzipped(""),
		"g.txt.zst":   "",
		"h.txt.gz":    "plain text",
		"i.png.gz":    gzipped("x"),
		"j.txt.gz":    "",
		"k.jsonl.bz2": bzip2Streams,
		"l.txt.bz2":   bzip2Streams[:20],
		"m.txt.bz2":   "",
		"n.txt.bz2":   bzip2Streams[:30] + "x" + bzip2Streams[31:],
		"o.txt.gz":    gzipped(gzipped("A")),
	})
	articles, rejects := outcome(t, dir, Options{}, dir)
	want(t, articles, "a.txt.gz|Titre|Titre\nA", "b.txt.zst|Titre|Titre\nB",
		"c.jsonl.gz:1||A", "c.jsonl.gz:2||A", "c.jsonl.gz:3||A",
		"d.jsonl.zst:1||A", "d.jsonl.zst:2||A", "d.jsonl.zst:3||A", "e.json.GZ:1||E",
		"k.jsonl.bz2:1||K", "k.jsonl.bz2:2||L")
	want(t, rejects, "f.txt.gz: empty file", "g.txt.zst: empty file",
		"h.txt.gz: damaged compression: gzip: invalid header", "j.txt.gz: empty file",
		"l.txt.bz2: damaged compression: unexpected EOF", "m.txt.bz2: empty file",
		"n.txt.bz2: damaged compression: bzip2 data invalid: block checksum mismatch", "o.txt.gz: packed more than once; unpack it once and try again")
}

func TestArticlesBeforeTheDamageAreKept(t *testing.T) {
	var lines strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&lines, "{\"id\":%d,\"text\":\"%d\"}\n", i, i*i*7919)
	}
	array := "[" + strings.ReplaceAll(strings.TrimSpace(lines.String()), "\n", ",") + "]"
	flip := func(s string, fromEnd int) string {
		b := []byte(s)
		b[len(b)-fromEnd] ^= 0xff
		return string(b)
	}
	cut := func(s string) string { return s[:len(s)*2/3] }
	for name, content := range map[string]string{
		"cut.jsonl.gz":      cut(gzipped(lines.String())),
		"cut.jsonl.zst":     cut(zstdCompressed(lines.String())),
		"cut.json.gz":       cut(gzipped(array)),
		"cut.json.zst":      cut(zstdCompressed(array)),
		"checksum.jsonl.gz": flip(gzipped(lines.String()), 6),
		"checksum.json.zst": flip(zstdCompressed(array), 2),
		"tail.jsonl.gz":     gzipped(lines.String()) + "garbage after the end",
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, map[string]string{name: content, "z.txt": "Z"})
			articles, rejects := collect(t, Options{}, dir)
			if len(articles) < 3000 || articles[0].Text != "0" || articles[len(articles)-1].Text != "Z" {
				t.Errorf("%d articles", len(articles))
			}
			if len(rejects) != 1 || !errors.Is(rejects[0], ErrDamaged) {
				t.Errorf("rejects %v", rejects)
			}
		})
	}
	dir := tree(t, map[string]string{"a.txt.gz": cut(gzipped(lines.String()))})
	articles, rejects := outcome(t, dir, Options{}, dir)
	want(t, articles)
	want(t, rejects, "a.txt.gz: damaged compression: unexpected EOF")
}

func TestArticleMayBeVeryLong(t *testing.T) {
	const size = 20 << 20 // a window of 32 MiB; BenchmarkReadLongLine reads 100 MB
	text := strings.Repeat("la grève continue, ", size/20)
	object := `{"id":"x","text":"` + text + `"}`
	dir := tree(t, map[string]string{"a.jsonl": object + "\n" + object, "b.json": "[" + object + "]", "c.txt": text})
	for _, name := range []string{"a.jsonl", "b.json", "c.txt"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		articles, rejects := collect(t, Options{}, filepath.Join(dir, name))
		runtime.ReadMemStats(&after)
		if len(rejects) != 0 || articles[0].Text != text {
			t.Fatalf("%s: rejects %v", name, rejects)
		}
		// The text, the window it stood in, and what the window was while it grew.
		bound := uint64(len(articles)*len(text)) + 4*uint64(size)
		if got := after.TotalAlloc - before.TotalAlloc; got > bound {
			t.Errorf("%s: %d MiB allocated for %d MiB", name, got>>20, size>>20)
		}
	}
}

// naive is the twin of the scanner: encoding/json and maps.
func naive(b []byte, paths [fieldCount]string) (map[field]any, bool) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var top any
	if !json.Valid(b) || dec.Decode(&top) != nil {
		return nil, false
	}
	found := make(map[field]any)
	for f, path := range paths {
		at := top
		ok := true
		for _, name := range strings.Split(path, ".") {
			object, isObject := at.(map[string]any)
			if !isObject {
				ok = false
				break
			}
			if at, ok = object[name]; !ok {
				break
			}
		}
		if ok {
			found[field(f)] = at
		}
	}
	return found, true
}

// agree compares scanner and twin on valid UTF-8.
func agree(t *testing.T, b []byte) {
	t.Helper()
	mapped := map[string]string{"title": "a.b", "url": "a", "source": "a.c.d", "lang": "text"}
	paths := fieldNames
	for f, name := range paths {
		if to, ok := mapped[name]; ok {
			paths[f] = to
		}
	}
	keys, _, err := compileFields(mapped)
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.Trim(b, " \t\r\n")
	var r run
	end := r.scan.value(b, keys)
	found, ok := naive(b, paths)
	if number := len(b) > 0 && (b[0] == '-' || isDigit(b[0])); number {
		return // a bare number has no end
	}
	if (end == len(b) && len(b) > 0) != ok {
		t.Fatalf("%q: end %d of %d, encoding/json accepts: %v", b, end, len(b), ok)
	}
	if !ok {
		return
	}
	for f := range fieldCount {
		v, has := found[f]
		kind := r.scan.values[f].kind
		if has != (kind != 0) {
			t.Fatalf("%q: field %d: kind %q, encoding/json has it: %v", b, f, kind, has)
		}
		switch v := v.(type) {
		case string:
			if kind != '"' || r.text(f) != v {
				t.Fatalf("%q: field %d: %q, want %q", b, f, r.text(f), v)
			}
		case json.Number:
			if kind != '0' || string(r.scan.values[f].raw) != string(v) {
				t.Fatalf("%q: field %d: %q, want %q", b, f, r.scan.values[f].raw, v)
			}
		}
	}
}
