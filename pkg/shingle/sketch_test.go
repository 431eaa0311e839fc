package shingle

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/zeebo/xxh3"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
)

// sketches draws sketches of few concepts, so that many are shared.
func sketches() *rapid.Generator[Sketch] {
	return rapid.Custom(func(t *rapid.T) Sketch {
		var s Sketch
		for range rapid.IntRange(0, 20).Draw(t, "shingles") {
			concepts := rapid.SliceOfNDistinct(rapid.Uint16Range(0, 40), 0, sketchConcepts, rapid.ID).Draw(t, "concepts")
			s.bytes = append(s.bytes, byte(len(concepts)))
			for _, c := range concepts {
				s.bytes = binary.LittleEndian.AppendUint16(s.bytes, c)
			}
		}
		return s
	})
}

// naiveHeld compares every shingle with every other.
func naiveHeld(s, t Sketch) float64 {
	of := func(s Sketch) (out []map[string]bool) {
		s.each(func(concepts []byte) {
			own := map[string]bool{}
			for ; len(concepts) > 0; concepts = concepts[2:] {
				own[string(concepts[:2])] = true
			}
			out = append(out, own)
		})
		return out
	}
	held, all := 0, 0
	other := of(t)
	for _, x := range of(s) {
		all += len(x)
		best := 0
		for _, y := range other {
			n := 0
			for c := range x {
				if y[c] {
					n++
				}
			}
			best = max(best, n)
		}
		if best > 1 {
			held += best
		}
	}
	if all == 0 {
		return 0
	}
	return float64(held) / float64(all)
}

func TestAComparerFindsWhatComparingAllShinglesFinds(t *testing.T) {
	var c Comparer
	rapid.Check(t, func(t *rapid.T) {
		a := sketches().Draw(t, "own")
		c.Set(a)
		for range 3 {
			b := sketches().Draw(t, "other")
			own, other := c.Held(b)
			if own != naiveHeld(a, b) || other != naiveHeld(b, a) {
				t.Fatalf("got %v and %v, want %v and %v", own, other, naiveHeld(a, b), naiveHeld(b, a))
			}
		}
	})
}

func TestASketchKeepsAConceptInItsFirstShinglesOnly(t *testing.T) {
	b := NewBuilder(little())
	var written strings.Builder
	for i := range 10 {
		fmt.Fprintf(&written, "Bergen xebec%d.\n", i)
	}
	sum := 0
	b.Build(&article.Article{Text: written.String()}, article.English).Sketch.each(func(concepts []byte) { sum += len(concepts) / 2 })
	if want := 10 + sketchPlaces; sum != want {
		t.Errorf("%d concepts, want %d", sum, want)
	}
}

func TestASketchIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := sketches().Draw(t, "sketch")
		b, err := want.AppendBinary([]byte("before"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseSketch(b[len("before"):])
		if err != nil || !got.Equal(want) {
			t.Fatalf("%v, %v; want %v", got, err, want)
		}
	})
}

func FuzzParseSketch(f *testing.F) {
	f.Add([]byte{2, 1, 3, 4, 0, 0})
	f.Add([]byte{255, 255, 255})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseSketch(b)
		if err != nil {
			if !errors.Is(err, ErrSketch) {
				t.Fatal(err)
			}
			return
		}
		var c Comparer
		c.Set(s)
		if own, other := c.Held(s); own < 0 || own > 1 || own != other {
			t.Fatalf("a sketch holds %v and %v of itself", own, other)
		}
	})
}

// keysOfToday is a hash of all keys and sketches of the text below. When this
// test fails, what is stored in archives no longer meets what Build makes: raise
// KeysVersion, and put the new value here.
const keysOfToday = 0x6cabc223cad64a6e

func TestKeysVersionIsRaisedWithTheKeys(t *testing.T) {
	l, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	b := NewBuilder(l)
	var sum uint64 // of both, in any order
	for language, text := range map[article.Language]string{
		article.English: "The port of Marennes reopened on 14 March 2026 after a strike of 38 days, said harbour master Odile Vasseur. Two ferries with 1,250 passengers left for Oléron at 6.30 a.m., and trains to Saintes ran again from Monday.",
		article.French:  "Le port de Marennes a rouvert le 14 mars 2026 après une grève de 38 jours, a annoncé la capitaine du port, Odile Vasseur. Deux ferries avec 1 250 passagers sont partis pour Oléron à 6h30.",
	} {
		x := b.Build(&article.Article{Text: text}, language)
		one := xxh3.New()
		for _, k := range x.Keys {
			_, _ = one.WriteString(fmt.Sprintln(uint32(k), k.Weight()))
		}
		sketch, _ := x.Sketch.AppendBinary(nil)
		_, _ = one.Write(sketch)
		sum += one.Sum64()
	}
	if sum != keysOfToday {
		t.Errorf("keys %#x", sum)
	}
}
