//go:build unix

package cli

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// renamesOpen says that a file can be renamed while it is open.
const renamesOpen = true

// hold marks a file as being written, until it is closed or the process ends. It fails with
// errHeld when somebody else holds it, and otherwise where the file system knows no such
// marks.
func hold(file *os.File) error {
	err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return errHeld
	}
	return err
}

// syncFolder brings the names of a folder's files to the disk.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return nil // a folder may be writable and not readable: the file itself is safe
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOTSUP) {
		return err
	}
	return nil
}
