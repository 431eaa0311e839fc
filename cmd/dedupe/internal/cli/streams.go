package cli

import (
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"

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

	finishes atomic.Bool // an interrupted run is waited for

	mu      sync.Mutex
	tidying map[int]func() // what a run that is cut off must still do
	next    int
	cut     bool
}

// processStreams are the standard streams of the process.
func processStreams() *Streams {
	return &Streams{
		In: os.Stdin, Out: &pipe{w: os.Stdout}, Err: os.Stderr,
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
// A second interrupt kills it.
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
		return last()
	}
}

// cutOff tidies up under a command that does not end.
func (s *Streams) cutOff() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut = true
	for _, tidy := range s.tidying {
		tidy()
	}
}

// pipe is a writer whose reader may go away, as head does: what is written then is
// lost, without an error.
type pipe struct {
	w      io.Writer
	broken bool
}

func (p *pipe) Write(b []byte) (int, error) {
	if p.broken {
		return len(b), nil
	}
	n, err := p.w.Write(b)
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		p.broken = true
		return len(b), nil
	}
	return n, err
}
