package ingest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	historySize = 4 << 20 // stored bytes that are remembered, so that a member can be looked through again
	historyKeep = 1 << 20 // of them, those that stay when there is no room
	maxDict     = 32 << 20
)

// The magic numbers of what a packed file is made of, as stored.
var (
	magicGzip      = []byte{0x1f, 0x8b, 8}
	magicZstd      = []byte{0x28, 0xb5, 0x2f, 0xfd}
	magicZstdDict  = []byte{0x5d, 0x2a, 0x4d, 0x18} // a skippable frame with the dictionary of a WARC file
	magicSkippable = []byte{0x2a, 0x4d, 0x18}       // the last three of the four bytes
)

// members unpacks a file of gzip members or zstd frames, one for each record. Other
// than a plain decompressor it knows where a member begins, and can go on after one that
// is damaged.
type members struct {
	in      *bufio.Reader // over past
	past    *history
	raw     *source
	packing packing
	gzip    *gzip.Reader
	zstd    *zstd.Decoder
	frame   frameReader

	open    bool
	start   int64 // offset in the file of the member that is open, or was last
	total   int64 // bytes that came out of all members
	begun   []beginning
	failure error // until resync
}

// beginning is where a member begins: in the file, and in what came out.
type beginning struct{ stored, unpacked int64 }

// newMembers unpacks gzip or zstd: it reads what in has, which ends in raw. A zstd dictionary at its head is taken.
func newMembers(p packing, in io.Reader, raw *source) (*members, error) {
	m := &members{past: &history{in: in}, raw: raw, packing: p}
	m.in = bufio.NewReaderSize(m.past, 64<<10)
	if p == packingGzip {
		m.gzip = new(gzip.Reader)
		return m, nil
	}
	options := []zstd.DOption{zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow)}
	dict, err := m.readDictionary()
	if err != nil {
		return nil, err
	}
	if dict != nil {
		options = append(options, zstd.WithDecoderDicts(dict))
	}
	if m.zstd, err = zstd.NewReader(nil, options...); err != nil {
		return nil, fmt.Errorf("%w: the dictionary: %w", ErrDamaged, err)
	}
	return m, nil
}

func (m *members) close() {
	if m.zstd != nil {
		m.zstd.Close()
	}
}

// readDictionary reads the dictionary that the file begins with, which may be packed
// itself. Nil is none.
func (m *members) readDictionary() ([]byte, error) {
	head, _ := m.in.Peek(8)
	if !bytes.HasPrefix(head, magicZstdDict) || len(head) < 8 {
		return nil, nil
	}
	size := binary.LittleEndian.Uint32(head[4:])
	if size > maxDict {
		return nil, fmt.Errorf("%w: a dictionary of %d bytes", ErrDamaged, size)
	}
	m.in.Discard(8)
	dict, err := io.ReadAll(io.LimitReader(m.in, int64(size)))
	if err == nil && len(dict) < int(size) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, m.explain(err)
	}
	if bytes.HasPrefix(dict, magicZstd) {
		unpacker, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxDict))
		if err != nil {
			return nil, err
		}
		defer unpacker.Close()
		if dict, err = unpacker.DecodeAll(dict, nil); err != nil {
			return nil, fmt.Errorf("%w: the dictionary: %w", ErrDamaged, err)
		}
	}
	return dict, nil
}

// offset is where in the file the next byte stands.
func (m *members) offset() int64 { return m.past.offset() - int64(m.in.Buffered()) }

// seek goes back to an offset, as far as it is remembered.
func (m *members) seek(offset int64) {
	m.past.rewind(offset)
	m.in.Reset(m.past)
}

