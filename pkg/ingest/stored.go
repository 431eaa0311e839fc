package ingest

import (
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
)

// worthStoring is the size in bytes of the smallest file of which the articles are told where
// their text stands: each such file is one more thing for their reader to remember.
const worthStoring = 1 << 20

// storedStrings is a file as an article.Store of the JSON strings in it.
type storedStrings struct {
	path string

	mu   sync.RWMutex // held for writing while the file is closed
	file atomic.Pointer[os.File]
}

// buffers are for the strings as they are read.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// ReadText reads the JSON string that stands at the place, with its quotes.
func (s *storedStrings) ReadText(offset int64, length int) (string, error) {
	if length < len(`""`) {
		return "", article.ErrChanged
	}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	if cap(*buffer) < length || cap(*buffer) > maxScratch {
		*buffer = make([]byte, length)
	}
	raw := (*buffer)[:length]
	switch err := s.readAt(raw, offset); {
	case errors.Is(err, io.EOF):
		return "", article.ErrChanged
	case err != nil:
		return "", err
	}
	if raw[0] != '"' || quoted(raw, 0) != length || !utf8.Valid(raw) {
		return "", article.ErrChanged
	}
	raw = raw[1 : length-1]
	return string(unescape(raw[:0], raw)), nil // no character is longer than what it is escaped as
}

// maxOpen is how many files stay open for their next texts.
const maxOpen = 256

var openStores atomic.Int64

// readAt reads from the file, which then stays open if few others do.
func (s *storedStrings) readAt(b []byte, offset int64) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	file := s.file.Load()
	if file == nil {
		opened, err := os.Open(s.path)
		if err != nil {
			return err
		}
		if file = opened; openStores.Add(1) > maxOpen || !s.file.CompareAndSwap(nil, opened) {
			openStores.Add(-1)
			defer opened.Close()
		}
	}
	_, err := file.ReadAt(b, offset)
	return err
}

// Close gives the file back until ReadText is called again.
func (s *storedStrings) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	file := s.file.Swap(nil)
	if file == nil {
		return nil
	}
	openStores.Add(-1)
	return file.Close()
}
