package generate

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
)

// chunk is the number of articles that a worker makes at a time.
const chunk = 512

// written is a chunk in both files' formats.
type written struct{ articles, gold []byte }

// Write writes the articles as JSON lines, and the pairs as lines of two ids and a
// relation with tabs between them. The bytes do not depend on the number of processors.
func (g *Generator) Write(ctx context.Context, articles, gold io.Writer) error {
	workers := runtime.GOMAXPROCS(0)
	waiting := make(chan chan written, 2*workers)
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(waiting)
		limit := make(chan *writer, workers)
		for range workers {
			limit <- g.newWriter()
		}
		for from := 0; from < g.Len(); from += chunk {
			done := make(chan written, 1)
			var w *writer
			select {
			case w = <-limit:
			case <-running.Done():
				return running.Err()
			}
			go func() {
				done <- w.chunk(from, min(from+chunk, g.Len()))
				limit <- w
			}()
			select {
			case waiting <- done:
			case <-running.Done():
				return running.Err()
			}
		}
		return nil
	})
	group.Go(func() error {
		for done := range waiting {
			part := <-done
			if _, err := articles.Write(part.articles); err != nil {
				return err
			}
			if _, err := gold.Write(part.gold); err != nil {
				return err
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// chunk makes the articles from one number to before another.
func (w *writer) chunk(from, to int) written {
	out := written{articles: make([]byte, 0, (to-from)*(w.plan.Bytes+1000))}
	for i := from; i < to; i++ {
		a := w.article(i)
		out.articles = appendArticle(out.articles, &a)
		for _, p := range w.Pairs(i) {
			out.gold = fmt.Appendf(out.gold, "%s\t%s\t%s\n", w.ID(p.A), w.ID(p.B), p.Relation)
		}
	}
	return out
}

// appendArticle appends an article as a line of JSON.
func appendArticle(dst []byte, a *article.Article) []byte {
	for i, field := range [...]struct{ name, value string }{
		{"id", a.ID}, {"title", a.Title}, {"text", a.Text}, {"lang", string(a.Language)},
		{"url", a.URL}, {"source", a.Source}, {"published", a.Published.Format(time.RFC3339)},
	} {
		dst = append(dst, "{,"[min(i, 1)], '"')
		dst = append(append(dst, field.name...), `":`...)
		dst = appendString(dst, field.value)
	}
	return append(dst, "}\n"...)
}

// appendString appends a JSON string. What is no UTF-8 becomes U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[from:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		default:
			dst = fmt.Appendf(dst, `\u%04x`, c)
		}
		i++
		from = i
	}
	return append(append(dst, s[from:]...), '"')
}
