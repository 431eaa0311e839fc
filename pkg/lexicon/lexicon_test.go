package lexicon

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/text"
)

// meaning looks a word up as a text of the language would have it.
func meaning(l *Lexicon, language article.Language, word string) Sense {
	return l.Meaning(language, text.NewScanner(language).Form(word), text.NewScanner(article.English))
}

// share is the weight of the concept named so in the sense, 0 for none.
func share(s Sense, stem string) float64 {
	for _, w := range s.Concepts {
		if w.Concept == Named(stem) {
			return float64(w.Weight)
		}
	}
	return 0
}

func length(ws []Weighted) float64 {
	sum := 0.0
	for _, w := range ws {
		sum += float64(w.Weight) * float64(w.Weight)
	}
	return math.Sqrt(sum)
}

func TestAnEnglishWordIsTheConceptOfItsStemAndALittleOfItsSynonyms(t *testing.T) {
	l := New(harbour())
	boats := meaning(l, article.English, "Boats")
	if !boats.Known || len(boats.Concepts) != 2 || boats.Concepts[0].Concept != Named("boat") {
		t.Fatalf("boats: %+v", boats)
	}
	if a, b := share(boats, "boat"), share(boats, "ship"); b <= 0 || a <= b {
		t.Errorf("boats is boat by %v and ship by %v", a, b)
	}
	if the := meaning(l, article.English, "the"); share(the, "the") != 1 || len(the.Concepts) != 1 {
		t.Errorf("the: %+v", the)
	}
}

func TestAFrenchWordIsSpreadOverItsTranslations(t *testing.T) {
	bateau := meaning(New(harbour()), article.French, "bateau")
	if !bateau.Known || len(bateau.Concepts) != 2 {
		t.Fatalf("bateau: %+v", bateau)
	}
	if boat, ship := share(bateau, "boat"), share(bateau, "ship"); boat <= ship || ship <= 0 {
		t.Errorf("bateau is boat by %v and ship by %v", boat, ship)
	}
	// the shares are raised to a power and scaled to length 1
	a, b := math.Pow(0.6, flattening), math.Pow(0.3, flattening)
	if want := a / math.Hypot(a, b); math.Abs(share(bateau, "boat")-want) > 1e-6 {
		t.Errorf("bateau is boat by %v, want %v", share(bateau, "boat"), want)
	}
}

func TestAFrenchWordSeldomSeenMayBeWrittenTheSameInEnglish(t *testing.T) {
	l := New(harbour())
	// seen half a time: the prior is worth as much as what was seen
	seldom := meaning(l, article.French, "chalut")
	own, boat := share(seldom, "chalut"), share(seldom, "boat")
	if own == 0 || boat == 0 {
		t.Fatalf("chalut is itself by %v and boat by %v", own, boat)
	}
	if want := math.Pow(0.5/(0.2*0.5), flattening); math.Abs(own/boat-want) > 1e-4 {
		t.Errorf("its own form is %v times its translation, want %v", own/boat, want)
	}
	if often := meaning(l, article.French, "bateau"); share(often, "bateau") != 0 {
		t.Error("a word seen often keeps its own form")
	}
	// the own form is among the translations: it gains, and comes once
	port := meaning(l, article.French, "port")
	prior := identity / (1.5 + identity)
	want := math.Pow((0.5*(1-prior)+prior)/(0.4*(1-prior)), flattening)
	if got := share(port, "port") / share(port, "harbour"); len(port.Concepts) != 2 || math.Abs(got-want) > 1e-4 {
		t.Errorf("port: %+v, ratio %v, want %v", port, got, want)
	}
	if zut := meaning(l, article.French, "zut"); !zut.Known || share(zut, "zut") != 1 {
		t.Errorf("zut, without translations: %+v", zut)
	}
}

