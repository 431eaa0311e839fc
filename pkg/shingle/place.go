package shingle

import (
	"slices"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/text"
)

// Place is where a mark stands in its article.
type Place struct {
	Mark
	Span article.Span
}

// Compare orders places by their marks: shingle, concept, kind.
func (p Place) Compare(m Mark) int { return compareMarks(p.Mark, m) }

// Places finds the marks of an article in its text, by shingle and concept, then in
// order of the text. The arguments are those that Build had: an Article does not keep
// the places, which few ask for.
func (b *Builder) Places(a *article.Article, language article.Language, furniture ...article.Span) []Place {
	places := []Place{}
	b.places = &places
	b.Build(a, language, furniture...)
	b.places = nil
	slices.SortStableFunc(places, func(p, q Place) int { return p.Compare(q.Mark) })
	return places
}

// locate notes where the last mark stands, if that is asked for.
func (b *Builder) locate(out *Article, t *text.Token) {
	if b.places != nil {
		*b.places = append(*b.places, Place{out.Marks[len(out.Marks)-1], article.Span{Start: t.Start, End: t.End}})
	}
}
