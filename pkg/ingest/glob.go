package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// hasMeta reports whether a path that does not exist may be meant as a glob.
func hasMeta(pattern string) bool {
	return strings.ContainsAny(pattern, "*?[")
}

// addGlob adds the files that a glob matches, sorted. Folders that it matches are walked,
// unless "**" has been through them anyway.
func (l *listing) addGlob(pattern string) {
	g := &globber{ctxDone: func() bool { return l.ctx.Err() != nil }, listing: l}
	id := filepath.ToSlash(filepath.Clean(pattern))
	if _, err := filepath.Match(filepath.ToSlash(pattern), ""); err != nil {
		l.reject(pattern, id, noInput("no such file, and no glob: "+err.Error(), err))
		return
	}
	before := len(l.entries)
	volume := filepath.VolumeName(pattern)
	rest := filepath.ToSlash(pattern[len(volume):])
	dir := volume
	if strings.HasPrefix(rest, "/") {
		dir += string(filepath.Separator)
	}
	parts := slices.DeleteFunc(strings.Split(rest, "/"), func(p string) bool { return p == "" || p == "." })
	g.deep = slices.Contains(parts, "**")
	g.expand(dir, slices.CompactFunc(parts, func(a, b string) bool { return a == "**" && b == "**" }))
	slices.Sort(g.matched)
	for _, name := range slices.Compact(g.matched) {
		l.addMatch(name, g.deep)
	}
	if len(g.matched) == 0 && len(l.entries) == before {
		l.reject(pattern, id, noInput("the glob matches no file", nil))
	}
}

func (l *listing) addMatch(name string, deep bool) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		l.reject(name, filepath.ToSlash(name), missing(name, err))
	case !info.IsDir():
		l.addNamed(name, info)
	case !deep:
		l.addFolder(name, filepath.ToSlash(name))
	}
}

// globber expands one glob.
type globber struct {
	*listing
	ctxDone func() bool
	deep    bool // the pattern has "**", which stands for files at any depth
	matched []string
}

// expand matches the parts of a pattern below dir.
func (g *globber) expand(dir string, parts []string) {
	if g.ctxDone() {
		return
	}
	if len(parts) == 0 {
		g.matched = append(g.matched, dir)
		return
	}
	part, rest := parts[0], parts[1:]
	switch {
	case part == "**":
		if len(rest) == 0 {
			rest = []string{"*"}
		}
		g.expand(dir, rest)
		for _, e := range g.readDir(dir) {
			// Links are not followed, as in the shells: they could lead in circles.
			if e.IsDir() && e.Name()[0] != '.' {
				g.expand(filepath.Join(dir, e.Name()), parts)
			}
		}
	case hasMeta(part) || strings.Contains(part, `\`):
		for _, e := range g.readDir(dir) {
			if e.Name()[0] == '.' && part[0] != '.' {
				continue
			}
			if ok, _ := filepath.Match(part, e.Name()); ok {
				g.expand(filepath.Join(dir, e.Name()), rest)
			}
		}
	default:
		name := filepath.Join(dir, part)
		if _, err := os.Lstat(name); err == nil {
			g.expand(name, rest)
		}
	}
}

// readDir lists a folder, sorted. What is no folder matches nothing.
func (g *globber) readDir(dir string) []fs.DirEntry {
	if dir == "" {
		dir = "."
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		g.reject(dir, filepath.ToSlash(dir), fmt.Errorf("cannot list the folder: %w", osReason(err)))
	}
	return entries
}
