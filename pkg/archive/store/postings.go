package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"iter"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/article"
)

// lister reads posting lists of one field of one segment. It is used by one goroutine at
// a time.
type lister struct {
	dictionary segment.TermDictionary
	none       segment.PostingsList // the list of a term that is not there
	list       segment.PostingsList
	iterator   segment.PostingsIterator
	buffer     [256]uint32
}

func newLister(p *part, field string) (*lister, error) {
	d, err := p.segment.Dictionary(field)
	if err != nil {
		return nil, p.corrupt(err)
	}
	none, err := d.PostingsList([]byte("no key has so many bytes, nor a hash, nor is this a source or cluster"), nil, nil)
	return &lister{dictionary: d, none: none}, p.corrupt(err)
}

// locals calls visit with stretches of the locals of the documents that have the term,
// dead ones included, until it returns false.
func (l *lister) locals(term []byte, visit func([]uint32) bool) (err error) {
	list, err := l.dictionary.PostingsList(term, nil, l.list)
	if err != nil || list == l.none {
		return err
	}
	l.list = list
	l.iterator = l.list.Iterator(false, false, false, l.iterator)
	o, ok := l.iterator.(segment.OptimizablePostingsIterator)
	if !ok {
		return errIterator
	}
	if local, ok := o.DocNum1Hit(); ok {
		l.buffer[0] = uint32(local)
		visit(l.buffer[:1])
		return nil
	}
	bitmap := o.ActualBitmap()
	if bitmap == nil {
		return nil
	}
	for many := bitmap.ManyIterator(); ; {
		n := many.NextMany(l.buffer[:])
		if n == 0 || !visit(l.buffer[:n]) {
			return nil
		}
	}
}

// Postings appends to dst the numbers of documents that have the key in the field, at
// most so many of them, in no order.
func (s *Snapshot) Postings(field Field, key uint32, dst []uint32, most int) (_ []uint32, err error) {
	defer guard(s.dir, &err)
	var term [4]byte
	binary.BigEndian.PutUint32(term[:], key)
	start := len(dst)
	for i := range s.parts {
		p := &s.parts[i]
		if err := p.load(); err != nil {
			return dst, err
		}
		l, _ := s.pools[i].keys[field].Get().(*lister)
		if l == nil {
			if l, err = newLister(p, field.String()); err != nil {
				return dst, err
			}
		}
		err = l.locals(term[:], func(locals []uint32) bool {
			dst = p.numbers(dst, locals, start+most)
			return len(dst) < start+most
		})
		s.pools[i].keys[field].Put(l)
		if err != nil {
			return dst, p.corrupt(err)
		}
		if len(dst) >= start+most {
			break
		}
	}
	return dst, nil
}

// numbers appends the numbers of the locals that live, until dst is so long.
func (p *part) numbers(dst, locals []uint32, length int) []uint32 {
	numbers := p.view.numbers
	if p.deleted == nil {
		locals = locals[:min(len(locals), length-len(dst))]
		start := len(dst)
		dst = slices.Grow(dst, len(locals))[:start+len(locals)]
		for i, local := range locals {
			dst[start+i] = numbers[local]
		}
		return dst
	}
	dead := p.deleted.bits()
	for _, local := range locals {
		if len(dst) >= length {
			break
		}
		if !has(dead, local) {
			dst = append(dst, numbers[local])
		}
	}
	return dst
}

// ByHash yields the numbers of the documents whose normalised text has this hash.
func (s *Snapshot) ByHash(h article.Hash) iter.Seq2[uint32, error] {
	return s.byTerm(context.Background(), analysis.Hash, string(h[:]))
}

// BySource yields the numbers of the documents of a source.
func (s *Snapshot) BySource(ctx context.Context, source string) iter.Seq2[uint32, error] {
	return s.byTerm(ctx, analysis.Source, source)
}

// ByCluster yields the numbers of the documents of a cluster.
func (s *Snapshot) ByCluster(ctx context.Context, cluster string) iter.Seq2[uint32, error] {
	return s.byTerm(ctx, analysis.Cluster, cluster)
}

