package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

const (
	englishProse = "The ferry left the northern harbour on Monday with two hundred passengers and a crew of twelve, the operator said.\n" +
		"It had been tied up for a week because of a strike over pay, and the mayor welcomed the end of it."
	frenchProse = "Le bac a quitté lundi le port du nord avec deux cents passagers et douze marins à bord, a indiqué l’exploitant.\n" +
		"Il était resté à quai une semaine en raison d’une grève, dont la mairie a salué la fin."
)

func TestAttributesAtTheHead(t *testing.T) {
	for _, c := range []struct {
		head string // in front of English prose
		want Attributes
	}{
		{"By Jane Doe\n", Attributes{Byline: "By Jane Doe"}},
		{"BY JANE DOE\n", Attributes{Byline: "BY JANE DOE"}},
		{"By Jane Doe and John Q. Roe\n", Attributes{Byline: "By Jane Doe and John Q. Roe"}},
		{"By Jane van der Berg in Paris\n", Attributes{Byline: "By Jane van der Berg in Paris"}},
		{"By Jane Doe, Harbour News\n", Attributes{Byline: "By Jane Doe, Harbour News"}},
		{"By Jane Doe | AP\n", Attributes{Byline: "By Jane Doe | AP", Agency: "AP"}},
		{"By The Associated Press\n", Attributes{Byline: "By The Associated Press", Agency: "AP"}},
		{"By our own correspondent\n", Attributes{Byline: "By our own correspondent"}},
		{"Jane Doe, Reuters\n", Attributes{Byline: "Jane Doe, Reuters", Agency: "Reuters"}},
		{"Jane Doe (AFP)\n", Attributes{Byline: "Jane Doe (AFP)", Agency: "AFP"}},
		{"Par Jean Dupont\n", Attributes{Byline: "Par Jean Dupont"}},
		{"Par Jean-Luc d’Aubigné et Zoé Le Goff\n", Attributes{Byline: "Par Jean-Luc d’Aubigné et Zoé Le Goff"}},
		{"Jean Dupont avec AFP\n", Attributes{Byline: "Jean Dupont avec AFP", Agency: "AFP"}},
		{"Le Quotidien du Nord avec AFP\n", Attributes{Byline: "Le Quotidien du Nord avec AFP", Agency: "AFP"}},
		{"Propos recueillis par Jean Dupont\n", Attributes{Byline: "Propos recueillis par Jean Dupont"}},
		{"De notre correspondante à Genève\n", Attributes{Byline: "De notre correspondante à Genève"}},
		{"Traduit de l’anglais par Jean Dupont\n", Attributes{Byline: "Traduit de l’anglais par Jean Dupont"}},
		{"AFP\n", Attributes{Agency: "AFP"}},
		{"Source : Reuters\n", Attributes{Agency: "Reuters"}},
		{"(avec AFP et Reuters)\n", Attributes{Agency: "AFP"}},
		{"avec l’AFP\n", Attributes{Agency: "AFP"}},
		{"La Presse Canadienne\n", Attributes{Agency: "Canadian Press"}},
		{"© 2020 Agence France-Presse\n", Attributes{Agency: "AFP"}},
		{"Keystone-ATS\n", Attributes{Agency: "ATS"}},
		{"Published: 3 March 2020 10:12\n", Attributes{Published: "Published: 3 March 2020 10:12"}},
		{"Updated 3 hours ago\n", Attributes{Published: "Updated 3 hours ago"}},
		{"Last updated on Tue., March 3rd, 2020 at 10.12 a.m. GMT\n", Attributes{Published: "Last updated on Tue., March 3rd, 2020 at 10.12 a.m. GMT"}},
		{"Publié le 3 mars 2020 à 10h12\n", Attributes{Published: "Publié le 3 mars 2020 à 10h12"}},
		{"Publié le 3 mars à 10h12 - Mis à jour le 4 mars à 8h\n", Attributes{Published: "Publié le 3 mars à 10h12 - Mis à jour le 4 mars à 8h"}},
		{"Publié par Jean Dupont le 1er mars 2020\n", Attributes{Published: "Publié par Jean Dupont le 1er mars 2020"}},
		{"Mis à jour aujourd’hui à 10:12\n", Attributes{Published: "Mis à jour aujourd’hui à 10:12"}},
		{"PARIS (AFP) – ", Attributes{Dateline: "PARIS (AFP) –", Agency: "AFP"}},
		{"PARIS (AFP) ", Attributes{Dateline: "PARIS (AFP)", Agency: "AFP"}},
		{"Paris (AFP/Reuters) - ", Attributes{Dateline: "Paris (AFP/Reuters) -", Agency: "AFP"}},
		{"Paris, le 3 mars (AFP) - ", Attributes{Dateline: "Paris, le 3 mars (AFP) -", Agency: "AFP"}},
		{"WASHINGTON, March 3 (Reuters) - ", Attributes{Dateline: "WASHINGTON, March 3 (Reuters) -", Agency: "Reuters"}},
		{"KANSAS CITY, Mo. (AP) _ ", Attributes{Dateline: "KANSAS CITY, Mo. (AP) _", Agency: "AP"}},
		{"(Reuters) - ", Attributes{Dateline: "(Reuters) -", Agency: "Reuters"}},
		{"LONDON — ", Attributes{Dateline: "LONDON —"}},
		{"LONDON—", Attributes{Dateline: "LONDON—"}},
		{"NEW YORK, March 3 -- ", Attributes{Dateline: "NEW YORK, March 3 --"}},
		{"SAINT-MALO, Ille-et-Vilaine – ", Attributes{Dateline: "SAINT-MALO, Ille-et-Vilaine –"}},
		{"À Genève\n", Attributes{Dateline: "À Genève"}},
		{"Genève, le 3 mars 2020\n", Attributes{Dateline: "Genève, le 3 mars 2020"}},
		{
			"Strike ends\nBy Jane Doe\nUpdated: 3 March 2020\n\nPARIS (AFP) – ",
			Attributes{"By Jane Doe", "PARIS (AFP) –", "AFP", "Updated: 3 March 2020"},
		},
	} {
		for _, prose := range []string{englishProse, frenchProse} {
			a := &article.Article{Text: c.head + prose}
			if got := AttributesOf(a); got != c.want {
				t.Errorf("%q: %+v, want %+v", c.head, got, c.want)
			}
			for _, s := range NewScanner(article.French).Sentences(a) {
				own := strings.LastIndexByte(c.head, '\n') // lines of their own end here
				if want := s.Span.End <= own && !strings.HasPrefix(s.Span.Of(a.Text), "Strike"); s.Furniture != want {
					t.Errorf("%q: furniture %v: %q", c.head, s.Furniture, s.Span.Of(a.Text))
				}
			}
		}
	}
}

