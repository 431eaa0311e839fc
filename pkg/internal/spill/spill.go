// Package spill keeps records that are written once and read at random: in memory as long
// as there is room for all of them, else in a temporary file. Whoever writes a record gets a Ref, by
// which anybody reads it, also while others write.
package spill

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
)

// chunkSize is how much is written to the file at a time, in bytes.
const chunkSize = 1 << 20

// Log is a row of records. It is safe for use by several goroutines.
type Log struct {
	room int64 // bytes that may still be kept in memory

	mu     sync.RWMutex
	chunks []chunk
	open   []byte // the chunk that is written to: the one after chunks
	spare  []byte // the memory for the next one; nil: none
	file   *os.File
	end    int64 // of the file
}

// chunk is some records, in memory or in the file.
type chunk struct {
	data []byte // nil: in the file
	at   int64
	size int
}

// Ref is the place of a record.
type Ref struct{ chunk, offset, length uint32 }

// Len is the length of the record in bytes.
func (r Ref) Len() int { return int(r.length) }

// First is the place of the first n bytes of the record.
func (r Ref) First(n int) Ref { return Ref{r.chunk, r.offset, min(r.length, uint32(n))} }

// Slice is the place of the bytes of the record from one up to another.
func (r Ref) Slice(from, past int) Ref {
	past = min(past, int(r.length))
	from = min(from, past)
	return Ref{r.chunk, r.offset + uint32(from), uint32(past - from)}
}

// Chunk is the number of the chunk that the record is in, see Log.Chunk.
func (r Ref) Chunk() int { return int(r.chunk) }

// In is the record in the bytes of its chunk.
func (r Ref) In(chunk []byte) []byte { return chunk[r.offset:][:r.length:r.length] }

// Compare orders records as they were written.
func (r Ref) Compare(other Ref) int {
	return cmp.Or(cmp.Compare(r.chunk, other.chunk), cmp.Compare(r.offset, other.offset))
}

// New makes a Log that keeps so many bytes in memory.
func New(room int64) *Log { return &Log{room: room} }

// Append writes a record. It fails when the temporary file cannot be written.
func (l *Log) Append(record []byte) (Ref, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.open) > 0 && len(l.open)+len(record) > chunkSize {
		if err := l.seal(); err != nil {
			return Ref{}, err
		}
	}
	r := Ref{uint32(len(l.chunks)), uint32(len(l.open)), uint32(len(record))}
	l.open = append(l.open, record...)
	return r, nil
}

// seal ends the open chunk. Others may append and read while it writes.
func (l *Log) seal() error {
	n := len(l.chunks)
	l.chunks = append(l.chunks, chunk{data: l.open, size: len(l.open)})
	if l.room >= int64(cap(l.open)) {
		l.room -= int64(cap(l.open))
		l.open = make([]byte, 0, min(l.room, chunkSize))
		return nil
	}
	if l.file == nil {
		file, err := tempFile()
		if err != nil {
			return fmt.Errorf("no room in memory, and no temporary file: %w", err)
		}
		l.file, l.room = file, 0
		n = 0 // what is a small part of all is not worth its memory
	}
	l.open, l.spare = l.spare, nil
	if l.open == nil {
		l.open = make([]byte, 0, chunkSize)
	}
	for past := len(l.chunks); n < past; n++ {
		if err := l.write(n); err != nil {
			return err
		}
	}
	return nil
}

// write puts a chunk into the file. Until it is there it is read in memory.
func (l *Log) write(n int) error {
	data, at := l.chunks[n].data, l.end
	l.end += int64(len(data))
	l.mu.Unlock()
	_, err := l.file.WriteAt(data, at)
	l.mu.Lock()
	if err != nil {
		return fmt.Errorf("temporary file: %w", err)
	}
	l.chunks[n] = chunk{at: at, size: len(data)}
	l.spare = data[:0]
	return nil
}

// tempFile makes a file that is gone when the program ends, however it ends, where the
// system allows it.
func tempFile() (*os.File, error) {
	file, err := os.CreateTemp("", "calque-*")
	if err == nil && runtime.GOOS != "windows" {
		err = os.Remove(file.Name())
	}
	return file, err
}

// Read is the record at r, in dst if that is large enough. It fails when the temporary
// file cannot be read.
func (l *Log) Read(r Ref, dst []byte) ([]byte, error) {
	if cap(dst) < int(r.length) {
		dst = make([]byte, r.length)
	}
	dst = dst[:r.length]
	l.mu.RLock()
	data := l.open
	var c chunk
	if int(r.chunk) < len(l.chunks) {
		c = l.chunks[r.chunk]
		data = c.data
	}
	if data != nil || r.length == 0 {
		copy(dst, data[min(int(r.offset), len(data)):])
		l.mu.RUnlock()
		return dst, nil
	}
	l.mu.RUnlock()
	if _, err := l.file.ReadAt(dst, c.at+int64(r.offset)); err != nil {
		return nil, fmt.Errorf("temporary file: %w", err)
	}
	return dst, nil
}

// Chunks is the number of chunks: stretches of about a mebibyte of records, in the order of
// writing. Who reads many records reads chunks.
func (l *Log) Chunks() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.chunks) + 1
}

// ChunkLen is the length of chunk n in bytes.
func (l *Log) ChunkLen(n int) int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if n < len(l.chunks) {
		return l.chunks[n].size
	}
	return len(l.open)
}

// Chunk is the bytes of chunk n, when nobody appends any more: if all are in memory where they
// are, to be changed for Rewrite only, else in dst, or in more memory if that is too small. It
// fails when the temporary file cannot be read.
func (l *Log) Chunk(n int, dst []byte) ([]byte, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	c := chunk{data: l.open}
	if n < len(l.chunks) {
		c = l.chunks[n]
	}
	if l.file == nil {
		return c.data, nil
	}
	if c.data != nil {
		return append(dst[:0], c.data...), nil
	}
	dst = slices.Grow(dst[:0], c.size)[:c.size]
	if _, err := l.file.ReadAt(dst, c.at); err != nil {
		return nil, fmt.Errorf("temporary file: %w", err)
	}
	return dst, nil
}

// Rewrite replaces chunk n, when nobody appends any more, by what Chunk gave, whose bytes may
// have changed. Nobody may read the chunk meanwhile. It fails when the temporary file cannot be
// written.
func (l *Log) Rewrite(n int, data []byte) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if n == len(l.chunks) {
		copy(l.open, data)
	} else if c := l.chunks[n]; c.data != nil {
		copy(c.data, data)
	} else if _, err := l.file.WriteAt(data, c.at); err != nil {
		return fmt.Errorf("temporary file: %w", err)
	}
	return nil
}

// Kept is how many bytes are in memory.
func (l *Log) Kept() int64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	kept := int64(cap(l.open))
	for _, c := range l.chunks {
		kept += int64(cap(c.data))
	}
	return kept
}

// Spilled is how many bytes are in the file.
func (l *Log) Spilled() int64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.end
}

// Close gives the file back.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	file := l.file
	l.chunks, l.open, l.spare, l.file, l.end = nil, nil, nil, nil, 0
	if file == nil {
		return nil
	}
	err := file.Close()
	_ = os.Remove(file.Name()) // it is gone already but on Windows
	return err
}
