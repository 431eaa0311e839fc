package ingest

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// checkPatterns is an ErrPattern for the first pattern that is none.
func checkPatterns(opts Options) error {
	for _, p := range slices.Concat(opts.Include, opts.Exclude) {
		if p == "" || !doublestar.ValidatePattern(p) {
			return fmt.Errorf("%w: %q", ErrPattern, p)
		}
	}
	return nil
}

// admits reports whether the patterns let a file be read, given its path in the folder or
// archive.
func (o *Options) admits(file string) bool {
	if matchesAny(o.Exclude, file, false) {
		return false
	}
	return len(o.Include) == 0 || matchesAny(o.Include, file, false)
}

// admitsFolder reports whether a folder is walked. What Include says of its files is not
// known before.
func (o *Options) admitsFolder(folder string) bool { return !matchesAny(o.Exclude, folder, true) }

func (r *run) admits(file string) bool { return r.opts.admits(file) }

// matchesAny reports whether a pattern matches a path or a folder above it. A pattern
// without slash matches names at any depth; one that ends with a slash, folders only.
func matchesAny(patterns []string, name string, folder bool) bool {
	for ; name != "." && name != "/"; name, folder = path.Dir(name), true {
		for _, p := range patterns {
			only := strings.HasSuffix(p, "/")
			if only && !folder {
				continue
			}
			p = strings.TrimSuffix(p, "/")
			part := name
			if !strings.Contains(p, "/") {
				part = path.Base(name)
			}
			if ok, err := doublestar.Match(strings.TrimPrefix(p, "/"), part); ok && err == nil {
				return true
			}
		}
	}
	return false
}
