package fit

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

// tripled are sources of which three at a time say the same.
func tripled(n int) []source {
	sources := toySources(n)
	for i := range sources {
		sources[i].origin = i / 3 * 3
	}
	return sources
}

func TestTheSameSourcesGiveTheSameVariantsInEveryWorld(t *testing.T) {
	for n, w := range worlds {
		if diff := cmp.Diff(variants(tripled(30), n), variants(tripled(30), n), unexported); diff != "" {
			t.Errorf("%s: %s", w.name, diff)
		}
	}
}

func TestALonelyWorldHasOneSourceOfSomeOriginsAndAllOfOthers(t *testing.T) {
	sources := tripled(300)
	for n, w := range worlds {
		there := map[int]map[int]bool{} // origin → its sources in the world
		for _, v := range variants(sources, n) {
			if there[v.lead] == nil {
				there[v.lead] = map[int]bool{}
			}
			there[v.lead][v.verbatim] = true
		}
		lonely := 0
		for origin, in := range there {
			switch len(in) {
			case 1:
				lonely++
			case 3:
			default:
				t.Errorf("%s: %d of the 3 sources of origin %d are there", w.name, len(in), origin)
			}
		}
		if len(there) != 100 {
			t.Errorf("%s: %d of 100 origins are there", w.name, len(there))
		}
		if share := float64(lonely) / 100; w.lonely && math.Abs(share-lonelyShare) > 0.15 || !w.lonely && lonely > 0 {
			t.Errorf("%s: of %v of the origins there is one source alone", w.name, share)
		}
	}
}

func TestAWorldHasOfEverySourceWhatItSays(t *testing.T) {
	sources := toySources(60)
	for n, w := range worlds {
		full, derived := map[int]int{}, map[int]int{}
		for _, v := range variants(sources, n) {
			if v.article.Text == strings.TrimSpace(sources[v.verbatim].article.Text) {
				full[v.verbatim]++
			} else {
				derived[v.verbatim]++
			}
		}
		for i := range sources {
			// One kind of derived article is the full text again.
			if all := full[i] + derived[i]; w.full && full[i] == 0 || derived[i] > w.derived || all > w.derived+1 || !w.full && all > w.derived {
				t.Errorf("%s: %d full and %d derived articles of source %d", w.name, full[i], derived[i], i)
			}
			if !w.full && full[i]+derived[i] == 0 {
				t.Errorf("%s: nothing of source %d", w.name, i)
			}
		}
	}
}

func TestWhatTheVariantsOfAWorldHoldOfOneAnotherAreShares(t *testing.T) {
	sources := tripled(30)
	for n, w := range worlds {
		vs := variants(sources, n)
		for i := range vs {
			checkPieces(t, &vs[i])
			for k := range vs {
				ofA, ofB, shared := held(&vs[i], &vs[k])
				if !(ofA >= 0 && ofA <= 1+1e-9 && ofB >= 0 && ofB <= 1+1e-9) || !shared && ofA+ofB > 0 {
					t.Fatalf("%s: %+v and %+v hold %v and %v of one another", w.name, vs[i].pieces, vs[k].pieces, ofA, ofB)
				}
			}
			if self, _, _ := held(&vs[i], &vs[i]); self < 1-1e-9 {
				t.Errorf("%s: %+v holds %v of itself", w.name, vs[i].pieces, self)
			}
		}
	}
}

// Pieces are of the text: a variant that is cut, and nothing else, has their words.
func checkPieces(t *testing.T, v *variant) {
	t.Helper()
	words := 0
	for _, p := range v.pieces {
		words += p.words
		if !(0 <= p.from && p.from < p.to && p.to <= 1) || p.words <= 0 {
			t.Errorf("variant of %d: piece %+v", v.verbatim, p)
		}
	}
	if v.pieces[0].origin != v.lead {
		t.Errorf("the first piece of a variant of origin %d is of %d", v.lead, v.pieces[0].origin)
	}
	if n := len(strings.Fields(v.article.Text)); len(v.pieces) == 1 && v.edited == 0 && n != words {
		t.Errorf("variant of %d: %d words, in its piece %d", v.verbatim, n, words)
	}
}

