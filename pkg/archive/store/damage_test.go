package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// small makes an archive of some segments, closes it and returns what is in it.
func small(t testing.TB, dir string) map[string]Document {
	t.Helper()
	s, err := Create(dir, Options{Fingerprint: "f"})
	ok(t, err)
	all := make(map[string]Document)
	r := rand.New(rand.NewPCG(1, 2))
	number := uint32(0)
	for range 4 {
		var b Batch
		for range 20 {
			number++
			d := made(number, fmt.Sprintf("id%d", r.IntN(60)), r)
			all[d.Article.ID] = d
			b.Put(d)
		}
		b.SetMeta("k", []byte("v"))
		ok(t, s.Write(context.Background(), &b))
	}
	var b Batch
	b.Delete("id7")
	delete(all, "id7")
	ok(t, s.Write(context.Background(), &b))
	ok(t, s.Close())
	return all
}

func copyTree(t testing.TB, from, to string) {
	t.Helper()
	ok(t, os.RemoveAll(to))
	ok(t, os.CopyFS(to, os.DirFS(from)))
}

// use reads everything there is and reports the first error. It must not panic or hang,
// and what comes without an error must be what was written.
func use(t testing.TB, dir string, all map[string]Document) error {
	t.Helper()
	s, err := Open(dir, Options{Fingerprint: "f"})
	if err != nil {
		return err
	}
	x, err := s.Snapshot()
	ok(t, err)
	if err = readAll(x); err == nil {
		(&model{documents: all}).check(t, x)
	}
	err = errors.Join(err, x.Close())
	var b Batch
	b.Put(made(100000, "new", rand.New(rand.NewPCG(9, 9))))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err == nil {
		err = s.Write(ctx, &b)
	}
	if err == nil {
		err = s.Compact(ctx)
	}
	return errors.Join(err, s.Close())
}

// merge merges everything unread.
func merge(t testing.TB, dir string) error {
	t.Helper()
	s, err := Open(dir, Options{Fingerprint: "f"})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var b Batch
	b.Put(made(100000, "new", rand.New(rand.NewPCG(9, 9))))
	if err = s.Write(ctx, &b); err == nil {
		err = s.Compact(ctx)
	}
	return errors.Join(err, s.Close())
}

// readAll reads all that a snapshot has, the checksums last.
func readAll(x *Snapshot) error {
	ctx := context.Background()
	for _, err := range x.Columns(ctx) {
		if err != nil {
			return err
		}
	}
	for d, err := range x.Articles(ctx) {
		if err != nil {
			return err
		}
		if _, _, err := x.Get(d.Article.ID); err != nil {
			return err
		}
		for n, err := range x.ByHash(d.Hash) {
			if err != nil {
				return err
			}
			if _, _, err := x.ByNumber(n); err != nil {
				return err
			}
		}
	}
	for f := range Field(len(keyFields)) {
		for row, err := range x.Terms(ctx, f) {
			if err != nil {
				return err
			}
			if _, err := x.Postings(f, row.Key, nil, 10); err != nil {
				return err
			}
		}
	}
	return x.CheckFiles(ctx)
}

func TestDamageIsAnErrorAndTheRestIsSalvaged(t *testing.T) {
	base := t.TempDir()
	whole, work := filepath.Join(base, "whole"), filepath.Join(base, "work")
	all := small(t, whole)
	var files []string
	ok(t, filepath.WalkDir(whole, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != lockFile {
			files = append(files, strings.TrimPrefix(path, whole))
		}
		return err
	}))
	r := rand.New(rand.NewPCG(5, 6))
	places := 4
	if *long {
		places = 200
	}
	for _, file := range files {
		content, err := os.ReadFile(whole + file)
		ok(t, err)
		var kinds []string
		for range places {
			kinds = append(kinds, fmt.Sprintf("cut at %d", r.IntN(len(content)-1)))
			at := r.IntN(len(content))
			if r.IntN(2) == 0 { // the ends are where the addresses are
				at = max(0, len(content)-1-r.IntN(600))
			}
			kinds = append(kinds, fmt.Sprintf("flip bit %d of %d", r.IntN(8), at))
		}
		for _, kind := range append(kinds, "gone", "cut at 0") {
			copyTree(t, whole, work)
			damage(t, work+file, kind)
			start := time.Now()
			err := use(t, work, all)
			if took := time.Since(start); took > 15*time.Second {
				t.Errorf("%s %s: took %v", file, kind, took)
			}
			checkDamage(t, file, kind, err)
			if strings.HasSuffix(file, ".zap") {
				copyTree(t, whole, work)
				damage(t, work+file, kind)
				checkDamage(t, file, kind+", then merged", merge(t, work))
			}
			copyTree(t, whole, work)
			damage(t, work+file, kind)
			checkSalvage(t, work, file, kind, all)
		}
	}
}

