package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calque-dev/calque/benchmarks/suite/result"
)

// measured writes the JSON of a result with so many sizes.
func measured(t *testing.T, name string, sizes ...int) string {
	t.Helper()
	s := result.Suite{Name: name}
	for _, n := range sizes {
		r := result.Run{Articles: n, Bytes: int64(n) * 2000, Seconds: float64(n) / 1000, PeakResident: int64(n) * 400,
			Stages: map[string]float64{"reading": float64(n) / 2000, "joining": 0}}
		r.Rates()
		s.Runs = append(s.Runs, r)
	}
	s.Grow()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name+".json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestThePlotHasEveryResult(t *testing.T) {
	folder := t.TempDir()
	svg, png := filepath.Join(folder, "a.svg"), filepath.Join(folder, "a.png")
	results := []string{measured(t, "both", 10_000, 30_000, 100_000), measured(t, "one", 10_000)}
	if err := run(svg+","+png, results); err != nil {
		t.Fatal(err)
	}
	drawn, err := os.ReadFile(svg)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"both (n^1.00)", "both: reading", ">one<", "articles a second"} {
		if !strings.Contains(string(drawn), want) {
			t.Errorf("no %q in the plot", want)
		}
	}
	if text, err := os.ReadFile(png); err != nil || !bytes.HasPrefix(text, []byte("\x89PNG")) {
		t.Errorf("%.8q, %v", text, err)
	}
}

func TestWhatCannotBeDrawn(t *testing.T) {
	none := measured(t, "none")
	one := measured(t, "one", 10)
	for _, c := range []struct {
		out     string
		results []string
		want    string
	}{
		{"", []string{one}, "--out"},
		{"a.svg", nil, "give"},
		{"a.svg", []string{none}, "no runs"},
		{filepath.Join(t.TempDir(), "a.bmp"), []string{one}, "bmp"},
	} {
		if err := run(c.out, c.results); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
