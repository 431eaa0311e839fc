// Package result is what the suite measures, as it stands in JSON, and how it grows with
// the number of articles.
package result

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/calque-dev/calque/benchmarks/internal/machine"
)

// Suite is the result of one run of the suite.
type Suite struct {
	Name     string          `json:"name"`
	Machine  machine.Machine `json:"machine"`
	Revision string          `json:"revision"` // of the repository; empty if unknown
	Scan     []string        `json:"scan"`     // flags of dedupe scan beside the files
	Corpus   string          `json:"corpus"`   // what the articles are made of
	Runs     []Run           `json:"runs"`     // by size
	Growth   Growth          `json:"growth"`
}

// Run is what a scan of one size took, the median of several, and what it found.
type Run struct {
	Articles             int                `json:"articles"`
	Bytes                int64              `json:"bytes"`       // of the file of articles
	Seconds              float64            `json:"seconds"`     // from the program's start to its end: the median
	AllSeconds           []float64          `json:"all_seconds"` // of every repetition, sorted
	CPUSeconds           float64            `json:"cpu_seconds"`
	Stages               map[string]float64 `json:"stages"` // seconds
	ArticlesPerSecond    float64            `json:"articles_per_second"`
	MegabytesPerSecond   float64            `json:"megabytes_per_second"`
	PeakResident         int64              `json:"peak_resident_bytes"`
	ResidentPerArticle   float64            `json:"resident_bytes_per_article"`
	Candidates           int                `json:"candidates"` // pairs that were compared
	CandidatesPerArticle float64            `json:"candidates_per_article"`
	Pairs                int                `json:"pairs"`   // that were reported
	Unknown              int                `json:"unknown"` // of them, those about which the gold says nothing
	All                  Counts             `json:"all"`
	Relations            map[string]Counts  `json:"relations"`
}

// Rates fills in what follows from the other numbers.
func (r *Run) Rates() {
	n := float64(r.Articles)
	r.ArticlesPerSecond, r.MegabytesPerSecond = n/r.Seconds, float64(r.Bytes)/1e6/r.Seconds
	r.ResidentPerArticle, r.CandidatesPerArticle = float64(r.PeakResident)/n, float64(r.Candidates)/n
}

// Counts are pairs in the gold, found, and both.
type Counts struct {
	Gold      int     `json:"gold"`
	Found     int     `json:"found"`
	Correct   int     `json:"correct"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
}

// Growth says how what a scan takes grows: the exponent of the number of articles. There is
// none for fewer than two sizes.
type Growth struct {
	Seconds  *Power           `json:"seconds,omitempty"`
	CPU      *Power           `json:"cpu_seconds,omitempty"` // steadier on a machine that others share
	Resident *Power           `json:"resident,omitempty"`
	Stages   map[string]Power `json:"stages,omitempty"`
}

// Power is y = Factor · n^Exponent.
type Power struct {
	Exponent float64 `json:"exponent"`
	Factor   float64 `json:"factor"`
}

// At is the power of n.
func (p Power) At(n float64) float64 { return p.Factor * math.Pow(n, p.Exponent) }

// Grow fits the growth to the runs.
func (s *Suite) Grow() {
	s.Growth = Growth{
		Seconds:  s.fit(func(r *Run) float64 { return r.Seconds }),
		CPU:      s.fit(func(r *Run) float64 { return r.CPUSeconds }),
		Resident: s.fit(func(r *Run) float64 { return float64(r.PeakResident) }),
		Stages:   map[string]Power{},
	}
	for _, stage := range s.Stages() {
		if p := s.fit(func(r *Run) float64 { return r.Stages[stage] }); p != nil {
			s.Growth.Stages[stage] = *p
		}
	}
}

// fit is the line of least squares through the logarithms; nil where it has no two points.
func (s *Suite) fit(value func(*Run) float64) *Power {
	var xs, ys []float64
	for i := range s.Runs {
		if y := value(&s.Runs[i]); y > 0 {
			xs, ys = append(xs, math.Log(float64(s.Runs[i].Articles))), append(ys, math.Log(y))
		}
	}
	if len(xs) < 2 || xs[0] == xs[len(xs)-1] {
		return nil
	}
	intercept, slope := stat.LinearRegression(xs, ys, nil, false)
	return &Power{Exponent: slope, Factor: math.Exp(intercept)}
}
