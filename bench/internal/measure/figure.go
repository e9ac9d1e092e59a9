package measure

import (
	"fmt"
	"math"
)

// Figure is what is worked out of the samples of a round.
type Figure struct {
	Goal   string // as the goals are numbered, "P1"; empty where there is none
	What   string
	Unit   Unit
	Of     func(Round) float64
	From   []string // the variants it is worked out of
	Must   float64  // 0 where nothing is demanded, unless Limits
	Aim    float64  // 0 where nothing is aimed at, unless Limits
	Limits bool     // Must and Aim hold although they are 0
	Least  bool     // Must and Aim are the least, not the most
}

// Unit says how a figure is written.
type Unit string

// The units of figures.
const (
	Times   Unit = "×"
	Nanos   Unit = " ns"
	Percent Unit = " %"
	Mega    Unit = " MB"
	Rate    Unit = "/s"
	Micros  Unit = " µs"
	Seconds Unit = " s"
	Each    Unit = ""
)

// Format writes a number of this unit with as many digits as mean something.
func (u Unit) Format(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case u == Rate:
		return fmt.Sprintf("%.0f%s", v, u)
	case v == 0:
		return "0" + string(u)
	case math.Abs(v) >= 100:
		return fmt.Sprintf("%.0f%s", v, u)
	case math.Abs(v) >= 10:
		return fmt.Sprintf("%.1f%s", v, u)
	case math.Abs(v) >= 0.1:
		return fmt.Sprintf("%.2f%s", v, u)
	}
	return fmt.Sprintf("%.4f%s", v, u)
}

// Demanding reports whether there is something to be met.
func (f Figure) Demanding() bool { return f.Must != 0 || f.Limits }

// within reports whether the worse end of an interval is within a limit.
func (f Figure) within(i Interval, limit float64) bool {
	if f.Least {
		return i.Low >= limit
	}
	return i.High <= limit
}

// aimed reports whether there is a goal beyond what must be.
func (f Figure) aimed() bool { return f.Aim != 0 || f.Limits }
