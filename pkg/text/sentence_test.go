package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

// cut are the sentences of a text as written.
func cut(language article.Language, text string) []string {
	var written []string
	for _, s := range NewScanner(language).Sentences(&article.Article{Text: text}) {
		written = append(written, s.Span.Of(text))
	}
	return written
}

// sentencesShown writes everything about sentences.
func sentencesShown(text string, sentences []Sentence) string {
	var b strings.Builder
	for _, s := range sentences {
		fmt.Fprintf(&b, "%v %q furniture=%v headline=%v: %s\n", s.Span, s.Span.Of(text), s.Furniture, s.Headline, shown(s.Tokens))
	}
	return b.String()
}

func TestSentences(t *testing.T) {
	const en, fr = article.English, article.French
	for _, c := range []struct {
		rule     string
		language article.Language
		text     string
		want     []string
	}{
		{"full stops", en, "The ferry left. It was late! Was it full? No", []string{"The ferry left.", "It was late!", "Was it full?", "No"}},
		{"no token, no sentence", en, " \n* * *\n…\n", nil},
		{"lines end sentences", en, "Ferry leaves\nIt was late", []string{"Ferry leaves", "It was late"}},
		{"carriage returns", en, "Ferry leaves\r\n\r\nIt was late.\r\nIt left.", []string{"Ferry leaves", "It was late.", "It left."}},
		{"no stop before lower case", en, "The site example.org went down at 5 p.m. local time. It is back.", []string{"The site example.org went down at 5 p.m. local time.", "It is back."}},
		{"titles", en, "Dr. Lowe met Mrs. Reed and Sen. Hart. They spoke.", []string{"Dr. Lowe met Mrs. Reed and Sen. Hart.", "They spoke."}},
		{"months", en, "It sank on Oct. 12 off Malta. Nobody died.", []string{"It sank on Oct. 12 off Malta.", "Nobody died."}},
		{"companies", en, "Quayside Inc. Boats were sold.", []string{"Quayside Inc. Boats were sold."}},
		{"initials", en, "J. R. Harbour and A.B. Wells sailed. They won.", []string{"J. R. Harbour and A.B. Wells sailed.", "They won."}},
		{"French titles", fr, "Mme. Leroy et Mgr. Petit sont venus. Ils ont parlé.", []string{"Mme. Leroy et Mgr. Petit sont venus.", "Ils ont parlé."}},
		{"numbers keep their point", en, "It cost 3.5 million. It sank.", []string{"It cost 3.5 million.", "It sank."}},
		{"ellipsis", fr, "Il attend… Le bateau part... Enfin.", []string{"Il attend…", "Le bateau part...", "Enfin."}},
		{"ellipsis before lower case", fr, "Il attend… encore… Fin.", []string{"Il attend… encore…", "Fin."}},
		{"several marks", en, "What?! Never… ever?… Yes.", []string{"What?!", "Never… ever?…", "Yes."}},
		{"closing quote", en, "“We sail.” The crew cheered. 'Now!' Then (at last.) They left.", []string{"“We sail.”", "The crew cheered.", "'Now!'", "Then (at last.)", "They left."}},
		{"guillemets", fr, "« On part. » Le port ferme. «\u00a0Vite\u00a0!\u00a0» Tous courent.", []string{"« On part. »", "Le port ferme.", "«\u00a0Vite\u00a0!\u00a0»", "Tous courent."}},
		{"guillemets, narrow spaces", fr, "«\u202fOn part.\u202f» Le port ferme.", []string{"«\u202fOn part.\u202f»", "Le port ferme."}},
		{"quote that goes on", fr, "« On part ! » lance le capitaine. Tous rient.", []string{"« On part ! » lance le capitaine.", "Tous rient."}},
		{"dashes and euro signs", fr, "Un quai – long – à 3 €. Un autre.", []string{"Un quai – long – à 3 €.", "Un autre."}},
		{"outer space is left out", en, " \t The ferry left. \n", []string{"The ferry left."}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if got := cut(c.language, c.text); !slices.Equal(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestAccentedAbbreviationsAndInitialsEndNoSentence(t *testing.T) {
	for _, text := range []string{
		"Le 3 févr. Paris a tranché.",
		"Selon É. Marchand, le port fermera.",
		"Le 5 déc. Lyon a suivi.",
	} {
		if got := cut(article.French, text); len(got) != 1 {
			t.Errorf("cut in %d: %q", len(got), got)
		}
	}
}

func TestCommonWordsThatAreAlsoAbbreviationsEndASentence(t *testing.T) {
	for _, text := range []string{
		"The answer was no. The ferry stayed in port.",
		"They never told me. The captain knew.",
		"She collects modern art. Her boat is full of it.",
	} {
		if got := cut(article.English, text); len(got) != 2 {
			t.Errorf("cut in %d: %q", len(got), got)
		}
	}
}

const wrappedText = `The harbour master said on Monday that the
northern basin would stay closed until the
wreck had been lifted. Divers found a crack in
the hull and asked for a second crane. It
comes from Bergen.

Fishermen had hoped to sail before the storm
that is due on Friday.
`

func TestWrappedTextIsCutAtBlankLinesAndStopsOnly(t *testing.T) {
	for _, text := range []string{wrappedText, strings.ReplaceAll(wrappedText, "\n", "\r\n")} {
		got := cut(article.English, text)
		for i := range got {
			got[i] = strings.Join(strings.Fields(got[i]), " ")
		}
		want := []string{
			"The harbour master said on Monday that the northern basin would stay closed until the wreck had been lifted.",
			"Divers found a crack in the hull and asked for a second crane.",
			"It comes from Bergen.",
			"Fishermen had hoped to sail before the storm that is due on Friday.",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q\nwant %q", got, want)
		}
	}
}

func TestALineASentenceIsNotWrappedText(t *testing.T) {
	text := strings.Repeat("The harbour master closed the northern basin on Monday\n", 8)
	if got := cut(article.English, text); len(got) != 8 {
		t.Errorf("%d sentences of 8 lines", len(got))
	}
}

func TestTheHeadlineInTheTextIsMarked(t *testing.T) {
	a := &article.Article{Title: "Port closes. Ships wait", Text: "Port closes. Ships wait\nThe port closed. Ships wait outside."}
	sentences := NewScanner(article.English).Sentences(a)
	var headline []string
	for _, s := range sentences {
		if s.Headline {
			headline = append(headline, s.Span.Of(a.Text))
		}
	}
	if want := []string{"Port closes.", "Ships wait"}; !slices.Equal(headline, want) {
		t.Errorf("headline %q, want %q", headline, want)
	}
	if len(sentences) != 4 {
		t.Errorf("%d sentences, want 4", len(sentences))
	}
}

// checkSentences fails unless sentences are ordered stretches of the text, apart
// from each other, with their tokens in order inside them.
func checkSentences(t interface{ Fatalf(string, ...any) }, text string, sentences []Sentence) {
	end := 0
	for _, s := range sentences {
		if s.Span.Start < end || s.Span.End <= s.Span.Start || s.Span.End > len(text) {
			t.Fatalf("sentence %v after %d in %d bytes of %q", s.Span, end, len(text), text)
		}
		end = s.Span.End
		if len(s.Tokens) == 0 {
			t.Fatalf("sentence %q without a token", s.Span.Of(text))
		}
		at := s.Span.Start
		for _, token := range s.Tokens {
			if token.Start < at || token.End <= token.Start || token.End > s.Span.End {
				t.Fatalf("token %d–%d after %d in sentence %v of %q", token.Start, token.End, at, s.Span, text)
			}
			at = token.End
			if (token.Kind == Word) != (token.Number == Decimal{}) && token.Kind == Word {
				t.Fatalf("word %q with a number", text[token.Start:token.End])
			}
			if token.Kind == Word && token.Form == nil {
				t.Fatalf("word %q without a form", text[token.Start:token.End])
			}
		}
	}
}

// newsText is pieces of writing in any order.
func newsText() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"The", "ferry", "Mr", "J", "U.S.", "US", "l’", "qu'", "don't", "Été", "cœur", "e\u0301", "1", "12", "500", "1er", "2.6.18",
			"14h30", "million", "milliards", "three", "cent", "one", "and", "a", "half", "un", "et", "demi", "vingt", "dix", "dozen", "quatre",
			"pour", "per", "%", "$", "€", "pm", "p.m.", "h", "heures", "m", ":", "+", "~", "/", "30", "neuf", "années", "XXe", "CVE-2009-1", ".", "...", "…", "!", "?", ",", "-", "—", "'", "’", "\"", "«", "»", ")", "(",
			" ", " ", " ", " ", "\u00a0", "\u202f", "\n", "\r\n", "\n\n", "\t", "©", "|", "Read more", "Share", "\u00ad", "\xe2", "\x80", "\xa6", "\xc2", "\xff",
		}),
		rapid.StringN(0, 4, -1),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 60), func(s []string) string { return strings.Join(s, "") })
}

