package archive

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
)

func TestWordsCountedWhileAnArticleIsAnalysedAreThoseOfTheIndex(t *testing.T) {
	d, err := dedupe.New(dedupe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := newWriter(d, 1).workers[0]
	articles := append(varied(t, rand.New(rand.NewPCG(1, 2))), article.Article{ID: "empty"},
		article.Article{ID: "german", Language: "de", Title: "Häfen", Text: "Die Häfen von Nordkai haben 12 Tage gestreikt."})
	counted, repeated := 0, 0
	for _, a := range articles {
		it := &item{article: a, spans: []article.Span{{Start: 0, End: len(a.Text) / 3}}}
		language := w.read(it).Language
		for i, s := range []string{a.Text, a.Title} {
			var want store.Words
			want.Count(len(s), func(yield func(string, int)) int { return analysis.Count(language, s, yield) })
			if i == 0 && a.Body().Start > 0 {
				repeated++
			}
			if s == "" {
				continue
			}
			counted++
			if !reflect.DeepEqual(it.words[i], want) {
				t.Errorf("%s: words %d are %v, want %v", a.ID, i, it.words[i], want)
			}
		}
	}
	if counted < len(articles) || repeated == 0 {
		t.Errorf("%d texts counted of %d articles, %d with their headlines", counted, len(articles), repeated)
	}
}
