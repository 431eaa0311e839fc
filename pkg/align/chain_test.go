package align

import (
	"math"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/shingle"
)

// naiveGain is the gain of a bead, worked out from the vectors.
func naiveGain(a, b []toyVector) float64 {
	var dot, weight float64
	for _, v := range a {
		for _, w := range b {
			dot += float64(product(v, w))
		}
	}
	length2 := func(side []toyVector) (sum float64) {
		for i, v := range side {
			for _, x := range v {
				weight += float64(x)
			}
			sum += float64(product(v, v))
			for _, before := range side[:i] {
				sum += 2 * float64(product(before, v))
			}
		}
		return sum
	}
	na, nb := length2(a), length2(b)
	if dot == 0 {
		return 0
	}
	cosine := dot / math.Sqrt(na*nb)
	for _, v := range a {
		for _, w := range b {
			single := float64(product(v, w)) / math.Sqrt(float64(product(v, v))*float64(product(w, w)))
			if len(a)*len(b) > 1 && cosine+rounding < mergeGain*single {
				return 0 // a part of the bead is more alike
			}
		}
	}
	return max(0, cosine-floor) * weight
}

// denseChain is the naive twin of chain: a table of the best total over all prefixes
// of the two articles, trying every bead whose shingles are all free and part of a seed.
func denseChain(texts [2][]toyVector, al *Aligner) float64 {
	a, b := texts[0], texts[1]
	allowed := func(i0, i1, j0, j1 int) bool {
		if slices.Contains(al.usedA[i0:i1], true) || slices.Contains(al.usedB[j0:j1], true) {
			return false
		}
		rows, columns := map[int]bool{}, map[int]bool{}
		for i := i0; i < i1; i++ {
			for j := j0; j < j1; j++ {
				if al.seeds[i*len(b)+j] != 0 {
					rows[i], columns[j] = true, true
				}
			}
		}
		return len(rows) == i1-i0 && len(columns) == j1-j0
	}
	best := make([][]float64, len(a)+1)
	for i := range best {
		best[i] = make([]float64, len(b)+1)
		for j := range best[i] {
			if i > 0 {
				best[i][j] = max(best[i][j], best[i-1][j])
			}
			if j > 0 {
				best[i][j] = max(best[i][j], best[i][j-1])
			}
			for _, s := range shapes {
				if i0, j0 := i-s[0], j-s[1]; i0 >= 0 && j0 >= 0 && allowed(i0, i, j0, j) {
					best[i][j] = max(best[i][j], best[i0][j0]+naiveGain(a[i0:i], b[j0:j]))
				}
			}
		}
	}
	return best[len(a)][len(b)]
}

func TestChainGainsAsMuchAsTheDenseProgramme(t *testing.T) {
	var al Aligner // one for all, so that buffers of earlier pairs are in the way
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		for _, side := range texts {
			for _, v := range side {
				v[99] = 1 // in every sentence: none is kept from a bead for sharing nothing
			}
		}
		al.a, al.b = toy(texts[0]), toy(texts[1])
		al.dots()
		al.usedA, al.usedB = make([]bool, len(texts[0])), make([]bool, len(texts[1]))
		everywhere := rapid.Bool().Draw(t, "every pair a seed")
		al.seeds = append(al.seeds[:0], make([]uint8, len(texts[0])*len(texts[1]))...)
		for i := range texts[0] {
			al.usedA[i] = rapid.IntRange(0, 5).Draw(t, "used") == 0
			for j := range texts[1] {
				if everywhere || rapid.IntRange(0, 2).Draw(t, "seed") == 0 {
					al.seeds[i*len(texts[1])+j] = 1
				}
			}
		}
		beads := al.chain(nil)
		total := 0.0
		for k, x := range beads {
			total += naiveGain(texts[0][x.A0:x.A1], texts[1][x.B0:x.B1])
			if k > 0 && (x.A1 > beads[k-1].A0 || x.B1 > beads[k-1].B0) {
				t.Fatalf("the chain, from its end, is not monotone: %v, %v", beads[k-1], x)
			}
		}
		if want := denseChain(texts, &al); math.Abs(total-want) > 1e-4*(1+want) {
			t.Fatalf("chain gains %v, the dense programme %v\n%v", total, want, beads)
		}
	})
}

