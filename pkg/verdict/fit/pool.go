package fit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
)

// source is one labelled article: those that say the same share an origin.
type source struct {
	article  article.Article
	origin   int
	words    []article.Span // of its text
	labelled bool           // its folder names its copies: any other article is none
}

// readPool reads folders of labelled articles: docs.jsonl (or .jsonl.zst, .jsonl.gz)
// and pairs.tsv, lines of two ids that are copies or translations of one another.
// With pairs.tsv articles it does not pair are taken for unrelated, however alike;
// without it every article stands alone, but those that share most of their words are
// not used as examples. A file among the folders has pairs of articles of different
// folders: lines of two ids, each after the folder's name and a slash.
func readPool(ctx context.Context, folders []string) ([]source, error) {
	var sources []source
	index, linked := map[string]int{}, map[string]int{} // by folder and id; as links name them
	var links []string
	for _, folder := range folders {
		if info, err := os.Stat(folder); err == nil && info.Mode().IsRegular() {
			links = append(links, folder)
			continue
		}
		docs, err := docsOf(folder)
		if err != nil {
			return nil, err
		}
		_, err = os.Stat(filepath.Join(folder, "pairs.tsv"))
		labelled := err == nil
		for a, err := range ingest.Read(ctx, []string{docs}, ingest.Options{}) {
			if errors.Is(err, ingest.ErrEmpty) {
				continue // it teaches nothing
			}
			if err != nil {
				return nil, err
			}
			index[folder+"\x00"+a.ID] = len(sources)
			linked[filepath.Base(folder)+"/"+a.ID] = len(sources)
			sources = append(sources, source{article: a, origin: len(sources), words: wordSpans(a.Text), labelled: labelled})
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, folder := range folders {
		err := error(nil)
		if slices.Contains(links, folder) {
			err = readPairs(folder, "", linked, sources)
		} else {
			err = readPairs(filepath.Join(folder, "pairs.tsv"), folder+"\x00", index, sources)
		}
		if err != nil {
			return nil, err
		}
	}
	for i := range sources {
		sources[i].origin = root(sources, i)
	}
	return sources, nil
}

// docsOf is the file of a pool's folder that holds the articles.
func docsOf(folder string) (string, error) {
	for _, name := range []string{"docs.jsonl", "docs.jsonl.zst", "docs.jsonl.gz"} {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: no docs.jsonl in it", folder)
}

// readPairs joins the origins of the pairs that a file names, if it is there.
func readPairs(path, prefix string, index map[string]int, sources []source) error {
	file, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) < 2 {
			return fmt.Errorf("%s:%d: want two ids", file.Name(), n)
		}
		a, okA := index[prefix+fields[0]]
		b, okB := index[prefix+fields[1]]
		if okA && okB {
			a, b = root(sources, a), root(sources, b)
			sources[max(a, b)].origin = min(a, b)
		}
	}
	return lines.Err()
}

func root(sources []source, i int) int {
	for sources[i].origin != i {
		i = sources[i].origin
	}
	return i
}

// wordSpans are the stretches between white space.
func wordSpans(text string) []article.Span {
	var spans []article.Span
	start := -1
	for i, r := range text {
		space := r == ' ' || r == '\n' || r == '\t' || r == '\r'
		if !space && start < 0 {
			start = i
		}
		if space && start >= 0 {
			spans = append(spans, article.Span{Start: start, End: i})
			start = -1
		}
	}
	if start >= 0 {
		spans = append(spans, article.Span{Start: start, End: len(text)})
	}
	return spans
}

// sample keeps about n sources, whole origins together, chosen by their ids.
func sample(sources []source, n int) []source {
	if n == 0 || len(sources) <= n {
		return sources
	}
	var kept []source
	for _, s := range sources {
		h := fnv.New32a()
		h.Write([]byte(sources[s.origin].article.ID))
		if float64(h.Sum32()) < float64(n)/float64(len(sources))*(1<<32) {
			kept = append(kept, s)
		}
	}
	return kept
}
