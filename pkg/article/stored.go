package article

import (
	"errors"
	"io"
)

// ErrChanged is the error of a text that is no longer where it was read.
var ErrChanged = errors.New("changed since it was read")

// Stored is where an article's Text stands in a file, for who needs it again and has no
// room to keep it.
type Stored struct {
	In     Store // nil: nowhere
	Offset int64 // of what stands for the text there, in bytes
	Length int   // of that, in bytes
}

// Store is a file that texts can be read from again, by several goroutines. All articles of
// a file have the same one. Whoever has read closes it, which others need not know of: it opens
// the file again.
type Store interface {
	io.Closer

	// ReadText is the text that so many bytes from the offset on stand for. It fails when
	// they cannot be read, and with ErrChanged when they stand for none. Whether it is the
	// text that was read before is for the caller to tell.
	ReadText(offset int64, length int) (string, error)
}
