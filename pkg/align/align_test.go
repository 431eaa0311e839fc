package align

import (
	"cmp"
	"context"
	"fmt"
	"math"
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

func ExampleAligner_Align() {
	l, err := lexicon.Default()
	if err != nil {
		fmt.Println(err)
		return
	}
	b := shingle.NewBuilder(l)
	english := article.Article{Text: "The mayor of Brest resigned on Tuesday. Nobody was hurt."}
	french := article.Article{Text: "Le maire de Brest a démissionné mardi. La pêche reprendra jeudi."}
	x, y := b.Build(&english, article.English), b.Build(&french, article.French)
	for _, p := range new(Aligner).Align(x, y).Passages(x, y) {
		fmt.Printf("%s = %s\n", p.A.Of(english.Text), p.B.Of(french.Text))
	}
	// Output:
	// The mayor of Brest resigned on Tuesday. = Le maire de Brest a démissionné mardi.
}

// toyVector is a sentence: the weight of each concept.
type toyVector map[lexicon.Concept]float32

// toy makes an article of sentences, ten bytes each with a blank between them.
func toy(sentences []toyVector) *shingle.Article {
	a := &shingle.Article{Language: article.English}
	for i, v := range sentences {
		s := shingle.Shingle{Span: article.Span{Start: 11 * i, End: 11*i + 10}, Words: len(v)}
		for c, w := range v {
			a.Entries = append(a.Entries, shingle.Entry{Concept: c, Shingle: uint32(i), Weight: w})
			s.Weight += w
		}
		s.Norm = sqrt(product(v, v))
		if i+1 < len(sentences) {
			s.Next = product(v, sentences[i+1])
		}
		if i+2 < len(sentences) {
			s.Second = product(v, sentences[i+2])
		}
		a.Words += len(v)
		a.Shingles = append(a.Shingles, s)
	}
	slices.SortFunc(a.Entries, func(x, y shingle.Entry) int {
		return cmp.Or(cmp.Compare(x.Concept, y.Concept), cmp.Compare(x.Shingle, y.Shingle))
	})
	return a
}

// product is the naive dot product. Weights are small whole numbers, so it is exact.
func product(v, w toyVector) float32 {
	var sum float32
	for c, x := range v {
		sum += x * w[c]
	}
	return sum
}

// toyTexts draws two articles of up to ten sentences: some of the second are taken
// from the first.
var toyTexts = rapid.Custom(func(t *rapid.T) [2][]toyVector {
	sentence := rapid.Custom(func(t *rapid.T) toyVector {
		v := toyVector{}
		for _, c := range rapid.SliceOfN(rapid.Uint32Range(1, 12), 0, 5).Draw(t, "concepts") {
			v[lexicon.Concept(c)] = float32(1 + c%4)
		}
		return v
	})
	a := rapid.SliceOfN(sentence, 0, 10).Draw(t, "a")
	b := rapid.SliceOfN(sentence, 0, 10).Draw(t, "b")
	for j := range b {
		if len(a) > 0 && rapid.Bool().Draw(t, "copied") {
			b[j] = a[rapid.IntRange(0, len(a)-1).Draw(t, "from")]
		}
	}
	return [2][]toyVector{a, b}
})

func TestDotProductsAreThoseOfTheVectors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		al := Aligner{a: toy(texts[0]), b: toy(texts[1])}
		al.dots()
		for i, v := range texts[0] {
			for j, w := range texts[1] {
				if got, want := al.dot[i*len(texts[1])+j], product(v, w); got != want {
					t.Fatalf("shingles %d and %d: %v, want %v", i, j, got, want)
				}
			}
		}
	})
}

func TestBestIsTheGreatestCosineInTheOtherArticle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		x := new(Aligner).Align(toy(texts[0]), toy(texts[1]))
		check := func(name string, own, other []toyVector, best []float32) {
			if len(best) != len(own) {
				t.Fatalf("%s has %d values for %d shingles", name, len(best), len(own))
			}
			for i, v := range own {
				want := 0.0
				for _, w := range other {
					if dot := float64(product(v, w)); dot > 0 {
						want = max(want, dot/math.Sqrt(float64(product(v, v))*float64(product(w, w))))
					}
				}
				if math.Abs(float64(best[i])-want) > 1e-5 {
					t.Fatalf("%s[%d] is %v, want %v", name, i, best[i], want)
				}
			}
		}
		check("BestA", texts[0], texts[1], x.BestA)
		check("BestB", texts[1], texts[0], x.BestB)
	})
}

// naiveGain is the gain of a bead, worked out from the vectors.
func naiveGain(a, b []toyVector) float64 {
	var dot, weight float64
	for _, v := range a {
		for _, w := range b {
			dot += float64(product(v, w))
		}
	}
	length2 := func(side []toyVector) (sum float64) {
		for i, v := range side {
			for _, x := range v {
				weight += float64(x)
			}
			sum += float64(product(v, v))
			for _, before := range side[:i] {
				sum += 2 * float64(product(before, v))
			}
		}
		return sum
	}
	na, nb := length2(a), length2(b)
	if dot == 0 {
		return 0
	}
	cosine := dot / math.Sqrt(na*nb)
	for _, v := range a {
		for _, w := range b {
			single := float64(product(v, w)) / math.Sqrt(float64(product(v, v))*float64(product(w, w)))
			if len(a)*len(b) > 1 && cosine < single-rounding {
				return 0 // a part of the bead is more alike
			}
		}
	}
	return max(0, cosine-floor) * weight
}

