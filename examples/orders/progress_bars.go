package main

import (
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// bars shows progress as a bar on a terminal, with counts, rate and time left.
type bars struct{ *notices }

// begin shows a bar. end leaves it as it then is.
func (b bars) begin(name string, total int) (phase, func()) {
	screen := mpb.New(mpb.WithOutput(b.plain), mpb.WithWidth(40), mpb.WithAutoRefresh())
	bar := screen.AddBar(int64(total),
		mpb.PrependDecorators(decor.Name(name, decor.WC{W: 8, C: decor.DindentRight}), decor.CountersNoUnit("%d of %d", decor.WC{W: 16})),
		mpb.AppendDecorators(decor.AverageSpeed(0, "%.0f/s ", decor.WC{W: 10}), decor.AverageETA(decor.ET_STYLE_GO, decor.WC{W: 6})))
	b.writeAbove(screen)
	return barPhase{bar}, func() {
		b.writeAbove(nil)
		bar.Abort(false)
		screen.Wait()
	}
}

type barPhase struct{ bar *mpb.Bar }

func (p barPhase) done(lines int) { p.bar.IncrBy(lines) }
