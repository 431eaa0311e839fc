package ingest

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

var errDisk = errors.New("disk on fire")

// fails gives its content and then an error.
func fails(content string) io.Reader {
	return io.MultiReader(strings.NewReader(content), iotest.ErrReader(errDisk))
}

func TestStreamThatFailsIsRejectedWhereItFails(t *testing.T) {
	for _, c := range []struct {
		name, content     string
		articles, rejects []string
	}{
		{"at once", "", nil, []string{"stdin: disk on fire"}},
		{"in a text", "Titre\n", nil, []string{"stdin: disk on fire"}},
		{"in UTF-16", "\xff\xfeA\x00", nil, []string{"stdin: disk on fire"}},
		{"between objects", "{\"text\":\"A\"}\n", []string{"stdin:1||A"}, []string{"stdin:2: disk on fire"}},
		{"in an object", "{\"text\":\"A\"}\n{\"text\"", []string{"stdin:1||A"}, []string{"stdin:2: disk on fire"}},
		{"in an array", "[{\"text\":\"A\"},", []string{"stdin:1||A"}, []string{"stdin:2: disk on fire"}},
		{"in an array's object", "[{\"text\":\"A\"},{\"te", []string{"stdin:1||A"}, []string{"stdin:2: disk on fire"}},
		{"packed", gzipped("A")[:12], nil, []string{"stdin: disk on fire"}},
		{"packed, in the header", gzipped("A")[:5], nil, []string{"stdin: disk on fire"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			articles, rejects := outcome(t, "", Options{Stdin: fails(c.content)}, "-")
			want(t, articles, c.articles...)
			want(t, rejects, c.rejects...)
			_, full := collect(t, Options{Stdin: fails(c.content)}, "-")
			if !errors.Is(full[0], errDisk) || errors.Is(full[0], ErrDamaged) {
				t.Errorf("%v hides the cause", full[0])
			}
		})
	}
}

func TestRecordTooLargeForTheWindowIsPassedOver(t *testing.T) {
	huge := `{"m":{"text":["}\"` + strings.Repeat(`]}\\`, 2*windowSize) + `"]}}`
	good := `{"text":"A"}`
	dir := tree(t, map[string]string{
		"a.jsonl": good + "\n" + huge + "\n" + good + "\n" + huge,
		"b.json":  "[" + good + "," + huge + "," + good + "]",
		"c.json":  good + "\n" + huge + "\n" + good + "\n" + huge[:len(huge)-1],
		"d.txt":   huge,
	})
	articles, rejects := outcome(t, dir, Options{MaxArticle: 1000}, dir)
	want(t, articles, "a.jsonl:1||A", "a.jsonl:3||A", "b.json:1||A", "b.json:3||A", "c.json:1||A", "c.json:3||A")
	want(t, rejects, "a.jsonl:2: article too large", "a.jsonl:4: article too large", "b.json:2: article too large",
		"c.json:2: article too large", "c.json:4: article too large", "d.txt: article too large")
}

func TestWhatIsReadDoesNotDependOnTheChunks(t *testing.T) {
	pieces := append([]string{"\n", "\r\n", "[", "]", ",", " ", "\"", "{\"text\":\"A\"}", "{\"text\":\"é\"}\n", "{\"text\":\"gr\xe8ve\"}\n",
		"[{\"text\":\"A\"},{\"text\":\"B\"}]", strings.Repeat(" ", 3000), "{\"text\":\"" + strings.Repeat("long ", 500) + "\"}\n"}, objects...)
	rapid.Check(t, func(rt *rapid.T) {
		content := "{" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(rt, "pieces"), "")
		if rapid.Bool().Draw(rt, "begin well") {
			content = content[1:]
		}
		outcomes := make([][]string, 3)
		for i, in := range []io.Reader{strings.NewReader(content), iotest.OneByteReader(strings.NewReader(content)),
			iotest.HalfReader(bytes.NewReader([]byte(content)))} {
			articles, rejects := outcome(t, "", Options{Stdin: in, MaxArticle: 2000}, "-")
			outcomes[i] = append(articles, rejects...)
		}
		for _, other := range outcomes[1:] {
			if diff := cmp.Diff(outcomes[0], other); diff != "" {
				rt.Fatalf("%q:\n%s", content, diff)
			}
		}
	})
}

