package ergonotel

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/ergon-go/ergon"
)

// Metrics returns an observer that counts and measures. What the engine counts for
// itself (transactions by outcome, attempts, failures, retries, what is in flight and
// in front of each stage, what waits to be tried again, how old the oldest is, busy
// workers, and for how long they have worked, were blocked and starved) is read when
// somebody collects: it costs a transaction nothing, and agrees with the ledger. The time
// of each Fetch, Settle and Extend, waits, drains and runs are measured as they happen. With
// Durations, so is every attempt.
//
// Labels are pipeline, stage, kind, outcome and category: as many as the description of
// a pipeline has, whatever comes through it. Runs of pipelines of one name are added
// up, also one after the other.
//
// The observer may be shared by many pipelines, and lives as long as its provider. It
// panics if the provider is nil. An instrument that the provider refuses is left out,
// and its error goes to the error handler of OpenTelemetry.
func Metrics(provider metric.MeterProvider, options ...MetricOption) ergon.Observer {
	if provider == nil {
		panic("ergonotel: Metrics: the provider is nil")
	}
	m := &metrics{began: time.Now(), live: map[*run]struct{}{}, ended: map[string]*totals{}}
	for _, set := range options {
		set(m)
	}
	meter := provider.Meter(scope, metric.WithSchemaURL(SchemaURL))
	m.timers = newTimers(meter, m.each)
	m.observe(meter)
	return m
}

// MetricOption tunes Metrics.
type MetricOption func(*metrics)

// Durations measures every attempt of a stage, every Dispatch and handler, and every
// transaction from fetch to settlement, in histograms: a stage that is told of each of
// its attempts takes several times as long for one that does next to nothing. Without
// it the average is known: ergon.stage.time over ergon.stage.attempts.
func Durations() MetricOption { return func(m *metrics) { m.each = true } }

type metrics struct {
	each   bool
	timers *timers
	began  time.Time // what times are counted from, which is quicker than to ask for the day

	mu    sync.Mutex
	live  map[*run]struct{}
	ended map[string]*totals // of runs that have ended, by pipeline
}

// run is one that goes on.
type run struct {
	snapshot func() ergon.Snapshot
	starved  map[stageKey]*starved
}

// addTo adds the run as it stands to the totals of its pipeline.
func (r *run) addTo(all map[string]*totals) *totals {
	s := r.snapshot()
	for _, one := range s.Stages {
		k := stageKey{one.Name, one.Kind}
		if r.starved[k] == nil {
			r.starved[k] = &starved{}
		}
		r.starved[k].look(time.Since(s.Began), one)
	}
	t := all[s.Pipeline]
	if t == nil {
		t = newTotals()
		all[s.Pipeline] = t
	}
	t.add(s, r.starved)
	return t
}

// Wants keeps the engine from telling what is not measured.
func (m *metrics) Wants(k ergon.Kind) bool {
	switch k {
	case ergon.KindRun, ergon.KindFetch, ergon.KindSettle, ergon.KindExtend, ergon.KindWait, ergon.KindDrain, ergon.KindViolation:
		return true
	case ergon.KindTransaction, ergon.KindAttempt, ergon.KindDispatch, ergon.KindHandler, ergon.KindSuccess:
		return m.each
	}
	return false
}

// timed is the context inside something that is measured.
type timed struct {
	context.Context
	of    *metrics
	since time.Duration
	run   *run
}

// timedKey finds the innermost timed of an observer.
type timedKey struct{ of *metrics }

func (t *timed) Value(key any) any {
	if k, ours := key.(timedKey); ours && k.of == t.of {
		return t
	}
	return t.Context.Value(key)
}

func (m *metrics) Begin(ctx context.Context, e *ergon.Event) context.Context {
	t := &timed{Context: ctx, of: m, since: time.Since(m.began)}
	switch e.Kind {
	case ergon.KindWait:
		m.timers.wait(ctx, e)
		return ctx
	case ergon.KindViolation:
		m.timers.violation(ctx, e)
		return ctx
	case ergon.KindRun:
		t.run = m.enter(e.Snapshot)
	}
	return t
}

func (m *metrics) End(ctx context.Context, e *ergon.Event) {
	t, _ := ctx.Value(timedKey{m}).(*timed)
	if t == nil || e.Kind == ergon.KindWait || e.Kind == ergon.KindViolation {
		return
	}
	m.timers.took(ctx, e, time.Since(m.began)-t.since)
	if e.Kind == ergon.KindRun {
		m.leave(t.run)
	}
}

// enter notes that a run goes on.
func (m *metrics) enter(snapshot func() ergon.Snapshot) *run {
	if snapshot == nil {
		return nil
	}
	r := &run{snapshot, map[stageKey]*starved{}}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.live[r] = struct{}{}
	return r
}

// leave adds what a run has come to, which has ended, to the runs before it.
func (m *metrics) leave(r *run) {
	if r == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.live, r)
	r.addTo(m.ended).stand()
}

// all returns the totals of every pipeline, with those of the runs that go on.
func (m *metrics) all() map[string]*totals {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := map[string]*totals{}
	for pipeline, t := range m.ended {
		all[pipeline] = t.clone()
	}
	for r := range m.live {
		r.addTo(all)
	}
	return all
}

// labels returns a set of labels for what is observed.
func labels(all ...attribute.KeyValue) metric.ObserveOption {
	return metric.WithAttributeSet(attribute.NewSet(all...))
}
