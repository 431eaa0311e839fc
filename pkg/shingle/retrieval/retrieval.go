// Package retrieval measures a lexicon by line-aligned text: every French line asks
// for the English line that translates it, among all of them.
package retrieval

import (
	"cmp"
	"math"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

// Result is how often the right line came first, and among the first five.
type Result struct {
	Lines      int
	PAt1, PAt5 float64 // 0 to 1
}

// neighbours is the k of the ratio margin.
const neighbours = 4

// sharpness is the inverse temperature of the softmax. On newstest2012 and 2013 P@1 is
// 0.989 and 0.980 with 6, 0.991 and 0.984 with 10, 0.991 and 0.985 with 20.
const sharpness = 10

// Evaluate ranks the English lines for each French one; line i of one translates
// line i of the other. The score is the cosine of the lines' vectors, over the mean
// cosine of the nearest neighbours of both (the ratio margin of Artetxe and Schwenk,
// "Margin-based Parallel Corpus Mining", ACL 2019), times a factor that falls as the
// lengths differ; and then the probability that, of all French lines, it is this one
// that the English line answers (the inverted softmax of Smith et al., "Offline
// Bilingual Word Vectors", ICLR 2017). So a line that answers another one better does
// not win. That uses all the questions at once: a figure got by the cosine alone, as
// LASER's, is not to be set beside it without saying so. It takes memory for all pairs
// of lines, four bytes each.
func Evaluate(l *lexicon.Lexicon, english, french []string) Result {
	b := shingle.NewBuilder(l)
	en, fr := lines(b, english, article.English), lines(b, french, article.French)
	scores := similarities(en, fr)
	margins(scores, en, fr)
	taken := demand(scores, len(en))
	result := Result{Lines: len(fr)}
	for i := range fr {
		if i >= len(en) {
			break
		}
		row := scores[i*len(en) : (i+1)*len(en)]
		better := rank(row, taken, i)
		if better < 1 && row[i] > 0 {
			result.PAt1++
		}
		if better < 5 && row[i] > 0 {
			result.PAt5++
		}
	}
	result.PAt1 /= float64(max(len(fr), 1))
	result.PAt5 /= float64(max(len(fr), 1))
	return result
}

// margins makes scores of the cosines: the ratio margin times the length prior.
func margins(m []float32, en, fr []line) {
	nearEnglish, nearFrench := nearest(m, len(en), len(fr))
	for i, f := range fr {
		row := m[i*len(en) : (i+1)*len(en)]
		for j, e := range en {
			if row[j] != 0 {
				near := float64(nearFrench[i]+nearEnglish[j]) / 2
				row[j] = float32(float64(row[j]) / max(near, 1e-9) * lengthPrior(f.weight, e.weight))
			}
		}
	}
}

// demand is, by English line, the logarithm of the sum that the softmax over the French
// lines divides by.
func demand(scores []float32, english int) []float64 {
	sums := make([]float64, english)
	for i, s := range scores {
		sums[i%english] += math.Exp(sharpness * float64(s))
	}
	for j, s := range sums {
		sums[j] = math.Log(s)
	}
	return sums
}

// rank is how many English lines a French line likes better than its own, which is the
// one of its number; of equal ones the first.
func rank(row []float32, taken []float64, own int) int {
	probability := func(j int) float64 { return sharpness*float64(row[j]) - taken[j] }
	right, better := probability(own), 0
	for j := range row {
		// a line without a word in common is no answer, however little it is asked for
		if p := probability(j); row[j] > 0 && (p > right || p == right && j < own) {
			better++
		}
	}
	return better
}

// line is a vector and the weight of its words.
type line struct {
	vector []lexicon.Weighted
	weight float64
}

func lines(b *shingle.Builder, texts []string, language article.Language) []line {
	out := make([]line, len(texts))
	for i, t := range texts {
		v, weight := b.Vector(t, language)
		out[i] = line{v, weight}
	}
	return out
}

// lengthPrior is exp(−r²), r the logarithm of the ratio of the lines' weights.
func lengthPrior(f, e float64) float64 {
	r := math.Log((f + lengthFloor) / (e + lengthFloor))
	return math.Exp(-r * r)
}

// lengthFloor keeps very short lines comparable; a word weighs 1 to 6.
const lengthFloor = 5

// similarities is the matrix of cosines, a row a French line.
func similarities(en, fr []line) []float32 {
	type posting struct {
		line   int32
		weight float32
	}
	index := map[lexicon.Concept][]posting{}
	for j, e := range en {
		for _, w := range e.vector {
			index[w.Concept] = append(index[w.Concept], posting{int32(j), w.Weight})
		}
	}
	m := make([]float32, len(fr)*len(en))
	for i, f := range fr {
		row := m[i*len(en) : (i+1)*len(en)]
		for _, w := range f.vector {
			for _, p := range index[w.Concept] {
				row[p.line] += w.Weight * p.weight
			}
		}
	}
	return m
}

// nearest are the mean cosines of every line's nearest neighbours on the other side.
func nearest(m []float32, english, french int) (ofEnglish, ofFrench []float32) {
	ofEnglish, ofFrench = make([]float32, english), make([]float32, french)
	column := make([]float32, french)
	for j := range ofEnglish {
		for i := range column {
			column[i] = m[i*english+j]
		}
		ofEnglish[j] = meanOfTop(column)
	}
	row := make([]float32, english)
	for i := range ofFrench {
		copy(row, m[i*english:(i+1)*english])
		ofFrench[i] = meanOfTop(row)
	}
	return ofEnglish, ofFrench
}

// meanOfTop is the mean of the greatest values; it reorders them.
func meanOfTop(values []float32) float32 {
	var sum float32
	k := min(neighbours, len(values))
	for i := range k {
		best := i
		for j := i + 1; j < len(values); j++ {
			if cmp.Less(values[best], values[j]) {
				best = j
			}
		}
		values[i], values[best] = values[best], values[i]
		sum += values[i]
	}
	return sum / float32(max(k, 1))
}
