package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/util"
)

// root is the newest state that scorch has written down.
type root struct {
	txid     uint64
	sum      string // of the list itself
	segments []rootSegment
	internal map[string][]byte
	count    uint64 // documents that are not deleted; known after checkParts
}

// rootSegment is a segment of it.
type rootSegment struct {
	file    string          // name
	deleted *roaring.Bitmap // nil: none
}

func storeDir(dir string) string { return filepath.Join(dir, indexDir, "store") }
func rootFile(dir string) string { return filepath.Join(storeDir(dir), "root.bolt") }

// readRoot reads the list of segments of the archive in dir, as it is and parsed.
func readRoot(dir string) (content []byte, r *root, err error) {
	path := rootFile(dir)
	content, err = os.ReadFile(path)
	if err != nil {
		return nil, nil, &CorruptError{File: path, Err: err}
	}
	r, err = parseRoot(content)
	if err != nil {
		return nil, nil, &CorruptError{File: path, Err: err}
	}
	return content, r, nil
}

// parseRoot makes out of the bbolt file what scorch means by it.
func parseRoot(content []byte) (r *root, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, err = nil, fmt.Errorf("%w: %v", errBolt, p)
		}
	}()
	p, top, err := readBolt(content)
	if err != nil {
		return nil, err
	}
	r = &root{txid: p.txid, sum: fmt.Sprintf("%016x", p.sum), internal: make(map[string][]byte)}
	snapshots := top.buckets[string(util.BoltSnapshotsBucket)]
	if snapshots == nil || len(snapshots.buckets) == 0 {
		return nil, errors.New("no state of the index in it")
	}
	// The keys sort like the numbers of the states; scorch takes the last.
	newest := snapshots.buckets[snapshots.keys[len(snapshots.keys)-1]]
	if newest == nil {
		return nil, errBolt
	}
	meta := newest.buckets[string(util.BoltMetaDataKey)]
	if meta == nil || string(meta.values[string(util.BoltMetaDataSegmentTypeKey)]) != "zap" {
		return nil, errors.New("segments of another kind")
	}
	for key, b := range newest.buckets {
		switch key {
		case string(util.BoltMetaDataKey):
		case string(util.BoltInternalKey):
			for k, v := range b.values {
				r.internal[k] = v
			}
		default:
			s, err := parseSegment(b)
			if err != nil {
				return nil, err
			}
			r.segments = append(r.segments, s)
		}
	}
	return r, nil
}

func parseSegment(b *bucket) (s rootSegment, err error) {
	s.file = string(b.values[string(util.BoltPathKey)])
	if filepath.Base(s.file) != s.file || !strings.HasSuffix(s.file, ".zap") {
		return s, fmt.Errorf("%w: segment file %q", errBolt, s.file)
	}
	if deleted := b.values[string(util.BoltDeletedKey)]; len(deleted) > 0 {
		s.deleted = roaring.New()
		if err := s.deleted.UnmarshalBinary(deleted); err != nil {
			return s, err
		}
		if err := s.deleted.Validate(); err != nil && !s.deleted.IsEmpty() {
			return s, fmt.Errorf("deleted documents: %w", err)
		}
	}
	return s, nil
}