func TestAttributesAtTheFoot(t *testing.T) {
	for _, c := range []struct {
		foot string // below French prose
		want Attributes
	}{
		{"\nJean Dupont (AFP)", Attributes{Byline: "Jean Dupont (AFP)", Agency: "AFP"}},
		{"\n\n(Reporting by Jane Doe in Paris; Editing by John Roe)\n", Attributes{Byline: "(Reporting by Jane Doe in Paris; Editing by John Roe)"}},
		{"\n(Jean Dupont pour le service français, édité par Zoé Le Goff)", Attributes{Byline: "(Jean Dupont pour le service français, édité par Zoé Le Goff)"}},
		{"\nAvec AFP", Attributes{Agency: "AFP"}},
		{"\n(c) 2020 AFP", Attributes{Agency: "AFP"}},
		{"\nATS", Attributes{Agency: "ATS"}},
		{"\nMis à jour le 3 mars 2020", Attributes{Published: "Mis à jour le 3 mars 2020"}},
		{" (AFP)", Attributes{Agency: "AFP"}},
		{" (avec Reuters)\n", Attributes{Agency: "Reuters"}},
	} {
		a := &article.Article{Text: frenchProse + c.foot}
		if got := AttributesOf(a); got != c.want {
			t.Errorf("%q: %+v, want %+v", c.foot, got, c.want)
		}
		for _, s := range NewScanner(article.French).Sentences(a) {
			if want := s.Span.Start >= len(frenchProse); s.Furniture != want {
				t.Errorf("%q: furniture %v: %q", c.foot, s.Furniture, s.Span.Of(a.Text))
			}
		}
	}
}

func TestNewsThatLooksLikeAnAttributeIsNews(t *testing.T) {
	for _, line := range []string{
		"By Monday", "By land and by sea", "By Land And By Sea", "By the Book", "By Jane Doe’s account the strike was over.", "By 2020",
		"Par amour", "Par Toutatis", "Par Temps de Grève et de Pluie", "De Gaulle", "Par-dessus bord",
		"Agence France-Presse (AFP) said it would cut jobs.", "The Armed Forces of the Philippines (AFP) said so.",
		"NATO — the alliance — met on Monday.", "NASA – The agency has a ship, and NASA wants another.", "OPEC - and the oil price",
		"Paris — the city of light — was dark.", "Marseille - Lyon 2-1", "Reuters shares rose.", "AFP chief quits", "The AP reports",
		"PARIS", "Published in 1984, the novel sold well", "Updated rules take effect in 2021", "Publié en 1984, le roman s’est bien vendu",
		"Mis à jour en 2020, le logiciel est sûr", "À Genève, on négocie", "Source: the ministry", "Selon Reuters, le navire a coulé.",
		"Associated Press photographer freed", "John Doe, 32, Paris", "Jane Doe, mayor of Nordquay", "Pa, we miss you",
		"Jane Doe and Jean Dupont",
	} {
		for _, text := range []string{line + "\n" + englishProse, englishProse + "\n" + line} {
			a := &article.Article{Text: text}
			if got := AttributesOf(a); !got.IsZero() {
				t.Errorf("%q: %+v", line, got)
			}
			if furniture, _ := judged(article.English, text); len(furniture) > 0 {
				t.Errorf("%q is furniture", furniture)
			}
		}
	}
}

