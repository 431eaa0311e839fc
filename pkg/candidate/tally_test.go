package candidate

import (
	"encoding/binary"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/shingle"
)

// listOf is a list as the lists of an index are.
func listOf(size int, articles []int32) list {
	l := list{size: size}
	for _, a := range articles {
		l.bytes = append(l.bytes, binary.LittleEndian.AppendUint32(nil, uint32(a))[:size]...)
	}
	return l
}

func TestATallyAddsUpAsAMapDoes(t *testing.T) {
	var tally tally // one for all, as it serves one article after another
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int32{60, 300, 5000}).Draw(t, "articles")
		tally.begin(rapid.IntRange(1, 200).Draw(t, "begin"))
		scores, order := map[int32]uint32{}, []int32(nil)
		for range rapid.IntRange(0, 6).Draw(t, "lists") {
			articles := rapid.SliceOfNDistinct(rapid.Int32Range(0, most), 0, 60, rapid.ID).Draw(t, "list")
			score := rapid.Uint32Range(0, 9).Draw(t, "score")
			tally.add(listOf(rapid.IntRange(3, 4).Draw(t, "size"), articles), score)
			for _, a := range articles {
				if _, met := scores[a]; !met {
					order = append(order, a)
				}
				scores[a] += score
			}
			if tally.len() != len(order) {
				t.Fatalf("%d articles, want %d", tally.len(), len(order))
			}
		}
		grades, need := make([]grade, most+1), [1 << 8]uint32{}
		for a := range grades {
			grades[a] = grade(a % 7)
		}
		for g := range 7 {
			need[g] = rapid.Uint32Range(0, 9).Draw(t, "need")
		}
		var want []counted
		for _, a := range order {
			if scores[a] >= need[a%7] {
				want = append(want, counted{uint32(a) + 1, scores[a]})
			}
		}
		got := tally.take(nil, grades, &need)
		if !slices.Equal(got, want) || tally.len() > 0 {
			t.Fatalf("%v, want %v; then %d", got, want, tally.len())
		}
	})
}

func TestATallyMarksAsAMapDoes(t *testing.T) {
	var tally tally
	rapid.Check(t, func(t *rapid.T) {
		tally.begin(rapid.IntRange(1, 200).Draw(t, "begin"))
		scores, order := map[int32]uint32{}, []int32(nil)
		for range rapid.IntRange(0, 6).Draw(t, "lists") {
			articles := rapid.SliceOfNDistinct(rapid.Int32Range(0, 300), 0, 60, rapid.ID).Draw(t, "list")
			bits := rapid.Uint32Min(1).Draw(t, "bits")
			for _, a := range articles {
				tally.mark(counted{uint32(a) + 1, bits})
				if scores[a] == 0 {
					order = append(order, a)
				}
				scores[a] |= bits
			}
		}
		if tally.len() != len(order) {
			t.Fatalf("%d articles, want %d", tally.len(), len(order))
		}
		for n, a := range order {
			if got := tally.at(n); got.number() != a || got.score != scores[a] {
				t.Fatalf("number %d is %d with %b, want %d with %b", n, got.number(), got.score, a, scores[a])
			}
		}
		if tally.forget(); tally.len() > 0 || slices.ContainsFunc(tally.slots, func(c counted) bool { return c != counted{} }) {
			t.Fatal("something is left")
		}
	})
}

func TestWhatSufficesHasWhatItsGradeNeeds(t *testing.T) {
	owns := rapid.OneOf(rapid.Uint32Range(0, 70), rapid.Uint32Range(0, mostOwn), rapid.Uint32Range(mostOwn-1, 1<<32-1))
	var needs needs
	rapid.Check(t, func(t *rapid.T) {
		mine := newMeasure(owns.Draw(t, "own of mine"), rapid.Uint8().Draw(t, "language of mine"))
		needs.of(mine)
		for range 20 {
			m := newMeasure(owns.Draw(t, "own"), rapid.Uint8Range(0, 5).Draw(t, "language"))
			g := m.grade()
			if least := g.least(); least > m.own() || m.own() > 0 && 3*least < 2*m.own()-2 {
				t.Fatalf("grade %d of %d says %d at least", g, m.own(), least)
			}
			score := rapid.Uint32Range(0, 1+m.own()).Draw(t, "score")
			if Suffices(score, mine.own(), m.own(), mine.language() != m.language()) && score < needs.some[g] {
				t.Fatalf("%d suffices for %d and %d, but %d is needed", score, mine.own(), m.own(), needs.some[g])
			}
			if IsStrong(score, mine.own(), m.own()) && score < needs.strong[g] {
				t.Fatalf("%d is strong for %d and %d, but %d is needed", score, mine.own(), m.own(), needs.strong[g])
			}
		}
	})
}

func TestWhetherArticlesAreAlikeIsTheSameEitherWay(t *testing.T) {
	sketch := rapid.Custom(func(t *rapid.T) shingle.Sketch {
		var b []byte
		for range rapid.IntRange(0, 6).Draw(t, "shingles") {
			concepts := rapid.SliceOfNDistinct(rapid.Uint16Range(0, 60), 0, 8, rapid.ID).Draw(t, "concepts")
			b = append(b, byte(len(concepts)))
			for _, c := range concepts {
				b = binary.LittleEndian.AppendUint16(b, c)
			}
		}
		s, err := shingle.ParseSketch(b)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
	var asker Asker
	rapid.Check(t, func(t *rapid.T) {
		a, b := sketch.Draw(t, "a"), sketch.Draw(t, "b")
		inA, inB := rapid.SampledFrom(languages).Draw(t, "language of a"), rapid.SampledFrom(languages).Draw(t, "language of b")
		asker.Ask(inA, a)
		forth := asker.Alike(inB, b)
		asker.Ask(inB, b)
		if back := asker.Alike(inA, a); forth != back {
			t.Fatalf("%v one way, %v the other", forth, back)
		}
	})
}
