package archive

import (
	"context"

	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/text"
)

// Verify reads every file and every article, compares the article with the hash under
// which it was added and computes its keys anew, and calls found for each thing that is
// wrong. It fails where it cannot go on.
func (a *Archive) Verify(ctx context.Context, found func(Problem) error) error {
	return a.read(func(s *store.Snapshot) error {
		if err := s.CheckFiles(ctx); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := found(Problem{Err: err}); err != nil {
				return err
			}
		}
		v := &verification{archive: a, snapshot: s, found: found, verifier: a.detector.NewVerifier()}
		return v.run(ctx)
	})
}

// verification is one run of Verify.
type verification struct {
	archive  *Archive
	snapshot *store.Snapshot
	found    func(Problem) error
	verifier *dedupe.Verifier
	lines    *text.Furniture
	indexed  map[uint32]uint64 // by number: the sum of the hashes of its keys
}

func (v *verification) run(ctx context.Context) (err error) {
	if v.lines, err = v.archive.recurring(v.snapshot); err != nil {
		return err
	}
	v.indexed = map[uint32]uint64{}
	for row, err := range v.snapshot.Terms(ctx, store.Keys) {
		if err != nil {
			return err
		}
		for _, n := range row.Numbers {
			v.indexed[n] += keySum(row.Key)
		}
	}
	n := 0
	for d, err := range v.snapshot.Articles(ctx) {
		if err == nil {
			n++
			err = v.article(&d)
		}
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := v.found(Problem{d.Article.ID, err}); err != nil {
			return err
		}
	}
	if n != v.snapshot.Count() {
		return v.found(Problem{Err: errMissing})
	}
	return nil
}

// keySum is what a key adds to the sum of an article's keys.
func keySum(key uint32) uint64 {
	x := (uint64(key) + 1) * 0x9e3779b97f4a7c15
	return x ^ x>>31
}

// article checks one article.
func (v *verification) article(d *store.Document) error {
	column, _, ok, err := v.snapshot.Column(d.Number)
	if err != nil {
		return err
	}
	p, err := parseColumn(column)
	if err != nil || !ok || p.id != d.Article.ID || p.hash != d.Hash {
		return ErrColumn
	}
	if sameHash(&d.Article) != p.same || d.Article.Hash() != d.Hash || dedupe.ContentHash(&d.Article) != p.content {
		return ErrHash
	}
	want := uint64(0)
	if p.leads {
		x := v.verifier.Build(&d.Article, v.lines.Of(&d.Article)...)
		if newWording(x).own != p.own {
			return ErrKeys
		}
		for _, key := range x.Keys {
			want += keySum(uint32(key))
		}
	}
	if v.indexed[d.Number] != want {
		return ErrKeys
	}
	return nil
}
