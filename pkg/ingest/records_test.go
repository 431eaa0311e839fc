package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRecordsAreTheBytesThatArticlesWereReadFrom(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"a.jsonl": "\ufeff {\"text\": \"one\", \"x\": [1.0]} \r\n\n{\"text\": 2}\n{\"text\": \"three\"}",
		"b.json":  "{\"text\":\n \"four\"} [ {\"text\" : \"five\"}, {\"id\": 6, \"text\": \"six\" } ]",
		"c.txt":   "seven",
		"d.csv":   "sep=;\r\nid;text\r\n1;\"eight\r\n\"\r\n2\n3;nine",
		"e.tar":   tarred(t, part{"x.txt", "ten"}, part{"y.jsonl", "{\"text\": \"eleven\"}"}),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for r, err := range Records(t.Context(), []string{dir}, Options{}) {
		line := fmt.Sprintf("%s %d %q", r.File, r.Kind, r.Raw)
		head := ""
		if r.Kind == Row {
			head = "sep=;\r\nid;text\r"
		}
		if filepath.Base(r.Path) != r.File || string(r.Head) != head || r.Bundled != (r.File == "e.tar") {
			t.Errorf("%+v", r)
		}
		if err != nil {
			line = fmt.Sprintf("%s %v %q", r.File, errors.Is(err, ErrNotString) || errors.Is(err, ErrTable), r.Raw)
		}
		got = append(got, line+" "+r.Text)
	}
	want := []string{
		`a.jsonl 1 " {\"text\": \"one\", \"x\": [1.0]} \r" one`,
		`a.jsonl true "" `,
		`a.jsonl 1 "{\"text\": \"three\"}" three`,
		`b.json 2 "{\"text\":\n \"four\"}" four`,
		`b.json 3 "{\"text\" : \"five\"}" five`,
		`b.json 3 "{\"id\": 6, \"text\": \"six\" }" six`,
		`c.txt 0 "" seven`,
		`d.csv 4 "1;\"eight\r\n\"\r" ` + "eight\n",
		`d.csv true "" `,
		`d.csv 4 "3;nine" nine`,
		`e.tar 0 "" ten`,
		`e.tar 1 "{\"text\": \"eleven\"}" eleven`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestRecordsReadAgainAreTheSameArticles writes the records of any objects as lines, and
// reads these.
func TestRecordsReadAgainAreTheSameArticles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in bytes.Buffer
		n := rapid.IntRange(1, 20).Draw(t, "n")
		for range n {
			object := map[string]any{"text": rapid.StringN(1, -1, -1).Draw(t, "text") + "x", "more": rapid.Int().Draw(t, "more")}
			b, err := json.MarshalIndent(object, "", rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent"))
			if err != nil {
				t.Fatal(err)
			}
			in.Write(append(b, "\n"...))
		}
		read := func(in string) (texts []string, raws []string) {
			for r, err := range Records(t.Context(), []string{"-"}, Options{Stdin: strings.NewReader(in)}) {
				if err != nil {
					t.Fatal(err)
				}
				texts, raws = append(texts, r.Text), append(raws, string(r.Raw))
			}
			return texts, raws
		}
		texts, raws := read(in.String())
		again, rawsAgain := read(strings.Join(raws, "\n"))
		if len(texts) != n || !cmp.Equal(texts, again) || !cmp.Equal(raws, rawsAgain) {
			t.Fatalf("%q\n%q", raws, rawsAgain)
		}
	})
}
