package verdict

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

// rivalry is a pair of a pile, by the numbers of its articles.
type rivalry struct {
	a, b int32
	f    Features
}

// margined are the features that Margins fills in.
var margined = slices.Concat(behind, ahead)

// piles draws the pairs of a pile of n articles, each pair once.
func piles(n int) *rapid.Generator[[]rivalry] {
	return rapid.Custom(func(t *rapid.T) []rivalry {
		var all [][2]int32
		for a := range int32(n) {
			for b := a + 1; b < int32(n); b++ {
				all = append(all, [2]int32{a, b})
			}
		}
		share := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(0, 20).Draw(t, "share")) / 20 })
		var out []rivalry
		for _, k := range rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, len(all), rapid.ID).Draw(t, "pairs") {
			p := rivalry{a: k[0], b: k[1]}
			p.f.Cross = rapid.Bool().Draw(t, "cross")
			for _, sides := range []*[2]float64{&p.f.BiMax, &p.f.Held, &p.f.Marks} {
				sides[0], sides[1] = share.Draw(t, "a"), share.Draw(t, "b")
			}
			p.f.margins([2]rival{unseen, unseen})
			out = append(out, p)
		}
		return out
	})
}

// entered are the margins of all pairs of a pile.
func entered(n int, pile []rivalry) [][NumFeatures]float64 {
	r := NewRivals(n)
	for i := range pile {
		r.Add(pile[i].a, pile[i].b, &pile[i].f)
	}
	return marginsOf(r, pile)
}

func marginsOf(r *Rivals, pile []rivalry) [][NumFeatures]float64 {
	out := make([][NumFeatures]float64, len(pile))
	for i, p := range pile {
		r.Margins(p.a, p.b, &p.f)
		out[i] = p.f.Values
	}
	return out
}

// naiveMargin is how far one side of a pair is ahead of all other pairs of the side's
// article in as many languages.
func naiveMargin(pile []rivalry, i, side int, of func(f *Features) [2]float64, floor float64) float64 {
	p := &pile[i]
	one := [2]int32{p.a, p.b}[side]
	rival := floor
	for k := range pile {
		q := &pile[k]
		if k == i || q.f.Cross != p.f.Cross {
			continue
		}
		if q.a == one {
			rival = max(rival, of(&q.f)[0])
		}
		if q.b == one {
			rival = max(rival, of(&q.f)[1])
		}
	}
	return of(&p.f)[side] - rival
}

func TestMarginsAreThoseOfANaiveSearchOverAllPairs(t *testing.T) {
	kinds := []struct {
		first Feature
		of    func(f *Features) [2]float64
		floor float64
	}{
		{BehindMin, func(f *Features) [2]float64 { return f.BiMax }, bimaxFloor},
		{HeldBehindMin, func(f *Features) [2]float64 { return f.Held }, heldFloor},
		{MarksBehindMin, func(f *Features) [2]float64 { return f.Marks }, marksFloor},
	}
	rapid.Check(t, func(t *rapid.T) {
		pile := piles(5).Draw(t, "pile")
		got := entered(5, pile)
		for i := range pile {
			for _, kind := range kinds {
				a, b := naiveMargin(pile, i, 0, kind.of, kind.floor), naiveMargin(pile, i, 1, kind.of, kind.floor)
				want := [4]float64{
					min(a, b, 0), min(max(a, b), 0),
					min(max(min(a, b), 0), aheadCap), min(max(a, b, 0), aheadCap),
				}
				for k, w := range want {
					if f := kind.first + Feature(k); math.Abs(got[i][f]-w) > 1e-6 {
						t.Fatalf("pair %d: %v is %v, naively %v", i, f, got[i][f], w)
					}
				}
			}
		}
	})
}

func TestMarginsDoNotDependOnOrderOrConcurrencyOfAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pile := piles(6).Draw(t, "pile")
		want := entered(6, pile)
		seed := rapid.Uint64().Draw(t, "seed")
		shuffled := slices.Clone(pile)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
		r := NewRivals(6)
		var group sync.WaitGroup
		for part := range slices.Chunk(shuffled, 3) {
			group.Go(func() {
				for i := range part {
					r.Add(part[i].a, part[i].b, &part[i].f)
				}
			})
		}
		group.Wait()
		if diff := cmp.Diff(want, marginsOf(r, pile)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Locks are shared by the articles whose numbers end in the same byte.
func TestArticlesThatShareALockAreEnteredBoth(t *testing.T) {
	const n = 1000
	var pile []rivalry
	for i := range int32(n / 2) {
		p := rivalry{a: i, b: i + n/2}
		p.f.BiMax = [2]float64{float64(i) / n, 1 - float64(i)/n}
		pile = append(pile, p)
	}
	r := NewRivals(n)
	var group sync.WaitGroup
	for i := range pile {
		group.Go(func() { r.Add(pile[i].a, pile[i].b, &pile[i].f) })
	}
	group.Wait()
	if diff := cmp.Diff(entered(n, pile), marginsOf(r, pile)); diff != "" {
		t.Error(diff)
	}
}

func TestAPairWithoutRivalsHasTheMarginsOfMeasureAlone(t *testing.T) {
	all, _ := stories(t)
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SampledFrom(all)
		alone := measure(x.Draw(t, "a").Article, x.Draw(t, "b").Article)
		pile := []rivalry{{a: 0, b: 1, f: alone}}
		if diff := cmp.Diff(alone.Values, entered(2, pile)[0]); diff != "" {
			t.Fatal("alone, entered: ", diff)
		}
	})
}

