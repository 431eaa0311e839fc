package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// seal is what Close writes down of the files as they then are, so that Open can tell
// damage from change: the list of segments has no checksum of its own.
type seal struct {
	State uint64            `json:"state"` // transaction of root.bolt
	Root  string            `json:"root"`  // checksum of what root.bolt says
	Files map[string]string `json:"files"` // segment files: size and checksum
}

// sealOf describes the files of dir as they are.
func sealOf(dir string) (seal, error) {
	_, r, err := readRoot(dir)
	if err != nil {
		return seal{}, err
	}
	s := seal{State: r.txid, Root: r.sum, Files: make(map[string]string)}
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
	_, r, err := readRoot(dir)
	if err != nil {
		return nil, err
	}
	if err := checkMeta(filepath.Join(dir, indexDir, metaFile)); err != nil {
		return nil, err
	}
	return r, checkParts(dir, r, storeDir(dir))
}

// checkMeta checks bleve's description of the index, which has nothing of ours in it.
func checkMeta(path string) error {
	meta, err := os.ReadFile(path)
	var v struct {
		Type string `json:"index_type"`
	}
	if err == nil { // bleve puts four bytes behind the object
		err = json.NewDecoder(bytes.NewReader(meta)).Decode(&v)
	}
	if err == nil && v.Type != scorch.Name {
		err = errors.New("not the description of an index")
	}
	if err != nil {
		return &CorruptError{File: path, Err: err}
	}
	return nil
}

// checkParts checks the segments of the state r, which stand in the directory parts, and
// counts its documents.
func checkParts(dir string, r *root, parts string) error {
	files := make(map[string]string)
	r.count = 0
	for _, part := range r.segments {
		z, err := checkSegment(filepath.Join(parts, part.file))
		if err != nil {
			return err
		}
		if part.deleted != nil && !part.deleted.IsEmpty() && uint64(part.deleted.Maximum()) >= z.documents {
			return &CorruptError{File: rootFile(dir), Err: fmt.Errorf("%s has no document %d", part.file, part.deleted.Maximum())}
		}
		files[part.file] = z.String()
		r.count += z.documents
		if part.deleted != nil {
			r.count -= part.deleted.GetCardinality()
		}
	}
	return checkSeal(dir, r, files)
}

// checkSeal compares a state with the seal, if there is one of this state.
func checkSeal(dir string, r *root, files map[string]string) error {
	path := filepath.Join(dir, sealFile)
	written, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var s seal
	if err = errors.Join(err, json.Unmarshal(written, &s)); err != nil {
		return &CorruptError{File: path, Err: err}
	}
	if s.State != r.txid {
		return nil // written to since, and not closed: a killed process
	}
	if s.Root != r.sum {
		return &CorruptError{File: rootFile(dir), Err: errors.New("it is not what was written at the end")}
	}
	for name, want := range s.Files {
		if files[name] != want {
			return &CorruptError{File: filepath.Join(storeDir(dir), name), Err: fmt.Errorf("it has %q instead of %q", files[name], want)}
		}
	}
	return nil
}
