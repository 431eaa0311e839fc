package align

import (
	"math"

	"github.com/calque-dev/calque/pkg/shingle"
)

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// BiMax is, for each article, the mean of its shingles' best cosines in the other,
// shingles weighed by their words: 0 for nothing shared, 1 for the same vectors.
// After Wang et al., "BiMax", Findings of EMNLP 2025.
func (x *Alignment) BiMax(a, b *shingle.Article) (ofA, ofB float64) {
	return meanBest(a.Shingles, x.BestA), meanBest(b.Shingles, x.BestB)
}

func meanBest(shingles []shingle.Shingle, best []float32) float64 {
	var sum, weight float64
	for i, s := range shingles {
		sum += float64(s.Weight) * float64(best[i])
		weight += float64(s.Weight)
	}
	if weight == 0 {
		return 0
	}
	return sum / weight
}
