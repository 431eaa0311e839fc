package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
)

// file is something to read articles from.
type file struct {
	path    string // to open, and to name in messages
	id      string // what its articles' ids are made of
	format  format
	packing packing
	size    int64 // bytes on disk, 0 when not known
	stdin   bool
	unicode bool // its character set is known: it had a byte-order mark or was UTF-16

	store article.Store // nil: its texts cannot be read again at their offsets, or need not
}

// entry is a file, or the reject of what should have been one.
type entry struct {
	file
	reject *Reject
}

// listing collects what the inputs lead to.
type listing struct {
	ctx     context.Context
	opts    *Options
	entries []entry
	seen    map[string]bool // real paths of the files in entries
}

// list resolves the inputs into files, each once, in the order in which they are to be
// read.
func list(ctx context.Context, inputs []string, opts *Options) []entry {
	l := &listing{ctx: ctx, opts: opts, seen: make(map[string]bool)}
	if len(inputs) == 0 {
		l.reject("", "", noInput("no input given", nil))
	}
	for _, input := range inputs {
		l.addInput(input, len(inputs) == 1)
	}
	return l.entries
}

// totalSize is the size of all files, 0 when one is standard input.
func totalSize(entries []entry) int64 {
	total := int64(0)
	for _, e := range entries {
		if e.stdin {
			return 0
		}
		total += e.size
	}
	return total
}

func noInput(text string, cause error) error {
	return &reason{text: text, class: ErrNoInput, cause: cause}
}

func (l *listing) reject(origin, id string, err error) {
	l.entries = append(l.entries, entry{reject: &Reject{Origin: origin, ID: id, Err: err}})
}

// addInput adds what one input leads to; alone says that there is no other.
func (l *listing) addInput(input string, alone bool) {
	switch input {
	case "":
		l.reject("", "", noInput("an input without a name", nil))
		return
	case "-":
		if !l.seen["-"] {
			l.seen["-"] = true
			l.entries = append(l.entries, entry{file: file{path: "stdin", id: "stdin", stdin: true}})
		}
		return
	}
	id := filepath.ToSlash(filepath.Clean(input))
	info, err := os.Stat(input)
	switch {
	case err == nil && info.IsDir() && alone:
		l.addFolder(input, "")
	case err == nil && info.IsDir():
		l.addFolder(input, id)
	case err == nil:
		l.addNamed(input, info)
	case hasMeta(input) && errors.Is(err, fs.ErrNotExist) && !isLink(input):
		l.addGlob(input)
	default:
		l.reject(input, id, missing(input, err))
	}
}

// addNamed adds a file that was named, or that a glob matched.
func (l *listing) addNamed(name string, info fs.FileInfo) {
	f := file{path: name, id: filepath.ToSlash(filepath.Clean(name)), size: regularSize(info)}
	f.format, f.packing = formatOf(name)
	l.add(f, realPath(name))
}

// add adds a file unless it is there already.
func (l *listing) add(f file, real string) {
	if !l.seen[real] {
		l.seen[real] = true
		l.entries = append(l.entries, entry{file: f})
	}
}

// addFolder walks a folder. Its files' ids begin with prefix.
func (l *listing) addFolder(root, prefix string) {
	before := len(l.entries)
	w := &walk{listing: l, walked: make(map[string]bool), prefix: prefix}
	w.folder(root, realPath(root), prefix)
	if w.files > 0 || len(l.entries) > before || l.ctx.Err() != nil {
		return
	}
	text := "no " + formatNames + " file in this folder"
	switch {
	case w.left > 0:
		text = "the patterns leave no file of this folder"
	case w.others == 0:
		text = "empty folder: no " + formatNames + " file in it"
	}
	l.reject(root, prefix, noInput(text, nil))
}

// walk is the way through one input folder.
type walk struct {
	*listing
	walked map[string]bool // real paths of the folders, against links that lead in circles
	files  int             // of a known format, be they listed before
	others int
	left   int    // out, by a pattern
	prefix string // of the ids
}

// within is the path, in the folder that is walked, of what has an id.
func (w *walk) within(id string) string {
	return strings.TrimPrefix(strings.TrimPrefix(id, w.prefix), "/")
}

// folder lists the folder dir, whose real path is real, and those below it.
func (w *walk) folder(dir, real, id string) {
	if w.walked[real] || w.ctx.Err() != nil {
		return
	}
	w.walked[real] = true
	entries, err := os.ReadDir(dir)
	if err != nil {
		w.reject(dir, id, fmt.Errorf("cannot list the folder: %w", osReason(err)))
	}
	for _, e := range entries {
		if e.Name()[0] == '.' {
			continue
		}
		w.visit(e, filepath.Join(dir, e.Name()), filepath.Join(real, e.Name()), path.Join(id, e.Name()))
	}
}

// visit lists one entry of a folder.
func (w *walk) visit(e fs.DirEntry, name, real, id string) {
	mode := e.Type()
	f := file{path: name, id: id}
	f.format, f.packing = formatOf(name)
	if mode&fs.ModeSymlink != 0 {
		info, err := os.Stat(name)
		switch {
		case err == nil:
			mode, real = info.Mode().Type(), realPath(name)
		case f.format != formatUnknown || filepath.Ext(name) == "":
			w.reject(name, id, missing(name, err))
			return
		default:
			return
		}
	}
	switch {
	case mode.IsDir() && !w.opts.admitsFolder(w.within(id)):
		w.left++
	case mode.IsDir():
		w.folder(name, real, id)
	case f.format == formatUnknown || !mode.IsRegular():
		w.others++
	case !w.opts.admits(w.within(id)):
		w.left++
	default:
		w.files++
		if w.opts.Progress != nil {
			if info, err := os.Stat(name); err == nil {
				f.size = regularSize(info)
			}
		}
		w.add(f, real)
	}
}

func regularSize(info fs.FileInfo) int64 {
	if info.Mode().IsRegular() {
		return info.Size()
	}
	return 0
}

// missing says why a path that leads nowhere does so.
func missing(name string, err error) error {
	switch {
	case !errors.Is(err, fs.ErrNotExist):
		return osReason(err)
	case isLink(name):
		return noInput("dangling symbolic link", fs.ErrNotExist)
	}
	return noInput("no such file or folder", fs.ErrNotExist)
}

func isLink(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// realPath is the absolute path without symbolic links, or as good as can be had.
func realPath(name string) string {
	if abs, err := filepath.Abs(name); err == nil {
		name = abs
	}
	if real, err := filepath.EvalSymlinks(name); err == nil {
		return real
	}
	return name
}
