package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/golang/snappy"
	"github.com/zeebo/xxh3"
)

// Salvage yields every article that can still be read out of the archive in dir, however
// damaged, without its columns and inverted fields, in no order, and an error for every
// stretch that cannot be read, after which it goes on. It does not need the list of
// segments; without it, of several versions of an id the one with the highest number is
// yielded, and articles that were deleted a short while ago may come back.
//
// Nobody should write to the archive meanwhile. It keeps some thirty bytes an article in
// memory.
func Salvage(ctx context.Context, dir string) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		files, deleted, err := salvageFiles(dir)
		if err != nil && !yield(Document{}, err) {
			return
		}
		// First which version of an id is the newest, then the articles themselves.
		newest := make(map[[2]uint64]uint32)
		for _, file := range files {
			for d, err := range salvageFile(ctx, file, deleted) {
				if err == nil {
					key := idHash(d.Article.ID)
					if n, ok := newest[key]; !ok || d.Number > n {
						newest[key] = d.Number
					}
				}
			}
		}
		for _, file := range files {
			for d, err := range salvageFile(ctx, file, deleted) {
				if err != nil {
					if !yield(Document{}, err) || ctx.Err() != nil {
						return
					}
					continue
				}
				key := idHash(d.Article.ID)
				if n, ok := newest[key]; !ok || d.Number != n {
					continue
				}
				delete(newest, key)
				if !yield(d, nil) {
					return
				}
			}
		}
	}
}

func idHash(id string) [2]uint64 {
	h := xxh3.HashString128(id)
	return [2]uint64{h.Hi, h.Lo}
}

// salvageFiles are the segment files to read and what is deleted in them. With an error
// come all the files that there are, and nothing that is deleted.
func salvageFiles(dir string) (files []string, deleted map[string]rootSegment, err error) {
	_, r, err := readRoot(dir)
	if err == nil {
		err = checkSeal(dir, r, nil)
	}
	if c, ok := err.(*CorruptError); ok && filepath.Ext(c.File) == ".zap" {
		err = nil // the list is as it was; the file will tell
	}
	if err == nil {
		deleted = make(map[string]rootSegment)
		for _, part := range r.segments {
			path := filepath.Join(storeDir(dir), part.file)
			files = append(files, path)
			deleted[path] = part
		}
		return files, deleted, nil
	}
	files, _ = filepath.Glob(filepath.Join(storeDir(dir), "*.zap"))
	slices.Sort(files)
	return files, nil, err
}

// salvageFile yields the documents of a segment file, following the table of stored
// documents, or from the beginning of the file where there is no such table any more.
func salvageFile(ctx context.Context, path string, deleted map[string]rootSegment) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(Document{}, &CorruptError{File: path, Err: err})
			return
		}
		defer f.Close()
		z, err := readFooter(f)
		if err != nil {
			if !yield(Document{}, &CorruptError{File: path, Err: err}) {
				return
			}
			if info, err := f.Stat(); err == nil {
				z = footer{size: uint64(info.Size()), documents: 1 << 31}
			}
		}
		dead := deleted[path].deleted
		next := uint64(0) // where the document after the last one begins
		for local := uint64(0); local < z.documents; local++ {
			if local%64 == 0 && ctx.Err() != nil {
				yield(Document{}, context.Cause(ctx))
				return
			}
			at, fromTable := next, false
			if z.stored > 0 {
				at, fromTable = storedAt(f, z, local)
			}
			if dead != nil && dead.Contains(uint32(local)) && fromTable {
				continue
			}
			d, end, err := salvageDocument(f, at, z.size)
			if err == nil && dead != nil && dead.Contains(uint32(local)) {
				next = end
				continue
			}
			if err != nil {
				err = &CorruptError{File: path, Err: fmt.Errorf("document %d: %w", local, err)}
			}
			if err == nil || fromTable || z.stored > 0 {
				next = end
				if !yield(d, err) {
					return
				}
				continue
			}
			return // the end of the documents, or nobody knows where the next one begins
		}
	}
}

// storedAt is where a document is by the table.
func storedAt(f *os.File, z footer, local uint64) (at uint64, ok bool) {
	var b [8]byte
	if _, err := f.ReadAt(b[:], int64(z.stored+8*local)); err != nil {
		return 0, false
	}
	return binary.BigEndian.Uint64(b[:]), true
}

// salvageDocument reads a stored document: the lengths of a header and of a body, the
// header (of which the first number is the length of the id), and the body: the id, and
// what is stored, as snappy makes it. The record is all that is stored.
func salvageDocument(f *os.File, at, size uint64) (d Document, end uint64, err error) {
	defer guard(f.Name(), &err)
	if at >= size {
		return d, at, errRecord
	}
	lengths := make([]byte, 2*binary.MaxVarintLen64)
	n, _ := f.ReadAt(lengths, int64(at))
	header, k := binary.Uvarint(lengths[:n])
	body, m := binary.Uvarint(lengths[max(k, 0):n])
	begin := at + uint64(k+m)
	if k <= 0 || m <= 0 || header > size || body > size || begin+header+body > size {
		return d, at, errRecord
	}
	end = begin + header + body
	b := make([]byte, header+body)
	if _, err := f.ReadAt(b, int64(begin)); err != nil {
		return d, end, err
	}
	id, k := binary.Uvarint(b[:header])
	if k <= 0 || id > body {
		return d, end, errRecord
	}
	stored := b[header+id:]
	if length, err := snappy.DecodedLen(stored); err != nil || length > 64*len(stored) {
		return d, end, errRecord
	}
	record, err := snappy.Decode(nil, stored)
	if err != nil {
		return d, end, err
	}
	d.Article.ID = string(b[header : header+id])
	return d, end, parseRecord(record, &d)
}
