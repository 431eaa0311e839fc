package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/calque-dev/calque/pkg/ingest"
)

// keptFolder is a folder with the files of the inputs that have an article that stays.
type keptFolder struct {
	dir   string // it is written under this name
	name  string // that the user gave it
	spool *spool

	path    string         // of the input that is gone through
	file    string         // its name in the folder
	dropped bool           // some of its articles do not stay
	held    *ingest.Record // the first that stays, until there is another: of most files it is all
	part    *partFile      // what stays, once there are two
}

// put takes the records of one file after another.
func (k *keptFolder) put(r *ingest.Record, stays bool) error {
	if r.Path != k.path {
		if err := k.finish(); err != nil {
			return err
		}
		*k = keptFolder{dir: k.dir, name: k.name, spool: k.spool, path: r.Path, file: localName(r.File)}
	}
	switch {
	case !stays:
		k.dropped = true
		return nil
	case k.held == nil && k.part == nil:
		k.held = cloneRecord(r)
		return nil
	}
	if err := k.begin(); err != nil {
		return err
	}
	return k.part.w.add(r)
}

// begin begins a file of what stays, with what was held.
func (k *keptFolder) begin() (err error) {
	if k.part != nil {
		return nil
	}
	if k.part, err = k.newPart(k.held); err != nil {
		return err
	}
	held := k.held
	k.held = nil
	return k.part.w.add(held)
}

// finish ends a file: it is copied whole if all of it stays.
func (k *keptFolder) finish() error {
	if k.held == nil && k.part == nil {
		return nil
	}
	if !k.dropped && k.path != stdinName {
		if k.part != nil {
			k.part.discard()
			k.part = nil
		}
		return k.copy()
	}
	if err := k.begin(); err != nil {
		return err
	}
	part := k.part
	k.part = nil
	return part.close()
}

func (k *keptFolder) close() error { return k.finish() }

func (k *keptFolder) discard() {
	if k.part != nil {
		k.part.discard()
	}
}

// create makes a file below the folder, and the folders that lead to it.
func (k *keptFolder) create(name string) (*os.File, error) {
	at := filepath.Join(k.dir, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(at), 0o777)
	var file *os.File
	if err == nil {
		file, err = os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("--keep: two inputs would be the same file in %s: %s; name a folder that holds both", k.name, name)
	}
	if err != nil {
		return nil, fmt.Errorf("--keep: cannot write %s%s: %w", k.name, name, reasonOf(err))
	}
	return file, nil
}

// copy copies the file that was gone through.
func (k *keptFolder) copy() error {
	in, err := os.Open(k.path)
	if err != nil {
		return fmt.Errorf("--keep: cannot read %s again: %w", k.path, reasonOf(err))
	}
	defer in.Close()
	out, err := k.create(k.file)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		_ = out.Close()
		return fmt.Errorf("--keep: cannot copy %s to %s: %w", k.path, k.name, reasonOf(err))
	}
	return out.Close()
}

// partFile is a file with some of the articles of an input.
type partFile struct {
	file   *os.File
	out    *bufio.Writer
	packer io.WriteCloser
	w      recordWriter
}

// newPart begins such a file, of the form that the input has.
func (k *keptFolder) newPart(first *ingest.Record) (*partFile, error) {
	var s shape
	if first.Bundled {
		first.Kind = ingest.Opaque
	}
	s.add(first)
	name, packed := partName(k.file, first.Kind)
	file, err := k.create(name)
	if err != nil {
		return nil, err
	}
	p := &partFile{file: file, out: bufio.NewWriter(file)}
	var to io.Writer = p.out
	if packed != "" {
		if p.packer, err = packers[packed](p.out); err != nil {
			return nil, err
		}
		to = p.packer
	}
	if first.Kind == ingest.Value && k.path != stdinName {
		p.w = &objectLines{w: to, object: rawObject} // as they stand, over several lines if they do
		return p, nil
	}
	p.w, err = s.writer(to, formUnknown)
	return p, err
}

// partName is the name of a file with some of the articles of another: the same, but for
// what can be written in another form only.
func partName(name string, kind ingest.Kind) (part, packed string) {
	_, packed = formOf(name)
	switch {
	case name == stdinName:
		return stdinName + ".jsonl", ""
	case kind == ingest.Opaque:
		return name[:len(name)-len(packed)] + ".jsonl" + packed, packed
	case packed == "" && strings.EqualFold(path.Ext(name), ".bz2"):
		return name[:len(name)-len(".bz2")], ""
	}
	return name, packed
}

func (p *partFile) close() error {
	err := p.w.close()
	if err == nil && p.packer != nil {
		err = p.packer.Close()
	}
	if err == nil {
		err = p.out.Flush()
	}
	return errors.Join(err, p.file.Close())
}

func (p *partFile) discard() {
	_ = p.file.Close()
	_ = os.Remove(p.file.Name())
}

// localName is a slashed path without what leads out of the folder that it is below.
func localName(name string) string {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if !filepath.IsLocal(filepath.FromSlash(name)) { // a drive, or a name that is reserved
		name = strings.ReplaceAll(name, ":", "_")
	}
	return name
}
