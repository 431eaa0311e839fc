package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/calque-dev/calque/benchmarks/internal/process"
	"github.com/calque-dev/calque/pkg/verdict"
)

// peer is a program that finds pairs.
type peer struct {
	name    string
	asked   []verdict.Relation // of the gold: what it can find
	tunable bool               // it is run at every threshold
	prepare func(context.Context) (command, error)
}

// command gives the arguments that write the pairs of a threshold to a file.
type command func(threshold, out string) []string

// errSkip is the error of a peer that cannot be installed here.
var errSkip = errors.New("not installed")

// What peers are asked for.
var (
	copies       = []verdict.Relation{verdict.Exact, verdict.NearDuplicate}
	translations = []verdict.Relation{verdict.Translation}
)

// peers are the programs, in order.
func (b *bench) peers() []peer {
	return []peer{
		{"dedupe, copies", copies, false, b.dedupe(copies)},
		{"minhash-lsh (Go)", copies, true, b.minhash},
		{"datasketch (Python)", copies, true, b.script("datasketch_peer.py", "datasketch")},
		{"rensa (Python)", copies, true, b.script("rensa_peer.py", "rensa")},
		{"dedupe, translations", translations, false, b.dedupe(translations)},
		{"encoder (Python)", translations, true, b.encoders},
	}
}

// dedupe is our own program.
func (b *bench) dedupe(asked []verdict.Relation) func(context.Context) (command, error) {
	var names []string
	for _, r := range asked {
		names = append(names, r.String())
	}
	return func(context.Context) (command, error) {
		return func(_, out string) []string {
			return []string{filepath.Join(b.folder, "dedupe"), "scan", "--quiet", "--relation", strings.Join(names, ","),
				"--format", "csv", "--out", out, b.pile.Articles}
		}, nil
	}
}

// with are the arguments that all peers understand.
func (b *bench) with(program ...string) command {
	return func(threshold, out string) []string {
		return append(program[:len(program):len(program)], "--in", b.pile.Articles, "--out", out, "--threshold", threshold,
			"--words", strconv.Itoa(b.words), "--permutations", strconv.Itoa(b.permutations))
	}
}

// minhash builds the peer in Go.
func (b *bench) minhash(ctx context.Context) (command, error) {
	if err := process.Build(ctx, filepath.Join(b.root, "benchmarks", "peers", "minhash"), b.folder, "."); err != nil {
		return nil, fmt.Errorf("%w: %w", errSkip, err)
	}
	return b.with(filepath.Join(b.folder, "minhash")), nil
}

// scripts is the folder of the peers in Python.
func (b *bench) scripts(name string) string {
	return filepath.Join(b.root, "benchmarks", "peers", "python", name)
}

// script is a peer in Python that needs a module.
func (b *bench) script(name, module string) func(context.Context) (command, error) {
	return func(ctx context.Context) (command, error) {
		python, err := b.environment(ctx)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errSkip, err)
		}
		if err := quietly(ctx, python, "-c", "import "+module); err != nil {
			return nil, fmt.Errorf("%w: %w", errSkip, err)
		}
		return b.with(python, b.scripts(name)), nil
	}
}

// encoders is the multilingual encoder, if there is one.
func (b *bench) encoders(ctx context.Context) (command, error) {
	if b.encoder == "" {
		return nil, fmt.Errorf("%w: no --encoder is given", errSkip)
	}
	if err := quietly(ctx, b.python, "-c", "import sentence_transformers"); err != nil {
		return nil, fmt.Errorf("%w: %w", errSkip, err)
	}
	return b.with(b.python, b.scripts("encoder_peer.py"), "--model", b.encoder), nil
}

// installing is how long an installation may take.
const installing = 5 * time.Minute

// environment is the Python of a virtual environment with the peers, which is made in the
// cache if need be.
func (b *bench) environment(ctx context.Context) (python string, err error) {
	cache, err := b.Folder()
	if err != nil {
		return "", err
	}
	requirements := b.scripts("requirements.txt")
	text, err := os.ReadFile(requirements)
	if err != nil {
		return "", err
	}
	folder, err := filepath.Abs(filepath.Join(cache, fmt.Sprintf("python-%x", sha256.Sum256(text))[:15]))
	if err != nil {
		return "", err
	}
	python = filepath.Join(folder, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(folder, "Scripts", "python.exe")
	}
	done := filepath.Join(folder, "installed")
	if _, err := os.Stat(done); err == nil {
		return python, nil
	}
	ctx, stop := context.WithTimeout(ctx, installing)
	defer stop()
	if err := quietly(ctx, b.python, "-m", "venv", "--clear", folder); err != nil {
		return "", err
	}
	if err := quietly(ctx, python, "-m", "pip", "install", "--quiet", "--requirement", requirements); err != nil {
		return "", err
	}
	return python, os.WriteFile(done, text, 0o644)
}

// quietly runs a program; its error ends in the last line that the program wrote.
func quietly(ctx context.Context, args ...string) error {
	out, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput()
	if err == nil {
		return nil
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	last := strings.TrimSuffix(": "+lines[len(lines)-1], ": ")
	return fmt.Errorf("%s: %w%s", filepath.Base(args[0]), err, last)
}