func TestAWordAlignedOftenButTranslatedByNothingMeansItsOwnForm(t *testing.T) {
	table := harbour()
	table.French = append(table.French, FrenchTerm{Stem: "zzz", Sentences: 900, Aligned: 800})
	if s := meaning(New(table), article.French, "zzz"); len(s.Concepts) != 1 || math.Abs(share(s, "zzz")-1) > 1e-6 {
		t.Errorf("%+v", s)
	}
}

func TestAnUnknownWordIsItsFoldedFormInEveryLanguage(t *testing.T) {
	l := New(harbour())
	for _, name := range []string{"Brzezinski", "Łódź", "Sévérac", "Zürich", "G20"} {
		english := meaning(l, article.English, name)
		if english.Known || len(english.Concepts) != 1 || english.Concepts[0].Weight != 1 {
			t.Fatalf("%s in English: %+v", name, english)
		}
		for _, language := range []article.Language{article.French, "de", article.Unknown} {
			other := meaning(l, language, name)
			if !slices.Equal(other.Concepts, english.Concepts) || other.IDF != english.IDF || other.Known {
				t.Errorf("%s is %+v in English and %+v in %q", name, english, other, language)
			}
		}
	}
	if a, b := meaning(l, article.English, "Severac"), meaning(l, article.French, "Sévérac"); !slices.Equal(a.Concepts, b.Concepts) {
		t.Error("a name with and without its accents is two concepts")
	}
}

func TestRarerWordsWeighMore(t *testing.T) {
	l := New(harbour())
	the, port, boat := meaning(l, article.English, "the").IDF, meaning(l, article.English, "port").IDF, meaning(l, article.English, "boat").IDF
	unknown := meaning(l, article.English, "xebec").IDF
	if the >= port || port >= boat || boat >= unknown || the < 0 {
		t.Errorf("the %v, port %v, boat %v, unknown %v", the, port, boat, unknown)
	}
	if want := math.Log(10_001.0 / 120); math.Abs(float64(boat)-want) > 1e-5 {
		t.Errorf("boat weighs %v, want %v", boat, want)
	}
}

func TestSharesOfEveryMeaningHaveLength1(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := tables().Draw(t, "table")
		for _, f := range table.French {
			for i := range f.Translations {
				f.Translations[i].Weight = max(f.Translations[i].Weight, 1.0/weightSteps)
			}
		}
		for i := range table.French {
			if f := &table.French[i]; len(f.Translations) == 0 {
				f.Aligned = 0
			}
		}
		l := New(table)
		english := text.NewScanner(article.English)
		for _, e := range table.English {
			s := l.Meaning(article.English, &text.Form{Text: e.Stem, Stem: e.Stem}, english)
			if d := length(s.Concepts); math.Abs(d-1) > 1e-5 {
				t.Fatalf("English %q has length %v", e.Stem, d)
			}
		}
		for _, f := range table.French {
			s := l.Meaning(article.French, &text.Form{Text: f.Stem, Stem: f.Stem}, english)
			if d := length(s.Concepts); !s.Known || math.Abs(d-1) > 1e-5 {
				t.Fatalf("French %q has length %v", f.Stem, d)
			}
		}
	})
}

func TestAskingTwiceGivesTheSame(t *testing.T) {
	l := New(harbour())
	for _, word := range []string{"bateau", "port", "chalut", "xebec"} {
		a, b := meaning(l, article.French, word), meaning(l, article.French, word)
		if !slices.Equal(a.Concepts, b.Concepts) {
			t.Errorf("%s: %v, then %v", word, a.Concepts, b.Concepts)
		}
	}
}

func TestNumbersAreConceptsByThemselves(t *testing.T) {
	number := func(language article.Language, written string) text.Token {
		return text.NewScanner(language).Sentences(&article.Article{Text: written})[0].Tokens[0]
	}
	a, b := number(article.English, "1,234.5"), number(article.French, "1\u202f234,5")
	if Number(a.Number) != Number(b.Number) {
		t.Error("a quantity written in two ways is two concepts")
	}
	if Number(a.Number) == Number(number(article.English, "1,234.6").Number) {
		t.Error("two quantities are one concept")
	}
	if small, large := NumberIDF(number(article.English, "12").Number), NumberIDF(number(article.English, "13").Number); small >= large {
		t.Errorf("12 weighs %v, 13 weighs %v", small, large)
	}
	if ten, million := NumberIDF(number(article.English, "10").Number), NumberIDF(number(article.English, "10 million").Number); ten > million {
		t.Errorf("10 weighs %v, 10 million %v", ten, million)
	}
}

