// Package pile makes the piles of articles that benchmarks run on, and measures found pairs
// against what is known about them.
//
// The articles are made by the program benchmarks/corpus, out of a corpus of aligned
// sentences or, where none is given, of this repository's fixtures, which are enough for a
// hundred. Piles are kept in a cache and made again when the corpus, the options or the
// program's sources have changed.
package pile

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/calque-dev/calque/benchmarks/internal/process"
)

// Options say out of what piles are made. The zero value takes the fixtures.
type Options struct {
	English, French string // files of aligned sentences; empty: the fixtures
	Documents       string // file with the document of each line; may be empty
	Cache           string // folder for what is made; empty: one of the user's
	Family          int    // size of the one large family of copies; less than 0: a hundredth of the articles
	Seed            uint64 // everything is drawn from it
	OneLanguage     bool   // English alone
}

// AddFlags adds the flags.
func (o *Options) AddFlags(f *flag.FlagSet) {
	f.StringVar(&o.English, "english", "", "`FILE` of English sentences, one a line, to make articles of (default: the fixtures)")
	f.StringVar(&o.French, "french", "", "`FILE` of their French translations, line by line")
	f.StringVar(&o.Documents, "documents", "", "`FILE` with the name of a document for each line")
	f.StringVar(&o.Cache, "cache", "", "keep the piles in `FOLDER` (default: one below the user's cache)")
	f.IntVar(&o.Family, "family", -1, "`SIZE` of one family of copies (default: a hundredth of the articles, at most 10000; 0: none)")
	f.Uint64Var(&o.Seed, "seed", 1, "draw the articles from `S`: the same gives the same bytes")
}

// Fixtures reports whether the articles are made of the fixtures, which are few.
func (o *Options) Fixtures() bool { return o.English == "" }

// Check finds mistakes in the flags.
func (o *Options) Check() error {
	switch {
	case (o.English == "") != (o.French == ""):
		return errors.New("give --english and --french together")
	case o.Documents != "" && o.Fixtures():
		return errors.New("--documents goes with --english and --french")
	}
	return nil
}

// Folder is the cache, which is made if need be.
func (o *Options) Folder() (string, error) {
	folder := o.Cache
	if folder == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("give --cache FOLDER: %w", err)
		}
		folder = filepath.Join(cache, "calque-benchmarks")
	}
	return folder, os.MkdirAll(folder, 0o755)
}

// Pile is a pile of articles on disk.
type Pile struct {
	N        int    // articles
	Bytes    int64  // of the file
	Articles string // path of the articles, JSON lines
	Gold     string // path of the pairs that ought to be found
}

// Make makes a pile of n articles, or finds it in the cache. Root is the folder of the
// repository, program the built benchmarks/corpus.
func Make(ctx context.Context, root, program string, n int, o Options) (p Pile, err error) {
	if err := o.Check(); err != nil {
		return p, err
	}
	folder, err := o.Folder()
	if err != nil {
		return p, err
	}
	args := o.args(root, n)
	name, err := o.name(root, args)
	if err != nil {
		return p, err
	}
	p = Pile{N: n, Articles: filepath.Join(folder, name+".jsonl"), Gold: filepath.Join(folder, name+".tsv")}
	if _, err := os.Stat(p.Gold); err != nil { // both are written, or none
		args = append([]string{program}, append(args, "--out", p.Articles, "--gold", p.Gold)...)
		if _, err := process.Run(ctx, process.Command{Args: args}); err != nil {
			return p, err
		}
	}
	info, err := os.Stat(p.Articles)
	if err != nil {
		return p, err
	}
	p.Bytes = info.Size()
	return p, nil
}

// args are the flags of benchmarks/corpus but for the outputs.
func (o *Options) args(root string, n int) []string {
	args := []string{"--articles", strconv.Itoa(n), "--seed", strconv.FormatUint(o.Seed, 10), "--family", strconv.Itoa(o.Family)}
	if o.OneLanguage {
		args = append(args, "--french-share", "0", "--translation", "0", "--partial", "0")
	}
	if o.Fixtures() {
		return append(args, "--fixtures", filepath.Join(root, "fixtures", "stories"))
	}
	args = append(args, "--english", o.English, "--french", o.French)
	if o.Documents != "" {
		args = append(args, "--documents", o.Documents)
	}
	return args
}

// name names the pile after all that it is made of: the sources of the program, the flags,
// and the files of the corpus by path, size and time.
func (o *Options) name(root string, args []string) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, strings.Join(args, " "))
	sources, err := filepath.Glob(filepath.Join(root, "benchmarks", "corpus", "*", "*.go"))
	if err != nil {
		return "", err
	}
	var stories []string
	if o.Fixtures() {
		if stories, err = filepath.Glob(filepath.Join(root, "fixtures", "stories", "*.txt")); err != nil {
			return "", err
		}
	}
	for _, path := range slices.Concat(sources, stories) {
		if err := addFile(h, path); err != nil {
			return "", err
		}
	}
	for _, path := range []string{o.English, o.French, o.Documents} {
		if path == "" {
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, info.Size(), info.ModTime().UnixNano())
	}
	return fmt.Sprintf("pile-%s-%x", args[1], h.Sum(nil)[:6]), nil
}

func addFile(h hash.Hash, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(h, file)
	return err
}
