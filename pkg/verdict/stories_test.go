package verdict

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/language"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

// analysed is an article of the fixtures in the form that is compared.
type analysed struct {
	id string
	*shingle.Article
}

func builder(tb testing.TB) *shingle.Builder {
	tb.Helper()
	l, err := lexicon.Default()
	if err != nil {
		tb.Fatal(err)
	}
	return shingle.NewBuilder(l)
}

// stories are the articles of the fixtures, in order of reading and by id.
func stories(tb testing.TB) ([]analysed, map[string]*shingle.Article) {
	tb.Helper()
	b := builder(tb)
	var all []analysed
	byID := map[string]*shingle.Article{}
	for a, err := range ingest.Read(context.Background(), []string{"../../fixtures/stories"}, ingest.Options{}) {
		if err != nil {
			continue // the fixtures hold bad files on purpose
		}
		x := b.Build(&a, language.FunctionWords{}.Detect(a.Text))
		all = append(all, analysed{a.ID, x})
		byID[a.ID] = x
	}
	if len(all) < 50 {
		tb.Fatalf("%d stories", len(all))
	}
	return all, byID
}

// goldPair is a line of the gold file.
type goldPair struct {
	a, b     string
	relation Relation
}

func gold(tb testing.TB) []goldPair {
	tb.Helper()
	file, err := os.ReadFile("../../fixtures/gold.tsv")
	if err != nil {
		tb.Fatal(err)
	}
	var pairs []goldPair
	for line := range strings.Lines(string(file)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) < 3 || strings.HasPrefix(line, "#") {
			continue
		}
		relation, err := ParseRelation(fields[2])
		if err != nil {
			tb.Fatal(err)
		}
		pairs = append(pairs, goldPair{fields[0], fields[1], relation})
	}
	if len(pairs) < 50 {
		tb.Fatalf("%d gold pairs", len(pairs))
	}
	return pairs
}

// measure takes the features of a pair.
func measure(a, b *shingle.Article) Features {
	return Measure(a, b, new(align.Aligner).Align(a, b))
}

// texts analyses an English text and another one in its language.
func texts(tb testing.TB, a, b string, languageOfB article.Language) (x, y *shingle.Article) {
	tb.Helper()
	built := builder(tb)
	return built.Build(&article.Article{Text: a}, article.English), built.Build(&article.Article{Text: b}, languageOfB)
}
