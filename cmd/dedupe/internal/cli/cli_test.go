package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// buffers are Streams in memory.
func buffers() (s *Streams, out, err *bytes.Buffer) {
	out, err = &bytes.Buffer{}, &bytes.Buffer{}
	return &Streams{In: strings.NewReader(""), Out: out, Err: err}, out, err
}

func TestInterruptEndsARunThatWaitsForInput(t *testing.T) {
	s, out, stderr := buffers()
	in, feed := io.Pipe()
	defer feed.Close()
	s.In = in
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = io.WriteString(feed, `{"id": "a", "text": "The bank cut its rate on Thursday."}`+"\n")
		cancel()
	}()
	pairs := filepath.Join(t.TempDir(), "pairs.jsonl")
	if status := Run(ctx, []string{"scan", "-", "--out", pairs}, s); status != statusInterrupted {
		t.Errorf("status %d", status)
	}
	if out.Len() > 0 || !strings.HasPrefix(stderr.String(), "dedupe: interrupted while reading: nothing is written") {
		t.Errorf("stdout %q, stderr %q", out, stderr)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(pairs), "*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestAReaderThatGoesAwayIsNoFailure(t *testing.T) {
	s, _, stderr := buffers()
	s.Out = writerFunc(func([]byte) (int, error) { return 0, &os.PathError{Op: "write", Err: syscall.EPIPE} })
	if status := Run(t.Context(), []string{"version"}, s); status != statusDone || stderr.Len() > 0 {
		t.Errorf("status %d, stderr %q", status, stderr)
	}
	s.Out = writerFunc(func([]byte) (int, error) { return 0, syscall.ENOSPC })
	if status := Run(t.Context(), []string{"version"}, s); status != statusFailed {
		t.Errorf("full disk: status %d", status)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestEveryCommandHasHelpAndExitStatuses(t *testing.T) {
	s, _, _ := buffers()
	var check func(*cobra.Command)
	check = func(c *cobra.Command) {
		switch {
		case c.Name() == "help" || c.Name() == "completion":
			return
		case c.Short == "" || c.Long == "" || c.Example == "" && !c.HasSubCommands():
			t.Errorf("%s: help is missing", c.CommandPath())
		case !strings.Contains(c.Long, "Exit status: 0 done") || !strings.Contains(c.Long, "130 interrupted"):
			t.Errorf("%s: exit statuses are missing", c.CommandPath())
		}
		for _, line := range strings.Split(c.Long+"\n"+c.Example, "\n") {
			if len(line) > 110 {
				t.Errorf("%s: long line: %s", c.CommandPath(), line)
			}
		}
		for _, sub := range c.Commands() {
			check(sub)
		}
	}
	check(newRoot(s))
}

func TestExamplesOfTheHelpWork(t *testing.T) {
	chdirToFixtures(t)
	s, _, _ := buffers()
	skipped := []string{"completion", "train", "fit"} // learning takes more text than there is in fixtures
	var run func(*cobra.Command)
	run = func(c *cobra.Command) {
		if !slices.Contains(skipped, c.Name()) {
			runExamples(t, c.Example)
		}
		for _, sub := range c.Commands() {
			run(sub)
		}
	}
	run(newRoot(s))
}

// chdirToFixtures goes to an empty folder in which fixtures is what it is in the module's.
func chdirToFixtures(t *testing.T) {
	t.Helper()
	fixtures, err := filepath.Abs("../../../../fixtures")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.Symlink(fixtures, "fixtures"); err != nil {
		t.Skip(err)
	}
}

// runExamples runs the lines of text that are commands, up to the first pipe. It returns how
// many there are.
func runExamples(t *testing.T, text string) (ran int) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		line, _, _ = strings.Cut(line, " | ")
		line, _, _ = strings.Cut(line, "  #")
		args := shellWords(line)
		if len(args) == 0 || args[0] != "dedupe" {
			continue
		}
		ran++
		s, _, stderr := buffers()
		if status := Run(t.Context(), args[1:], s); status != statusDone {
			t.Errorf("%s: status %d, %s", line, status, stderr)
		}
	}
	return ran
}

// shellWords are the words of a command; those between apostrophes are one.
func shellWords(line string) (words []string) {
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

func TestOutputsAppearTogetherOrNotAtAll(t *testing.T) {
	s, _, _ := buffers()
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	begin := func() *outputs {
		o := newOutputs(s)
		for _, path := range []string{first, second} {
			if err := o.create("--"+filepath.Base(path), path, nil); err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(o.of("--"+filepath.Base(path)), "whole")
		}
		return o
	}
	files := func() string {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return strings.Join(names, " ")
	}

	o := begin()
	if got := files(); strings.Contains(got+" ", " first ") || !strings.HasPrefix(got, ".first.") {
		t.Errorf("while running: %s", got)
	}
	o.discard()
	if got := files(); got != "" {
		t.Errorf("discarded: %s", got)
	}

	o = begin()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := o.commit(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("commit after the end: %v", err)
	}
	o.discard()

	o = begin()
	if err := o.commit(t.Context()); err != nil {
		t.Error(err)
	}
	o.discard()
	if got := files(); got != "first second" {
		t.Errorf("committed: %s", got)
	}

	o = begin()
	s.cutOff()
	if err := o.commit(t.Context()); err == nil {
		t.Error("committed after the run was cut off")
	}
	o.discard()
	if got := files(); got != "first second" {
		t.Errorf("cut off: %s", got)
	}
}

func TestStageTellsShareRateAndTimeLeft(t *testing.T) {
	started := time.Now().Add(-10 * time.Second)
	for _, c := range []struct {
		stage stage
		want  string
	}{
		{stage{unit: "articles", count: 20000, done: 25, total: 100, started: started}, " 25%  20,000 articles, "},
		{stage{unit: "articles", count: 20000, done: 25, total: 100, started: started}, ", 30s left"},
		{stage{unit: "articles", count: 20000, started: started}, "  20,000 articles, "},
		{stage{done: 100, total: 100, started: started}, " 100%"},
		{stage{started: started}, ""},
	} {
		if got := c.stage.String(); !strings.Contains(got, c.want) {
			t.Errorf("%q lacks %q", got, c.want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %q, want %q", n, got, want)
		}
	}
	if got := count(1, "article", "articles") + count(2000, "article", "articles"); got != "1 article2,000 articles" {
		t.Errorf("%q", got)
	}
}
