package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// outputs are the files that a command writes. They appear together and whole, when
// the command has succeeded, or not at all: each is written under a hidden name in its
// folder, brought to the disk, and renamed at the end. What is no regular file, such as
// a named pipe, is written in place. A run that is killed leaves the hidden files; the next
// one that writes a file of that name removes them.
type outputs struct {
	end func(last func() error) error

	mu    sync.Mutex // a run that is cut off removes the files from another goroutine
	files []*output
	gone  bool // they were removed
}

// output is one file to be.
type output struct {
	*bufio.Writer
	flag    string // that asked for it
	path    string // as it was typed, which says its form
	target  string // what it will be called
	file    *os.File
	inPlace bool
	packer  io.WriteCloser // between Writer and file; nil for what is not packed
	folder  string         // for a folder of files: its name until then; there is no file
}

// newOutputs makes the set of output files of one run.
func newOutputs(s *Streams) *outputs {
	o := &outputs{}
	o.end = s.whenCutOff(o.remove)
	return o
}

// outputFlag is a flag that names an output file, or none.
type outputFlag struct{ flag, path string }

// openOutputs begins the files that a command writes.
func openOutputs(s *Streams, inputs []string, flags []outputFlag) (*outputs, error) {
	files := newOutputs(s)
	for _, f := range flags {
		if f.path == "" {
			continue
		}
		if err := files.createPacked(f.flag, f.path, inputs); err != nil {
			files.discard()
			return nil, err
		}
	}
	return files, nil
}

// createPacked begins an output file, which is packed if the end of its name says so.
func (o *outputs) createPacked(flag, path string, inputs []string) error {
	if flag == "--keep" && path != "" && os.IsPathSeparator(path[len(path)-1]) {
		return o.createFolder(flag, path)
	}
	if err := checkPacking(flag, path); err != nil {
		return err
	}
	if err := o.create(flag, path, inputs); err != nil {
		return err
	}
	_, packed := formOf(path)
	if packed == "" {
		return nil
	}
	f := o.of(flag)
	var err error
	f.packer, err = packers[packed](unbuffered{f})
	f.Writer = bufio.NewWriter(f.packer)
	return err
}

// create begins an output file. It fails early, before any work is done, when the
// file cannot be written, was named before or is one of the inputs.
func (o *outputs) create(flag, path string, inputs []string) error {
	typed := path
	path = filepath.Clean(path)
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	out := &output{flag: flag, path: typed, target: path}
	perm := fs.FileMode(0o666)
	info, err := os.Stat(path)
	switch {
	case path == "-":
		return usagef("%s wants the name of a file", flag)
	case err == nil && info.IsDir() && flag == "--keep":
		return usagef("%s: %s is a folder; for a folder of files name a new one that ends in a slash", flag, path)
	case err == nil && info.IsDir():
		return usagef("%s: %s is a folder", flag, path)
	case err == nil && isInput(info, inputs):
		return usagef("%s: %s is also an INPUT", flag, path)
	case err == nil && info.Mode().IsRegular():
		perm = info.Mode().Perm()
	case err == nil:
		out.inPlace = true
	}
	for _, other := range o.files {
		if other.target == path {
			return usagef("%s and %s name the same file", other.flag, flag)
		}
	}
	if out.inPlace {
		return o.openInPlace(out)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone {
		return errInterrupted
	}
	sweep(out.target)
	if err := out.open(perm); err != nil {
		return out.failed(err)
	}
	o.files = append(o.files, out)
	return nil
}

// openInPlace opens what is no regular file. That a named pipe is read by nobody yet keeps
// no interrupt waiting.
func (o *outputs) openInPlace(out *output) (err error) {
	if out.file, err = os.OpenFile(out.target, os.O_WRONLY, 0); err != nil {
		return out.failed(err)
	}
	out.Writer = bufio.NewWriter(unbuffered{out})
	o.mu.Lock()
	defer o.mu.Unlock()
	o.files = append(o.files, out)
	return nil
}

// of is the file of a flag, nil where none was named.
func (o *outputs) of(flag string) *output {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.IndexFunc(o.files, func(f *output) bool { return f.flag == flag })
	if i < 0 {
		return nil
	}
	return o.files[i]
}

// holds reports whether path is the name of an output file.
func (o *outputs) holds(path string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.files) == 0 {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && slices.ContainsFunc(o.files, func(f *output) bool {
		target, err := os.Stat(f.target)
		return err == nil && os.SameFile(target, info)
	})
}

// isInput reports whether an input is the very file. One that lies in an input folder is
// no mistake: it is passed over when the folder is read.
func isInput(info fs.FileInfo, inputs []string) bool {
	for _, input := range inputs {
		if in, err := os.Stat(input); err == nil && os.SameFile(in, info) {
			return true
		}
	}
	return false
}

// hiddenMark stands in the names of hidden files, before eight digits.
const hiddenMark = ".dedupe-"

// open makes the hidden file and holds it, so that nobody sweeps it away.
func (f *output) open(perm fs.FileMode) error {
	for {
		file, err := os.OpenFile(hiddenName(f.target), os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if err != nil {
			return err
		}
		if errors.Is(hold(file), errHeld) || !stillThere(file) { // it was swept before it was held
			_ = file.Close()
			continue
		}
		f.file, f.Writer = file, bufio.NewWriter(unbuffered{f})
		return nil
	}
}

// sweep removes the hidden files of runs that were killed before target appeared: those
// that nobody holds.
func sweep(target string) {
	prefix := "." + filepath.Base(target) + hiddenMark
	entries, _ := os.ReadDir(filepath.Dir(target)) // what cannot be listed stays
	for _, e := range entries {
		digits, hidden := strings.CutPrefix(e.Name(), prefix)
		if !hidden || len(digits) != 8 || strings.Trim(digits, "0123456789abcdef") != "" || !e.Type().IsRegular() {
			continue
		}
		path := filepath.Join(filepath.Dir(target), e.Name())
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			continue
		}
		held := hold(file) == nil
		if held {
			_ = os.Remove(path)
		}
		_ = file.Close()
		if held {
			_ = os.Remove(path) // where no open file can be removed
		}
	}
}

// errHeld says that somebody holds a file.
var errHeld = errors.New("held by another process")

// stillThere reports whether the name of an open file still leads to it.
func stillThere(file *os.File) bool {
	there, err := os.Stat(file.Name())
	if err != nil {
		return false
	}
	own, err := file.Stat()
	return err == nil && os.SameFile(there, own)
}

// hiddenName is a name in the same folder, that a walk through it passes over.
func hiddenName(target string) string {
	return filepath.Join(filepath.Dir(target), fmt.Sprintf(".%s%s%08x", filepath.Base(target), hiddenMark, rand.Uint32()))
}

// unbuffered writes to the file and names it in errors.
type unbuffered struct{ f *output }

func (u unbuffered) Write(b []byte) (int, error) {
	n, err := u.f.file.Write(b)
	return n, u.f.failed(err)
}

// failed says which file an error is about, by the name that the user knows.
func (f *output) failed(err error) error {
	if err == nil {
		return nil
	}
	if folder := filepath.Dir(f.target); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: cannot write %s: there is no folder %s: make it first", f.flag, f.target, folder)
	}
	return fmt.Errorf("%s: cannot write %s: %w", f.flag, f.target, reasonOf(err))
}

