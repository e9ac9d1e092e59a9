package retry

import (
	"context"
	"fmt"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
)

// call is the account of one Do.
type call struct {
	policy  Policy
	lab     *lab.Lab        // nil but in a test
	start   time.Time       // of the first attempt
	history []ergon.Attempt // failed ones; bounded by ergon.MostAttempts
	made    int             // attempts that counted
	held    int             // attempts in a row that did not
	now     ergon.Attempt   // the one that runs, or is waited for
}

func newCall(ctx context.Context, p Policy) *call { return &call{policy: p, lab: lab.From(ctx)} }

// begin notes that an attempt starts.
func (c *call) begin(now time.Time) {
	if c.start.IsZero() {
		c.start = now
	}
	c.now.Number, c.now.Start = c.made+1, now
}

// attemptLimit returns how long a first attempt may take; 0 = as long as it likes.
func (p Policy) attemptLimit() time.Duration {
	if p.Within > 0 && (p.AttemptTimeout == 0 || p.Within < p.AttemptTimeout) {
		return p.Within
	}
	return p.AttemptTimeout
}

// deadline returns when the attempt that just began must end, if ever.
func (c *call) deadline() (time.Time, bool) {
	var end time.Time
	if c.policy.AttemptTimeout > 0 {
		end = c.now.Start.Add(c.policy.AttemptTimeout)
	}
	if c.policy.Within > 0 {
		if all := c.start.Add(c.policy.Within); end.IsZero() || all.Before(end) {
			end = all
		}
	}
	return end, !end.IsZero()
}

// failed notes how the attempt ended.
func (c *call) failed(now time.Time, err error) {
	c.now.Duration, c.now.Err = now.Sub(c.now.Start), err
	if len(c.history) < ergon.MostAttempts {
		c.history = append(c.history, c.now)
		return
	}
	last := c.history[ergon.MostAttempts/2:]
	copy(last, last[1:])
	last[len(last)-1] = c.now
}

// next prepares the wait before the next attempt, or returns the error with
// which the call ends.
func (c *call) next(ctx context.Context, err error) error {
	steering, asked := ergon.SteeringOf(err)
	switch steering {
	case ergon.SteerRetry, ergon.SteerRetryAfter:
		c.made, c.held = c.made+1, 0
	case ergon.SteerHold:
		c.held++
	default:
		return err
	}
	if ctx.Err() == nil && c.made >= c.policy.Attempts() {
		return c.exhausted(0)
	}
	c.now = ergon.Attempt{Wait: c.wait(steering, asked)}
	return c.over(ctx, c.now.Wait)
}

// over returns the error with which the call ends if no attempt may begin after
// a wait from now.
func (c *call) over(ctx context.Context, wait time.Duration) error {
	if ctx.Err() != nil {
		return c.stopped(ctx)
	}
	if within := c.policy.Within; within > 0 && !c.start.IsZero() && wait >= within-time.Since(c.start) {
		return c.exhausted(within)
	}
	return nil
}

// wait returns how long to wait before the next attempt. A hold of no length
// waits as a retry would, or it would spin.
func (c *call) wait(steering ergon.Steering, asked time.Duration) time.Duration {
	if steering != ergon.SteerHold {
		return max(asked, c.delay(c.made-1))
	}
	if asked > 0 {
		return asked
	}
	return c.delay(c.held - 1)
}

func (c *call) delay(retry int) time.Duration {
	return c.policy.Jitter.Spread(c.policy.step(retry), c.lab.Draw)
}

func (c *call) exhausted(within time.Duration) error {
	return &ExhaustedError{Attempts: c.history, Made: c.made, Elapsed: time.Since(c.start), Within: within}
}

// stopped returns the error of a call whose context has ended: the context's
// error, its cause, and the last failure.
func (c *call) stopped(ctx context.Context) error {
	ended, cause := ctx.Err(), context.Cause(ctx)
	last := lastOf(c.history)
	switch {
	case last == nil && cause == ended: //nolint:errorlint // whether there is a cause of its own
		return fmt.Errorf("retry: not begun: %w", ended)
	case last == nil:
		return fmt.Errorf("retry: not begun: %w: %w", ended, unsteered(cause))
	case cause == ended: //nolint:errorlint // the same
		return fmt.Errorf("retry: stopped: %w, the last failure: %w", ended, unsteered(last))
	}
	return fmt.Errorf("retry: stopped: %w: %w, the last failure: %w", ended, unsteered(cause), unsteered(last))
}
