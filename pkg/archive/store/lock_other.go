//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package store

import "os"

// lock opens the lock file only: here the one writer is kept alone by the lock that
// bbolt, below bleve, holds on its own file, with a wait of two seconds.
func lock(path string) (*os.File, error) { return os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666) }

const canLock = false
