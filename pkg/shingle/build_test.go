package shingle

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/text"
)

func concept(n uint32) lexicon.Concept { return lexicon.Concept(n) }

// dictionary are English and French words that translate each other, and in how
// many of 10 000 sentences they stand.
var dictionary = []struct {
	english, french string
	sentences       int
}{
	{"the", "le", 8000}, {"a", "un", 7000}, {"of", "de", 7500}, {"in", "dans", 6000},
	{"harbour", "port", 60}, {"strike", "grève", 90}, {"ferry", "bac", 12}, {"captain", "capitaine", 25},
	{"storm", "tempête", 30}, {"island", "île", 70}, {"minister", "ministre", 400}, {"closed", "fermé", 150},
	{"sank", "coulé", 9}, {"crew", "équipage", 22}, {"night", "nuit", 180}, {"coast", "côte", 110},
}

// little is a lexicon of the dictionary.
func little() *lexicon.Lexicon {
	table := &lexicon.Table{Sentences: 10_000}
	english, french := text.NewScanner(article.English), text.NewScanner(article.French)
	for i, d := range dictionary {
		table.English = append(table.English, lexicon.EnglishTerm{Stem: text.Fold(english.Form(d.english).Stem), Sentences: d.sentences})
		table.French = append(table.French, lexicon.FrenchTerm{
			Stem: french.Form(d.french).Stem, Sentences: d.sentences, Aligned: float64(d.sentences) * 0.8,
			Translations: []lexicon.Translation{{English: i, Weight: 0.9}, {English: (i + 1) % len(dictionary), Weight: 0.3}},
		})
	}
	return lexicon.New(table)
}

// articles draws articles of words of the dictionary, names, numbers and furniture.
func articles() *rapid.Generator[*article.Article] {
	vocabulary := []string{"Bergen", "Møre", "3.5", "12", "1,200", "U.S.", "l’", "2.6.18", "xebec", "20th", "three million"}
	for _, d := range dictionary {
		vocabulary = append(vocabulary, d.english, d.french)
	}
	sentence := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 24), func(words []string) string {
		return "So " + strings.Join(words, " ") + "."
	})
	line := rapid.OneOf(sentence, sentence, sentence, rapid.SampledFrom([]string{
		"Read more", "Share", "© 2031 Bergen Post", "Home | News | Sport", "Lire aussi", "Bare headline", "", "…", "\xff\xe2", "« Ha ! »",
	}))
	return rapid.Custom(func(t *rapid.T) *article.Article {
		a := &article.Article{Text: strings.Join(rapid.SliceOfN(line, 0, 12).Draw(t, "lines"), rapid.SampledFrom([]string{" ", "\n"}).Draw(t, "between"))}
		if rapid.Bool().Draw(t, "has a title") {
			a.Title = strings.TrimSpace(line.Draw(t, "title"))
			a.Text = a.Title + "\n" + a.Text
		}
		return a
	})
}

func languages() *rapid.Generator[article.Language] {
	return rapid.SampledFrom([]article.Language{article.English, article.French, "de", article.Unknown})
}

// dot is the dot product of two shingle vectors, entry by entry.
func dot(a *Article, i, j uint32) float64 {
	sum := 0.0
	for _, x := range a.Entries {
		for _, y := range a.Entries {
			if x.Shingle == i && y.Shingle == j && x.Concept == y.Concept {
				sum += float64(x.Weight) * float64(y.Weight)
			}
		}
	}
	return sum
}

func close32(a float32, b float64) bool { return math.Abs(float64(a)-b) <= 1e-4*(1+math.Abs(b)) }

