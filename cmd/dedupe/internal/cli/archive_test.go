package cli

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const (
	bankArticle = `The bank cut its main interest rate by a quarter of a point on Thursday, and the markets rose at once.`
	snowArticle = `Heavy snow closed the mountain pass for the third time this winter, leaving forty lorries stranded.`
)

// piped is a command at work, with a pipe at either end.
type piped struct {
	t      *testing.T
	in     *io.PipeWriter
	out    *bufio.Reader
	stderr *syncBuffer
	cancel context.CancelFunc
	status chan int
}

func startPiped(t *testing.T, args ...string) *piped {
	t.Helper()
	in, feed := io.Pipe()
	result, out := io.Pipe()
	p := &piped{t: t, in: feed, out: bufio.NewReader(result), stderr: &syncBuffer{}, status: make(chan int, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	p.cancel = cancel
	t.Cleanup(func() { feed.Close() })
	go func() {
		status := Run(ctx, args, &Streams{In: in, Out: out, Err: p.stderr})
		out.Close()
		p.status <- status
	}()
	return p
}

// give gives an article with an id.
func (p *piped) give(id, text string) {
	p.t.Helper()
	if _, err := fmt.Fprintf(p.in, "{\"id\": %q, \"text\": %q}\n", id, text); err != nil {
		p.t.Fatal(err)
	}
}

// line is the next line that comes out.
func (p *piped) line() string {
	p.t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		p.t.Fatalf("%v; %s", err, p.stderr)
	}
	return line
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestAFeedIsArchivedAndAnsweredWhileItIsOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "news")
	add := startPiped(t, "archive", "add", "--archive", dir, "-")
	add.give("bank", bankArticle)
	add.give("copy", bankArticle)
	if got := add.line(); !strings.Contains(got, `"a":"bank","b":"copy","relation":"exact"`) {
		t.Errorf("added: %s", got)
	}

	check := startPiped(t, "check", "--archive", dir, "-")
	check.give("incoming", bankArticle)
	for _, want := range []string{`"a":"bank","b":"incoming"`, `"a":"copy","b":"incoming"`} {
		if got := check.line(); !strings.Contains(got, want) {
			t.Errorf("checked: %s", got)
		}
	}

	s, _, stderr := buffers()
	if status := Run(t.Context(), []string{"archive", "remove", "--archive", dir, "bank"}, s); status != statusFailed ||
		stderr.String() != "dedupe: "+dir+": another program is writing to the archive: try again when it has ended\n" {
		t.Errorf("a second writer: status %d, %s", status, stderr)
	}

	add.give("snow", snowArticle)
	add.give("snow-copy", snowArticle)
	add.line()
	add.cancel()
	if status := <-add.status; status != statusInterrupted {
		t.Errorf("interrupted: status %d", status)
	}
	for _, want := range []string{"added   4 new, 0 updated, 0 unchanged, 0 rejected\n", "archive 4 articles, ",
		"dedupe: interrupted while adding: 4 articles are archived for good; the same command with the same standard input goes on with the rest\n"} {
		if !strings.Contains(add.stderr.String(), want) {
			t.Errorf("interrupted: %s", add.stderr)
		}
	}

	check.in.Close()
	if status := <-check.status; status != statusDone {
		t.Errorf("checked: status %d, %s", status, check.stderr)
	}
}
