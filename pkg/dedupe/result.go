package dedupe

import (
	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Pair is one relation found: A comes before B in byte order of their ids.
type Pair struct {
	A, B      string
	Relation  verdict.Relation
	Score     float64             // calibrated probability that the relation holds
	Languages [2]article.Language // of A and of B
	Coverage  [2]float64          // share of each text inside passages, 0 to 1
	Passages  []align.Passage     // only with Options.Passages
	Features  *verdict.Features   // what Scan judged by; only with Options.Features, nil for verdict.Exact
}
