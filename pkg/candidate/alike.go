package candidate

import (
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

// What the sketch of one of two articles must hold of the other's at the least, in two
// languages and in one. Of the pairs found in the newspaper sets (whole, cut to 60 words,
// thirds), the Debian sets, the renderings and 8 000 generated articles, one in 386 lies
// under the first (0.09), none under 0.12 and 0.25, when sketches looked in 16 places; with
// the 4 they look in now benchmarks/quality finds the same.
const (
	minSketchCross = 0.11
	minSketchSame  = 0.2
)

// Asker tells which articles their sketches allow to be copies of one, or of a part of it,
// or it of them. It serves one goroutine.
type Asker struct {
	language article.Language
	known    bool // the sketch
	sketch   shingle.Comparer
}

// Ask has Alike compare an article with this one.
func (a *Asker) Ask(language article.Language, s shingle.Sketch) {
	a.language, a.known = language, !s.IsEmpty()
	a.sketch.Set(s)
}

// Alike reports whether the article may be a copy. One whose sketch is not known may.
func (a *Asker) Alike(language article.Language, s shingle.Sketch) bool {
	if !a.known || s.IsEmpty() {
		return true
	}
	least := minSketchSame
	if a.language != language {
		least = minSketchCross
	}
	own, other := a.sketch.Held(s)
	return max(own, other) >= least
}
