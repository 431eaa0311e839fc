package parquet

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

// The library makes room for what a file says it holds. So the file is looked through
// first: a list cannot have more elements than there are bytes, and a page not be larger
// than these.
const (
	maxPage   = 512 << 20 // bytes, unpacked; most writers make pages of one MiB
	maxValues = 64 << 20
	maxNested = 64
)

var (
	errBounds = errors.New("a length beyond the end")
	errNested = errors.New("nested too deeply")
	errType   = errors.New("an unknown type")
)

// checkFooter walks through the file's footer.
func checkFooter(in io.ReaderAt, size int64) error {
	var tail [8]byte
	if size < 12 {
		return io.ErrUnexpectedEOF
	}
	if _, err := in.ReadAt(tail[:], size-8); err != nil {
		return err
	}
	length := int64(binary.LittleEndian.Uint32(tail[:4]))
	if length > size-12 {
		return fmt.Errorf("a footer of %d bytes: %w", length, errBounds)
	}
	w := newWalker(in, size-8-length, length)
	return w.structure(0, nil)
}

// checkPages walks from page to page of a column.
func checkPages(in io.ReaderAt, size int64, column *format.ColumnMetaData) error {
	offset := column.DataPageOffset
	if d := column.DictionaryPageOffset; d > 0 && d < offset {
		offset = d
	}
	end := offset + column.TotalCompressedSize
	if offset < 0 || end < offset || end > size {
		return fmt.Errorf("a column of %d bytes at byte %d: %w", column.TotalCompressedSize, offset, errBounds)
	}
	for offset < end {
		var unpacked, packed, values int64
		w := newWalker(in, offset, end-offset)
		err := w.structure(0, func(depth, field int, value int64) {
			switch {
			case depth == 0 && field == 2:
				unpacked = value
			case depth == 0 && field == 3:
				packed = value
			case depth == 1 && field == 1:
				values = value
			}
		})
		if err != nil {
			return err
		}
		if packed < 0 || packed > w.left || unpacked > maxPage || values > maxValues {
			return fmt.Errorf("a page of %d bytes, %d unpacked, and %d values at byte %d: %w", packed, unpacked, values, offset, errBounds)
		}
		offset = end - w.left + packed
	}
	return nil
}

// walker passes over values in the compact protocol of Thrift.
type walker struct {
	in   *bufio.Reader
	left int64 // bytes up to where the value must end
}

func newWalker(in io.ReaderAt, offset, length int64) *walker {
	return &walker{in: bufio.NewReaderSize(io.NewSectionReader(in, offset, length), 512), left: length}
}

// structure passes over a structure. visit, if any, is told its numbers.
func (w *walker) structure(depth int, visit func(depth, field int, value int64)) error {
	if depth > maxNested {
		return errNested
	}
	for field := 0; ; {
		head, err := w.byte()
		if err != nil || head == 0 {
			return err
		}
		if delta := int(head >> 4); delta > 0 {
			field += delta
		} else {
			id, err := w.varint()
			if err != nil {
				return err
			}
			field = int(int16(unzigzag(id)))
		}
		kind := head & 15
		if kind == 1 || kind == 2 {
			continue // a truth value, which is the type
		}
		n, err := w.value(kind, depth, visit)
		if err != nil {
			return err
		}
		if visit != nil && kind < 7 {
			visit(depth, field, n)
		}
	}
}

// value passes over a value, and returns it if it is a number.
func (w *walker) value(kind byte, depth int, visit func(depth, field int, value int64)) (int64, error) {
	switch kind {
	case 1, 2, 3:
		b, err := w.byte()
		return int64(int8(b)), err
	case 4, 5, 6:
		n, err := w.varint()
		return unzigzag(n), err
	case 7:
		return 0, w.skip(8)
	case 8:
		n, err := w.varint()
		if err != nil {
			return 0, err
		}
		return 0, w.skip(n)
	case 9, 10:
		return 0, w.list(depth)
	case 11:
		return 0, w.pairs(depth)
	case 12:
		return 0, w.structure(depth+1, visit)
	case 13:
		return 0, w.skip(16)
	}
	return 0, errType
}

func (w *walker) list(depth int) error {
	head, err := w.byte()
	if err != nil {
		return err
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = w.varint(); err != nil {
			return err
		}
	}
	return w.elements(n, depth, head&15)
}

func (w *walker) pairs(depth int) error {
	n, err := w.varint()
	if err != nil || n == 0 {
		return err
	}
	kinds, err := w.byte()
	if err != nil {
		return err
	}
	return w.elements(n, depth, kinds>>4, kinds&15)
}

// elements passes over n elements, each of values of these kinds.
func (w *walker) elements(n uint64, depth int, kinds ...byte) error {
	if depth >= maxNested {
		return errNested
	}
	if n > uint64(w.left) {
		return errBounds
	}
	for range n {
		for _, kind := range kinds {
			if _, err := w.value(kind, depth+1, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *walker) byte() (byte, error) {
	b, err := w.in.ReadByte()
	if err == io.EOF {
		return 0, errBounds
	}
	w.left--
	return b, err
}

func (w *walker) varint() (uint64, error) {
	n := uint64(0)
	for shift := 0; shift < 64; shift += 7 {
		b, err := w.byte()
		if err != nil {
			return 0, err
		}
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n, nil
		}
	}
	return 0, errBounds
}

func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

func (w *walker) skip(n uint64) error {
	if n > uint64(w.left) {
		return errBounds
	}
	if _, err := w.in.Discard(int(n)); err != nil {
		return err
	}
	w.left -= int64(n)
	return nil
}
