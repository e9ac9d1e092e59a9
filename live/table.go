package live

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
)

// column is one of the table of stages.
type column struct {
	title string
	width int
	rank  int // those of a higher rank give way first
	cell  func(n node) string
}

// columns are all there are, beside the names.
var columns = []column{
	{"rate", 10, 1, func(n node) string { return perSecond(n.Rate) }},
	{"workers", 10, 6, func(n node) string { return bar(n, 8) }},
	{"busy", 8, 2, busy},
	{"queued", 8, 3, func(n node) string { return counted(n.Queued, lipgloss.NewStyle()) }},
	{"blocked", 8, 4, func(n node) string { return some(n.Blocked >= 0.005, percent(n.Blocked), lipgloss.NewStyle()) }},
	{"waiting", 8, 7, func(n node) string { return counted(n.Waiting, warn) }},
	{"retried", 9, 5, func(n node) string { return counted(n.Retried, warn) }},
	{"failed", 9, 0, func(n node) string { return counted(n.Failed, bad) }},
}

// The names get what the columns leave, and so much at least.
const (
	leastName = 13
	mostName  = 44
)

// table returns the stages, a line each.
func table(r run, width int) []line {
	shown, names := columnsFor(width)
	var head strings.Builder
	head.WriteString(left("  stage", names))
	for _, c := range shown {
		head.WriteString(right(c.title, c.width))
	}
	lines := []line{{faint.Render(head.String()), useful}}
	indent := indents(r)
	for _, n := range r.Nodes {
		lines = append(lines, row(n, indent[n.ID], shown, names))
	}
	return lines
}

// columnsFor returns the columns that there is room for, and the width of the names.
func columnsFor(width int) (shown []column, names int) {
	shown = slices.Clone(columns)
	total := func() (sum int) {
		for _, c := range shown {
			sum += c.width
		}
		return sum
	}
	for len(shown) > 0 && total()+leastName > width {
		least := slices.MaxFunc(shown, func(a, b column) int { return cmp.Compare(a.rank, b.rank) })
		shown = slices.DeleteFunc(shown, func(c column) bool { return c.rank == least.rank })
	}
	return shown, min(mostName, max(0, width-total()))
}

// row returns the line of a stage.
func row(n node, indent int, shown []column, names int) line {
	name, of := "  "+strings.Repeat("  ", min(indent, 4))+n.Name, detail
	switch {
	case n.Limits:
		name, of = warn.Render(left("▶ "+strings.TrimPrefix(name, "  "), names)), vital
	case n.Failing > 0 || n.Waiting > 0:
		name, of = left(name, names), useful
	case n.Rate == 0 && n.Busy == 0 && n.Queued == 0:
		name, of = left(name, names), idle
	default:
		name = left(name, names)
	}
	var b strings.Builder
	b.WriteString(name)
	for _, c := range shown {
		cell := ""
		if n.Works && (n.Kind != "source" || c.title == "rate") {
			cell = c.cell(n)
		}
		b.WriteString(right(cell, c.width))
	}
	return line{strings.TrimRight(b.String(), " "), of}
}

// indents returns how far to the right each node stands: one step for every branch.
func indents(r run) map[string]int {
	indent, ways := map[string]int{}, map[string]int{}
	for _, e := range r.Edges {
		if ordinary(e) {
			ways[e.From]++
		}
	}
	for _, e := range r.Edges {
		if ordinary(e) {
			indent[e.To] = indent[e.From] + min(1, ways[e.From]-1)
		}
	}
	return indent
}

// ordinary reports whether a way is one of what succeeds.
func ordinary(e edge) bool {
	return e.Label != "failures" && e.Label != "dead letters" && e.Label != "success"
}

// bar returns how busy the workers of a stage were.
func bar(n node, width int) string {
	if n.Workers == 0 {
		return ""
	}
	full := int(n.Load*float64(width) + 0.5)
	style := good
	if n.Limits {
		style = warn
	}
	return style.Render(strings.Repeat("█", full)) + faint.Render(strings.Repeat("░", width-full))
}

func busy(n node) string {
	if n.Workers == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", n.Busy, n.Workers)
}

func counted[N int | int64](n N, style lipgloss.Style) string { return some(n != 0, grouped(n), style) }

// some returns a figure that is worth showing, or a mark that there is none.
func some(worth bool, text string, style lipgloss.Style) string {
	if !worth {
		return faint.Render("·")
	}
	return style.Render(text)
}