func TestEveryWorldOfTinySourcesIsMade(t *testing.T) {
	for n := range worlds {
		for _, text := range []string{"a", "one two", "3"} {
			sources := toySources(3)
			for i := range sources {
				sources[i].article.Text, sources[i].words = text, wordSpans(text)
			}
			variants(sources, n)
		}
	}
}

func classesOf(es []example) (count [verdict.NumClasses]int) {
	for _, e := range es {
		count[e.class]++
	}
	return count
}

func TestScansForCopiesTakeApartStoriesForUnrelated(t *testing.T) {
	es := []example{
		{class: verdict.Whole, likely: true}, {class: verdict.Whole}, // a scan does not look at the second
		{class: verdict.SameStory, likely: true, apart: true}, {class: verdict.SameStory, likely: true},
		{class: verdict.Unrelated, likely: true}, {class: verdict.Part, likely: true},
	}
	before := slices.Clone(es)
	if got, want := classesOf(asCopies(es)), ([verdict.NumClasses]int{verdict.Unrelated: 2, verdict.Whole: 1, verdict.Part: 1}); got != want {
		t.Errorf("as copies: %v, want %v", got, want)
	}
	if got, want := classesOf(asStories(es)), ([verdict.NumClasses]int{verdict.Unrelated: 1, verdict.SameStory: 2}); got != want {
		t.Errorf("as stories: %v, want %v", got, want)
	}
	if diff := cmp.Diff(before, es, cmp.AllowUnexported(example{})); diff != "" {
		t.Error("the examples themselves were changed: ", diff)
	}
}

func TestRewordingsShareFewerRunsThanEditedCopies(t *testing.T) {
	const least = 0.4
	cross := toyExamples(200)
	for i := range cross {
		cross[i].features.Cross = true
		cross[i].features.Values[verdict.CoverageMin] = 0.9
	}
	for _, e := range asRewordings(cross, least) {
		lesser, greater := e.features.Values[verdict.GramMin], e.features.Values[verdict.GramMax]
		if e.features.Cross || !(0 <= lesser && lesser <= greater && greater < least) || e.class == verdict.Unrelated && greater > 0 {
			t.Fatalf("%v: cross %v, shares %v and %v", e.class, e.features.Cross, lesser, greater)
		}
	}
	if !cross[0].features.Cross {
		t.Error("the examples themselves were changed")
	}
}

func TestThinnedClassesWeighWhatTheyDid(t *testing.T) {
	es := make([]example, 2*mostExamples+500)
	for i := range es {
		es[i].weight = 1
		if i%1000 == 7 {
			es[i].class = verdict.Whole
		}
	}
	was := classesOf(es)
	thinned := thin(es)
	var weight [verdict.NumClasses]float64
	for _, e := range thinned {
		weight[e.class] += e.weight
	}
	for class, n := range classesOf(thinned) {
		if n > mostExamples || was[class] <= mostExamples && n != was[class] {
			t.Errorf("%d of %d of %v are kept", n, was[class], verdict.Class(class))
		}
		if math.Abs(weight[class]-float64(was[class])) > 3 {
			t.Errorf("%v weighs %v, and %d before", verdict.Class(class), weight[class], was[class])
		}
	}
}

func TestAnArticleWithFewOthersOfItsLanguageIsNotMixedWithItself(t *testing.T) {
	sources := toySources(600)
	for i := range sources {
		sources[i].article.Language = article.French
		if i%300 == 0 {
			sources[i].article.Language = article.English
		}
	}
	for n, w := range worlds {
		for _, v := range variants(sources, n) {
			if self, _, _ := held(&v, &v); self > 1+1e-9 {
				t.Errorf("%s: %+v holds %v of itself", w.name, v.pieces, self)
			}
		}
	}
}
