package parquet_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/ingest/parquet"
)

// write makes a Parquet file of rows.
func write[T any](t testing.TB, rows []T, options ...pq.WriterOption) []byte {
	t.Helper()
	var out bytes.Buffer
	w := pq.NewGenericWriter[T](&out, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// read reads a file of the name given.
func read(t testing.TB, name string, content []byte, opts ingest.Options) (articles []article.Article, rejects []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if opts.Parquet == nil {
		opts.Parquet = parquet.Open
	}
	for a, err := range ingest.Read(t.Context(), []string{path}, opts) {
		if err == nil {
			a.Origin = strings.TrimPrefix(a.Origin, filepath.Dir(path)+string(filepath.Separator))
			a.ID = strings.TrimPrefix(a.ID, filepath.ToSlash(filepath.Dir(path))+"/")
			articles = append(articles, a)
			continue
		}
		var reject *ingest.Reject
		if !errors.As(err, &reject) {
			t.Fatal(err)
		}
		rejects = append(rejects, strings.TrimPrefix(err.Error(), filepath.Dir(path)+string(filepath.Separator)))
	}
	return articles, rejects
}

type plain struct {
	ID        string    `parquet:"id"`
	Title     *string   `parquet:"title,optional"`
	Text      string    `parquet:"text,zstd"`
	Lang      string    `parquet:"lang,dict"`
	Published time.Time `parquet:"published,timestamp(microsecond)"`
	Tags      []string  `parquet:"tags,list"`
}

func TestRowsAreArticles(t *testing.T) {
	title := "Une grève"
	day := time.Date(2024, 5, 2, 10, 11, 12, 345_000_000, time.UTC)
	rows := []plain{{ID: "a", Title: &title, Text: "Le texte.", Lang: "fr", Published: day, Tags: []string{"x", "y"}}, {Text: "More.", Lang: "en", Published: day}}
	want := []article.Article{
		{ID: "a", Title: title, Text: "Le texte.", Language: "fr", Published: day, Origin: "a.parquet:1"},
		{ID: "a.parquet:2", Text: "More.", Language: "en", Published: day, Origin: "a.parquet:2"},
	}
	for _, codec := range []pq.WriterOption{pq.Compression(&pq.Uncompressed), pq.Compression(&pq.Snappy), pq.Compression(&pq.Gzip),
		pq.Compression(&pq.Brotli), pq.Compression(&pq.Lz4Raw), pq.DataPageVersion(1)} {
		got, rejects := read(t, "a.parquet", write(t, rows, codec), ingest.Options{})
		if diff := cmp.Diff(want, got); diff != "" || len(rejects) > 0 {
			t.Errorf("%v: %s\n%v", codec, diff, rejects)
		}
	}
}

func TestStreamsAreReadThroughATemporaryFile(t *testing.T) {
	content := write(t, []plain{{ID: "a", Text: "A"}})
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write(content)
	w.Close()
	got, rejects := read(t, "a.parquet.gz", packed.Bytes(), ingest.Options{})
	if len(got) != 1 || got[0].Text != "A" || len(rejects) > 0 {
		t.Errorf("packed: %v, %v", got, rejects)
	}
	for a, err := range ingest.Read(t.Context(), []string{"-"}, ingest.Options{Stdin: bytes.NewReader(content), Parquet: parquet.Open}) {
		if err != nil || a.Text != "A" {
			t.Errorf("standard input: %v, %v", a, err)
		}
	}
}

func TestNestedColumnsAreMappedByDots(t *testing.T) {
	type content struct {
		Body string `parquet:"body"`
		Head string `parquet:"head"`
	}
	type row struct {
		Content *content `parquet:"content,optional"`
		Key     int64    `parquet:"key"`
		Day     int32    `parquet:"day,date"`
	}
	got, rejects := read(t, "a.parquet", write(t, []row{{&content{"B", "H"}, 7, 19845}, {nil, 8, 1}}),
		ingest.Options{Fields: map[string]string{"text": "content.body", "title": "content.head", "id": "key", "published": "day"}})
	want := []article.Article{{ID: "7", Title: "H", Text: "B", Published: time.Date(2024, 5, 2, 0, 0, 0, 0, time.UTC), Origin: "a.parquet:1"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a.parquet:2: no text"}, rejects); diff != "" {
		t.Error(diff)
	}
}

func TestTimesOfEveryUnitAreRead(t *testing.T) {
	type row struct {
		Text   string           `parquet:"text"`
		Millis int64            `parquet:"millis,timestamp(millisecond)"`
		Nanos  int64            `parquet:"nanos,timestamp(nanosecond)"`
		Old    deprecated.Int96 `parquet:"old"`
		Number int64            `parquet:"number"`
	}
	day := time.Date(2024, 5, 2, 10, 11, 12, 0, time.UTC)
	nanos := uint64((10*3600 + 11*60 + 12) * time.Second)
	content := write(t, []row{{"A", day.UnixMilli(), day.UnixNano(), deprecated.Int96{uint32(nanos), uint32(nanos >> 32), 2440588 + 19845}, 5}})
	for _, column := range []string{"millis", "nanos", "old", "number"} {
		want := day
		if column == "number" {
			want = time.Time{} // of which nobody knows what it counts
		}
		got, _ := read(t, "a.parquet", content, ingest.Options{Fields: map[string]string{"published": column}})
		if len(got) != 1 || !got[0].Published.Equal(want) {
			t.Errorf("%s: %v", column, got)
		}
	}
}

func TestBytesAreTextInAnyCharacterSet(t *testing.T) {
	type row struct {
		Text []byte `parquet:"text"`
	}
	got, rejects := read(t, "a.parquet", write(t, []row{{[]byte("gr\xe8ve")}, {[]byte("\x00\x01")}, {[]byte(" ")}, {nil}}), ingest.Options{})
	if len(got) != 1 || got[0].Text != "grève" {
		t.Errorf("%v", got)
	}
	want := []string{"a.parquet:2: not a text file", "a.parquet:3: empty text", "a.parquet:4: empty text"}
	if diff := cmp.Diff(want, rejects); diff != "" {
		t.Error(diff)
	}
}

func TestFileIsRejected(t *testing.T) {
	type numbers struct {
		Text int64    `parquet:"text"`
		Body string   `parquet:"body"`
		List []string `parquet:"list,list"`
	}
	sound := write(t, []plain{{Text: "A"}})
	for _, c := range []struct {
		name    string
		content []byte
		opts    ingest.Options
		want    string
	}{
		{"no such column", write(t, []numbers{{}}), ingest.Options{Fields: map[string]string{"text": "corps"}},
			`a.parquet: no column "corps"; the columns are "text", "body"`},
		{"a list", write(t, []numbers{{}}), ingest.Options{Fields: map[string]string{"text": "list"}},
			`a.parquet: no column "list"; the columns are "text", "body"`},
		{"numbers", write(t, []numbers{{}}), ingest.Options{}, `a.parquet: column "text" holds INT(64,true), not text`},
		{"no rows", write(t, []plain{}), ingest.Options{}, "a.parquet: empty text"},
		{"no Parquet", []byte("id,text\nx,A\n"), ingest.Options{}, "a.parquet: broken table: not a sound Parquet file: "},
		{"cut off", sound[:len(sound)-20], ingest.Options{}, "a.parquet: broken table: not a sound Parquet file: "},
		{"empty", nil, ingest.Options{}, "a.parquet: empty file"},
		{"too large", write(t, []plain{{Text: strings.Repeat("A", 101)}}), ingest.Options{MaxArticle: 100}, "a.parquet:1: article too large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			articles, rejects := read(t, "a.parquet", c.content, c.opts)
			if len(articles) > 0 || len(rejects) != 1 || !strings.HasPrefix(rejects[0], c.want) {
				t.Errorf("%v, %v", articles, rejects)
			}
		})
	}
	t.Run("no reader", func(t *testing.T) {
		for _, err := range ingest.Read(t.Context(), []string{"-"}, ingest.Options{Stdin: bytes.NewReader(sound)}) {
			if err == nil || err.Error() != "stdin: no reader for Parquet: set Options.Parquet to that of pkg/ingest/parquet" {
				t.Error(err)
			}
		}
	})
}

func TestManyRowGroupsAndPages(t *testing.T) {
	var rows []plain
	for i := range 3000 {
		rows = append(rows, plain{ID: fmt.Sprint(i), Text: strings.Repeat(fmt.Sprint("Text ", i, ". "), 20)})
	}
	content := write(t, rows, pq.MaxRowsPerRowGroup(700), pq.PageBufferSize(4096))
	got, rejects := read(t, "a.parquet", content, ingest.Options{})
	if len(got) != len(rows) || len(rejects) > 0 {
		t.Fatalf("%d articles, %v", len(got), rejects)
	}
	for i, a := range got {
		if a.ID != rows[i].ID || a.Text != rows[i].Text {
			t.Fatalf("row %d is %v", i, a)
		}
	}
}

// TestDamageEndsTheFileOnly changes every byte of a file: whatever comes of it is no panic.
func TestDamageEndsTheFileOnly(t *testing.T) {
	title := "Une grève"
	content := write(t, []plain{{ID: "a", Title: &title, Text: "Le texte.", Lang: "fr"}, {ID: "b", Text: "More.", Lang: "en"}})
	for i := range content {
		damaged := bytes.Clone(content)
		damaged[i] ^= 0x15
		checkOutcome(t, damaged)
	}
}

// checkOutcome reads content by itself, and sees to it that it ends with articles or rejects.
func checkOutcome(t *testing.T, content []byte) {
	t.Helper()
	for a, err := range ingest.Read(t.Context(), []string{"-"}, ingest.Options{Stdin: bytes.NewReader(content), Parquet: parquet.Open, MaxArticle: 1 << 20}) {
		var reject *ingest.Reject
		if err != nil && !errors.As(err, &reject) || err == nil && (a.ID == "" || strings.TrimSpace(a.Text) == "") {
			t.Fatalf("%v, %v", a, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	title := "Une grève"
	rows := []plain{{ID: "a", Title: &title, Text: "Le texte.", Lang: "fr"}, {ID: "b", Text: "More.", Lang: "en"}}
	for _, codec := range []pq.WriterOption{pq.Compression(&pq.Uncompressed), pq.Compression(&pq.Snappy), pq.DataPageVersion(1)} {
		f.Add(write(f, rows, codec))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if bytes.HasPrefix(content, []byte("PAR1")) {
			checkOutcome(t, content)
		}
	})
}