// denseChain is the naive twin of chain: a table of the best total over all prefixes
// of the two articles, trying every bead that holds a seed and only free shingles.
func denseChain(texts [2][]toyVector, al *Aligner) float64 {
	a, b := texts[0], texts[1]
	allowed := func(i0, i1, j0, j1 int) bool {
		if slices.Contains(al.usedA[i0:i1], true) || slices.Contains(al.usedB[j0:j1], true) {
			return false
		}
		return slices.ContainsFunc(al.seeds, func(s cell) bool {
			return i0 <= int(s.i) && int(s.i) < i1 && j0 <= int(s.j) && int(s.j) < j1
		})
	}
	best := make([][]float64, len(a)+1)
	for i := range best {
		best[i] = make([]float64, len(b)+1)
		for j := range best[i] {
			if i > 0 {
				best[i][j] = max(best[i][j], best[i-1][j])
			}
			if j > 0 {
				best[i][j] = max(best[i][j], best[i][j-1])
			}
			for _, s := range shapes {
				if i0, j0 := i-s[0], j-s[1]; i0 >= 0 && j0 >= 0 && allowed(i0, i, j0, j) {
					best[i][j] = max(best[i][j], best[i0][j0]+naiveGain(a[i0:i], b[j0:j]))
				}
			}
		}
	}
	return best[len(a)][len(b)]
}

func TestChainGainsAsMuchAsTheDenseProgramme(t *testing.T) {
	var al Aligner // one for all, so that buffers of earlier pairs are in the way
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		for _, side := range texts {
			for _, v := range side {
				v[99] = 1 // in every sentence: none is kept from a bead for sharing nothing
			}
		}
		al.a, al.b = toy(texts[0]), toy(texts[1])
		al.dots()
		al.usedA, al.usedB = make([]bool, len(texts[0])), make([]bool, len(texts[1]))
		everywhere := rapid.Bool().Draw(t, "every pair a seed")
		al.seeds = al.seeds[:0]
		for i := range texts[0] {
			al.usedA[i] = rapid.IntRange(0, 5).Draw(t, "used") == 0
			for j := range texts[1] {
				if everywhere || rapid.IntRange(0, 2).Draw(t, "seed") == 0 {
					al.seeds = append(al.seeds, cell{int32(i), int32(j)})
				}
			}
		}
		beads := al.chain(nil)
		total := 0.0
		for k, x := range beads {
			total += naiveGain(texts[0][x.A0:x.A1], texts[1][x.B0:x.B1])
			if k > 0 && (x.A1 > beads[k-1].A0 || x.B1 > beads[k-1].B0) {
				t.Fatalf("the chain, from its end, is not monotone: %v, %v", beads[k-1], x)
			}
		}
		if want := denseChain(texts, &al); math.Abs(total-want) > 1e-4*(1+want) {
			t.Fatalf("chain gains %v, the dense programme %v\n%v", total, want, beads)
		}
	})
}

func TestPrefixMaxAgreesWithALinearScan(t *testing.T) {
	var p prefixMax
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "columns")
		column := rapid.IntRange(0, n-1)
		p.reset(n)
		var columns []int
		var totals []float32
		for link := range rapid.Int32Range(0, 40).Draw(t, "links") {
			columns = append(columns, column.Draw(t, "column"))
			totals = append(totals, float32(rapid.IntRange(1, 8).Draw(t, "total")))
			p.add(columns[link], link, totals[link])

			limit := column.Draw(t, "limit")
			var want float32
			for k, c := range columns {
				if c <= limit {
					want = max(want, totals[k])
				}
			}
			switch got := p.before(limit); {
			case want == 0 && got != -1:
				t.Fatalf("before(%d) is link %d, want none", limit, got)
			case want > 0 && (got < 0 || columns[got] > limit || totals[got] != want):
				t.Fatalf("before(%d) is link %d, want one of total %v", limit, got, want)
			}
		}
	})
}

