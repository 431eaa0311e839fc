package text

import (
	"slices"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
)

// read are the tokens of a text, of all its sentences.
func read(language article.Language, text string) []Token {
	var tokens []Token
	for _, s := range NewScanner(language).Sentences(&article.Article{Text: text}) {
		tokens = append(tokens, s.Tokens...)
	}
	return tokens
}

// shown writes tokens as their form, numbers as "#" and their value.
func shown(tokens []Token) string {
	var words []string
	for _, t := range tokens {
		if t.Kind == Number {
			words = append(words, "#"+t.Number.String())
		} else {
			words = append(words, t.Form.Text)
		}
	}
	return strings.Join(words, " ")
}

func TestWords(t *testing.T) {
	const en, fr = article.English, article.French
	for _, c := range []struct {
		rule     string
		language article.Language
		text     string
		want     string
	}{
		{"elision, straight apostrophe", fr, "l'armateur d'ici qu'il n'a", "l armateur d ici qu il n a"},
		{"elision, curly apostrophe", fr, "L’armateur d’ici qu’il n’a", "l armateur d ici qu il n a"},
		{"long elisions", fr, "jusqu’ici lorsqu'elle puisqu’on quelqu'un quoiqu’il", "jusqu ici lorsqu elle puisqu on quelqu un quoiqu il"},
		{"elisions in a row", fr, "s’il n’y a qu’eux", "s il n y a qu eux"},
		{"no elision", fr, "aujourd’hui, la presqu'île", "aujourd'hui la presqu'île"},
		{"possessive dropped", en, "the skipper's boat, Lena’s crew", "the skipper boat lena crew"},
		{"plural possessive", en, "the sailors' strike", "the sailors strike"},
		{"contraction whole", en, "don't can’t they’ve I'm", "don't can't they've i'm"},
		{"surname with apostrophe", en, "Mr O’Hara", "mr o'hara"},
		{"apostrophes as quotes", en, "a 'quiet' port", "a quiet port"},
		{"apostrophe at the end", en, "rock'", "rock"},
		{"hyphens part words", fr, "Saint-Malo, peut-être", "saint malo peut être"},
		{"initials", en, "the U.S. and the U.K.", "the u.s and the u.k"},
		{"capital US is the country", en, "US ships", "u.s ships"},
		{"lower us is the pronoun", en, "take us home", "take us home"},
		{"US in French is no country", fr, "US", "us"},
		{"one initial", en, "J. Harbour", "j harbour"},
		{"initial before a word is alone", en, "a.boat", "a boat"},
		{"ligatures", fr, "cœur ŒUVRE ex æquo", "coeur oeuvre ex aequo"},
		{"sharp s", article.Unknown, "Straße", "strasse"},
		{"combining accents", fr, "e\u0301te\u0301 ÉTE\u0301", "été été"},
		{"soft hyphen", fr, "chan\u00adtier", "chantier"},
		{"words with digits", en, "the G20 and A320neo", "the g20 and a320neo"},
		{"other alphabets", article.Unknown, "Москва Αθήνα", "москва αθήνα"},
		{"marks that are no letters part words", en, "boat/ship_port—quay", "boat ship port quay"},
		{"bytes that are no text", en, "boat\xffship\xe2\x80quay", "boat ship quay"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if got := shown(read(c.language, c.text)); got != c.want {
				t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}

func TestBothApostrophesAndBothWaysOfAccentingAreOneForm(t *testing.T) {
	s := NewScanner(article.French)
	for _, c := range [][2]string{{"don't", "don’t"}, {"été", "e\u0301te\u0301"}, {"cœur", "coeur"}, {"ÉTÉ", "été"}} {
		if a, b := s.Form(c[0]), s.Form(c[1]); a.Text != b.Text || a.Stem != b.Stem {
			t.Errorf("%q is %q, %q is %q", c[0], a.Text, c[1], b.Text)
		}
	}
}

func TestInitialsLoseTheirPossessive(t *testing.T) {
	if got := shown(read(article.English, "the U.S.’s fleet")); got != "the u.s fleet" {
		t.Errorf("got %s", got)
	}
}

func TestTokenCoversItsWord(t *testing.T) {
	const text = "« L’Œuvre » : 3,5 millions d’euros, le 1er mai."
	var written []string
	for _, token := range read(article.French, text) {
		written = append(written, text[token.Start:token.End])
	}
	if want := []string{"L", "Œuvre", "3,5 millions", "d", "euros", "le", "1er", "mai"}; !slices.Equal(written, want) {
		t.Errorf("got %q, want %q", written, want)
	}
}

func TestCapital(t *testing.T) {
	for word, want := range map[string]bool{"Ferry": true, "ferry": false, "Été": true, "été": false, "iPhone": false, "Ǆ": true} {
		if got := read(article.French, word)[0].Capital; got != want {
			t.Errorf("%q: capital is %v", word, got)
		}
	}
}
