package scenarios

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/work"
	"github.com/ergon-go/ergon/retry"
)

// retrying is what trying again costs where nothing fails: in a stage of a
// pipeline, where it comes with a time for the attempt and with what catches a
// panic, and around a function.
func retrying() Maker {
	return Maker{Name: "retry", Title: "A call that succeeds, with what would try it again", Goals: []string{"P7"}, Open: openRetrying}
}

func openRetrying(ctx context.Context, s Settings) (*measure.Scenario, error) {
	e, err := buildEngine(ctx, s)
	if err != nil {
		return nil, err
	}
	o := &measure.Scenario{Unit: measure.Nanos, Profile: "retry.Wrap, with a time", Variants: e.variants("Attempt", "bare", "stage")}
	for _, c := range []struct {
		name string
		wrap func(call) call
	}{
		{"bare call", func(fn call) call { return fn }},
		{"by hand", byHand},
		{"retry.Wrap", wrapped(retry.Policy{MaxAttempts: 3})},
		{"retry.Wrap, with a time", wrapped(retry.Policy{MaxAttempts: 3, AttemptTimeout: time.Minute})},
		{"backoff", backedOff},
		{"failsafe-go", failsafed},
	} {
		o.Variants = append(o.Variants, measure.Variant{Name: c.name, Run: calls(c.wrap(bareCall), s.sample())})
	}
	o.Figures = []measure.Figure{
		over("P7", "retry, recover, timeout of a stage, over the bare call", "Attempt/stage", "Attempt/bare", 20, 12),
		noAllocs("P7", "the same, allocations", "Attempt/stage"),
		over("P7", "retry.Wrap with an attempt timeout, over the bare call", "retry.Wrap, with a time", "bare call", 20, 12),
		noAllocs("P7", "the same, allocations", "retry.Wrap, with a time"),
		over("", "retry.Wrap without one, over the bare call", "retry.Wrap", "bare call", 0, 0),
		over("", "a loop with recover by hand, over the bare call", "by hand", "bare call", 0, 0),
	}
	return o, nil
}

// over is a figure: how many nanoseconds one variant takes longer than another.
func over(goal, what, of, bare string, must, aim float64) measure.Figure {
	return measure.Figure{
		Goal: goal, What: what, Unit: measure.Nanos, Must: must, Aim: aim,
		Of: func(r measure.Round) float64 { return r[of].Value - r[bare].Value }, From: []string{of, bare},
	}
}

// noAllocs is a figure: the allocations of a variant, of which there must be none.
func noAllocs(goal, what, of string) measure.Figure {
	return measure.Figure{Goal: goal, What: what, Limits: true, Of: allocsOf(of), From: []string{of}}
}

var errCalls = errors.New("scenarios: a call went missing")

// calls returns what times as many calls as take as long as a sample is to take.
func calls(fn call, d time.Duration) func(context.Context) (measure.Sample, error) {
	return func(ctx context.Context) (measure.Sample, error) {
		probe, err := callsOf(ctx, fn, 1000)
		if err != nil {
			return probe, err
		}
		return callsOf(ctx, fn, max(1000, int(float64(d.Nanoseconds())/probe.Value)))
	}
}

func callsOf(ctx context.Context, fn call, n int) (measure.Sample, error) {
	var before, after runtime.MemStats
	var v work.Item
	runtime.ReadMemStats(&before)
	began := time.Now()
	for range n {
		next, err := fn(ctx, v)
		if err != nil {
			return measure.Sample{}, fmt.Errorf("scenarios: %w", err)
		}
		v = next
	}
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if v.A != uint64(n) {
		return measure.Sample{}, errCalls
	}
	return measure.Sample{
		Value:  float64(took.Nanoseconds()) / float64(n),
		Allocs: float64((after.Mallocs - before.Mallocs) / uint64(n)),
	}, nil
}
