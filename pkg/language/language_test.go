package language

import (
	"fmt"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
)

func ExampleFunctionWords() {
	var detector FunctionWords // without a fallback: "" where it is not sure
	for _, text := range []string{
		"The mayor said the bridge would stay closed until the end of the week.",
		"Le maire a dit que le pont resterait fermé jusqu'à la fin de la semaine.",
		"Ponte Vecchio, Firenze",
	} {
		fmt.Printf("%q\n", detector.Detect(text))
	}
	// Output:
	// "en"
	// "fr"
	// ""
}

func TestTextIsInTheLanguageOfItsFunctionWords(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       article.Language
	}{
		{"English headline", "Ministers say the new port will open next year", "en"},
		{"English in capitals", "MINISTERS SAY THE NEW PORT WILL OPEN NEXT YEAR", "en"},
		{"English with contractions", "It's late and they don't know who's there", "en"},
		{"English with curly apostrophes", "It’s late and they don’t know who’s there", "en"},
		{"English with French names", "Jean-Pierre de La Tour, of the Société Générale des Eaux in Aix-en-Provence, said he was sorry for what had happened to the people", "en"},
		{"English quoting French", "The editor of Le Monde said that “la vie est belle” was the best title they had been given this year", "en"},
		{"French headline", "Les ministres disent que le nouveau port ouvrira dans un an", "fr"},
		{"French in capitals with accents", "LE MINISTRE A ÉTÉ REÇU À L'ÉLYSÉE AVEC SES CONSEILLERS", "fr"},
		{"French in capitals without accents", "LE MINISTRE A ETE RECU A L'ELYSEE AVEC SES CONSEILLERS", "fr"},
		{"French without accents", "Le maire a ete elu tres tot mais il n'a pas encore parle a la presse", "fr"},
		{"French with decomposed accents", "Le maire a e\u0301te\u0301 e\u0301lu tre\u0300s to\u0302t mais il n'a pas encore parle\u0301 a\u0300 la presse", "fr"},
		{"French elisions", "Qu'il s'agisse d'eau ou d'air, l'usine n'a plus d'excuse", "fr"},
		{"French elisions with curly apostrophes", "Qu’il s’agisse d’eau ou d’air, l’usine n’a plus d’excuse", "fr"},
		{"French quoting English titles", "Le réalisateur de « The Lord of the Rings » présentera son nouveau film, « The Wind and the Water », dans la ville où il est né, avec tous ses acteurs et ceux qui les ont suivis", "fr"},
		{"German", "Der Bürgermeister hat gestern gesagt, dass die Brücke nicht vor dem Ende der Woche geöffnet wird", "de"},
		{"Spanish", "El alcalde dijo ayer que el puente no se abrirá hasta el final de la semana, según los vecinos", "es"},
		{"Italian", "Il sindaco ha detto che il ponte non sarà aperto prima della fine della settimana, anche se gli operai sono pronti", "it"},
		{"Portuguese", "O presidente da câmara disse que a ponte não vai abrir até ao fim da semana, mas os moradores já não têm paciência", "pt"},
		{"Dutch", "De burgemeester zei dat de brug niet voor het einde van de week wordt geopend, maar dat het werk bijna klaar is", "nl"},
		{"Swedish is none of them", "Borgmästaren sade att bron inte kommer att öppnas före slutet av veckan, men det är nästan klart", article.Unknown},
		{"Polish is none of them", "Burmistrz powiedział, że most nie będzie otwarty przed końcem tygodnia, ale jest już prawie gotowy i czeka się na odbiór", article.Unknown},
		{"Russian is none of them", "Мэр сказал, что мост не откроют до конца недели", article.Unknown},
		{"Chinese is none of them", "市长说，这座桥在周末之前不会开放", article.Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, sure := Sure(c.text); got != c.want || !sure {
				p := poll(c.text, article.Unknown)
				t.Errorf("Sure = %q, %v, want %q; votes %v of %d words", got, sure, c.want, p.votes, p.words)
			}
		})
	}
}

