package ergonotel

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// observe registers what is read when somebody collects.
func (m *metrics) observe(meter metric.Meter) {
	g := gauges{}
	g.consumed = made(meter.Int64ObservableCounter(metricConsumed, metric.WithUnit("{message}"), metric.WithDescription("Transactions that were fetched.")))
	g.sent = made(meter.Int64ObservableCounter(metricSent, metric.WithUnit("{message}"), metric.WithDescription("Transactions that sinks have stored.")))
	g.transactions = made(meter.Int64ObservableCounter(metricTransactions, metric.WithUnit("{transaction}"), metric.WithDescription("Transactions that have ended, by outcome.")))
	g.bestEffort = made(meter.Int64ObservableCounter(metricBestEffort, metric.WithUnit("{transaction}"), metric.WithDescription("What best-effort sinks did not store.")))
	g.inFlight = made(meter.Int64ObservableUpDownCounter(metricInFlight, metric.WithUnit("{transaction}"), metric.WithDescription("Transactions that are fetched and not settled.")))
	g.oldest = made(meter.Float64ObservableGauge(metricOldest, metric.WithUnit("s"), metric.WithDescription("How long ago the oldest transaction was fetched that is not settled; 0: there is none.")))
	g.runs = made(meter.Int64ObservableUpDownCounter(metricRuns, metric.WithUnit("{run}"), metric.WithDescription("Runs that go on, by whether they fetch or come to their end.")))
	g.attempts = made(meter.Int64ObservableCounter(metricAttempts, metric.WithUnit("{attempt}"), metric.WithDescription("Attempts of transactions in a stage, sink or handler.")))
	g.failures = made(meter.Int64ObservableCounter(metricFailures, metric.WithUnit("{attempt}"), metric.WithDescription("Attempts that failed.")))
	g.retries = made(meter.Int64ObservableCounter(metricRetries, metric.WithUnit("{attempt}"), metric.WithDescription("Attempts after the first.")))
	g.queued = made(meter.Int64ObservableUpDownCounter(metricQueued, metric.WithUnit("{transaction}"), metric.WithDescription("Transactions in front of a stage.")))
	g.waiting = made(meter.Int64ObservableUpDownCounter(metricWaiting, metric.WithUnit("{transaction}"), metric.WithDescription("Transactions that wait to be tried again, and hold no worker.")))
	g.busy = made(meter.Int64ObservableUpDownCounter(metricBusy, metric.WithUnit("{worker}"), metric.WithDescription("Workers in user code.")))
	g.workers = made(meter.Int64ObservableUpDownCounter(metricWorkers, metric.WithUnit("{worker}"), metric.WithDescription("Workers there may be at once.")))
	g.time = made(meter.Float64ObservableCounter(metricTime, metric.WithUnit("s"), metric.WithDescription("Time of the workers of a stage: working, blocked since there is no room further down, starved since there is nothing to do; and awaited, by those before it, for room in it.")))
	var all []metric.Observable
	for _, i := range []metric.Observable{g.consumed, g.sent, g.transactions, g.bestEffort, g.inFlight, g.oldest, g.runs, g.attempts, g.failures, g.retries, g.queued, g.waiting, g.busy, g.workers, g.time} {
		if i != nil {
			all = append(all, i)
		}
	}
	_, err := meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		for pipeline, t := range m.all() {
			g.tell(o, pipeline, t)
		}
		return nil
	}, all...)
	if err != nil {
		otel.Handle(err)
	}
}

// made returns an instrument. One that is refused is reported, and counts nothing.
func made[I any](instrument I, err error) I {
	if err != nil {
		otel.Handle(err)
	}
	return instrument
}

// gauges are the instruments that are read.
type gauges struct {
	consumed, sent, transactions, bestEffort metric.Int64ObservableCounter
	attempts, failures, retries              metric.Int64ObservableCounter
	inFlight, runs, queued, waiting          metric.Int64ObservableUpDownCounter
	busy, workers                            metric.Int64ObservableUpDownCounter
	oldest                                   metric.Float64ObservableGauge
	time                                     metric.Float64ObservableCounter
}

func (g *gauges) tell(o metric.Observer, pipeline string, t *totals) {
	of := keyPipeline.String(pipeline)
	for from, n := range t.fetched {
		tell(o, g.consumed, n, labels(append(messaging("receive", from), of)...))
	}
	tell(o, g.bestEffort, t.bestEffort, labels(of))
	tell(o, g.inFlight, t.inFlight, labels(of))
	tell(o, g.runs, t.running, labels(of, keyState.String("running")))
	tell(o, g.runs, t.draining, labels(of, keyState.String("draining")))
	if g.oldest != nil {
		o.ObserveFloat64(g.oldest, t.oldest.Seconds(), labels(of))
	}
	for outcome, n := range t.outcomes {
		tell(o, g.transactions, n, labels(of, keyOutcome.String(outcome)))
	}
	for k, s := range t.stages {
		about := []attribute.KeyValue{of, keyStage.String(k.stage), keyKind.String(k.kind.String())}
		stage := labels(about...)
		tell(o, g.attempts, s.attempts, stage)
		tell(o, g.failures, s.failed, stage)
		tell(o, g.retries, s.retried, stage)
		tell(o, g.queued, int64(s.queued), stage)
		tell(o, g.waiting, int64(s.waiting), stage)
		tell(o, g.busy, int64(s.busy), stage)
		tell(o, g.workers, int64(s.workers), stage)
		if g.time != nil {
			for of, d := range s.times() {
				o.ObserveFloat64(g.time, d.Seconds(), labels(append(slices.Clip(about), keyTime.String(of))...))
			}
		}
	}
	for k, n := range t.sent {
		tell(o, g.sent, n, labels(append(messaging("send", k.to), of, keyStage.String(k.stage))...))
	}
}

// tell observes a number, unless the instrument was refused.
func tell(o metric.Observer, i metric.Int64Observable, n int64, set metric.ObserveOption) {
	if i != nil {
		o.ObserveInt64(i, n, set)
	}
}
