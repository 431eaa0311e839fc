package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/calque-dev/calque/pkg/ingest"
)

const fixtures = "../../fixtures/stories"

// names are those of the files in a folder.
func names(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

func TestBothFilesAppear(t *testing.T) {
	folder := t.TempDir()
	out, gold := filepath.Join(folder, "a.jsonl"), filepath.Join(folder, "a.tsv")
	if err := run(t.Context(), []string{"--fixtures", fixtures, "--articles", "60", "--out", out, "--gold", gold}); err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); got != "a.jsonl a.tsv" {
		t.Errorf("files: %s", got)
	}
	ids := map[string]bool{}
	for a, err := range ingest.Read(t.Context(), []string{out}, ingest.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Language == "" || a.Source == "" || a.URL == "" || a.Published.IsZero() {
			t.Errorf("%+v", a)
		}
		ids[a.ID] = true
	}
	if len(ids) != 60 {
		t.Errorf("%d articles", len(ids))
	}
	pairs, err := os.ReadFile(gold)
	if err != nil || len(pairs) == 0 {
		t.Fatalf("gold: %q, %v", pairs, err)
	}
	for line := range strings.Lines(string(pairs)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 || !ids[fields[0]] || !ids[fields[1]] || fields[0] >= fields[1] {
			t.Errorf("gold: %q", line)
		}
	}
}

func TestAPackedFileHoldsTheSame(t *testing.T) {
	folder := t.TempDir()
	read := func(name string) string {
		path := filepath.Join(folder, name)
		if err := run(t.Context(), []string{"--fixtures", fixtures, "--out", path, "--gold", filepath.Join(folder, "gold")}); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		in := io.Reader(file)
		if strings.HasSuffix(name, ".zst") {
			z, err := zstd.NewReader(file)
			if err != nil {
				t.Fatal(err)
			}
			defer z.Close()
			in = z
		}
		all, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		return string(all)
	}
	if read("a.jsonl") != read("a.jsonl.zst") {
		t.Error("another text")
	}
}

func TestARunThatFailsLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	out, gold := filepath.Join(folder, "a.jsonl"), filepath.Join(folder, "a.tsv")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, c := range []struct {
		name string
		ctx  context.Context
		args []string
		want string
	}{
		{"interrupted", stopped, []string{"--out", out, "--gold", gold}, "canceled"},
		{"too much", t.Context(), []string{"--articles", "100000", "--out", out, "--gold", gold}, "fewer --articles"},
		{"no folder", t.Context(), []string{"--out", out, "--gold", filepath.Join(folder, "none", "a.tsv")}, "a.tsv"},
		{"a folder", t.Context(), []string{"--out", out, "--gold", folder}, "is no file"},
		{"no gold", t.Context(), []string{"--out", out}, "--gold"},
		{"one name", t.Context(), []string{"--out", out, "--gold", out}, "same file"},
		{"half a corpus", t.Context(), []string{"--english", out, "--out", out, "--gold", gold}, "--french"},
		{"no corpus", t.Context(), []string{"--english", out, "--french", gold, "--out", out, "--gold", gold}, "a.jsonl: cannot open"},
		{"share", t.Context(), []string{"--near", "1.5", "--out", out, "--gold", gold}, "--near"},
	} {
		err := run(c.ctx, append([]string{"--fixtures", fixtures}, c.args...))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if got := names(t, folder); got != "" {
			t.Errorf("%s: left %s", c.name, got)
		}
	}
	if err := run(stopped, []string{"--fixtures", fixtures, "--out", out, "--gold", gold}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
