package result

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTheFitFindsThePowerThatThePointsLieOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Power{rapid.Float64Range(0.5, 2.5).Draw(t, "exponent"), rapid.Float64Range(1e-6, 10).Draw(t, "factor")}
		sizes := rapid.SliceOfNDistinct(rapid.IntRange(1, 1_000_000), 2, 6, rapid.ID).Draw(t, "sizes")
		slices.Sort(sizes)
		var s Suite
		for _, n := range sizes {
			y := want.At(float64(n))
			s.Runs = append(s.Runs, Run{Articles: n, Seconds: y, Stages: map[string]float64{"reading": y / 2}})
		}
		s.Grow()
		near := func(x, y float64) bool { return math.Abs(x-y) <= 1e-6*max(1, math.Abs(y)) }
		if g := s.Growth.Seconds; g == nil || !near(g.Exponent, want.Exponent) {
			t.Fatalf("%+v, want %+v", g, want)
		}
		if g := s.Growth.Stages["reading"]; !near(g.Exponent, want.Exponent) {
			t.Fatalf("%+v, want %+v", g, want)
		}
		if s.Growth.Resident != nil {
			t.Fatal("a fit of nothing")
		}
	})
}

func TestOneSizeHasNoGrowth(t *testing.T) {
	s := Suite{Runs: []Run{{Articles: 100, Seconds: 1, PeakResident: 1 << 20}}}
	s.Grow()
	if s.Growth.Seconds != nil || s.Growth.Resident != nil || len(s.Growth.Stages) > 0 {
		t.Errorf("%+v", s.Growth)
	}
	s = Suite{}
	s.Grow()
	text, err := json.Marshal(s.Growth)
	if err != nil || string(text) != "{}" {
		t.Errorf("%s, %v", text, err)
	}
}

func TestRates(t *testing.T) {
	r := Run{Articles: 1000, Bytes: 4_000_000, Seconds: 2, PeakResident: 8000, Candidates: 500}
	r.Rates()
	if r.ArticlesPerSecond != 500 || r.MegabytesPerSecond != 2 || r.ResidentPerArticle != 8 || r.CandidatesPerArticle != 0.5 {
		t.Errorf("%+v", r)
	}
}

func TestTheSlowestStageComesFirst(t *testing.T) {
	s := Suite{Runs: []Run{
		{Articles: 1, Stages: map[string]float64{"a": 9, "b": 1}},
		{Articles: 2, Stages: map[string]float64{"a": 2, "b": 3, "c": 2}},
	}}
	if got := s.Stages(); !slices.Equal(got, []string{"b", "a", "c"}) {
		t.Error(got)
	}
}
