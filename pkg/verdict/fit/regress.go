package fit

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"

	"github.com/calque-dev/calque/pkg/verdict"
)

// ridge is the L2 penalty on the weights of standardised features.
const ridge = 1e-4

// regress fits a multinomial logistic regression on the features in use by L-BFGS.
func regress(es []example, use func(verdict.Feature) bool) (*verdict.Classifier, error) {
	mean, scale := standardise(es)
	const width = int(verdict.NumFeatures) + 1
	rows := make([][width]float64, len(es))
	total := 0.0
	for i := range es {
		for k, v := range es[i].features.Values {
			if use(verdict.Feature(k)) {
				rows[i][k] = (v - mean[k]) / scale[k]
			}
		}
		rows[i][width-1] = 1
		total += es[i].weight
	}
	n := int(verdict.NumClasses) * width
	o := &objective{rows: make([][]float64, len(rows)), examples: es, total: total, gradient: make([]float64, n), at: make([]float64, n)}
	for i := range rows {
		o.rows[i] = rows[i][:]
	}
	o.evaluate()
	problem := optimize.Problem{
		Func: func(w []float64) float64 { return o.move(w).loss },
		Grad: func(gradient, w []float64) { copy(gradient, o.move(w).gradient) },
	}
	settings := &optimize.Settings{GradientThreshold: 1e-6, MajorIterations: 150}
	result, err := optimize.Minimize(problem, make([]float64, n), settings, &optimize.LBFGS{})
	if result == nil {
		return nil, err
	}
	return named(mean, scale, result.X, width), nil
}

// objective is the penalised loss and its gradient at the weights last asked for.
type objective struct {
	rows     [][]float64 // standardised features and a constant 1
	examples []example
	total    float64 // weight of all examples

	at, gradient []float64
	loss         float64
}

// move evaluates the objective at w, unless it is there.
func (o *objective) move(w []float64) *objective {
	if !slices.Equal(o.at, w) {
		copy(o.at, w)
		o.evaluate()
	}
	return o
}

// sums is the number of parts in which the rows are added up: fixed, so that the
// result does not depend on the processors.
const sums = 16

func (o *objective) evaluate() {
	var losses [sums]float64
	var gradients [sums][]float64
	parallel(sums, func() func(int) {
		return func(k int) {
			gradients[k] = make([]float64, len(o.at))
			for i := len(o.rows) * k / sums; i < len(o.rows)*(k+1)/sums; i++ {
				losses[k] += addRow(gradients[k], o.at, o.rows[i], o.examples[i].class, o.examples[i].weight/o.total)
			}
		}
	})
	clear(o.gradient)
	o.loss = 0
	for k := range sums {
		o.loss += losses[k]
		for i, g := range gradients[k] {
			o.gradient[i] += g
		}
	}
	width := len(o.rows[0])
	for i, w := range o.at {
		if i%width != width-1 {
			o.loss += ridge / 2 * w * w
			o.gradient[i] += ridge * w
		}
	}
}

// addRow adds the gradient of one row's loss and returns the loss.
func addRow(gradient, w, row []float64, class verdict.Class, weight float64) float64 {
	var p [verdict.NumClasses]float64
	width := len(row)
	for k := range p {
		weights := w[k*width : (k+1)*width]
		for i, v := range row {
			p[k] += weights[i] * v
		}
	}
	top := slices.Max(p[:])
	sum := 0.0
	for k := range p {
		p[k] = math.Exp(p[k] - top)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
		d := p[k]
		if verdict.Class(k) == class {
			d--
		}
		d *= weight
		part := gradient[k*width : (k+1)*width]
		for i, v := range row {
			part[i] += d * v
		}
	}
	return -weight * math.Log(max(p[class], 1e-300))
}

func standardise(es []example) (mean, scale [verdict.NumFeatures]float64) {
	for i := range es {
		for k, v := range es[i].features.Values {
			mean[k] += v / float64(len(es))
		}
	}
	for i := range es {
		for k, v := range es[i].features.Values {
			scale[k] += (v - mean[k]) * (v - mean[k]) / float64(len(es))
		}
	}
	for k := range scale {
		scale[k] = max(math.Sqrt(scale[k]), 1e-3)
	}
	return mean, scale
}

// named stores the numbers under their names.
func named(mean, scale [verdict.NumFeatures]float64, w []float64, width int) *verdict.Classifier {
	c := &verdict.Classifier{Mean: map[string]float64{}, Scale: map[string]float64{}, Weights: map[string]map[string]float64{}}
	for i := range verdict.NumFeatures {
		c.Mean[i.String()], c.Scale[i.String()] = round(mean[i]), round(scale[i])
	}
	for k := range verdict.NumClasses {
		weights := map[string]float64{}
		for i := range verdict.NumFeatures {
			weights[i.String()] = round(w[int(k)*width+int(i)])
		}
		weights["bias"] = round(w[int(k)*width+width-1])
		c.Weights[k.String()] = weights
	}
	return c
}

// round keeps four decimals: what is stored is what was measured.
func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }

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
