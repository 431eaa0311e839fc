package ingest

import (
	"compress/bzip2"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxZstdWindow is what the zstd command accepts without --long: a larger window would
// let a few bytes of input claim gigabytes of memory.
const maxZstdWindow = 128 << 20

// readFile reads the articles of one file and reports whether to go on.
func (r *run) readFile(f file) bool {
	r.enter(f)
	if f.stdin {
		in := r.opts.Stdin
		if in == nil {
			in = os.Stdin
		}
		return r.readStream(f, newPatientReader(r.ctx, in))
	}
	opened, err := os.Open(f.path)
	if err != nil {
		return r.reject(f.path, f.id, fmt.Errorf("cannot open: %w", osReason(err)))
	}
	defer opened.Close()
	if info, err := opened.Stat(); err == nil {
		f.size = info.Size()
	}
	return r.readStream(f, opened)
}

// readStream unpacks, finds out character width and format, and reads the articles.
func (r *run) readStream(f file, in io.Reader) bool {
	w := &r.window
	raw := &source{run: r, in: in}
	w.reset(raw)
	if f.packing == packingUnknown {
		f.packing = sniffPacking(w)
	}
	if f.packing != packingNone {
		f.size = 0
		if f.format == formatUnknown && packedWARC(f.packing, w) {
			f.format = formatWARC
		}
		if f.format == formatWARC && f.packing != packingBzip2 {
			return r.readMembers(f, raw)
		}
		unpacked, err := r.unpack.open(f.packing, raw, w)
		if err != nil {
			return r.reject(f.path, f.id, err)
		}
		w.reset(unpacked)
	}
	w.fill(4)
	if len(w.bytes()) == 0 {
		if w.err != io.EOF {
			return r.reject(f.path, f.id, osReason(w.err))
		}
		return r.reject(f.path, f.id, ErrEmptyFile)
	}
	if f.packing != packingNone {
		if sniffPacking(w) != packingNone {
			return r.reject(f.path, f.id, ErrNested)
		}
	}
	if f.format == formatUnknown {
		f.format = sniffContainer(w)
	}
	switch f.format {
	case formatTar, formatZip:
		if r.bundled {
			return r.reject(f.path, f.id, ErrNested)
		}
		if f.format == formatTar {
			return r.readTar(f)
		}
		return r.readZip(f, wholeFile(f, in))
	case formatWARC:
		return r.readWARC(f, nil)
	case formatParquet:
		return r.readTable(f, wholeFile(f, in))
	}
	if f.size >= worthStoring && wholeFile(f, in) != nil {
		f.store = &storedStrings{path: f.path}
	}
	return r.readCharacters(f)
}

// readCharacters finds out the width of the characters of a file of text, and its format,
// and reads its articles.
func (r *run) readCharacters(f file) bool {
	w := &r.window
	wide, err := decodeWide(w)
	if err != nil {
		return r.reject(f.path, f.id, err)
	}
	if f.unicode = wide; wide {
		f.store = nil
	}
	if len(w.bytes()) >= 3 && string(w.bytes()[:3]) == "\ufeff" {
		w.skip(3)
		f.unicode = true
	}
	if f.format == formatUnknown {
		f.format = r.sniffFormat()
	}
	switch f.format {
	case formatLines, formatJSON, formatCSV, formatTSV:
		// One reject rather than one for every stretch between two newlines.
		if c := w.at(w.peekSpace(0)); c != '{' && c != '[' && w.lineHoldsZero() {
			return r.reject(f.path, f.id, ErrBinary)
		}
		if f.format == formatLines {
			return r.readLines(f)
		}
		if f.format == formatJSON {
			return r.readValues(f)
		}
		return r.readRows(f)
	case formatPage:
		return r.readPage(f)
	case formatMarkup:
		return r.readMarkup(f)
	}
	return r.readText(f)
}

// wholeFile is the file behind a stream, if that is the file itself and neither packed nor
// a pipe.
func wholeFile(f file, in io.Reader) *os.File {
	if opened, ok := in.(*os.File); ok && f.packing == packingNone {
		if info, err := opened.Stat(); err == nil && info.Mode().IsRegular() {
			return opened
		}
	}
	return nil
}

// readMembers reads a WARC file in which each record is packed by itself.
func (r *run) readMembers(f file, raw *source) bool {
	w := &r.window
	if w.fill(1); len(w.bytes()) == 0 && w.err == io.EOF {
		return r.reject(f.path, f.id, ErrEmptyFile)
	}
	m, err := newMembers(f.packing, w.rest(), raw)
	if err != nil {
		return r.reject(f.path, f.id, err)
	}
	defer m.close()
	w.reset(m)
	return r.readWARC(f, m)
}

// packedWARC reports whether a WARC file is packed in what the window begins with.
func packedWARC(p packing, w *window) bool {
	if p == packingBzip2 {
		return false
	}
	m, err := newMembers(p, &peeker{window: w}, &source{})
	if err != nil {
		return false
	}
	defer m.close()
	return m.next() == nil && m.begins(warcMagic)
}

// peeker reads what a window has, and further on, and consumes none of it.
type peeker struct {
	window *window
	pos    int
}

func (p *peeker) Read(b []byte) (int, error) {
	if p.pos == len(p.window.bytes()) && !p.window.more() {
		return 0, p.window.err
	}
	n := copy(b, p.window.bytes()[p.pos:])
	p.pos += n
	return n, nil
}

// source is the stream as stored. It counts, ends with the context, and keeps the
// error of the operating system apart from what a decompressor makes of it.
type source struct {
	run *run
	in  io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.run.ctx.Err(); err != nil {
		s.err = err
		return 0, err
	}
	n, err := s.in.Read(p)
	s.run.count(n)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// unpacker keeps the decompressors from one file to the next.
type unpacker struct {
	gzip *gzip.Reader
	zstd *zstd.Decoder
}

// open unpacks raw, of which the window may hold the first bytes.
func (u *unpacker) open(p packing, raw *source, w *window) (io.Reader, error) {
	if w.fill(1); len(w.bytes()) == 0 && w.err == io.EOF {
		return nil, ErrEmptyFile
	}
	in := w.rest()
	var out io.Reader
	var err error
	switch {
	case p == packingGzip && u.gzip == nil:
		u.gzip, err = gzip.NewReader(in)
		out = u.gzip
	case p == packingGzip:
		err = u.gzip.Reset(in)
		out = u.gzip
	case p == packingBzip2:
		out = bzip2.NewReader(in)
	case u.zstd == nil:
		u.zstd, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
		out = u.zstd
	default:
		err = u.zstd.Reset(in)
		out = u.zstd
	}
	if err == io.EOF {
		return nil, ErrEmptyFile
	}
	checked := &unpacked{out: out, raw: raw}
	if err != nil {
		return nil, checked.explain(err)
	}
	return checked, nil
}

func (u *unpacker) close() {
	if u.zstd != nil {
		u.zstd.Close()
	}
}

// unpacked is a decompressed stream whose errors say whether the data or the disk is bad.
type unpacked struct {
	out io.Reader
	raw *source
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.out.Read(p)
	if err != nil && err != io.EOF {
		err = u.explain(err)
	}
	return n, err
}

func (u *unpacked) explain(err error) error {
	if u.raw.err != nil {
		return osReason(u.raw.err)
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// osReason takes the path off an error of the operating system: the Reject has it.
func osReason(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// chunk is what one Read of a patientReader's stream returned.
type chunk struct {
	bytes []byte
	err   error
}

// patientReader reads a stream that may block for ever, and still ends with its context.
// The goroutine that waits for the stream outlives the context until the stream gives.
type patientReader struct {
	ctx    context.Context
	chunks chan chunk
	spare  chan []byte
	now    chunk
	whole  []byte // the buffer that now lies in
}

func newPatientReader(ctx context.Context, in io.Reader) *patientReader {
	p := &patientReader{ctx: ctx, chunks: make(chan chunk), spare: make(chan []byte, 2)}
	p.spare <- make([]byte, windowSize)
	p.spare <- make([]byte, windowSize)
	go func() {
		for {
			var buf []byte
			select {
			case buf = <-p.spare:
			case <-ctx.Done():
				return
			}
			n, err := in.Read(buf)
			select {
			case p.chunks <- chunk{buf[:n], err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return p
}

// Read returns what the stream gave, or the context's error.
func (p *patientReader) Read(b []byte) (int, error) {
	if len(p.now.bytes) == 0 && p.now.err == nil {
		if p.whole != nil {
			p.spare <- p.whole[:cap(p.whole)]
			p.whole = nil
		}
		select {
		case p.now = <-p.chunks:
			p.whole = p.now.bytes
		case <-p.ctx.Done():
			return 0, p.ctx.Err()
		}
	}
	n := copy(b, p.now.bytes)
	p.now.bytes = p.now.bytes[n:]
	if len(p.now.bytes) == 0 && p.now.err != nil {
		return n, p.now.err
	}
	return n, nil
}
