package text

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/zeebo/xxh3"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

// told is an article of a source with n sentences of its own, and lines around them.
func told(source string, seed uint64, n int, head, foot string) article.Article {
	rng := rand.New(rand.NewPCG(seed, 1))
	words := strings.Fields("ferry harbour strike mayor port winter crew captain storm night bridge council vote budget school road river dam lorry snow")
	var b strings.Builder
	b.WriteString(head)
	for range n {
		for w := range 12 {
			fmt.Fprintf(&b, "%s%d ", words[rng.IntN(len(words))], (seed*31+uint64(w))%977)
		}
		b.WriteString("was told.\n")
	}
	b.WriteString(foot)
	return article.Article{ID: fmt.Sprint(source, seed), Source: source, Text: b.String()}
}

// stripped are the lines that recur in the articles, article by article.
func stripped(articles []article.Article) [][]string {
	var r Recurrence
	for i := range articles {
		r.Add(&articles[i])
	}
	f := r.Furniture()
	out := make([][]string, len(articles))
	for i := range articles {
		for _, span := range f.Of(&articles[i]) {
			out[i] = append(out[i], span.Of(articles[i].Text))
		}
	}
	return out
}

const (
	frenchFoot  = "© Le Quotidien du Nord — tous droits réservés\nL’essentiel du soir dans votre boîte\n"
	englishFoot = "The evening letter: the best of the day\nMore of what we do in 2031\n"
)

func TestLinesThatRecurInASourceAreItsFurniture(t *testing.T) {
	var articles []article.Article
	for i := range uint64(6) {
		articles = append(articles, told("nord", i, 4, "", frenchFoot), told("north", i+100, 4, "NORTHQUAY POST\n", englishFoot))
	}
	for i, lines := range stripped(articles) {
		want := strings.TrimSpace(frenchFoot)
		if i%2 == 1 {
			want = "NORTHQUAY POST\n" + strings.TrimSpace(englishFoot)
		}
		if got := strings.Join(lines, "\n"); got != want {
			t.Errorf("%d: %q, want %q", i, got, want)
		}
	}
}

func TestLinesOfTheSiteAreComparedWithoutCasePunctuationAndDigits(t *testing.T) {
	var articles []article.Article
	for i, line := range []string{"Le 12 du Nord – 3 lettres", "LE 44 DU NORD : 1 LETTRES!", "le 09 du nord 7 lettres", "Le 00 du Nord… 2 lettres", "Le 12 du Nord 3 lettres"} {
		articles = append(articles, told("nord", uint64(i), 4, "", line))
	}
	for i, lines := range stripped(articles) {
		if len(lines) != 1 {
			t.Errorf("%d: %q", i, lines)
		}
	}
}

func TestWithoutSourceNothingRecurs(t *testing.T) {
	var articles []article.Article
	for i := range uint64(9) {
		articles = append(articles, told("", i, 4, "", frenchFoot))
	}
	for _, lines := range stripped(articles) {
		if lines != nil {
			t.Errorf("%q", lines)
		}
	}
}

func TestTheHostOfTheURLIsTheSourceWhereNoneIsGiven(t *testing.T) {
	for _, c := range []struct{ source, url, want string }{
		{"", "", ""}, {" Le Nord ", "https://www.example.org/a", "le nord"}, {"", "https://WWW.Example.org:80/a?b", "example.org"},
		{"", "://", ""}, {"", "no host", ""}, {"", "http://news.example.org", "news.example.org"},
	} {
		if got := SourceOf(&article.Article{Source: c.source, URL: c.url}); got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.source, c.url, got, c.want)
		}
	}
}

func TestVersionsOfOneStoryKeepTheirLines(t *testing.T) {
	for _, versions := range []int{2, 3, 5, 12, 40, 100} {
		for _, others := range []uint64{0, 3, 30} {
			var articles []article.Article
			for i := range others {
				articles = append(articles, told("wire", 1000+i, 5, "", ""))
			}
			// Every version has a crosshead, drops a line of the version before and adds one.
			story := strings.Split(strings.TrimSpace(told("wire", 7, versions+8, "", "").Text), "\n")
			for v := range versions {
				text := "What we know so far\n" + strings.Join(story[v:v+8], "\n") + "\nWhat comes next\n"
				articles = append(articles, article.Article{ID: fmt.Sprint("v", v), Source: "wire", Text: text})
			}
			for i, lines := range stripped(articles) {
				if lines != nil {
					t.Fatalf("%d versions among %d others: %d loses %q", versions, others, i, lines)
				}
			}
		}
	}
}

func TestNoticesOfOneTemplateKeepTheirLines(t *testing.T) {
	var articles []article.Article
	for i := range uint64(30) {
		text := fmt.Sprintf("Bulletin for the coast\nWind from the west at %d knots\nSea moderate to rough\nVisibility %d miles\nWe advise small craft to stay in port.\nIssued by harbour %c", i, i%7, 'a'+rune(i%26))
		articles = append(articles, article.Article{ID: fmt.Sprint(i), Source: "coast", Text: text})
		articles = append(articles, told("coast", i, 6, "", ""))
	}
	for i, lines := range stripped(articles) {
		if lines != nil {
			t.Errorf("%d loses %q", i, lines)
		}
	}
}