func TestAPairInOneLanguageIsNoRivalOfOneInTwo(t *testing.T) {
	pile := []rivalry{{a: 0, b: 1}, {a: 0, b: 2}}
	for i := range pile {
		pile[i].f.Cross = i == 0
		pile[i].f.BiMax, pile[i].f.Held, pile[i].f.Marks = [2]float64{0.6, 0.6}, [2]float64{0.6, 0.6}, [2]float64{0.6, 0.6}
	}
	if diff := cmp.Diff(entered(3, pile[:1])[0], entered(3, pile)[0]); diff != "" {
		t.Error(diff)
	}
}

func TestRivalsNeverRaiseAMargin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pile := piles(5).Draw(t, "pile")
		with := entered(5, pile)
		for i, p := range pile {
			for _, f := range margined {
				if with[i][f] > p.f.Values[f] {
					t.Fatalf("pair %d: %v is %v with rivals and %v without", i, f, with[i][f], p.f.Values[f])
				}
			}
		}
	})
}

// Holds for every model that was fitted with directions.
func TestABetterRivalNeverRaisesAScore(t *testing.T) {
	m := embeddedModel(t)
	rapid.Check(t, func(t *rapid.T) {
		pile := piles(4).Draw(t, "pile")
		p := &pile[0]
		any := features.Draw(t, "features")
		alone := p.f
		for k, v := range any.Values {
			if !slices.Contains(margined, Feature(k)) {
				alone.Values[k] = v
			}
		}
		among := alone
		for _, f := range margined {
			among.Values[f] = entered(4, pile)[0][f]
		}
		for name, c := range classifiers(m) {
			if c.Score(&among) > c.Score(&alone)+1e-12 {
				t.Fatalf("%s: %v among rivals, %v alone", name, c.Score(&among), c.Score(&alone))
			}
		}
	})
}

func TestTheSiblingOfATranslationFallsBehindIt(t *testing.T) {
	a, own := texts(t, fire, fireFrench, article.French)
	_, sibling := texts(t, fire, "L'incendie au-dessus de Menton a forcé 3 900 campeurs à quitter leurs tentes dimanche soir.", article.French)
	pile := []rivalry{{a: 0, b: 1, f: measure(a, own)}, {a: 0, b: 2, f: measure(a, sibling)}}
	got := entered(3, pile)
	for _, f := range []Feature{BehindMin, MarksBehindMin} {
		if !(got[0][f] > got[1][f] && got[1][f] < 0) {
			t.Errorf("%v: translation %v, its sibling %v", f, got[0][f], got[1][f])
		}
	}
}

func TestRewordingsOfOneArticleAreNotItsRivals(t *testing.T) {
	pair := func(bimax float64) *Features {
		return &Features{Cross: true, BiMax: [2]float64{bimax, bimax}, Held: [2]float64{bimax, bimax}, Marks: [2]float64{1, 1}}
	}
	close, free := pair(0.7), pair(0.4)
	r := NewRivals(3)
	r.Add(0, 1, close)
	r.Add(0, 2, free)
	if r.Margins(0, 2, free); free.Values[BehindMin] > -0.29 {
		t.Fatalf("behind-min is %v, and 0.3 would be right: another is closer", free.Values[BehindMin])
	}
	other, same := &Features{}, &Features{}
	other.Values[Topic], same.Values[Topic] = rewordedTopic/2, 1
	r.Reword(2, 1, other)
	if r.Margins(0, 2, free); free.Values[BehindMin] > -0.29 {
		t.Errorf("behind-min is %v: two notices about other things are rivals", free.Values[BehindMin])
	}
	r.Reword(2, 1, same)
	if r.Margins(0, 2, free); free.Values[BehindMin] != 0 || free.Values[AheadMin] < 0.19 {
		t.Errorf("behind-min is %v and ahead-min %v: the other is the same in other words", free.Values[BehindMin], free.Values[AheadMin])
	}
	if r.Margins(0, 1, close); close.Values[AheadMin] != aheadCap {
		t.Errorf("ahead-min of the closer one is %v", close.Values[AheadMin])
	}
}
