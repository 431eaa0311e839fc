package ingest

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"golang.org/x/text/language"

	"github.com/calque-dev/calque/pkg/article"
)

// readWARC reads the records of a WARC file: from its members, if it is packed so that
// they can be told apart, else from the window.
func (r *run) readWARC(f file, m *members) bool {
	w := &warcReader{window: &r.window, members: m}
	if f.packing == packingNone {
		w.size = f.size
	}
	defer r.bodies.close()
	used := 0
	for {
		rec, err := w.next()
		if err == io.EOF {
			break
		}
		on, done := true, false
		if err == nil {
			on, done, err = r.warcRecord(w, rec, f)
		}
		if done {
			used++
		}
		if err != nil {
			used++
			if !r.rejectRecord(f, w.number, warcReason(err, w.place)) {
				return false
			}
			if !w.resync(err) {
				break
			}
		}
		if !on {
			return false
		}
	}
	if used > 0 {
		return true
	}
	if w.number == 0 {
		return r.reject(f.path, f.id, ErrEmptyText)
	}
	text := fmt.Sprintf("no page and no text in its %d records", w.number)
	return r.reject(f.path, f.id, &reason{text: text, class: ErrNoText})
}

// warcReason says where a record is broken.
func warcReason(err error, place string) error {
	switch {
	case errors.Is(err, ErrDamaged), errors.Is(err, ErrRecord):
		return fmt.Errorf("%w (the record %s)", err, place)
	}
	return osReason(err)
}

// warcRecord reads one record: on says whether to go on, done that it gave an article or a
// reject. An error is one of the file; it has not been rejected.
func (r *run) warcRecord(w *warcReader, rec *warcRecord, f file) (on, done bool, err error) {
	var response *httpResponse
	what := rec.kind
	wanted := false
	media, _ := mediaType(rec.fields["content-type"])
	switch rec.kind {
	case "conversion":
		if wanted = media == "" || media == "text/plain"; !wanted {
			what += " " + media
		}
	case "response":
		if media != "" && media != "application/http" {
			what += " " + media
			break
		}
		if response, err = w.response(rec); err != nil {
			return true, false, err
		}
		what = response.passedOver
		wanted = what == ""
	}
	switch {
	case !wanted:
		r.passOver(numbered(f.path, w.number), what)
		return true, false, w.pass(rec)
	case rec.length > r.opts.MaxArticle:
		if !r.rejectRecord(f, w.number, ErrTooLarge) {
			return false, true, nil
		}
		return true, true, w.pass(rec)
	}
	block, err := w.block(rec)
	if err != nil {
		return true, false, err
	}
	var a article.Article
	if response != nil {
		a, err = r.responseArticle(rec, response, block)
	} else {
		a, err = conversionArticle(block)
	}
	w.skip(len(block))
	return r.emitRecord(a, err, rec, f, w.number), true, nil
}

// emitRecord hands on the article of a record, with what the record says of it.
func (r *run) emitRecord(a article.Article, err error, rec *warcRecord, f file, n int) bool {
	a.Origin = numbered(f.path, n)
	if a.ID = strings.Trim(rec.fields["warc-record-id"], "<> "); a.ID == "" {
		a.ID = numbered(f.id, n)
	}
	if err != nil {
		return r.reject(a.Origin, a.ID, err)
	}
	target := strings.Trim(rec.fields["warc-target-uri"], "<> ")
	if a.URL == "" {
		a.URL = target
	}
	if a.Source == "" {
		if u, err := url.Parse(target); err == nil {
			a.Source = u.Hostname()
		}
	}
	if a.Published.IsZero() {
		a.Published = parseTime(rec.fields["warc-date"])
	}
	if a.Language == article.Unknown {
		a.Language = identified(rec.fields["warc-identified-content-language"])
	}
	for _, s := range []*string{&a.ID, &a.URL, &a.Source} {
		*s = strings.ToValidUTF8(*s, "\ufffd")
	}
	return r.emit(a, nil)
}

// identified is the language that a crawler found, given by the three letters of ISO 639-3.
// Where it found several the article's own words shall tell.
func identified(codes string) article.Language {
	base, err := language.ParseBase(strings.TrimSpace(codes))
	if err != nil {
		return article.Unknown
	}
	return article.ParseLanguage(base.String())
}

// conversionArticle is the article of a page's text, as some crawls store it.
func conversionArticle(block []byte) (article.Article, error) {
	text, err := decodeText(string(block))
	if err != nil {
		return article.Article{}, err
	}
	headline, found := firstLine(text)
	if !found {
		return article.Article{}, ErrEmptyText
	}
	return article.Article{Title: headline, Text: text}, nil
}

// httpResponse is the header of a response record's block.
type httpResponse struct {
	size       int // of the header
	fields     headerFields
	charset    string
	passedOver string // why it is no page; empty for a page
}

// response reads the header of the response in rec's block, and leaves it there.
func (r *warcReader) response(rec *warcRecord) (*httpResponse, error) {
	limit := int(min(rec.length, maxWARCHeader))
	size := short
	for size < 0 {
		b := r.bytes()
		b = b[:min(len(b), limit)]
		if size = headerEnd(b); size >= 0 {
			break
		}
		if len(b) == limit {
			return &httpResponse{passedOver: "response without HTTP header"}, nil
		}
		if !r.more() {
			return nil, r.ended("its block")
		}
	}
	line, fields := parseHeader(r.bytes()[:size])
	h := &httpResponse{size: size, fields: fields}
	media, charset := mediaType(fields["content-type"])
	h.charset = charset
	r.fill(int(min(rec.length, int64(size)+1024)))
	body := r.bytes()[size:]
	body = body[:min(int64(len(body)), rec.length-int64(size))]
	switch status := httpStatus(line); {
	case status == 0:
		h.passedOver = "response without HTTP header"
	case status < 200 || status > 299:
		h.passedOver = fmt.Sprintf("HTTP status %d", status)
	case len(body) == 0:
		h.passedOver = "empty response"
	case !isPage(media, body):
		if h.passedOver = media; media == "" {
			h.passedOver = "response of unknown type"
		}
	}
	return h, nil
}

// responseArticle is the article of the page in a response record.
func (r *run) responseArticle(rec *warcRecord, h *httpResponse, block []byte) (article.Article, error) {
	_, cut := rec.fields["warc-truncated"]
	body, err := r.bodies.decode(block[h.size:], h.fields, r.opts.MaxArticle, cut)
	if err != nil {
		return article.Article{}, err
	}
	target := strings.Trim(rec.fields["warc-target-uri"], "<> ")
	return r.page(Page{HTML: body, Charset: h.charset, URL: strings.ToValidUTF8(target, "\ufffd")})
}
