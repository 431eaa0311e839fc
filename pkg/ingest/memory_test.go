package ingest

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
)

// repeating repeats what each call of next gives, until so many bytes are out.
type repeating struct {
	next func(n int) []byte
	left int64
	n    int
	rest []byte
}

func (e *repeating) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		if e.left <= 0 {
			return 0, io.EOF
		}
		e.rest = e.next(e.n)
		e.n++
		e.left -= int64(len(e.rest))
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// TestMemoryDoesNotGrowWithTheFile reads some hundred megabytes of every format that holds
// many articles. What is live after a collection is the window, and what unpacks.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much")
	}
	text := strings.Repeat("Les pilotes de la compagnie aérienne sont en grève depuis lundi. ", 300)
	page := "<html><body><p>" + strings.Repeat("The pilots have been on strike since Monday. ", 500) + "</p></body></html>"
	packedPage := []byte(packedAs(t, ".gz", response("", page)))
	packedText := []byte(packedAs(t, ".zst", conversion("", text)))
	picture := []byte(warc("response", "application/http", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"+strings.Repeat("\x89PNG", 1<<20)))
	for _, c := range []struct {
		name string
		size int64 // bytes read
		head string
		next func(n int) []byte
	}{
		{"WARC", 256 << 20, "", func(n int) []byte {
			if n%20 == 7 {
				return picture
			}
			return []byte(response(fmt.Sprint(n), page))
		}},
		{"WARC, packed by gzip", 8 << 20, "", func(int) []byte { return packedPage }},
		{"WARC, packed by zstd", 4 << 20, "", func(int) []byte { return packedText }},
		{"CSV", 256 << 20, "id,text\n", func(n int) []byte { return fmt.Appendf(nil, "%d,\"%s\"\n", n, text) }},
		{"CSV with quotes that never close", 32 << 20, "id;text\n", func(n int) []byte { return fmt.Appendf(nil, "%d;\"%s\n", n, text[:500]) }},
		{"tar", 128 << 20, "", func(n int) []byte {
			whole := tarred(t, part{fmt.Sprint(n, ".txt"), text})
			return []byte(whole[:len(whole)-1024])
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := io.MultiReader(strings.NewReader(c.head), &repeating{next: c.next, left: c.size})
			bareText := func(p Page) (article.Article, error) {
				return article.Article{Text: string(bytes.TrimSpace(p.HTML))}, nil
			}
			var most uint64
			outcomes := 0
			for range Read(t.Context(), []string{"-"}, Options{Stdin: in, Page: bareText, MaxArticle: 8 << 20}) {
				if outcomes++; outcomes%1000 == 0 {
					runtime.GC()
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					most = max(most, m.HeapAlloc)
				}
			}
			if outcomes < 1000 || most > 48<<20 {
				t.Errorf("%d MB live, %d articles", most>>20, outcomes)
			}
		})
	}
}
