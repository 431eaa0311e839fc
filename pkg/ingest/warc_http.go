package ingest

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// httpStatus is the status code in the first line of an HTTP response, 0 if it is none.
func httpStatus(line string) int {
	protocol, rest, _ := strings.Cut(line, " ")
	if !strings.HasPrefix(strings.ToUpper(protocol), "HTTP/") {
		return 0
	}
	code, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.Atoi(code)
	if err != nil || n < 100 || n > 999 {
		return 0
	}
	return n
}

// mediaType is the media type in a Content-Type field, without parameters and in lower
// case, and the character set it names.
func mediaType(field string) (media, charset string) {
	media, params, err := mime.ParseMediaType(field)
	if err != nil {
		media, _, _ = strings.Cut(field, ";")
		media = strings.ToLower(strings.TrimSpace(media))
	}
	return media, params["charset"]
}

// isPage reports whether a response is a web page, given its media type. If it has none,
// the first bytes of the body decide.
func isPage(media string, body []byte) bool {
	if media != "" {
		return media == "text/html" || media == "application/xhtml+xml"
	}
	return looksLikeHTML(body)
}

func looksLikeHTML(b []byte) bool {
	b = bytes.ToLower(b[:min(len(b), 1024)])
	return bytes.Contains(b, []byte("<html")) || bytes.Contains(b, []byte("<!doctype html"))
}

// bodyDecoder takes off what was put around the body of a response for the way. Its
// decompressors serve one body after another.
type bodyDecoder struct {
	gzip *gzip.Reader
	zstd *zstd.Decoder
	out  bytes.Buffer
}

func (d *bodyDecoder) close() {
	if d.zstd != nil {
		d.zstd.Close()
	}
}

// decode is the body of a response with these fields, valid until the next call. It fails
// with ErrTooLarge if it is over limit. Of a body that was cut off on purpose, what there is
// is decoded. Many crawlers unpack a body and keep the fields that say otherwise: a body
// that is not what they say is taken as it is.
func (d *bodyDecoder) decode(body []byte, fields headerFields, limit int64, cut bool) ([]byte, error) {
	if strings.Contains(strings.ToLower(fields["transfer-encoding"]), "chunked") {
		body = dechunk(body)
	}
	encodings := strings.Split(strings.ToLower(fields["content-encoding"]), ",")
	done := false
	for _, name := range slices.Backward(encodings) {
		name = strings.TrimSpace(name)
		unpacked, err := d.unpacker(name, body)
		switch {
		case err != nil:
			return nil, err
		case unpacked == nil:
			continue
		case done:
			return nil, ErrNested
		}
		done = true
		var out bytes.Buffer
		if d.out.Cap() <= windowKeep {
			out, d.out = d.out, bytes.Buffer{}
		}
		out.Reset()
		_, err = out.ReadFrom(io.LimitReader(unpacked, limit+1))
		switch {
		case int64(out.Len()) > limit:
			return nil, ErrTooLarge
		case err != nil && cut && out.Len() > 0:
		case err != nil && looksLikeHTML(body):
			continue
		case err != nil:
			return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
		}
		d.out = out
		body = out.Bytes()
	}
	return body, nil
}

// unpacker unpacks body, or is nil if there is nothing to unpack.
func (d *bodyDecoder) unpacker(name string, body []byte) (io.Reader, error) {
	in := bytes.NewReader(body)
	var err error
	switch name {
	case "", "identity", "none", "utf-8":
		return nil, nil
	case "gzip", "x-gzip":
		if !bytes.HasPrefix(body, magicGzip) {
			return nil, nil
		}
		if d.gzip == nil {
			d.gzip = new(gzip.Reader)
		}
		err = d.gzip.Reset(in)
		if err == nil {
			return d.gzip, nil
		}
	case "deflate":
		// Half of the servers leave out the zlib header that the standard asks for.
		if len(body) > 1 && body[0]&0x0f == 8 && (int(body[0])<<8|int(body[1]))%31 == 0 {
			return zlib.NewReader(in)
		}
		return flate.NewReader(in), nil
	case "br":
		return brotli.NewReader(in), nil
	case "zstd":
		if !bytes.HasPrefix(body, magicZstd) {
			return nil, nil
		}
		if d.zstd == nil {
			d.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
			if err != nil {
				return nil, err
			}
		}
		if err = d.zstd.Reset(in); err == nil {
			return d.zstd, nil
		}
	default:
		return nil, fmt.Errorf("%w: unknown content encoding %q", ErrEncoding, name)
	}
	return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
}

var errChunk = errors.New("no chunk")

// dechunk joins the chunks of a body. One that does not begin with a chunk has been joined
// already, and what follows the last good chunk is left out.
func dechunk(body []byte) []byte {
	var out []byte
	for rest, first := body, true; ; first = false {
		chunk, after, err := nextChunk(rest)
		switch {
		case err != nil && first:
			return body
		case err != nil:
			return out
		}
		out = append(out, chunk...)
		if len(chunk) == 0 {
			return out
		}
		rest = after
	}
}

// nextChunk is the chunk that b begins with, cut short if b is, and what follows it.
func nextChunk(b []byte) (chunk, after []byte, err error) {
	line, rest, found := bytes.Cut(b, []byte{'\n'})
	size, _, _ := bytes.Cut(line, []byte{';'})
	n, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 63)
	if !found || err != nil {
		return nil, nil, errChunk
	}
	if n > uint64(len(rest)) {
		n = uint64(len(rest))
	}
	chunk, rest = rest[:n], rest[n:]
	rest = bytes.TrimPrefix(rest, []byte{'\r'})
	return chunk, bytes.TrimPrefix(rest, []byte{'\n'}), nil
}
