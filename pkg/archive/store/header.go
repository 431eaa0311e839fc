package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/calque-dev/calque/pkg/archive/analysis"
)

// FormatVersion is the version of what a Store writes. It changes whenever a program of
// the version before could not read it.
const FormatVersion = 1

// The files of an archive beside the index.
const (
	headerFile = "calque.json"
	lockFile   = "write.lock"
	sealFile   = "seal.json"
)

// header is the first file of an archive that is written, and says what the others are.
type header struct {
	Format      int    `json:"calque_archive"`
	Fingerprint string `json:"fingerprint"`
	Words       int    `json:"words"` // version of package analysis
}

func writeHeader(dir string, o Options) error {
	return writeFile(filepath.Join(dir, headerFile), header{FormatVersion, o.Fingerprint, analysis.Version})
}

// IsArchive reports whether a folder looks like an archive, of whatever format.
func IsArchive(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, headerFile))
	return err == nil
}

// checkHeader says whether dir is an archive that this program reads.
func checkHeader(dir string, o Options) error {
	path := filepath.Join(dir, headerFile)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, indexDir)); err == nil {
			return &CorruptError{File: path, Err: errors.New("the file is missing")}
		}
		return fmt.Errorf("%s: %w", dir, ErrNotArchive)
	}
	if err != nil {
		return err
	}
	var h header
	if err := json.Unmarshal(content, &h); err != nil {
		return &CorruptError{File: path, Err: err}
	}
	switch {
	case h.Format <= 0:
		return &CorruptError{File: path, Err: errors.New("no format version")}
	case h.Format != FormatVersion:
		return &VersionError{Dir: dir, Have: h.Format, Want: FormatVersion}
	case o.IgnoreFingerprint:
		return nil
	case h.Fingerprint != o.Fingerprint:
		return &FingerprintError{Dir: dir, Have: h.Fingerprint, Want: o.Fingerprint}
	case h.Words != analysis.Version:
		return &FingerprintError{Dir: dir, Have: fmt.Sprintf("words of version %d", h.Words), Want: fmt.Sprintf("version %d", analysis.Version)}
	}
	return nil
}

// writeFile writes v as JSON so that path holds either all of it or what it held before.
func writeFile(path string, v any) error {
	content, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(content, '\n'))
	if err = errors.Join(err, f.Chmod(0o666), f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the names in dir durable where the system can.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync() // not every system syncs directories
	return d.Close()
}
