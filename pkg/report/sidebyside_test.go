package report

import (
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// escapes are what colours text.
var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestConflictsAreStressedAndWideLettersKeepTheColumns(t *testing.T) {
	const (
		left  = "東京の銀行は木曜日に金利を一・五パーセントに引き下げた。 The Kestrion Line carried 12 buses in New York."
		right = "Velmora Line: 13 buses ran on Thursday, in Buenos Aires, and nobody had expected any of them to."
	)
	mention := func(text, part string) []dedupe.Mention {
		return []dedupe.Mention{{Span: span(t, text, part), Text: part}}
	}
	c := dedupe.Comparison{
		Pair: dedupe.Pair{
			A: "a", B: "b", Relation: verdict.NearDuplicate, Score: 0.91, Languages: [2]article.Language{"ja", "en"},
			Passages: []align.Passage{
				{A: span(t, left, "東京の銀行は木曜日に金利を一・五パーセントに引き下げた。"), B: span(t, right, "and nobody had expected any of them to."), Similarity: 0.3},
				{A: span(t, left, "The Kestrion Line carried 12 buses in New York."), B: span(t, right, "Velmora Line: 13 buses ran on Thursday, in Buenos Aires,"), Similarity: 0.8},
			},
		},
		Conflicts: []dedupe.Conflict{
			{Kind: shingle.NumberMark, A: mention(left, "12"), B: mention(right, "13")},
			{Kind: shingle.NameMark, A: mention(left, "New York"), B: mention(right, "Buenos Aires")},
			{Kind: shingle.NameMark, A: mention(left, "Kestrion"), B: mention(right, "Velmora")},
		},
	}
	a, b := article.Article{Text: left}, article.Article{Text: right}
	for name, screen := range map[string]Screen{
		"wide": {Width: 76, Colours: true}, "narrow": {Width: 50, Colours: true},
	} {
		goldenComparison(t, "compare-conflicts-"+name, func(w io.Writer) error {
			return Comparison(w, c, a, b, false, screen)
		})
	}
	var out strings.Builder
	if err := Comparison(&out, c, a, b, false, Screen{Width: 76, Colours: true}); err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(out.String(), "What was measured")
	_, shown, _ = strings.Cut(shown, "\n\n") // behind the features
	for line := range strings.Lines(shown) {
		if shown := escapes.ReplaceAllString(strings.TrimSuffix(line, "\n"), ""); columns(shown) > 76 {
			t.Errorf("%q has %d columns", shown, columns(shown))
		}
	}
}

func TestStyledLinesAreThoseOfPlainText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, width := rapid.StringN(0, 80, -1).Draw(t, "text"), rapid.IntRange(2, 30).Draw(t, "width")
		var marks []article.Span
		for range rapid.IntRange(0, 3).Draw(t, "marks") {
			start := rapid.IntRange(0, len(text)).Draw(t, "start")
			marks = append(marks, article.Span{Start: start, End: rapid.IntRange(start, len(text)).Draw(t, "end")})
		}
		marks = slices.DeleteFunc(marks, func(m article.Span) bool { // they begin and end with letters
			return !startsRune(text, m.Start) || !startsRune(text, m.End)
		})
		want := wrap(text, width)
		lines := Screen{Colours: true}.wrapStyled(text, width, good, marks)
		if len(lines) != len(want) {
			t.Fatalf("%d lines, want %d", len(lines), len(want))
		}
		for i, l := range lines {
			if got := escapes.ReplaceAllString(l.text, ""); got != want[i] {
				t.Fatalf("%q, want %q", got, want[i])
			}
		}
		for i, l := range (Screen{}).wrapStyled(text, width, good, marks) {
			if l.text != want[i] {
				t.Fatalf("without colours %q, want %q", l.text, want[i])
			}
		}
	})
}

func startsRune(text string, at int) bool {
	return at == len(text) || text[at]&0xc0 != 0x80
}

// TestStripesHaveEveryPassageAndAllThatIsOutside draws passages of two texts of words.
func TestStripesHaveEveryPassageAndAllThatIsOutside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := [2]string{strings.Repeat("aa ", 20), strings.Repeat("bb ", 20)}
		var passages []align.Passage
		for range rapid.IntRange(0, 5).Draw(t, "passages") {
			draw := func() article.Span {
				start := rapid.IntRange(0, 18).Draw(t, "start")
				return article.Span{Start: 3 * start, End: 3*rapid.IntRange(start+1, 19).Draw(t, "end") - 1}
			}
			passages = append(passages, align.Passage{A: draw(), B: draw()})
		}
		slices.SortFunc(passages, func(p, q align.Passage) int { return p.A.Compare(q.A) })
		all := stripes(texts, passages)
		next := 0
		for side := range texts {
			var loose []article.Span
			for _, s := range all {
				if s.passage < 0 && s.spans[side].Len() > 0 {
					loose = append(loose, s.spans[side])
				}
				if side == 0 && s.passage >= 0 {
					if s.passage != next {
						t.Fatalf("passage %d comes before %d", s.passage, next)
					}
					next++
				}
			}
			slices.SortFunc(loose, article.Span.Compare)
			if want := outside(texts[side], passages, side); !slices.Equal(loose, want) {
				t.Fatalf("outside of %d are %v, want %v", side, loose, want)
			}
		}
		if next != len(passages) {
			t.Fatalf("%d of %d passages", next, len(passages))
		}
	})
}
