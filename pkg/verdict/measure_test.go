package verdict

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

// unbounded features are logarithms; behind are at most 0.
var (
	unbounded = []Feature{Length, Evidence, Shorter}
	behind    = []Feature{BehindMin, BehindMax, HeldBehindMin, HeldBehindMax, MarksBehindMin, MarksBehindMax}
	ahead     = []Feature{AheadMin, AheadMax, HeldAheadMin, HeldAheadMax, MarksAheadMin, MarksAheadMax}
)

// lesserAndGreater are the features that hold the two sides of a pair.
var lesserAndGreater = [][2]Feature{
	{BiMaxMin, BiMaxMax}, {CoverageMin, CoverageMax}, {GramMin, GramMax}, {HeldMin, HeldMax},
	{NumbersHeldMin, NumbersHeld}, {NamesHeldMin, NamesHeld},
	{BehindMin, BehindMax}, {AheadMin, AheadMax}, {HeldBehindMin, HeldBehindMax}, {HeldAheadMin, HeldAheadMax},
	{MarksBehindMin, MarksBehindMax}, {MarksAheadMin, MarksAheadMax},
}

// checkFeatures fails if a feature is not a number, or is out of its range.
func checkFeatures(t interface{ Fatalf(string, ...any) }, f Features) {
	for i, v := range f.Values {
		least, most := 0.0, 1.15 // cosines of beads of like sentences may exceed 1 a little
		switch feature := Feature(i); {
		case slices.Contains(unbounded, feature):
			most = math.MaxFloat64
		case slices.Contains(behind, feature):
			least, most = -1.15, 0
		case slices.Contains(ahead, feature):
			most = aheadCap
		}
		if !(v >= least && v <= most) {
			t.Fatalf("%v is %v, not from %v to %v", Feature(i), v, least, most)
		}
	}
	for _, pair := range lesserAndGreater {
		if f.Values[pair[0]] > f.Values[pair[1]] {
			t.Fatalf("%v %v exceeds %v %v", pair[0], f.Values[pair[0]], pair[1], f.Values[pair[1]])
		}
	}
}

func checkSymmetric(t interface{ Fatalf(string, ...any) }, names string, a, b *shingle.Article) {
	f, g := measure(a, b), measure(b, a)
	checkFeatures(t, f)
	if f.Cross != g.Cross {
		t.Fatalf("%s: cross %v, swapped %v", names, f.Cross, g.Cross)
	}
	for i := range f.Values {
		if math.Abs(f.Values[i]-g.Values[i]) > 1e-4 {
			t.Fatalf("%s: %v is %v, swapped %v", names, Feature(i), f.Values[i], g.Values[i])
		}
	}
	if Plausible(a, b) != Plausible(b, a) {
		t.Fatalf("%s: plausible %v, swapped %v", names, Plausible(a, b), Plausible(b, a))
	}
}

func TestNoFeatureDependsOnWhichArticleComesFirst(t *testing.T) {
	all, _ := stories(t)
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SampledFrom(all)
		a, b := x.Draw(t, "a"), x.Draw(t, "b")
		checkSymmetric(t, a.id+", "+b.id, a.Article, b.Article)
	})
}

func TestNoFeatureOfAGoldPairDependsOnWhichArticleComesFirst(t *testing.T) {
	_, byID := stories(t)
	for _, p := range gold(t) {
		if a, b := byID[p.a], byID[p.b]; a == nil || b == nil {
			t.Errorf("no story %s or %s", p.a, p.b)
		} else {
			checkSymmetric(t, p.a+", "+p.b, a, b)
		}
	}
}

func TestEveryGoldCopyIsPlausible(t *testing.T) {
	_, byID := stories(t)
	for _, p := range gold(t) {
		a, b := byID[p.a], byID[p.b]
		if a == nil || b == nil {
			t.Errorf("no story %s or %s", p.a, p.b)
		} else if p.relation.IsCopy() && !Plausible(a, b) {
			t.Errorf("%s, %s: a pair called %v is not compared", p.a, p.b, p.relation)
		}
	}
}

