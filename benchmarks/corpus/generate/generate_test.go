package generate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

// planted are options with more copies than usual.
func planted(n int) Options {
	o := Defaults(n)
	o.Exact, o.Near, o.Excerpt, o.Translation, o.Partial, o.Events, o.Notices = 0.05, 0.08, 0.05, 0.08, 0.05, 0.1, 0.1
	o.Family = 20
	o.Bytes = 1500
	return o
}

func generator(t testing.TB, c *Corpus, o Options) *Generator {
	t.Helper()
	g, err := New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func bytesOf(t *testing.T, g *Generator) (articles, gold string) {
	t.Helper()
	var a, b bytes.Buffer
	if err := g.Write(context.Background(), &a, &b); err != nil {
		t.Fatal(err)
	}
	return a.String(), b.String()
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	c := invented(6000)
	articles, gold := bytesOf(t, generator(t, c, planted(1500)))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again, goldAgain := bytesOf(t, generator(t, invented(6000), planted(1500)))
	if articles != again || gold != goldAgain {
		t.Error("other bytes the second time")
	}
	o := planted(1500)
	o.Seed = 2
	if other, _ := bytesOf(t, generator(t, c, o)); other == articles {
		t.Error("the same bytes with another seed")
	}
}

func TestAnArticleDependsOnItsNumberAlone(t *testing.T) {
	g := generator(t, invented(6000), planted(800))
	lines, _ := bytesOf(t, g)
	all := strings.Split(strings.TrimSuffix(lines, "\n"), "\n")
	if len(all) != 800 {
		t.Fatalf("%d articles", len(all))
	}
	for i := 799; i >= 0; i -= 13 {
		var read struct{ ID, Title, Text, Lang, URL, Source, Published string }
		if err := json.Unmarshal([]byte(all[i]), &read); err != nil {
			t.Fatalf("line %d: %v", i, err)
		}
		a := g.Article(i)
		if a.ID != read.ID || a.Text != read.Text || a.Title != read.Title || string(a.Language) != read.Lang || a.URL != read.URL || a.Source != read.Source {
			t.Fatalf("article %d:\n%+v\n%+v", i, a, read)
		}
	}
}

func TestThePileHasWhatTheOptionsSay(t *testing.T) {
	o := planted(4000)
	g := generator(t, invented(12_000), o)
	count := map[string]int{}
	last := int64(0)
	var lengths []int
	for i, a := range g.Articles() {
		e := g.plan.entries[g.plan.order[i]]
		if a.Published.Unix() < last {
			t.Fatalf("article %d is older than the one before", i)
		}
		last = a.Published.Unix()
		if !utf8.ValidString(a.Text) || strings.ContainsAny(a.Title+a.Text, "{}") || a.Title == "" {
			t.Fatalf("%+v", a)
		}
		if e.kind == original && e.event < 0 {
			lengths = append(lengths, len(a.Text))
		}
		switch {
		case e.family:
			count["family"]++
		case e.event >= 0:
			count["event"]++
		default:
			count[fmt.Sprint(e.kind)]++
		}
		count[string(a.Language)]++
	}
	for what, share := range map[string]float64{
		"family": 20.0 / 4000, "event": o.Events, fmt.Sprint(exact): o.Exact, fmt.Sprint(near): o.Near, fmt.Sprint(excerpt): o.Excerpt,
		fmt.Sprint(translation): o.Translation, fmt.Sprint(partial): o.Partial, fmt.Sprint(notice): o.Notices, "fr": o.French, "en": 1 - o.French,
	} {
		if got := float64(count[what]) / 4000; got < share*0.9 || got > share*1.1 {
			t.Errorf("%s: %.4f of the articles, want %.4f", what, got, share)
		}
	}
	slices.Sort(lengths)
	if median := lengths[len(lengths)/2]; median < o.Bytes || median > 2*o.Bytes {
		t.Errorf("half of the texts have less than %d bytes, want %d and some furniture", median, o.Bytes)
	}
}

// plain is a text as words, to look for one text in another.
func plain(s string) string { return " " + article.Normalise(s) + " " }

// body is the sentences of article i, without furniture.
func (g *Generator) body(i int) []string {
	w := g.newWriter()
	number := g.plan.order[i]
	w.begin(&g.plan.entries[number], number)
	w.story()
	w.alter()
	return w.sentences
}

func TestTheGoldIsTrue(t *testing.T) {
	g := generator(t, invented(6000), planted(2000))
	seen := map[verdict.Relation]int{}
	for i := range g.Len() {
		b := g.Article(i)
		for _, p := range g.Pairs(i) {
			seen[p.Relation]++
			a := g.Article(p.A)
			if p.B != i || p.A >= i || a.Published.After(b.Published) {
				t.Fatalf("%+v: %v, %v", p, a.Published, b.Published)
			}
			same := a.Language == b.Language
			if same != (p.Relation != verdict.Translation && p.Relation != verdict.PartialTranslation) {
				t.Fatalf("%+v: %s and %s", p, a.Language, b.Language)
			}
			if problem := g.check(p, a, b); problem != "" {
				t.Fatalf("%+v: %s\n--\n%s\n--\n%s", p, problem, a.Text, b.Text)
			}
		}
	}
	for _, r := range []verdict.Relation{verdict.Exact, verdict.NearDuplicate, verdict.Translation, verdict.Excerpt, verdict.PartialTranslation} {
		if seen[r] < 50 {
			t.Errorf("%d pairs of relation %s only", seen[r], r)
		}
	}
}

// check says what is wrong with a pair.
func (g *Generator) check(p Pair, a, b article.Article) string {
	kindA, kindB := g.plan.entries[g.plan.order[p.A]].kind, g.plan.entries[g.plan.order[p.B]].kind
	sameHash := a.Hash() == b.Hash()
	if sameHash != (p.Relation == verdict.Exact) {
		return fmt.Sprintf("same hash: %v", sameHash)
	}
	long, short := g.body(p.A), g.body(p.B)
	if kindA.isPart() {
		long, short = short, long
	}
	switch p.Relation {
	case verdict.NearDuplicate:
		if share := sharedWords(long, short); share < 0.65 {
			return fmt.Sprintf("only %.2f of the words are shared", share)
		}
	case verdict.Translation:
		if kindA != near && kindB != near && len(long) != len(short) {
			return fmt.Sprintf("%d and %d sentences", len(long), len(short))
		}
	case verdict.Excerpt:
		if share := float64(len(strings.Join(short, ""))) / float64(len(strings.Join(long, ""))); kindA != near && kindB != near && (share < 0.3 || share > 0.6) {
			return fmt.Sprintf("%.2f of the longer", share)
		}
		if kindA == near || kindB == near {
			return ""
		}
		return missingSentence(long, short)
	case verdict.PartialTranslation:
		if len(short) >= len(long) {
			return fmt.Sprintf("%d of %d sentences", len(short), len(long))
		}
	}
	return ""
}

func missingSentence(long, short []string) string {
	whole := plain(strings.Join(long, " "))
	for _, s := range short {
		if !strings.Contains(whole, plain(s)) {
			return "not in the longer: " + s
		}
	}
	return ""
}

// sharedWords is the share of the words of the longer text that the other one has, as often.
func sharedWords(a, b []string) float64 {
	count := map[string]int{}
	inA, inB := strings.Fields(plain(strings.Join(a, " "))), strings.Fields(plain(strings.Join(b, " ")))
	for _, w := range inA {
		count[w]++
	}
	n := 0
	for _, w := range inB {
		if count[w] > 0 {
			count[w]--
			n++
		}
	}
	return float64(n) / float64(max(len(inA), len(inB)))
}

func TestCopiesComeFromOtherSourcesAndStandElsewhere(t *testing.T) {
	g := generator(t, invented(6000), Defaults(5000))
	near, pairs := 0, 0
	for i := range g.Len() {
		for _, p := range g.Pairs(i) {
			a, b := g.Article(p.A), g.Article(p.B)
			original := g.plan.entries[g.plan.order[p.A]].kind == original
			if original && a.Source == b.Source {
				t.Errorf("%+v: both of %s", p, a.Source)
			}
			if a.URL == b.URL {
				t.Errorf("%+v: both %s", p, a.URL)
			}
			pairs++
			if p.B-p.A < 2 {
				near++
			}
		}
	}
	if pairs == 0 || near*20 > pairs {
		t.Errorf("of %d pairs, %d stand side by side", pairs, near)
	}
}

func TestTheFamilyIsTiedToItsFirst(t *testing.T) {
	o := planted(600)
	o.Family = 100
	g := generator(t, invented(6000), o)
	partners := map[int]int{}
	for i := range g.Len() {
		if !g.plan.entries[g.plan.order[i]].family {
			continue
		}
		for _, p := range g.Pairs(i) {
			partners[p.A]++
		}
	}
	if len(partners) != 1 {
		t.Fatalf("%d articles have copies, want one", len(partners))
	}
	for first, n := range partners {
		if n != 99 {
			t.Errorf("article %d has %d copies, want 99", first, n)
		}
	}
}

func TestThePileHasAsManyArticlesAsWanted(t *testing.T) {
	c := invented(3000)
	for _, n := range []int{1, 2, 7, 100, 333} {
		for _, change := range []func(*Options){
			func(*Options) {},
			func(o *Options) { o.Family = n },
			func(o *Options) { o.Family, o.Notices, o.Events = 0, 0.8, 0 },
			func(o *Options) { o.Notices, o.Events = 0, 0.8 },
			func(o *Options) { o.French = 0 },
			func(o *Options) { o.French = 1 },
		} {
			o := Defaults(n)
			change(&o)
			g := generator(t, c, o)
			lines, _ := bytesOf(t, g)
			if got := strings.Count(lines, "\n"); got != n || g.Len() != n {
				t.Errorf("%+v: %d articles", o, got)
			}
		}
	}
}
