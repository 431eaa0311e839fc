package archive

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/text"
)

// ErrReadOnly is returned by what writes, of an archive opened for reading.
var ErrReadOnly = errors.New("the archive is open for reading only")

var errNoID = errors.New("an article without an id cannot be archived")

// Options of an Archive. The zero value works.
type Options struct {
	// Detector decides what is a copy of what. Its Relations, MinScore and Workers may
	// differ from one opening to the next, and so may Features, which is for Pairs; Related
	// is never found. Its Lexicon, Model and
	// Precision shape what is stored: an archive opened with others is a
	// *store.FingerprintError, whose remedy is Rebuild. Window is for Check only.
	Detector dedupe.Options
	// Batch is the number of articles that Add writes at once; 0: 1 000.
	Batch int
}

func (o *Options) batch() int {
	if o.Batch > 0 {
		return o.Batch
	}
	return 1000
}

// Archive is a directory of articles that are known, with their relations. One Archive
// writes, any number may read. It serves any number of goroutines.
type Archive struct {
	o        Options
	dir      string
	detector *dedupe.Detector
	store    *store.Store  // nil for reading
	reader   *store.Reader // nil for writing
	snapshot func() (*store.Snapshot, error)

	gauges    gauges
	furniture atomic.Pointer[storedFurniture]
	checkers  sync.Pool // of *worker

	writing sync.Mutex
	writer  *writer // nil until something is written, and after a failure
}

// Create makes an archive in a directory, which must be missing or empty.
func Create(dir string, o Options) (*Archive, error) { return open(dir, o, store.Create) }

// Open opens an archive for writing. It fails with store.ErrLocked if another writer has
// it open.
func Open(dir string, o Options) (*Archive, error) { return open(dir, o, store.Open) }

func open(dir string, o Options, opener func(string, store.Options) (*store.Store, error)) (*Archive, error) {
	a, fingerprint, err := newArchive(dir, o)
	if err != nil {
		return nil, err
	}
	if a.store, err = opener(dir, store.Options{Fingerprint: fingerprint}); err != nil {
		return nil, err
	}
	a.snapshot = a.store.Snapshot
	return a, nil
}

// OpenReader opens an archive for reading, also while it is written by this or another
// process. It sees what was safe on disk then, or at the last Refresh.
func OpenReader(dir string, o Options) (*Archive, error) {
	a, fingerprint, err := newArchive(dir, o)
	if err != nil {
		return nil, err
	}
	if a.reader, err = store.OpenReader(dir, store.Options{Fingerprint: fingerprint}); err != nil {
		return nil, err
	}
	a.snapshot = a.reader.Snapshot
	return a, nil
}

// Refresh lets a reader see what is safe on disk now. A writer always does.
func (a *Archive) Refresh(ctx context.Context) error {
	if a.reader == nil {
		return nil
	}
	_, err := a.reader.Refresh(ctx)
	return err
}

func newArchive(dir string, o Options) (a *Archive, fingerprint string, err error) {
	if o.Detector.Workers <= 0 {
		o.Detector.Workers = runtime.GOMAXPROCS(0)
	}
	a = &Archive{o: o, dir: dir}
	detector := o.Detector
	detector.Window = 0
	if a.detector, err = dedupe.New(detector); err != nil {
		return nil, "", err
	}
	return a, a.detector.Fingerprint(), nil
}

// Close ends the work with the archive.
func (a *Archive) Close() error {
	a.writing.Lock()
	defer a.writing.Unlock()
	if a.reader != nil {
		return a.reader.Close()
	}
	return a.store.Close()
}

// write has work done on what is in memory. If it fails, that may be ahead of the disk,
// and is read again the next time.
func (a *Archive) write(ctx context.Context, work func(*writer) error) (err error) {
	a.writing.Lock()
	defer a.writing.Unlock()
	if a.store == nil {
		return ErrReadOnly
	}
	if a.writer == nil {
		if a.writer, err = a.load(ctx); err != nil {
			return err
		}
	}
	if err = work(a.writer); err != nil {
		a.writer = nil
	}
	return err
}

// Pairs are all relations between archived articles, by A, then B: those that
// dedupe.Scan finds among the same articles.
func (a *Archive) Pairs(ctx context.Context) ([]dedupe.Pair, error) {
	if a.writing.TryLock() {
		defer a.writing.Unlock()
		if a.writer != nil {
			return a.writer.graph.pairs(), nil
		}
	}
	w, err := a.load(ctx) // what is safe on disk, while somebody writes
	if err != nil {
		return nil, err
	}
	return w.graph.pairs(), nil
}

// Meta keys.
const (
	metaFurniture = "furniture" // what recurs, by source
	metaNext      = "next"      // the number of the next article
	metaStale     = "stale"     // numbers of leaders whose partners are to be looked for anew
	metaSettled   = "settled"   // 1 when the furniture of all sources was judged last
)