func TestThinOrMixedEvidenceIsNotSure(t *testing.T) {
	en := "The mayor said the bridge would stay closed until the end of the week. "
	fr := "Les habitants n'ont pas été prévenus, mais ils pensent que le pont sera fermé dans deux semaines. "
	for name, text := range map[string]string{
		"empty":               "",
		"spaces":              " \n\t",
		"numbers":             "12 345 67,8 2008",
		"names":               "Marine Le Pen, Angela Merkel, Los Angeles",
		"one word":            "the",
		"company":             "L'Oréal SA",
		"half and half":       en + fr,
		"half and half, long": strings.Repeat(en, 60) + strings.Repeat(fr, 60),
		"line by line":        strings.Repeat(en+fr, 40),
		"invalid UTF-8":       "\xff\xfe\xc3",
	} {
		t.Run(name, func(t *testing.T) {
			if got, sure := Sure(text); sure {
				p := poll(text, article.Unknown)
				t.Errorf("sure of %q; votes %v of %d words", got, p.votes, p.words)
			}
		})
	}
}

func TestFurnitureInAnotherLanguageDoesNotDecide(t *testing.T) {
	furniture := "We and our partners use cookies. By using this site you accept that we do. Read more about this in our policy. "
	fr := "Le maire a dit que le pont resterait fermé jusqu'à la fin de la semaine, mais les habitants n'ont pas été prévenus. "
	for _, times := range []int{10, 40, 400} {
		text := furniture + strings.Repeat(fr, times) + furniture
		for _, said := range []article.Language{article.Unknown, article.French, article.English, "de"} {
			if got, sure := SureAs(text, said); got != article.French || !sure {
				t.Errorf("%d bytes, said to be %q: %q, %v", len(text), said, got, sure)
			}
		}
	}
}

// always answers one language and remembers that it was asked.
type always struct {
	language article.Language
	asked    *int
}

func (a always) Detect(string) article.Language { *a.asked++; return a.language }

func TestFallbackIsAskedOnlyWhenUndecided(t *testing.T) {
	asked := 0
	f := FunctionWords{Fallback: always{"it", &asked}}
	if got := f.Detect("She said that they were not there when it happened"); got != "en" || asked != 0 {
		t.Errorf("clear text: %q after %d questions", got, asked)
	}
	if got := f.Detect("Borgmästaren sade att bron inte kommer att öppnas och att det är nästan klart"); got != article.Unknown || asked != 0 {
		t.Errorf("text that is surely none of the seven: %q after %d questions", got, asked)
	}
	if got := f.Detect("Ponte Vecchio"); got != "it" || asked != 1 {
		t.Errorf("undecided text: %q after %d questions", got, asked)
	}
}

func FuzzSure(f *testing.F) {
	for _, s := range []string{"", "the", "l’été d'hier", "\xc3", "\xe2\x80", "don't", "a'", "'s", "日本語 the", "e\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		language, sure := Sure(text)
		if again, ok := Sure(text); again != language || ok != sure {
			t.Errorf("%q, %v, then %q, %v", language, sure, again, ok)
		}
		if len(text) > stretch { // Sure reads it in pieces; one alone must fit a ballot
			text = text[:stretch]
		}
		votes, words, foreign := count(text)
		whole, _, _ := count(strings.ToUpper(text))
		if words < 0 || foreign < 0 || words+foreign > len(text) {
			t.Errorf("%d words, %d foreign letters in %d bytes", words, foreign, len(text))
		}
		if isASCII(text) && votes != whole {
			t.Errorf("capitals vote %x, small letters %x", whole, votes)
		}
	})
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

func TestSureAllocatesNothing(t *testing.T) {
	text := strings.Repeat("Le maire l’a dit : the bridge, die Brücke, el puente. ", 60)
	if n := testing.AllocsPerRun(20, func() { Sure(text) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkSure(b *testing.B) {
	en := "The mayor of the port said on Tuesday that the bridge, which had been closed since March after two ships struck it, would not open before the end of the week, because the engineers were waiting for a report about its pillars. "
	fr := "Le maire de la ville portuaire a déclaré mardi que le pont, fermé depuis mars après que deux navires l'ont heurté, n'ouvrirait pas avant la fin de la semaine, les ingénieurs attendant un rapport sur l'état de ses piles. "
	for _, c := range []struct{ name, text string }{
		{"English2kB", strings.Repeat(en, 9)},
		{"French2kB", strings.Repeat(fr, 9)},
		{"Mixed2kB", strings.Repeat(en+fr, 5)},
		{"Sentence", en},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Sure(c.text)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}
