package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// errUndecodable says that the queue set lines aside: they are neither invoiced
// nor rejected.
var errUndecodable = errors.New("the queue has lines that cannot be read")

// report prints the summary, and returns what the job left undone.
func (j *job) report(ctx context.Context, s *shop, began time.Time) error {
	f, err := s.figures(context.WithoutCancel(ctx))
	if err != nil {
		return fmt.Errorf("figures: %w", err)
	}
	sum := summary{figures: f, produced: j.produced, consumed: j.consumed, elapsed: time.Since(began)}
	sum.timeouts = j.timeouts.n.Load()
	sum.returned, sum.why = j.trouble.seen()
	return errors.Join(sum.write(j.out), j.undone(ctx, s, f))
}

// undone is nil where every line is an invoice's or rejected.
func (j *job) undone(ctx context.Context, s *shop, f figures) error {
	if f.Queue.Dead > 0 {
		return fmt.Errorf("%w: %d", errUndecodable, f.Queue.Dead)
	}
	if ctx.Err() == nil {
		return nil
	}
	_, torn, err := s.exports(context.WithoutCancel(ctx))
	if err != nil || len(torn) == 0 && f.left() == 0 {
		return err
	}
	return fmt.Errorf("%w: %s lines are left in the queue%s", errInterrupted, grouped(f.left()), j.advice(torn))
}

// advice says how to go on.
func (j *job) advice(torn []string) string {
	switch {
	case j.db == "":
		return ", which goes with the temporary database; keep it with -db"
	case len(torn) > 0:
		return fmt.Sprintf(", and %s is not all there; run it again", torn[0])
	}
	return "; run it again to go on"
}
