package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
)

// maxScratch is the size in bytes up to which the buffer for escaped strings is kept.
const maxScratch = 1 << 20

// record hands on the article of one JSON value, b from end to end, that is number n of
// its file and begins at the offset.
func (r *run) record(b []byte, f file, n int, offset int64) bool {
	if !utf8.Valid(b) {
		decoded, err := toUTF8(string(b))
		if err != nil {
			return r.rejectRecord(f, n, err)
		}
		b, f.store = []byte(decoded), nil
	}
	if end := r.scan.value(b, r.keys); end < 0 || end < len(b) {
		return r.rejectRecord(f, n, syntaxError(b))
	}
	if b[0] != '{' {
		return r.rejectRecord(f, n, notObject(b[0]))
	}
	a, err := r.article()
	if text := r.scan.values[fieldText]; err == nil && f.store != nil {
		a.Stored = article.Stored{In: f.store, Offset: offset + int64(text.at), Length: len(text.raw)}
	}
	if errors.Is(err, ErrNoText) {
		if news, ok, reason := r.ninjs(b); ok {
			a, err = news, reason
		}
	}
	a.Origin = numbered(f.path, n)
	if a.ID == "" {
		a.ID = numbered(f.id, n)
	}
	if err != nil {
		return r.reject(a.Origin, a.ID, err)
	}
	return r.emit(a, nil)
}

// rejectRecord rejects record n, whose id is not known.
func (r *run) rejectRecord(f file, n int, err error) bool {
	return r.reject(numbered(f.path, n), numbered(f.id, n), err)
}

func numbered(name string, n int) string { return name + ":" + strconv.Itoa(n) }

// article builds the article of the object scanned last. Its ID may be empty, and is
// given along with an error.
func (r *run) article() (article.Article, error) {
	a := article.Article{ID: r.id()}
	switch r.scan.values[fieldText].kind {
	case 0, 'n':
		return a, ErrNoText
	case '"':
	default:
		return a, ErrNotString
	}
	a.Text = r.text(fieldText)
	if strings.TrimSpace(a.Text) == "" {
		return a, ErrEmptyText
	}
	r.describe(&a)
	return a, nil
}

// id is the id of the object scanned last, which may be a number.
func (r *run) id() string { return r.scalar(fieldID) }

// describe fills in all but id and text from the object scanned last.
func (r *run) describe(a *article.Article) {
	a.Title = r.text(fieldTitle)
	a.Language = article.ParseLanguage(r.text(fieldLang))
	a.URL = r.text(fieldURL)
	a.Source = r.text(fieldSource)
	a.Published = parseTime(r.text(fieldPublished))
	if a.Published.IsZero() {
		a.Published = parseTime(r.text(fieldDate))
	}
	a.Author = r.list(fieldAuthor)
	a.Urgency = urgency(r.scalar(fieldUrgency))
	a.AltID = r.list(fieldAltID)
}

// list is the string or number in a field, or those in the array or object in it.
func (r *run) list(f field) string {
	if kind := r.scan.values[f].kind; kind != '[' && kind != '{' {
		return r.scalar(f)
	}
	return joined(stringsIn(r.scan.values[f].raw)...)
}

// scalar is the string or number in a field.
func (r *run) scalar(f field) string {
	if v := r.scan.values[f]; v.kind == '0' {
		return string(v.raw)
	}
	return r.text(f)
}

// text is the string in a field, empty if something else is in it.
func (r *run) text(f field) string {
	v := r.scan.values[f]
	if v.kind != '"' {
		return ""
	}
	raw := v.raw[1 : len(v.raw)-1]
	if plain(raw, 0) == len(raw) {
		return string(raw)
	}
	if cap(r.scratch) > maxScratch {
		r.scratch = nil
	}
	r.scratch = unescape(r.scratch[:0], raw)
	return string(r.scratch)
}

// parseTime reads a publication time; what it cannot read is the zero time. A time
// without zone is taken for UTC.
func parseTime(s string) time.Time {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}
	}
	layouts := []string{time.RFC1123, time.RFC1123Z}
	if isDigit(s[0]) {
		layouts = []string{time.RFC3339, time.DateOnly, time.DateTime, "2006-01-02T15:04:05"}
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, time.UTC); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// syntaxError has encoding/json say what is wrong with b, and where. What it finds
// right is a bare number, which for the scanner has no end.
func syntaxError(b []byte) error {
	var v json.RawMessage
	err := json.Unmarshal(b, &v)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("%w at byte %d: %w", ErrSyntax, syntax.Offset, syntax)
	}
	return notObject(b[0])
}

func notObject(kind byte) error {
	names := map[byte]string{'[': "an array", '"': "a string", 't': "true", 'f': "false", 'n': "null"}
	name, ok := names[kind]
	if !ok {
		name = "a number"
	}
	return &reason{text: name + " instead of a JSON object", class: ErrSyntax}
}
