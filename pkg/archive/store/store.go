// Package store keeps articles on disk with what they are found by. One bleve index
// (scorch) in one directory holds the texts, the words, the candidate keys and two
// opaque columns.
//
// One Store writes. A Batch is written whole or not at all, and when Write returns it is
// on disk: a killed process loses nothing that was acknowledged. Any number of Snapshots
// are read meanwhile, each an unchanging view. What the keys and columns mean is decided
// by package archive above.
package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	bolterrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sync/errgroup"
)

// Options of Create, Open and OpenReader. The zero value works.
type Options struct {
	// Fingerprint names what the keys were computed with. Create writes it down; the
	// others fail with a *FingerprintError when it is not the same.
	Fingerprint string
	// IgnoreFingerprint opens whatever the fingerprint is: for reading the texts only.
	IgnoreFingerprint bool
}

// Store is the one writer of an archive. Its methods may be called from several
// goroutines at once.
type Store struct {
	dir    string
	lock   *os.File
	index  bleve.Index
	scorch *scorch.Scorch
	plan   plan
	views  *views

	mutex   sync.RWMutex // held for reading by a Write, for writing by Close
	closed  bool
	writing sync.RWMutex // held for reading by a Write, for writing while one article is written again
	compact sync.Mutex
	// compacting is true while compact is held, for the goroutine that merges.
	compacting atomic.Bool

	broken chan struct{} // closed by fail
	once   sync.Once
	err    error // why it is broken; read after broken is closed

	closing    context.Context // ends when Close begins
	close      context.CancelFunc
	verify     sync.Mutex
	unverified map[string]bool // segment files that were there before, until they are read whole
}

// The bleve index inside the directory of an archive, and its description there.
const (
	indexDir = "index"
	metaFile = "index_meta.json"
)

// Create makes an archive in dir, which must be missing or empty, and opens it. It is made
// beside dir and moved there when it is whole: a program that is killed meanwhile leaves
// dir as it was.
func Create(dir string, o Options) (_ *Store, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("%s: %w", dir, ErrExists)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return nil, err
	}
	making := fmt.Sprintf("%s.making-%d-%d", dir, os.Getpid(), time.Now().UnixNano())
	defer os.RemoveAll(making)
	if err := create(making, o); err != nil {
		return nil, err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err // Rename replaces an empty directory on some systems only
	}
	if err := os.Rename(making, dir); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", dir, ErrExists, err) // somebody else was faster
	}
	return Open(dir, o)
}

// create makes an empty archive.
func create(dir string, o Options) error {
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	s, err := newStore(dir)
	if err != nil {
		return err
	}
	if err := writeHeader(dir, o); err != nil {
		return errors.Join(err, s.lock.Close())
	}
	s, err = s.open(func() (bleve.Index, error) {
		return bleve.NewUsing(filepath.Join(dir, indexDir), newMapping(), scorch.Name, scorch.Name, scorchConfig(false))
	})
	if err != nil {
		return err
	}
	return s.Close()
}

// Open opens the archive in dir for writing. It reads the list of files and the ends of
// the files, not all their contents: Snapshot.CheckFiles does that.
func Open(dir string, o Options) (_ *Store, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := checkHeader(dir, o); err != nil {
		return nil, err
	}
	s, err := newStore(dir)
	if err != nil {
		return nil, err
	}
	return s.open(func() (bleve.Index, error) {
		r, err := checkFiles(dir)
		if err != nil {
			return nil, err
		}
		for _, part := range r.segments {
			s.unverified[part.file] = true
		}
		sweep(dir)
		return openIndex(dir, r, false)
	})
}

// openIndex lets bleve open the index in dir, whose state is r.
func openIndex(dir string, r *root, readOnly bool) (_ bleve.Index, err error) {
	defer guard(dir, &err)
	x, err := bleve.OpenUsing(filepath.Join(dir, indexDir), scorchConfig(readOnly))
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, &CorruptError{File: dir, Err: err}
	}
	// Bleve leaves a state that it cannot load, and goes on with an older or an empty one.
	n, err := x.DocCount()
	if err == nil && n != r.count {
		err = &CorruptError{File: rootFile(dir), Err: fmt.Errorf("%d articles could be opened of %d", n, r.count)}
	}
	if err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

// newStore is a Store that has the lock and nothing else yet.
func newStore(dir string) (*Store, error) {
	f, err := lock(filepath.Join(dir, lockFile))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	s := &Store{dir: dir, lock: f, broken: make(chan struct{}), views: newViews(dir), unverified: make(map[string]bool)}
	s.closing, s.close = context.WithCancel(context.Background())
	return s, nil
}

