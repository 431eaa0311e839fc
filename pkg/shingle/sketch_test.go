package shingle

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zeebo/xxh3"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
)

// sketches draws sketches of few concepts, so that many are shared.
func sketches() *rapid.Generator[Sketch] {
	return rapid.Custom(func(t *rapid.T) Sketch {
		s := Sketch{shingles: uint32(rapid.IntRange(0, 20).Draw(t, "shingles"))}
		for i := range int(s.shingles) {
			for _, c := range rapid.SliceOfNDistinct(rapid.Uint16Range(0, 40), 0, sketchConcepts, rapid.ID).Draw(t, "concepts") {
				s.places = append(s.places, sketchPlace(c, i))
			}
		}
		s.sort()
		return s
	})
}

// naiveHeld compares every shingle with every other.
func naiveHeld(s, t *Sketch) float64 {
	of := func(s *Sketch) []map[uint32]bool {
		out := make([]map[uint32]bool, s.shingles)
		for i := range out {
			out[i] = map[uint32]bool{}
		}
		seen := map[uint32]int{}
		for _, p := range s.places {
			if s == t && seen[p>>16] >= sketchPlaces {
				continue
			}
			seen[p>>16]++
			out[p&0xffff][p>>16] = true
		}
		return out
	}
	held, all := 0, len(s.places)
	other := of(t)
	own := make([][]uint32, s.shingles)
	for _, p := range s.places {
		own[p&0xffff] = append(own[p&0xffff], p>>16)
	}
	for _, x := range own {
		best := 0
		for _, y := range other {
			n := 0
			for _, c := range x {
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

func TestASketchHoldsWhatComparingAllShinglesFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := sketches().Draw(t, "a"), sketches().Draw(t, "b")
		if got, want := a.Held(&b), naiveHeld(&a, &b); got != want {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestASketchIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := sketches().Draw(t, "sketch")
		b, err := want.AppendBinary([]byte("before"))
		if err != nil {
			t.Fatal(err)
		}
		got, rest, err := ParseSketch(append(b[len("before"):], "after"...))
		if err != nil || string(rest) != "after" {
			t.Fatalf("%q is left, %v", rest, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzParseSketch(f *testing.F) {
	f.Add([]byte{2, 1, 3, 4, 0})
	f.Add([]byte{255, 255, 255})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, rest, err := ParseSketch(b)
		if err != nil {
			if !errors.Is(err, ErrSketch) {
				t.Fatal(err)
			}
			return
		}
		if len(rest) > len(b) || s.Held(&s) < 0 || s.Held(&s) > 1 {
			t.Fatal("a sketch that is none")
		}
	})
}

// keysOfToday is a hash of all keys and sketches of the text below. When this
// test fails, what is stored in archives no longer meets what Build makes: raise
// KeysVersion, and put the new value here.
const keysOfToday = 0x6d334b6563c87909

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
