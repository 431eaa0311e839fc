package main

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"

	"github.com/calque-dev/calque/benchmarks/suite/result"
)

// panel is one diagram: a quantity against the number of articles.
type panel struct {
	title string
	lines func(*result.Suite) []line
}

// line is one quantity of a result.
type line struct {
	name  string
	value func(*result.Run) float64
	fit   *result.Power // nil: none is drawn
	thin  bool
}

var panels = []panel{
	{"seconds", secondsLines},
	{"articles a second", func(s *result.Suite) []line {
		return []line{{name: s.Name, value: func(r *result.Run) float64 { return r.ArticlesPerSecond }}}
	}},
	{"peak of resident memory, MB", func(s *result.Suite) []line {
		l := line{name: s.Name, value: func(r *result.Run) float64 { return float64(r.PeakResident) / 1e6 }}
		if g := s.Growth.Resident; g != nil {
			l.fit = &result.Power{Exponent: g.Exponent, Factor: g.Factor / 1e6}
		}
		return []line{l}
	}},
}

// secondsLines are the whole and its stages.
func secondsLines(s *result.Suite) []line {
	lines := []line{{name: s.Name, value: func(r *result.Run) float64 { return r.Seconds }, fit: s.Growth.Seconds}}
	lines = append(lines, line{name: s.Name + ": processors", value: func(r *result.Run) float64 { return r.CPUSeconds }, thin: true})
	for _, stage := range s.Stages() {
		lines = append(lines, line{name: s.Name + ": " + stage, value: func(r *result.Run) float64 { return r.Stages[stage] }, thin: true})
	}
	return lines
}

// Size of a panel.
const (
	width  = 14 * vg.Centimeter
	height = 11 * vg.Centimeter
)

// picture is a canvas that can be written to a file.
type picture interface {
	vg.CanvasSizer
	io.WriterTo
}

// draw draws the results into a file, in the format that its name ends in.
func draw(all []*result.Suite, path string) (err error) {
	format := strings.TrimPrefix(filepath.Ext(path), ".")
	plots := make([]*plot.Plot, len(panels))
	for i, p := range panels {
		if plots[i], err = p.plot(all); err != nil {
			return fmt.Errorf("%s: %w", p.title, err)
		}
	}
	c, err := vgdraw.NewFormattedCanvas(width*vg.Length(len(panels)), height, format)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	drawn, ok := c.(picture)
	if !ok {
		return fmt.Errorf("%s: the format has no size", path)
	}
	tiles := vgdraw.Tiles{Rows: 1, Cols: len(panels), PadX: vg.Centimeter, PadTop: 2, PadBottom: 2, PadLeft: 2, PadRight: vg.Centimeter}
	for i, place := range plot.Align([][]*plot.Plot{plots}, tiles, vgdraw.New(drawn))[0] {
		plots[i].Draw(place)
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := drawn.WriteTo(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// plot draws the lines of all results.
func (p *panel) plot(all []*result.Suite) (*plot.Plot, error) {
	out := plot.New()
	out.Title.Text, out.X.Label.Text = p.title, "articles"
	out.X.Scale, out.Y.Scale = plot.LogScale{}, plot.LogScale{}
	out.X.Tick.Marker, out.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	out.Legend.Top, out.Legend.Left = true, true
	out.Add(plotter.NewGrid())
	number, least, most := 0, math.Inf(1), 0.0
	for _, s := range all {
		for _, l := range p.lines(s) {
			points := l.points(s)
			if len(points) == 0 {
				continue
			}
			for _, xy := range points {
				least, most = min(least, xy.Y), max(most, xy.Y)
			}
			if err := l.add(out, points, plotutil.Color(number)); err != nil {
				return nil, err
			}
			number++
		}
	}
	// A decade at least, with room for the legend: a logarithmic axis has no other marks.
	out.Y.Min, out.Y.Max = math.Pow(10, math.Floor(math.Log10(least))), math.Pow(10, math.Ceil(math.Log10(most))+1)
	out.X.Min, out.X.Max = math.Pow(10, math.Floor(math.Log10(out.X.Min))), math.Pow(10, math.Ceil(math.Log10(out.X.Max)))
	return out, nil
}

// points are those of a line that a logarithmic axis has room for.
func (l *line) points(s *result.Suite) (points plotter.XYs) {
	for i := range s.Runs {
		if y := l.value(&s.Runs[i]); y > 0 {
			points = append(points, plotter.XY{X: float64(s.Runs[i].Articles), Y: y})
		}
	}
	return points
}

// add adds a line to a plot, with its fit as a dotted one.
func (l *line) add(out *plot.Plot, points plotter.XYs, c color.Color) error {
	drawn, dots, err := plotter.NewLinePoints(points)
	if err != nil {
		return err
	}
	drawn.Color, dots.Color, dots.Shape = c, c, vgdraw.CircleGlyph{}
	drawn.Width = vg.Points(2)
	if l.thin {
		drawn.Width = vg.Points(0.7)
	}
	out.Add(drawn, dots)
	name := l.name
	if l.fit != nil {
		name = fmt.Sprintf("%s (n^%.2f)", l.name, l.fit.Exponent)
		from, to := points[0].X, points[len(points)-1].X
		fitted, err := plotter.NewLine(plotter.XYs{{X: from, Y: l.fit.At(from)}, {X: to, Y: l.fit.At(to)}})
		if err != nil {
			return err
		}
		fitted.Color, fitted.Dashes = c, []vg.Length{vg.Points(2), vg.Points(3)}
		out.Add(fitted)
	}
	out.Legend.Add(name, drawn, dots)
	return nil
}
