package shingle

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
)

func TestWordsMeanTheSameWhenOthersWereForgotten(t *testing.T) {
	l := little()
	b, fresh := NewBuilder(l), NewBuilder(l)
	probe := &article.Article{Text: strings.Repeat("A strike closed the harbour. La grève a fermé le port. ", 3)} // words to keep
	for _, language := range []article.Language{article.English, article.French} {
		b.Build(&article.Article{Text: "Other words come first, d’autres mots aussi."}, language)
	}
	for round := range 3 {
		var many strings.Builder
		for i := range 1<<16 + 1 {
			fmt.Fprintf(&many, "w%d%x ", round, i)
		}
		for _, language := range []article.Language{article.English, article.French} {
			got, want := b.Build(probe, language), fresh.Build(probe, language)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("round %d, %s:\n%+v\n%+v", round, language, got, want)
			}
			b.Build(&article.Article{Text: many.String()}, language)
		}
	}
}
