package ergonotel_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	ergonotel "github.com/ergon-go/ergon/otel"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

func TestMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var metrics ergontest.Metrics
		p, _ := shop(ergonotel.Metrics(&metrics))
		is.NoErr(p.Run(t.Context()))
		metrics.Check(t)
		metrics.NoSecret(t, "hunter2", "late")
		var got strings.Builder
		for _, p := range metrics.All() {
			if p.Sum() != 0 {
				fmt.Fprintln(&got, p)
			}
		}
		is.Equal(got.String(), `ergon.run.duration{ergon.kind="run",ergon.pipeline="shop"} 1 values, 1 s
ergon.stage.attempts{ergon.kind="attempt",ergon.pipeline="shop",ergon.stage="dead-letter"} 1 {attempt}
ergon.stage.attempts{ergon.kind="attempt",ergon.pipeline="shop",ergon.stage="price"} 3 {attempt}
ergon.stage.attempts{ergon.kind="dispatch",ergon.pipeline="shop",ergon.stage="dead-letter"} 1 {attempt}
ergon.stage.attempts{ergon.kind="dispatch",ergon.pipeline="shop",ergon.stage="till"} 1 {attempt}
ergon.stage.batch.size{ergon.kind="fetch",ergon.pipeline="shop"} 1 values, 2 {transaction}
ergon.stage.failures{ergon.kind="attempt",ergon.pipeline="shop",ergon.stage="price"} 2 {attempt}
ergon.stage.retries{ergon.kind="attempt",ergon.pipeline="shop",ergon.stage="price"} 1 {attempt}
ergon.stage.time{ergon.kind="attempt",ergon.pipeline="shop",ergon.stage="dead-letter",ergon.time="starved"} 1 s
ergon.stage.time{ergon.kind="attempt",ergon.pipeline="shop",ergon.stage="price",ergon.time="starved"} 1 s
ergon.stage.time{ergon.kind="dispatch",ergon.pipeline="shop",ergon.stage="dead-letter",ergon.time="starved"} 1 s
ergon.stage.time{ergon.kind="dispatch",ergon.pipeline="shop",ergon.stage="till",ergon.time="starved"} 1 s
ergon.stage.waits{ergon.kind="wait",ergon.pipeline="shop",ergon.stage="price",error.type="system"} 1 values, 1 s
ergon.transactions{ergon.outcome="dead_lettered",ergon.pipeline="shop"} 1 {transaction}
ergon.transactions{ergon.outcome="succeeded",ergon.pipeline="shop"} 1 {transaction}
messaging.client.consumed.messages{ergon.pipeline="shop",messaging.operation.name="receive",messaging.system="ergon"} 2 {message}
messaging.client.sent.messages{ergon.pipeline="shop",ergon.stage="dead-letter",messaging.operation.name="send",messaging.system="ergon"} 1 {message}
messaging.client.sent.messages{ergon.pipeline="shop",ergon.stage="till",messaging.operation.name="send",messaging.system="ergon"} 1 {message}
`)
	})
}

// Two runs of one pipeline, one after the other, are added up, and nothing goes on
// after them.
func TestMetricsAddRunsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var metrics ergontest.Metrics
		observer := ergonotel.Metrics(&metrics)
		for range 2 {
			p, _ := shop(observer)
			is.NoErr(p.Run(t.Context()))
		}
		is.Equal(metrics.Sum("messaging.client.consumed.messages"), 4.0)
		is.Equal(metrics.Sum("ergon.transactions", attribute.String("ergon.outcome", "dead_lettered")), 2.0)
		is.Equal(metrics.Sum("ergon.stage.retries", attribute.String("ergon.stage", "price")), 2.0)
		is.Equal(metrics.Sum("ergon.stage.workers"), 0.0)
	})
}

// While a run goes on, what is in flight, queued and busy is what it is.
func TestMetricsOfARunThatGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var metrics ergontest.Metrics
		p := pipeline.From(source.Slice(make([]int, 20)), pipeline.Observe(ergonotel.Metrics(&metrics))).
			Map(func(_ context.Context, v int) (int, error) { time.Sleep(time.Minute); return v, nil }, stage.Workers(2), stage.Buffer(4), stage.Named("slow"), stage.Retry(retry.Policy{AttemptTimeout: time.Hour})).
			To(sink.Discard[int]())
		done := make(chan error, 1)
		go func() { done <- p.Run(t.Context()) }()
		time.Sleep(90 * time.Second)
		synctest.Wait()
		slow := attribute.String("ergon.stage", "slow")
		is.Equal(metrics.Sum("ergon.in_flight"), 18.0)
		is.Equal(metrics.Sum("ergon.stage.workers.busy", slow), 2.0)
		is.Equal(metrics.Sum("ergon.stage.workers", slow), 2.0)
		is.Equal(metrics.Sum("ergon.stage.attempts", slow), 2.0)
		is.Equal(metrics.Sum("ergon.stage.queued", slow), 4.0)
		is.Equal(metrics.Sum("ergon.stage.time", slow, attribute.String("ergon.time", "working")), 120.0)
		is.Equal(metrics.Sum("ergon.in_flight.age"), 90.0)
		is.Equal(metrics.Sum("ergon.runs", attribute.String("ergon.state", "draining")), 1.0) // all is fetched
		is.Equal(metrics.Sum("ergon.stage.time", slow, attribute.String("ergon.time", "starved")), 0.0)
		starving := []attribute.KeyValue{attribute.String("ergon.stage", "sink"), attribute.String("ergon.time", "starved")}
		is.Equal(metrics.Sum("ergon.stage.time", starving...), 90.0)
		is.NoErr(<-done)
		is.True(metrics.Sum("ergon.stage.time", slow, attribute.String("ergon.time", "awaited")) > 60)
		is.True(metrics.Sum("ergon.stage.time", starving...) >= 90)
		is.Equal(metrics.Sum("ergon.in_flight.age")+metrics.Sum("ergon.runs"), 0.0)
		metrics.Check(t)
	})
}

