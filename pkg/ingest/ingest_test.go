package ingest

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
)

// tree writes files, by slashed path, into a new folder.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// collect reads everything.
func collect(t testing.TB, opts Options, inputs ...string) (articles []article.Article, rejects []*Reject) {
	t.Helper()
	for a, err := range Read(t.Context(), inputs, opts) {
		var reject *Reject
		switch {
		case err == nil:
			articles = append(articles, a)
		case errors.As(err, &reject):
			rejects = append(rejects, reject)
		default:
			t.Fatalf("an error that is no Reject: %v", err)
		}
	}
	return articles, rejects
}

// outcome is what collect found in short: "id|title|text" lines, and reject messages
// without the folder.
func outcome(t testing.TB, dir string, opts Options, inputs ...string) (articles, rejects []string) {
	t.Helper()
	as, rs := collect(t, opts, inputs...)
	within := func(s string) string {
		if dir == "" {
			return s
		}
		return strings.ReplaceAll(s, dir+string(filepath.Separator), "")
	}
	for _, a := range as {
		articles = append(articles, within(a.ID+"|"+a.Title+"|"+a.Text))
	}
	for _, r := range rs {
		rejects = append(rejects, within(r.Error()))
	}
	return articles, rejects
}

func want(t testing.TB, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTextFileIsOneArticle(t *testing.T) {
	long := strings.Repeat("mot ", 100)
	for _, c := range []struct{ name, content, title, text string }{
		{"headline and body", "Une grève\n\nLe texte.\n", "Une grève", "Une grève\n\nLe texte.\n"},
		{"blank lines before the headline", "\n  \n Grève \nTexte", "Grève", "\n  \n Grève \nTexte"},
		{"a headline only", "Grève", "Grève", "Grève"},
		{"a paragraph is no headline", long + "\nfin", "", long + "\nfin"},
		{"300 characters are a headline", strings.Repeat("é", 300), strings.Repeat("é", 300), strings.Repeat("é", 300)},
		{"a byte-order mark goes", "\ufeffGrève\nTexte", "Grève", "Grève\nTexte"},
		{"CRLF becomes a newline", "A\r\nB\r\n", "A", "A\nB\n"},
		{"CR becomes a newline", "A\rB\r\r\n", "A", "A\nB\n\n"},
		{"JSON in a .txt is text", "{\"text\":\"a\"}\n", `{"text":"a"}`, "{\"text\":\"a\"}\n"},
		{"Latin-1", "Gr\xe8ve \xe0 Orl\xe9ans", "Grève à Orléans", "Grève à Orléans"},
		{"Windows-1252 quotation marks", "\x93Oui\x94 \x80", "“Oui” €", "“Oui” €"},
		{"damaged UTF-8 stays UTF-8", "été à la\xff mer", "été à la\ufffd mer", "été à la\ufffd mer"},
		{"ASCII with one high byte is Windows-1252", "caf\xe9", "café", "café"},
		{"UTF-16 LE with mark", "\xff\xfeA\x00\xe9\x00\x19\x20", "Aé’", "Aé’"},
		{"UTF-16 BE with mark", "\xfe\xff\x00A\x00\xe9\x20\x19", "Aé’", "Aé’"},
		{"UTF-16 LE without mark", "G\x00r\x00\xe8\x00v\x00e\x00\r\x00\n\x00a\x00", "Grève", "Grève\na"},
		{"UTF-16 BE without mark", "\x00G\x00r\x00\xe8\x00v\x00e", "Grève", "Grève"},
		{"a few control characters pass", "A" + strings.Repeat("b", 200) + "\x0c\x1b\x01", "A" + strings.Repeat("b", 200) + "\x0c\x1b\x01", "A" + strings.Repeat("b", 200) + "\x0c\x1b\x01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tree(t, map[string]string{"a.txt": c.content})
			articles, rejects := collect(t, Options{}, dir)
			if len(articles) != 1 || len(rejects) != 0 {
				t.Fatalf("%d articles, rejects %v", len(articles), rejects)
			}
			want := article.Article{ID: "a.txt", Title: c.title, Text: c.text, Origin: filepath.Join(dir, "a.txt")}
			if diff := cmp.Diff(want, articles[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTextFileIsRejected(t *testing.T) {
	russian := strings.Repeat("\xcf\xf0\xe8\xe2\xe5\xf2 ", 10)
	for _, c := range []struct {
		name, content, message string
		is                     []error
	}{
		{"empty", "", "a.txt: empty file", []error{ErrEmpty, ErrEmptyFile}},
		{"blank", " \n\t\r\n\u00a0", "a.txt: empty text", []error{ErrEmpty, ErrEmptyText}},
		{"a mark only", "\ufeff", "a.txt: empty text", []error{ErrEmptyText}},
		{"zero bytes", "GIF89a\x00\x01", "a.txt: not a text file", []error{ErrBinary}},
		{"control characters", "\x01\x02\x03abc", "a.txt: not a text file", []error{ErrBinary}},
		{"UTF-32", "\xff\xfe\x00\x00A\x00\x00\x00", "a.txt: unknown character set", []error{ErrEncoding}},
		{"hardly a letter in ASCII", russian, "a.txt: unknown character set", []error{ErrEncoding}},
		{"too large", strings.Repeat("a", 1001), "a.txt: article too large", []error{ErrTooLarge}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tree(t, map[string]string{"a.txt": c.content})
			opts := Options{MaxArticle: 1000}
			articles, rejects := outcome(t, dir, opts, dir)
			want(t, articles)
			want(t, rejects, c.message)
			_, full := collect(t, opts, dir)
			for _, target := range c.is {
				if !errors.Is(full[0], target) {
					t.Errorf("%v is not %v", full[0], target)
				}
			}
			if full[0].ID != "a.txt" {
				t.Errorf("id %q", full[0].ID)
			}
		})
	}
}

func TestEmptyFileAndEmptyTextDiffer(t *testing.T) {
	if errors.Is(ErrEmptyFile, ErrEmptyText) || errors.Is(ErrEmptyText, ErrEmptyFile) {
		t.Error("one is the other")
	}
}

func TestFolderIsWalkedSortedAndPassesOverOtherFiles(t *testing.T) {
	dir := tree(t, map[string]string{
		"b.txt": "B", "a/z.txt": "Z", "a/b.TXT": "AB", "c.jsonl": `{"text":"C"}`,
		"x.doc": "x\ty", "x.png": "\x89PNG\x00", "README.md": "# x", "none": "x", "x.gz": "x",
		".hidden.txt": "h", ".git/a.txt": "h",
	})
	articles, rejects := outcome(t, dir, Options{}, dir)
	want(t, articles, "a/b.TXT|AB|AB", "a/z.txt|Z|Z", "b.txt|B|B", "c.jsonl:1||C")
	want(t, rejects)
}

func TestIdentifiersFollowTheInputs(t *testing.T) {
	dir := tree(t, map[string]string{"d/a.txt": "A", "d/s/b.txt": "B", "e/c.txt": "C"})
	t.Chdir(dir)
	for _, c := range []struct {
		name   string
		inputs []string
		want   []string
	}{
		{"one folder", []string{"d"}, []string{"a.txt|A|A", "s/b.txt|B|B"}},
		{"one folder, trailing slash", []string{"./d/"}, []string{"a.txt|A|A", "s/b.txt|B|B"}},
		{"two folders", []string{"e", "./d/"}, []string{"e/c.txt|C|C", "d/a.txt|A|A", "d/s/b.txt|B|B"}},
		{"one file", []string{"./d/../d/a.txt"}, []string{"d/a.txt|A|A"}},
		{"the folder itself", []string{"."}, []string{"d/a.txt|A|A", "d/s/b.txt|B|B", "e/c.txt|C|C"}},
		{"glob", []string{"d/*.txt"}, []string{"d/a.txt|A|A"}},
		{"glob that matches folders", []string{"?"}, []string{"d/a.txt|A|A", "d/s/b.txt|B|B", "e/c.txt|C|C"}},
		{"deep glob", []string{"**/*.txt"}, []string{"d/a.txt|A|A", "d/s/b.txt|B|B", "e/c.txt|C|C"}},
		{"deep glob below a folder", []string{"./d/**/**/b.txt"}, []string{"d/s/b.txt|B|B"}},
		{"deep glob alone", []string{"d/**"}, []string{"d/a.txt|A|A", "d/s/b.txt|B|B"}},
		{"class", []string{"[de]/[ab].txt"}, []string{"d/a.txt|A|A"}},
		{"escaped", []string{`d/\a.tx*`}, []string{"d/a.txt|A|A"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			articles, rejects := outcome(t, "", Options{}, c.inputs...)
			want(t, articles, c.want...)
			want(t, rejects)
		})
	}
	t.Run("absolute glob", func(t *testing.T) {
		articles, _ := outcome(t, dir, Options{}, dir+"/d/*.txt")
		want(t, articles, "d/a.txt|A|A")
	})
}

func TestFileNamedLikeAGlobIsAFile(t *testing.T) {
	dir := tree(t, map[string]string{"news [1].txt": "A", "news 1.txt": "B"})
	articles, _ := outcome(t, dir, Options{}, filepath.Join(dir, "news [1].txt"))
	want(t, articles, "news [1].txt|A|A")
}

func TestNamedFileIsReadWhateverItsName(t *testing.T) {
	for _, c := range []struct {
		name, content string
		articles      []string
	}{
		{"a.news", "Un titre\nTexte", []string{"a.news|Un titre|Un titre\nTexte"}},
		{"noext", " \n{\"text\":\"A\"}\n{\"text\":\"B\"}\n", []string{"noext:2||A", "noext:3||B"}},
		{"a.dump", "[ {\"text\":\"A\"}, {\"text\":\"B\"} ]", []string{"a.dump:1||A", "a.dump:2||B"}},
		{"b.dump", "[Updated] Strike\nText", []string{"b.dump|[Updated] Strike|[Updated] Strike\nText"}},
		{"a.gz", gzipped("{\"text\":\"A\"}"), []string{"a.gz:1||A"}},
		{"packed", zstdCompressed("A\nB"), []string{"packed|A|A\nB"}},
		{"wide", "\xff\xfe" + utf16LE(`{"text":"é"}`), []string{"wide:1||é"}},
		{".hidden", "A", []string{".hidden|A|A"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tree(t, map[string]string{c.name: c.content})
			articles, rejects := outcome(t, dir, Options{}, filepath.Join(dir, c.name))
			want(t, articles, c.articles...)
			want(t, rejects)
		})
	}
}

func TestStandardInput(t *testing.T) {
	for _, c := range []struct {
		name, content string
		articles      []string
		rejects       []string
	}{
		{"lines", "{\"text\":\"A\"}\n{\"id\":\"x\",\"text\":\"B\"}\n", []string{"stdin:1||A", "x||B"}, nil},
		{"text", "Titre\nTexte", []string{"stdin|Titre|Titre\nTexte"}, nil},
		{"array", "[{\"text\":\"A\"}]", []string{"stdin:1||A"}, nil},
		{"gzip", gzipped("{\"text\":\"A\"}\n"), []string{"stdin:1||A"}, nil},
		{"zstd", zstdCompressed("Titre\n"), []string{"stdin|Titre|Titre\n"}, nil},
		{"UTF-16", "\xfe\xff\x00A", []string{"stdin|A|A"}, nil},
		{"empty", "", nil, []string{"stdin: empty file"}},
		{"a broken first line", "{oops\n{\"text\":\"A\"}", []string{"stdin:2||A"},
			[]string{"stdin:1: broken JSON at byte 2: invalid character 'o' looking for beginning of object key string"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, in := range []Options{
				{Stdin: strings.NewReader(c.content)},
				{Stdin: iotest.OneByteReader(strings.NewReader(c.content))},
				{Stdin: iotest.DataErrReader(strings.NewReader(c.content))},
			} {
				articles, rejects := outcome(t, "", in, "-", "-")
				want(t, articles, c.articles...)
				want(t, rejects, c.rejects...)
			}
		})
	}
}

func TestInputThatLeadsNowhereIsRejected(t *testing.T) {
	dir := tree(t, map[string]string{"others/a.png": "x", "ok/a.txt": "A", "dangling/b.txt": "B"})
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "dangling", "a.txt")
	if err := os.Symlink("gone.txt", link); err != nil {
		t.Skip(err)
	}
	in := func(s string) string { return filepath.Join(dir, s) }
	articles, rejects := outcome(t, dir, Options{}, in("gone.txt"), in("*.nothing"), in("[x"), in("empty"),
		in("others"), link, "", in("dangling"), in("ok"))
	want(t, articles, "dangling/b.txt|B|B", "ok/a.txt|A|A")
	want(t, rejects,
		"gone.txt: no such file or folder",
		"*.nothing: the glob matches no file",
		"[x: no such file, and no glob: syntax error in pattern",
		"empty: empty folder: no .txt, .json, .jsonl, .csv, .parquet, .html, .xml or .warc file in it",
		"others: no .txt, .json, .jsonl, .csv, .parquet, .html, .xml or .warc file in this folder",
		"dangling/a.txt: dangling symbolic link",
		"an input without a name",
		"dangling/a.txt: dangling symbolic link",
	)
	_, full := collect(t, Options{}, in("gone.txt"))
	if !errors.Is(full[0], ErrNoInput) || !errors.Is(full[0], fs.ErrNotExist) {
		t.Errorf("%v is not ErrNoInput and ErrNotExist", full[0])
	}
	_, none := outcome(t, dir, Options{})
	want(t, none, "no input given")
}

func TestUnreadableIsRejected(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	dir := tree(t, map[string]string{"a.txt": "A", "b/x.txt": "X", "c.txt": "C"})
	for _, name := range []string{"a.txt", "b"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(filepath.Join(dir, "b"), 0o755)
	articles, rejects := outcome(t, dir, Options{}, dir)
	want(t, articles, "c.txt|C|C")
	want(t, rejects, "a.txt: cannot open: permission denied", "b: cannot list the folder: permission denied")
	_, full := collect(t, Options{}, dir)
	if !errors.Is(full[0], fs.ErrPermission) {
		t.Errorf("%v is not ErrPermission", full[0])
	}
}

func TestLinksInCirclesEnd(t *testing.T) {
	dir := tree(t, map[string]string{"a/x.txt": "X", "b/y.txt": "Y"})
	for link, target := range map[string]string{"a/up": "..", "b/self": ".", "b/a": "../a", "b/y2.txt": "y.txt"} {
		if err := os.Symlink(target, filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			t.Skip(err)
		}
	}
	if err := os.Symlink("loop.txt", filepath.Join(dir, "loop.txt")); err != nil {
		t.Skip(err)
	}
	articles, rejects := outcome(t, dir, Options{}, dir)
	// a/up is the folder itself: its files are met first on the way through a.
	if len(articles) != 2 {
		t.Errorf("articles %q", articles)
	}
	if len(rejects) != 1 || !strings.HasPrefix(rejects[0], "loop.txt: ") {
		t.Errorf("rejects %q", rejects)
	}
	articles, _ = outcome(t, dir, Options{}, filepath.Join(dir, "**", "*.txt"))
	want(t, articles, "a/x.txt|X|X", "b/y.txt|Y|Y")
}

func TestLinkedFolderIsRead(t *testing.T) {
	dir := tree(t, map[string]string{"in/x.txt": "X", "elsewhere/y.txt": "Y"})
	if err := os.Symlink("../elsewhere", filepath.Join(dir, "in", "link")); err != nil {
		t.Skip(err)
	}
	articles, _ := outcome(t, dir, Options{}, filepath.Join(dir, "in"))
	want(t, articles, "link/y.txt|Y|Y", "x.txt|X|X")
}

func TestFileReachedTwiceIsReadOnce(t *testing.T) {
	dir := tree(t, map[string]string{"a.txt": "A", "s/b.txt": "B"})
	t.Chdir(dir)
	articles, rejects := outcome(t, dir, Options{}, "s/b.txt", dir, ".", "s/../s", "**/*.txt", filepath.Join(dir, "a.txt"))
	want(t, articles, "s/b.txt|B|B", "a.txt|A|A")
	want(t, rejects)
}

func TestContextEndsTheReading(t *testing.T) {
	dir := tree(t, map[string]string{"a.jsonl": strings.Repeat("{\"text\":\"A\"}\n", 100)})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range Read(ctx, []string{dir, "-"}, Options{Stdin: strings.NewReader("x")}) {
		last = err
		if n++; n == 10 {
			cancel()
		}
	}
	if n != 11 || last != context.Canceled {
		t.Errorf("%d yields, last %v", n, last)
	}
}

func TestContextEndsABlockedStandardInput(t *testing.T) {
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer out.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	var got []error
	for _, err := range Read(ctx, []string{"-"}, Options{Stdin: in}) {
		got = append(got, err)
	}
	if len(got) != 1 || got[0] != context.DeadlineExceeded {
		t.Errorf("got %v", got)
	}
}

func TestConsumerMayStop(t *testing.T) {
	dir := tree(t, map[string]string{"a.jsonl": "{\"text\":\"A\"}\n\n{\n{\"text\":\"A\"}", "b.json": "[{\"text\":\"A\"},1,{]", "c.txt": "C", "d.txt": ""})
	_, rejects := collect(t, Options{}, dir, "gone")
	articles, _ := collect(t, Options{}, dir)
	all := len(articles) + len(rejects)
	for stop := 1; stop <= all; stop++ {
		n := 0
		for range Read(t.Context(), []string{dir, "gone"}, Options{}) {
			if n++; n == stop {
				break
			}
		}
		if n != stop {
			t.Errorf("stopped after %d, got %d", stop, n)
		}
	}
}

func TestProgressEndsAtTheTotal(t *testing.T) {
	packed := gzipped(strings.Repeat("{\"text\":\"A\"}\n", 1000))
	dir := tree(t, map[string]string{"a.txt": strings.Repeat("mot ", 1<<20), "b.jsonl.gz": packed})
	total := int64(4<<20 + len(packed))
	var calls []int64
	for _, err := range Read(t.Context(), []string{dir}, Options{Progress: func(read, of int64) {
		calls = append(calls, read)
		if of != total {
			t.Errorf("total %d, want %d", of, total)
		}
	}}) {
		if err != nil {
			t.Error(err)
		}
	}
	if len(calls) < 4 || calls[len(calls)-1] != total {
		t.Errorf("calls %v, want the last to be %d", calls, total)
	}
	opts := Options{Stdin: bytes.NewReader(nil), Progress: func(_, of int64) {
		if of != 0 {
			t.Errorf("total %d with standard input", of)
		}
	}}
	collect(t, opts, dir, "-")
}

func TestUnusableFieldsEndTheReading(t *testing.T) {
	for _, fields := range []map[string]string{{"body": "x"}, {"text": ""}, {"text": "a..b"}, {"date": "x"}} {
		n := 0
		for _, err := range Read(t.Context(), []string{"-"}, Options{Fields: fields, Stdin: strings.NewReader("x")}) {
			if n++; !errors.Is(err, ErrField) {
				t.Errorf("%v: %v", fields, err)
			}
		}
		if n != 1 {
			t.Errorf("%v: %d yields", fields, n)
		}
	}
}
