package dedupe

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/verdict"
)

// shared is a folder of real articles beside the project; without it, or another named
// by CALQUE_DATA, the test is skipped.
func shared(t *testing.T, name string) string {
	t.Helper()
	root := cmp.Or(os.Getenv("CALQUE_DATA"), filepath.Join("..", "..", "..", "shared", "data"))
	path := filepath.Join(root, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no articles in %s (set CALQUE_DATA)", path)
	}
	return path
}

func TestTheTwoVersionsOfOneAgencyStoryAreFound(t *testing.T) {
	result, err := scanFolder(t, shared(t, filepath.Join("..", "seeds")))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for p := range result.Pairs() {
		n++
		if !strings.HasPrefix(p.A, "001") || !strings.HasPrefix(p.B, "003") || p.Relation != verdict.Translation ||
			p.Score < 0.9 || min(p.Coverage[0], p.Coverage[1]) < 0.85 {
			t.Errorf("%+v", p)
		}
	}
	if n != 1 {
		t.Errorf("%d pairs of four articles of which two are one", n)
	}
}

func TestTranslatedNewspaperArticlesAreFoundAmongOthers(t *testing.T) {
	var inputs []string
	gold := map[string]bool{}
	for _, set := range []string{"newstest2009-docs", "newstest2010-docs", "newstest2013-docs"} {
		folder := shared(t, filepath.Join("dev", set))
		inputs = append(inputs, folder)
		pairs, err := os.ReadFile(filepath.Join(folder, "pairs.tsv"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(pairs)) {
			gold[strings.TrimSpace(line)] = true
		}
	}
	inputs = append(inputs, shared(t, filepath.Join("dev", "debian-news")), shared(t, filepath.Join("dev", "debian-website-other")))
	d := detector(t, Options{})
	result, err := d.Scan(context.Background(), withoutFrenchDebian(ingest.Read(context.Background(), inputs, ingest.Options{})))
	if err != nil {
		t.Fatal(err)
	}
	found, correct := 0, 0
	for p := range result.Pairs() {
		if p.Relation == verdict.Translation {
			found++
			if gold[fmt.Sprintf("%s\t%s", p.A, p.B)] {
				correct++
			}
		}
	}
	f1 := 2 * float64(correct) / float64(found+len(gold))
	t.Logf("%d articles, %d translations, %d found, %d of these right: F1 %.4f", result.Len(), len(gold), found, correct, f1)
	if f1 < 0.985 {
		t.Error("F1 is under 0.985")
	}
}

// withoutFrenchDebian leaves the French side of the distractors out.
func withoutFrenchDebian(articles iter.Seq2[article.Article, error]) iter.Seq2[article.Article, error] {
	return func(yield func(article.Article, error) bool) {
		for a, err := range articles {
			if strings.Contains(a.Origin, "debian") && a.Language == article.French {
				continue
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

func scanFolder(t *testing.T, folder string) (*Result, error) {
	t.Helper()
	return detector(t, Options{}).Scan(context.Background(), ingest.Read(context.Background(), []string{folder}, ingest.Options{}))
}
