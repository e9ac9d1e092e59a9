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
	return Maker{Name: "retry", Title: "A call that succeeds, with what would try it again", Open: openRetrying}
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
	over := func(of, bare string) func(measure.Round) float64 {
		return func(r measure.Round) float64 { return r[of].Value - r[bare].Value }
	}
	o.Figures = []measure.Figure{
		{Goal: "P7", What: "retry, recover, timeout of a stage, over the bare call", Unit: measure.Nanos, Must: 20, Aim: 12, Of: over("Attempt/stage", "Attempt/bare")},
		{Goal: "P7", What: "the same, allocations", Must: 0, Limits: true, Of: allocsOf("Attempt/stage")},
		{Goal: "P7", What: "retry.Wrap with an attempt timeout, over the bare call", Unit: measure.Nanos, Must: 20, Aim: 12, Of: over("retry.Wrap, with a time", "bare call")},
		{Goal: "P7", What: "the same, allocations", Must: 0, Limits: true, Of: allocsOf("retry.Wrap, with a time")},
		{What: "retry.Wrap without one, over the bare call", Unit: measure.Nanos, Of: over("retry.Wrap", "bare call")},
		{What: "a loop with recover by hand, over the bare call", Unit: measure.Nanos, Of: over("by hand", "bare call")},
	}
	return o, nil
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
