// Reading measures how fast inputs are turned into articles, and nothing else. With
// --write it first makes a crawl to read: records in the shape of a web archive, pages
// with navigation, scripts and footers around the articles given, pictures, redirects.
//
//	go build -o reading ./benchmarks/reading
//	./reading --write crawl.warc.gz --size 1GB fixtures/stories
//	/usr/bin/time -v ./reading crawl.warc.gz
//
// The size is that of the records before they are packed.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/ingest/parquet"
	"github.com/calque-dev/calque/pkg/ingest/trafilatura"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	write := flag.String("write", "", "make the crawl FILE, .warc, .warc.gz or .warc.zst, of the articles given")
	size := flag.String("size", "1GB", "how large it shall be, unpacked")
	plain := flag.Bool("plain", false, "take all text of pages, not the main text")
	flag.Parse()
	var err error
	if *write != "" {
		err = makeCrawl(ctx, *write, *size, flag.Args())
	} else {
		err = read(ctx, flag.Args(), *plain)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "reading:", err)
		os.Exit(1)
	}
}

// read reads the inputs and prints how fast that went.
func read(ctx context.Context, inputs []string, plain bool) error {
	var stored int64
	passed := 0
	opts := ingest.Options{
		Page: trafilatura.Page, Parquet: parquet.Open,
		Progress:   func(n, _ int64) { stored = n },
		PassedOver: func(_, _ string) { passed++ },
	}
	if plain {
		opts.Page = nil
	}
	articles, rejected, text := 0, 0, int64(0)
	began := time.Now()
	for a, err := range ingest.Read(ctx, inputs, opts) {
		var reject *ingest.Reject
		switch {
		case err == nil:
			articles++
			text += int64(len(a.Text))
		case errors.As(err, &reject):
			rejected++
		default:
			return err
		}
	}
	took := time.Since(began).Seconds()
	fmt.Printf("%d articles with %s of text, %d rejected, %d passed over\n", articles, humanize.Bytes(uint64(text)), rejected, passed)
	fmt.Printf("%.1f s, %.0f articles/s, %s of files, %s/s\n", took, float64(articles)/took, humanize.Bytes(uint64(stored)), humanize.Bytes(uint64(float64(stored)/took)))
	return nil
}

// packer packs each record by itself.
type packer interface {
	io.WriteCloser
	Reset(io.Writer)
}

// makeCrawl writes a web archive of so many bytes.
func makeCrawl(ctx context.Context, path, size string, inputs []string) (err error) {
	total, err := humanize.ParseBytes(size)
	if err != nil {
		return err
	}
	var stories []article.Article
	for a, err := range ingest.Read(ctx, inputs, ingest.Options{}) {
		if err == nil {
			stories = append(stories, a)
		}
	}
	if len(stories) == 0 {
		return errors.New("no article to make pages of is given")
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriterSize(file, 1<<20)
	var pack packer
	switch filepath.Ext(path) {
	case ".gz":
		pack = gzip.NewWriter(out)
	case ".zst":
		if pack, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)); err != nil {
			return err
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for n, written := 0, uint64(0); written < total && ctx.Err() == nil; n++ {
		for _, record := range visit(n, stories[n%len(stories)], random) {
			written += uint64(len(record))
			if err := writeRecord(out, pack, record); err != nil {
				return err
			}
		}
	}
	return errors.Join(ctx.Err(), out.Flush())
}

func writeRecord(out io.Writer, pack packer, record string) error {
	if pack == nil {
		_, err := io.WriteString(out, record)
		return err
	}
	pack.Reset(out)
	_, err := io.WriteString(pack, record)
	return errors.Join(err, pack.Close())
}

// visit is what a crawler stores of one page: what it asked, what it got, what it noted.
func visit(n int, story article.Article, random *rand.Rand) []string {
	uri := fmt.Sprintf("https://www.paper%d.example/2026/05/07/%d", n%50, n)
	record := func(kind, contentType, block string) string {
		return fmt.Sprintf("WARC/1.0\r\nWARC-Type: %s\r\nWARC-Date: 2026-05-07T20:15:30Z\r\nWARC-Record-ID: <urn:x-crawl:%d:%s>\r\n"+
			"WARC-Target-URI: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", kind, n, kind, uri, contentType, len(block), block)
	}
	head, body := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n", page(n, story, random)
	switch {
	case n%20 == 3:
		head, body = "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n", noise(random, 100_000+random.IntN(400_000))
	case n%20 == 11:
		head, body = "HTTP/1.1 301 Moved Permanently\r\nLocation: /\r\nContent-Type: text/html\r\n\r\n", "<html><body>Moved</body></html>"
	}
	return []string{
		record("request", "application/http; msgtype=request", "GET / HTTP/1.1\r\nHost: www.example\r\nAccept-Encoding: gzip\r\n\r\n"),
		record("response", "application/http; msgtype=response", head+body),
		record("metadata", "application/warc-fields", "fetchTimeMs: 120\r\ncharset-detected: UTF-8\r\n"),
	}
}

// noise is as hard to pack as a picture.
func noise(random *rand.Rand, size int) string {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return string(b)
}

// page is a web page around a story: menus, a script, advertising, links, a footer.
func page(n int, story article.Article, random *rand.Rand) string {
	var b strings.Builder
	title := html.EscapeString(story.Title)
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s | Paper %d</title>\n"+
		"<meta property=\"og:title\" content=\"%s\"><script>window.config = {\"page\": %d, \"slots\": [", story.Language, title, n%50, title, n)
	for range 300 {
		fmt.Fprintf(&b, "{\"id\": \"%x\", \"size\": [300, 250]}, ", random.Uint64())
	}
	b.WriteString("{}]}</script></head><body><header><nav><ul>")
	for i := range 40 {
		fmt.Fprintf(&b, "<li><a href=\"/section/%d\">Section %d</a></li>", i, i)
	}
	fmt.Fprintf(&b, "</ul></nav></header><main><article><h1>%s</h1>\n", title)
	for paragraph := range strings.SplitSeq(story.Text, "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" && paragraph != story.Title {
			fmt.Fprintf(&b, "<p>%s</p>\n<div class=\"ad\" data-slot=\"%x\"></div>\n", html.EscapeString(paragraph), random.Uint64())
		}
	}
	b.WriteString("</article></main><aside><ul>")
	for range 60 {
		fmt.Fprintf(&b, "<li><a class=\"teaser\" href=\"/2026/%d\"><img src=\"/img/%x.jpg\" alt=\"\">More on %d</a></li>", random.IntN(1e6), random.Uint64(), random.IntN(1000))
	}
	b.WriteString("</ul></aside><footer><p>All rights reserved. Terms of use. Privacy.</p></footer></body></html>")
	return b.String()
}
