package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
)

// labelled is an article with the set that it is of in its id.
type labelled = article.Article

// sets reads sets of labelled articles, each once.
type sets struct {
	root string
	read map[string][]labelled
}

// articles are those of a set; ids begin with its name.
func (s *sets) articles(ctx context.Context, set string) ([]labelled, error) {
	if as, ok := s.read[set]; ok {
		return as, nil
	}
	path := filepath.Join(s.root, set, "docs.jsonl.zst")
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	var as []labelled
	for a, err := range ingest.Read(ctx, []string{path}, ingest.Options{}) {
		if err != nil {
			continue // a few articles are empty
		}
		a.ID = set + "/" + a.ID
		as = append(as, a)
	}
	s.read[set] = as
	return as, ctx.Err()
}

// pair is two ids.
type pair struct{ a, b string }

func pairOf(a, b string) pair { return pair{min(a, b), max(a, b)} }

// gold is the pairs of a set.
func (s *sets) gold(set string) (map[pair]bool, error) {
	file, err := os.Open(filepath.Join(s.root, set, "pairs.tsv"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	gold := map[pair]bool{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) < 2 {
			return nil, fmt.Errorf("%s: want two ids in %q", file.Name(), lines.Text())
		}
		gold[pairOf(set+"/"+f[0], set+"/"+f[1])] = true
	}
	return gold, lines.Err()
}

// pool is several sets as one pile, with what ought to be found in it.
type pool struct {
	articles []labelled
	gold     map[pair]bool
}

// pool joins whole sets with the English articles of others, which distract.
func (s *sets) pool(ctx context.Context, whole, english []string) (*pool, error) {
	p := &pool{gold: map[pair]bool{}}
	for _, set := range whole {
		as, err := s.articles(ctx, set)
		if err != nil {
			return nil, err
		}
		p.articles = append(p.articles, as...)
		gold, err := s.gold(set)
		if err != nil {
			return nil, err
		}
		for k := range gold {
			p.gold[k] = true
		}
	}
	for _, set := range english {
		as, err := s.articles(ctx, set)
		if err != nil {
			return nil, err
		}
		for _, a := range as {
			if a.Language == article.English {
				p.articles = append(p.articles, a)
			}
		}
	}
	return p, nil
}

// lines are those of a text file packed with zstd.
func (s *sets) lines(name string) ([]string, error) {
	file, err := os.Open(filepath.Join(s.root, "sentences", name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	z, err := zstd.NewReader(file)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	var lines []string
	scan := bufio.NewScanner(z)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		lines = append(lines, scan.Text())
	}
	return lines, scan.Err()
}
