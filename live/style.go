package live

import (
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// The colours are the terminal's own, so that they suit whatever it stands on, and
// nothing is said by colour alone.
var (
	strong = lipgloss.NewStyle().Bold(true)
	faint  = lipgloss.NewStyle().Faint(true)
	good   = lipgloss.NewStyle().Foreground(lipgloss.Green)
	warn   = lipgloss.NewStyle().Foreground(lipgloss.Yellow).Bold(true)
	bad    = lipgloss.NewStyle().Foreground(lipgloss.Red).Bold(true)
)

// cut returns a text no wider than width, with a mark where something is missing.
func cut(text string, width int) string { return ansi.Truncate(text, max(width, 0), "…") }

// left returns a text of exactly width, on its left.
func left(text string, width int) string {
	text = cut(text, width)
	return text + spaces(width-ansi.StringWidth(text))
}

// right returns a text of exactly width, on its right.
func right(text string, width int) string {
	text = cut(text, width)
	return spaces(width-ansi.StringWidth(text)) + text
}

func spaces(n int) string {
	const some = "                                                                                "
	for n > len(some) {
		return some + spaces(n-len(some))
	}
	return some[:max(n, 0)]
}

// wrapped puts parts into as few lines as they fit in.
func wrapped(parts []string, width int) []string {
	var lines []string
	for _, part := range parts {
		last := len(lines) - 1
		if last >= 0 && ansi.StringWidth(lines[last])+2+ansi.StringWidth(part) <= width {
			lines[last] += "  " + part
			continue
		}
		lines = append(lines, cut(part, width))
	}
	return lines
}