// explain says whether the data or the disk is bad.
func (m *members) explain(err error) error {
	if m.raw.err != nil {
		return osReason(m.raw.err)
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// Read gives what is in the members. After an error it gives that error again, until
// resync.
func (m *members) Read(p []byte) (int, error) {
	for m.failure == nil {
		if !m.open {
			err := m.next()
			if err == io.EOF {
				return 0, io.EOF
			}
			if err != nil {
				m.failure = m.explain(err)
				break
			}
			m.begun = append(m.begun, beginning{m.start, m.total})
		}
		n, err := m.out().Read(p)
		m.total += int64(n)
		if err == io.EOF && m.packing == packingZstd && !m.frame.complete() {
			err = io.ErrUnexpectedEOF // the decoder takes the beginning of a frame for the end of the file
		}
		if err == io.EOF {
			m.open = false
		} else if err != nil {
			m.failure = m.explain(err)
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, m.failure
}

// at is where the member begins that gave the byte at an offset of what came out. Those
// before it are forgotten.
func (m *members) at(offset int64) beginning {
	for len(m.begun) > 1 && m.begun[1].unpacked <= offset {
		m.begun = m.begun[1:]
	}
	if len(m.begun) == 0 {
		return beginning{m.start, offset}
	}
	return m.begun[0]
}

// beginsAt reports whether a member begins at an offset of what came out.
func (m *members) beginsAt(offset int64) bool {
	return slices.ContainsFunc(m.begun, func(b beginning) bool { return b.unpacked == offset })
}

func (m *members) out() io.Reader {
	if m.packing == packingGzip {
		return m.gzip
	}
	return m.zstd
}

// next opens the next member, or returns io.EOF if there is none.
func (m *members) next() error {
	m.start = m.offset()
	if m.packing == packingZstd {
		if err := m.skipSkippable(); err != nil {
			return err
		}
		m.start = m.offset()
	}
	if _, err := m.in.Peek(1); err != nil {
		return err
	}
	var err error
	if m.packing == packingGzip {
		err = m.gzip.Reset(m.in)
		m.gzip.Multistream(false)
	} else {
		m.frame = frameReader{in: m.in}
		err = m.zstd.Reset(&m.frame)
	}
	m.open = err == nil
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// skipSkippable passes over the zstd frames that hold no data.
func (m *members) skipSkippable() error {
	for {
		head, err := m.in.Peek(8)
		if len(head) < 8 || !bytes.Equal(head[1:4], magicSkippable) || head[0]>>4 != 5 {
			if len(head) > 0 || err == io.EOF {
				return nil
			}
			return err
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		if n, err := io.CopyN(io.Discard, m.in, 8+size); n < 8+size {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
	}
}

// resync goes on, after an error, with the next member whose content begins with prefix.
// It reports whether there is one.
func (m *members) resync(prefix string) bool {
	if m.raw.err != nil {
		return false
	}
	magic := magicGzip
	if m.packing == packingZstd {
		magic = magicZstd
	}
	for m.seek(m.start + 1); m.find(magic); m.seek(m.start + 1) {
		at := m.offset()
		m.failure = nil
		begins := m.next() == nil && m.begins(prefix)
		m.start = at
		if begins {
			m.seek(at)
			m.open, m.failure = false, nil
			return true
		}
	}
	return false
}

// find goes forward to the next occurrence of magic.
func (m *members) find(magic []byte) bool {
	for {
		if _, err := m.in.Peek(len(magic)); err != nil {
			return false
		}
		b, _ := m.in.Peek(m.in.Buffered())
		if i := bytes.Index(b, magic); i >= 0 {
			m.in.Discard(i)
			return true
		}
		m.in.Discard(len(b) - len(magic) + 1)
	}
}

func (m *members) begins(prefix string) bool {
	head := make([]byte, len(prefix))
	_, err := io.ReadFull(m.out(), head)
	return err == nil && string(head) == prefix
}

// history reads a stream and remembers the last of it.
type history struct {
	in   io.Reader
	kept []byte
	base int64 // the offset of kept[0] in the stream
	pos  int   // of the next byte, in kept
}

func (h *history) offset() int64 { return h.base + int64(h.pos) }

// rewind goes to an offset, or to the first one that is remembered.
func (h *history) rewind(offset int64) { h.pos = int(max(offset, h.base) - h.base) }

// Read gives what is remembered and then what the stream has.
func (h *history) Read(p []byte) (int, error) {
	if h.pos < len(h.kept) {
		n := copy(p, h.kept[h.pos:])
		h.pos += n
		return n, nil
	}
	n, err := h.in.Read(p)
	if len(h.kept)+n > historySize {
		drop := max(len(h.kept)-historyKeep, 0)
		h.kept = h.kept[:copy(h.kept, h.kept[drop:])]
		h.base += int64(drop)
	}
	h.kept = append(h.kept, p[:n]...)
	h.pos = len(h.kept)
	return n, err
}

var errFrame = errors.New("no zstd frame")

// frameReader gives the bytes of one zstd frame, after RFC 8878, and then io.EOF.
type frameReader struct {
	in       *bufio.Reader
	rest     int  // of the piece that is being given
	begun    bool // the frame's header has been seen
	last     bool // so has the header of its last block
	checksum bool // four bytes follow the last block
}

// complete reports whether the whole frame has been given.
func (f *frameReader) complete() bool { return f.last && f.rest == 0 && !f.checksum }

// Read gives the frame's bytes.
func (f *frameReader) Read(p []byte) (int, error) {
	if f.rest == 0 {
		if err := f.piece(); err != nil {
			return 0, err
		}
	}
	n, err := f.in.Read(p[:min(len(p), f.rest)])
	f.rest -= n
	if err == io.EOF && f.rest > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// piece finds out how long the next piece is: the frame's header, a block with its own
// header, or the checksum.
func (f *frameReader) piece() error {
	if !f.begun {
		head, err := f.in.Peek(5)
		if err != nil {
			return unexpected(err)
		}
		if !bytes.HasPrefix(head, magicZstd) {
			return errFrame
		}
		f.begun, f.checksum = true, head[4]&4 != 0
		single, sizeFlag := head[4]>>5&1, head[4]>>6
		f.rest = 5 + []int{0, 1, 2, 4}[head[4]&3] + []int{0, 2, 4, 8}[sizeFlag]
		if single == 0 {
			f.rest++
		} else if sizeFlag == 0 {
			f.rest++
		}
		return nil
	}
	if f.last {
		if f.checksum {
			f.checksum = false
			f.rest = 4
			return nil
		}
		return io.EOF
	}
	head, err := f.in.Peek(3)
	if err != nil {
		return unexpected(err)
	}
	f.last = head[0]&1 != 0
	f.rest = 3 + (int(head[0])|int(head[1])<<8|int(head[2])<<16)>>3
	if head[0]>>1&3 == 1 { // one byte, repeated
		f.rest = 4
	}
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