func TestAPhraseThatAPaperUsesInSomeStoriesIsNews(t *testing.T) {
	var articles []article.Article
	for i := range uint64(40) {
		head := ""
		if i%5 == 0 {
			head = "The two sides have been at war since the spring of that year.\n"
		}
		articles = append(articles, told("wire", i, 5, head, ""))
	}
	for i, lines := range stripped(articles) {
		if lines != nil {
			t.Errorf("%d loses %q", i, lines)
		}
	}
}

func TestPagesWithoutAStoryHideNoFurniture(t *testing.T) {
	var articles []article.Article
	for i := range uint64(8) {
		articles = append(articles, told("nord", i, 4, "", frenchFoot))
	}
	for i := range uint64(5) {
		articles = append(articles, told("nord", 50+i, 0, "Introuvable\n", frenchFoot))
	}
	for i, lines := range stripped(articles) {
		if want := 2 * (1 - i/8); len(lines) != want {
			t.Errorf("%d loses %q", i, lines)
		}
	}
}

func TestRecurrenceDoesNotDependOnOrderOrOnWhoCounts(t *testing.T) {
	var articles []article.Article
	for i := range uint64(60) {
		source := fmt.Sprint("source", i%3)
		foot := []string{"", frenchFoot, englishFoot}[i%3]
		articles = append(articles, told(source, i/2, int(i%5), "", foot))
		if i%4 == 0 { // a version of it
			more := told(source, i/2, int(i%5)+1, "Latest take\n", foot)
			articles = append(articles, more)
		}
	}
	want := stripped(articles)
	rapid.Check(t, func(t *rapid.T) {
		order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
			for i := range articles {
				if !yield(i) {
					return
				}
			}
		})).Draw(t, "order")
		counters := make([]Recurrence, rapid.IntRange(1, 4).Draw(t, "counters"))
		for k, i := range order {
			counters[k%len(counters)].Add(&articles[i])
		}
		for i := range counters[1:] {
			counters[0].Merge(&counters[i+1])
		}
		f := counters[0].FurnitureBy(rapid.IntRange(1, 4).Draw(t, "workers"))
		for i := range articles {
			var lines []string
			for _, span := range f.Of(&articles[i]) {
				lines = append(lines, span.Of(articles[i].Text))
			}
			if !slices.Equal(lines, want[i]) {
				t.Fatalf("%d: %q, want %q", i, lines, want[i])
			}
		}
	})
}

func TestAnEmptyRecurrenceHasNoFurniture(t *testing.T) {
	var r Recurrence
	r.Merge(&Recurrence{})
	r.Add(&article.Article{Source: "wire"})
	if f := r.Furniture(); !f.IsEmpty() {
		t.Errorf("%v", f)
	}
	var f *Furniture
	if f.Of(&article.Article{Source: "wire", Text: "A line"}) != nil {
		t.Error("no furniture marks a line")
	}
}

func BenchmarkRecurrence(b *testing.B) {
	var articles []article.Article
	for i := range uint64(1000) {
		articles = append(articles, told(fmt.Sprint(i%5), i, 15, "", frenchFoot))
	}
	for b.Loop() {
		var r Recurrence
		for i := range articles {
			r.Add(&articles[i])
		}
		r.Furniture()
	}
	b.ReportMetric(float64(b.N*len(articles))/b.Elapsed().Seconds(), "articles/s")
}

// naiveLineKey is lineKey of a short line, a rune at a time.
func naiveLineKey(line string) uint64 {
	kind, letters, kept := uint64(fragmentLine), false, ""
	if endsSentence(line) && !strings.HasSuffix(line, ":") {
		kind = sentenceLine
	}
	for _, r := range line {
		switch {
		case '0' <= r && r <= '9':
			kind = sentenceLine
			kept += "0"
		case unicode.IsLetter(r) || unicode.IsMark(r):
			letters = true
			kept += string(unicode.ToLower(r))
		}
	}
	if !letters {
		return 0
	}
	return xxh3.HashString(kept)>>hashShift<<hashShift | uint64(len(kept))<<kindBits | kind
}

func TestLinesReadInPiecesAreHashedAsTheirRunesAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		runes := rapid.OneOf(rapid.RuneFrom([]rune("aeinstzAZ09 .,:-@[`{/é’«œ\u0301")), rapid.Rune())
		line := rapid.StringOfN(runes, 0, 60, maxRecurring-1).Draw(t, "line")
		var buf [maxRecurring]byte
		if got, want := lineKey(line, buf[:0]), naiveLineKey(line); got != want {
			t.Fatalf("%q: %x, want %x", line, got, want)
		}
	})
}
