//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// run is the program as a process of its own, with what it says read while it works.
type run struct {
	t      *testing.T
	cmd    *exec.Cmd
	lines  *bufio.Scanner
	stderr bytes.Buffer
}

// start starts the program in a folder. It logs what it is doing.
func start(t *testing.T, dir string, args ...string) *run {
	t.Helper()
	r := &run{t: t, cmd: exec.Command("dedupe", append([]string{"-v"}, args...)...)}
	r.cmd.Dir = dir
	stderr, err := r.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.lines = bufio.NewScanner(stderr)
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.cmd.Process.Kill() })
	return r
}

// await reads what the program says up to a line that holds a text, and reports whether
// there is one.
func (r *run) await(text string) bool {
	for r.lines.Scan() {
		fmt.Fprintln(&r.stderr, r.lines.Text())
		if strings.Contains(r.lines.Text(), text) {
			return true
		}
	}
	return false
}

// end waits for the end and returns the exit status, -1 for the end by a signal.
func (r *run) end() int {
	r.t.Helper()
	for r.lines.Scan() {
		fmt.Fprintln(&r.stderr, r.lines.Text())
	}
	err := r.cmd.Wait()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		r.t.Fatal(err)
	}
	return r.cmd.ProcessState.ExitCode()
}

// writePile writes so many articles about different things, pairs of which are copies.
func writePile(t *testing.T, path string, articles int) {
	t.Helper()
	var b bytes.Buffer
	for i := range articles {
		story := i / 2
		fmt.Fprintf(&b, `{"id":"%06d","text":"`, i)
		for s := range 12 {
			fmt.Fprintf(&b, "The mayor of Place%d told %d people on day %d that bridge Name%d would cost %d crowns and open near hill Mount%d. ",
				story*7+s, story%900+s, story%28, story*3+s, story*11+s, story*5+s)
		}
		fmt.Fprintf(&b, "Edited %d.\"}\n", i)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// files lists the names in a folder, hidden ones too.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAnInterruptAtAnyStageLeavesOutputsAsTheyWere(t *testing.T) {
	for i, c := range []struct {
		stage string
		args  []string
	}{
		{"reading", []string{"scan", "--out", "old.jsonl", "--clusters", "groups.jsonl", "pile.jsonl"}},
		{"joining", []string{"scan", "--out", "old.jsonl", "--clusters", "groups.jsonl", "pile.jsonl"}},
		{"verifying", []string{"scan", "--out", "old.jsonl", "--clusters", "groups.jsonl", "pile.jsonl"}},
		{"writing", []string{"scan", "--clusters", "old.jsonl", "--keep", "keep.txt", "--out", "nobody-reads", "pile.jsonl"}},
		{"comparing", []string{"audit", "--rejects", "old.jsonl", "pile.jsonl"}},
		{"verifying", []string{"eval", "--gold", "gold.tsv", "--rejects", "old.jsonl", "pile.jsonl"}},
		{"reading", []string{"lexicon", "train", "--out", "old.jsonl", "corpus"}},
		{"learning", []string{"lexicon", "train", "--out", "old.jsonl", "corpus"}},
		{"checking", []string{"check", "--archive", "news", "--out", "old.jsonl", "pile.jsonl"}},
	} {
		signal := []os.Signal{syscall.SIGINT, syscall.SIGTERM}[i%2]
		t.Run(fmt.Sprintf("%s/%s/%s", c.args[0], c.stage, signal), func(t *testing.T) {
			interruptAt(t, c.stage, signal, c.args)
		})
	}
}

// interruptAt runs the program until a stage begins, and interrupts it. Where it had ended
// before, the pile was too small.
func interruptAt(t *testing.T, stage string, signal os.Signal, args []string) {
	for size := 500; size <= 64000; size *= 4 {
		dir := t.TempDir()
		prepare(t, dir, size)
		if args[0] == "check" {
			must(t, dir, "archive", "add", "-q", "--archive", "news", "few.jsonl")
		}
		before := files(t, dir)
		r := start(t, dir, args...)
		if !r.await("msg=" + stage) {
			t.Fatalf("%s was never begun: %s", stage, &r.stderr)
		}
		_ = r.cmd.Process.Signal(signal)
		status := r.end()
		if status == 0 {
			continue
		}
		if status != 130 || !strings.Contains(r.stderr.String(), "dedupe: interrupted while ") { // it may be the next stage
			t.Errorf("status %d, %s", status, &r.stderr)
		}
		if old, err := os.ReadFile(filepath.Join(dir, "old.jsonl")); err != nil || string(old) != "old\n" {
			t.Errorf("the file from before: %q, %v", old, err)
		}
		if after := files(t, dir); strings.Join(after, " ") != strings.Join(before, " ") {
			t.Errorf("left behind: %q", after)
		}
		return
	}
	t.Errorf("%s ended before it could be interrupted", stage)
}

// must runs the program in a folder, to the end.
func must(t *testing.T, dir string, args ...string) (out []byte) {
	t.Helper()
	cmd := exec.Command("dedupe", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return out
}

// prepare lays out what the commands read: articles, gold, and a corpus.
func prepare(t *testing.T, dir string, size int) {
	t.Helper()
	writePile(t, filepath.Join(dir, "pile.jsonl"), size)
	writePile(t, filepath.Join(dir, "few.jsonl"), 2)
	for name, text := range map[string]string{
		"old.jsonl": "old\n", "gold.tsv": "000000\t000001\n",
		"corpus/a.en": strings.Repeat("The port is closed and the ship waits in the cold rain.\n", size*10),
		"corpus/a.fr": strings.Repeat("Le port est fermé et le navire attend sous la pluie froide.\n", size*10),
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	nobody := filepath.Join(dir, "nobody-reads")
	if err := syscall.Mkfifo(nobody, 0o600); err != nil {
		t.Fatal(err)
	}
	// Opened for both, a pipe can be opened for writing at once, and is full when it has
	// taken some pairs.
	held, err := os.OpenFile(nobody, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { held.Close() })
}

func TestAnInterruptOfAddKeepsWhatIsSafe(t *testing.T) {
	dir := t.TempDir()
	prepare(t, dir, 2000)
	r := start(t, dir, "archive", "add", "--archive", "big", "--batch", "200", "--out", "old.jsonl", "pile.jsonl")
	if !r.await("msg=archived") {
		t.Fatalf("%s", &r.stderr)
	}
	_ = r.cmd.Process.Signal(syscall.SIGINT)
	if status := r.end(); status != 130 || !strings.Contains(r.stderr.String(), "archived for good; the same command goes on with the rest; old.jsonl is as it was") {
		t.Fatalf("status %d, %s", status, &r.stderr)
	}
	_, told, _ := strings.Cut(r.stderr.String(), "interrupted while adding: ")
	told, _, _ = strings.Cut(told, " ")
	listed := must(t, dir, "archive", "list", "--archive", "big")
	if n := bytes.Count(listed, []byte("\n")); fmt.Sprint(n) != strings.ReplaceAll(told, ",", "") || n == 0 {
		t.Errorf("told of %s articles, archived are %d", told, n)
	}
	if again := start(t, dir, "archive", "add", "--archive", "big", "few.jsonl"); again.end() != 0 ||
		!strings.Contains(again.stderr.String(), "2 unchanged") {
		t.Errorf("going on: %s", &again.stderr)
	}
}

func TestASecondInterruptEndsAtOnceAndTidiesUp(t *testing.T) {
	dir := t.TempDir()
	prepare(t, dir, 8000)
	r := start(t, dir, "archive", "add", "--archive", "big", "--batch", "8000", "--out", "new.jsonl", "pile.jsonl")
	if !r.await("msg=adding") {
		t.Fatalf("%s", &r.stderr)
	}
	_ = r.cmd.Process.Signal(syscall.SIGINT)
	_ = r.cmd.Process.Signal(syscall.SIGTERM)
	if status := r.end(); status != 130 {
		t.Errorf("status %d, %s", status, &r.stderr)
	}
	for _, name := range files(t, dir) {
		if strings.Contains(name, "new.jsonl") {
			t.Errorf("left behind: %s", name)
		}
	}
	if out, err := exec.Command("dedupe", "archive", "verify", "--archive", filepath.Join(dir, "big")).CombinedOutput(); err != nil &&
		!strings.Contains(string(out), "no archive is here") {
		t.Errorf("the archive: %v, %s", err, out)
	}
}

func TestAnInterruptEndsARunThatWaitsForAReader(t *testing.T) {
	dir := t.TempDir()
	prepare(t, dir, 2)
	nobody := filepath.Join(dir, "waits")
	if err := syscall.Mkfifo(nobody, 0o600); err != nil {
		t.Fatal(err)
	}
	r := start(t, dir, "scan", "--clusters", "new.jsonl", "--out", "waits", "pile.jsonl")
	_ = r.cmd.Process.Signal(syscall.SIGINT)
	if status := r.end(); status != 130 && status != -1 { // it may not have begun to listen
		t.Errorf("status %d, %s", status, &r.stderr)
	}
}

func TestWhatAKilledRunLeftIsRemovedByTheNext(t *testing.T) {
	dir := t.TempDir()
	prepare(t, dir, 8000)
	r := start(t, dir, "scan", "--out", "new.jsonl", "pile.jsonl")
	if !r.await("msg=reading") {
		t.Fatalf("%s", &r.stderr)
	}
	held := files(t, dir)
	must(t, dir, "scan", "-q", "--out", "new.jsonl", "few.jsonl")
	if now := files(t, dir); len(now) != len(held)+1 {
		t.Errorf("the file of a run at work is gone: %q, before %q", now, held)
	}
	_ = r.cmd.Process.Kill()
	r.end()
	must(t, dir, "scan", "-q", "--out", "new.jsonl", "few.jsonl")
	for _, name := range files(t, dir) {
		if strings.HasPrefix(name, ".new.jsonl") {
			t.Errorf("left behind: %s", name)
		}
	}
}
