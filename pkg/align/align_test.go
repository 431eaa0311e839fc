package align

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

func ExampleAligner_Align() {
	l, err := lexicon.Default()
	if err != nil {
		fmt.Println(err)
		return
	}
	b := shingle.NewBuilder(l)
	english := article.Article{Text: "The mayor of Brest resigned on Tuesday. Nobody was hurt."}
	french := article.Article{Text: "Le maire de Brest a démissionné mardi. La pêche reprendra jeudi."}
	x, y := b.Build(&english, article.English), b.Build(&french, article.French)
	for _, p := range new(Aligner).Align(x, y).Passages(x, y) {
		fmt.Printf("%s = %s\n", p.A.Of(english.Text), p.B.Of(french.Text))
	}
	// Output:
	// The mayor of Brest resigned on Tuesday. = Le maire de Brest a démissionné mardi.
}

// toyVector is a sentence: the weight of each concept.
type toyVector map[lexicon.Concept]float32

// toy makes an article of sentences, ten bytes each with a blank between them.
func toy(sentences []toyVector) *shingle.Article {
	a := &shingle.Article{Language: article.English}
	for i, v := range sentences {
		s := shingle.Shingle{Span: article.Span{Start: 11 * i, End: 11*i + 10}, Words: len(v)}
		for c, w := range v {
			a.Entries = append(a.Entries, shingle.Entry{Concept: c, Shingle: uint32(i), Weight: w})
			s.Weight += w
		}
		s.Norm = sqrt(product(v, v))
		if i+1 < len(sentences) {
			s.Next = product(v, sentences[i+1])
		}
		if i+2 < len(sentences) {
			s.Second = product(v, sentences[i+2])
		}
		a.Words += len(v)
		a.Shingles = append(a.Shingles, s)
	}
	slices.SortFunc(a.Entries, func(x, y shingle.Entry) int {
		return cmp.Or(cmp.Compare(x.Concept, y.Concept), cmp.Compare(x.Shingle, y.Shingle))
	})
	return a
}

// product is the naive dot product. Weights are small whole numbers, so it is exact.
func product(v, w toyVector) float32 {
	var sum float32
	for c, x := range v {
		sum += x * w[c]
	}
	return sum
}

// toyTexts draws two articles of up to ten sentences: some of the second are taken
// from the first.
var toyTexts = rapid.Custom(func(t *rapid.T) [2][]toyVector {
	sentence := rapid.Custom(func(t *rapid.T) toyVector {
		v := toyVector{}
		for _, c := range rapid.SliceOfN(rapid.Uint32Range(1, 12), 0, 5).Draw(t, "concepts") {
			v[lexicon.Concept(c)] = float32(1 + c%4)
		}
		return v
	})
	a := rapid.SliceOfN(sentence, 0, 10).Draw(t, "a")
	b := rapid.SliceOfN(sentence, 0, 10).Draw(t, "b")
	for j := range b {
		if len(a) > 0 && rapid.Bool().Draw(t, "copied") {
			b[j] = a[rapid.IntRange(0, len(a)-1).Draw(t, "from")]
		}
	}
	return [2][]toyVector{a, b}
})

func TestDotProductsAreThoseOfTheVectors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		al := Aligner{a: toy(texts[0]), b: toy(texts[1])}
		al.dots()
		for i, v := range texts[0] {
			for j, w := range texts[1] {
				if got, want := al.dot[i*len(texts[1])+j], product(v, w); got != want {
					t.Fatalf("shingles %d and %d: %v, want %v", i, j, got, want)
				}
			}
		}
	})
}

func TestBestIsTheGreatestCosineInTheOtherArticle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		x := new(Aligner).Align(toy(texts[0]), toy(texts[1]))
		check := func(name string, own, other []toyVector, best []float32) {
			if len(best) != len(own) {
				t.Fatalf("%s has %d values for %d shingles", name, len(best), len(own))
			}
			for i, v := range own {
				want := 0.0
				for _, w := range other {
					if dot := float64(product(v, w)); dot > 0 {
						want = max(want, dot/math.Sqrt(float64(product(v, v))*float64(product(w, w))))
					}
				}
				if math.Abs(float64(best[i])-want) > 1e-5 {
					t.Fatalf("%s[%d] is %v, want %v", name, i, best[i], want)
				}
			}
		}
		check("BestA", texts[0], texts[1], x.BestA)
		check("BestB", texts[1], texts[0], x.BestB)
	})
}
