//go:build unix

package store

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

// CALQUE_CORPUS names a file of articles (id, title, text, lang, url, source, published
// as JSON lines) for the benchmarks; without it they make up articles of the same size.
func corpus(b *testing.B, most int) []Document {
	b.Helper()
	path := os.Getenv("CALQUE_CORPUS")
	if path == "" {
		return invented(most)
	}
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	l, err := lexicon.Default()
	if err != nil {
		b.Fatal(err)
	}
	var docs []Document
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() && len(docs) < most {
		var j struct {
			ID, Title, Text, Lang, URL, Source string
			Published                          time.Time
		}
		if err := json.Unmarshal(lines.Bytes(), &j); err != nil {
			b.Fatal(err)
		}
		docs = append(docs, Document{Number: uint32(len(docs)), Language: article.ParseLanguage(j.Lang), Article: article.Article{
			ID: j.ID, Title: j.Title, Text: j.Text, URL: j.URL, Source: j.Source, Published: j.Published, Language: article.ParseLanguage(j.Lang),
		}})
	}
	var group sync.WaitGroup
	for w := range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			builder := shingle.NewBuilder(l)
			r := rand.New(rand.NewPCG(uint64(w), 1))
			for i := w; i < len(docs); i += runtime.GOMAXPROCS(0) {
				d := &docs[i]
				k := candidate.KeysOf(builder.Build(&d.Article, d.Language))
				d.Hash = k.Hash
				for _, key := range k.Keys {
					d.Keys = append(d.Keys, uint32(key))
				}
				d.Column, d.Links = random(r, 450), random(r, 200)
			}
		})
	}
	group.Wait()
	return docs
}

func random(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// invented articles have 2.3 kB of text, 50 concepts and 60 runs.
func invented(n int) []Document {
	docs := make([]Document, n)
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.2, 8, 60000)
	for i := range docs {
		d := &docs[i]
		var text []byte
		for len(text) < 2300 {
			text = fmt.Appendf(text, "%s ", word(zipf.Uint64()))
		}
		*d = Document{Number: uint32(i), Language: article.English, Column: random(r, 450), Links: random(r, 200)}
		d.Article = article.Article{ID: fmt.Sprintf("n%08d", i), Title: "A title", Text: string(text), Source: fmt.Sprint(i % 50),
			Published: time.Unix(1.7e9+int64(i), 0), Language: article.English}
		d.Hash = d.Article.Hash()
		for range 40 {
			d.Keys = append(d.Keys, uint32(zipf.Uint64())*2654435761)
		}
		for range 90 {
			d.Keys = append(d.Keys, r.Uint32())
		}
	}
	return docs
}

func word(n uint64) string {
	w := []byte{}
	for n++; n > 0; n /= 19 {
		w = append(w, "bcdfghjklmnpqrstvwz"[n%19], "aeiou"[n%5])
	}
	return string(w)
}

func written(b *testing.B, s *Store, docs []Document, writers int) {
	b.Helper()
	batches := make(chan []Document)
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for part := range batches {
				var batch Batch
				for _, d := range part {
					batch.Put(d)
				}
				if err := s.Write(context.Background(), &batch); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for len(docs) > 0 {
		n := min(1000, len(docs))
		batches <- docs[:n]
		docs = docs[n:]
	}
	close(batches)
	group.Wait()
}

func size(dir string) (bytes int64) {
	_ = filepath.Walk(dir, func(_ string, f os.FileInfo, err error) error {
		if err == nil && !f.IsDir() {
			bytes += f.Size()
		}
		return nil
	})
	return bytes
}

func BenchmarkWrite(b *testing.B) {
	docs := corpus(b, 20000)
	text := 0
	for _, d := range docs {
		text += len(d.Article.Text)
	}
	for _, writers := range []int{1, 2} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			for b.Loop() {
				dir := b.TempDir()
				s, err := Create(dir, Options{})
				ok(b, err)
				start, used := time.Now(), cpu()
				written(b, s, docs, writers)
				took := time.Since(start)
				b.ReportMetric(float64((cpu()-used).Microseconds())/float64(len(docs)), "cpu-µs/article")
				b.ReportMetric(float64(len(docs))/took.Seconds(), "articles/s")
				n, _, err := s.segments()
				ok(b, err)
				b.ReportMetric(float64(n), "segments")
				start = time.Now()
				ok(b, s.Compact(context.Background()))
				b.ReportMetric(float64(len(docs))/time.Since(start).Seconds(), "compacted/s")
				ok(b, s.Close())
				b.ReportMetric(float64(size(dir))/float64(text), "bytes/textbyte")
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	docs := corpus(b, 20000)
	dir := b.TempDir()
	s, err := Create(dir, Options{})
	ok(b, err)
	written(b, s, docs, 1)
	benchRead(b, s, docs)
	ok(b, s.Compact(context.Background()))
	benchRead(b, s, docs)
	ok(b, s.Close())
}

func benchRead(b *testing.B, s *Store, docs []Document) {
	x, err := s.Snapshot()
	ok(b, err)
	defer x.Close()
	name := fmt.Sprintf("segments=%d", len(x.parts))
	_, _, _, err = x.Column(0) // loads the numbers
	ok(b, err)
	r := rand.New(rand.NewPCG(3, 4))
	b.Run(name+"/column", func(b *testing.B) {
		for b.Loop() {
			if _, _, found, err := x.Column(docs[r.IntN(len(docs))].Number); !found || err != nil {
				b.Fatal(found, err)
			}
		}
	})
	b.Run(name+"/get", func(b *testing.B) {
		for b.Loop() {
			if _, found, err := x.Get(docs[r.IntN(len(docs))].Article.ID); !found || err != nil {
				b.Fatal(found, err)
			}
		}
	})
	b.Run(name+"/columns", func(b *testing.B) {
		for b.Loop() {
			n := 0
			start := time.Now()
			for _, err := range x.Columns(context.Background()) {
				ok(b, err)
				n++
			}
			b.ReportMetric(float64(time.Since(start).Nanoseconds())/float64(n), "ns/document")
		}
	})
	for _, f := range []Field{Keys} {
		b.Run(name+"/postings/"+f.String(), func(b *testing.B) {
			var dst []uint32
			entries := 0
			for b.Loop() {
				d := &docs[r.IntN(len(docs))]
				keys := d.Keys
				if len(keys) == 0 {
					continue
				}
				if dst, err = x.Postings(f, keys[r.IntN(len(keys))], dst[:0], 1<<30); err != nil {
					b.Fatal(err)
				}
				entries += len(dst)
			}
			b.ReportMetric(float64(entries)/float64(b.N), "entries/op")
		})
		b.Run(name+"/terms/"+f.String(), func(b *testing.B) {
			for b.Loop() {
				n := 0
				start := time.Now()
				for _, err := range x.Terms(context.Background(), f) {
					ok(b, err)
					n++
				}
				b.ReportMetric(float64(time.Since(start).Nanoseconds())/float64(n), "ns/key")
			}
		})
	}
}

// cpu is the processor time of this process: other work on the machine does not count.
func cpu() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
