package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// Reader reads an archive that another process, or this one, may be writing. It sees the
// state that was acknowledged when it was opened or last refreshed. Its methods may be
// called from several goroutines at once.
//
// The list of segments belongs to the writer, so a Reader works on a copy of it beside
// hard links to the segments, in a directory of its own that Close removes. What a killed
// Reader leaves is removed by the next writer.
type Reader struct {
	dir   string
	views *views

	mutex sync.RWMutex
	state *readerState // nil: closed
}

// readerState is one copy, opened.
type readerState struct {
	txid   uint64
	copied *copied
	index  bleve.Index
	scorch *scorch.Scorch
}

// copied is the directory of a copy. The lock file in it is locked while it is in use.
type copied struct {
	dir  string
	lock *os.File
}

const (
	readersDir   = "readers" // in the directory of the archive
	readerPrefix = "calque-reader-"
)

// OpenReader opens the archive in dir for reading.
func OpenReader(dir string, o Options) (*Reader, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := checkHeader(dir, o); err != nil {
		return nil, err
	}
	r := &Reader{dir: dir, views: newViews(dir)}
	if r.state, err = openCopy(context.Background(), dir); err != nil {
		return nil, err
	}
	return r, nil
}

// Refresh moves to the newest acknowledged state and says whether that is another one.
// Snapshots taken before stay as they are.
func (r *Reader) Refresh(ctx context.Context) (changed bool, err error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.state == nil {
		return false, ErrClosed
	}
	if txid, err := readState(r.dir); err == nil && txid == r.state.txid {
		return false, nil
	}
	next, err := openCopy(ctx, r.dir)
	if err != nil {
		return false, err
	}
	old := r.state
	r.state = next
	return next.txid != old.txid, old.close()
}

// Snapshot is a view of the state. Close it.
func (r *Reader) Snapshot() (*Snapshot, error) {
	r.mutex.RLock()
	defer r.mutex.RUnlock()
	if r.state == nil {
		return nil, ErrClosed
	}
	return newSnapshot(r.dir, r.state.index, r.state.scorch, r.views, true)
}

// Close ends the reading and removes the copy. Snapshots that are still open stay
// readable, but for searches by Bleve.
func (r *Reader) Close() error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.state == nil {
		return ErrClosed
	}
	err := r.state.close()
	r.state = nil
	return err
}

func (s *readerState) close() error { return errors.Join(s.index.Close(), s.copied.remove()) }

// openCopy copies the newest state and opens it. Of a state that a writer has just left
// the files may be gone before they are copied, so it tries for some seconds.
func openCopy(ctx context.Context, dir string) (*readerState, error) {
	var last error
	for wait, begin := time.Millisecond, time.Now(); ; wait = min(2*wait, 100*time.Millisecond) {
		s, again, err := tryCopy(dir)
		if err == nil {
			return s, nil
		}
		// A state that is the same twice is not being written: the failure will stay.
		if !again || last != nil && last.Error() == err.Error() && time.Since(begin) > 300*time.Millisecond || time.Since(begin) > 10*time.Second {
			return nil, err
		}
		last = err
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(wait):
		}
	}
}

// tryCopy is one attempt; again says whether another may do better.
func tryCopy(dir string) (_ *readerState, again bool, err error) {
	content, r, err := stableRoot(dir)
	if err != nil {
		return nil, true, err
	}
	c, err := newCopied(dir)
	if err != nil {
		return nil, false, err
	}
	s := &readerState{txid: r.txid, copied: c}
	if err := c.fill(dir, content, r); err != nil {
		return nil, errors.Is(err, fs.ErrNotExist), errors.Join(&CorruptError{File: dir, Err: err}, c.remove())
	}
	if err = checkMeta(filepath.Join(c.dir, indexDir, metaFile)); err == nil {
		err = checkParts(dir, r, storeDir(c.dir))
	}
	if err == nil {
		s.index, err = openIndex(c.dir, r, true)
	}
	if err != nil {
		return nil, false, errors.Join(err, c.remove())
	}
	advanced, err := s.index.Advanced()
	if err != nil {
		return nil, false, errors.Join(err, s.close())
	}
	s.scorch = advanced.(*scorch.Scorch)
	return s, false, nil
}