func TestWhatIsPlausibleIsPromising(t *testing.T) {
	all, _ := stories(t)
	var outlines shingle.OutlineComparer
	promising, plausible := 0, 0
	for _, a := range all {
		outlines.Set(outlineOf(t, a.Article))
		for _, b := range all {
			own, other := outlines.Held(outlineOf(t, b.Article))
			yes := Promising(own, other, a.Language != b.Language)
			if yes {
				promising++
			}
			if Plausible(a.Article, b.Article) {
				plausible++
				if !yes {
					t.Errorf("%s, %s: plausible, by their outlines %v and %v", a.id, b.id, own, other)
				}
			}
		}
	}
	if promising > plausible*5/4 {
		t.Errorf("of %d pairs %d are promising and %d plausible", len(all)*len(all), promising, plausible)
	}
}

func outlineOf(t *testing.T, a *shingle.Article) shingle.Outline {
	t.Helper()
	o, err := shingle.ParseOutline(a.AppendOutline(nil))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestAnArticleMatchesItselfInEveryFeature(t *testing.T) {
	all, _ := stories(t)
	for _, a := range all {
		f := measure(a.Article, a.Article)
		checkFeatures(t, f)
		if f.Cross {
			t.Errorf("%s is in two languages", a.id)
		}
		for _, i := range []Feature{BiMaxMin, CoverageMin, Similarity, Order, GramMin, HeldMin} {
			if v := f.Values[i]; v < 0.999 || v > 1.001 {
				t.Errorf("%s: %v with itself is %v", a.id, i, v)
			}
		}
		for _, i := range []Feature{NumberConflict, NameConflict, Length} {
			if v := f.Values[i]; v != 0 {
				t.Errorf("%s: %v with itself is %v", a.id, i, v)
			}
		}
		if title := f.Values[Title]; len(a.Title) > 0 && math.Abs(title-1) > 1e-3 {
			t.Errorf("%s: the headline has cosine %v with itself", a.id, title)
		}
	}
}

func TestFeaturesOfEmptyArticlesAreFinite(t *testing.T) {
	_, byID := stories(t)
	some := byID["a-rail-en.txt"]
	for _, text := range []string{"", " \n", "!!!", "The.", "42"} {
		a, b := texts(t, text, text, article.French)
		for _, pair := range [][2]*shingle.Article{{a, a}, {a, b}, {a, some}, {some, b}} {
			f := measure(pair[0], pair[1])
			checkFeatures(t, f)
			checkSymmetric(t, fmt.Sprintf("%q", text), pair[0], pair[1])
		}
	}
}

const (
	fire       = "The fire above Cassis forced 2,600 campers to leave their tents on Sunday evening."
	fireOther  = "The fire above Cassis forced 3,900 campers to leave their tents on Sunday evening."
	fireFrench = "L'incendie au-dessus de Cassis a forcé 2 600 campeurs à quitter leurs tentes dimanche soir."
)

func TestNumbersOfTheSameSentenceAgreeOrConflict(t *testing.T) {
	tests := []struct {
		name     string
		a, b     string
		language article.Language
		want     agreement
	}{
		{"same number", fire, fire, article.English, agreement{1, 0}},
		{"other number", fire, fireOther, article.English, agreement{0, 1}},
		{"same number, written the French way", fire, fireFrench, article.French, agreement{1, 0}},
		{"other number, in French", fire, strings.Replace(fireFrench, "2 600", "3 900", 1), article.French, agreement{0, 1}},
		{"one number of two", fire + " It burned 310 hectares of pine.", fire + " It burned 450 hectares of pine.", article.English, agreement{1, 1}},
		{"one side has none", fire, strings.Replace(fire, "2,600 ", "", 1), article.English, agreement{0, 0}},
		{"written with another sign", fire, strings.Replace(fire, "2,600", "2600", 1), article.English, agreement{1, 0}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, b := texts(t, test.a, test.b, test.language)
			f := measure(a, b)
			checkFeatures(t, f)
			if f.Values[CoverageMin] < 0.9 {
				t.Fatal("the sentences were not aligned:", f.Values[CoverageMin])
			}
			agree, conflict := test.want.shares()
			if f.Values[NumberAgree] != agree || f.Values[NumberConflict] != conflict {
				t.Errorf("agreement %v, conflict %v, want %v, %v", f.Values[NumberAgree], f.Values[NumberConflict], agree, conflict)
			}
		})
	}
}

func TestWithoutMarksHalfAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(0, 8).Draw(t, "marks")) })
		m := agreement{n.Draw(t, "agree"), n.Draw(t, "conflict")}
		agree, conflict := m.shares()
		if !(agree > 0 && conflict >= 0 && agree+conflict < 1) {
			t.Fatalf("%+v: shares %v and %v", m, agree, conflict)
		}
		if m.agree == m.conflict && agree != 0.5 || m.agree > m.conflict && agree <= 0.5 || m.agree < m.conflict && agree >= 0.5 {
			t.Fatalf("%+v: %v agree", m, agree)
		}
	})
}

func TestNamesOfTheSameSentenceAgreeOrConflict(t *testing.T) {
	a, b := texts(t, fire, fire, article.English)
	same := measure(a, b).Values
	a, b = texts(t, fire, strings.Replace(fire, "Cassis", "Menton", 1), article.English)
	other := measure(a, b).Values
	if same[NameAgree] <= other[NameAgree] || same[NameConflict] != 0 || other[NameConflict] == 0 {
		t.Errorf("same names: agreement %v, conflict %v; another: %v, %v",
			same[NameAgree], same[NameConflict], other[NameAgree], other[NameConflict])
	}
}

func TestNumbersHeldCountsNumbersAnywhere(t *testing.T) {
	a, b := texts(t, fire+" It burned 310 hectares.", "Only 310 hectares burned, and 2,600 campers were back on Monday.", article.English)
	all := measure(a, b).Values[NumbersHeld]
	a, b = texts(t, fire+" It burned 310 hectares.", "Only 450 hectares burned, and 3,900 campers were back on Monday.", article.English)
	none := measure(a, b).Values[NumbersHeld]
	if none >= 0.5 || all <= 0.5 {
		t.Errorf("all numbers held: %v, none: %v; a text without numbers has one half", all, none)
	}
}

func TestLanguagesDecideWhetherAPairIsCross(t *testing.T) {
	a, b := texts(t, fire, fireFrench, article.French)
	if f := measure(a, b); !f.Cross || f.Values[GramMax] != 0 {
		t.Errorf("cross %v, common runs of words %v", f.Cross, f.Values[GramMax])
	}
	a, b = texts(t, fire, fireOther, article.English)
	if f := measure(a, b); f.Cross || f.Values[GramMax] == 0 || f.Values[GramMax] == 1 {
		t.Errorf("cross %v, common runs of words %v", f.Cross, f.Values[GramMax])
	}
}

func TestAMissingHeadlineIsNeitherAMatchNorAConflict(t *testing.T) {
	built := builder(t)
	titled := built.Build(&article.Article{Title: "Fire above Cassis", Text: fire}, article.English)
	bare := built.Build(&article.Article{Text: fire}, article.English)
	other := built.Build(&article.Article{Title: "Violin makers meet", Text: fire}, article.English)
	same, missing, different := measure(titled, titled).Values[Title], measure(titled, bare).Values[Title], measure(titled, other).Values[Title]
	if !(different < missing && missing < same) {
		t.Errorf("other headline %v, none %v, the same %v", different, missing, same)
	}
}

func TestSharedGramsAgreesWithANaiveCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grams := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 20), 0, 12, rapid.ID)
		a, b := grams.Draw(t, "a"), grams.Draw(t, "b")
		slices.Sort(a)
		slices.Sort(b)
		want := 0
		for _, g := range a {
			if slices.Contains(b, g) {
				want++
			}
		}
		if got := shingle.Shared(a, b); got != want {
			t.Fatalf("%d, want %d", got, want)
		}
	})
}

func TestFeatureNamesAreDistinct(t *testing.T) {
	names := map[string]bool{}
	for f := range NumFeatures {
		if name := f.String(); name == "" || names[name] {
			t.Errorf("feature %d is called %q", int(f), name)
		} else {
			names[name] = true
		}
	}
}

func BenchmarkMeasure(b *testing.B) {
	_, byID := stories(b)
	english, french := byID["b-senegal-en.txt"], byID["b-senegal-fr.txt"]
	for b.Loop() {
		measure(english, french)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pairs/s")
}
