package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/benchmarks/internal/process"
	"github.com/calque-dev/calque/benchmarks/suite/result"
)

func TestMain(m *testing.M) {
	process.Main()
	os.Exit(m.Run())
}

func TestTheSuiteMeasuresTheFixtures(t *testing.T) {
	out, cache := t.TempDir(), t.TempDir()
	for _, c := range []struct {
		languages string
		args      []string
		relations []string
	}{
		{"both", []string{"--sizes", "100,50", "--repeat", "2"}, []string{"exact", "excerpt", "near-duplicate", "partial-translation", "translation"}},
		{"one", []string{"--sizes", "100"}, []string{"exact", "excerpt", "near-duplicate"}},
	} {
		t.Run(c.languages, func(t *testing.T) {
			args := append(c.args, "--languages", c.languages, "--no-plot", "--cache", cache, "--out", out, "--", "--workers", "1")
			var stdout, stderr bytes.Buffer
			if err := run(t.Context(), args, &stdout, &stderr); err != nil {
				t.Fatal(err)
			}
			file, err := os.ReadFile(filepath.Join(out, map[string]string{"both": "both-languages.json", "one": "one-language.json"}[c.languages]))
			if err != nil || string(file) != stdout.String() {
				t.Fatalf("the file differs from standard output: %v", err)
			}
			var s result.Suite
			if err := json.Unmarshal(file, &s); err != nil {
				t.Fatal(err)
			}
			last := s.Runs[len(s.Runs)-1]
			if got := slices.Sorted(maps.Keys(last.Relations)); !slices.Equal(got, c.relations) {
				t.Errorf("relations %q", got)
			}
			if last.Articles != 100 || last.Seconds <= 0 || last.Bytes == 0 || last.ArticlesPerSecond <= 0 || last.Candidates == 0 ||
				last.PeakResident < 1<<20 || len(last.Stages) != 3 || last.All.Recall == 0 || last.All.Precision == 0 {
				t.Errorf("%+v", last)
			}
			if c.languages == "both" && (len(s.Runs) != 2 || s.Runs[0].Articles != 50 || len(last.AllSeconds) != 2 || s.Growth.Seconds == nil) {
				t.Errorf("%+v", s)
			}
			if s.Machine.Cores == 0 || s.Corpus != "fixtures" || !slices.Contains(s.Scan, "--workers") {
				t.Errorf("%+v", s)
			}
			for _, want := range []string{"| 100 |", "| exact |", "reading"} {
				if !strings.Contains(stderr.String(), want) {
					t.Errorf("no %q in\n%s", want, stderr.String())
				}
			}
		})
	}
}

func TestASummaryIsRead(t *testing.T) {
	for text, want := range map[string]summary{
		`read    10,000 articles, 0 rejected
pairs   4,847: 201 exact, 3,912 near-duplicate
groups  995 of copies, with 2,197 of the articles
tried   17,572 candidate pairs
took    16.6s (reading 6.32 s, joining 1m5.8s, verifying 0.02 s), 601 articles/s
`: {10_000, 17_572, 4847, map[string]float64{"reading": 6.32, "joining": 65.8, "verifying": 0.02}},
		"rejected a.txt: empty file\nread  1 article, 1 rejected\npairs  0\ntried  1 candidate pair\ntook  0.10 s (reading and keeping 0.10 s), 10 articles/s\n": {1, 1, 0, map[string]float64{"reading and keeping": 0.1}},
	} {
		got, err := parseSummary(text)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(summary{})); diff != "" {
			t.Error(diff)
		}
	}
	for _, text := range []string{"", "read 1 article\npairs 1\ntried 1 candidate pair\n", "read 1 article\npairs 1\ntried 1 candidate pair\ntook 1 s (reading soon)\n"} {
		if s, err := parseSummary(text); err == nil {
			t.Errorf("%q: %+v", text, s)
		}
	}
}

func TestFlagsThatMakeNoSense(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--sizes 10,many", "--sizes"},
		{"--sizes 0", "--sizes"},
		{"--languages three", "--languages"},
		{"--relations cousin", "--relations"},
		{"--repeat 0", "--repeat"},
		{"--name a/b", "--name"},
		{"--english a.txt --sizes 10", "--french"},
	} {
		err := run(t.Context(), strings.Fields(c.args), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.args, err)
		}
	}
}
