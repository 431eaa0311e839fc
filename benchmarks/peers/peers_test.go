package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calque-dev/calque/benchmarks/internal/process"
)

func TestMain(m *testing.M) {
	process.Main()
	os.Exit(m.Run())
}

// compared runs the peers and reads the JSON.
func compared(t *testing.T, args ...string) (c comparison, table string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "peers.json")
	var stdout strings.Builder
	if err := run(t.Context(), append(args, "--out", out), &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c, stdout.String()
}

func TestWithoutPythonItsPeersAreSkippedByName(t *testing.T) {
	c, table := compared(t, "--cache", t.TempDir(), "--python", "no-such-python", "--encoder", "model", "--thresholds", "0.5")
	for _, name := range []string{"datasketch (Python)", "rensa (Python)", "encoder (Python)"} {
		if why := c.Skipped[name]; !strings.Contains(why, "no-such-python") || !strings.Contains(table, "| "+name+" | | skipped: ") {
			t.Errorf("%s: %q\n%s", name, why, table)
		}
	}
	if c.Articles != 100 || c.Machine.Cores == 0 {
		t.Errorf("%+v", c)
	}
	if len(c.Runs) != 3 && c.Skipped["minhash-lsh (Go)"] == "" {
		t.Fatalf("%+v, %q", c.Runs, c.Skipped)
	}
	for _, r := range c.Runs {
		if r.Seconds <= 0 || r.Gold == 0 || r.Precision == 0 || r.Recall == 0 {
			t.Errorf("%+v", r)
		}
	}
}

func TestEveryPeerIsMeasured(t *testing.T) {
	python := os.Getenv("CALQUE_PYTHON")
	if python == "" {
		t.Skip("CALQUE_PYTHON does not name a Python that can install datasketch and rensa")
	}
	modules := t.TempDir() // an encoder that counts letters stands in for one that is trained
	stand := "import numpy\nclass SentenceTransformer:\n    def __init__(self, path): pass\n" +
		"    def encode(self, texts, **_):\n" +
		"        v = numpy.array([[t.count(chr(97 + i)) for i in range(26)] for t in texts], dtype=float)\n" +
		"        return v / numpy.linalg.norm(v, axis=1, keepdims=True)\n"
	if err := os.WriteFile(filepath.Join(modules, "sentence_transformers.py"), []byte(stand), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PYTHONPATH", modules)
	c, table := compared(t, "--python", python, "--encoder", "stand-in", "--thresholds", "0.5")
	for name, why := range c.Skipped {
		if !strings.HasPrefix(name, "encoder") { // it needs numpy
			t.Errorf("%s was skipped: %s", name, why)
		}
	}
	for _, r := range c.Runs {
		if r.Seconds <= 0 || r.PeakResident == 0 || r.Gold == 0 || !strings.HasPrefix(r.Name, "encoder") && r.Recall == 0 {
			t.Errorf("%+v", r)
		}
	}
	t.Log("\n" + table)
}

func TestFlagsThatMakeNoSense(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--thresholds 0", "--thresholds"},
		{"--thresholds 0.5,most", "--thresholds"},
		{"--words 0", "--words"},
		{"--documents a.txt", "--documents"},
		{"more", "more"},
	} {
		if err := run(t.Context(), strings.Fields(c.args), io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.args, err)
		}
	}
}
