package analysis_test

import (
	"fmt"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/text"
)

// line writes the indexed terms of a text with the words as written.
func line(language article.Language, s string) string {
	var out []string
	for _, t := range analysis.Terms(language, s) {
		if t.Common {
			continue
		}
		w := t.Text
		if t.Plain != "" {
			w += "|" + t.Plain
		}
		out = append(out, fmt.Sprintf("%s@%d<%s>", w, t.Position, s[t.Start:t.End]))
	}
	return strings.Join(out, " ")
}

func TestTermsAreStemsWithOffsets(t *testing.T) {
	for _, c := range []struct {
		language article.Language
		in, want string
	}{
		{article.English, "The strikers’ union in Northquay", "striker@2<strikers> union@3<union> northquay@5<Northquay>"},
		{article.English, "WHO may ask the U.S. and US dockers", "who@1<WHO> may@2<may> ask@3<ask> u.@5<U.S> u.@7<US> docker@8<dockers>"},
		{article.English, "1,000 people, three billion and a café", "1000@1<1,000> peopl@2<people> 3000000000@3<three billion> cafe@6<café>"},
		{article.French, "L’Assemblée a voté", "assembl|assemble@1<Assemblée> a@2<a> vot@3<voté>"},
		{article.French, "la sécurité, SECURITE", "secur|securit@2<sécurité> securit@3<SECURITE>"},
		{article.French, "1 000 grévistes et 3,5 milliards d'euros à 14h30", "1000@1<1 000> grevist@2<grévistes> 3500000000@4<3,5 milliards> euros@5<euros> 14:30@7<14h30>"},
		{article.French, "l’été à l’est, l'or et le cœur", "ete@1<été> est@3<est> or@4<or> coeur@7<cœur>"},
		{"de", "Die Häfen von 2026", "die@1<Die> hafen@2<Häfen> von@3<von> 2026@4<2026>"},
	} {
		got := line(c.language, c.in)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %q (-want +got):\n%s", c.language, c.in, diff)
		}
	}
}

func TestSpellingsMeet(t *testing.T) {
	for _, c := range []struct {
		language article.Language
		a, b     string
	}{
		{article.French, "l'Assemblée", "assemblées"},
		{article.French, "1 000", "mille"},
		{article.English, "1,000", "a thousand"},
		{article.English, "1.5 million", "1,500,000"},
		{article.French, "Œuvre", "oeuvres"},
		{article.French, "qu’Élysée", "Elysée"},
	} {
		if a, b := last(c.language, c.a), last(c.language, c.b); a != b {
			t.Errorf("%s: %q is %q, %q is %q", c.language, c.a, a, c.b, b)
		}
	}
}

func last(language article.Language, s string) string {
	terms := analysis.Terms(language, s)
	return terms[len(terms)-1].Text
}

var languages = []article.Language{article.English, article.French, "de"}

// check holds the laws of every text.
func check(t interface{ Fatalf(string, ...any) }, language article.Language, s string) {
	end, position := 0, 0
	var terms []string
	for _, x := range analysis.Terms(language, s) {
		if x.Start < end || x.End <= x.Start || x.End > len(s) {
			t.Fatalf("%s %q: %q at %d:%d after %d", language, s, x.Text, x.Start, x.End, end)
		}
		if x.Text == "" || x.Position != position+1 {
			t.Fatalf("%s %q: term %q at position %d after %d", language, s, x.Text, x.Position, position)
		}
		end, position = x.End, x.Position
		if !x.Common {
			terms = append(terms, x.Text)
			if x.Plain != "" {
				terms = append(terms, x.Plain)
			}
		}
	}
	a := analysis.Mapping().AnalyzerNamed(analysis.Of(language))
	var stream []string
	for _, x := range a.Analyze([]byte(s)) {
		stream = append(stream, string(x.Term))
	}
	if diff := cmp.Diff(terms, stream); diff != "" {
		t.Fatalf("%s %q: bleve's tokens are others (-terms +tokens):\n%s", language, s, diff)
	}
	times := map[string]int{}
	for _, x := range terms {
		times[x]++
	}
	counted := map[string]int{}
	all := analysis.Count(language, s, func(term string, n int) {
		if counted[term] != 0 {
			t.Fatalf("%s %q: %q is counted twice", language, s, term)
		}
		counted[term] = n
	})
	if diff := cmp.Diff(times, counted); diff != "" || all != len(terms) {
		t.Fatalf("%s %q: %d counted instead of %d (-terms +counted):\n%s", language, s, all, len(terms), diff)
	}
	scanner, shared := text.NewScanner(language), map[string]int{}
	var c analysis.Counter
	for range 2 {
		sentences := scanner.Sentences(&article.Article{Text: s}, article.Span{Start: 0, End: len(s) / 2})
		all = c.Count(scanner, s, sentences, func(term string, n int) { shared[term] += n })
	}
	for term := range shared {
		shared[term] /= 2
	}
	if diff := cmp.Diff(times, shared); diff != "" || all != len(terms) {
		t.Fatalf("%s %q: %d counted of sentences instead of %d (-terms +counted):\n%s", language, s, all, len(terms), diff)
	}
}

