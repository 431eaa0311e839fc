package shingle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
)

func BenchmarkBuild(b *testing.B) {
	l, err := lexicon.Default()
	if err != nil {
		b.Fatal(err)
	}
	for language, paragraph := range map[article.Language]string{
		article.English: "The harbour of Northquay reopened on Monday after a strike of 12 days that cost 3.5 million pounds. " +
			"“We’re back,” said Jane O’Hara, who leads the dockers' union; the U.S. owner did not comment.\n\n",
		article.French: "Le port de Nordquai a rouvert lundi après une grève de 12 jours qui a coûté 3,5 millions d’euros. " +
			"« Nous sommes de retour », a dit Jeanne Morel, à la tête du syndicat des dockers ; l’armateur n’a rien dit.\n\n",
	} {
		b.Run(string(language), func(b *testing.B) {
			a := &article.Article{Title: "Northquay reopens", Text: strings.Repeat(paragraph, 2000/len(paragraph)+1)}
			builder := NewBuilder(l)
			b.SetBytes(int64(len(a.Text)))
			b.ReportAllocs()
			for b.Loop() {
				builder.Build(a, language)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
			b.ReportMetric(float64(builder.Build(a, language).Size()), "bytes/article")
		})
	}
}

// BenchmarkFingerprints takes those of articles in the steps in which scanning does: of many,
// since the processor learns where the words of one end.
func BenchmarkFingerprints(b *testing.B) {
	paths, err := filepath.Glob("../../fixtures/stories/*-en.txt")
	if err != nil || len(paths) == 0 {
		b.Fatal("no stories", err)
	}
	var normal [][]byte
	var words [][]uint64
	var runs [][]uint32
	size := 0
	for _, path := range paths {
		whole, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		normal = append(normal, article.AppendNormal(nil, string(whole)))
		words = append(words, AppendWordHashes(nil, normal[len(normal)-1]))
		runs = append(runs, AppendRuns(nil, words[len(words)-1], FingerprintWords))
		size += len(normal[len(normal)-1])
	}
	var chosen []Fingerprint
	for _, step := range []struct {
		name string
		run  func(i int)
	}{
		{"words", func(i int) { words[i] = AppendWordHashes(words[i][:0], normal[i]) }},
		{"runs", func(i int) { runs[i] = AppendRuns(runs[i][:0], words[i], FingerprintWords) }},
		{"winnow", func(i int) { chosen = Winnow(chosen[:0], runs[i], Thinning(len(words[i]))) }},
	} {
		b.Run(step.name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for i := range normal {
					step.run(i)
				}
			}
			b.ReportMetric(float64(b.N)*float64(len(normal))/b.Elapsed().Seconds(), "articles/s")
		})
	}
}
