package text

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

func TestFoldStripsAccents(t *testing.T) {
	for word, want := range map[string]string{
		"": "", "port": "port", "sécurité": "securite", "noël": "noel", "ça": "ca", "île": "ile",
		"łódź": "lodz", "møller": "moller", "đorđe": "dorde", "kızıl": "kizil", "señor": "senor",
		"e\u0301te\u0301": "ete", "москва": "москва", "東京": "東京",
	} {
		if got := Fold(word); got != want {
			t.Errorf("Fold(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestCanonicalIsOneWayOfWriting(t *testing.T) {
	for word, want := range map[string]string{
		"port": "port", "e\u0301te\u0301": "été", "cœur": "coeur", "ex-æquo": "ex-aequo",
		"don’t": "don't", "chan\u00adtier": "chantier", "straße": "strasse",
	} {
		if got := Canonical(word); got != want {
			t.Errorf("Canonical(%q) = %q, want %q", word, got, want)
		}
	}
}

// words are letters of several alphabets with loose marks.
func words() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("abcéèêçœæßłøđı\u0301\u0327\u00ad’'日ж")), 0, 10, -1),
		rapid.StringOf(rapid.RuneFrom(nil, unicode.L, unicode.M)),
	)
}

func TestFoldAndCanonicalAreDoneOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := words().Draw(t, "word")
		if strings.ContainsAny(word, "œæß\u00ad’") && strings.ContainsFunc(word, unicode.IsMark) {
			t.Skip("a mark on a ligature is written by nobody")
		}
		folded := Fold(word)
		if again := Fold(folded); again != folded {
			t.Fatalf("Fold: %q, then %q", folded, again)
		}
		canonical := Canonical(word)
		if again := Canonical(canonical); again != canonical {
			t.Fatalf("Canonical: %q, then %q", canonical, again)
		}
		if decomposed := Canonical(norm.NFD.String(word)); decomposed != canonical {
			t.Fatalf("Canonical: %q composed, %q decomposed", canonical, decomposed)
		}
	})
}

func TestStemsAreOfTheLanguage(t *testing.T) {
	for _, c := range []struct {
		language article.Language
		a, b     string
		same     bool
	}{
		{article.English, "strikes", "strike", true},
		{article.English, "striking", "strike", true},
		{article.French, "grévistes", "gréviste", true},
		{article.French, "nationales", "national", true},
		{article.Unknown, "strikes", "strike", false},
	} {
		s := NewScanner(c.language)
		if same := s.Form(c.a).Stem == s.Form(c.b).Stem; same != c.same {
			t.Errorf("%q: %s and %s have the stems %s and %s", c.language, c.a, c.b, s.Form(c.a).Stem, s.Form(c.b).Stem)
		}
	}
}

func TestFormIsMadeOnceAndNumberedDensely(t *testing.T) {
	s := NewScanner(article.English)
	for i, word := range []string{"port", "Port", "PORT", "quay", "us", "US", "u.s", "quay"} {
		want := []int{0, 0, 0, 1, 2, 3, 3, 1}[i]
		if got := s.Form(word).ID; got != want {
			t.Errorf("%q has the id %d, want %d", word, got, want)
		}
	}
	if s.Form("port") != s.Form("PORT") {
		t.Error("one word, two forms")
	}
}

func TestFormOfAWordIsTheOneItHasInAText(t *testing.T) {
	s := NewScanner(article.French)
	for _, word := range []string{"Œuvre", "été", "GRÈVE", "G20"} {
		token := s.Sentences(&article.Article{Text: word + "."})[0].Tokens[0]
		if token.Form != s.Form(word) {
			t.Errorf("%q: %q in a text", word, token.Form.Text)
		}
	}
}

