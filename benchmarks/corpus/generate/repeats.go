package generate

import (
	"math"
	"slices"
	"unicode"
	"unicode/utf8"
)

// What makes a sentence a repetition: it has half of its content words in common with an
// earlier one. Debates have many: what was said is handed in again in writing, in other
// words. An article made of the one would rightly be called a copy of an article made of
// the other.
const (
	repeatShare = 0.5
	repeatWords = 4   // at least so many
	repeatKeys  = 3   // earlier sentences are looked up by so many of the rarest words
	repeatFound = 150 // and by none that more sentences have
)

// repeats finds the sentences that say again what an earlier one said.
type repeats struct {
	words map[string]uint32
	sets  [][]uint32 // of a sentence, the content words: sorted and different
	count []int32    // of a word, the sentences that have it
	lists [][]int32  // of a word, the sentences looked up by it
}

// repeated tells of each line whether it says again what an earlier one said.
func repeated(lines []string) []bool {
	r := &repeats{words: map[string]uint32{}, sets: make([][]uint32, len(lines))}
	for i, line := range lines {
		r.sets[i] = r.contentWords(line)
		for _, w := range r.sets[i] {
			r.count[w]++
		}
	}
	r.lists = make([][]int32, len(r.count))
	again := make([]bool, len(lines))
	for i := range lines {
		keys := r.keys(i)
		again[i] = r.has(i, keys)
		for _, w := range keys {
			r.lists[w] = append(r.lists[w], int32(i))
		}
	}
	return again
}

// contentWords are the words of four letters or more, cut to six bytes in place of a
// stemmer.
func (r *repeats) contentWords(line string) (set []uint32) {
	start := -1
	end := func(to int) {
		if start >= 0 && utf8.RuneCountInString(line[start:to]) >= 4 {
			stem := line[start:min(to, start+6)]
			w, ok := r.words[stem]
			if !ok {
				w = uint32(len(r.count))
				r.words[stem] = w
				r.count = append(r.count, 0)
			}
			set = append(set, w)
		}
		start = -1
	}
	for i, c := range line {
		switch inWord := unicode.IsLetter(c) || unicode.IsDigit(c); {
		case inWord && start < 0:
			start = i
		case !inWord:
			end(i)
		}
	}
	end(len(line))
	slices.Sort(set)
	return slices.Compact(set)
}

// keys are the rarest words of sentence i.
func (r *repeats) keys(i int) []uint32 {
	keys := slices.DeleteFunc(slices.Clone(r.sets[i]), func(w uint32) bool { return r.count[w] > repeatFound })
	slices.SortStableFunc(keys, func(a, b uint32) int { return int(r.count[a] - r.count[b]) })
	return keys[:min(len(keys), repeatKeys)]
}

// has reports whether sentence i says again what an earlier one said, given its keys.
func (r *repeats) has(i int, keys []uint32) bool {
	for _, w := range keys {
		for _, j := range r.lists[w] {
			a, b := r.sets[i], r.sets[j]
			need := max(repeatWords, int(math.Ceil(repeatShare*float64(min(len(a), len(b))))))
			if min(len(a), len(b)) >= need && common(a, b) >= need {
				return true
			}
		}
	}
	return false
}

// common is the number of elements that two sorted lists share.
func common(a, b []uint32) (n int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}