func TestWhatAStreamIsDoesNotDependOnTheChunks(t *testing.T) {
	pieces := []string{"", "\x00", "\ufeff", "{", "[", "<", "“", "text,n\n", "{\"text\":\"A\"}\n", "<p>Grève à l’aube", "<?xml version='1.0'?>", "\n",
		"\x89PNG\r\n\x1a\n\x00\x00", "PK", "WARC/1.0\r\n", "Grève à l’aube. ", strings.Repeat("long ", 900), strings.Repeat(" ", 9000), "\xff\xfe", "BZh", "\x1f\x8b"}
	rapid.Check(t, func(rt *rapid.T) {
		content := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 6).Draw(rt, "pieces"), "")
		if rapid.Bool().Draw(rt, "UTF-16") {
			form := rapid.SampledFrom([]unicode.BOMPolicy{unicode.IgnoreBOM, unicode.UseBOM}).Draw(rt, "mark")
			order := rapid.SampledFrom([]unicode.Endianness{unicode.LittleEndian, unicode.BigEndian}).Draw(rt, "order")
			content, _ = unicode.UTF16(order, form).NewEncoder().String(strings.ToValidUTF8(content, ""))
		}
		var first []string
		for i, in := range []io.Reader{strings.NewReader(content), iotest.OneByteReader(strings.NewReader(content)),
			iotest.HalfReader(strings.NewReader(content))} {
			articles, rejects := outcome(t, "", Options{Stdin: in}, "-")
			got := append(articles, rejects...)
			if i == 0 {
				first = got
			} else if diff := cmp.Diff(first, got); diff != "" {
				rt.Fatalf("%q:\n%s", content, diff)
			}
		}
	})
}

func TestUTF16WithoutMarkIsKnownHoweverItComes(t *testing.T) {
	for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
		wide, err := unicode.UTF16(order, unicode.IgnoreBOM).NewEncoder().String("« Grève »\n\nUn « préavis » a été déposé.")
		if err != nil {
			t.Fatal(err)
		}
		articles, rejects := outcome(t, "", Options{Stdin: iotest.OneByteReader(strings.NewReader(wide))}, "-")
		want(t, articles, "stdin|« Grève »|« Grève »\n\nUn « préavis » a été déposé.")
		want(t, rejects)
	}
}

func TestLinesAndValuesAgreeOnGoodLines(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lines := rapid.SliceOf(rapid.SampledFrom([]string{"", " ", `{"text":"A"}`, `{"id":"x","text":"é"}`, `{"text":5}`, `{}`,
			"{\"text\":\"gr\xe8ve\"}", `{"text":"A","m":[{"text":"B"}]}`})).Draw(rt, "lines")
		content := strings.Join(lines, "\n")
		dir := tree(t, map[string]string{"a.jsonl": content, "a.json": content})
		fromJSON, rejectedJSON := outcome(t, dir, Options{}, dir+"/a.json")
		fromLines, rejectedLines := outcome(t, dir, Options{}, dir+"/a.jsonl")
		values := strings.ReplaceAll(strings.Join(append(fromJSON, rejectedJSON...), "\n"), "a.json:", "a.jsonl:")
		if got := strings.Join(append(fromLines, rejectedLines...), "\n"); !strings.Contains(content, "{") {
			return
		} else if got != values {
			rt.Fatalf("lines %q, values %q", got, values)
		}
	})
}

func TestFeedIsReadAsItComes(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
	}{
		{"JSON lines", []string{`{"text":"A"}` + "\n", `{"text":"B"}` + "\n"}},
		{"a table", []string{"text,n\n", "A,1\n", "B,2\n"}},
		{"records", []string{conversion("", "A"), conversion("", "B")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, out := io.Pipe()
			next, stop := iter.Pull2(Read(t.Context(), []string{"-"}, Options{Stdin: in}))
			defer stop()
			coming := make(chan string, len(c.lines))
			go func() {
				for line := range coming {
					io.WriteString(out, line)
				}
				out.Close()
			}()
			var read []string
			for i, line := range c.lines {
				coming <- line
				if i == 0 && len(c.lines) == 3 {
					continue // the header
				}
				a, err, _ := next() // hangs if it waits for what comes later
				if err != nil {
					t.Fatal(err)
				}
				read = append(read, a.Text)
			}
			close(coming)
			want(t, read, "A", "B")
		})
	}
}
