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

// Evaluate ranks the English lines for each French one; line i of one translates
// line i of the other. The score is the cosine of the lines' vectors, over the mean
// cosine of the nearest neighbours of both (the ratio margin of Artetxe and Schwenk,
// "Margin-based Parallel Corpus Mining", ACL 2019), times a factor that falls as the
// lengths differ. It takes memory for all pairs of lines, four bytes each.
func Evaluate(l *lexicon.Lexicon, english, french []string) Result {
	b := shingle.NewBuilder(l)
	en, fr := lines(b, english, article.English), lines(b, french, article.French)
	cosines := similarities(en, fr)
	nearEnglish, nearFrench := nearest(cosines, len(en), len(fr))
	result := Result{Lines: len(fr)}
	for i := range fr {
		if i >= len(en) {
			break
		}
		row := cosines[i*len(en) : (i+1)*len(en)]
		score := func(j int) float64 {
			near := float64(nearFrench[i]+nearEnglish[j]) / 2
			return float64(row[j]) / max(near, 1e-9) * lengthPrior(fr[i].weight, en[j].weight)
		}
		right, better := score(i), 0
		for j := range en {
			if s := score(j); s > right || s == right && j < i {
				better++
			}
		}
		if better < 1 && right > 0 {
			result.PAt1++
		}
		if better < 5 && right > 0 {
			result.PAt5++
		}
	}
	result.PAt1 /= float64(max(len(fr), 1))
	result.PAt5 /= float64(max(len(fr), 1))
	return result
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
