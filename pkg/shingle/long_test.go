package shingle

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
)

func TestATextWithoutPunctuationIsCutIntoShinglesThatTileIt(t *testing.T) {
	l, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	b := NewBuilder(l)
	for _, n := range []int{1, maxWords, maxWords + 1, 2 * maxWords, 5*maxWords + 7} {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "harbour%d ", i%50)
		}
		a := article.Article{Text: strings.TrimSpace(text.String())}
		x := b.Build(&a, article.English)
		if got, want := len(x.Shingles), (n+maxWords-1)/maxWords; got != want {
			t.Fatalf("%d words make %d shingles, want %d", n, got, want)
		}
		at, words := 0, 0
		for _, s := range x.Shingles {
			if s.Span.Start != at {
				t.Fatalf("%d words: a shingle begins at %d, the one before ended at %d", n, s.Span.Start, at)
			}
			at, words = s.Span.End, words+s.Words
		}
		if at != len(a.Text) || words != x.Words {
			t.Fatalf("%d words: the shingles end at %d of %d bytes and have %d of %d words", n, at, len(a.Text), words, x.Words)
		}
	}
}

func TestMergingEachShingleFirstChangesNoEntry(t *testing.T) {
	b := new(Builder)
	rapid.Check(t, func(t *rapid.T) {
		var entries, merged []Entry
		for i := range rapid.Uint32Range(0, 5).Draw(t, "shingles") {
			start := len(merged)
			for range rapid.IntRange(0, 20).Draw(t, "entries") {
				e := Entry{lexicon.Concept(rapid.Uint32Range(0, 9).Draw(t, "concept") << 20), i, float32(rapid.IntRange(1, 9).Draw(t, "weight"))}
				entries, merged = append(entries, e), append(merged, e)
			}
			if rapid.Bool().Draw(t, "first") {
				b.sortEntries(merged[start:])
				merged = mergeEntries(merged[:start], merged[start:])
			}
		}
		b.sortEntries(entries)
		b.sortEntries(merged)
		if diff := gocmp.Diff(mergeEntries(nil, slices.Clone(entries)), mergeEntries(nil, merged)); diff != "" {
			t.Fatal("at once, shingle by shingle:", diff)
		}
	})
}

func BenchmarkBuildLong(b *testing.B) {
	l, err := lexicon.Default()
	if err != nil {
		b.Fatal(err)
	}
	const words = "the harbour of Northquay reopened on Monday after a strike of 12 days that cost 3.5 million pounds "
	for name, end := range map[string]string{"sentences": ". ", "one line": ""} {
		b.Run(name, func(b *testing.B) {
			a := &article.Article{Text: strings.Repeat(strings.TrimSpace(words)+end+" ", 10<<20/len(words))}
			builder := NewBuilder(l)
			b.SetBytes(int64(len(a.Text)))
			b.ReportAllocs()
			for b.Loop() {
				builder.Build(a, article.English)
			}
		})
	}
}
