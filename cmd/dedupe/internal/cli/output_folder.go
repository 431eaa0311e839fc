package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"
)

// createFolder begins a folder of files, which appears as a whole, like a file. Like one, it
// is held as long as it has its hidden name; a folder that a killed run left is removed.
func (o *outputs) createFolder(flag, typed string) error {
	target := filepath.Clean(typed)
	switch entries, err := os.ReadDir(target); {
	case err == nil && len(entries) > 0:
		return usagef("%s: %s is not empty; name a new folder", flag, typed)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return usagef("%s: %s: %w", flag, typed, reasonOf(err))
	}
	for _, other := range o.files {
		if other.target == target {
			return usagef("%s and %s name the same file", other.flag, flag)
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone {
		return errInterrupted
	}
	sweepFolders(target)
	out := &output{flag: flag, path: typed, target: target, folder: hiddenName(target)}
	err := os.Mkdir(out.folder, 0o777)
	if err == nil {
		out.file, err = os.Open(out.folder)
	}
	if err != nil {
		return out.failed(err)
	}
	_ = hold(out.file) // nobody else knows the folder
	o.files = append(o.files, out)
	return nil
}

// sweepFolders removes the hidden folders of runs that were killed before target appeared:
// those that nobody holds.
func sweepFolders(target string) {
	prefix := "." + filepath.Base(target) + hiddenMark
	entries, _ := os.ReadDir(filepath.Dir(target)) // what cannot be listed stays
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), prefix) || !e.IsDir() || !renamesOpen {
			continue // where nothing is held, nobody knows whether it is in use
		}
		left := &output{folder: filepath.Join(filepath.Dir(target), e.Name())}
		var err error
		if left.file, err = os.Open(left.folder); err != nil {
			continue
		}
		if hold(left.file) == nil {
			left.removeFolder()
		}
		_ = left.file.Close()
	}
}

// appearAsFolder gives the folder its name.
func (f *output) appearAsFolder() error {
	if !renamesOpen {
		_ = f.file.Close()
	}
	_ = os.Remove(f.target) // an empty folder
	if err := os.Rename(f.folder, f.target); err != nil {
		return err
	}
	_ = f.file.Close()
	return syncFolder(filepath.Dir(f.target))
}

// removeFolder removes the folder with all its files.
func (f *output) removeFolder() {
	if !renamesOpen {
		_ = f.file.Close()
	}
	_ = os.RemoveAll(f.folder)
	_ = f.file.Close()
}

// syncsAtOnce is how many files are brought to the disk at a time. Each waits for the disk,
// which takes several in about the time of one.
const syncsAtOnce = 16

// syncTree brings the files of a folder, and of those below it, to the disk.
func syncTree(dir string) error {
	var group errgroup.Group
	group.SetLimit(syncsAtOnce)
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		group.Go(func() error {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			return errors.Join(f.Sync(), f.Close())
		})
		return nil
	})
	return errors.Join(err, group.Wait())
}
