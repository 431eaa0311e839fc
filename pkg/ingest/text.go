package ingest

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
)

// maxHeadline is the length in characters over which a first line is a paragraph.
const maxHeadline = 300

// readText reads one text file.
func (r *run) readText(f file) bool {
	text, err := r.wholeText(f.size)
	if err != nil {
		return r.reject(f.path, f.id, err)
	}
	if text, err = decodeText(text); err != nil {
		return r.reject(f.path, f.id, err)
	}
	headline, found := firstLine(text)
	if !found {
		return r.reject(f.path, f.id, ErrEmptyText)
	}
	return r.emit(article.Article{ID: f.id, Title: headline, Text: text, Origin: f.path}, nil)
}

// wholeText reads the stream to its end; size is how many bytes are expected.
func (r *run) wholeText(size int64) (string, error) {
	var text strings.Builder
	if size <= r.opts.MaxArticle {
		text.Grow(int(size))
	}
	w := &r.window
	for {
		b := w.bytes()
		if int64(text.Len()+len(b)) > r.opts.MaxArticle {
			return "", ErrTooLarge
		}
		text.Write(b)
		w.skip(len(b))
		if !w.more() {
			break
		}
	}
	if w.err != io.EOF {
		return "", osReason(w.err)
	}
	return text.String(), nil
}

// firstLine is the headline of a text, empty if its first line is a paragraph. A text
// that is blank from end to end has no first line.
func firstLine(text string) (headline string, found bool) {
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if utf8.RuneCountInString(line) > maxHeadline {
			return "", true
		}
		return line, true
	}
	return "", false
}
