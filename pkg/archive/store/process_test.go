package store

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var long = flag.Bool("long", false, "more damage, more kills")

// The test binary is started again with CALQUE_CHILD set to do one thing in another
// process.
func TestMain(m *testing.M) {
	dir := os.Getenv("CALQUE_DIR")
	switch os.Getenv("CALQUE_CHILD") {
	case "":
		flag.Parse()
		os.Exit(m.Run())
	case "write":
		childWrite(dir)
	case "open":
		_, err := Open(dir, Options{})
		fmt.Println(err)
	case "read":
		childRead(dir)
	}
}

func child(t testing.TB, what, dir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	ok(t, err)
	c := exec.Command(self)
	c.Env = append(os.Environ(), "CALQUE_CHILD="+what, "CALQUE_DIR="+dir)
	c.Stderr = os.Stderr
	return c
}

// childWrite writes batches for ever and says which of them were acknowledged. Batch n puts
// an article of its own, puts the article "last" again and deletes one of an earlier batch.
func childWrite(dir string) {
	s, err := Open(dir, Options{})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	x, err := s.Snapshot()
	if err != nil {
		panic(err)
	}
	d, _, err := x.Get("last")
	if err != nil {
		panic(err)
	}
	n := d.Number / 2
	if err := x.Close(); err != nil {
		panic(err)
	}
	for {
		n++
		var b Batch
		r := rand.New(rand.NewPCG(uint64(n), 1))
		b.Put(made(2*n, "last", r))
		b.Put(made(2*n+1, fmt.Sprintf("id%d", n), r))
		if n%3 == 0 {
			b.Delete(fmt.Sprintf("id%d", n-1))
		}
		b.SetMeta("n", fmt.Append(nil, n))
		if err := s.Write(context.Background(), &b); err != nil {
			fmt.Println("error", err)
			return
		}
		fmt.Println(n)
	}
}

func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	s, err := Create(dir, Options{})
	ok(t, err)
	ok(t, s.Close())
	kills := 8
	if *long {
		kills = 200
	}
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	last := 0
	for range kills {
		c := child(t, "write", dir)
		out, err := c.StdoutPipe()
		ok(t, err)
		ok(t, c.Start())
		first := true
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if first {
				first = false
				time.AfterFunc(time.Duration(r.IntN(250))*time.Millisecond, func() { _ = c.Process.Kill() })
			}
			if _, err := fmt.Sscan(lines.Text(), &last); err != nil {
				t.Fatalf("child: %s", lines.Text())
			}
		}
		_ = c.Wait()
		last = afterKill(t, dir, last)
	}
	if last < kills {
		t.Fatalf("only %d batches were written", last)
	}
}

// afterKill opens the archive and checks that batches up to the last acknowledged one are
// there, whole; the next one may be. It returns the last that is there.
func afterKill(t *testing.T, dir string, last int) int {
	t.Helper()
	s, err := Open(dir, Options{})
	ok(t, err)
	x, err := s.Snapshot()
	ok(t, err)
	meta, _, err := x.Meta("n")
	ok(t, err)
	n := 0
	if len(meta) > 0 {
		_, err = fmt.Sscan(string(meta), &n)
		ok(t, err)
	}
	if n != last && n != last+1 {
		t.Fatalf("batch %d is the last in the archive, %d was acknowledged", n, last)
	}
	for i := 1; i <= n; i++ {
		_, found, err := x.Get(fmt.Sprintf("id%d", i))
		ok(t, err)
		if deleted := i%3 == 2 && i < n; found == deleted {
			t.Fatalf("article %d of %d: found %v", i, n, found)
		}
	}
	if d, found, err := x.Get("last"); err != nil || n > 0 && (!found || d.Number != uint32(2*n)) {
		t.Fatalf("the article put by every batch is that of %d, want %d: %v", d.Number/2, n, err)
	}
	ok(t, x.CheckFiles(context.Background()))
	ok(t, x.Close())
	ok(t, s.Close())
	return n
}

func TestASecondWriterIsTurnedAwayAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	s, err := Create(dir, Options{})
	ok(t, err)
	start := time.Now()
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrLocked) {
		t.Errorf("in the same process: %v", err)
	}
	out, err := child(t, "open", dir).Output()
	ok(t, err)
	if !strings.Contains(string(out), ErrLocked.Error()) {
		t.Errorf("in another process: %s", out)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
	ok(t, s.Close())
	out, err = child(t, "open", dir).Output()
	ok(t, err)
	if strings.TrimSpace(string(out)) != "<nil>" {
		t.Errorf("after Close: %s", out)
	}
	// That process ended without Close.
	s, err = Open(dir, Options{})
	ok(t, err)
	ok(t, s.Close())
}

// childRead refreshes and checks until the meta value "end" is there.
func childRead(dir string) {
	r, err := OpenReader(dir, Options{})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	before, states := 0, 0
	for {
		x, err := r.Snapshot()
		if err == nil {
			err = readAll(x)
		}
		if err == nil && x.Count() < before {
			err = fmt.Errorf("%d articles after %d", x.Count(), before)
		}
		if err != nil {
			fmt.Println("error", err)
			return
		}
		before = x.Count()
		_, end, _ := x.Meta("end")
		_ = x.Close()
		if end {
			break
		}
		changed, err := r.Refresh(context.Background())
		if err != nil {
			fmt.Println("error", err)
			return
		}
		if changed {
			states++
		}
	}
	fmt.Println("read", before, "states", states, r.Close())
}

func TestAnotherProcessReadsWhileThisOneWrites(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	s, err := Create(dir, Options{})
	ok(t, err)
	c := child(t, "read", dir)
	out, err := c.StdoutPipe()
	ok(t, err)
	ok(t, c.Start())
	lines := bufio.NewScanner(out)
	r := rand.New(rand.NewPCG(1, 1))
	const batches = 60
	for n := range batches {
		var b Batch
		for i := range 10 {
			b.Put(made(uint32(10*n+i), fmt.Sprintf("%d/%d", n, i), r))
		}
		if n == batches-1 {
			b.SetMeta("end", []byte("x"))
		}
		ok(t, s.Write(context.Background(), &b))
		if n%20 == 10 {
			ok(t, s.Compact(context.Background()))
		}
	}
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), fmt.Sprintf("read %d ", 10*batches)) || !strings.HasSuffix(lines.Text(), "<nil>") {
		t.Errorf("reader: %q", lines.Text())
	}
	ok(t, c.Wait())
	if left, err := filepath.Glob(filepath.Join(dir, readersDir, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	ok(t, s.Close())
}

func TestTheNextWriterRemovesWhatAKilledReaderLeft(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	small := func() {
		s, err := Create(dir, Options{})
		ok(t, err)
		ok(t, s.Close())
	}
	small()
	c := child(t, "read", dir)
	ok(t, c.Start())
	glob := func() []string {
		left, err := filepath.Glob(filepath.Join(dir, readersDir, "*", indexDir))
		ok(t, err)
		return left
	}
	for end := time.Now().Add(10 * time.Second); len(glob()) == 0; {
		if time.Now().After(end) {
			t.Fatal("no reader")
		}
		time.Sleep(time.Millisecond)
	}
	alive, err := Open(dir, Options{})
	ok(t, err)
	if len(glob()) == 0 {
		t.Error("the copy of a living reader was removed")
	}
	ok(t, alive.Close())
	ok(t, c.Process.Kill())
	_ = c.Wait()
	s, err := Open(dir, Options{})
	ok(t, err)
	if left := glob(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	ok(t, s.Close())
}