// load reads into memory what adding needs to know.
func (a *Archive) load(ctx context.Context) (w *writer, err error) {
	s, err := a.snapshot()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	w = newWriter(a.detector, a.o.Detector.Workers)
	w.graph.explains = a.o.Detector.Features
	if err := w.loadFurniture(s); err != nil {
		return nil, err
	}
	stored, err := w.loadColumns(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := w.loadKeys(ctx, s); err != nil {
		return nil, err
	}
	if err := w.loadSettled(s); err != nil {
		return nil, err
	}
	w.connect(stored)
	stale, err := w.loadStale(s)
	if err != nil {
		return nil, err
	}
	pairs, err := w.refill(ctx, s, stale)
	if err != nil {
		return nil, err
	}
	return w, w.compare(ctx, s, pairs)
}

// loadFurniture reads what recurs in each source.
func (w *writer) loadFurniture(s *store.Snapshot) error {
	b, _, err := s.Meta(metaFurniture)
	if err != nil {
		return err
	}
	var all text.Furniture
	if err := all.UnmarshalBinary(b); err != nil {
		return err
	}
	for name, f := range all.BySource() {
		w.sources[name] = &source{furniture: f}
	}
	return nil
}

// loadSettled has the furniture of all sources judged with the next batch, if adding was
// stopped before it was.
func (w *writer) loadSettled(s *store.Snapshot) error {
	b, ok, err := s.Meta(metaSettled)
	if err != nil || !ok || len(b) == 1 && b[0] == 1 {
		return err
	}
	for name := range w.graph.bySource {
		if w.sources[name] == nil {
			w.sources[name] = &source{}
		}
		w.sources[name].lost = true
	}
	return nil
}

// storedLinks are the links of a leader.
type storedLinks struct {
	from  *wording
	links []storedLink
}

// loadColumns reads all entries, and their wordings.
func (w *writer) loadColumns(ctx context.Context, s *store.Snapshot) (stored []storedLinks, err error) {
	g := w.graph
	var members []*entry
	for row, err := range s.Columns(ctx) {
		if err != nil {
			return nil, err
		}
		p, err := parseColumn(row.Column)
		if err != nil {
			return nil, fmt.Errorf("article %d: %w", row.Number, err)
		}
		e := &entry{number: row.Number, id: p.id, column: p.column}
		g.enter(e)
		if !p.leads {
			members = append(members, e)
			continue
		}
		t, err := p.newWording()
		if err != nil {
			return nil, fmt.Errorf("article %d: %w", row.Number, err)
		}
		links, err := parseLinks(row.Links)
		if err != nil {
			return nil, fmt.Errorf("article %d: %w", row.Number, err)
		}
		t.leader = e
		t.join(e)
		g.texts[t.identity] = t
		g.place(t, false)
		stored = append(stored, storedLinks{t, links})
	}
	for _, e := range members {
		t := g.texts[e.identity()]
		if t == nil {
			return nil, fmt.Errorf("article %q: nothing is known of its words", e.id)
		}
		t.join(e)
	}
	return stored, ctx.Err()
}

// loadKeys reads which texts have which key.
func (w *writer) loadKeys(ctx context.Context, s *store.Snapshot) error {
	var run []uint64
	for row, err := range s.Terms(ctx, store.Keys) {
		if err != nil {
			return err
		}
		for _, n := range row.Numbers {
			run = append(run, posting(row.Key, n))
		}
	}
	w.postings.add(run)
	return ctx.Err()
}

// connect makes lists and edges of the links.
func (w *writer) connect(stored []storedLinks) {
	g := w.graph
	for _, s := range stored {
		for _, l := range s.links {
			e := g.byNumber[l.other]
			if e == nil || e.wording.leader != e {
				continue // it was taken out, or written anew
			}
			other := e.wording
			if l.score > 0 {
				s.from.insert(other, l.score, g.ties)
				other.insert(s.from, l.score, g.ties)
			}
			if x := l.edge; x != nil && s.from.edgeTo(other) == nil {
				if x.a, x.b = s.from, other; !l.first {
					x.a, x.b = other, s.from
				}
				x.connect()
			}
		}
	}
	for _, s := range stored {
		g.refloor(s.from)
		g.changed[s.from] = true
	}
}

// loadStale reads whose lists are not as the links have them, and returns them.
func (w *writer) loadStale(s *store.Snapshot) (stale []*wording, err error) {
	b, _, err := s.Meta(metaStale)
	if err != nil {
		return nil, err
	}
	for r := (reader{b: b}); len(r.b) > 0; {
		n := uint32(r.uvarint())
		if e := w.graph.byNumber[n]; e != nil && e.wording.leader == e {
			w.stale[n] = true
			stale = append(stale, e.wording)
		}
	}
	return stale, nil
}

// staleMeta is what loadStale reads.
func (w *writer) staleMeta() (b []byte) {
	for _, n := range slices.Sorted(maps.Keys(w.stale)) {
		if w.graph.byNumber[n] != nil {
			b = binary.AppendUvarint(b, uint64(n))
		}
	}
	return b
}

// Count is the number of articles.
func (a *Archive) Count() (n int, err error) {
	err = a.read(func(s *store.Snapshot) error { n = s.Count(); return nil })
	return n, err
}

// Get is the article with an id.
func (a *Archive) Get(id string) (found article.Article, ok bool, err error) {
	err = a.read(func(s *store.Snapshot) (err error) {
		var d store.Document
		d, ok, err = s.Get(id)
		found = d.Article
		return err
	})
	return found, ok, err
}

// read has work done on what is safe on disk.
func (a *Archive) read(work func(*store.Snapshot) error) error {
	s, err := a.snapshot()
	if err != nil {
		return err
	}
	return errors.Join(work(s), s.Close())
}