func damage(t testing.TB, path, kind string) {
	t.Helper()
	var n, bit int
	content, err := os.ReadFile(path)
	ok(t, err)
	switch {
	case kind == "gone":
		ok(t, os.Remove(path))
		return
	case strings.HasPrefix(kind, "cut"):
		_, err = fmt.Sscanf(kind, "cut at %d", &n)
		ok(t, err)
		content = content[:n]
	default:
		_, err = fmt.Sscanf(kind, "flip bit %d of %d", &bit, &n)
		ok(t, err)
		content[n] ^= 1 << bit
	}
	ok(t, os.WriteFile(path, content, 0o666))
}

// checkDamage wants an error of a kind that says what to do, but for files that can be
// missed and bytes that mean nothing.
func checkDamage(t *testing.T, file, kind string, err error) {
	t.Helper()
	var (
		corrupt     *CorruptError
		version     *VersionError
		fingerprint *FingerprintError
	)
	if err == nil {
		name := filepath.Base(file)
		if name == "root.bolt" && kind != "gone" && kind != "cut at 0" {
			return // pages that are free or were not used yet; use has looked at the rest
		}
		if name == sealFile && (kind != "cut at 0") || strings.HasPrefix(kind, "flip") && (name == metaFile || name == headerFile) {
			return // white space, the names of things, another state
		}
		t.Errorf("%s, %s: no error", file, kind)
		return
	}
	if !errors.As(err, &corrupt) && !errors.As(err, &version) && !errors.As(err, &fingerprint) {
		t.Errorf("%s, %s: %v of type %T", file, kind, err, err)
	}
}

// checkSalvage wants every article as it was, but for the damaged segment.
func checkSalvage(t *testing.T, dir, file, kind string, all map[string]Document) {
	t.Helper()
	got := make(map[string]Document)
	for d, err := range Salvage(context.Background(), dir) {
		if err == nil {
			got[d.Article.ID] = d
		}
	}
	damagedSegment := strings.HasSuffix(file, ".zap")
	lost := 0
	for id, want := range all {
		d, found := got[id]
		if !found {
			lost++
		}
		if found && d.Number == want.Number && d.Article.Text != want.Article.Text {
			t.Errorf("%s, %s: %q came out altered", file, kind, id)
		}
	}
	switch {
	case !damagedSegment && lost > 0:
		t.Errorf("%s, %s: %d articles of %d lost", file, kind, lost, len(all))
	case strings.HasPrefix(kind, "flip") && lost > 1:
		t.Errorf("%s, %s: %d articles of %d lost by one bit", file, kind, lost, len(all))
	}
}

func TestAForeignDirectoryIsNotAnArchive(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrNotArchive) {
		t.Errorf("empty: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "none"), Options{}); !errors.Is(err, ErrNotArchive) {
		t.Errorf("missing: %v", err)
	}
	if _, err := OpenReader(dir, Options{}); !errors.Is(err, ErrNotArchive) {
		t.Errorf("reader: %v", err)
	}
	ok(t, os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o666))
	if _, err := Create(dir, Options{}); !errors.Is(err, ErrExists) {
		t.Errorf("Create: %v", err)
	}
}

func TestVersionAndFingerprintMustBeTheSame(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	small(t, dir)
	_, err := Open(dir, Options{Fingerprint: "g"})
	var fingerprint *FingerprintError
	if !errors.As(err, &fingerprint) || fingerprint.Have != "f" || fingerprint.Want != "g" {
		t.Errorf("another fingerprint: %v", err)
	}
	s, err := Open(dir, Options{Fingerprint: "g", IgnoreFingerprint: true})
	ok(t, err)
	ok(t, s.Close())
	ok(t, os.WriteFile(filepath.Join(dir, headerFile), []byte(`{"calque_archive": 99, "fingerprint": "f"}`), 0o666))
	_, err = Open(dir, Options{Fingerprint: "f"})
	var version *VersionError
	if !errors.As(err, &version) || version.Have != 99 {
		t.Errorf("another version: %v", err)
	}
}