func TestBuiltArticles(t *testing.T) {
	l := little()
	rapid.Check(t, func(t *rapid.T) {
		a, language := articles().Draw(t, "article"), languages().Draw(t, "language")
		b := NewBuilder(l).Build(a, language)

		if b.Language != language || b.Hash != a.Hash() {
			t.Fatalf("language %q, hash %v", b.Language, b.Hash)
		}
		end, words, bytes := 0, 0, 0
		for i, s := range b.Shingles {
			if s.Span.Start < end || s.Span.Len() <= 0 || s.Span.End > len(a.Text) || s.Words < 1 {
				t.Fatalf("shingle %d at %v, %d words, after %d of %d", i, s.Span, s.Words, end, len(a.Text))
			}
			end = s.Span.End
			words += s.Words
			bytes += s.Span.Len()
			if want := math.Sqrt(dot(b, uint32(i), uint32(i))); !close32(s.Norm, want) {
				t.Fatalf("shingle %d has norm %v, want %v", i, s.Norm, want)
			}
			if want := dot(b, uint32(i), uint32(i)+1); !close32(s.Next, want) {
				t.Fatalf("shingle %d with the next: %v, want %v", i, s.Next, want)
			}
		}
		if words != b.Words || bytes != b.Bytes() || b.Size() <= 0 {
			t.Fatalf("%d words and %d bytes, counted %d and %d; size %d", b.Words, b.Bytes(), words, bytes, b.Size())
		}
		inOrder(t, "entries", b.Entries, byConcept)
		inOrder(t, "entries of the title", b.Title, byConcept)
		inOrder(t, "marks", b.Marks, compareMarks)
		inOrder(t, "rare concepts", b.Rare, func(x, y lexicon.Weighted) int { return int(int64(x.Concept) - int64(y.Concept)) })
		inOrder(t, "grams", b.Grams, func(x, y uint32) int { return int(int64(x) - int64(y)) })
		inOrder(t, "keys", b.Keys, func(x, y Key) int { return cmp.Compare(x, y) })
		for _, e := range b.Entries {
			if int(e.Shingle) >= len(b.Shingles) || !(e.Weight > 0) {
				t.Fatalf("entry %v of %d shingles", e, len(b.Shingles))
			}
		}
		greatest := map[lexicon.Concept]float32{}
		for _, e := range b.Entries {
			greatest[e.Concept] = max(greatest[e.Concept], e.Weight)
		}
		inOrder(t, "concepts", b.Concepts, cmp.Compare)
		if len(b.Concepts) != len(greatest) || len(b.Mentions) != len(greatest) {
			t.Fatalf("%d concepts, %d mentions of %d", len(b.Concepts), len(b.Mentions), len(greatest))
		}
		for i, c := range b.Concepts {
			if b.Mentions[i] != greatest[c] || !b.Sieve.MayHold(c) {
				t.Fatalf("concept %d weighs %v at most, want %v; in the sieve: %v", c, b.Mentions[i], greatest[c], b.Sieve.MayHold(c))
			}
		}
		for _, m := range b.Marks {
			if int(m.Shingle) >= len(b.Shingles) {
				t.Fatalf("mark %v of %d shingles", m, len(b.Shingles))
			}
		}
	})
}

// byConcept is the order of entries: concept, then shingle.
func byConcept(a, b Entry) int {
	return cmp.Or(cmp.Compare(a.Concept, b.Concept), cmp.Compare(a.Shingle, b.Shingle))
}

// inOrder fails unless values are sorted, each once.
func inOrder[T any](t *rapid.T, what string, values []T, compare func(a, b T) int) {
	for i := 1; i < len(values); i++ {
		if compare(values[i-1], values[i]) >= 0 {
			t.Fatalf("%s: %v before %v", what, values[i-1], values[i])
		}
	}
}

func TestEntriesAreSortedByConceptThenShingle(t *testing.T) {
	b := NewBuilder(little())
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Entry {
			c := rapid.OneOf(rapid.Uint32Range(0, 3), rapid.Uint32(), rapid.Map(rapid.Uint32Range(0, 3), func(n uint32) uint32 { return n << 30 }))
			return Entry{concept(c.Draw(t, "concept")), rapid.Uint32Range(0, 5).Draw(t, "shingle"), rapid.Float32Range(0, 9).Draw(t, "weight")}
		}), 0, 60).Draw(t, "entries")
		for range rapid.SampledFrom([]int{0, 0, 3, 8}).Draw(t, "doublings") { // up to more than manyEntries
			entries = append(entries, entries...)
		}
		slices.SortStableFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Shingle, b.Shingle) }) // as they come
		want := slices.Clone(entries)
		slices.SortStableFunc(want, byConcept)
		if b.sortEntries(entries); !slices.Equal(entries, want) {
			t.Fatalf("got %v, want %v", entries, want)
		}
	})
}

func TestASieveMissesNoConcept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		added := rapid.SliceOf(rapid.Uint32()).Draw(t, "concepts")
		var s Sieve
		for _, c := range added {
			s.add(concept(c))
		}
		for _, c := range added {
			if !s.MayHold(concept(c)) {
				t.Fatalf("%d was added and is not held", c)
			}
		}
		other := rapid.Uint32().Draw(t, "other")
		if s.MayHold(concept(other)) && !slices.ContainsFunc(added, func(c uint32) bool { return c>>20 == other>>20 }) {
			t.Fatalf("%d is held, nothing with its first twelve bits was added", other)
		}
	})
}