func TestOffsetsLieInTheTextInOrder(t *testing.T) {
	words := []string{"grève", "l’", "Strike", " ", " ", "\n", ". ", "1", "000", ",", "milliards", "'", "É", "œ", "U.S.", "\xff", "%", "$", "neuf", "-"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(words), rapid.String())).Draw(t, "words"), "")
		check(t, rapid.SampledFrom(languages).Draw(t, "language"), s)
	})
}

func FuzzTerms(f *testing.F) {
	f.Add(0, "The strikers’ union asked for $3.5 billion at 2.30 p.m.")
	f.Add(1, "« L’Assemblée » : quatre-vingt-dix jours, 14h30, 1 000 €")
	f.Add(2, "Die Häfen von 2026\xff")
	f.Fuzz(func(t *testing.T, n int, s string) { check(t, languages[uint(n)%3], s) })
}

func TestLongWordsAreCut(t *testing.T) {
	for _, x := range analysis.Terms("de", strings.Repeat("é", 5000)) {
		if len(x.Text) > 96 || strings.Trim(x.Text, "e") != "" {
			t.Errorf("term %q", x.Text)
		}
	}
}

func TestManyGoroutinesSeeTheSame(t *testing.T) {
	want := line(article.French, "Les ports ont rouvert après 12 jours de grève.")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range 200 {
				line(article.French, fmt.Sprint("mot", i, " Éole", i))
				if got := line(article.French, "Les ports ont rouvert après 12 jours de grève."); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
	group.Wait()
}

func TestMappingIndexesTheFields(t *testing.T) {
	m := analysis.Mapping()
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	x, err := bleve.NewMemOnly(m)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if err := x.Index("1", map[string]any{
		"fr":       map[string]any{"title": "La grève", "text": "Les ports"},
		"language": "fr", "source": "Le Quai", "published": "2026-03-01T00:00:00Z", "agency": "AFP",
		"url": "https://quai.example/1", "hash": "00", "cluster": "c", "unknown": "x",
	}); err != nil {
		t.Fatal(err)
	}
	fields, err := x.Fields()
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(fields)
	want := []string{"agency", "cluster", "fr.text", "fr.title", "hash", "language", "published", "source", "url"}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Error(diff)
	}
	for _, f := range fields {
		if name := analysis.AnalyserOf(f); f != analysis.Published && m.AnalyzerNamed(name) == nil {
			t.Errorf("%s: no analyser %q", f, name)
		} else if got := m.AnalyzerNameForPath(f); f != analysis.Published && got != name {
			t.Errorf("%s: mapping has %q, AnalyserOf says %q", f, got, name)
		}
	}
}

func BenchmarkAnalyze(b *testing.B) {
	for language, s := range map[article.Language]string{
		article.English: "The harbour of Northquay reopened on Monday after a strike of 12 days that cost 3.5 million pounds. " +
			"“We’re back,” said Jane O’Hara, who leads the dockers' union; the U.S. owner did not comment.\n\n",
		article.French: "Le port de Nordquai a rouvert lundi après une grève de 12 jours qui a coûté 3,5 millions d’euros. " +
			"« Nous sommes de retour », a dit Jeanne Morel, à la tête du syndicat des dockers ; l’armateur n’a rien dit.\n\n",
	} {
		b.Run(string(language), func(b *testing.B) {
			a := analysis.Mapping().AnalyzerNamed(analysis.Of(language))
			input := []byte(strings.Repeat(s, 2000/len(s)+1))
			b.SetBytes(int64(len(input)))
			b.ReportAllocs()
			for b.Loop() {
				a.Analyze(input)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}
