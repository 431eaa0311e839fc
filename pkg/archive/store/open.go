package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/zeebo/xxh3"
)

// seal is what Close writes down of the files as they then are, so that Open can tell
// damage from change: the list of segments has no checksum of its own.
type seal struct {
	State uint64            `json:"state"` // transaction of root.bolt
	Root  string            `json:"root"`  // XXH3 of root.bolt
	Files map[string]string `json:"files"` // segment files: size and checksum
}

// sealOf describes the files of dir as they are.
func sealOf(dir string) (seal, error) {
	content, err := os.ReadFile(rootFile(dir))
	if err != nil {
		return seal{}, err
	}
	r, err := parseRoot(content)
	if err != nil {
		return seal{}, err
	}
	s := seal{State: r.txid, Root: fmt.Sprintf("%016x", xxh3.Hash(content)), Files: make(map[string]string)}
	for _, part := range r.segments {
		z, err := checkSegment(filepath.Join(storeDir(dir), part.file))
		if err != nil {
			return seal{}, err
		}
		s.Files[part.file] = z.String()
	}
	return s, nil
}

func (z footer) String() string { return fmt.Sprintf("%d bytes, %08x", z.size, z.crc) }

// checkFiles looks over the files of an archive before bleve does: that they are there,
// that their lengths hold, and that they are those of the seal if nothing was written
// since. Bleve would start anew in place of a list it cannot read, and remove the segments.
func checkFiles(dir string) (*root, error) {
	r, err := readRoot(dir)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, indexDir, "index_meta.json")
	meta, err := os.ReadFile(path)
	var v struct {
		Type string `json:"index_type"`
	}
	if err == nil { // bleve puts four bytes behind the object
		err = json.NewDecoder(bytes.NewReader(meta)).Decode(&v)
	}
	if err == nil && v.Type != "scorch" {
		err = errors.New("not the description of an index")
	}
	if err != nil {
		return nil, &CorruptError{File: path, Err: err}
	}
	files := make(map[string]string)
	for _, part := range r.segments {
		z, err := checkSegment(filepath.Join(storeDir(dir), part.file))
		if err != nil {
			return nil, err
		}
		if part.deleted != nil && !part.deleted.IsEmpty() && uint64(part.deleted.Maximum()) >= z.documents {
			return nil, &CorruptError{File: rootFile(dir), Err: fmt.Errorf("%s has no document %d", part.file, part.deleted.Maximum())}
		}
		files[part.file] = z.String()
		r.count += z.documents
		if part.deleted != nil {
			r.count -= part.deleted.GetCardinality()
		}
	}
	return r, checkSeal(dir, r, files)
}

// checkSeal compares the files with the seal, if there is one of this state.
func checkSeal(dir string, r *root, files map[string]string) error {
	path := filepath.Join(dir, sealFile)
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var s seal
	if err = errors.Join(err, json.Unmarshal(content, &s)); err != nil {
		return &CorruptError{File: path, Err: err}
	}
	if s.State != r.txid {
		return nil // written to since, and not closed: a killed process
	}
	rootContent, err := os.ReadFile(rootFile(dir))
	if err != nil {
		return err
	}
	if s.Root != fmt.Sprintf("%016x", xxh3.Hash(rootContent)) {
		return &CorruptError{File: rootFile(dir), Err: errors.New("it is not what was written at the end")}
	}
	for name, want := range s.Files {
		if files[name] != want {
			return &CorruptError{File: filepath.Join(storeDir(dir), name), Err: fmt.Errorf("it has %s instead of %s", files[name], want)}
		}
	}
	return nil
}
