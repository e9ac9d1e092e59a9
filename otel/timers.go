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
	operation, process, duration, waits, drain, extend, run metric.Float64Histogram
	batch                                                   metric.Int64Histogram
	violations                                              metric.Int64Counter
	sets                                                    memo[labelKey, *labelSet]
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
		extend:     seconds(metricExtend, "Time of an Extend of leases; one that lost some has an error."),
		run:        seconds(metricRun, "Time of a run."),
		batch:      made(meter.Int64Histogram(metricBatch, metric.WithUnit("{transaction}"), metric.WithDescription("Transactions of a Fetch or, with durations, of a Dispatch."), metric.WithExplicitBucketBoundaries(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000))),
		violations: made(meter.Int64Counter(metricViolations, metric.WithUnit("{violation}"), metric.WithDescription("What connectors did against their contract, and best effort that was not enough."))),
	}
	if each {
		t.process = seconds(metricProcess, "Time of a transaction, from fetch to settlement.")
		t.duration = seconds(metricDuration, "Time of an attempt.")
	}
	return t
}

func (t *timers) wait(ctx context.Context, e *ergon.Event) {
	t.labelsOf(e).measure(ctx, t.waits, e.Wait)
}

func (t *timers) violation(ctx context.Context, e *ergon.Event) {
	if t.violations != nil {
		t.violations.Add(ctx, 1, t.labelsOf(e).add...)
	}
}

// took enters how long something took.
func (t *timers) took(ctx context.Context, e *ergon.Event, took time.Duration) {
	labels := t.labelsOf(e)
	switch e.Kind {
	case ergon.KindSettle:
		labels.measure(ctx, t.operation, took)
	case ergon.KindFetch:
		labels.measure(ctx, t.operation, took)
		t.size(ctx, labels, e.N)
	case ergon.KindDispatch:
		labels.measure(ctx, t.operation, took)
		labels.measure(ctx, t.duration, took)
		t.size(ctx, labels, e.N)
	case ergon.KindAttempt, ergon.KindHandler, ergon.KindSuccess:
		labels.measure(ctx, t.duration, took)
	case ergon.KindTransaction:
		labels.measure(ctx, t.process, took)
	case ergon.KindDrain:
		labels.measure(ctx, t.drain, took)
	case ergon.KindExtend:
		labels.measure(ctx, t.extend, took)
	case ergon.KindRun:
		labels.measure(ctx, t.run, took)
	}
}

func (t *timers) size(ctx context.Context, labels *labelSet, n int) {
	if t.batch != nil && n > 0 {
		t.batch.Record(ctx, int64(n), labels.size...)
	}
}

// labelSet is a set of labels for what is measured.
type labelSet struct {
	record []metric.RecordOption
	size   []metric.RecordOption // fewer: each costs time at every batch
	add    []metric.AddOption
}

func (l *labelSet) measure(ctx context.Context, h metric.Float64Histogram, d time.Duration) {
	if h != nil {
		h.Record(ctx, d.Seconds(), l.record...)
	}
}

// labelKey is what the labels of an event are made of.
type labelKey struct {
	moldKey

	verdict  ergon.Verdict
	failed   bool
	category ergon.Category
}

// labelsOf returns the labels of an event.
func (t *timers) labelsOf(e *ergon.Event) *labelSet {
	key := labelKey{moldKey: moldKey{e.Kind, e.Pipeline, e.Stage, e.Destination}}
	if e.Kind == ergon.KindTransaction {
		key.verdict = e.Verdict
	}
	if key.failed = failed(e); key.failed {
		key.category = ergon.CategoryOf(e.Err)
	}
	return t.sets.of(key, func() *labelSet {
		set, few := metric.WithAttributeSet(setOf(key)), metric.WithAttributeSet(attribute.NewSet(placeOf(key)...))
		return &labelSet{[]metric.RecordOption{set}, []metric.RecordOption{few}, []metric.AddOption{set}}
	})
}

// setOf returns labels: only such as there are few of.
func setOf(k labelKey) attribute.Set {
	all := placeOf(k)
	if o := operations.of(k.kind); o != "" {
		all = append(all, messaging(o, k.at)...)
	}
	if k.kind == ergon.KindTransaction {
		all = append(all, verdictOf(k.verdict)...)
	}
	if k.failed {
		all = append(all, keyError.String(k.category.String()))
	}
	return attribute.NewSet(all...)
}

// placeOf returns where it is.
func placeOf(k labelKey) []attribute.KeyValue {
	all := make([]attribute.KeyValue, 0, 8)
	all = append(all, keyPipeline.String(k.pipeline), keyKind.String(k.kind.String()))
	if k.stage != "" {
		all = append(all, keyStage.String(k.stage))
	}
	return all
}
