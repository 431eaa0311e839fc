package align

import (
	"context"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/language"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

// stories are the articles of the fixtures, with their analysed forms.
func stories(tb testing.TB) ([]article.Article, []*shingle.Article) {
	tb.Helper()
	l, err := lexicon.Default()
	if err != nil {
		tb.Fatal(err)
	}
	b := shingle.NewBuilder(l)
	var articles []article.Article
	var analysed []*shingle.Article
	for a, err := range ingest.Read(context.Background(), []string{"../../fixtures/stories"}, ingest.Options{}) {
		if err != nil {
			continue // the fixtures hold bad files on purpose
		}
		articles = append(articles, a)
		analysed = append(analysed, b.Build(&a, language.FunctionWords{}.Detect(a.Text)))
	}
	if len(articles) < 50 {
		tb.Fatalf("%d stories", len(articles))
	}
	return articles, analysed
}

func story(tb testing.TB, id string) (article.Article, *shingle.Article) {
	tb.Helper()
	articles, analysed := stories(tb)
	for i := range articles {
		if articles[i].ID == id {
			return articles[i], analysed[i]
		}
	}
	tb.Fatal("no story", id)
	panic("unreachable")
}

func TestAnArticleCoversItself(t *testing.T) {
	var al Aligner
	articles, analysed := stories(t)
	for i, a := range analysed {
		x := al.Align(a, a)
		checkBeads(t, x, a, a)
		coverageA, coverageB := x.Coverage(a, a)
		if coverageA < 0.999 || coverageB < 0.999 {
			t.Errorf("%s covers %v and %v of itself", articles[i].ID, coverageA, coverageB)
		}
		if bimax, _ := x.BiMax(a, a); bimax < 0.999 || bimax > 1.001 {
			t.Errorf("%s: BiMax with itself is %v", articles[i].ID, bimax)
		}
		for _, bead := range x.Beads {
			if bead.Similarity < 0.999 || bead.Moved {
				t.Errorf("%s: bead with itself %+v", articles[i].ID, bead)
			}
		}
	}
}

func TestPassagesAreStretchesOfTheTexts(t *testing.T) {
	var al Aligner
	articles, analysed := stories(t)
	rapid.Check(t, func(t *rapid.T) {
		index := rapid.IntRange(0, len(articles)-1)
		i, j := index.Draw(t, "a"), index.Draw(t, "b")
		a, b := analysed[i], analysed[j]
		x := al.Align(a, b)
		checkBeads(t, x, a, b)
		within := func(s article.Span, text string) bool {
			return 0 <= s.Start && s.Start < s.End && s.End <= len(text) && strings.TrimSpace(s.Of(text)) != ""
		}
		for _, p := range x.Passages(a, b) {
			if !within(p.A, articles[i].Text) || !within(p.B, articles[j].Text) {
				t.Fatalf("%s, %s: passage %+v is not inside the texts", articles[i].ID, articles[j].ID, p)
			}
			if p.Similarity <= floor || p.Similarity > 1 {
				t.Fatalf("%s, %s: passage %+v", articles[i].ID, articles[j].ID, p)
			}
		}
	})
}

// english analyses an English text.
func english(tb testing.TB, text string) *shingle.Article {
	tb.Helper()
	l, err := lexicon.Default()
	if err != nil {
		tb.Fatal(err)
	}
	return shingle.NewBuilder(l).Build(&article.Article{Text: text}, article.English)
}

// paragraphs have no word of content in common.
var paragraphs = []string{
	"A barge loaded with gravel sank near the lock at dawn, and the crew of four swam ashore.",
	"Violin makers from nine countries will meet in the old tannery next spring.",
	"Unemployment among young nurses fell to 3.4 percent, the lowest rate since 1998.",
	"Snow closed the pass above the monastery, where lorries queued for kilometers.",
	"The goalkeeper broke his wrist during training and misses the final.",
	"Biologists counted 212 pairs of storks along the marshes, twice as many as feared.",
}

func TestSwappedParagraphsAreFoundAsMoved(t *testing.T) {
	swapped := slices.Clone(paragraphs)
	swapped[1], swapped[4] = swapped[4], swapped[1]
	textA, textB := strings.Join(paragraphs, "\n\n"), strings.Join(swapped, "\n\n")
	a, b := english(t, textA), english(t, textB)
	x := new(Aligner).Align(a, b)
	checkBeads(t, x, a, b)
	if coverageA, coverageB := x.Coverage(a, b); coverageA < 0.999 || coverageB < 0.999 {
		t.Errorf("coverage %v %v of an article whose paragraphs changed places", coverageA, coverageB)
	}
	var moved []string
	for i, p := range x.Passages(a, b) {
		if p.A.Of(textA) != p.B.Of(textB) {
			t.Errorf("%q was matched to %q", p.A.Of(textA), p.B.Of(textB))
		}
		if x.Beads[i].Moved {
			moved = append(moved, p.A.Of(textA))
		}
	}
	if diff := gocmp.Diff([]string{paragraphs[1], paragraphs[4]}, moved); diff != "" {
		t.Error("swapped, moved:", diff)
	}
}

func TestADroppedParagraphIsNotCovered(t *testing.T) {
	text := strings.Join(paragraphs, "\n\n")
	a, b := english(t, text), english(t, strings.Join(slices.Delete(slices.Clone(paragraphs), 3, 4), "\n\n"))
	x := new(Aligner).Align(a, b)
	checkBeads(t, x, a, b)
	for _, p := range x.Passages(a, b) {
		if strings.Contains(p.A.Of(text), paragraphs[3]) {
			t.Errorf("%q is said to stand in the article it was taken from", p.A.Of(text))
		}
	}
	if _, coverageB := x.Coverage(a, b); coverageB < 0.999 {
		t.Errorf("%v of what is left is covered", coverageB)
	}
}

// A sentence that the other article lacks shares a word or two with its neighbour in
// any real story, and must not slip into the neighbour's bead for that.
func TestABeadOfEqualSentencesTakesInNoOther(t *testing.T) {
	const kept = "A barge loaded with gravel and cement sank near the lock at dawn, and the crew of four swam ashore."
	const dropped = "The crew of the barge was fined."
	text := kept + " " + dropped
	a, b := english(t, text), english(t, kept)
	x := new(Aligner).Align(a, b)
	for _, p := range x.Passages(a, b) {
		if p.A.Of(text) != kept {
			t.Errorf("%q was matched to %q, though a part of it is equal", p.A.Of(text), kept)
		}
	}
}

func BenchmarkAlign(b *testing.B) {
	_, analysed := stories(b)
	var al Aligner
	pairs := 0
	for b.Loop() {
		al.Align(analysed[pairs%len(analysed)], analysed[pairs*7%len(analysed)])
		pairs++
	}
	b.ReportMetric(float64(pairs)/b.Elapsed().Seconds(), "pairs/s")
}

func BenchmarkAlignTranslation(b *testing.B) {
	_, english := story(b, "b-senegal-en.txt")
	_, french := story(b, "b-senegal-fr.txt")
	var al Aligner
	for b.Loop() {
		al.Align(english, french)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pairs/s")
}