// commit makes the files appear, unless ctx has ended.
func (o *outputs) commit(ctx context.Context) error {
	o.mu.Lock()
	files := slices.Clone(o.files)
	o.mu.Unlock()
	for _, f := range files {
		if err := f.finish(); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return o.end(o.rename)
}

// finish brings the file to the disk. It is held until it has appeared.
func (f *output) finish() error {
	if f.folder != "" {
		return f.failed(syncTree(f.folder)) // its files are closed
	}
	if err := f.Flush(); err != nil {
		return err
	}
	if f.packer != nil {
		if err := f.packer.Close(); err != nil {
			return err
		}
	}
	if f.inPlace {
		return f.failed(f.file.Close())
	}
	if err := f.file.Sync(); err != nil {
		return f.failed(err)
	}
	if !renamesOpen {
		return f.failed(f.file.Close())
	}
	return nil
}

func (o *outputs) rename() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.files) > 0 {
		f := o.files[0]
		if err := f.appear(); err != nil {
			return f.failed(err)
		}
		o.files = o.files[1:]
	}
	return nil
}

// appear gives the file, or the folder, its name.
func (f *output) appear() error {
	switch {
	case f.folder != "":
		return f.appearAsFolder()
	case f.inPlace:
		return nil
	}
	if err := os.Rename(f.file.Name(), f.target); err != nil {
		return err
	}
	if renamesOpen {
		_ = f.file.Close() // it is on the disk
	}
	return syncFolder(filepath.Dir(f.target))
}

// discard ends a run: what was not committed is removed.
func (o *outputs) discard() {
	_ = o.end(nil)
	o.remove()
}

// remove removes the files that have not appeared.
func (o *outputs) remove() {
	o.keepOnly(nil)
	o.mu.Lock()
	o.gone = true
	o.mu.Unlock()
}

// keepOnly gives up all files but one, which may be nil.
func (o *outputs) keepOnly(kept *output) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.files {
		if f == kept {
			continue
		}
		if f.folder != "" {
			f.removeFolder()
			continue
		}
		_ = f.file.Close()
		if !f.inPlace {
			_ = os.Remove(f.file.Name())
		}
	}
	o.files = nil
	if kept != nil {
		o.files = []*output{kept}
	}
}
