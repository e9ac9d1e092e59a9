package ergonotel_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	ergonotel "github.com/ergon-go/ergon/otel"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// twice succeeds for each value at the second attempt.
func twice() func(context.Context, string) (string, error) {
	tried := map[string]bool{}
	return func(_ context.Context, v string) (string, error) {
		if !tried[v] {
			tried[v] = true
			return "", errors.New("no connection to mq://clerk:hunter2@host")
		}
		return v, nil
	}
}

var again = stage.Retry(retry.Policy{MaxAttempts: 3, Backoff: time.Millisecond, Jitter: retry.NoJitter})

// plain is a handler for output that is the same every time.
func plain(level slog.Level) slog.Handler {
	return slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "took" {
			return slog.Attr{}
		}
		return a
	}})
}

func ExampleTracing() {
	var spans ergontest.Spans // or the TracerProvider of an SDK
	_ = pipeline.From(source.Slice([]string{"tea"}), pipeline.Named("shop"), pipeline.Observe(ergonotel.Tracing(&spans))).
		Map(twice(), again).To(sink.Discard[string]()).Run(context.Background())
	fmt.Print(spans.Tree("ergon.attempt", "ergon.verdict"))
	// Output:
	// run shop
	//   receive shop (client) ergon.attempt=1
	//   batch shop
	//     process shop (consumer) ergon.verdict="acked"
	//       * ergon.wait ergon.attempt=1
	//       map ergon.attempt=1 error: no connection to mq://clerk:***@host
	//         * exception
	//       map ergon.attempt=2
	//       send sink (producer) ergon.attempt=1
}

func ExampleMetrics() {
	var metrics ergontest.Metrics // or the MeterProvider of an SDK
	_ = pipeline.From(source.Slice([]string{"tea", "milk"}), pipeline.Named("shop"), pipeline.Observe(ergonotel.Metrics(&metrics))).
		Map(twice(), again).To(sink.Discard[string]()).Run(context.Background())
	fmt.Println(metrics.Sum("ergon.transactions", attribute.String("ergon.outcome", "succeeded")))
	fmt.Println(metrics.Sum("ergon.stage.attempts", attribute.String("ergon.stage", "map")))
	// Output:
	// 2
	// 4
}

func ExampleDurations() {
	var metrics ergontest.Metrics
	_ = pipeline.From(source.Slice([]string{"tea"}), pipeline.Observe(ergonotel.Metrics(&metrics, ergonotel.Durations()))).
		Map(twice(), again).To(sink.Discard[string]()).Run(context.Background())
	of := metrics.All().Named("ergon.stage.duration").With(attribute.String("ergon.stage", "map"))
	fmt.Println(len(of.Values()), "attempts,", len(of.With(attribute.String("error.type", "system")).Values()), "failed")
	// Output:
	// 2 attempts, 1 failed
}

func ExampleLogs() {
	log := slog.New(plain(slog.LevelInfo))
	_ = pipeline.From(source.Slice([]string{"tea"}), pipeline.Named("shop"), pipeline.Observe(ergonotel.Logs(log))).
		Map(twice(), again).To(sink.Discard[string]()).Run(context.Background())
	// Output:
	// level=INFO msg="run begins" pipeline=shop
	// level=WARN msg="waits before another attempt" wait=1ms stage=map category=system error="no connection to mq://clerk:***@host" pipeline=shop transaction=slice:0
	// level=INFO msg="run ended" succeeded=1 retries=1 pipeline=shop
}

// Every warning is written.
func ExampleEvery() {
	log := slog.New(plain(slog.LevelWarn))
	_ = pipeline.From(source.Slice([]string{"tea", "milk"}), pipeline.Named("shop"), pipeline.Observe(ergonotel.Logs(log, ergonotel.Every(0)))).
		Map(func(_ context.Context, v string) (string, error) { return "", ergon.Business(errors.New("no " + v)) }).
		OnError(func(_ context.Context, f ergon.Failure[string]) error { return ergon.Return(0, f.Err) }).
		To(sink.Discard[string]()).Run(context.Background())
	// Output:
	// level=WARN msg="transaction failed" verdict=returned category=system error="no tea" pipeline=shop transaction=slice:0
	// level=WARN msg="transaction failed" verdict=returned category=system error="no milk" pipeline=shop transaction=slice:1
	// level=WARN msg="run ended" succeeded=0 unsettled=2 retries=0 pipeline=shop
}

