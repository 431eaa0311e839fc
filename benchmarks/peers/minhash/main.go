// Minhash finds near-duplicates with github.com/ekzhu/minhash-lsh: what a user of Go would
// take instead, measured by benchmarks/peers. It is a module of its own so that whoever
// imports the library does not get that one.
//
//	go run -C benchmarks/peers/minhash . --in FILE.jsonl --out PAIRS.csv
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"unicode"

	minhashlsh "github.com/ekzhu/minhash-lsh"
)

func main() {
	var o options
	in := flag.String("in", "", "`FILE` of articles, JSON lines")
	out := flag.String("out", "", "`FILE` for the pairs")
	flag.IntVar(&o.words, "words", 3, "words in a shingle")
	flag.IntVar(&o.permutations, "permutations", 128, "hashes in a signature")
	flag.Float64Var(&o.threshold, "threshold", 0.5, "least similarity of a pair")
	flag.Parse()
	if err := run(*in, *out, o); err != nil {
		fmt.Fprintln(os.Stderr, "minhash:", err)
		os.Exit(1)
	}
}

// options are those of MinHash.
type options struct {
	words, permutations int
	threshold           float64
}

func run(in, out string, o options) error {
	from, err := os.Open(in)
	if err != nil {
		return err
	}
	defer from.Close()
	signed, err := signatures(from, o)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	to, err := os.Create(out)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(to)
	fmt.Fprintln(w, "a,b")
	join(signed, o, func(a, b string) { fmt.Fprintf(w, "%s,%s\n", a, b) })
	if err := w.Flush(); err != nil {
		return err
	}
	return to.Close()
}

// article is an article's signature; nil if it has no words.
type article struct {
	id        string
	signature []uint64
}

// signatures signs the articles, on all processors.
func signatures(in io.Reader, o options) ([]article, error) {
	lines := bufio.NewReaderSize(in, 1<<20)
	type job struct {
		at   int
		line []byte
	}
	jobs := make(chan job, 64)
	var signed []article
	var failed error
	var mu sync.Mutex
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for j := range jobs {
				a, err := sign(j.line, o)
				mu.Lock()
				for len(signed) <= j.at {
					signed = append(signed, article{})
				}
				if signed[j.at] = a; err != nil && failed == nil {
					failed = fmt.Errorf("line %d: %w", j.at+1, err)
				}
				mu.Unlock()
			}
		})
	}
	var err error
	for at := 0; err == nil; at++ {
		var line []byte
		if line, err = lines.ReadBytes('\n'); len(line) > 0 {
			jobs <- job{at, line}
		}
	}
	close(jobs)
	group.Wait()
	if err != io.EOF {
		return nil, err
	}
	return signed, failed
}

// sign signs one article.
func sign(line []byte, o options) (article, error) {
	var a struct{ ID, Text string }
	if err := json.Unmarshal(line, &a); err != nil {
		return article{}, err
	}
	m := minhashlsh.NewMinhash(1, o.permutations)
	all := shingles(a.Text, o.words)
	if len(all) == 0 {
		return article{id: a.ID}, nil
	}
	for _, s := range all {
		m.Push([]byte(s))
	}
	return article{a.ID, m.Signature()}, nil
}

// shingles are the runs of n words in a text, or all its words if they are fewer. A word is
// a run of letters and digits, in lower case.
func shingles(text string, n int) (all []string) {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	if len(words) > 0 && len(words) < n {
		return []string{strings.Join(words, " ")}
	}
	for i := 0; i+n <= len(words); i++ {
		all = append(all, strings.Join(words[i:i+n], " "))
	}
	return all
}

// join tells the pairs whose signatures are as similar as wanted.
func join(signed []article, o options, pair func(a, b string)) {
	lsh := minhashlsh.NewMinhashLSH32(o.permutations, o.threshold)
	for i, a := range signed {
		if a.signature != nil {
			lsh.Add(i, a.signature)
		}
	}
	lsh.Index()
	for i, a := range signed {
		if a.signature == nil {
			continue
		}
		for _, key := range lsh.Query(a.signature) {
			if k, ok := key.(int); ok && k < i && similarity(a.signature, signed[k].signature) >= o.threshold {
				pair(signed[k].id, a.id)
			}
		}
	}
}

// similarity is the share of hashes that two signatures have in common: an estimate of
// the Jaccard similarity of their shingles.
func similarity(a, b []uint64) float64 {
	same := 0
	for i, x := range a {
		if x == b[i] {
			same++
		}
	}
	return float64(same) / float64(len(a))
}
