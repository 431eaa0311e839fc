package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// CheckFiles reads every file of the snapshot whole: the checksum of each segment, every
// stored article, and that no id and no number is there twice. The error joins a
// *CorruptError for each segment that is damaged.
func (s *Snapshot) CheckFiles(ctx context.Context) error {
	var found []error
	numbers := make(map[uint32]bool, s.Count())
	for i := range s.parts {
		err := s.checkPart(ctx, i, numbers)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		found = append(found, err)
	}
	return errors.Join(found...)
}

func (s *Snapshot) checkPart(ctx context.Context, i int, numbers map[uint32]bool) error {
	p := &s.parts[i]
	if err := p.checkSum(ctx); err != nil {
		return err
	}
	return s.each(ctx, i, func(local uint32) (bool, error) {
		d, err := s.document(i, local)
		if err != nil {
			return false, err
		}
		if numbers[d.Number] {
			return false, fmt.Errorf("two articles have the number %d", d.Number)
		}
		numbers[d.Number] = true
		if n, err := s.lives(d.Article.ID); err != nil || n != 1 {
			return false, errors.Join(err, fmt.Errorf("%d articles have the id %q", n, d.Article.ID))
		}
		return true, nil
	})
}

// lives is how many documents have this id.
func (s *Snapshot) lives(id string) (n int, err error) {
	defer guard(s.dir, &err)
	for i := range s.parts {
		p := &s.parts[i]
		locals, err := p.segment.DocNumbers([]string{id})
		if err != nil {
			return n, p.corrupt(err)
		}
		for it := locals.Iterator(); it.HasNext(); {
			if p.live(it.Next()) {
				n++
			}
		}
	}
	return n, nil
}

// Size is the number of bytes in the files of the archive in dir, but for the links of
// readers.
func Size(dir string) (bytes int64, err error) {
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, os.ErrNotExist) { // gone meanwhile
				return nil
			}
			return err
		}
		if d.IsDir() {
			if d.Name() == readersDir && filepath.Dir(path) == filepath.Clean(dir) {
				return filepath.SkipDir
			}
			return nil
		}
		if info, err := d.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes, err
}
