package stages

import (
	"bytes"
	"context"
	"iter"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/language"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

// BenchmarkMemory copies what no cache holds, on one processor: no stage gets through more
// bytes.
func BenchmarkMemory(b *testing.B) {
	from, to := make([]byte, 256<<20), make([]byte, 256<<20)
	copy(from, to) // so that all of it is there
	b.SetBytes(int64(len(from)))
	for b.Loop() {
		copy(to, from)
	}
}

func BenchmarkIngest(b *testing.B) {
	articles := pile(b)
	file := lines(b, articles)
	b.SetBytes(int64(len(file)))
	measure(b, "article", len(articles), func(int) {
		for _, err := range ingest.Read(b.Context(), []string{"-"}, ingest.Options{Stdin: bytes.NewReader(file)}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkLanguage(b *testing.B) {
	articles := pile(b)
	measure(b, "article", 1, func(i int) { language.Sure(articles[i%len(articles)].Text) })
}

func BenchmarkHash(b *testing.B) {
	articles := pile(b)
	measure(b, "article", 1, func(i int) { articles[i%len(articles)].Hash() })
}

func BenchmarkSentences(b *testing.B) {
	articles := pile(b)
	scanners := map[article.Language]*text.Scanner{}
	for _, l := range []article.Language{article.English, article.French} {
		scanners[l] = text.NewScanner(l)
	}
	measure(b, "article", 1, func(i int) {
		a := &articles[i%len(articles)]
		scanners[a.Language].Sentences(a)
	})
}

func BenchmarkShingles(b *testing.B) {
	articles := pile(b)
	builder := newBuilder(b)
	kept := 0
	measure(b, "article", 1, func(i int) {
		a := &articles[i%len(articles)]
		kept = max(kept, builder.Build(a, a.Language).Size())
	})
	b.ReportMetric(float64(kept), "bytes/largest")
}

func BenchmarkJoin(b *testing.B) {
	_, forms := analysed(b)
	var own []candidate.Keys
	for _, f := range forms {
		own = append(own, candidate.KeysOf(f))
	}
	for _, c := range []struct {
		name string
		keys []candidate.Keys
	}{{"pile", own}, {"10000 drawn", drawn(forms, 10_000)}} {
		b.Run(c.name, func(b *testing.B) {
			found := 0
			measure(b, "article", len(c.keys), func(int) {
				pairs, err := candidate.Join(b.Context(), c.keys, candidate.Options{})
				if err != nil {
					b.Fatal(err)
				}
				found = len(pairs)
			})
			b.ReportMetric(float64(found)/float64(len(c.keys)), "candidates/article")
		})
	}
}

// candidates are the analysed articles, and the pairs of them that are compared.
func candidates(b *testing.B) (forms []*shingle.Article, keys []candidate.Keys, pairs []candidate.Pair) {
	b.Helper()
	_, forms = analysed(b)
	for _, f := range forms {
		keys = append(keys, candidate.KeysOf(f))
	}
	pairs, err := candidate.Join(b.Context(), keys, candidate.Options{Unlike: true})
	if err != nil {
		b.Fatal(err)
	}
	return forms, keys, pairs
}

func BenchmarkSketches(b *testing.B) {
	_, keys, pairs := candidates(b)
	var asker candidate.Asker
	measure(b, "pair", 1, func(i int) {
		p := pairs[i%len(pairs)]
		if i == 0 || p.A != pairs[(i-1)%len(pairs)].A {
			asker.Ask(keys[p.A].Language, keys[p.A].Sketch)
		}
		asker.Alike(keys[p.B].Language, keys[p.B].Sketch)
	})
}

// alike are the candidates that the sketches let pass.
func alike(b *testing.B) (forms []*shingle.Article, pairs []candidate.Pair) {
	b.Helper()
	forms, keys, pairs := candidates(b)
	var asker candidate.Asker
	pairs = slices.DeleteFunc(pairs, func(p candidate.Pair) bool {
		asker.Ask(keys[p.A].Language, keys[p.A].Sketch)
		return !asker.Alike(keys[p.B].Language, keys[p.B].Sketch)
	})
	return forms, pairs
}

func BenchmarkAlign(b *testing.B) {
	forms, pairs := alike(b)
	var aligner align.Aligner
	measure(b, "pair", 1, func(i int) {
		p := pairs[i%len(pairs)]
		aligner.Align(forms[p.A], forms[p.B])
	})
}

func BenchmarkMeasure(b *testing.B) {
	forms, pairs := alike(b)
	var alignments []*align.Alignment
	for _, p := range pairs {
		alignments = append(alignments, new(align.Aligner).Align(forms[p.A], forms[p.B]))
	}
	measure(b, "pair", 1, func(i int) {
		p := pairs[i%len(pairs)]
		verdict.Measure(forms[p.A], forms[p.B], alignments[i%len(pairs)])
	})
}

func BenchmarkJudge(b *testing.B) {
	forms, pairs := alike(b)
	model, err := verdict.Default()
	if err != nil {
		b.Fatal(err)
	}
	var features []verdict.Features
	for _, p := range pairs {
		x := new(align.Aligner).Align(forms[p.A], forms[p.B])
		features = append(features, verdict.Measure(forms[p.A], forms[p.B], x))
	}
	measure(b, "pair", 1, func(i int) { model.JudgeCopy(&features[i%len(features)]) })
}

func BenchmarkCluster(b *testing.B) {
	const n = 100_000
	var edges []cluster.Edge
	for i := int32(0); i+10 < n; i += 10 {
		for k := range int32(5) { // half of the articles, in groups of six
			edges = append(edges, cluster.Edge{A: i, B: i + k + 1, Relation: verdict.NearDuplicate, Score: 1 / float64(k+1)})
		}
	}
	measure(b, "article", n, func(int) {
		cluster.Build(n, edges, func(int) cluster.Member { return cluster.Member{ID: "a"} }, cluster.First)
	})
}

// each yields articles.
func each(articles []article.Article) iter.Seq2[article.Article, error] {
	return func(yield func(article.Article, error) bool) {
		for _, a := range articles {
			if !yield(a, nil) {
				return
			}
		}
	}
}

func BenchmarkScan(b *testing.B) {
	articles := pile(b)
	for _, c := range []struct {
		name string
		o    dedupe.Options
	}{
		{"every relation", dedupe.Options{}},
		{"one language", dedupe.Options{Relations: []verdict.Relation{verdict.Exact, verdict.NearDuplicate, verdict.Excerpt}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			d, err := dedupe.New(c.o)
			if err != nil {
				b.Fatal(err)
			}
			measure(b, "article", len(articles), func(int) {
				if _, err := d.Scan(b.Context(), each(articles)); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// filled is an archive with the articles.
func filled(b *testing.B, folder string, articles []article.Article) *archive.Archive {
	b.Helper()
	a, err := archive.Create(folder, archive.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := a.Add(context.Background(), each(articles), func(archive.Added) error { return nil }); err != nil {
		b.Fatal(err)
	}
	return a
}

func BenchmarkArchiveAdd(b *testing.B) {
	articles, folder := pile(b), b.TempDir()
	measure(b, "article", len(articles), func(i int) {
		if err := filled(b, filepath.Join(folder, strconv.Itoa(i)), articles).Close(); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkArchiveCheck(b *testing.B) {
	articles := pile(b)
	a := filled(b, filepath.Join(b.TempDir(), "archive"), articles)
	defer a.Close()
	measure(b, "article", 1, func(i int) {
		x := articles[i%len(articles)]
		x.ID = "checked"
		if _, err := a.Check(b.Context(), x, archive.Filter{}); err != nil {
			b.Fatal(err)
		}
	})
}
