package archive

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
)

// pile reads the articles of files, those that can be read.
func pile(t testing.TB, paths ...string) []article.Article {
	t.Helper()
	var out []article.Article
	for a, err := range ingest.Read(context.Background(), paths, ingest.Options{}) {
		if err == nil {
			a.Origin = ""
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		t.Fatalf("%v: no articles", paths)
	}
	return out
}

func fixtures(t testing.TB) []article.Article {
	return pile(t, filepath.Join("..", "..", "fixtures", "stories"))
}

// each yields the articles.
func each(articles []article.Article) iter.Seq2[article.Article, error] {
	return func(yield func(article.Article, error) bool) {
		for _, a := range articles {
			if !yield(a, nil) {
				return
			}
		}
	}
}

// scanned are the pairs that Scan finds.
func scanned(t testing.TB, articles []article.Article) []dedupe.Pair {
	t.Helper()
	d, err := dedupe.New(dedupe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Scan(context.Background(), each(articles))
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(r.Pairs())
}

// create makes an archive that the test closes.
func create(t testing.TB, o Options) *Archive {
	t.Helper()
	a, err := Create(filepath.Join(t.TempDir(), "archive"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func add(t testing.TB, a *Archive, articles []article.Article) (sum Added) {
	t.Helper()
	err := a.Add(context.Background(), each(articles), func(b Added) error {
		sum.New, sum.Updated, sum.Unchanged = sum.New+b.New, sum.Updated+b.Updated, sum.Unchanged+b.Unchanged
		sum.Pairs = append(sum.Pairs, b.Pairs...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func pairsOf(t testing.TB, a *Archive) []dedupe.Pair {
	t.Helper()
	pairs, err := a.Pairs(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return pairs
}

// same fails the test where two lists of pairs differ.
func same(t testing.TB, what string, want, got []dedupe.Pair) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s: scan, archive:\n%.3000s", what, diff)
	}
}

func TestAnArchiveEndsInThePairsOfAScan(t *testing.T) {
	sets := map[string][]string{"fixtures": {filepath.Join("..", "..", "fixtures", "stories")}}
	for _, set := range filepath.SplitList(os.Getenv("CALQUE_SETS")) {
		sets[set] = []string{set}
	}
	for name, paths := range sets {
		t.Run(name, func(t *testing.T) {
			articles := pile(t, paths...)
			want := scanned(t, articles)
			for _, batch := range []int{1000, 7, 40} {
				random := rand.New(rand.NewPCG(uint64(batch), 1))
				random.Shuffle(len(articles), func(i, k int) { articles[i], articles[k] = articles[k], articles[i] })
				a := create(t, Options{Batch: batch})
				add(t, a, articles)
				same(t, fmt.Sprintf("batches of %d", batch), want, pairsOf(t, a))
				a.writer = nil
				same(t, fmt.Sprintf("batches of %d, read again", batch), want, pairsOf(t, a))
			}
		})
	}
}
