// Package drawn makes pictures of what a terminal shows.
package drawn

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// The size of a cell, and of the frame around all of them.
const (
	cellWidth  = 8.4
	lineHeight = 18
	margin     = 12
)

// colours are those of the terminal in the picture.
var colours = map[int]string{31: "#ff7b72", 32: "#7ee787", 33: "#f2cc60", 34: "#79c0ff", 35: "#d2a8ff", 36: "#76e3ea"}

// SVG returns a picture of what a terminal of a size shows, given with its escape
// sequences as tmux writes them.
func SVG(text string, width, height int) []byte {
	var out bytes.Buffer
	lines := strings.Split(strings.TrimRight(text, "\n "), "\n")
	height = min(height, len(lines))
	w, h := float64(width)*cellWidth+2*margin, height*lineHeight+2*margin
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" viewBox="0 0 %.0f %d">`+"\n", w, h, w, h)
	fmt.Fprintf(&out, `<rect width="%.0f" height="%d" rx="8" fill="#14161a"/>`+"\n", w, h)
	out.WriteString(`<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e7e9ec">` + "\n")
	for i, line := range lines[:height] {
		writeLine(&out, line, margin+i*lineHeight+14)
	}
	out.WriteString("</g>\n</svg>\n")
	return out.Bytes()
}

// pen is how text is written at a place of a line.
type pen struct {
	bold, faint bool
	colour      string
}

// writeLine writes each run of text of one pen, without gaps, at the column where it
// stands, so that columns are straight whatever font there is.
func writeLine(out *bytes.Buffer, line string, y int) {
	var p pen
	var run strings.Builder
	column, start := 0, 0
	flush := func() {
		if text := strings.TrimRight(run.String(), " "); text != "" {
			p.write(out, text, start, y)
		}
		run.Reset()
		start = column
	}
	for state := byte(0); line != ""; {
		seq, width, n, next := ansi.DecodeSequence(line, state, nil)
		line, state = line[n:], next
		if width == 0 {
			flush()
			p.apply(seq)
			continue
		}
		if seq == " " && strings.HasSuffix(" "+run.String(), " ") { // a gap: what follows has a place of its own
			flush()
			column++
			start = column
			continue
		}
		run.WriteString(seq)
		column += width
	}
	flush()
}

// apply changes the pen as an escape sequence says, if it is one for that.
func (p *pen) apply(seq string) {
	inner, sgr := strings.CutPrefix(seq, "\x1b[")
	inner, end := strings.CutSuffix(inner, "m")
	if !sgr || !end {
		return
	}
	for part := range strings.SplitSeq(inner, ";") {
		n := 0
		_, _ = fmt.Sscan(part, &n) // none is 0
		switch {
		case n == 0:
			*p = pen{}
		case n == 1:
			p.bold = true
		case n == 2:
			p.faint = true
		case n == 22:
			p.bold, p.faint = false, false
		case n == 39:
			p.colour = ""
		case colours[n] != "":
			p.colour = colours[n]
		case colours[n-60] != "":
			p.colour = colours[n-60]
		}
	}
}

func (p *pen) write(out *bytes.Buffer, text string, column, y int) {
	style := ""
	if p.bold {
		style += ` font-weight="700"`
	}
	if p.faint {
		style += ` opacity="0.6"`
	}
	if p.colour != "" {
		style += ` fill="` + p.colour + `"`
	}
	width := float64(ansi.StringWidth(text)) * cellWidth
	fmt.Fprintf(out, `<text x="%.1f" y="%d" textLength="%.1f"%s>`, margin+float64(column)*cellWidth, y, width, style)
	_ = xml.EscapeText(out, []byte(text)) // a buffer takes everything
	out.WriteString("</text>\n")
}
