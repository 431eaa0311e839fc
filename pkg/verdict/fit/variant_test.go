package fit

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

// holding makes a variant of pieces; the first is its main content.
func holding(pieces ...piece) *variant { return &variant{pieces: pieces, lead: pieces[0].origin} }

func TestPairsAreLabelledByWhatTheyHoldOfOneAnother(t *testing.T) {
	whole := holding(piece{0, 0, 1, 300})
	tests := []struct {
		name  string
		a, b  *variant
		class verdict.Class
		ok    bool
	}{
		{"two origins", whole, holding(piece{1, 0, 1, 300}), verdict.Unrelated, true},
		{"the same content", whole, holding(piece{0, 0, 1, 340}), verdict.Whole, true},
		{"most of it", whole, holding(piece{0, 0.1, 0.95, 255}), verdict.Whole, true},
		{"wrapped in a little of another", whole, holding(piece{0, 0, 1, 300}, piece{1, 0, 0.1, 40}), verdict.Whole, true},
		{"a third", whole, holding(piece{0, 1.0 / 3, 2.0 / 3, 100}), verdict.Part, true},
		{"the first words", whole, holding(piece{0, 0, 0.2, 60}), verdict.Part, true},
		{"merged with a longer one", whole, holding(piece{0, 0, 1, 300}, piece{1, 0, 1, 600}), verdict.Part, true},
		{"two thirds: neither whole nor part", whole, holding(piece{0, 0, 0.65, 195}), 0, false},
		{"halves that do not meet", holding(piece{0, 0, 0.5, 150}), holding(piece{0, 0.5, 1, 150}), verdict.SameStory, true},
		{"halves that overlap", holding(piece{0, 0, 0.55, 165}), holding(piece{0, 0.4, 1, 180}), verdict.SameStory, true},
		{"halves that overlap much", holding(piece{0, 0, 0.7, 165}), holding(piece{0, 0.3, 1, 180}), 0, false},
		{"the same teaser under two stories", holding(piece{0, 0, 1, 300}, piece{2, 0, 0.05, 20}), holding(piece{1, 0, 1, 300}, piece{2, 0, 0.05, 20}), 0, false},
		{"other parts of one story as teasers", holding(piece{0, 0, 1, 300}, piece{2, 0, 0.05, 20}), holding(piece{1, 0, 1, 300}, piece{2, 0.5, 0.55, 20}), 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, pair := range [][2]*variant{{test.a, test.b}, {test.b, test.a}} {
				class, ok := classify(pair[0], pair[1])
				if ok != test.ok || ok && class != test.class {
					inA, inB, _ := held(pair[0], pair[1])
					t.Errorf("%v %v, want %v %v (held %.2f, %.2f)", class, ok, test.class, test.ok, inA, inB)
				}
			}
		})
	}
}

func TestHeldIsAShareOfEachSide(t *testing.T) {
	// Pieces of one variant never have the same origin twice, as long as a pool has two.
	variants := rapid.Custom(func(t *rapid.T) *variant {
		var pieces []piece
		for _, origin := range rapid.SliceOfNDistinct(rapid.IntRange(0, 3), 1, 3, rapid.ID).Draw(t, "origins") {
			from, to := rapid.IntRange(0, 9).Draw(t, "from"), rapid.IntRange(1, 10).Draw(t, "to")
			from = min(from, to-1)
			pieces = append(pieces, piece{origin, float64(from) / 10, float64(to) / 10, rapid.IntRange(1, 40).Draw(t, "words") * (to - from)})
		}
		return holding(pieces...)
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := variants.Draw(t, "a"), variants.Draw(t, "b")
		ofA, ofB, shared := held(a, b)
		backB, backA, sharedBack := held(b, a)
		if ofA < 0 || ofA > 1+1e-9 || ofB < 0 || ofB > 1+1e-9 {
			t.Fatalf("shares %v and %v", ofA, ofB)
		}
		if ofA != backA || ofB != backB || shared != sharedBack {
			t.Fatalf("%v %v %v, swapped %v %v %v", ofA, ofB, shared, backA, backB, sharedBack)
		}
		if !shared && ofA+ofB > 0 {
			t.Fatal("content is held without a shared origin")
		}
		if self, _, _ := held(a, a); self < 1-1e-9 {
			t.Fatalf("a variant holds %v of itself", self)
		}
	})
}

