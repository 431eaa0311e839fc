package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/zeebo/xxh3"
)

// The list of segments, with the deleted documents of each and the meta values, is in a
// bbolt file. bbolt trusts its pages: a flipped bit can send it round in circles for
// ever, and its lock keeps other processes out. So the file is first read here, which
// is 150 lines for the few pages that there are.

// bucket is a bbolt bucket in memory.
type bucket struct {
	keys    []string // in order, values and buckets
	values  map[string][]byte
	buckets map[string]*bucket
}

// pages is a bbolt file being read.
type pages struct {
	file []byte
	size uint64 // of a page
	high uint64 // pages below are in use
	txid uint64
	root uint64          // page
	free uint64          // page of the free list
	seen map[uint64]bool // pages that are used, and at the end those that are free
	sum  uint64          // XXH3 of the later meta page and of the pages that are used
}

var native = binary.NativeEndian

const (
	boltMagic    = 0xED0CDAED
	boltVersion  = 2
	branchPage   = 0x01
	leafPage     = 0x02
	metaPage     = 0x04
	freelistPage = 0x10
	pageHeader   = 16
	noFreelist   = ^uint64(0)
)

var errBolt = errors.New("not a valid list of segments")

// readBolt reads a whole bbolt file and checks that every page is in its place, that
// none is used twice and that none is both used and free.
func readBolt(file []byte) (p *pages, root *bucket, err error) {
	defer func() {
		if r := recover(); r != nil { // an offset beyond the end
			p, root, err = nil, nil, fmt.Errorf("%w: %v", errBolt, r)
		}
	}()
	p = &pages{file: file, seen: make(map[uint64]bool)}
	if err := p.readMetas(); err != nil {
		return nil, nil, err
	}
	if p.high > uint64(len(p.file))/p.size {
		return nil, nil, fmt.Errorf("%w: cut short", errBolt)
	}
	if root, err = p.readBucket(p.root); err != nil {
		return nil, nil, err
	}
	return p, root, p.checkFreelist()
}

// readMetas reads the two meta pages, of which the later counts. Both are always whole,
// for bbolt writes one of them in one piece.
func (p *pages) readMetas() error {
	if len(p.file) < pageHeader+64 {
		return fmt.Errorf("%w: too short", errBolt)
	}
	p.size = uint64(native.Uint32(p.file[pageHeader+8:]))
	if p.size < 512 || p.size > 1<<16 || uint64(len(p.file)) < 2*p.size {
		return fmt.Errorf("%w: pages of %d bytes", errBolt, p.size)
	}
	for i := range uint64(2) {
		page := p.file[i*p.size:]
		m := page[pageHeader : pageHeader+64]
		h := fnv.New64a()
		h.Write(m[:56])
		if native.Uint32(m) != boltMagic || native.Uint32(m[4:]) != boltVersion || uint64(native.Uint32(m[8:])) != p.size ||
			native.Uint64(m[56:]) != h.Sum64() || native.Uint64(page) != i || native.Uint16(page[8:]) != metaPage {
			return fmt.Errorf("%w: meta page %d is damaged", errBolt, i)
		}
		if txid := native.Uint64(m[48:]); i == 0 || txid > p.txid {
			p.txid, p.root, p.free, p.high = txid, native.Uint64(m[16:]), native.Uint64(m[32:]), native.Uint64(m[40:])
		}
	}
	return nil
}

// page is the bytes of a page with those it overflows into; each is read once.
func (p *pages) page(id uint64) (page []byte, flags uint16, count int, err error) {
	if id < 2 || id >= p.high {
		return nil, 0, 0, fmt.Errorf("%w: page %d of %d", errBolt, id, p.high)
	}
	page = p.file[id*p.size:]
	overflow := uint64(native.Uint32(page[12:]))
	if native.Uint64(page) != id || id+overflow >= p.high {
		return nil, 0, 0, fmt.Errorf("%w: page %d is another", errBolt, id)
	}
	for i := range overflow + 1 {
		if p.seen[id+i] {
			return nil, 0, 0, fmt.Errorf("%w: page %d is used twice", errBolt, id+i)
		}
		p.seen[id+i] = true
	}
	return page[:(overflow+1)*p.size], native.Uint16(page[8:]), int(native.Uint16(page[10:])), nil
}

