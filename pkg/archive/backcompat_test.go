package archive

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
)

var update = flag.Bool("update", false, "write the archive of this format version to testdata/backcompat")

// kept is a part of the fixtures that archives of every format version are kept of.
func kept(t testing.TB) (out []article.Article) {
	for _, a := range fixtures(t) {
		if strings.HasPrefix(a.ID, "a-strike") || strings.HasPrefix(a.ID, "a-bank") {
			out = append(out, a)
		}
	}
	return out
}

// TestArchivesOfEveryVersionAreRead opens archives that older programs have written. Each
// is read as it is, or, where its keys are of another time, is refused with the remedy
// that helps: Rebuild.
func TestArchivesOfEveryVersionAreRead(t *testing.T) {
	root := filepath.Join("testdata", "backcompat")
	if *update {
		writeKept(t, filepath.Join(root, fmt.Sprintf("v%d", store.FormatVersion)))
	}
	versions, err := os.ReadDir(root)
	if err != nil || len(versions) == 0 {
		t.Fatal("no archives are kept", err)
	}
	for _, v := range versions {
		t.Run(v.Name(), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "archive")
			if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, v.Name()))); err != nil {
				t.Fatal(err)
			}
			want := scanned(t, kept(t))
			a, err := Open(dir, Options{})
			var fingerprint *store.FingerprintError
			var version *store.VersionError
			switch {
			case errors.As(err, &fingerprint), errors.As(err, &version):
				t.Log("to be rebuilt:", err)
			case err != nil:
				t.Fatal(err)
			default:
				same(t, "as it is", want, pairsOf(t, a))
				if err := a.Close(); err != nil {
					t.Fatal(err)
				}
			}
			lost, err := Rebuild(context.Background(), dir, dir+".new", Options{}, func(Added) error { return nil })
			if err != nil || len(lost) > 0 {
				t.Fatal(err, lost)
			}
			if a, err = Open(dir+".new", Options{}); err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			same(t, "rebuilt", want, pairsOf(t, a))
		})
	}
}

func writeKept(t *testing.T, dir string) {
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		t.Fatal(err)
	}
	a, err := Create(dir, Options{Batch: 9})
	if err != nil {
		t.Fatal(err)
	}
	add(t, a, kept(t))
	if err := a.Compact(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}