// checkBeads fails if the alignment breaks a rule that holds for every pair.
func checkBeads(t interface{ Fatalf(string, ...any) }, x *Alignment, a, b *shingle.Article) {
	usedA, usedB := make([]bool, len(a.Shingles)), make([]bool, len(b.Shingles))
	take := func(used []bool, from, to int, bead Bead) {
		if from >= to || slices.Contains(used[from:to], true) {
			t.Fatalf("bead %+v is empty or overlaps another", bead)
		}
		fill(used[from:to])
	}
	endA, endB := 0, 0
	for i, bead := range x.Beads {
		if i > 0 && bead.A0 < x.Beads[i-1].A0 {
			t.Fatalf("beads are not in the order of a: %+v", x.Beads)
		}
		take(usedA, bead.A0, bead.A1, bead)
		take(usedB, bead.B0, bead.B1, bead)
		if !slices.Contains(shapes[:], [2]int{bead.A1 - bead.A0, bead.B1 - bead.B0}) {
			t.Fatalf("bead %+v has no allowed shape", bead)
		}
		if bead.Similarity <= floor {
			t.Fatalf("bead %+v is not above the floor", bead)
		}
		if bead.Moved {
			continue
		}
		if bead.A0 < endA || bead.B0 < endB {
			t.Fatalf("the main chain goes back at %+v: %+v", bead, x.Beads)
		}
		endA, endB = bead.A1, bead.B1
	}
	coverageA, coverageB := x.Coverage(a, b)
	bimaxA, bimaxB := x.BiMax(a, b)
	for _, share := range []float64{coverageA, coverageB, bimaxA, bimaxB} {
		if !(share >= 0 && share <= 1+1e-5) {
			t.Fatalf("coverage %v %v or BiMax %v %v is no share", coverageA, coverageB, bimaxA, bimaxB)
		}
	}
}

func TestBeadsNeverOverlapAndTheMainChainIsMonotone(t *testing.T) {
	var al Aligner
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		a, b := toy(texts[0]), toy(texts[1])
		checkBeads(t, al.Align(a, b), a, b)
	})
}

func TestEveryShingleOfABeadSharesSomethingWithTheOtherSide(t *testing.T) {
	// The second sentence of b belongs to none of a's.
	texts := [2][]toyVector{{{1: 4, 2: 4, 3: 4}, {1: 4, 2: 4, 4: 4}}, {{1: 8, 2: 8, 3: 4, 4: 4}, {9: 3}}}
	for range 2 {
		x := new(Aligner).Align(toy(texts[0]), toy(texts[1]))
		for _, bead := range x.Beads {
			rows, columns := texts[0][bead.A0:bead.A1], texts[1][bead.B0:bead.B1]
			for _, sides := range [2][2][]toyVector{{rows, columns}, {columns, rows}} {
				for _, v := range sides[0] {
					if !slices.ContainsFunc(sides[1], func(w toyVector) bool { return product(v, w) > 0 }) {
						t.Errorf("%v of bead %+v shares nothing: joined does not look at the columns of a bead of two by two", v, bead)
					}
				}
			}
		}
		texts[0], texts[1] = texts[1], texts[0]
	}
}

func TestSwappingTheArticlesSwapsBiMax(t *testing.T) {
	var al Aligner
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		a, b := toy(texts[0]), toy(texts[1])
		ab, ba := al.Align(a, b), al.Align(b, a)
		ofA, ofB := ab.BiMax(a, b)
		ofB2, ofA2 := ba.BiMax(b, a)
		if math.Abs(ofA-ofA2) > 1e-6 || math.Abs(ofB-ofB2) > 1e-6 {
			t.Fatalf("BiMax %v %v, swapped %v %v", ofA, ofB, ofA2, ofB2)
		}
	})
}

func TestAnAlignerRemembersNothingOfEarlierPairs(t *testing.T) {
	var used Aligner
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		a, b := toy(texts[0]), toy(texts[1])
		if diff := gocmp.Diff(new(Aligner).Align(a, b), used.Align(a, b)); diff != "" {
			t.Fatal("new, used:", diff)
		}
	})
}

func TestAnEmptyArticleMatchesNothing(t *testing.T) {
	none, mute := toy(nil), toy([]toyVector{{}, {}}) // mute: sentences of no weight
	some := toy([]toyVector{{1: 2, 2: 3}})
	for _, a := range []*shingle.Article{none, mute, some} {
		for _, b := range []*shingle.Article{none, mute} {
			x := new(Aligner).Align(a, b)
			checkBeads(t, x, a, b)
			coverageA, coverageB := x.Coverage(a, b)
			bimaxA, bimaxB := x.BiMax(a, b)
			if len(x.Beads) > 0 || len(x.Passages(a, b)) > 0 || coverageA+coverageB+bimaxA+bimaxB != 0 {
				t.Errorf("%d and %d sentences: %+v", len(a.Shingles), len(b.Shingles), x)
			}
		}
	}
}

func TestSimilarityOfRepeatedSentencesIsACosine(t *testing.T) {
	same := toyVector{1: 2, 2: 2}
	a, b := toy([]toyVector{same}), toy([]toyVector{same, same, same})
	x := new(Aligner).Align(a, b)
	for _, p := range x.Passages(a, b) {
		if p.Similarity > 1 {
			t.Errorf("passage %+v", p)
		}
	}
	for _, bead := range x.Beads {
		if bead.Similarity > 1+1e-5 {
			t.Errorf("bead %+v: norm2 leaves out the product of the first and the third of three like sentences", bead)
		}
	}
}
