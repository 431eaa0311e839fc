package train

import (
	"context"
	"math"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/mathext"
)

const (
	shards        = 8    // parts of the corpus; fixed, so that sums do not depend on the workers
	nullShare     = 0.08 // prior probability that a word translates none
	tension       = 4.0  // how sharply links prefer the diagonal
	dirichlet     = 0.01 // prior count of the variational estimate
	alone         = 3    // iterations in which each direction learns by itself
	together      = 3    // iterations in which a link counts as far as both agree
	initialWeight = 1e-2 // translation probability before the first iteration
)

// model holds translation probabilities in both directions, an entry a link. It is
// the alignment model of Dyer et al., "A Simple, Fast, and Effective
// Reparameterization of IBM Model 2" (NAACL 2013), whose two directions are trained
// to agree after Liang et al., "Alignment by Agreement" (NAACL 2006).
type model struct {
	ctx    context.Context // ends learning
	corpus *corpus
	links  *links
	parts  []part

	frenchGiven  []float32 // p(f|e), an entry a link
	englishGiven []float32 // p(e|f)
	frenchNull   []float32 // p(f|null), a French term
	englishNull  []float32
	counts       []float64 // expected links of the last iteration
}

// part is a shard: its sentences and, for each French token, the links it may
// have: position in the English sentence and entry.
type part struct {
	first, last int // sentences
	size        []uint8
	position    []uint8
	entry       []int32
}

// learn aligns the corpus and leaves the expected link counts in the model. They are of
// no use when ctx has ended.
func learn(ctx context.Context, c *corpus, l *links, workers int, progress func(done, total int)) *model {
	m := &model{
		ctx: ctx, corpus: c, links: l, parts: make([]part, shards),
		frenchGiven: filled(len(l.english), initialWeight), englishGiven: filled(len(l.english), initialWeight),
		frenchNull: filled(len(c.french.terms), initialWeight/10), englishNull: filled(len(c.english.terms), initialWeight/10),
	}
	n := c.french.sentences()
	m.each(workers, func(i int) {
		m.parts[i] = newPart(c, l, n*i/shards, n*(i+1)/shards)
	})
	for i := range alone + together {
		if ctx.Err() != nil {
			return m
		}
		m.iterate(workers, i >= alone)
		progress(i+1, alone+together)
	}
	return m
}

func filled(n int, v float32) []float32 {
	s := make([]float32, n)
	for i := range s {
		s[i] = v
	}
	return s
}

func (m *model) each(workers int, do func(part int)) {
	var group errgroup.Group
	group.SetLimit(workers)
	for i := range m.parts {
		group.Go(func() error { do(i); return nil })
	}
	_ = group.Wait() // do returns no error
}

func newPart(c *corpus, l *links, first, last int) part {
	p := part{first: first, last: last}
	for s := first; s < last; s++ {
		english := c.english.sentence(s)
		for _, f := range c.french.sentence(s) {
			n := len(p.entry)
			for i, e := range english {
				if entry := l.find(e, f); entry >= 0 {
					p.entry = append(p.entry, entry)
					p.position = append(p.position, uint8(i))
				}
			}
			p.size = append(p.size, uint8(len(p.entry)-n))
		}
	}
	return p
}

// expectation is what one shard adds in one iteration.
type expectation struct {
	french, english         []float32 // an entry a link
	frenchNull, englishNull []float32 // a term
}

// iterate does one step of expectation and maximisation.
func (m *model) iterate(workers int, agree bool) {
	added := make([]expectation, len(m.parts))
	m.each(workers, func(i int) { added[i] = m.expect(&m.parts[i], agree) })
	french := sum(added, func(e *expectation) []float32 { return e.french })
	english := french
	if !agree {
		english = sum(added, func(e *expectation) []float32 { return e.english })
	}
	frenchNull := sum(added, func(e *expectation) []float32 { return e.frenchNull })
	englishNull := sum(added, func(e *expectation) []float32 { return e.englishNull })
	m.counts = french

	ofEnglish, ofFrench := newTotals(len(m.corpus.english.terms)), newTotals(len(m.corpus.french.terms))
	m.links.each(func(entry int, e, f uint32) {
		ofEnglish.add(e, french[entry])
		ofFrench.add(f, english[entry])
	})
	ofEnglish.finish()
	ofFrench.finish()
	m.links.each(func(entry int, e, f uint32) {
		m.frenchGiven[entry] = ofEnglish.probability(e, french[entry])
		m.englishGiven[entry] = ofFrench.probability(f, english[entry])
	})
	share(m.frenchNull, frenchNull)
	share(m.englishNull, englishNull)
}

