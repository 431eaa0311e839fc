package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

func TestTheFirstWordsAreAPrefixOfSoManyWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching("[ab\u00a0\u00e9. \n\t\r]{0,60}").Draw(t, "text")
		n := rapid.IntRange(1, 12).Draw(t, "n")
		words := func(s string) []string {
			return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \n\t\r", r) })
		}
		a := labelled{Title: "kept", Text: text}
		firstWords(n)(&a)
		if !strings.HasPrefix(text, a.Text) || a.Title != "kept" {
			t.Fatalf("%q became %q", text, a.Text)
		}
		all := words(text)
		if diff := cmp.Diff(all[:min(n, len(all))], words(a.Text)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestTheMiddleThirdIsOfFrenchArticlesOnly(t *testing.T) {
	for lines, want := range map[int]string{1: "0", 2: "0", 3: "1", 6: "2 3", 7: "2 3", 9: "3 4 5"} {
		var all []string
		for i := range lines {
			all = append(all, fmt.Sprint(i))
		}
		french := labelled{Language: article.French, Title: "Titre", Text: strings.Join(all, "\n")}
		english := french
		english.Language = article.English
		before := english
		middleThird(&french)
		middleThird(&english)
		if french.Title != "" || strings.ReplaceAll(french.Text, "\n", " ") != want {
			t.Errorf("%d lines: %q under %q, want %q", lines, french.Text, french.Title, want)
		}
		if diff := cmp.Diff(before, english); diff != "" {
			t.Error("an English article: ", diff)
		}
	}
}

// newsPool is a pool of newspaper articles, and distractors, of distinct words.
func newsPool(n int) *pool {
	p := &pool{gold: map[pair]bool{}}
	for i := range n {
		for _, language := range []article.Language{article.English, article.French} {
			for _, set := range []string{"newstest2009-docs", "debian-news"} {
				id := fmt.Sprintf("%s/%d-%s", set, i, language)
				var text []string
				for k := range 120 + i {
					word := fmt.Sprintf("%s-%d", id, k)
					if k%10 == 9 {
						word += ".\n"
					}
					text = append(text, word)
				}
				p.articles = append(p.articles, labelled{ID: id, Language: language, Title: id, Text: strings.ReplaceAll(strings.Join(text, " "), "\n ", "\n")})
			}
		}
	}
	return p
}

func TestAWrappedArticleHoldsItsTextAndTheStartOfAnother(t *testing.T) {
	p := newsPool(4)
	before := slices.Clone(p.articles)
	out := p.derive(p.wrapper(rand.New(rand.NewPCG(3, 5))))
	if diff := cmp.Diff(before, p.articles); diff != "" {
		t.Error("the pool itself was changed: ", diff)
	}
	for i, a := range out.articles {
		was := before[i]
		if a.Language != article.French || !isNews(&a) {
			if diff := cmp.Diff(was, a); diff != "" {
				t.Error("not a French newspaper article: ", diff)
			}
			continue
		}
		head, rest, ok := strings.Cut(a.Text, "\n"+was.Text+"\n")
		if !ok || head != strings.Join(wrapHead, "\n") {
			t.Fatalf("%s is not in its page: %q", a.ID, a.Text)
		}
		teaser, tail, _ := strings.Cut(rest, "\n")
		if tail != strings.Join(wrapTail, "\n") || len(strings.Fields(teaser)) != 45 {
			t.Errorf("%s: teaser of %d words, then %q", a.ID, len(strings.Fields(teaser)), tail)
		}
		from := slices.IndexFunc(before, func(b labelled) bool { return strings.HasPrefix(strings.ReplaceAll(b.Text, "\n", " "), teaser) })
		if from < 0 || before[from].ID == a.ID || before[from].Language != article.French || !isNews(&before[from]) {
			t.Errorf("%s: the teaser %q is of no other French newspaper article", a.ID, teaser)
		}
	}
}

func TestDerivingLeavesDistractorsAsTheyAre(t *testing.T) {
	p := newsPool(2)
	out := p.derive(func(a *labelled) { a.Text = "" })
	for i, a := range out.articles {
		if emptied := a.Text == ""; emptied != isNews(&a) || a.ID != p.articles[i].ID || p.articles[i].Text == "" {
			t.Errorf("%s: emptied %v", a.ID, emptied)
		}
	}
}
