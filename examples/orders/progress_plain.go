package main

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/conc"
)

// plainEvery is how often plain progress has something to say.
const plainEvery = 2 * time.Second

// plain shows progress as a line now and then.
type plain struct{ out io.Writer }

// begin starts to write. end waits until the last line is written.
func (p plain) begin(name string, total int) (phase, func()) {
	lines := &plainPhase{out: p.out, name: name, total: total, began: time.Now()}
	over := make(chan struct{})
	var writing conc.WaitGroup
	writing.Go(func() { lines.writeUntil(over) })
	return lines, func() {
		close(over)
		writing.Wait()
	}
}

type plainPhase struct {
	out   io.Writer
	name  string
	total int
	began time.Time
	count atomic.Int64
}

func (p *plainPhase) done(lines int) { p.count.Add(int64(lines)) }

func (p *plainPhase) writeUntil(over <-chan struct{}) {
	ticker := time.NewTicker(plainEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			p.write()
		case <-over:
			p.write()
			return
		}
	}
}

// write says how many, how fast and how much longer.
func (p *plainPhase) write() {
	done, elapsed := int(p.count.Load()), time.Since(p.began)
	text := fmt.Sprintf("%s  %s of %s", p.name, grouped(done), grouped(p.total))
	if rate := float64(done) / elapsed.Seconds(); done > 0 && elapsed > 0 {
		text += fmt.Sprintf("  %s/s", grouped(int(rate)))
		if left := p.total - done; left > 0 {
			text += fmt.Sprintf("  %v left", time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second))
		}
	}
	_, _ = fmt.Fprintln(p.out, text) // progress that nobody sees is no fault of the job
}