// each visits every link in order.
func (l *links) each(visit func(entry int, e, f uint32)) {
	for f := range len(l.start) - 1 {
		for i := l.start[f]; i < l.start[f+1]; i++ {
			visit(int(i), l.english[i], uint32(f))
		}
	}
}

func sum(added []expectation, of func(*expectation) []float32) []float64 {
	total := make([]float64, len(of(&added[0])))
	for i := range added {
		for j, v := range of(&added[i]) {
			total[j] += float64(v)
		}
	}
	return total
}

// totals are the sums of counts by which rows are normalised.
type totals struct {
	sum     []float64
	entries []float64
	digamma []float64
}

func newTotals(n int) *totals {
	return &totals{make([]float64, n), make([]float64, n), make([]float64, n)}
}

func (t *totals) add(row uint32, count float64) {
	t.sum[row] += count
	t.entries[row]++
}

func (t *totals) finish() {
	for i := range t.sum {
		t.digamma[i] = mathext.Digamma(t.sum[i] + dirichlet*t.entries[i] + 1e-9)
	}
}

// probability is the variational Bayes estimate with a sparse Dirichlet prior.
func (t *totals) probability(row uint32, count float64) float32 {
	return float32(math.Exp(mathext.Digamma(count+dirichlet) - t.digamma[row]))
}

func share(p []float32, counts []float64) {
	total := 0.0
	for _, c := range counts {
		total += c + dirichlet
	}
	for i, c := range counts {
		p[i] = float32((c + dirichlet) / total)
	}
}

// expect adds up the posterior link probabilities of a shard.
func (m *model) expect(p *part, agree bool) expectation {
	x := expectation{
		french: make([]float32, len(m.links.english)), english: make([]float32, len(m.links.english)),
		frenchNull: make([]float32, len(m.frenchNull)), englishNull: make([]float32, len(m.englishNull)),
	}
	var diagonal diagonals
	var forward, backward [maxTokens * maxTokens]float32
	var column [maxTokens]float32
	token, cell := 0, 0
	for s := p.first; s < p.last; s++ {
		if s%1024 == 0 && m.ctx.Err() != nil {
			return x
		}
		english, french := m.corpus.english.sentence(s), m.corpus.french.sentence(s)
		prior := diagonal.of(len(english), len(french))
		clear(column[:len(english)])
		at := cell
		for j, f := range french {
			n := int(p.size[token+j])
			row := float32(nullShare) * m.frenchNull[f]
			for k := at; k < at+n; k++ {
				entry, i := p.entry[k], int(p.position[k])
				d := prior[j*maxTokens+i]
				a, b := d*m.frenchGiven[entry], d*m.englishGiven[entry]
				forward[k-cell], backward[k-cell] = a, b
				row += a
				column[i] += b
			}
			for k := at; k < at+n; k++ {
				forward[k-cell] /= row
			}
			x.frenchNull[f] += nullShare * m.frenchNull[f] / row
			at += n
		}
		for i, e := range english {
			null := nullShare * m.englishNull[e]
			column[i] += null
			x.englishNull[e] += null / column[i]
		}
		for k := cell; k < at; k++ {
			a, b := forward[k-cell], backward[k-cell]/column[p.position[k]]
			if agree {
				x.french[p.entry[k]] += a * b
			} else {
				x.french[p.entry[k]] += a
				x.english[p.entry[k]] += b
			}
		}
		token += len(french)
		cell = at
	}
	return x
}

// diagonals caches the position prior by the two lengths: row j, column i, rows of
// maxTokens; each row sums to 1 − nullShare.
type diagonals struct {
	cache [maxTokens + 1][maxTokens + 1][]float32
}

func (d *diagonals) of(english, french int) []float32 {
	if t := d.cache[english][french]; t != nil {
		return t
	}
	t := make([]float32, french*maxTokens)
	for j := range french {
		total := 0.0
		row := t[j*maxTokens:]
		for i := range english {
			gap := math.Abs((float64(i)+0.5)/float64(english) - (float64(j)+0.5)/float64(french))
			w := math.Exp(-tension * gap)
			row[i] = float32(w)
			total += w
		}
		for i := range english {
			row[i] *= float32((1 - nullShare) / total)
		}
	}
	d.cache[english][french] = t
	return t
}
