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
	fmt.Fprintf(&b, "tied or not: F%g %.4f at a score of %.3f", f.beta.whole, f.best, f.Threshold)
	if f.PartThreshold > 0 {
		fmt.Fprintf(&b, "; of parts F%g %.4f at %.3f", f.beta.part, f.bestPart, f.PartThreshold)
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

// confusion is how much of each relation was taken for which other, out of fold.
type confusion [int(verdict.Related) + 1][int(verdict.Related) + 1]float64

// add counts the examples of a classifier of copies. Those that were lent to it count
// where they are from; stories are not told apart here.
func (c *confusion) add(f *fitted, reworded float64) {
	if len(f.Part.Trees) == 0 {
		return
	}
	for i := range f.examples {
		e := &f.examples[i]
		if e.lent {
			continue
		}
		called := verdict.None
		if f.Calibrated(f.tied[i]) >= f.ThresholdOf(f.part[i]) {
			called = relationOf(e, f.part[i], e.features.Values[verdict.GramMax] < reworded)
		}
		is := verdict.None
		if e.class != verdict.Unrelated {
			is = relationOf(e, e.class == verdict.Part, !e.edited)
		}
		c[is][called] += e.weight
	}
}

func relationOf(e *example, part, otherWords bool) verdict.Relation {
	switch {
	case e.features.Cross && part:
		return verdict.PartialTranslation
	case e.features.Cross:
		return verdict.Translation
	case part:
		return verdict.Excerpt
	case otherWords:
		return verdict.Reworded
	}
	return verdict.NearDuplicate
}

// String is a table with a row for each relation that it is and a column for each that
// it was called.
func (c *confusion) String() string {
	told := []verdict.Relation{verdict.None, verdict.NearDuplicate, verdict.Reworded, verdict.Translation, verdict.Excerpt, verdict.PartialTranslation}
	var b strings.Builder
	fmt.Fprintf(&b, "%-20s", "is \\ called")
	for _, r := range told {
		fmt.Fprintf(&b, "%20s", r)
	}
	for _, is := range told {
		total := 0.0
		for _, called := range told {
			total += c[is][called]
		}
		fmt.Fprintf(&b, "\n%-20s", is)
		for _, called := range told {
			fmt.Fprintf(&b, "%20.2f", 100*c[is][called]/max(total, 1e-9))
		}
	}
	return b.String() + "\n"
}
