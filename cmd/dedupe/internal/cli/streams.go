package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/calque-dev/calque/pkg/report"
)

// Streams are what a command reads from and writes to.
type Streams struct {
	In  io.Reader
	Out io.Writer // results
	Err io.Writer // everything else

	OutScreen report.Screen // the terminal that Out is; zero for a file or pipe
	ErrScreen report.Screen

	manners
	config   *configuration
	sources  map[string]string        // where flags were set that were not given, by name
	showing  atomic.Pointer[progress] // what has a line on the terminal
	stage    atomic.Pointer[string]   // what is under way
	safe     atomic.Pointer[string]   // what an interrupt leaves behind, where that is known
	finishes atomic.Bool              // an interrupted run is waited for

	mu      sync.Mutex
	tidying map[int]func() // what a run that is cut off must still do
	next    int
	cut     bool

	appeared bool // output files did
}

// begin notes what is under way where no progress is shown. The returned function ends it.
func (s *Streams) begin(name string) (end func()) {
	s.stage.Store(&name)
	st := stage{name: name, started: time.Now()}
	s.log().Info(name)
	return func() { st.log(s) }
}

// leaves says what an interrupt leaves behind from now on.
func (s *Streams) leaves(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.safe.Store(&text)
}

// interruption says what was interrupted, and what is complete.
func (s *Streams) interruption() string {
	text := "interrupted"
	if stage := s.stage.Load(); stage != nil && *stage != "" {
		text += " while " + *stage
	}
	safe := s.safe.Load()
	out, _ := s.Out.(*pipe)
	switch {
	case safe != nil:
		return text + ": " + *safe
	case out != nil && out.written.Load():
		return text + ": what is on standard output is not complete"
	}
	return text + ": nothing is written, and output files are as they were"
}

// processStreams are the standard streams of the process.
func processStreams() *Streams {
	return &Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		OutScreen: screenOf(os.Stdout), ErrScreen: screenOf(os.Stderr),
	}
}

// screenOf tells the terminal that f is. Colours are off when NO_COLOR is set to
// anything (no-color.org) or the terminal is said to be dumb.
func screenOf(f *os.File) report.Screen {
	if !term.IsTerminal(int(f.Fd())) {
		return report.Screen{}
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		width = 80
	}
	return report.Screen{Width: width, Colours: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// finish has the run waited for when it is interrupted, until the returned function is
// called: it is at work on what should not be left halfway, and ends as soon as it can.
// A second interrupt ends it at once.
func (s *Streams) finish() (end func()) {
	s.finishes.Store(true)
	return func() { s.finishes.Store(false) }
}

// whenCutOff has tidy called if the run is cut off before the returned function, end,
// is called. End runs last, which may be nil, unless the run was cut off: then it fails.
func (s *Streams) whenCutOff(tidy func()) (end func(last func() error) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tidying == nil {
		s.tidying = map[int]func(){}
	}
	s.appeared = false
	n := s.next
	s.next++
	s.tidying[n] = tidy
	return func(last func() error) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.tidying, n)
		switch {
		case s.cut:
			return errInterrupted
		case last == nil:
			return nil
		}
		s.appeared = true
		return last()
	}
}

// exitAtOnce ends the process, after a last moment for tidying up.
func (s *Streams) exitAtOnce() {
	s.complain("interrupted again: ended at once")
	tidied := make(chan struct{})
	go func() {
		s.cutOff()
		close(tidied)
	}()
	select {
	case <-tidied:
	case <-time.After(100 * time.Millisecond):
	}
	os.Exit(statusInterrupted)
}

// cutOff tidies up under a command that does not end. It returns true, and does nothing,
// when the output files have appeared meanwhile.
func (s *Streams) cutOff() (appeared bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.appeared {
		return true
	}
	s.cut = true
	for _, tidy := range s.tidying {
		tidy()
	}
	return false
}

// pipe is a writer whose reader may go away, as head does: what is written then is
// lost, without an error.
type pipe struct {
	w       io.Writer
	written atomic.Bool // something was
	broken  atomic.Bool
}

func (p *pipe) Write(b []byte) (int, error) {
	if p.broken.Load() {
		return len(b), nil
	}
	p.written.Store(true)
	n, err := p.w.Write(b)
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		p.broken.Store(true)
		return len(b), nil
	}
	return n, p.failed(err)
}

// failed says that an error is about standard output.
func (p *pipe) failed(err error) error {
	if _, inner := p.w.(*pipe); err == nil || inner {
		return err
	}
	return fmt.Errorf("cannot write to standard output: %w", reasonOf(err))
}

// unread reports whether nobody reads standard output any more.
func (s *Streams) unread() bool {
	out, ok := s.Out.(*pipe)
	return ok && out.broken.Load()
}
