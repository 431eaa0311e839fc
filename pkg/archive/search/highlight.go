package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/article"
)

// Fragment is a stretch of an article's text around words that match.
type Fragment struct {
	Start   int // byte offset in the article's text
	Text    string
	Matches []article.Span // of Text; none when only the title, or nothing, matches
}

// Fragments of a hit: how many at most, and about how long in bytes.
const (
	MaxFragments = 3
	FragmentSize = 200
)

// marks are the terms of a field that a query asks for.
type marks struct {
	terms    map[string]float64 // by weight
	patterns []func(string) bool
}

// weight is what a word is worth in a fragment, 0 when it is not asked for.
func (m *marks) weight(t analysis.Term) float64 {
	if m == nil || t.Common {
		return 0
	}
	w := m.terms[t.Text]
	if t.Plain != "" {
		w = max(w, m.terms[t.Plain])
	}
	if w > 0 {
		return w
	}
	for _, match := range m.patterns {
		if match(t.Text) || t.Plain != "" && match(t.Plain) {
			return 1
		}
	}
	return 0
}

// spans are the words of s that match.
func (m *marks) spans(language article.Language, s string) (spans []article.Span) {
	if m == nil {
		return nil
	}
	for _, t := range analysis.Terms(language, s) {
		if m.weight(t) > 0 {
			spans = append(spans, article.Span{Start: t.Start, End: t.End})
		}
	}
	return spans
}

// found is a matching word of a text.
type found struct {
	span   article.Span
	term   string
	weight float64
	taken  bool // by a fragment
}

// fragments are the stretches of an article's text, its headline left out, that have the
// most of what is asked for; the beginning, when there is none.
func (m *marks) fragments(a *article.Article) []Fragment {
	body := a.Body()
	var words []found
	if m != nil {
		for _, t := range analysis.Terms(a.Language, a.Text) {
			if w := m.weight(t); w > 0 && t.Start >= body.Start && t.End <= body.End {
				words = append(words, found{span: article.Span{Start: t.Start, End: t.End}, term: t.Text, weight: w})
			}
		}
	}
	var stretches []article.Span
	for len(stretches) < MaxFragments {
		i, j := densest(words)
		if i == j {
			break
		}
		stretch := article.Span{Start: words[i].span.Start, End: words[j-1].span.End}
		stretches = append(stretches, widenStretch(a.Text, stretch, room(body, stretch, stretches)))
		for k := range words {
			s := words[k].span
			last := stretches[len(stretches)-1]
			words[k].taken = words[k].taken || s.Overlaps(last)
		}
	}
	if stretches == nil {
		start := article.Span{Start: body.Start, End: body.Start}
		stretches = append(stretches, widenStretch(a.Text, start, body))
	}
	slices.SortFunc(stretches, article.Span.Compare)
	var out []Fragment
	for _, s := range stretches {
		f := Fragment{Start: s.Start, Text: s.Of(a.Text)}
		for _, w := range words {
			if s.Start <= w.span.Start && w.span.End <= s.End {
				f.Matches = append(f.Matches, article.Span{Start: w.span.Start - s.Start, End: w.span.End - s.Start})
			}
		}
		if f.Text != "" {
			out = append(out, f)
		}
	}
	return out
}

// again is the share of its weight that a word is worth when it comes again.
const again = 0.1

// densest is the run words[i:j], none taken, within FragmentSize bytes that is worth the
// most; i == j when none is left. Of equal runs it is the first.
func densest(words []found) (i, j int) {
	best := 0.0
	seen := map[string]bool{}
	for start := range words {
		clear(seen)
		worth := 0.0
		for end := start; end < len(words); end++ {
			w := &words[end]
			if w.taken || end > start && w.span.End-words[start].span.Start > FragmentSize {
				break
			}
			if seen[w.term] {
				worth += again * w.weight
			} else {
				worth += w.weight
			}
			seen[w.term] = true
			if worth > best {
				best, i, j = worth, start, end+1
			}
		}
	}
	return i, j
}

// room is the part of the body around a stretch that no other stretch has.
func room(body, stretch article.Span, others []article.Span) article.Span {
	for _, o := range others {
		if o.End <= stretch.Start {
			body.Start = max(body.Start, o.End)
		} else if o.Start >= stretch.End {
			body.End = min(body.End, o.Start)
		}
	}
	return body
}

// widenStretch takes in what stands around a stretch, up to FragmentSize bytes and within
// the room, but no line before its own, and cuts at the borders of words.
func widenStretch(text string, s, room article.Span) article.Span {
	spare := max(FragmentSize-s.Len(), 0)
	start := max(room.Start, s.Start-spare/2)
	end := min(room.End, s.End+spare-(s.Start-start))
	start = max(room.Start, min(start, end-FragmentSize))
	if n := strings.LastIndexByte(text[start:s.Start], '\n'); n >= 0 {
		start += n + 1
		end = min(room.End, start+max(FragmentSize, s.End-start))
		room.Start = start
	}
	if start > room.Start {
		if n := strings.IndexAny(text[start:s.Start], " \n\t\r"); n >= 0 {
			start += n
		} else {
			start = s.Start
		}
	}
	if end < room.End {
		if n := strings.LastIndexAny(text[s.End:end], " \n\t\r"); n >= 0 {
			end = s.End + n
		} else if s.Len() > 0 {
			end = s.End
		} else {
			for end > start && !utf8.RuneStart(text[end]) {
				end--
			}
		}
	}
	for start < s.Start && isSpace(text[start]) {
		start++
	}
	for end > max(s.End, start) && isSpace(text[end-1]) {
		end--
	}
	return article.Span{Start: start, End: end}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// nearly reports whether two terms differ in at most so many letters: one put in, left
// out, changed, or changed places with the next.
func nearly(a, b string, most int) bool {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > most || -d > most {
		return false
	}
	var rows [3][]int
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		row, above, top := rows[i%3], rows[(i+2)%3], rows[(i+1)%3]
		row[0] = i
		for j := 1; j <= len(y); j++ {
			row[j] = above[j-1]
			if x[i-1] != y[j-1] {
				row[j] = 1 + min(above[j-1], above[j], row[j-1])
			}
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], top[j-2]+1)
			}
		}
	}
	return rows[len(x)%3][len(y)] <= most
}
