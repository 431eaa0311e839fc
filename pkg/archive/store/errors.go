package store

import (
	"errors"
	"fmt"
)

// What Create, Open, OpenReader and the methods of a Store return; match them with
// errors.Is. The struct types below are matched with errors.As.
var (
	// ErrExists: Create found an archive, or other files, in the directory.
	ErrExists = errors.New("an archive cannot be made here: the directory is not empty")
	// ErrNotArchive: the directory is missing, or holds no archive.
	ErrNotArchive = errors.New("not an archive")
	// ErrLocked: another writer, in this process or another, has the archive open.
	ErrLocked = errors.New("the archive is being written: wait for the other writer, or open it for reading only")
	// ErrClosed: the Store, Reader or Snapshot was closed before.
	ErrClosed = errors.New("the archive is closed")
	// ErrNoID: a document without an id cannot be stored.
	ErrNoID = errors.New("an article without an id cannot be archived")
)

// VersionError is an archive in a format that this program does not read.
type VersionError struct {
	Dir        string
	Have, Want int // versions of the format
}

func (e *VersionError) Error() string {
	remedy := "make it anew with `archive rebuild`"
	if e.Have > e.Want {
		remedy = "it was written by a newer program: use that one"
	}
	return fmt.Sprintf("%s: archive format %d, this program reads format %d; %s", e.Dir, e.Have, e.Want, remedy)
}

// FingerprintError is an archive whose keys were computed by another lexicon or with
// other settings: the keys of a new article would not meet those stored.
type FingerprintError struct {
	Dir        string
	Have, Want string
}

func (e *FingerprintError) Error() string {
	return fmt.Sprintf("%s: the archive was made with %s, this program has %s; make its keys anew with `archive rebuild`",
		e.Dir, e.Have, e.Want)
}

// CorruptError is a file of the archive that is missing, cut short or altered.
type CorruptError struct {
	File string // path, or the directory of the archive when no single file is to blame
	Err  error
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("%s is damaged: %v; save what can be read with `archive rebuild`", e.File, e.Err)
}

func (e *CorruptError) Unwrap() error { return e.Err }

// guard turns a panic into a CorruptError: bleve and the libraries below it index into
// mapped files without looking at the bounds.
func guard(file string, err *error) {
	if r := recover(); r != nil {
		*err = &CorruptError{File: file, Err: fmt.Errorf("%v", r)}
	}
}
