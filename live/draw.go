package live

import (
	"fmt"
	"slices"
	"strings"
)

// line is one of what is drawn. Where there is no room for all, those go first that
// matter least.
type line struct {
	text string
	rank rank
}

// rank says how much a line matters.
type rank int

const (
	vital rank = iota // what a run does, what limits, what fails
	useful
	detail
	idle // of what has nothing to do
)

// draw returns a picture as lines of a terminal of that size; height 0: as many as it
// takes.
func draw(p picture, width, height int) string {
	var lines []line
	for i, r := range p.Runs {
		if i > 0 {
			lines = append(lines, line{"", detail})
		}
		lines = append(lines, drawRun(r, width)...)
	}
	if len(lines) == 0 {
		lines = []line{{faint.Render("no pipelines"), vital}}
	}
	for _, page := range p.pages {
		lines = append(lines, line{faint.Render("as a page: " + page), useful})
	}
	return strings.Join(fit(lines, width, height), "\n")
}

// fit returns as many lines as there is room for.
func fit(lines []line, width, height int) []string {
	dropped := 0
	for level := idle; level > vital && height > 0 && len(lines) > height-min(dropped, 1); level-- {
		for i := len(lines) - 1; i >= 0 && len(lines) > height-min(dropped, 1); i-- {
			if lines[i].rank == level {
				lines = slices.Delete(lines, i, i+1)
				dropped++
			}
		}
	}
	if over := len(lines) - height + min(dropped, 1); height > 0 && over > 0 {
		if dropped == 0 {
			over++ // room for the note
		}
		over = min(over, len(lines))
		lines, dropped = lines[:len(lines)-over], dropped+over
	}
	var text []string
	for _, l := range lines {
		text = append(text, cut(l.text, width))
	}
	if dropped > 0 {
		text = append(text, cut(faint.Render(fmt.Sprintf("… %d more lines", dropped)), width))
	}
	return text
}

// drawRun returns a pipeline: what matters first.
func drawRun(r run, width int) []line {
	var lines []line
	add := func(of rank, texts ...string) {
		for _, t := range texts {
			lines = append(lines, line{t, of})
		}
	}
	add(vital, wrapped(headOf(r, width), width)...)
	if r.State == notBegun {
		add(vital, graphOf(r, width)...)
		return lines
	}
	add(vital, wrapped(alarms(r), width)...)
	lines = append(lines, table(r, width)...)
	for i, m := range r.Mishaps {
		of := detail
		if i == 0 {
			of = useful
		}
		add(of, cut(bad.Render("✗ ")+faint.Render(lasting(m.Ago)+" ago ")+m.Name+": "+m.Text, width))
	}
	add(useful, wrapped(account(r.Ledger), width)...)
	return lines
}

// graphOf returns the names of what has not begun.
func graphOf(r run, width int) []string {
	var parts []string
	for _, n := range r.Nodes {
		parts = append(parts, faint.Render("· ")+cut(n.Name, 30))
	}
	return wrapped(parts, width)
}

// headOf says what a run does.
func headOf(r run, width int) []string {
	state := good
	if r.State != running {
		state = faint
	}
	parts := []string{strong.Render(cut(r.Name, max(8, width/2))), state.Render(r.State)}
	if r.State == notBegun {
		return parts
	}
	return append(parts,
		lasting(r.Seconds), strong.Render(perSecond(r.Rate))+faint.Render(" settled"),
		grouped(r.Ledger.InFlight)+faint.Render(" in flight"))
}

// alarms says what limits, what fails, what waits, and what is old.
func alarms(r run) []string {
	parts := []string{}
	if n, some := r.limiting(); some {
		word := "limits: "
		if r.State == ended {
			word = "limited most: "
		}
		parts = append(parts, warn.Render("▶ "+word+cut(n.Name, 40))+faint.Render(" ("+r.Why+")"))
	} else if r.State == running {
		parts = append(parts, faint.Render("no stage limits"))
	}
	if r.Failures > 0 {
		parts = append(parts, bad.Render("✗ failed attempts "+grouped(r.Failures)))
	}
	if r.Waiting > 0 {
		parts = append(parts, warn.Render("↻ waiting "+grouped(r.Waiting)))
	}
	if r.Oldest > 0 {
		parts = append(parts, "oldest "+strong.Render(lasting(r.Oldest)))
	}
	return parts
}

// account is the ledger. What should be 0 stands out where it is not.
func account(l ledger) []string {
	odd := func(name string, n int64) string {
		if n == 0 {
			return faint.Render(name + " 0")
		}
		return warn.Render(name + " " + grouped(n))
	}
	return []string{
		"fetched " + grouped(l.Fetched), "acked " + grouped(l.Acked), odd("dead-lettered", l.DeadLettered),
		odd("returned", l.Returned), odd("released", l.Released), odd("unsettled", l.Unsettled), "in flight " + grouped(l.InFlight),
	}
}
