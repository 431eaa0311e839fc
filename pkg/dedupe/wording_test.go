package dedupe

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/shingle"
)

// naiveRuns are the distinct runs of three words of a normal text.
func naiveRuns(text string) map[string]bool {
	runs := map[string]bool{}
	words := strings.Fields(article.Normalise(text))
	for i := 0; i+wordingRun <= len(words); i++ {
		runs[strings.Join(words[i:i+wordingRun], " ")] = true
	}
	return runs
}

func TestWordingIsTheRunsOfThreeWordsOutsideTheFurniture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom(strings.Fields("the ship sailed for Cádiz in 1.5 hours,")), 3, 20)
		var w wordings
		var runs [2][]uint32
		var naive [2]map[string]bool
		for side := range runs {
			a := article.Article{ID: "a", Text: strings.Join(words.Draw(t, "before"), " ") + "\n"}
			furniture := article.Span{Start: len(a.Text)}
			kept := a.Text
			a.Text += "Read more:\n"
			furniture.End = len(a.Text)
			rest := strings.Join(words.Draw(t, "after"), " ")
			a.Text, kept = a.Text+rest, kept+rest
			runs[side], naive[side] = w.read(&a, []article.Span{furniture}), naiveRuns(kept)
			if len(runs[side]) != len(naive[side]) {
				t.Fatalf("%q: %d runs, want %d", a.Text, len(runs[side]), len(naive[side]))
			}
		}
		want := 0
		for run := range naive[0] {
			if naive[1][run] {
				want++
			}
		}
		if got := shingle.Shared(runs[0], runs[1]); got != want {
			t.Errorf("%d runs in common, want %d", got, want)
		}
	})
}

func TestWhatSharesLittleWordingIsNotAnalysed(t *testing.T) {
	text := func(from, to int) string {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "word%d ", i)
		}
		return b.String()
	}
	for _, test := range []struct {
		name string
		a, b string
		want bool
	}{
		{"a copy", text(0, 100), text(0, 100), true},
		{"a part", text(0, 400), text(200, 240), true},
		{"one half in common", text(0, 100), text(50, 150), true},
		{"a tenth in common", text(0, 100), text(90, 190), false},
		{"nothing", text(0, 100), text(200, 300), false},
	} {
		p := newPile(1 << 20)
		defer p.Close()
		for _, text := range []string{test.a, test.b} {
			f, _, err := p.fileText(&article.Article{ID: fmt.Sprint(p.Len()), Text: text}, nil)
			if err != nil {
				t.Fatal(err)
			}
			p.add([]filed{f})
		}
		d, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		w := newWordings(&reader{pile: p}, 1<<20)
		if got := w.alike(d.NewVerifier(), candidate.Pair{A: 0, B: 1}); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
