package source

import (
	"context"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
)

// Clock is a Source of moments. Ticker makes one.
type Clock struct {
	settings
	every   time.Duration
	due     time.Time
	started bool
}

// Ticker returns a Source of one transaction for each interval, the first of
// them one interval after Start. Its payload is the time at which it was due,
// and its id "ticker:" and that time in nanoseconds. Ticks that nobody fetched
// in time become one, the latest. It never ends by itself.
func Ticker(every time.Duration, opts ...Option) *Clock {
	c := &Clock{settings: settingsOf("source.Ticker", "ticker", opts), every: every}
	c.check(every <= 0, "interval", every.String(), "must be above 0")
	return c
}

// Validate reports what is wrong with the source's arguments.
func (c *Clock) Validate() error { return c.err() }

// Start begins the first interval.
func (c *Clock) Start(context.Context) error {
	if err := c.err(); err != nil {
		return err
	}
	if !c.started {
		c.started, c.due = true, time.Now().Add(c.every)
	}
	return nil
}

// Stop lets the next Start begin again.
func (c *Clock) Stop(context.Context) error {
	c.started, c.due = false, time.Time{}
	return nil
}

// Fetch blocks until the next tick or the end of ctx.
func (c *Clock) Fetch(ctx context.Context, max int) ([]ergon.Transaction[time.Time], error) {
	if err := c.err(); err != nil {
		return nil, ergon.Permanent(err)
	}
	if err := ctx.Err(); err != nil || max < 1 {
		return nil, err
	}
	if c.due.IsZero() {
		c.due = time.Now().Add(c.every)
	}
	timer := time.NewTimer(lab.From(ctx).Apart(time.Until(c.due)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return []ergon.Transaction[time.Time]{c.tick()}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// tick returns the latest of the ticks that are due.
func (c *Clock) tick() ergon.Transaction[time.Time] {
	missed := int64(time.Since(c.due) / c.every)
	tick := c.due.Add(time.Duration(missed) * c.every)
	c.due = tick.Add(c.every)
	return ergon.Numbered(c.name, tick.UnixNano(), tick)
}
