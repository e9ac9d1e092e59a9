package ergonotel

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/ergon-go/ergon"
)

// timers are the instruments that are told of what happens when it happens.
type timers struct {
	operation, process, duration, waits, drain, run metric.Float64Histogram
	batch                                           metric.Int64Histogram
	violations                                      metric.Int64Counter
}

// bounds are those that the conventions for messaging ask for, in seconds, with one
// below and two above them.
var bounds = metric.WithExplicitBucketBoundaries(0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 60, 600)

func newTimers(meter metric.Meter, each bool) *timers {
	seconds := func(name, description string) metric.Float64Histogram {
		return made(meter.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(description), bounds))
	}
	t := &timers{
		operation:  seconds(metricOperation, "Time of a Fetch, a Dispatch or a Settle."),
		waits:      seconds(metricWaits, "Waits before another attempt."),
		drain:      seconds(metricDrain, "Time from a stop to the end of what was in flight."),
		run:        seconds(metricRun, "Time of a run."),
		batch:      made(meter.Int64Histogram(metricBatch, metric.WithUnit("{transaction}"), metric.WithDescription("Transactions of a Fetch, a Dispatch or a Settle."), metric.WithExplicitBucketBoundaries(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000))),
		violations: made(meter.Int64Counter(metricViolations, metric.WithUnit("{violation}"), metric.WithDescription("What connectors did against their contract, and best effort that was not enough."))),
	}
	if each {
		t.process = seconds(metricProcess, "Time of a transaction, from fetch to settlement.")
		t.duration = seconds(metricDuration, "Time of an attempt.")
	}
	return t
}

func (t *timers) wait(ctx context.Context, e *ergon.Event) {
	measure(ctx, t.waits, e.Wait, e)
}

func (t *timers) violation(ctx context.Context, e *ergon.Event) {
	if t.violations != nil {
		t.violations.Add(ctx, 1, metric.WithAttributeSet(setOf(e)))
	}
}

// took enters how long something took.
func (t *timers) took(ctx context.Context, e *ergon.Event, took time.Duration) {
	switch e.Kind {
	case ergon.KindFetch, ergon.KindSettle:
		measure(ctx, t.operation, took, e)
		t.size(ctx, e)
	case ergon.KindDispatch:
		measure(ctx, t.operation, took, e)
		measure(ctx, t.duration, took, e)
		t.size(ctx, e)
	case ergon.KindAttempt, ergon.KindHandler, ergon.KindSuccess:
		measure(ctx, t.duration, took, e)
	case ergon.KindTransaction:
		measure(ctx, t.process, took, e)
	case ergon.KindDrain:
		measure(ctx, t.drain, took, e)
	case ergon.KindRun:
		measure(ctx, t.run, took, e)
	}
}

func (t *timers) size(ctx context.Context, e *ergon.Event) {
	if t.batch != nil && e.N > 0 {
		t.batch.Record(ctx, int64(e.N), metric.WithAttributeSet(setOf(e)))
	}
}

func measure(ctx context.Context, h metric.Float64Histogram, d time.Duration, e *ergon.Event) {
	if h != nil {
		h.Record(ctx, d.Seconds(), metric.WithAttributeSet(setOf(e)))
	}
}

// setOf returns the labels of an event: only such as there are few of.
func setOf(e *ergon.Event) attribute.Set {
	all := make([]attribute.KeyValue, 0, 8)
	all = append(all, keyPipeline.String(e.Pipeline), keyKind.String(e.Kind.String()))
	if e.Stage != "" {
		all = append(all, keyStage.String(e.Stage))
	}
	if o, some := operations[e.Kind]; some {
		all = append(all, keySystem.String(system), keyOperation.String(o))
	}
	if e.Kind == ergon.KindTransaction {
		all = append(all, keyVerdict.String(e.Verdict.String()))
	}
	if failed(e) {
		all = append(all, keyError.String(ergon.CategoryOf(e.Err).String()))
	}
	return attribute.NewSet(all...)
}