func TestSentencesAndTokensLieInOrderInsideTheText(t *testing.T) {
	scanners := map[article.Language]*Scanner{}
	for _, l := range []article.Language{article.English, article.French, article.Unknown} {
		scanners[l] = NewScanner(l)
	}
	rapid.Check(t, func(t *rapid.T) {
		language := rapid.SampledFrom([]article.Language{article.English, article.French, article.Unknown}).Draw(t, "language")
		a := &article.Article{Text: newsText().Draw(t, "text")}
		if rapid.Bool().Draw(t, "has a title") {
			a.Title = strings.TrimSpace(newsText().Draw(t, "title"))
			a.Text = a.Title + "\n" + a.Text
		}
		reused := scanners[language].Sentences(a)
		checkSentences(t, a.Text, reused)
		if got, want := sentencesShown(a.Text, reused), sentencesShown(a.Text, NewScanner(language).Sentences(a)); got != want {
			t.Fatalf("a scanner used before gives\n%s\na new one\n%s", got, want)
		}
	})
}

func TestEveryWordOfTheTextIsInAToken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := newsText().Draw(t, "text")
		if !utf8.ValidString(text) {
			t.Skip("bytes that are no text hide what follows them")
		}
		covered := make([]bool, len(text))
		for _, token := range read(article.French, text) {
			for i := token.Start; i < token.End; i++ {
				covered[i] = true
			}
		}
		for i := range len(text) {
			if class[text[i]&0x7f] == 0 || text[i] >= utf8.RuneSelf || covered[i] {
				continue
			}
			if text[i]|0x20 == 's' && i > 0 { // the s of a possessive is dropped
				continue
			}
			t.Fatalf("byte %d of %q is in no token", i, text)
		}
	})
}

func FuzzSentences(f *testing.F) {
	f.Add("Port closes", "Port closes\nThe U.S. ferry cost 1,234.5 million… « Fin. »\r\n\r\nRead more | Share | © 2031", true)
	f.Add("", wrappedText, true)
	f.Add("", "L’\xe2.\x80 12\u00a0500 14h30 2.6.18 \xe2\x80\xa6", false)
	f.Add("", "2.30 p.m. $3.5bn 20 M€ 30 % quatre-vingt-dix-neuf mille et demi 14 h 30 1:2.3-4+deb10u1 12.03.2009 DSA-1-1", false)
	f.Add("", "one hundred and twenty thousand and a half per cent, half a dozen, twenty-first, 1430 GMT, the 1990's", true)
	f.Add("\xe2", "\xe2\n\x80\xa6 999999999999999999999", false)
	f.Fuzz(func(t *testing.T, title, text string, english bool) {
		language := article.French
		if english {
			language = article.English
		}
		checkSentences(t, text, NewScanner(language).Sentences(&article.Article{Title: title, Text: text}))
	})
}