// naiveEntries are the vectors of sentences, by the definition: a concept weighs its
// share in a word times the trusted, tempered idf, the greatest of its words, times the root
// of their number.
func naiveEntries(l *lexicon.Lexicon, a *article.Article, language article.Language) map[Entry]float64 {
	type cell struct {
		concept lexicon.Concept
		shingle uint32
	}
	weights := map[cell][]float64{}
	english := text.NewScanner(article.English)
	var kept [][]text.Token
	sentences := text.NewScanner(language).Sentences(a)
	furniture := !slices.ContainsFunc(sentences, func(s text.Sentence) bool { return !s.Furniture })
	for _, s := range sentences {
		if furniture || !s.Furniture {
			kept = append(kept, s.Tokens)
		}
	}
	for i, tokens := range kept {
		for _, t := range tokens {
			if t.Kind == text.Number {
				c := cell{lexicon.Number(t.Number), uint32(i)}
				weights[c] = append(weights[c], math.Pow(float64(lexicon.NumberIDF(t.Number)), idfPower))
				continue
			}
			sense := l.Meaning(language, t.Form, english)
			for _, w := range sense.Concepts {
				if sense.IDF >= minIDF || len(tokens) <= shortSentence {
					c := cell{w.Concept, uint32(i)}
					weights[c] = append(weights[c], float64(w.Weight*sense.Trust)*math.Pow(float64(sense.IDF), idfPower))
				}
			}
		}
	}
	entries := map[Entry]float64{}
	for c, ws := range weights {
		entries[Entry{Concept: c.concept, Shingle: c.shingle}] = slices.Max(ws) * math.Sqrt(float64(len(ws)))
	}
	return entries
}

func TestEntriesAreThoseOfTheDefinition(t *testing.T) {
	l := little()
	rapid.Check(t, func(t *rapid.T) {
		a, language := articles().Draw(t, "article"), languages().Draw(t, "language")
		got, want := NewBuilder(l).Build(a, language).Entries, naiveEntries(l, a, language)
		if len(got) != len(want) {
			t.Fatalf("%d entries, want %d", len(got), len(want))
		}
		for _, e := range got {
			if w := want[Entry{Concept: e.Concept, Shingle: e.Shingle}]; !close32(e.Weight, w) {
				t.Fatalf("entry %v, want weight %v", e, w)
			}
		}
	})
}

func TestABuilderUsedBeforeGivesTheSameAsANewOne(t *testing.T) {
	l := little()
	used := NewBuilder(l)
	rapid.Check(t, func(t *rapid.T) {
		a, language := articles().Draw(t, "article"), languages().Draw(t, "language")
		got := used.Build(a, language)
		if want := NewBuilder(l).Build(a, language); !reflect.DeepEqual(got, want) {
			t.Fatalf("used before:\n%+v\nnew:\n%+v", got, want)
		}
	})
}

