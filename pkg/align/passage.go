package align

import "github.com/calque-dev/calque/pkg/article"

// Passage is a stretch of one article matched to a stretch of the other: byte
// offsets into the two texts, and the cosine of the two stretches, 0 to 1.
type Passage struct {
	A, B       article.Span
	Similarity float64
}
