package search

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/article"
)

// distance is the number of letters in which two words differ, the slow way.
func distance(a, b []rune) int {
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	cost := 1
	if a[0] == b[0] {
		cost = 0
	}
	d := min(distance(a[1:], b)+1, distance(a, b[1:])+1, distance(a[1:], b[1:])+cost)
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
		d = min(d, distance(a[2:], b[2:])+1)
	}
	return d
}

func TestNearlyCountsLetters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching("[abé]{0,6}").Draw(t, "a"), rapid.StringMatching("[abé]{0,6}").Draw(t, "b")
		most := rapid.IntRange(0, 3).Draw(t, "most")
		if got, want := nearly(a, b, most), distance([]rune(a), []rune(b)) <= most; got != want {
			t.Fatalf("nearly(%q, %q, %d) = %v", a, b, most, got)
		}
	})
}

func TestCloseTogetherLooksAtEveryStretch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]string{"ox", "cat", "dog", "hen"}), 0, 12).Draw(t, "text")
		var terms []analysis.Term
		for i, w := range text {
			terms = append(terms, analysis.Term{Text: w, Position: i + 1})
		}
		within := rapid.IntRange(1, 6).Draw(t, "within")
		want := false
		for i := range text {
			stretch := text[i:min(len(text), i+within)]
			want = want || slices.Contains(stretch, "ox") && (slices.Contains(stretch, "cat") || slices.Contains(stretch, "dog"))
		}
		sets := []map[string]bool{{"ox": true}, {"cat": true, "dog": true}}
		if got := closeTogether(terms, sets, within); got != want {
			t.Fatalf("closeTogether(%v, %d) = %v", text, within, got)
		}
	})
}

func TestPhrasesKeepTheirOrder(t *testing.T) {
	in := analysis.Terms(article.French, "La fin de la grève des dockers, SECURITE des quais.")
	for s, want := range map[string]bool{
		"fin de la grève": true, "fin grève": false, "les grève des dockers": false, "grèves des dockers": true, "sécurité des quais": true, "quais sécurité": false,
	} {
		if got := sideBySide(in, analysis.Terms(article.French, s)); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