func TestAnArticleMergedWithItselfHoldsNoMoreThanAll(t *testing.T) {
	m := &maker{sources: toySources(1), rng: rand.New(rand.NewPCG(1, 1))}
	plain := m.cut(0, 0, 1)
	for _, v := range m.derived(0, 3, -1) {
		if ofDerived, ofPlain, _ := held(&v, &plain); ofDerived > 1 || ofPlain > 1 {
			t.Errorf("in a pool of one origin an article is mixed with itself: held gives %v and %v", ofDerived, ofPlain)
		}
	}
}

// toySources are n unrelated articles of some hundred words, alternating in language.
func toySources(n int) []source {
	rng := rand.New(rand.NewPCG(9, uint64(n)))
	sources := make([]source, n)
	for i := range sources {
		var b strings.Builder
		for k := range 100 + rng.IntN(200) {
			if k%12 == 11 {
				fmt.Fprintf(&b, "%d.\n", rng.IntN(5000))
				continue
			}
			fmt.Fprintf(&b, "word%d ", rng.IntN(4000))
		}
		a := article.Article{ID: fmt.Sprint("article-", i), Title: fmt.Sprint("Headline ", i), Text: b.String(), Language: article.English}
		if i%2 == 1 {
			a.Language = article.French
		}
		sources[i] = source{article: a, origin: i, words: wordSpans(a.Text)}
	}
	return sources
}

var unexported = cmp.AllowUnexported(variant{}, piece{})

func TestTheSameSourcesGiveTheSameVariants(t *testing.T) {
	first, second := variants(toySources(12), 0), variants(toySources(12), 0)
	if diff := cmp.Diff(first, second, unexported); diff != "" {
		t.Error(diff)
	}
}

func TestVariantsSayWhatTheyHold(t *testing.T) {
	sources := toySources(12)
	vs := variants(sources, 0)
	if len(vs) <= 2*len(sources) {
		t.Fatalf("%d variants of %d sources", len(vs), len(sources))
	}
	ids := map[string]bool{}
	plain := 0
	for _, v := range vs {
		if ids[v.article.ID] || v.article.ID == "" {
			t.Errorf("id %q is taken", v.article.ID)
		}
		ids[v.article.ID] = true
		if strings.TrimSpace(v.article.Text) == "" || len(v.pieces) == 0 || v.pieces[0].origin != v.lead {
			t.Errorf("variant of %d: %d bytes, pieces %v", v.lead, len(v.article.Text), v.pieces)
		}
		words := 0
		for _, p := range v.pieces {
			words += p.words
			if !(0 <= p.from && p.from < p.to && p.to <= 1) || p.words <= 0 {
				t.Errorf("variant of %d: piece %+v", v.lead, p)
			}
		}
		// Headlines around it and edits are not counted as pieces.
		if n := len(strings.Fields(v.article.Text)); float64(words) > 1.35*float64(n) || float64(n) > 1.35*float64(words)+80 {
			t.Errorf("variant of %d has %d words and pieces of %d", v.lead, n, words)
		}
		if v.article.Text == strings.TrimSpace(sources[v.lead].article.Text) {
			plain++
		}
	}
	if plain < len(sources) {
		t.Errorf("%d of %d sources are there as they were", plain, len(sources))
	}
}

func TestVariantsOfTinySourcesDoNotPanic(t *testing.T) {
	for _, text := range []string{"a", "one two", "3", "Un seul.\n\nDeux mots."} {
		for n := 1; n <= 3; n++ {
			sources := make([]source, n)
			for i := range sources {
				sources[i] = source{article: article.Article{ID: fmt.Sprint(i), Text: text}, origin: i, words: wordSpans(text)}
			}
			variants(sources, 0)
		}
	}
}

func TestOnlyDigitsAreChanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z0-9 é.,]{0,40}`).Draw(t, "text")
		n := rapid.IntRange(1, 4).Draw(t, "n")
		m := &maker{rng: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))}
		changed := m.changeNumbers(text, n)
		if len(changed) != len(text) {
			t.Fatalf("%q became %q", text, changed)
		}
		differences := 0
		for i := range len(text) {
			if text[i] == changed[i] {
				continue
			}
			differences++
			if text[i] < '0' || text[i] > '9' || changed[i] < '0' || changed[i] > '9' {
				t.Fatalf("%q became %q", text, changed)
			}
		}
		if differences > n {
			t.Fatalf("%d of %d digits changed", differences, n)
		}
	})
}

func TestWordSpansAreTheFieldsOfTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching("[aé. \n\r\t\u00a0]{0,30}").Draw(t, "text")
		var got []string
		for _, s := range wordSpans(text) {
			got = append(got, s.Of(text))
		}
		want := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n\t\r", r) })
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}
