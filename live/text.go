package live

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	ergonotel "github.com/ergon-go/ergon/otel"
)

// text returns what may be shown of a text that others have written.
func text(of string) string { return ergonotel.Scrub(of) }

// errorText returns what may be shown of an error. One that cannot say what it is, a
// nil pointer for one, says its type.
func errorText(err error) (shown string) {
	defer func() {
		if recover() != nil {
			shown = fmt.Sprintf("(%T)(nil)", err)
		}
	}()
	return text(err.Error())
}

// grouped writes a count so that it can be read at a glance: 12,345.
func grouped[N int | int64](n N) string {
	digits := strconv.FormatInt(int64(n), 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// perSecond writes a rate.
func perSecond(rate float64) string {
	switch {
	case rate == 0:
		return "0/s"
	case rate < 10:
		return strconv.FormatFloat(math.Ceil(rate*10)/10, 'f', 1, 64) + "/s" // never 0 where there is something
	}
	return grouped(int64(rate+0.5)) + "/s"
}

// percent writes a share of 1.
func percent(share float64) string { return strconv.Itoa(int(100*share+0.5)) + "%" }

// lasting writes a time as short as it is still useful.
func lasting(secs float64) string {
	d := seconds(secs)
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
