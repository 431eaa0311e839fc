package text

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// someTexts draws texts of few different lines.
func someTexts(t *rapid.T) []lines {
	line := rapid.Custom(func(t *rapid.T) uint64 {
		return uint64(rapid.IntRange(1, 300).Draw(t, "hash")) << hashShift * 0x9e3779b1
	})
	texts := rapid.SliceOfN(rapid.SliceOf(line), 0, 60).Draw(t, "texts")
	out := make([]lines, len(texts))
	for i, of := range texts {
		slices.Sort(of)
		out[i] = slices.Compact(of)
	}
	return out
}

func TestLinesAreCountedByArticle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := someTexts(t)
		if rapid.Bool().Draw(t, "long") {
			texts = append(texts, make(lines, rapid.SampledFrom([]int{countedChunk - 2, countedChunk, 3 * countedChunk}).Draw(t, "lines")))
		}
		texts = slices.Repeat(texts, rapid.SampledFrom([]int{1, 2, 50}).Draw(t, "times"))
		var c counted
		for _, of := range texts {
			copy(c.next(len(of)), of)
		}
		if got := c.all(); !slices.EqualFunc(got, texts, slices.Equal[lines]) {
			t.Fatalf("%v, want %v", got, texts)
		}
	})
}

func TestPostingsAreTheLinesThatTextsShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := someTexts(t)
		twin := map[uint64][]int32{}
		for i, of := range texts {
			for _, l := range of {
				twin[l] = append(twin[l], int32(i))
			}
		}
		shared := 0
		for _, of := range twin {
			if len(of) > 1 {
				shared++
			}
		}
		got := postings(texts)
		if len(got) != shared {
			t.Fatalf("%d lines are shared, want %d", len(got), shared)
		}
		for i, p := range got {
			if i > 0 && got[i-1].line >= p.line || !slices.Equal(p.texts, twin[p.line]) {
				t.Fatalf("%x: %v, want %v", p.line, p.texts, twin[p.line])
			}
		}
	})
}