func TestWhatWasBuiltIsNotTouchedByTheNextArticle(t *testing.T) {
	b := NewBuilder(little())
	a := &article.Article{Title: "Ferry sank", Text: "The ferry sank in 2031 off Bergen. The captain and 12 of the crew swam."}
	first := b.Build(a, article.English)
	before := fmt.Sprintf("%+v", first)
	b.Build(&article.Article{Title: "Grève", Text: "Grève dans le port de Brest. Le ministre a fermé la côte pour 3 nuits."}, article.French)
	b.Build(&article.Article{Text: "A storm closed the harbour of the island in the night."}, article.English)
	if after := fmt.Sprintf("%+v", first); after != before {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
}

func TestVectorsHaveLength1(t *testing.T) {
	b := NewBuilder(little())
	rapid.Check(t, func(t *rapid.T) {
		a, language := articles().Draw(t, "article"), languages().Draw(t, "language")
		vector, weight := b.Vector(a.Text, language)
		sum := 0.0
		for _, w := range vector {
			sum += float64(w.Weight) * float64(w.Weight)
		}
		if len(vector) > 0 && math.Abs(sum-1) > 1e-5 || weight < 0 || len(vector) > 0 && weight == 0 {
			t.Fatalf("%d concepts, length %v, weight %v", len(vector), math.Sqrt(sum), weight)
		}
		inOrder(t, "concepts", vector, func(x, y lexicon.Weighted) int { return int(int64(x.Concept) - int64(y.Concept)) })
	})
	if vector, weight := b.Vector(" \n…", article.English); len(vector) != 0 || weight != 0 {
		t.Errorf("nothing has the vector %v, weight %v", vector, weight)
	}
}

func TestATranslatedSentenceIsNearAndAnotherIsFar(t *testing.T) {
	b := NewBuilder(little())
	cosine := func(english, french string) float64 {
		x, _ := b.Vector(english, article.English)
		y, _ := b.Vector(french, article.French)
		sum := 0.0
		for _, v := range x {
			for _, w := range y {
				if v.Concept == w.Concept {
					sum += float64(v.Weight) * float64(w.Weight)
				}
			}
		}
		return sum
	}
	const english = "The ferry sank in the storm of 12 May off Bergen"
	near := cosine(english, "Le bac a coulé dans la tempête du 12 mai à Bergen")
	far := cosine(english, "Le ministre a fermé le port pour une nuit de grève")
	if near < 4*far {
		t.Errorf("translation %v, other sentence %v", near, far)
	}
}

func TestFurnitureIsLeftOutUnlessThereIsNothingElse(t *testing.T) {
	b := NewBuilder(little())
	a := &article.Article{Text: "The ferry sank.\nRead more\nCaptain tells of storm\nShare"}
	if got := b.Build(a, article.English); len(got.Shingles) != 1 || got.Shingles[0].Span.Of(a.Text) != "The ferry sank." {
		t.Errorf("shingles %v", got.Shingles)
	}
	a = &article.Article{Text: "Read more\nCaptain tells of storm\nShare"}
	if got := b.Build(a, article.English); len(got.Shingles) != 3 || got.Words != 7 {
		t.Errorf("%d shingles, %d words of nothing but furniture", len(got.Shingles), got.Words)
	}
}

func TestTheHeadlineInTheTextIsAShingleMarkedSo(t *testing.T) {
	b := NewBuilder(little())
	got := b.Build(&article.Article{Title: "Ferry sank", Text: "Ferry sank\nThe ferry sank in the night."}, article.English)
	if len(got.Shingles) != 2 || !got.Shingles[0].Headline || got.Shingles[1].Headline {
		t.Errorf("shingles %v", got.Shingles)
	}
	if len(got.Title) != 2 {
		t.Errorf("title %v, want the concepts of two words", got.Title)
	}
}

func TestAnArticleWithoutWordsIsEmpty(t *testing.T) {
	b := NewBuilder(little())
	for _, written := range []string{"", " \n", "— … !", "\xff\xfe"} {
		got := b.Build(&article.Article{Text: written}, article.English)
		if len(got.Shingles)+len(got.Entries)+len(got.Marks)+len(got.Grams)+len(got.Keys)+len(got.Rare)+got.Words+got.Bytes() != 0 {
			t.Errorf("%q: %+v", written, got)
		}
	}
}

func TestVeryLongTextsHaveABoundedNumberOfShingles(t *testing.T) {
	b := NewBuilder(little())
	for _, sentences := range []int{maxShingles - 1, maxShingles, maxShingles + 1, 2*maxShingles + 1, 5 * maxShingles} {
		var written strings.Builder
		for i := range sentences {
			fmt.Fprintf(&written, "Ferry %d sank.\n", i)
		}
		a := &article.Article{Text: written.String()}
		got := b.Build(a, article.English)
		if len(got.Shingles) > maxShingles || len(got.Shingles) < maxShingles/2 || got.Words != 3*sentences {
			t.Errorf("%d sentences: %d shingles, %d words", sentences, len(got.Shingles), got.Words)
		}
		if sentences <= maxShingles && len(got.Shingles) != sentences {
			t.Errorf("%d sentences are put together to %d", sentences, len(got.Shingles))
		}
		if first, last := got.Shingles[0].Span, got.Shingles[len(got.Shingles)-1].Span; first.Start != 0 || last.End != len(strings.TrimSpace(a.Text)) {
			t.Errorf("%d sentences: shingles from %v to %v", sentences, first, last)
		}
		if len(got.Rare) != maxConcepts {
			t.Errorf("%d sentences: %d rare concepts", sentences, len(got.Rare))
		}
	}
}

func TestTheRarestConceptsAreThoseOfGreatestIDF(t *testing.T) {
	b := NewBuilder(little())
	// none of the common words is a key; the ferry is rarer than the minister
	got := b.Build(&article.Article{Text: "The minister in the ferry of the island."}, article.English)
	weights := map[lexicon.Concept]float32{}
	for _, w := range got.Rare {
		weights[w.Concept] = w.Weight
	}
	stem := func(word string) lexicon.Concept {
		return lexicon.Named(text.NewScanner(article.English).Form(word).Stem)
	}
	if len(weights) != 3 || !(weights[stem("ferry")] > weights[stem("island")] && weights[stem("island")] > weights[stem("minister")]) {
		t.Errorf("keys %v", got.Rare)
	}

	var written strings.Builder
	for i := range 40 {
		fmt.Fprintf(&written, "minister harbour the ferry captain storm island strike xebec%d. ", i)
	}
	got = b.Build(&article.Article{Text: written.String()}, article.English)
	want := rareConcepts + got.Words/wordsPerConcept
	if want = min(want, 40+7); len(got.Rare) != want {
		t.Errorf("%d keys of %d words, want %d", len(got.Rare), got.Words, want)
	}
	for _, w := range got.Rare {
		if w.Weight < minKeyIDF {
			t.Errorf("key %v is common", w)
		}
	}
}

func TestNumbersAndNamesAreMarked(t *testing.T) {
	b := NewBuilder(little())
	a := &article.Article{Text: "Storm off Bergen. The Captain saw 12 ferries. Harbour closed by xebecs."}
	kinds := map[MarkKind][]lexicon.Concept{}
	for _, m := range b.Build(a, article.English).Marks {
		kinds[m.Kind] = append(kinds[m.Kind], m.Concept)
	}
	if want := []lexicon.Concept{lexicon.Number(text.Decimal{Mantissa: 12})}; !slices.Equal(kinds[NumberMark], want) {
		t.Errorf("numbers %v, want %v", kinds[NumberMark], want)
	}
	english := text.NewScanner(article.English)
	for word, want := range map[string]bool{"bergen": true, "captain": true, "xebecs": true, "storm": false, "harbour": false, "the": false, "ferries": false} {
		if got := slices.Contains(kinds[NameMark], lexicon.Named(english.Form(word).Stem)); got != want {
			t.Errorf("%s is a name: %v", word, got)
		}
	}
}

func TestReprintsAndTranslationsShareKeys(t *testing.T) {
	b := NewBuilder(little())
	const copied = "the captain of the ferry Nordlys said that 40 people of Bergen swam to the coast of the island in a storm"
	x := b.Build(&article.Article{Text: "One day " + copied + ". It ended well for all of them."}, article.English)
	for name, other := range map[string]*Article{
		"reprint":     b.Build(&article.Article{Text: "Others write much else before this. Yesterday, " + copied + ", we hear."}, article.English),
		"translation": b.Build(&article.Article{Text: "Le bac Nordlys a coulé dans la tempête : 40 personnes de Bergen ont nagé jusqu’à l’île."}, article.French),
	} {
		shared := 0
		for _, k := range other.Keys {
			if slices.Contains(x.Keys, k) {
				shared++
			}
		}
		if shared == 0 {
			t.Errorf("a %s shares no key", name)
		}
	}
}

func FuzzBuild(f *testing.F) {
	f.Add("Ferry sank", "Ferry sank\nThe ferry sank in 2031 off Bergen. Read more", "en")
	f.Add("", "« Le bac a coulé » — 3,5 milliards… L’île\xff", "fr")
	f.Add("\xe2", "\xe2\n\x80\xa6", "")
	l := little()
	f.Fuzz(func(t *testing.T, title, written, language string) {
		a := &article.Article{Title: title, Text: written}
		got := NewBuilder(l).Build(a, article.ParseLanguage(language))
		for _, s := range got.Shingles {
			if s.Span.Start < 0 || s.Span.End > len(written) || s.Span.Len() <= 0 || !(s.Norm >= 0) || !(s.Next >= 0) {
				t.Fatalf("shingle %+v of %d bytes", s, len(written))
			}
		}
		if len(got.Rare) > maxConcepts {
			t.Fatalf("%d rare concepts", len(got.Rare))
		}
	})
}

func TestTheCommonestWordsCountInShortSentencesOnly(t *testing.T) {
	l := lexicon.New(&lexicon.Table{Sentences: 10_000, English: []lexicon.EnglishTerm{{Stem: "not", Sentences: 9_000}}})
	for words, counts := range map[int]bool{1: true, shortSentence: true, shortSentence + 1: false} {
		a := &article.Article{Text: "Not" + strings.Repeat(" Bergen", words-1)}
		out := NewBuilder(l).Build(a, article.English)
		_, found := slices.BinarySearch(out.Concepts, lexicon.Named("not"))
		if found != counts {
			t.Errorf("in a sentence of %d words: %v, want %v", words, found, counts)
		}
		if vector, _ := NewBuilder(l).Vector(a.Text, article.English); slices.ContainsFunc(vector, func(w lexicon.Weighted) bool {
			return w.Concept == lexicon.Named("not")
		}) != counts {
			t.Errorf("in a vector of %d words: %v, want %v", words, !counts, counts)
		}
		if slices.ContainsFunc(out.Marks, func(m Mark) bool { return m.Concept == lexicon.Named("not") }) {
			t.Errorf("in a sentence of %d words it is a name", words)
		}
	}
}
