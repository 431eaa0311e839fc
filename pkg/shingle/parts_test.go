package shingle

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

func TestAnArticleBuiltAgainIsTheSameWithoutKeysAndSketch(t *testing.T) {
	b := NewBuilder(little())
	rapid.Check(t, func(t *rapid.T) {
		a := articles().Draw(t, "article")
		want := b.Build(a, article.English)
		got := b.Rebuild(a, article.English, want.Hash)
		want.Keys, want.Sketch = nil, Sketch{}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestAnArticleBuiltForItsKeysAloneIsFoundByTheSame(t *testing.T) {
	b := NewBuilder(little())
	rapid.Check(t, func(t *rapid.T) {
		a, language := articles().Draw(t, "article"), languages().Draw(t, "language")
		whole := b.Build(a, language)
		got := b.BuildKeys(a, language)
		folded := map[uint16]bool{}
		for _, c := range whole.Concepts {
			folded[fold(c)] = true
		}
		for _, c := range got.Folded {
			if !folded[c] {
				t.Fatalf("%v is none of %v, or there twice", c, whole.Concepts)
			}
			delete(folded, c)
		}
		if len(folded) > 0 {
			t.Fatalf("%v are missing", folded)
		}
		want := &Article{
			Language: language, Hash: whole.Hash, Words: whole.Words, Keys: whole.Keys, Sketch: whole.Sketch,
			Rare: whole.Rare, RareWeight: whole.RareWeight, Folded: got.Folded,
		}
		if got, want := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); got != want { // nil is empty
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}