// stableRoot is the list of segments, read while its state did not change. The pages of
// a state stay as they are until the state after next is written.
func stableRoot(dir string) ([]byte, *root, error) {
	before, err := readState(dir)
	if err != nil {
		return nil, nil, err
	}
	content, r, err := readRoot(dir)
	after, err2 := readState(dir)
	if err2 == nil && before != after {
		return nil, nil, fmt.Errorf("%s is being written: state %d became %d", dir, before, after)
	}
	if err = errors.Join(err, err2); err != nil {
		return nil, nil, err
	}
	if r.txid != before {
		return nil, nil, fmt.Errorf("%s is being written: state %d instead of %d", dir, r.txid, before)
	}
	return content, r, nil
}

// readState is the number of the state that is on disk.
func readState(dir string) (uint64, error) {
	f, err := os.Open(rootFile(dir))
	if err != nil {
		return 0, &CorruptError{File: rootFile(dir), Err: err}
	}
	defer f.Close()
	head := make([]byte, 1<<17) // two pages, of whatever size the system has
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.ErrUnexpectedEOF {
		return 0, &CorruptError{File: rootFile(dir), Err: err}
	}
	p := &pages{file: head[:n]}
	if err := p.readMetas(); err != nil {
		return 0, &CorruptError{File: rootFile(dir), Err: err}
	}
	return p.txid, nil
}

// newCopied makes a directory for a copy: in the archive, where hard links work, or else
// where the system has temporary files.
func newCopied(dir string) (*copied, error) {
	parent := filepath.Join(dir, readersDir)
	err := os.MkdirAll(parent, 0o777)
	var made string
	if err == nil {
		made, err = os.MkdirTemp(parent, readerPrefix)
	}
	if err != nil {
		if made, err = os.MkdirTemp("", readerPrefix); err != nil {
			return nil, err
		}
	}
	f, err := lock(filepath.Join(made, lockFile))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(made))
	}
	return &copied{dir: made, lock: f}, nil
}

// fill puts the state r, whose list is content, into the copy.
func (c *copied) fill(dir string, content []byte, r *root) error {
	if err := os.MkdirAll(storeDir(c.dir), 0o777); err != nil {
		return err
	}
	for _, part := range r.segments {
		if err := linkOrCopy(filepath.Join(storeDir(dir), part.file), filepath.Join(storeDir(c.dir), part.file)); err != nil {
			return err
		}
	}
	if err := linkOrCopy(filepath.Join(dir, indexDir, metaFile), filepath.Join(c.dir, indexDir, metaFile)); err != nil {
		return err
	}
	return os.WriteFile(rootFile(c.dir), content, 0o666)
}

func linkOrCopy(from, to string) error {
	if err := os.Link(from, to); err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func (c *copied) remove() error {
	err := os.RemoveAll(c.dir)
	return errors.Join(err, c.lock.Close())
}

// sweep removes the copies of readers that are no more.
func sweep(dir string) {
	for _, parent := range []string{filepath.Join(dir, readersDir), os.TempDir()} {
		left, _ := filepath.Glob(filepath.Join(parent, readerPrefix+"*"))
		for _, c := range left {
			sweepOne(c)
		}
	}
	_ = os.Remove(filepath.Join(dir, readersDir)) // if it is empty
}

func sweepOne(dir string) {
	info, err := os.Stat(dir)
	if err != nil {
		return
	}
	age := time.Since(info.ModTime())
	path := filepath.Join(dir, lockFile)
	if _, err := os.Stat(path); err != nil || !canLock {
		// Just being made, or nobody can tell.
		if canLock && age < time.Minute || !canLock && age < 7*24*time.Hour {
			return
		}
		_ = os.RemoveAll(dir)
		return
	}
	f, err := lock(path)
	if err != nil {
		return // alive
	}
	_ = os.RemoveAll(dir)
	_ = f.Close()
}
