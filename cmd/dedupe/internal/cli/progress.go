package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// The rules of the progress line:
//
// It stands on standard error, and only if that is a terminal. It appears once the
// work has taken a second, and is gone before anything else is written, so that
// neither results nor messages run into it. It tells the stage, the rate, and, where it
// is known how much there is to do, the share that is done and the time left.

// progressDelay is how long work may take without a progress line.
const progressDelay = time.Second

// progress shows how far a command is. A nil progress shows nothing.
type progress struct {
	container *mpb.Progress
	bar       *mpb.Bar
	erase     func()
	end       func(last func() error) error

	mu    sync.Mutex
	stage stage
}

// stage is a part of the work.
type stage struct {
	name    string
	unit    string // of count: "articles"
	started time.Time
	count   int   // for the rate
	done    int64 // for share and time left
	total   int64 // 0: not known
}

// newProgress begins to show progress, unless it is unwanted or nobody would see it.
func newProgress(s *Streams, wanted bool) *progress {
	if !wanted || s.ErrScreen.Width == 0 || os.Getenv("TERM") == "dumb" {
		return nil
	}
	p := &progress{}
	delay := make(chan struct{})
	timer := time.AfterFunc(progressDelay, func() { close(delay) })
	p.container = mpb.New(mpb.WithOutput(s.Err), mpb.WithWidth(30), mpb.WithRenderDelay(delay))
	p.bar = p.container.MustAdd(0, newGauge(),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return p.label() })),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return p.rate() })),
	)
	p.erase = func() {
		timer.Stop()
		p.bar.Abort(true)
		p.container.Wait()
	}
	p.end = s.whenCutOff(p.erase)
	return p
}

// newGauge is a bar where the total is known, and a spinner where it is not.
func newGauge() mpb.BarFiller {
	bar := mpb.BarStyle().Lbound("").Filler("█").Tip("█").Padding("░").Rbound("").Build()
	spinner := mpb.SpinnerStyle().Build()
	return mpb.BarFillerFunc(func(w io.Writer, s decor.Statistics) error {
		if s.Total > 0 {
			return bar.Fill(w, s)
		}
		s.AvailableWidth, s.RequestedWidth = 1, 1
		return spinner.Fill(w, s)
	})
}

// show sets the stage and how far it is: count of units, and done of total, which may
// be in other units; total 0 is not known.
func (p *progress) show(name, unit string, count int, done, total int64) {
	if p == nil {
		return
	}
	p.mu.Lock()
	if p.stage.name != name {
		p.stage = stage{name: name, unit: unit, started: time.Now()}
	}
	p.stage.count, p.stage.done, p.stage.total = count, done, total
	p.mu.Unlock()
	p.bar.SetTotal(total, false)
	p.bar.SetCurrent(done)
}

func (p *progress) label() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stage.name + " "
}

// rate is what stands behind the bar.
func (p *progress) rate() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stage.String()
}

func (s *stage) String() string {
	seconds := time.Since(s.started).Seconds()
	text := ""
	if s.total > 0 {
		text = fmt.Sprintf(" %d%%", 100*s.done/s.total)
	}
	if s.count > 0 && seconds > 0 {
		text += fmt.Sprintf("  %s %s, %s/s", grouped(s.count), s.unit, grouped(int(float64(s.count)/seconds)))
	}
	if s.total > 0 && s.done > 0 && s.done < s.total {
		left := seconds * float64(s.total-s.done) / float64(s.done)
		text += fmt.Sprintf(", %s left", (time.Duration(left) * time.Second).String())
	}
	return text
}

// close takes the progress line away.
func (p *progress) close() {
	if p == nil {
		return
	}
	_ = p.end(nil)
	p.erase()
}