func TestAttributesInTheMiddleAreNews(t *testing.T) {
	for _, line := range []string{"By Jane Doe", "PARIS (AFP) – The port is shut.", "AFP", "Publié le 3 mars 2020"} {
		text := strings.Repeat(englishProse+"\n", 2) + line + "\n" + strings.Repeat(englishProse+"\n", 2)
		if got := AttributesOf(&article.Article{Text: text}); !got.IsZero() {
			t.Errorf("%q: %+v", line, got)
		}
	}
}

func TestAttributesOfTextWrappedAtAFixedWidthAreParagraphs(t *testing.T) {
	const wrapped = "The ferry left the northern harbour on Monday with two hundred\n" +
		"passengers and a crew of twelve, the operator said, and the photographs\n" +
		"that were taken of it on that occasion are the work of an old friend,\n" +
		"Jane Doe, Reuters\n" +
		"having refused to send anybody while the weather was so rough that\n" +
		"the pilots stayed at home."
	if got := AttributesOf(&article.Article{Text: wrapped}); !got.IsZero() {
		t.Errorf("%+v", got)
	}
	if got := AttributesOf(&article.Article{Text: "Jane Doe, Reuters\n\n" + wrapped}); got.Agency != "Reuters" {
		t.Errorf("%+v", got)
	}
}

func TestTheSentencesOfATextHoldAllItsWordsOnce(t *testing.T) {
	pieces := rapid.SliceOfN(rapid.SampledFrom([]string{
		"By Jane Doe", "Par Jean Dupont", "PARIS (AFP) – ", "LONDON — ", "À Genève", "Published: 3 March 2020", "(AFP)", "AFP", "Share this",
		"The ferry left. ", "Le bac est parti", "«\u00a0Vite\u00a0!\u00a0»", "\n", "\n\n", " ", "\r\n", "é", "\xe2", "…", "(", ")", "—", "Lire aussi",
	}), 0, 14)
	rapid.Check(t, func(t *rapid.T) {
		a := &article.Article{Text: strings.Join(pieces.Draw(t, "text"), "")}
		if rapid.Bool().Draw(t, "titled") {
			a.Title = strings.Join(pieces.Draw(t, "title"), "")
		}
		var sentences strings.Builder
		at := 0
		for _, s := range NewScanner(article.English).Sentences(a) {
			if s.Span.Start < at || s.Span.End > len(a.Text) || s.Span.Len() <= 0 {
				t.Fatalf("span %v after %d in %d bytes", s.Span, at, len(a.Text))
			}
			if n := len(s.Tokens); s.Tokens[0].Start < s.Span.Start || s.Tokens[n-1].End > s.Span.End {
				t.Fatalf("tokens outside %v", s.Span)
			}
			at = s.Span.End
			sentences.WriteString(s.Span.Of(a.Text) + " ")
		}
		if got, want := article.Normalise(sentences.String()), article.Normalise(a.Text); got != want {
			t.Fatalf("%q became %q", want, got)
		}
		AttributesOf(a)
	})
}

func TestWhatTheTextDoesNotStateIsTakenFromAuthorAndSource(t *testing.T) {
	for _, c := range []struct {
		article article.Article
		want    Attributes
	}{
		{article.Article{Text: englishProse, Author: "Jane Doe", Source: "Harbour News"}, Attributes{Byline: "Jane Doe"}},
		{article.Article{Text: englishProse, Author: "Le Quotidien avec AFP"}, Attributes{Byline: "Le Quotidien avec AFP", Agency: "AFP"}},
		{article.Article{Text: englishProse, Author: "Jane Doe; Reuters", Source: "AFP"}, Attributes{Byline: "Jane Doe; Reuters", Agency: "Reuters"}},
		{article.Article{Text: englishProse, Source: "Agence France-Presse"}, Attributes{Agency: "AFP"}},
		{article.Article{Text: "PARIS (AFP) – " + frenchProse, Author: "Jane Doe", Source: "Reuters"},
			Attributes{Byline: "Jane Doe", Dateline: "PARIS (AFP) –", Agency: "AFP"}},
		{article.Article{Text: "By John Roe\n" + englishProse, Author: "Jane Doe"}, Attributes{Byline: "By John Roe"}},
	} {
		if got := AttributesOf(&c.article); got != c.want {
			t.Errorf("%.40q by %q of %q: %+v, want %+v", c.article.Text, c.article.Author, c.article.Source, got, c.want)
		}
	}
}
