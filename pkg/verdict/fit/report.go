package fit

import (
	"fmt"
	"strings"

	"github.com/calque-dev/calque/pkg/verdict"
)

// report shows the confusion between classes and the quality of the scores.
func (f *fitted) report() string {
	var confusion [verdict.NumClasses][verdict.NumClasses]int
	for i, e := range f.examples {
		best := verdict.Unrelated
		if f.Calibrated(f.tied[i]) >= f.ThresholdOf(f.part[i] && f.PartThreshold > 0) {
			best = e.class
			if e.class != verdict.SameStory {
				best = verdict.Whole
				if f.part[i] {
					best = verdict.Part
				}
			}
		}
		confusion[e.class][best]++
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-12s", "is \\ called")
	for k := range verdict.NumClasses {
		fmt.Fprintf(&b, "%12s", k)
	}
	b.WriteByte('\n')
	for k, row := range confusion {
		fmt.Fprintf(&b, "%-12s", verdict.Class(k))
		for _, n := range row {
			fmt.Fprintf(&b, "%12d", n)
		}
		b.WriteByte('\n')
	}
	points := f.scores()
	for i := range points {
		points[i].raw = f.Calibrated(points[i].raw)
	}
	fmt.Fprintf(&b, "tied or not: F%g %.4f at a score of %.3f", f.beta, f.best, f.Threshold)
	if f.PartThreshold > 0 {
		fmt.Fprintf(&b, "; of parts F1 %.4f at %.3f", f.bestPart, f.PartThreshold)
	}
	fmt.Fprintf(&b, "; expected calibration error %.4f\n", calibrationError(points))
	return b.String()
}

// calibrationError is the expected calibration error over ten bins of scores.
func calibrationError(points []scored) float64 {
	var raw, holds, weight [10]float64
	total := 0.0
	for _, p := range points {
		k := min(9, int(p.raw*10))
		raw[k] += p.raw * p.weight
		weight[k] += p.weight
		total += p.weight
		if p.holds {
			holds[k] += p.weight
		}
	}
	e := 0.0
	for k := range raw {
		d := raw[k] - holds[k]
		e += max(d, -d) / total
	}
	return e
}