// open takes the index that make opens into s, or closes s.
func (s *Store) open(make func() (bleve.Index, error)) (*Store, error) {
	watched.Store(storeDir(s.dir), s)
	x, err := make()
	if err == nil {
		var advanced index.Index
		if advanced, err = x.Advanced(); err == nil {
			s.index, s.scorch, s.plan = x, advanced.(*scorch.Scorch), planOf(x.Mapping())
			watched.Store(s.scorch, s)
			return s, nil
		}
		err = errors.Join(err, x.Close())
	}
	watched.Delete(storeDir(s.dir))
	return nil, errors.Join(err, s.lock.Close())
}

// enter begins a change; leave with s.mutex.RUnlock.
func (s *Store) enter() error {
	s.mutex.RLock()
	if s.closed {
		s.mutex.RUnlock()
		return ErrClosed
	}
	select {
	case <-s.broken:
		s.mutex.RUnlock()
		return fmt.Errorf("the archive takes no more changes until it is opened anew, after: %w", s.err)
	default:
		return nil
	}
}

// Write applies the batch. When it returns nil, all of the batch is on disk. A batch that
// cannot be made ready (ErrNoID, a ctx that has ended) changes nothing; after any other
// error none of it or all of it is there when the archive is opened again, and this Store
// takes no further change. A ctx that ends once the writing has begun does not stop it.
//
// Batches of about 1 000 articles are best. Two goroutines that write by turns keep two
// processors busy.
func (s *Store) Write(ctx context.Context, b *Batch) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.mutex.RUnlock()
	defer s.releasing()() // what was read to make the batch, and what merging reads meanwhile
	batch, err := s.prepare(ctx, b)
	if err != nil {
		return err
	}
	s.writing.RLock()
	defer s.writing.RUnlock()
	return s.wait(context.Background(), func() error { return s.scorch.Batch(batch) })
}

// prepare makes the documents of b ready for the index, on all processors.
func (s *Store) prepare(ctx context.Context, b *Batch) (*index.Batch, error) {
	batch := index.NewBatch()
	for id := range b.deletes {
		batch.Delete(id)
	}
	for key, value := range b.meta {
		if value == nil {
			batch.DeleteInternal([]byte(metaPrefix + key))
		} else {
			batch.SetInternal([]byte(metaPrefix+key), value)
		}
	}
	puts := make(chan *Document, len(b.puts))
	for _, d := range b.puts {
		puts <- d
	}
	close(puts)
	var mutex sync.Mutex
	group, inner := errgroup.WithContext(ctx)
	for range min(runtime.GOMAXPROCS(0), len(b.puts)) {
		group.Go(func() error {
			for d := range puts {
				if err := context.Cause(inner); err != nil {
					return err
				}
				doc, err := s.plan.prepare(d)
				if err != nil {
					return fmt.Errorf("article %q: %w", d.Article.ID, err)
				}
				mutex.Lock()
				batch.Update(doc)
				mutex.Unlock()
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return batch, context.Cause(ctx)
}

// wait runs work that waits for bleve's own goroutines, of which one may have died.
func (s *Store) wait(ctx context.Context, work func() error) error {
	done := make(chan error, 1)
	go func() {
		var err error
		defer func() { done <- err }()
		defer guard(s.dir, &err)
		err = work()
	}()
	select {
	case err := <-done:
		if err != nil {
			s.fail(err)
		}
		return err
	case <-s.broken:
		return s.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Snapshot is a view of all that was acknowledged, and perhaps of a batch that is just
// being written. Close it.
func (s *Store) Snapshot() (*Snapshot, error) {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	if s.closed {
		return nil, ErrClosed
	}
	return newSnapshot(s.dir, s.index, s.scorch, s.views, false)
}

// Close waits for the writes under way and closes the archive. Snapshots that are still
// open stay readable.
func (s *Store) Close() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.closed = true
	s.close()
	err := s.closeIndex()
	watched.Delete(storeDir(s.dir))
	watched.Delete(s.scorch)
	select {
	case <-s.broken:
	default:
		if err == nil {
			err = s.seal()
		}
	}
	return errors.Join(err, s.lock.Close())
}

// closeIndex closes bleve's index. Of one that is broken a goroutine may wait for ever for
// another that has died: it is left behind.
func (s *Store) closeIndex() error {
	done := make(chan error, 1)
	go func() { done <- s.index.Close() }()
	select {
	case err := <-done:
		return err
	case <-s.broken:
	}
	select {
	case err := <-done:
		return err
	case <-time.After(5 * time.Second):
		return nil
	}
}

// seal writes down what the files are and removes those that were merged into others,
// which bleve leaves to the next who opens the index.
func (s *Store) seal() error {
	v, err := sealOf(s.dir)
	if err != nil {
		return err
	}
	files, _ := filepath.Glob(filepath.Join(storeDir(s.dir), "*.zap"))
	for _, file := range files {
		if v.Files[filepath.Base(file)] == "" {
			_ = os.Remove(file)
		}
	}
	return writeFile(filepath.Join(s.dir, sealFile), v)
}
