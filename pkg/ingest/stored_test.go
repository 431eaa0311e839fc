package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

// large is a file of JSON that is as large as is worth storing, by the white space after it.
func large(t interface{ Fatal(...any) }, path string, content []byte) string {
	padded := append(bytes.Clone(content), bytes.Repeat([]byte("\n"), worthStoring)...)
	if err := os.WriteFile(path, padded, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTextsAreReadAgainWhereTheyStand(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		var content []byte
		name := rapid.SampledFrom([]string{"a.jsonl", "a.json", "array.json"}).Draw(t, "name")
		if rapid.Bool().Draw(t, "mark") {
			content = append(content, "\ufeff"...)
		}
		if name == "array.json" {
			content = append(content, '[')
		}
		whole := map[string]bool{} // by id: its record is UTF-8
		for n := range rapid.IntRange(1, 8).Draw(t, "articles") {
			id := string(rune('a' + n))
			text := rapid.StringMatching(`[a-cé€😀"\\\n\t/ ]{1,30}x`).Draw(t, "text")
			quoted, _ := json.Marshal(text)
			if rapid.Bool().Draw(t, "escaped") {
				quoted = bytes.ReplaceAll(quoted, []byte("x"), []byte(`\u0078\ud83d\ude00\ud83d`))
			}
			record := append([]byte(rapid.SampledFrom([]string{"", " ", "\r\t"}).Draw(t, "before")), `{"id":"`+id+`","text":"before","text": `...)
			record = append(append(record, quoted...), ` ,"title":"after"} `...)
			if whole[id] = rapid.Bool().Draw(t, "UTF-8"); !whole[id] {
				record = bytes.Replace(record, []byte("after"), []byte("apr\xe8s"), 1)
			}
			if name == "array.json" && n > 0 {
				content = append(content, ',')
			}
			content = append(append(content, record...), '\n')
		}
		if name == "array.json" {
			content = append(content, ']')
		}
		marked := strings.HasPrefix(string(content), "\ufeff")
		path := large(t, filepath.Join(dir, name), content)
		n := 0
		for a, err := range Read(t.Context(), []string{path}, Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			if a.Stored.In == nil {
				if whole[a.ID] {
					t.Fatalf("the text of %s stands nowhere", a.ID)
				}
				continue
			}
			text, err := a.Stored.In.ReadText(a.Stored.Offset, a.Stored.Length)
			if err != nil || text != a.Text {
				t.Fatalf("%s (mark %v): %q again, %q before, %v", a.ID, marked, text, a.Text, err)
			}
			offset, length := rapid.Int64Range(0, int64(len(content)+9)).Draw(t, "offset"), rapid.IntRange(-1, 40).Draw(t, "length")
			if text, err = a.Stored.In.ReadText(offset, length); err == nil && !utf8.ValidString(text) {
				t.Fatalf("%d bytes from %d on are %q", length, offset, text)
			}
			if rapid.Bool().Draw(t, "close") {
				if err := a.Stored.In.Close(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n != len(whole) {
			t.Fatalf("%d articles of %d", n, len(whole))
		}
	})
}

// stores counts the files in which texts are told to stand.
func stores(t *testing.T, path string) int {
	t.Helper()
	found := map[article.Store]bool{}
	for a, err := range Read(t.Context(), []string{path}, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Stored.In != nil {
			found[a.Stored.In] = true
		}
	}
	return len(found)
}

func TestTextsStandInPlainLargeFilesOfJSONAlone(t *testing.T) {
	dir := t.TempDir()
	line := `{"text":"Le sommet s’est achevé sans accord, ont dit les délégués."}` + "\n"
	write := func(name string, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	many := strings.Repeat(line, worthStoring/len(line)+1)
	var wide []byte
	for _, r := range "\ufeff" + many {
		wide = append(wide, byte(r), byte(r>>8))
	}
	for _, c := range []struct {
		path string
		want int
	}{
		{write("large.jsonl", many), 1},
		{write("small.jsonl", line), 0},
		{write("wide.jsonl", string(wide)), 0},
		{write("packed.jsonl.gz", packedAs(t, ".gz", many)), 0},
		{write("large.txt", strings.Repeat("Une phrase. ", worthStoring/10)), 0},
		{write("bundle.tar", tarred(t, part{"in.jsonl", many})), 0},
	} {
		if got := stores(t, c.path); got != c.want {
			t.Errorf("%s: texts stand in %d files, want %d", filepath.Base(c.path), got, c.want)
		}
	}
}

func TestATextThatIsGoneIsAnError(t *testing.T) {
	path := large(t, filepath.Join(t.TempDir(), "a.jsonl"), []byte(`{"text":"The summit ended without a deal."}`))
	var s article.Stored
	for a := range Read(t.Context(), []string{path}, Options{}) {
		s = a.Stored
	}
	for _, content := range []string{"", strings.Repeat("{\n", 200), `{"text":"The summit of all ended without a deal."}`} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if text, err := s.In.ReadText(s.Offset, s.Length); !errors.Is(err, article.ErrChanged) {
			t.Errorf("%q is read from %q: %v", text, content, err)
		}
	}
	if err := s.In.Close(); err != nil {
		t.Error(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := s.In.ReadText(s.Offset, s.Length); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is gone: %v", err)
	}
}

func TestFewFilesStayOpen(t *testing.T) {
	before := openStores.Load()
	var all []*storedStrings
	dir := t.TempDir()
	for n := range maxOpen + 20 {
		s := &storedStrings{path: filepath.Join(dir, strings.Repeat("x", n%100)+string(rune('a'+n/100)))}
		if err := os.WriteFile(s.path, []byte(`"Un texte."`), 0o600); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, s := range all {
				if text, err := s.ReadText(0, len(`"Un texte."`)); err != nil || text != "Un texte." {
					t.Errorf("%q, %v", text, err)
				}
			}
		})
	}
	group.Wait()
	if n := openStores.Load(); n > maxOpen {
		t.Errorf("%d files are open", n)
	}
	for _, s := range all {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := openStores.Load(); n != before {
		t.Errorf("%d files are open, %d before", n, before)
	}
}
