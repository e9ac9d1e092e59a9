package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// canvas is an SVG in the making. Its colours follow what its reader prefers.
type canvas struct {
	svg    strings.Builder
	height int
}

//nolint:misspell // CSS spells it so
const plotStyle = `<style>
text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:15px}.small{font-size:11px;fill:#59636e}
.text{stroke:#1f2328}.grid{stroke:#d1d9e0}.soft{stroke:#818b98;fill:#afb8c1}.mark{fill:#0969da}
.good{stroke:#1a7f37;fill:#1a7f37}.bad{stroke:#cf222e;fill:#cf222e}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.small{fill:#9198a1}.text{stroke:#f0f6fc}.grid{stroke:#3d444d}
.soft{stroke:#9198a1;fill:#656c76}.mark{fill:#4493f8}.good{stroke:#3fb950;fill:#3fb950}.bad{stroke:#f85149;fill:#f85149}}
</style>
`

func (c *canvas) open() {
	fmt.Fprintf(&c.svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="Benchmarks">`+"\n", plotWidth, c.height, plotWidth, c.height)
	c.svg.WriteString(plotStyle)
}

// close writes the whole.
func (c *canvas) close(w io.Writer) error {
	c.svg.WriteString("</svg>\n")
	_, err := io.WriteString(w, c.svg.String())
	return err
}

// text writes a line of text; y is its middle.
func (c *canvas) text(x, y int, anchor, class, text string) {
	fmt.Fprintf(&c.svg, `<text x="%d" y="%d" text-anchor="%s" dy=".35em"`, x, y, anchor)
	if class != "" {
		fmt.Fprintf(&c.svg, ` class="%s"`, class)
	}
	c.svg.WriteString(">")
	_ = xml.EscapeText(&c.svg, []byte(text)) // a Builder never fails
	c.svg.WriteString("</text>\n")
}

func (c *canvas) line(class string, x1, y1, x2, y2, width int) {
	fmt.Fprintf(&c.svg, `<line class="%s" x1="%d" y1="%d" x2="%d" y2="%d" stroke-width="%d"/>`+"\n", class, x1, y1, x2, y2, width)
}

func (c *canvas) dot(class string, x, y int) {
	fmt.Fprintf(&c.svg, `<circle class="%s" cx="%d" cy="%d" r="5"/>`+"\n", class, x, y)
}

func (c *canvas) rect(class string, x, y, width, height int) {
	fmt.Fprintf(&c.svg, `<rect class="%s" x="%d" y="%d" width="%d" height="%d" stroke="none"/>`+"\n", class, x, y, max(1, width), height)
}

// title writes a title and returns where to go on.
func (c *canvas) title(y int, text string) int {
	c.text(margin, y+rowHeight/2, "start", "title", text)
	return y + rowHeight + rowHeight/2
}

// axis writes the ticks of a scale and returns where to go on.
func (c *canvas) axis(y int, s scale, unit string) int {
	for _, v := range s.ticks() {
		c.line("grid", s.x(v), y, s.x(v), y+5, 1)
		c.text(s.x(v), y+rowHeight/2+4, "middle", "small", strconv.FormatFloat(v, 'f', -1, 64)+unit)
	}
	return y + rowHeight + rowHeight/2
}
