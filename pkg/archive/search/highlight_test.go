package search_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/archive/search"
	"github.com/calque-dev/calque/pkg/article"
)

// marked writes a text with its matches in brackets.
func marked(s string, spans []article.Span) string {
	var b strings.Builder
	at := 0
	for _, x := range spans {
		b.WriteString(s[at:x.Start] + "[" + x.Of(s) + "]")
		at = x.End
	}
	return b.String() + s[at:]
}

func TestWordsOfTheQueryAreMarked(t *testing.T) {
	a := newArchive(t)
	a.add(t, 4, stories...)
	for _, c := range []struct {
		query, id, title string
		fragments        []string
	}{
		{"strike", "fr-strike", "Les dockers de Nordquai mettent fin à la [grève]", []string{
			"NORDQUAI (AFP) - Les dockers de Nordquai ont mis fin lundi à leur [grève], après douze jours. L’autorité portuaire a promis 1 500 emplois et 3 milliards de dollars.\n\nL'Assemblée nationale avait",
		}},
		{`"assemblée nationale" sécurité`, "fr-strike", "Les dockers de Nordquai mettent fin à la grève", []string{
			"L'[Assemblée] [nationale] avait demandé la reprise du travail, et la [sécurité] des quais avait été renforcée.",
		}},
		{"sécurité", "fr-caps", "[SECURITE] : LA GREVE DES PILOTES", []string{"Les pilotes du bac cessent le travail jusqu’au 2 janvier."}},
		{"dock* 3 milliards", "en-strike", "[Dockers] end strike at Northquay", []string{
			"NORTHQUAY (AFP) - The [dockers] of Northquay ended their strike on Monday after twelve days. The port authority promised 1,500 new jobs and [3 billion] dollars for the quays.\n\n“We are back at work,”",
		}},
	} {
		for _, h := range a.find(t, search.Request{Query: c.query, Translate: true}).Hits {
			if h.ID != c.id {
				continue
			}
			var got []string
			for _, f := range h.Fragments {
				got = append(got, marked(f.Text, f.Matches))
			}
			if diff := cmp.Diff(append([]string{c.title}, c.fragments...), append([]string{marked(h.Title, h.TitleMatches)}, got...)); diff != "" {
				t.Errorf("%s in %s (-want +got):\n%s", c.query, c.id, diff)
			}
		}
	}
}

// checkHit holds what is true of the marks of every hit.
func checkHit(t interface{ Fatalf(string, ...any) }, a *article.Article, h *search.Hit, asked map[string]bool) {
	words := map[article.Span]analysis.Term{}
	for _, x := range analysis.Terms(a.Language, a.Text) {
		words[article.Span{Start: x.Start, End: x.End}] = x
	}
	end := 0
	for _, f := range h.Fragments {
		if f.Start < end || f.Start+len(f.Text) > len(a.Text) || a.Text[f.Start:f.Start+len(f.Text)] != f.Text {
			t.Fatalf("%s: fragment at %d is not the text's, after %d", h.ID, f.Start, end)
		}
		end = f.Start + len(f.Text)
		if utf8.ValidString(a.Text) && !utf8.ValidString(f.Text) {
			t.Fatalf("%s: fragment %q cuts a character", h.ID, f.Text)
		}
		last := 0
		for _, s := range f.Matches {
			x, ok := words[article.Span{Start: s.Start + f.Start, End: s.End + f.Start}]
			if !ok || s.Start < last || asked != nil && !asked[x.Text] && !asked[x.Plain] {
				t.Fatalf("%s: %q is marked in %q", h.ID, s.Of(f.Text), f.Text)
			}
			last = s.End
		}
		if len(f.Text) > search.FragmentSize && len(f.Matches) != 1 {
			t.Fatalf("%s: fragment of %d bytes", h.ID, len(f.Text))
		}
	}
}

func TestEveryMarkedWordHasATermOfTheQuery(t *testing.T) {
	a := newArchive(t)
	vocabulary := strings.Fields("grève grèves Strike strikes l’Assemblée d'été Sécurité SECURITE 1,500 port the la — . \n \n\n 世界 \xff " +
		strings.Repeat("x", 150) + " " + strings.Repeat("é", 150))
	rapid.Check(t, func(t *rapid.T) {
		languages := []article.Language{article.English, article.French, "de"}
		x := article.Article{
			ID: "a", Language: rapid.SampledFrom(languages).Draw(t, "language"), Title: "Title",
			Text: strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 120).Draw(t, "text"), rapid.SampledFrom([]string{" ", "", "\n"}).Draw(t, "space")),
		}
		query := rapid.SliceOfN(rapid.SampledFrom([]string{"grève", "strike", "assemblée", "sécurité", "1500", "été"}), 1, 3).Draw(t, "query")
		clear(a.articles)
		a.articles["a"] = x
		if err := a.index.Index("a", document(&x, "")); err != nil {
			t.Fatalf("%v", err)
		}
		asked := map[string]bool{}
		for _, q := range query {
			for _, term := range analysis.Terms(x.Language, q) {
				asked[term.Text] = true
				if term.Plain != "" {
					asked[term.Plain] = true
				}
			}
		}
		r, err := a.search.Search(t.Context(), search.Request{Query: strings.Join(query, " ")})
		if err != nil {
			t.Fatalf("%v", err)
		}
		for i := range r.Hits {
			checkHit(t, &x, &r.Hits[i], asked)
			if len(r.Hits[i].Fragments) == 0 || len(r.Hits[i].Fragments[0].Matches) == 0 {
				t.Fatalf("nothing marked in %q for %q", x.Text, query)
			}
		}
	})
}

func FuzzSearch(f *testing.F) {
	a := newArchive(f)
	a.add(f, 3, stories...)
	for _, q := range []string{
		`+grève -"port authority" title:strike^2 published:>"2026-01-01"`, `source:"le quai" language:fr dock* strke~2 /a.c/`, `« l’Assemblée » 14:30 - 3 milliards`,
		`a:b:c`, `\`, `"\"`, `published:>=2026`, `~1 ^2`, `id:*`, `-`, `*`, "\xff", `é*?`,
	} {
		f.Add(q, true)
		f.Add(q, false)
	}
	f.Fuzz(func(t *testing.T, q string, translate bool) {
		r, err := a.search.Search(t.Context(), search.Request{Query: q, Translate: translate, Facets: true})
		if err != nil {
			return
		}
		if r.Total < len(r.Hits) {
			t.Fatalf("%d hits of %d", len(r.Hits), r.Total)
		}
		for i := range r.Hits {
			x := a.articles[r.Hits[i].ID]
			checkHit(t, &x, &r.Hits[i], nil)
		}
	})
}