func TestForgettingFormsKeepsResultsRight(t *testing.T) {
	many := NewScanner(article.English)
	probe := &article.Article{Text: "The U.S. crew of 20 reached the harbour. It didn’t stop for long."}
	want := sentencesShown(probe.Text, many.Sentences(probe))

	many.rules = rulesOf(article.Unknown) // no stemming: quick
	var words strings.Builder
	for i := range maxForms + 1 {
		fmt.Fprintf(&words, "w%x ", i)
	}
	generation := many.Generation()
	many.Sentences(&article.Article{Text: words.String()})
	if many.Generation() != generation {
		t.Fatal("forms were forgotten in the middle of an article")
	}
	many.rules = rulesOf(article.English)

	got := sentencesShown(probe.Text, many.Sentences(probe))
	if got != want {
		t.Errorf("after forgetting:\n%s\nbefore:\n%s", got, want)
	}
	if many.Generation() == generation {
		t.Error("the generation is the same although ids began again")
	}
	if f := many.Form("the"); f.ID != 0 {
		t.Errorf("the first form after forgetting has the id %d", f.ID)
	}
}

func TestTheFormsThatAreKeptAreTheFrequentOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := NewScanner(article.English)
		times := map[string]int{}
		for _, word := range rapid.SliceOfN(rapid.StringMatching("([A-E]?|wednesdaysarelong)[a-e]{1,2}"), 0, 200).Draw(t, "words") {
			s.Sentences(&article.Article{Text: "x " + word})
			times[s.Form(word).Text]++
		}
		before, was := formsOf(s), map[string]int{}
		for word, f := range before {
			was[word] = f.ID
		}
		n := rapid.IntRange(0, 20).Draw(t, "n")
		s.keepFrequent(n)
		kept := formsOf(s)
		if len(kept) > n || len(kept) != s.count {
			t.Fatalf("%d kept of at most %d, %d counted", len(kept), n, s.count)
		}
		ids := map[int]bool{}
		for word, f := range kept {
			ids[f.ID] = true
			if s.moved[was[word]] != int32(f.ID) {
				t.Fatalf("%q has moved from %d to %d, not %d", word, was[word], s.moved[was[word]], f.ID)
			}
			if old := before[word]; f.Text != old.Text || f.Stem != old.Stem || f.ID < 0 || f.ID >= len(kept) {
				t.Fatalf("%+v became %+v", old, f)
			}
			for other := range before {
				if kept[other] == nil && word != "x" && other != "x" && times[other] > times[word] {
					t.Fatalf("%q is kept, met %d times, and %q forgotten, met %d times", word, times[word], other, times[other])
				}
			}
			if token := s.Sentences(&article.Article{Text: word})[0].Tokens[0]; token.Form != f || token.FormID() != f.ID {
				t.Fatalf("%q is another form in a text", word)
			}
		}
		if len(ids) != len(kept) {
			t.Fatal("two forms have one id")
		}
	})
}

// formsOf are the forms that the scanner remembers, by their text.
func formsOf(s *Scanner) map[string]*Form {
	forms := map[string]*Form{}
	for i := range s.spellings.known {
		forms[s.spellings.known[i].form.Text] = s.spellings.known[i].form
	}
	for _, f := range s.long {
		forms[f.Text] = f
	}
	return forms
}

func TestNoFormIsForgottenWhileAnArticleIsRead(t *testing.T) {
	s := NewScanner(article.Unknown)
	var words strings.Builder
	for i := range 2*maxForms + 2 {
		fmt.Fprintf(&words, "w%x ", i)
	}
	ids := map[int]bool{}
	for _, sentence := range s.Sentences(&article.Article{Text: words.String()}) {
		for i := range sentence.Tokens {
			if id := sentence.Tokens[i].FormID(); ids[id] {
				t.Fatalf("two words have the id %d", id)
			} else {
				ids[id] = true
			}
		}
	}
}

func TestScannerKnowsItsLanguage(t *testing.T) {
	for _, language := range []article.Language{article.English, article.French, "de", article.Unknown} {
		if got := NewScanner(language).Language(); got != language {
			t.Errorf("scanner of %q says %q", language, got)
		}
	}
}
