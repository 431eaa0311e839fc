package fit

import (
	"cmp"
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/verdict"
)

// scored is a probability and whether it came true.
type scored struct {
	raw    float64
	holds  bool
	weight float64
}

// calibrationBins is the number of equally filled bins before isotonic regression.
const calibrationBins = 100

// calibrate fits an isotonic map from raw probabilities to frequencies, by pool
// adjacent violators over equally filled bins.
func calibrate(points []scored) []verdict.Point {
	slices.SortStableFunc(points, func(a, b scored) int { return cmp.Compare(a.raw, b.raw) })
	type block struct{ raw, holds, weight float64 }
	var blocks []block
	end := 0
	for i := range calibrationBins {
		start := end
		end = max(end, len(points)*(i+1)/calibrationBins)
		for end > start && end < len(points) && points[end].raw == points[end-1].raw {
			end++
		}
		var b block
		for _, p := range points[start:end] {
			b.raw += p.raw * p.weight
			b.weight += p.weight
			if p.holds {
				b.holds += p.weight
			}
		}
		if b.weight == 0 {
			continue
		}
		blocks = append(blocks, b)
		for n := len(blocks); n > 1 && blocks[n-2].holds*blocks[n-1].weight >= blocks[n-1].holds*blocks[n-2].weight; n-- {
			blocks[n-2].raw += blocks[n-1].raw
			blocks[n-2].holds += blocks[n-1].holds
			blocks[n-2].weight += blocks[n-1].weight
			blocks = blocks[:n-1]
		}
	}
	var out []verdict.Point
	for i := 0; i < len(blocks); {
		b := blocks[i]
		raw := fine(b.raw / b.weight)
		for i++; i < len(blocks) && fine(blocks[i].raw/blocks[i].weight) == raw; i++ {
			b.holds += blocks[i].holds
			b.weight += blocks[i].weight
		}
		out = append(out, verdict.Point{Raw: raw, Calibrated: fine(b.holds / b.weight)})
	}
	return out
}

// fine keeps six decimals.
func fine(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// bestThreshold is the score that gives the best F when it must be reached: the
// harmonic mean of precision and recall in which recall weighs beta times as much.
func bestThreshold(points []scored, beta float64) (threshold, best float64) {
	slices.SortStableFunc(points, func(a, b scored) int { return cmp.Compare(b.raw, a.raw) })
	var all, found, correct float64
	for _, p := range points {
		if p.holds {
			all += p.weight
		}
	}
	for i, p := range points {
		found += p.weight
		if p.holds {
			correct += p.weight
		}
		if i+1 < len(points) && points[i+1].raw == p.raw {
			continue
		}
		if f := (1 + beta*beta) * correct / (beta*beta*all + found); f > best {
			threshold, best = p.raw, f
			if i+1 < len(points) {
				threshold = between(points[i+1].raw, p.raw)
			}
		}
	}
	return threshold, best
}

// between is a number of few decimals above low and not above high, or high.
func between(low, high float64) float64 {
	mid := (low + high) / 2
	for scale := 1e3; scale < 1e9; scale *= 10 {
		if t := math.Round(mid*scale) / scale; t > low && t <= high {
			return t
		}
	}
	return high
}

// operating lists, for rising thresholds, the precision and recall that they gave: only
// where the precision is greater than of any lesser threshold, by a thousandth.
func operating(points []scored) []verdict.OperatingPoint {
	slices.SortStableFunc(points, func(a, b scored) int { return cmp.Compare(a.raw, b.raw) })
	var found, correct, all float64
	for _, p := range points {
		found += p.weight
		if p.holds {
			correct += p.weight
		}
	}
	all = correct
	var out []verdict.OperatingPoint
	last := -1.0
	for i, p := range points {
		below := 0.0
		if i > 0 {
			below = points[i-1].raw
		}
		if (i == 0 || below != p.raw) && found > 0 && all > 0 && p.raw > 0 {
			precision := math.Floor(correct/found*1000) / 1000
			if precision > last {
				out = append(out, verdict.OperatingPoint{Threshold: between(below, p.raw), Precision: precision, Recall: math.Round(correct/all*1e4) / 1e4})
				last = precision
			}
		}
		found -= p.weight
		if p.holds {
			correct -= p.weight
		}
	}
	return out
}