// What is logged by the one knows the trace of the other.
func ExampleAll() {
	var spans ergontest.Spans
	both := ergonotel.All(ergonotel.Tracing(&spans), ergonotel.Logs(slog.New(plain(slog.LevelInfo))))
	_ = pipeline.From(source.Slice([]string{"tea"}), pipeline.Named("shop"), pipeline.Observe(both)).To(sink.Discard[string]()).Run(context.Background())
	// Output:
	// level=INFO msg="run begins" pipeline=shop trace_id=00000000000000000000000000000001 span_id=0000000000000001
	// level=INFO msg="run ended" succeeded=1 retries=0 pipeline=shop trace_id=00000000000000000000000000000001 span_id=0000000000000001
}

// What user code logs with its context says where it is.
func ExampleHandler() {
	log := slog.New(ergonotel.Handler(plain(slog.LevelInfo)))
	_ = pipeline.From(source.Slice([]string{"tea"}), pipeline.Named("shop"), pipeline.Observe(ergonotel.Logs(slog.New(slog.DiscardHandler)))).
		Map(func(ctx context.Context, v string) (string, error) {
			log.InfoContext(ctx, "priced", "token", "hunter2")
			return v, nil
		}, stage.Named("price")).To(sink.Discard[string]()).Run(context.Background())
	// Output:
	// level=INFO msg=priced token=*** pipeline=shop stage=price transaction=slice:0 attempt=1
}

// onlyOf is a handler of the records of one pipeline.
type onlyOf struct {
	slog.Handler
	pipeline string
}

func (h onlyOf) Enabled(ctx context.Context, l slog.Level) bool {
	return ergonotel.PipelineOf(ctx) == h.pipeline && h.Handler.Enabled(ctx, l)
}

// The records of one pipeline alone go to a handler.
func ExamplePipelineOf() {
	log := slog.New(ergonotel.Handler(onlyOf{plain(slog.LevelDebug), "shop"}))
	for _, name := range []string{"shop", "depot"} {
		_ = pipeline.From(source.Slice([]string{"tea"}), pipeline.Named(name), pipeline.Observe(ergonotel.Logs(log))).To(sink.Discard[string]()).Run(context.Background())
	}
	// Output:
	// level=INFO msg="run begins" pipeline=shop
	// level=DEBUG msg="transaction done" pipeline=shop transaction=slice:0
	// level=INFO msg="run ended" succeeded=1 retries=0 pipeline=shop
}

func ExampleAllow() {
	log := slog.New(ergonotel.Handler(plain(slog.LevelInfo), ergonotel.Allow("page_token")))
	log.Info("next page", "page_token", "p7", "password", "hunter2")
	// Output:
	// level=INFO msg="next page" page_token=p7 password=***
}

func ExampleScrub() {
	fmt.Println(ergonotel.Scrub("dial postgres://clerk:hunter2@db/orders: refused\npassword=hunter2"))
	// Output:
	// dial postgres://clerk:***@db/orders: refused\npassword=***
}

// Whoever receives what is sent can link its trace to this one.
func ExampleInject() {
	var spans ergontest.Spans
	_ = pipeline.From(source.Slice([]string{"tea"}), pipeline.Observe(ergonotel.Tracing(&spans))).
		Transform(ergonotel.Inject[string]).
		To(sink.Func(func(_ context.Context, txs []ergon.Transaction[string]) error {
			parent, _ := txs[0].Metadata().Get[string]("traceparent")
			fmt.Println(parent)
			return nil
		})).Run(context.Background())
	// Output:
	// 00-00000000000000000000000000000001-0000000000000005-01
}

func ExampleExtract() {
	tx := ergon.NewTransaction("7", "tea").WithMeta("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	ctx := ergonotel.Extract(context.Background(), tx)
	fmt.Println(trace.SpanContextFromContext(ctx).TraceID())
	// Output:
	// 0af7651916cd43dd8448eb211c80319c
}
