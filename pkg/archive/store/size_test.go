package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func BenchmarkSizes(b *testing.B) {
	docs := corpus(b, 10000)
	text, raw := 0, 0
	keys, l := 0, 0
	for _, d := range docs {
		text += len(d.Article.Text)
		rec, _ := appendRecord(nil, &d)
		raw += len(rec)
		keys += len(d.Keys)
		l += len(d.Column)
	}
	n := float64(len(docs))
	fmt.Println("text", float64(text)/n, "record", float64(raw)/n, "keys", float64(keys)/n)
	for _, drop := range []string{"", "keys", "text", "date"} {
		dir := b.TempDir()
		s, err := Create(dir, Options{})
		ok(b, err)
		ds := append([]Document(nil), docs...)
		for i := range ds {
			switch drop {
			case "text":
				ds[i].Article.Text = ""
			case "keys":
				ds[i].Keys = nil
			case "columns":
				ds[i].Column, ds[i].Links = nil, nil
			case "date":
				ds[i].Article.Published = time.Time{}
			}
		}
		start := time.Now()
		written(b, s, ds, 1)
		w := time.Since(start)
		ok(b, s.Compact(context.Background()))
		time.Sleep(time.Second)
		ok(b, s.Close())
		fmt.Println("without", drop, float64(size(dir))/n, float64(size(dir))/float64(text), w)
		if false {
			filepath.Walk(dir, func(p string, f os.FileInfo, err error) error { fmt.Println("  ", f.Name(), f.Size()); return nil })
		}
	}
}
