package cli

import (
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// The rules of the progress line:
//
// It stands on standard error, and only if that is a terminal. It appears once the
// work has taken a second, and is gone before results are written, so that they do not
// run into it; messages meanwhile stand above it. It tells the stage, the rate, and,
// where it is known how much there is to do, the share that is done and the time left.

// progressDelay is how long work may take without a progress line.
const progressDelay = time.Second

// progress follows a command through its stages: it shows how far it is, logs what each
// stage took, and knows at an interrupt which one was under way.
type progress struct {
	s   *Streams
	end func(last func() error) error

	mu    sync.Mutex
	stage stage
	timer *time.Timer // until the line appears; nil where it never does

	line sync.RWMutex // held while something is written above the line
	bars *mpb.Progress
	bar  *mpb.Bar
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

// newProgress begins to follow a command. It shows a line unless that is unwanted or
// nobody would see it.
func newProgress(s *Streams) *progress {
	p := &progress{s: s}
	if !s.quiet && !s.asJSON() && s.ErrScreen.Width > 0 && os.Getenv("TERM") != "dumb" {
		p.timer = time.AfterFunc(progressDelay, p.appear)
	}
	p.end = s.whenCutOff(p.erase)
	return p
}

// appear begins to show the line. Nothing that the line asks for is locked meanwhile.
func (p *progress) appear() {
	p.line.Lock()
	defer p.line.Unlock()
	p.mu.Lock()
	closed, now := p.timer == nil, p.stage
	p.mu.Unlock()
	if closed {
		return
	}
	bars := mpb.New(mpb.WithOutput(p.s.Err), mpb.WithWidth(30))
	bar := bars.MustAdd(0, newGauge(), // one with a total would end when it is reached
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return p.label() })),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return p.rate() })),
	)
	bar.SetTotal(now.total, false)
	bar.SetCurrent(now.done)
	p.mu.Lock()
	p.bars, p.bar = bars, bar
	p.mu.Unlock()
	p.s.showing.Store(p)
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

// above writes a message above the line, and reports whether there is one.
func (p *progress) above(b []byte) bool {
	p.line.RLock()
	defer p.line.RUnlock()
	if p.bars == nil {
		return false
	}
	_, err := p.bars.Write(b)
	return err == nil
}

// show sets the stage and how far it is: count of units, and done of total, which may
// be in other units; total 0 is not known.
func (p *progress) show(name, unit string, count int, done, total int64) {
	p.mu.Lock()
	ended := p.stage
	entered := ended.name != name
	if entered {
		p.stage = stage{name: name, started: time.Now()}
		p.s.stage.Store(&name)
	}
	p.stage.unit, p.stage.count, p.stage.done, p.stage.total = unit, count, done, total
	bar := p.bar
	p.mu.Unlock()
	if entered {
		ended.log(p.s)
		if name != "" {
			p.s.log().Info(name)
		}
	}
	if bar != nil {
		bar.SetTotal(total, false)
		bar.SetCurrent(done)
	}
}

// log tells what a stage took that has ended.
func (s *stage) log(to *Streams) {
	if s.name == "" {
		return
	}
	var attrs []any
	if s.unit != "" {
		attrs = append(attrs, slog.Int(strings.ReplaceAll(s.unit, " ", "_"), s.count))
	}
	to.log().Info(s.name+" done", append(attrs, slog.Float64("seconds", roundedSeconds(time.Since(s.started))))...)
}

// roundedSeconds are seconds with three digits behind the point.
func roundedSeconds(d time.Duration) float64 { return float64(d.Milliseconds()) / 1000 }

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
		left := max(1, math.Round(seconds*float64(s.total-s.done)/float64(s.done)))
		text += fmt.Sprintf(", %s left", (time.Duration(left) * time.Second).String())
	}
	return text
}

// erase takes the line away.
func (p *progress) erase() {
	p.mu.Lock()
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	p.mu.Unlock()
	p.line.Lock()
	defer p.line.Unlock()
	if p.bars == nil {
		return
	}
	p.s.showing.Store(nil)
	p.bar.Abort(true)
	p.bars.Wait()
	p.mu.Lock()
	p.bars, p.bar = nil, nil
	p.mu.Unlock()
}

// close ends the last stage and takes the line away.
func (p *progress) close() {
	_ = p.end(nil)
	p.erase()
	p.mu.Lock()
	ended := p.stage
	p.stage = stage{}
	p.mu.Unlock()
	ended.log(p.s)
}
