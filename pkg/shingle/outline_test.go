package shingle

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/lexicon"
)

// outlined are articles of which an outline tells something. Their concepts differ in the
// bits that are folded together, few of them in the lowest.
func outlined() *rapid.Generator[*Article] {
	return rapid.Custom(func(t *rapid.T) *Article {
		concepts := rapid.SliceOfDistinct(rapid.Uint32Range(0, 300), rapid.ID).Draw(t, "concepts")
		a := &Article{}
		for _, c := range concepts {
			a.Concepts = append(a.Concepts, lexicon.Concept(c*0x10001*7))
			if rapid.Bool().Draw(t, "rare") {
				w := lexicon.Weighted{Concept: lexicon.Concept(c * 0x10001 * 7), Weight: rapid.Float32Range(minKeyIDF, 15).Draw(t, "weight")}
				a.Rare = append(a.Rare, w)
				a.RareWeight += w.Weight
			}
		}
		return a
	})
}

func outlineOf(t interface{ Fatal(...any) }, a *Article) Outline {
	b := a.AppendOutline([]byte("before"))
	if len(b) != len("before")+a.OutlineSize() {
		t.Fatal(len(b), a.OutlineSize())
	}
	o, err := ParseOutline(b[len("before"):])
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// naiveShare is the share of the rare concepts of a that b has.
func naiveShare(a, b *Article) float64 {
	var held float32
	for _, w := range a.Rare {
		for _, c := range b.Concepts {
			if c == w.Concept {
				held += w.Weight
			}
		}
	}
	return float64(held / max(a.RareWeight, 1))
}

func TestOutlinesTellTheShareOfRareConceptsOrMore(t *testing.T) {
	var c OutlineComparer
	rapid.Check(t, func(t *rapid.T) {
		a := outlined().Draw(t, "a")
		c.Set(outlineOf(t, a))
		for range 2 {
			b := outlined().Draw(t, "b")
			own, other := c.Held(outlineOf(t, b))
			for _, share := range [][2]float64{{own, naiveShare(a, b)}, {other, naiveShare(b, a)}} {
				if math.IsNaN(share[0]) || share[0] < share[1]-OutlineError || share[0] > 1 {
					t.Fatalf("outlines tell %v of %v", share[0], share[1])
				}
			}
		}
	})
}

func FuzzParseOutline(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 7, 7, 50, 7, 7, 9, 9})
	f.Add([]byte{0, 0, 0, 0})
	f.Add([]byte{255, 255, 255, 255, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := ParseOutline(b)
		if err != nil {
			if !errors.Is(err, ErrOutline) {
				t.Fatal(err)
			}
			return
		}
		var c OutlineComparer
		c.Set(o)
		if own, other := c.Held(o); own < 0 || own > 1 || own != other {
			t.Fatalf("an outline holds %v and %v of itself", own, other)
		}
	})
}