// checkBeads fails if the alignment breaks a rule that holds for every pair.
func checkBeads(t interface{ Fatalf(string, ...any) }, x *Alignment, a, b *shingle.Article) {
	usedA, usedB := make([]bool, len(a.Shingles)), make([]bool, len(b.Shingles))
	take := func(used []bool, from, to int, bead Bead) {
		if from >= to || slices.Contains(used[from:to], true) {
			t.Fatalf("bead %+v is empty or overlaps another", bead)
		}
		fill(used[from:to])
	}
	endA, endB := 0, 0
	for i, bead := range x.Beads {
		if i > 0 && bead.A0 < x.Beads[i-1].A0 {
			t.Fatalf("beads are not in the order of a: %+v", x.Beads)
		}
		take(usedA, bead.A0, bead.A1, bead)
		take(usedB, bead.B0, bead.B1, bead)
		if !slices.Contains(shapes[:], [2]int{bead.A1 - bead.A0, bead.B1 - bead.B0}) {
			t.Fatalf("bead %+v has no allowed shape", bead)
		}
		if bead.Similarity <= floor {
			t.Fatalf("bead %+v is not above the floor", bead)
		}
		if bead.Moved {
			continue
		}
		if bead.A0 < endA || bead.B0 < endB {
			t.Fatalf("the main chain goes back at %+v: %+v", bead, x.Beads)
		}
		endA, endB = bead.A1, bead.B1
	}
	coverageA, coverageB := x.Coverage(a, b)
	bimaxA, bimaxB := x.BiMax(a, b)
	for _, share := range []float64{coverageA, coverageB, bimaxA, bimaxB} {
		if !(share >= 0 && share <= 1+1e-5) {
			t.Fatalf("coverage %v %v or BiMax %v %v is no share", coverageA, coverageB, bimaxA, bimaxB)
		}
	}
}

func TestBeadsNeverOverlapAndTheMainChainIsMonotone(t *testing.T) {
	var al Aligner
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		a, b := toy(texts[0]), toy(texts[1])
		checkBeads(t, al.Align(a, b), a, b)
	})
}

func TestEveryShingleOfABeadSharesSomethingWithTheOtherSide(t *testing.T) {
	// The second sentence of b belongs to none of a's.
	texts := [2][]toyVector{{{1: 4, 2: 4, 3: 4}, {1: 4, 2: 4, 4: 4}}, {{1: 8, 2: 8, 3: 4, 4: 4}, {9: 3}}}
	for range 2 {
		x := new(Aligner).Align(toy(texts[0]), toy(texts[1]))
		for _, bead := range x.Beads {
			rows, columns := texts[0][bead.A0:bead.A1], texts[1][bead.B0:bead.B1]
			for _, sides := range [2][2][]toyVector{{rows, columns}, {columns, rows}} {
				for _, v := range sides[0] {
					if !slices.ContainsFunc(sides[1], func(w toyVector) bool { return product(v, w) > 0 }) {
						t.Errorf("%v of bead %+v shares nothing: joined does not look at the columns of a bead of two by two", v, bead)
					}
				}
			}
		}
		texts[0], texts[1] = texts[1], texts[0]
	}
}

func TestSwappingTheArticlesSwapsBiMax(t *testing.T) {
	var al Aligner
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		a, b := toy(texts[0]), toy(texts[1])
		ab, ba := al.Align(a, b), al.Align(b, a)
		ofA, ofB := ab.BiMax(a, b)
		ofB2, ofA2 := ba.BiMax(b, a)
		if math.Abs(ofA-ofA2) > 1e-6 || math.Abs(ofB-ofB2) > 1e-6 {
			t.Fatalf("BiMax %v %v, swapped %v %v", ofA, ofB, ofA2, ofB2)
		}
	})
}

func TestAnAlignerRemembersNothingOfEarlierPairs(t *testing.T) {
	var used Aligner
	rapid.Check(t, func(t *rapid.T) {
		texts := toyTexts.Draw(t, "texts")
		a, b := toy(texts[0]), toy(texts[1])
		if diff := gocmp.Diff(new(Aligner).Align(a, b), used.Align(a, b)); diff != "" {
			t.Fatal("new, used:", diff)
		}
	})
}

func TestAnEmptyArticleMatchesNothing(t *testing.T) {
	none, mute := toy(nil), toy([]toyVector{{}, {}}) // mute: sentences of no weight
	some := toy([]toyVector{{1: 2, 2: 3}})
	for _, a := range []*shingle.Article{none, mute, some} {
		for _, b := range []*shingle.Article{none, mute} {
			x := new(Aligner).Align(a, b)
			checkBeads(t, x, a, b)
			coverageA, coverageB := x.Coverage(a, b)
			bimaxA, bimaxB := x.BiMax(a, b)
			if len(x.Beads) > 0 || len(x.Passages(a, b)) > 0 || coverageA+coverageB+bimaxA+bimaxB != 0 {
				t.Errorf("%d and %d sentences: %+v", len(a.Shingles), len(b.Shingles), x)
			}
		}
	}
}

func TestSimilarityOfRepeatedSentencesIsACosine(t *testing.T) {
	same := toyVector{1: 2, 2: 2}
	a, b := toy([]toyVector{same}), toy([]toyVector{same, same, same})
	x := new(Aligner).Align(a, b)
	for _, p := range x.Passages(a, b) {
		if p.Similarity > 1 {
			t.Errorf("passage %+v", p)
		}
	}
	for _, bead := range x.Beads {
		if bead.Similarity > 1+1e-5 {
			t.Errorf("bead %+v: norm2 leaves out the product of the first and the third of three like sentences", bead)
		}
	}
}

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
