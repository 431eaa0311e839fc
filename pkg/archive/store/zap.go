package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"github.com/calque-dev/calque/pkg/archive/segment"
)

// A segment file ends in a footer: writer id, its length, number of documents, address
// of the table of stored documents, address of the table of fields, chunk mode, version,
// CRC-32 of everything before. The documents stand at the beginning, one after another.
const (
	zapVersion = segment.Version
	zapFooter  = 40
)

// footer is what a segment file says of itself.
type footer struct {
	size      uint64 // bytes of the file
	documents uint64
	stored    uint64 // address of the table of stored documents
	fields    uint64 // address of the table of fields
	crc       uint32
}

var (
	errSegment = errors.New("not a valid segment")
	errSum     = errors.New("the contents do not have the checksum they had")
)

// readFooter reads and checks the footer of a segment file.
func readFooter(f *os.File) (z footer, err error) {
	info, err := f.Stat()
	if err != nil {
		return z, err
	}
	z.size = uint64(info.Size())
	if z.size < zapFooter {
		return z, fmt.Errorf("%w: %d bytes", errSegment, z.size)
	}
	var b [zapFooter]byte
	if _, err := f.ReadAt(b[:], int64(z.size)-zapFooter); err != nil {
		return z, err
	}
	z.documents, z.stored, z.fields = binary.BigEndian.Uint64(b[4:]), binary.BigEndian.Uint64(b[12:]), binary.BigEndian.Uint64(b[20:])
	z.crc = binary.BigEndian.Uint32(b[36:])
	end := z.size - zapFooter
	switch {
	case binary.BigEndian.Uint32(b[:]) != 0:
		return z, fmt.Errorf("%w: written through a filter", errSegment)
	case binary.BigEndian.Uint32(b[32:]) != zapVersion:
		return z, fmt.Errorf("%w: version %d", errSegment, binary.BigEndian.Uint32(b[32:]))
	case z.documents == 0 || z.documents >= 1<<31 || z.stored >= end || z.fields >= end || z.stored+8*z.documents >= z.fields:
		return z, fmt.Errorf("%w: %d documents, tables at %d and %d of %d bytes", errSegment, z.documents, z.stored, z.fields, end)
	}
	return z, nil
}

// checkSegment checks what is read when a segment is opened, so that a damaged length
// there does not ask for all the memory there is.
func checkSegment(path string) (z footer, err error) {
	f, err := os.Open(path)
	if err != nil {
		return z, &CorruptError{File: path, Err: err}
	}
	defer f.Close()
	defer guard(path, &err)
	if z, err = readFooter(f); err == nil {
		err = checkFields(f, z)
	}
	if err != nil {
		return z, &CorruptError{File: path, Err: err}
	}
	return z, nil
}

// checkFields follows the table of fields to the columns of each.
func checkFields(f *os.File, z footer) error {
	end := z.size - zapFooter
	at := func(address uint64, n int) []byte {
		b := make([]byte, n)
		if address >= end {
			return b[:0]
		}
		m, _ := f.ReadAt(b[:min(uint64(n), end-address)], int64(address))
		return b[:m]
	}
	table := at(z.fields, 1<<12)
	count, n := binary.Uvarint(table)
	if n <= 0 || count > 256 || len(table) < n+8*int(count) {
		return fmt.Errorf("%w: %d fields", errSegment, count)
	}
	for i := range int(count) {
		field := at(binary.BigEndian.Uint64(table[n+8*i:]), 1<<12)
		length, m := binary.Uvarint(field)
		if m <= 0 || length > 256 || len(field) < m+int(length) {
			return fmt.Errorf("%w: field %d", errSegment, i)
		}
		field = field[m+int(length):]
		_, m = binary.Uvarint(field) // options
		sections, k := binary.Uvarint(field[max(m, 0):])
		if m <= 0 || k <= 0 || sections > 64 || len(field) < m+k+10*int(sections) {
			return fmt.Errorf("%w: field %d", errSegment, i)
		}
		for s := range int(sections) {
			entry := field[m+k+10*s:]
			if binary.BigEndian.Uint16(entry) > 16 {
				return fmt.Errorf("%w: field %d has a part of kind %d", errSegment, i, binary.BigEndian.Uint16(entry))
			}
			if address := binary.BigEndian.Uint64(entry[2:]); address != 0 {
				if err := checkColumn(at, address, end, z.documents); err != nil {
					return fmt.Errorf("field %d: %w", i, err)
				}
			}
		}
	}
	return nil
}

// checkColumn checks the lengths of the column of a field.
func checkColumn(at func(uint64, int) []byte, address, end, documents uint64) error {
	b := at(address, 3*binary.MaxVarintLen64)
	first, n := binary.Uvarint(b)
	last, m := binary.Uvarint(b[max(n, 0):])
	if n <= 0 || m <= 0 {
		return errSegment
	}
	if first == ^uint64(0) {
		return nil // no column
	}
	if last > end || first+16 >= last {
		return fmt.Errorf("%w: a column from %d to %d of %d bytes", errSegment, first, last, end)
	}
	tail := at(last-16, 16)
	if chunks, length := binary.BigEndian.Uint64(tail[8:]), binary.BigEndian.Uint64(tail); chunks > documents || length > last-16-first {
		return fmt.Errorf("%w: a column of %d parts", errSegment, chunks)
	}
	return nil
}

// checkSum reads the whole segment file and compares it with its CRC.
func checkSum(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return &CorruptError{File: path, Err: err}
	}
	defer f.Close()
	z, err := readFooter(f)
	if err != nil {
		return &CorruptError{File: path, Err: err}
	}
	sum := crc32.NewIEEE()
	buffer := make([]byte, 1<<20)
	for left := int64(z.size) - 4; left > 0; {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		n, err := io.ReadFull(f, buffer[:min(left, int64(len(buffer)))])
		if err != nil {
			return &CorruptError{File: path, Err: err}
		}
		sum.Write(buffer[:n])
		left -= int64(n)
	}
	if sum.Sum32() != z.crc {
		return &CorruptError{File: path, Err: errSum}
	}
	return nil
}
