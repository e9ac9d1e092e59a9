package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// What the plot looks like, in pixels.
const (
	plotWidth = 960
	labels    = 430 // of the width, for what stands at the left
	rowHeight = 22
	margin    = 24
)

// Plot writes two charts as an SVG that is readable on a light and on a dark
// ground: every figure against what must be, and what a hand-over costs.
func Plot(w io.Writer, r Run) error {
	goals := plottable(r.results(measure.Result.Demanding))
	bars, title := peerBars(r.Outcomes)
	c := canvas{height: 2*margin + chartHeight(len(goals)) + chartHeight(len(bars))}
	c.open()
	y := c.goals(margin, goals)
	c.peers(y+margin, title, bars)
	return c.close(w)
}

func chartHeight(rows int) int {
	if rows == 0 {
		return 0
	}
	return (rows+3)*rowHeight + margin
}

// goal is a figure as a share of what must be: 1 is just met, less is better.
type goal struct {
	what         string
	at, low, top float64
	aim          float64 // 0: none
	met          bool
}

// plottable returns the figures that are a share of something.
func plottable(all []measure.Result) []goal {
	var goals []goal
	for _, r := range all {
		if r.Must == 0 || math.IsNaN(r.Median) {
			continue
		}
		g := goal{what: r.Goal + "  " + r.What, at: r.Median / r.Must, low: r.Low / r.Must, top: r.High / r.Must, aim: r.Aim / r.Must}
		if r.Least {
			g.at, g.low, g.top, g.aim = 1/g.at, 1/g.top, 1/g.low, 1/g.aim
		}
		g.met = r.Verdict() != measure.NotMet
		goals = append(goals, g)
	}
	return goals
}

// goals draws a line with a dot for each figure: its interval and its median.
func (c *canvas) goals(y int, all []goal) int {
	if len(all) == 0 {
		return y
	}
	s := scaleOf(0.1, 10)
	for _, g := range all {
		s = s.over(g.low, g.top)
	}
	y = c.title(y, "Figures ÷ what must be (left of the line: met; the tick is the goal)")
	top := y
	for _, g := range all {
		class := "bad"
		if g.met {
			class = "good"
		}
		middle := y + rowHeight/2
		c.text(labels-8, middle, "end", "", g.what)
		c.line(class, s.x(g.low), middle, s.x(g.top), middle, 3)
		c.dot(class, s.x(g.at), middle)
		if g.aim > 0 {
			c.line("soft", s.x(g.aim), middle-6, s.x(g.aim), middle+6, 2)
		}
		y += rowHeight
	}
	c.line("text", s.x(1), top, s.x(1), y, 1)
	return c.axis(y, s, "×")
}

// bar is a peer and its nanoseconds for each item.
type bar struct {
	name string
	ns   measure.Interval
}

// peerBars returns the bars of the shape that most peers have, with several
// workers if possible: the fastest first.
func peerBars(all []measure.Outcome) (bars []bar, title string) {
	shapes := compared(all)
	if len(shapes) == 0 {
		return nil, ""
	}
	o := shapes[0]
	for _, other := range shapes {
		if other.Scenario.Name == "three-stages" {
			o = other
		}
	}
	for _, v := range o.Scenario.Variants {
		bars = append(bars, bar{v.Name, o.Values(v.Name)})
	}
	slices.SortFunc(bars, func(a, b bar) int { return cmp.Compare(a.ns.Median, b.ns.Median) })
	return bars, fmt.Sprintf("%s: nanoseconds for each item, logarithmic", o.Scenario.Title)
}

// peers draws the bars.
func (c *canvas) peers(y int, title string, bars []bar) {
	if len(bars) == 0 {
		return
	}
	s := scaleOf(100, 1000)
	for _, b := range bars {
		s = s.over(b.ns.Median, b.ns.High)
	}
	y = c.title(y, title)
	for _, b := range bars {
		class := "soft"
		if b.name == "ergon" {
			class = "mark"
		}
		middle := y + rowHeight/2
		c.text(labels-8, middle, "end", "", b.name)
		c.rect(class, labels, y+4, s.x(b.ns.Median)-labels, rowHeight-8)
		c.line("text", s.x(b.ns.Low), middle, s.x(b.ns.High), middle, 1)
		c.text(s.x(max(b.ns.High, b.ns.Median))+6, middle, "start", "", fmt.Sprintf("%.0f", b.ns.Median))
		y += rowHeight
	}
	c.axis(y, s, " ns")
}