func (p *pages) readBucket(root uint64) (*bucket, error) {
	b := &bucket{values: make(map[string][]byte), buckets: make(map[string]*bucket)}
	if err := p.readTree(b, root); err != nil {
		return nil, err
	}
	if !slices.IsSorted(b.keys) {
		return nil, fmt.Errorf("%w: keys out of order", errBolt)
	}
	return b, nil
}

func (p *pages) readTree(b *bucket, id uint64) error {
	page, flags, count, err := p.page(id)
	if err != nil {
		return err
	}
	switch flags {
	case leafPage:
		return p.readLeaf(b, page, count)
	case branchPage:
		for i := range count {
			if err := p.readTree(b, native.Uint64(page[pageHeader+i*16+8:])); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("%w: page %d of kind %#x", errBolt, id, flags)
}

func (p *pages) readLeaf(b *bucket, page []byte, count int) error {
	for i := range count {
		e := page[pageHeader+i*16:]
		flags, at, keySize, valueSize := native.Uint32(e), native.Uint32(e[4:]), native.Uint32(e[8:]), native.Uint32(e[12:])
		key := string(e[at : uint64(at)+uint64(keySize)])
		value := e[uint64(at)+uint64(keySize) : uint64(at)+uint64(keySize)+uint64(valueSize)]
		b.keys = append(b.keys, key)
		if flags == 0 {
			b.values[key] = value
			continue
		}
		if flags != 1 {
			return fmt.Errorf("%w: an entry of kind %#x", errBolt, flags)
		}
		inner, err := p.inner(value)
		if err != nil {
			return err
		}
		b.buckets[key] = inner
	}
	return nil
}

// inner reads a bucket inside another one: a page of its own, or inline.
func (p *pages) inner(value []byte) (*bucket, error) {
	if root := native.Uint64(value); root != 0 {
		return p.readBucket(root)
	}
	b := &bucket{values: make(map[string][]byte), buckets: make(map[string]*bucket)}
	page := value[16:]
	if native.Uint16(page[8:]) != leafPage {
		return nil, fmt.Errorf("%w: an inline page of kind %#x", errBolt, native.Uint16(page[8:]))
	}
	return b, p.readLeaf(b, page, int(native.Uint16(page[10:])))
}

// checkFreelist checks that every page is either used or free.
func (p *pages) checkFreelist() error {
	if p.free == noFreelist {
		return errBolt // bleve writes one
	}
	page, flags, count, err := p.page(p.free)
	if err != nil {
		return err
	}
	if flags != freelistPage {
		return fmt.Errorf("%w: the free list is of kind %#x", errBolt, flags)
	}
	ids := page[pageHeader:]
	p.addUp()
	total := uint64(count)
	if count == 0xFFFF {
		total, ids = native.Uint64(ids), ids[8:]
	}
	for i := range total {
		free := native.Uint64(ids[8*i:])
		if free < 2 || free >= p.high || p.seen[free] {
			return fmt.Errorf("%w: page %d is free and used", errBolt, free)
		}
		p.seen[free] = true
	}
	if uint64(len(p.seen)) != p.high-2 {
		return fmt.Errorf("%w: %d pages of %d are neither free nor used", errBolt, p.high-2-uint64(len(p.seen)), p.high)
	}
	return nil
}

// addUp sums the pages up that make this state; what is on the others does not matter,
// and a killed process may have begun to write on them.
func (p *pages) addUp() {
	h := xxh3.New()
	at := p.txid % 2
	h.Write(p.file[at*p.size : at*p.size+pageHeader+64])
	for _, id := range slices.Sorted(maps.Keys(p.seen)) {
		h.Write(p.file[id*p.size : (id+1)*p.size])
	}
	p.sum = h.Sum64()
}
