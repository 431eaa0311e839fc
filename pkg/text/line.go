package text

import (
	"slices"

	"github.com/calque-dev/calque/pkg/article"
)

// Line is a line of a text that holds a letter, as a Recurrence counts it.
type Line struct {
	Key  uint64 // what is compared
	Span article.Span
}

// MayRecur reports whether the line can be furniture: it is short.
func (l Line) MayRecur() bool { return l.Key&(fragmentLine|sentenceLine) != 0 }

// AppendLines appends the lines of the body.
func AppendLines(dst []Line, a *article.Article) []Line {
	var buf [maxRecurring]byte
	for i := a.Body().Start; i < len(a.Text); {
		end := lineEnd(a.Text, i)
		span := trimmed(a.Text, i, end)
		i = end
		if key := lineKey(span.Of(a.Text), buf[:0]); key != 0 {
			dst = append(dst, Line{key, span})
		}
	}
	return dst
}

func linesOf(a *article.Article) []Line { return AppendLines(nil, a) }

// AddLines counts the lines of an article of a source, which is not "".
func (r *Recurrence) AddLines(source string, of []Line) {
	var room [64]uint64
	all := lines(room[:0])
	for _, l := range of {
		all = append(all, l.Key)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	copy(r.of(source).next(len(all)), all)
}

// Among reports of each line of an article of the source whether it is furniture, in
// recurs if there is room; it is nil where none is, or half of the article would go.
func (f *Furniture) Among(source string, of []Line, recurs []bool) []bool {
	if f.IsEmpty() || f.sources[source] == nil {
		return nil
	}
	return f.among(f.sources[source], of, slices.Grow(recurs[:0], len(of))[:len(of)])
}

func (f *Furniture) among(known map[uint64]bool, of []Line, recurs []bool) []bool {
	all, gone := 0, 0
	for i, l := range of {
		all += l.Span.Len()
		if recurs[i] = known[l.Key]; recurs[i] {
			gone += l.Span.Len()
		}
	}
	if gone == 0 || 2*gone >= all {
		return nil
	}
	return recurs
}
