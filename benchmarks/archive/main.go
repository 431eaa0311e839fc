// Archive measures an archive on a pile of articles: how fast they are added, with their
// relations, how much memory and disk that takes, and how long checking one article
// takes, after every so many thousand.
//
//	go run ./benchmarks/corpus --articles 200000 --out pile.jsonl --gold pile.tsv …
//	go run ./benchmarks/archive --sizes 10000,50000,200000 pile.jsonl
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	sizes := flag.String("sizes", "10000,50000,200000", "measure when the archive has so many articles, a list in rising order")
	checks := flag.Int("checks", 2000, "articles checked at each size")
	flag.Parse()
	if err := run(ctx, *sizes, *checks, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "archive:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, sizes string, checks int, inputs []string) (err error) {
	if len(inputs) == 0 {
		return errors.New("no pile of articles is given")
	}
	dir, err := os.MkdirTemp("", "calque-archive-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	dir = filepath.Join(dir, "archive")
	a, err := archive.Create(dir, archive.Options{})
	if err != nil {
		return err
	}
	next, stop := iter.Pull2(ingest.Read(ctx, inputs, ingest.Options{}))
	defer stop()
	m := &measurement{a: a, dir: dir, next: next}
	defer func() { err = errors.Join(err, m.a.Close()) }()
	fmt.Println("articles  added/s  MB/s  resident MB  disk/text  compacted  check p50 ms    p90    p99  pairs")
	for _, field := range strings.Split(sizes, ",") {
		size, err := strconv.Atoi(field)
		if err != nil {
			return fmt.Errorf("--sizes: %w", err)
		}
		if done, err := m.grow(ctx, size, checks); err != nil || done {
			return err
		}
	}
	return nil
}

// measurement is an archive that grows.
type measurement struct {
	a     *archive.Archive
	dir   string
	next  func() (article.Article, error, bool)
	n     int   // articles added
	bytes int64 // of titles and texts
	some  []article.Article
}

// grow adds articles up to a size and prints a line. It reports whether there are no
// more.
func (m *measurement) grow(ctx context.Context, size, checks int) (done bool, err error) {
	from, bytes, start := m.n, m.bytes, time.Now()
	pile := func(yield func(article.Article, error) bool) {
		for m.n < size {
			x, err, ok := m.next()
			if !ok {
				done = true
				return
			}
			if err == nil {
				m.n++
				m.bytes += int64(len(x.Title) + len(x.Text))
				if m.n%max(1, size/checks) == 0 {
					m.some = append(m.some, x)
				}
			}
			if !yield(x, err) {
				return
			}
		}
	}
	pairs := 0
	err = m.a.Add(ctx, pile, func(b archive.Added) error { pairs += len(b.Pairs); return nil })
	if err != nil || m.n == from {
		return true, err
	}
	took := time.Since(start).Seconds()
	resident := status("VmHWM")
	disk, err := m.size()
	if err != nil {
		return true, err
	}
	if err := m.a.Compact(ctx); err != nil {
		return true, err
	}
	compacted, err := m.size()
	if err != nil {
		return true, err
	}
	times, err := m.check(ctx, checks)
	if err != nil {
		return true, err
	}
	fmt.Printf("%8d  %7.0f  %4.1f  %11d  %9.2f  %9.2f  %12.2f  %5.2f  %5.2f  %d\n",
		m.n, float64(m.n-from)/took, float64(m.bytes-bytes)/1e6/took, resident>>10,
		float64(disk)/float64(m.bytes), float64(compacted)/float64(m.bytes),
		at(times, 50), at(times, 90), at(times, 99), pairs)
	return done, nil
}

// check times checks of archived articles under other ids, after some that warm up.
func (m *measurement) check(ctx context.Context, checks int) (ms []float64, err error) {
	some := m.some[max(0, len(m.some)-checks):]
	for round := range 2 {
		ms = ms[:0]
		for i, x := range some {
			if round == 0 && i == 200 {
				break
			}
			x.ID = "checked " + x.ID
			start := time.Now()
			if _, err := m.a.Check(ctx, x, archive.Filter{}); err != nil {
				return nil, err
			}
			ms = append(ms, float64(time.Since(start).Microseconds())/1000)
		}
	}
	slices.Sort(ms)
	return ms, nil
}

// at is a percentile of sorted numbers.
func at(xs []float64, percent int) float64 { return xs[(len(xs)-1)*percent/100] }

// status is a number of kilobytes out of the process's status, 0 where there is none.
func status(name string) int {
	b, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(rest), " kB"))
			return n
		}
	}
	return 0
}

// size is the number of bytes on disk when the archive is closed, and opens it again: an
// open one keeps files that it has merged.
func (m *measurement) size() (n int64, err error) {
	if err := m.a.Close(); err != nil {
		return 0, err
	}
	if n, err = store.Size(m.dir); err != nil {
		return 0, err
	}
	m.a, err = archive.Open(m.dir, archive.Options{})
	return n, err
}
