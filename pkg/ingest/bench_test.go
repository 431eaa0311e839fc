package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkRead reads 10 000 articles of about 2 kB.
func BenchmarkRead(b *testing.B) {
	const articles = 10000
	english := strings.Repeat("The pilots of the airline have been on strike since Monday.\\n", 33)
	french := strings.Repeat("Les pilotes de la compagnie aérienne sont en grève depuis lundi.\\n", 30)
	escaped := strings.NewReplacer("é", `\u00e9`, "è", `\u00e8`).Replace(french)
	pile := func(before, after, text string) string {
		var s strings.Builder
		for i := range articles {
			fmt.Fprintf(&s, `%s{"id":"afp-%d","title":"Strike","lang":"en","url":"https://example.org/%d","published":"2024-03-01T12:00:00Z","tags":["a",1],"text":"%s"}%s`,
				before, i, i, text, after)
		}
		return s.String()
	}
	for _, c := range []struct{ name, file, content string }{
		{"english", "a.jsonl", pile("", "\n", english)},
		{"french", "a.jsonl", pile("", "\n", french)},
		{"escaped", "a.jsonl", pile("", "\n", escaped)},
		{"array", "a.json", "[{}" + pile(",", "", french) + "]"},
		{"gzip", "a.jsonl.gz", gzipped(pile("", "\n", french))},
		{"zstd", "a.jsonl.zst", zstdCompressed(pile("", "\n", french))},
	} {
		b.Run(c.name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), c.file)
			if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
				b.Fatal(err)
			}
			plain := len(pile("", "\n", french))
			if !strings.Contains(c.file, ".jsonl.") {
				plain = len(c.content)
			}
			b.SetBytes(int64(plain))
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				for _, err := range Read(b.Context(), []string{path}, Options{}) {
					if err == nil {
						n++
					}
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}

// BenchmarkReadFolder reads a folder of small text files.
func BenchmarkReadFolder(b *testing.B) {
	const articles = 2000
	dir := b.TempDir()
	text := strings.Repeat("Les pilotes de la compagnie aérienne sont en grève depuis lundi.\n", 30)
	for i := range articles {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.txt", i)), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(articles * len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range Read(b.Context(), []string{dir}, Options{}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(articles*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

// BenchmarkReadLongLine reads one article of 100 MB.
func BenchmarkReadLongLine(b *testing.B) {
	text := strings.Repeat("Les pilotes sont en grève. ", 100_000_000/28)
	path := filepath.Join(b.TempDir(), "a.jsonl")
	if err := os.WriteFile(path, []byte(`{"text":"`+text+`"}`), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for a, err := range Read(b.Context(), []string{path}, Options{}) {
			if err != nil || a.Text != text {
				b.Fatal(err)
			}
		}
	}
}