// What a sink failed to store is never counted as sent, not for a moment.
func TestMetricsOfWhatIsSentNeverFall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var metrics ergontest.Metrics
		var sent []float64
		look := func() { sent = append(sent, metrics.Sum("messaging.client.sent.messages")) }
		n := 0
		p := pipeline.From(source.Slice(make([]int, 4)), pipeline.Observe(ergonotel.Metrics(&metrics)), pipeline.Observe(atEnd{ergon.KindDispatch, look})).
			To(sink.Func(func(context.Context, []ergon.Transaction[int]) error {
				if n++; n%2 == 1 {
					return errors.New("away")
				}
				return nil
			}), stage.Batch(2, time.Second))
		is.NoErr(p.Run(t.Context()))
		look()
		is.True(slices.IsSorted(sent))
		is.Equal(sent[len(sent)-1], 4.0)
		metrics.Check(t)
	})
}

// What waits to be tried again holds no worker, and is told of.
func TestMetricsOfWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var metrics ergontest.Metrics
		p := pipeline.From(source.Slice(make([]int, 3)), pipeline.Observe(ergonotel.Metrics(&metrics)), pipeline.With(pipeline.Policy{FetchBatch: 3})).
			Map(func(context.Context, int) (int, error) { return 0, errors.New("away") }, stage.Retry(retry.Policy{MaxAttempts: 2, Backoff: time.Hour, Jitter: retry.NoJitter})).
			OnError(func(context.Context, ergon.Failure[int]) error { return ergon.Handled }).To(sink.Discard[int]())
		done := make(chan error, 1)
		go func() { done <- p.Run(t.Context()) }()
		time.Sleep(time.Minute)
		synctest.Wait()
		is.Equal(metrics.Sum("ergon.stage.waiting", attribute.String("ergon.stage", "map")), 3.0)
		is.Equal(metrics.Sum("ergon.stage.workers.busy"), 0.0)
		is.NoErr(<-done)
		is.Equal(metrics.Sum("ergon.stage.waiting"), 0.0)
		metrics.Check(t)
	})
}

// Leases that are extended are told of, and those that are lost apart.
func TestMetricsOfLeases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var metrics ergontest.Metrics
		leased := ergontest.NewSource(1).Leased(time.Minute)
		p := pipeline.From(leased, pipeline.Observe(ergonotel.Metrics(&metrics))).
			Map(func(_ context.Context, v int) (int, error) { time.Sleep(2 * time.Minute); return v, nil }, stage.Retry(retry.Policy{AttemptTimeout: time.Hour})).
			To(sink.Discard[int]())
		is.NoErr(p.Run(t.Context()))
		is.True(len(metrics.All().Named("ergon.lease.extend.duration").Values()) >= 3)
	})
}

// atEnd is an observer that is called at the end of each event of a kind.
type atEnd struct {
	kind ergon.Kind
	do   func()
}

func (atEnd) Begin(ctx context.Context, _ *ergon.Event) context.Context { return ctx }

func (o atEnd) End(_ context.Context, e *ergon.Event) {
	if e.Kind == o.kind {
		o.do()
	}
}

// With Durations each attempt and each transaction is measured, failures apart.
func TestMetricsOfEachAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var metrics ergontest.Metrics
		p, _ := shop(ergonotel.Metrics(&metrics, ergonotel.Durations()))
		is.NoErr(p.Run(t.Context()))
		metrics.Check(t)
		count := func(name string, attrs ...attribute.KeyValue) (n int) {
			for _, p := range metrics.All().Named(name).With(attrs...) {
				n += len(p.Values)
			}
			return n
		}
		price := attribute.String("ergon.stage", "price")
		is.Equal(count("ergon.stage.duration", price), 3)
		is.Equal(count("ergon.stage.duration", price, attribute.String("error.type", "system")), 1)
		is.Equal(count("ergon.stage.duration", price, attribute.String("error.type", "business")), 1)
		is.Equal(count("messaging.process.duration", attribute.String("ergon.verdict", "acked")), 2)
		is.Equal(metrics.Sum("messaging.process.duration"), 1.0)
		is.Equal(count("messaging.client.operation.duration", attribute.String("messaging.operation.name", "send")), 2)
	})
}

// Labels are bounded: no id, no text of an error.
func TestMetricsHaveFewLabels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var metrics ergontest.Metrics
		n := 0
		p := pipeline.From(source.Slice(make([]int, 500)), pipeline.Observe(ergonotel.Metrics(&metrics, ergonotel.Durations()))).
			Map(func(context.Context, int) (int, error) {
				n++
				return 0, fmt.Errorf("error %d", n)
			}).OnError(func(context.Context, ergon.Failure[int]) error { return ergon.Handled }).To(sink.Discard[int]())
		is.NoErr(p.Run(t.Context()))
		is.True(len(metrics.All()) < 60)
	})
}

// An instrument that is refused is left out; the others count.
func TestMetricsGoOnWithoutAnInstrument(t *testing.T) {
	is := is.New(t)
	said := 0
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		is.Equal(err, errRefused)
		said++
	}))
	observer := ergonotel.Metrics(refusing{})
	is.Equal(said, 13) // of each once
	synctest.Test(t, func(t *testing.T) {
		p, _ := shop(observer)
		is.NoErr(p.Run(t.Context()))
	})
}

var errRefused = errors.New("refused")
