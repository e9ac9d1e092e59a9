package engine

import (
	"slices"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
)

const (
	countDeliveries = 5                // from which on a failure is DeadLettered
	countRedelivery = 11 * time.Second // what is Returned waits so long, unless it says otherwise
)

// countFault is how something failed.
type countFault struct {
	verdict ergon.Verdict
	delay   time.Duration
}

// counted is what is known of a node beside the engine: of an origin, of a group
// or of a copy that nobody waits for.
type counted struct {
	node       *node
	deliveries int
	alive      int // what came of it and has not ended
	stored     bool
	released   bool
	lost       bool
	faults     []countFault
	members    []*counted // of a group
	isSpare    bool
}

// end is one of the things that came of it coming to its end.
func (c *counted) end() {
	if c.alive--; c.alive > 0 {
		return
	}
	for _, m := range c.members {
		m.stored, m.released = m.stored || c.stored, m.released || c.released
		m.faults = append(m.faults, c.faults...)
		m.end()
	}
}

// final returns the faults with the verdicts they have at the end.
func (c *counted) final() []countFault {
	var all []countFault
	for _, f := range c.faults {
		if f.verdict == ergon.Returned && f.delay == unset && c.deliveries >= countDeliveries {
			f.verdict = ergon.DeadLettered
		}
		if f.verdict == ergon.Returned && f.delay == unset {
			f.delay = countRedelivery
		}
		all = append(all, f)
	}
	return all
}

// wants returns the verdict, the row, and the delays there may be.
func (c *counted) wants() (ergon.Verdict, bucket, []time.Duration) {
	worst := ergon.Acked
	faults := c.final()
	for _, f := range faults {
		worst = worst.Worse(f.verdict)
	}
	switch {
	case c.lost:
		return ergon.Acked, unsettled, nil // nobody is told
	case c.released && worst < ergon.Returned:
		return ergon.Released, releasedRow, nil
	case len(faults) > 0:
		var delays []time.Duration
		for _, f := range faults {
			if f.verdict == worst {
				delays = append(delays, f.delay)
			}
		}
		return worst, rowOf(worst), delays
	case c.stored:
		return ergon.Acked, succeeded, nil
	}
	return ergon.Acked, dropped, nil
}

// check compares what the source was told of one transaction, and returns the row
// it belongs to.
func (c *counted) check(t *testing.T, i int, got ergon.Settlement[int], settled bool) bucket {
	verdict, row, delays := c.wants()
	switch {
	case settled == c.lost:
		t.Fatalf("%d: settled: %v, its lease lost: %v", i, settled, c.lost)
	case got.Verdict != verdict:
		t.Fatalf("%d: %v, not %v: %+v", i, got.Verdict, verdict, c.final())
	case verdict == ergon.Returned && !slices.Contains(delays, got.Delay):
		t.Fatalf("%d: a delay of %v, none of %v", i, got.Delay, delays)
	case verdict != ergon.Returned && got.Delay != 0:
		t.Fatalf("%d: %v with a delay of %v", i, verdict, got.Delay)
	case (got.Cause != nil) != (verdict == ergon.Returned || verdict == ergon.DeadLettered):
		t.Fatalf("%d: %v because of %v", i, verdict, got.Cause)
	}
	return row
}