func TestSmallCountsWeighTheSameHoweverManyZerosTheyEndIn(t *testing.T) {
	ten := text.NewScanner(article.English).Sentences(&article.Article{Text: "10"})[0].Tokens[0].Number
	if NumberIDF(ten) != NumberIDF(text.Decimal{Mantissa: 9}) {
		t.Errorf("10 weighs %v, 9 weighs %v", NumberIDF(ten), NumberIDF(text.Decimal{Mantissa: 9}))
	}
}

func TestTermsAreStemsAndNumbers(t *testing.T) {
	var got []string
	for _, token := range text.NewScanner(article.English).Sentences(&article.Article{Text: "Boats carried 1,200 containers"})[0].Tokens {
		got = append(got, TermOf(token))
	}
	if want := []string{"boat", "carri", "#1200", "contain"}; !slices.Equal(got, want) {
		t.Errorf("terms %q, want %q", got, want)
	}
}

func TestTheEmbeddedLexiconLoadsOnceAndTranslates(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := Default(); again != l {
		t.Error("read twice")
	}
	for french, english := range map[string]string{"grève": "strike", "navire": "ship", "pêche": "fisheries", "eau": "water"} {
		stem := text.Fold(text.NewScanner(article.English).Form(english).Stem)
		s := meaning(l, article.French, french)
		if !s.Known || share(s, stem) == 0 {
			t.Errorf("%s does not mean %s: %+v", french, stem, s)
		}
	}
}

func TestEveryTermOfTheEmbeddedLexiconHasAMeaning(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	english := text.NewScanner(article.English)
	bad := 0
	for _, f := range l.Table().French {
		s := l.Meaning(article.French, &text.Form{Text: f.Stem, Stem: f.Stem}, english)
		if math.Abs(length(s.Concepts)-1) > 1e-4 || s.IDF < 0 || math.IsNaN(float64(s.IDF)) {
			if bad++; bad < 10 {
				t.Errorf("%q: %+v, aligned %v", f.Stem, s, f.Aligned)
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d of %d French terms", bad, len(l.Table().French))
	}
}

func TestAFrenchWordIsTrustedAsFarAsItWasAligned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sentences := rapid.IntRange(1, 1_000_000).Draw(t, "sentences")
		less := rapid.Float64Range(0, 2*float64(sentences)).Draw(t, "aligned")
		more := less + rapid.Float64Range(0, float64(sentences)).Draw(t, "and more")
		a, b := trust(FrenchTerm{Sentences: sentences, Aligned: less}), trust(FrenchTerm{Sentences: sentences, Aligned: more})
		if a <= 0 || b > 1 || a > b {
			t.Fatalf("in %d sentences: %v aligned %v times, %v aligned %v times", sentences, a, less, b, more)
		}
	})
	if never, always := trust(FrenchTerm{Sentences: 10_000}), trust(FrenchTerm{Sentences: 10_000, Aligned: 10_000}); never > 0.1 || always < 0.99 {
		t.Errorf("never aligned: %v, always: %v", never, always)
	}
}

func TestEnglishAndUnknownWordsAreTrusted(t *testing.T) {
	l := New(harbour())
	for _, s := range []Sense{
		meaning(l, article.English, "boat"), meaning(l, article.English, "Brzezinski"), meaning(l, article.French, "Brzezinski"), meaning(l, "de", "boat"),
	} {
		if s.Trust != 1 {
			t.Errorf("%+v", s)
		}
	}
}
