package ingest

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// part is a file in an archive.
type part struct{ name, content string }

func tarred(t testing.TB, parts ...part) string {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, p := range parts {
		kind := byte(tar.TypeReg)
		if strings.HasSuffix(p.name, "/") {
			kind = tar.TypeDir
		}
		if err := w.WriteHeader(&tar.Header{Name: p.name, Typeflag: kind, Size: int64(len(p.content)), Mode: 0o600, ModTime: time.Unix(0, 0)}); err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, p.content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func zippedUp(t testing.TB, method uint16, parts ...part) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zstd.ZipMethodWinZip, zstd.ZipCompressor())
	for _, p := range parts {
		if strings.HasSuffix(p.name, "/") {
			method = zip.Store
		}
		in, err := w.CreateHeader(&zip.FileHeader{Name: p.name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(in, p.content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func archived(t testing.TB) []part {
	return []part{
		{"pile/", ""}, {"pile/a.txt", "A"}, {"./pile/b.jsonl", "{\"text\":\"B\"}\n{\"text\":\"C\"}\n{\n"}, {"pile/c.csv.gz", gzipped("text\nD\n")},
		{"pile/d.warc.zst", zstdCompressed(conversion("x", "E"))}, {"../../e.txt", "F"}, {"pile/.hidden.txt", "G"}, {"__MACOSX/._a.txt", "H"},
		{"pile/picture.png", "\x89PNG"}, {"pile/empty.txt", ""}, {"pile/inner.tar", tarred(t, part{"a.txt", "I"})},
	}
}

func TestArchivesAreReadLikeFolders(t *testing.T) {
	parts := archived(t)
	files := map[string]string{
		"a.tar": tarred(t, parts...), "a.tar.gz": gzipped(tarred(t, parts...)), "a.tgz": gzipped(tarred(t, parts...)),
		"a.tar.zst": zstdCompressed(tarred(t, parts...)), "a.zip": zippedUp(t, zip.Deflate, parts...), "b.zip": zippedUp(t, zip.Store, parts...),
		"c.zip": zippedUp(t, zstd.ZipMethodWinZip, parts...),
	}
	for name, content := range files {
		dir := tree(t, map[string]string{name: content})
		check := func(t *testing.T, articles, rejects []string, at string) {
			want(t, articles, at+"/pile/a.txt|A|A", at+"/pile/b.jsonl:1||B", at+"/pile/b.jsonl:2||C", at+"/pile/c.csv.gz:2||D", "x|E|E", at+"/e.txt|F|F")
			want(t, rejects, at+"/pile/b.jsonl:3: broken JSON at byte 1: unexpected end of JSON input", at+"/pile/empty.txt: empty file",
				at+"/pile/inner.tar: packed more than once; unpack it once and try again")
		}
		t.Run(name, func(t *testing.T) {
			articles, rejects := outcome(t, dir, Options{}, dir)
			check(t, articles, rejects, name)
		})
		t.Run(name+" as a stream", func(t *testing.T) {
			articles, rejects := outcome(t, "", Options{Stdin: strings.NewReader(content)}, "-")
			check(t, articles, rejects, "stdin")
		})
	}
}

func TestFilesInArchivesThatAreNoArticlesArePassedOver(t *testing.T) {
	var passed []string
	content := tarred(t, archived(t)...)
	opts := Options{Stdin: strings.NewReader(content), Exclude: []string{"*.jsonl"}, PassedOver: func(origin, what string) {
		passed = append(passed, strings.TrimPrefix(origin, "stdin/")+": "+what)
	}}
	collect(t, opts, "-")
	want(t, passed, "pile/b.jsonl: file left out by a pattern", "pile/.hidden.txt: hidden file", "__MACOSX/._a.txt: hidden file", "pile/picture.png: .png file")
}

func TestDamagedArchiveIsRejectedAfterWhatWasSound(t *testing.T) {
	good := tarred(t, part{"a.txt", "A"}, part{"b.txt", strings.Repeat("B", 2000)})
	zipped := zippedUp(t, zip.Store, part{"a.txt", "A"}, part{"b.txt", "Beta Beta Beta"})
	dir := tree(t, map[string]string{
		"a.tar": good[:1024+512+1000], "b.tar": "no archive", "c.zip": zipped[:len(zipped)-30], "d.tar": tarred(t), "e.zip": zippedUp(t, 0),
		"f.tar.gz": gzipped(good)[:60], "g.zip": strings.Replace(zipped, "Beta Beta", "Beta-Beta", 1), "h.tar": tarred(t, part{"a.png", "x"}),
	})
	articles, rejects := outcome(t, dir, Options{}, dir)
	want(t, articles, "a.tar/a.txt|A|A", "g.zip/a.txt|A|A")
	for i, prefix := range []string{"a.tar/b.txt: unexpected EOF", "a.tar: damaged compression: unexpected EOF", "b.tar: damaged compression: unexpected EOF",
		"c.zip: damaged compression: zip: not a valid zip file", "d.tar: no .txt", "e.zip: no .txt", "f.tar.gz: damaged compression: ",
		"g.zip/b.txt: damaged compression: zip: checksum error", "h.tar: no .txt"} {
		if i >= len(rejects) || !strings.HasPrefix(rejects[i], prefix) {
			t.Fatalf("want %q in %q", prefix, rejects)
		}
	}
}

func TestPatternsChooseFilesOfFolders(t *testing.T) {
	dir := tree(t, map[string]string{"a.txt": "A", "b.jsonl": `{"text":"B"}`, "fr/c.txt": "C", "fr/old/d.txt": "D", "en/old/e.txt": "E", "en/f.jsonl": `{"text":"F"}`})
	for _, c := range []struct {
		name             string
		include, exclude []string
		want             string
	}{
		{"a name, at any depth", []string{"*.jsonl"}, nil, "b.jsonl:1 en/f.jsonl:1"},
		{"several", []string{"a.txt", "*.jsonl"}, nil, "a.txt b.jsonl:1 en/f.jsonl:1"},
		{"either", []string{"{a,c}.txt"}, nil, "a.txt fr/c.txt"},
		{"a path", []string{"fr/*.txt"}, nil, "fr/c.txt"},
		{"a path from the folder on", []string{"/a.*"}, nil, "a.txt"},
		{"any folders", []string{"**/old/*"}, nil, "en/old/e.txt fr/old/d.txt"},
		{"a folder and all in it", []string{"fr"}, nil, "fr/c.txt fr/old/d.txt"},
		{"folders of a name", []string{"old/"}, nil, "en/old/e.txt fr/old/d.txt"},
		{"a file's name is no folder", []string{"a.txt/"}, nil, ""},
		{"left out", nil, []string{"*.txt"}, "b.jsonl:1 en/f.jsonl:1"},
		{"a folder left out", nil, []string{"old", "b.*"}, "a.txt en/f.jsonl:1 fr/c.txt"},
		{"a path left out", nil, []string{"en/**"}, "a.txt b.jsonl:1 fr/c.txt fr/old/d.txt"},
		{"leaving out wins", []string{"*.txt"}, []string{"**/old/**"}, "a.txt fr/c.txt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			articles, rejects := collect(t, Options{Include: c.include, Exclude: c.exclude}, dir)
			var ids []string
			for _, a := range articles {
				ids = append(ids, a.ID)
			}
			if got := strings.Join(ids, " "); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if c.want == "" && (len(rejects) != 1 || !strings.HasSuffix(rejects[0].Error(), "the patterns leave no file of this folder")) {
				t.Error(rejects)
			}
		})
	}
	t.Run("in each of several folders", func(t *testing.T) {
		articles, _ := collect(t, Options{Include: []string{"old/*"}}, dir+"/fr", dir+"/en")
		if len(articles) != 2 {
			t.Error(articles)
		}
	})
	t.Run("what is named is read anyway", func(t *testing.T) {
		articles, _ := collect(t, Options{Include: []string{"*.jsonl"}, Exclude: []string{"*"}}, dir+"/a.txt")
		if len(articles) != 1 {
			t.Error(articles)
		}
	})
	for _, p := range []string{"", "[", "{a"} {
		for _, err := range Read(t.Context(), []string{dir}, Options{Exclude: []string{p}}) {
			if !errors.Is(err, ErrPattern) {
				t.Errorf("%q: %v", p, err)
			}
		}
	}
}

func FuzzBundle(f *testing.F) {
	parts := []part{{"a.txt", "A"}, {"b.jsonl", `{"text":"B"}`}, {"c/", ""}}
	f.Add([]byte(tarred(f, parts...)), false)
	f.Add([]byte(zippedUp(f, zip.Deflate, parts...)), true)
	f.Add([]byte(zippedUp(f, zip.Store, parts...)), true)
	f.Fuzz(func(t *testing.T, content []byte, zip bool) {
		kind := file{format: formatTar, packing: packingNone}
		if zip {
			kind.format = formatZip
		}
		if readAs(t, kind, content) == 0 {
			t.Fatal("no outcome")
		}
	})
}
