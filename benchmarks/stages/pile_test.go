package stages

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/calque-dev/calque/benchmarks/corpus/generate"
	"github.com/calque-dev/calque/benchmarks/internal/machine"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

// TestMain names the machine above the results of benchmarks, as benchstat reads it.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.bench").Value.String() != "" {
		this := machine.This()
		fmt.Printf("go: %s\ncores: %d\nmemory: %.1f GB\n", this.Go, this.Cores, float64(this.Memory)/1e9)
	}
	os.Exit(m.Run())
}

// most is the number of articles taken of CALQUE_CORPUS.
const most = 10_000

// pile gives the articles.
func pile(b *testing.B) (articles []article.Article) {
	b.Helper()
	path := os.Getenv("CALQUE_CORPUS")
	if path == "" {
		return made(b)
	}
	for a, err := range ingest.Read(b.Context(), []string{path}, ingest.Options{}) {
		if err != nil {
			b.Fatal(err)
		}
		if articles = append(articles, a); len(articles) == most {
			break
		}
	}
	return articles
}

// made are articles made of the fixtures.
func made(b *testing.B) (articles []article.Article) {
	b.Helper()
	corpus, err := generate.Fixtures("../../fixtures/stories")
	if err != nil {
		b.Fatal(err)
	}
	g, err := generate.New(corpus, generate.Defaults(100))
	if err != nil {
		b.Fatal(err)
	}
	for _, a := range g.Articles() {
		articles = append(articles, a)
	}
	return articles
}

// analysed gives the articles with what they are compared by.
func analysed(b *testing.B) (articles []article.Article, forms []*shingle.Article) {
	b.Helper()
	articles = pile(b)
	builder := newBuilder(b)
	for i := range articles {
		forms = append(forms, builder.Build(&articles[i], articles[i].Language))
	}
	return articles, forms
}

func newBuilder(b *testing.B) *shingle.Builder {
	b.Helper()
	l, err := lexicon.Default()
	if err != nil {
		b.Fatal(err)
	}
	return shingle.NewBuilder(l)
}

// lines are the articles as JSON lines.
func lines(b *testing.B, articles []article.Article) []byte {
	b.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	for _, a := range articles {
		err := encoder.Encode(map[string]string{
			"id": a.ID, "title": a.Title, "text": a.Text, "lang": string(a.Language),
			"url": a.URL, "source": a.Source, "published": a.Published.Format(time.RFC3339),
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return out.Bytes()
}

// drawn are the keys of n articles that each have as many as one of the forms, drawn from
// those of all of them: what one topic's articles share.
func drawn(forms []*shingle.Article, n int) []candidate.Keys {
	rng := rand.New(rand.NewPCG(3, 7))
	var stock []shingle.Key
	for _, f := range forms {
		stock = append(stock, f.Keys...)
	}
	keys := make([]candidate.Keys, n)
	for i := range keys {
		like := forms[i%len(forms)]
		own := make([]shingle.Key, len(like.Keys))
		for k := range own {
			own[k] = stock[rng.IntN(len(stock))]
		}
		slices.Sort(own)
		keys[i] = candidate.Keys{Language: like.Language, Keys: slices.Compact(own)}
	}
	return keys
}

// measure runs work as often as it takes, on so many things at a time of which each is a
// unit, and reports what one of them takes.
func measure(b *testing.B, unit string, things int, work func(i int)) {
	b.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	for b.Loop() {
		work(n)
		n++
	}
	runtime.ReadMemStats(&after)
	all := float64(n * things)
	b.ReportMetric(all/b.Elapsed().Seconds(), unit+"s/s")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/all, "bytes/"+unit)
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/all, "allocs/"+unit)
}
