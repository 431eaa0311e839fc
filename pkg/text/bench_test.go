package text

import (
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
)

func BenchmarkSentences(b *testing.B) {
	for language, paragraph := range map[article.Language]string{
		article.English: "The harbour of Northquay reopened on Monday after a strike of 12 days that cost 3.5 million pounds. " +
			"“We’re back,” said Jane O’Hara, who leads the dockers' union; the U.S. owner did not comment.\n\n",
		article.French: "Le port de Nordquai a rouvert lundi après une grève de 12 jours qui a coûté 3,5 millions d’euros. " +
			"« Nous sommes de retour », a dit Jeanne Morel, à la tête du syndicat des dockers ; l’armateur n’a rien dit.\n\n",
	} {
		b.Run(string(language), func(b *testing.B) {
			a := &article.Article{Text: strings.Repeat(paragraph, 2000/len(paragraph)+1)}
			s := NewScanner(language)
			b.SetBytes(int64(len(a.Text)))
			b.ReportAllocs()
			for b.Loop() {
				s.Sentences(a)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}