func (s *Snapshot) byTerm(ctx context.Context, field, term string) iter.Seq2[uint32, error] {
	return func(yield func(uint32, error) bool) {
		for i := range s.parts {
			if err := context.Cause(ctx); err != nil {
				yield(0, err)
				return
			}
			numbers, err := s.termNumbers(i, field, []byte(term))
			if err != nil {
				yield(0, err)
				return
			}
			for _, number := range numbers {
				if !yield(number, nil) {
					return
				}
			}
		}
	}
}

// termNumbers are the numbers of the documents of a part that have a term.
func (s *Snapshot) termNumbers(i int, field string, term []byte) (numbers []uint32, err error) {
	p := &s.parts[i]
	defer guard(p.file, &err)
	if err := p.load(); err != nil {
		return nil, err
	}
	l, err := newLister(p, field)
	if err != nil {
		return nil, err
	}
	err = l.locals(term, func(locals []uint32) bool {
		numbers = p.numbers(numbers, locals, int(p.segment.Count()))
		return true
	})
	return numbers, p.corrupt(err)
}

// KeyRow is what Terms yields: a key and the numbers of the documents that have it, in no
// order, one at least. The slice is good until the next row.
type KeyRow struct {
	Key     uint32
	Numbers []uint32
}

// Terms yields the keys of a field in ascending order.
func (s *Snapshot) Terms(ctx context.Context, field Field) iter.Seq2[KeyRow, error] {
	return func(yield func(KeyRow, error) bool) {
		walks, err := s.walks(field)
		if err != nil {
			yield(KeyRow{}, err)
			return
		}
		var row KeyRow
		for n := 0; ; n++ {
			if n%1024 == 0 {
				if err := context.Cause(ctx); err != nil {
					yield(KeyRow{}, err)
					return
				}
			}
			ok, err := nextKey(walks, &row)
			if err != nil {
				yield(KeyRow{}, err)
				return
			}
			if !ok {
				return
			}
			if len(row.Numbers) > 0 && !yield(row, nil) {
				return
			}
		}
	}
}

// walk goes through the terms of a field in one segment.
type walk struct {
	part    *part
	lister  *lister
	terms   segment.DictionaryIterator
	current []byte // nil: at the end
}

func (s *Snapshot) walks(field Field) (walks []*walk, err error) {
	defer guard(s.dir, &err)
	for i := range s.parts {
		if err := s.parts[i].load(); err != nil {
			return nil, err
		}
		w, err := newWalk(&s.parts[i], field)
		if err != nil {
			return nil, err
		}
		walks = append(walks, w)
	}
	return walks, nil
}

// newWalk stands at the first term.
func newWalk(p *part, field Field) (w *walk, err error) {
	defer guard(p.file, &err)
	if err := p.intact(); err != nil {
		return nil, err
	}
	l, err := newLister(p, field.String())
	if err != nil {
		return nil, err
	}
	w = &walk{part: p, lister: l, terms: l.dictionary.AutomatonIterator(nil, nil, nil)}
	return w, w.next()
}

func (w *walk) next() (err error) {
	defer guard(w.part.file, &err)
	entry, err := w.terms.Next()
	if err != nil {
		return w.part.corrupt(err)
	}
	w.current = w.current[:0]
	if entry == nil {
		w.current = nil
		return nil
	}
	w.current = append(w.current, entry.Term...)
	if len(w.current) != 4 {
		return w.part.corrupt(errKey)
	}
	return nil
}

// nextKey makes row that of the least key of all walks and moves those on that have it.
func nextKey(walks []*walk, row *KeyRow) (ok bool, err error) {
	var least []byte
	for _, w := range walks {
		if w.current != nil && (least == nil || bytes.Compare(w.current, least) < 0) {
			least = w.current
		}
	}
	if least == nil {
		return false, nil
	}
	row.Key, row.Numbers = binary.BigEndian.Uint32(least), row.Numbers[:0]
	for _, w := range walks {
		if w.current == nil || binary.BigEndian.Uint32(w.current) != row.Key {
			continue
		}
		if err := w.take(row); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (w *walk) take(row *KeyRow) (err error) {
	defer guard(w.part.file, &err)
	err = w.lister.locals(w.current, func(locals []uint32) bool {
		row.Numbers = w.part.numbers(row.Numbers, locals, int(^uint(0)>>1))
		return true
	})
	if err != nil {
		return w.part.corrupt(err)
	}
	return w.next()
}
