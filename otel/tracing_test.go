package ergonotel_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
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

// shop is a pipeline in which "late" is stored at its second attempt, and "bad" ends
// among the dead letters.
func shop(observers ...ergon.Observer) (pipeline.Pipeline, *ergontest.Sink[string]) {
	tried := map[string]int{}
	price := func(_ context.Context, v string) (string, error) {
		tried[v]++
		switch {
		case v == "late" && tried[v] == 1:
			return "", errors.New("no connection to db://clerk:hunter2@host")
		case v == "bad":
			return "", ergon.Business(errors.New("no such article"))
		}
		return v + "!", nil
	}
	var options []pipeline.Option
	for _, o := range observers {
		options = append(options, pipeline.Observe(o))
	}
	letters := &ergontest.Sink[string]{}
	txs := []ergon.Transaction[string]{
		ergon.NewTransaction("1", "late").WithMeta("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
		ergon.NewTransaction("2", "bad"),
	}
	patient := stage.Retry(retry.Policy{MaxAttempts: 2, Backoff: time.Second, Jitter: retry.NoJitter})
	p := pipeline.From(source.Transactions(txs...), append(options, pipeline.Named("shop"))...).
		Map(price, patient, stage.Named("price")).DeadLetter(letters).To(sink.Discard[string](), stage.Named("till"))
	return p, letters
}

func TestTracing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var spans ergontest.Spans
		p, letters := shop(ergonotel.Tracing(&spans))
		is.NoErr(p.Run(t.Context()))
		is.Equal(len(letters.Payloads()), 1)
		spans.Check(t)
		spans.NoSecret(t, "hunter2", "late", "0af7651916cd43dd8448eb211c80319c")
		is.Equal(spans.Tree("messaging.message.id", "ergon.attempt", "ergon.verdict", "error.type", "exception.type"), `run shop
  batch shop
    process shop (consumer) ergon.verdict="acked" messaging.message.id="1"
      * ergon.wait ergon.attempt=1
      -> one that is elsewhere
      price ergon.attempt=1 error.type="system" messaging.message.id="1" error: no connection to db://clerk:***@host
        * exception exception.type="*errors.errorString"
      price ergon.attempt=2 messaging.message.id="1"
      send till (producer) ergon.attempt=1 messaging.message.id="1"
    process shop (consumer) ergon.verdict="acked" messaging.message.id="2"
      dead-letter ergon.attempt=1 messaging.message.id="2"
      price ergon.attempt=1 error.type="business" messaging.message.id="2" error: no such article
        * exception exception.type="*errors.errorString"
      send dead-letter (producer) ergon.attempt=1 messaging.message.id="2"
  receive shop (client) ergon.attempt=1
`)
	})
}

// Names follow the conventions for messaging.
func TestTracingFollowsTheConventions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var spans ergontest.Spans
		p, _ := shop(ergonotel.Tracing(&spans))
		is.NoErr(p.Run(t.Context()))
		got := map[string]string{}
		for _, s := range spans.All() {
			set := attribute.NewSet(s.Attributes...)
			if op, some := set.Value("messaging.operation.type"); some {
				system, _ := set.Value("messaging.system")
				got[s.Name] = fmt.Sprint(s.Kind, " ", op.AsString(), " ", system.AsString())
			}
		}
		is.Equal(got, map[string]string{
			"receive shop": "client receive ergon", "process shop": "consumer process ergon",
			"send till": "producer send ergon", "send dead-letter": "producer send ergon",
		})
	})
}

// A transaction is linked to the trace that it has brought along.
func TestTracingLinksTheProducer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var spans ergontest.Spans
		p, _ := shop(ergonotel.Tracing(&spans))
		is.NoErr(p.Run(t.Context()))
		var links []string
		for _, s := range spans.All() {
			for _, l := range s.Links {
				links = append(links, s.Name+" "+l.SpanContext.TraceID().String()+" "+l.SpanContext.SpanID().String())
			}
		}
		is.Equal(links, []string{"process shop 0af7651916cd43dd8448eb211c80319c b7ad6b7169203331"})
	})
}

// A run that streams has a trace for each batch, linked to who called Stream.
func TestTracingOfAStreamHasARootForEachBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var spans ergontest.Spans
		ctx, caller := spans.Tracer("main").Start(t.Context(), "main")
		ctx, cancel := context.WithCancel(ctx)
		p := pipeline.From(source.Slice([]int{1, 2}), pipeline.Observe(ergonotel.Tracing(&spans)), pipeline.With(pipeline.Policy{FetchBatch: 1})).
			To(sink.Discard[int]())
		time.AfterFunc(time.Minute, cancel)
		is.NoErr(p.Stream(ctx))
		caller.End()
		spans.Check(t)
		roots, linked := map[string]int{}, 0
		traces := map[string]bool{}
		for _, s := range spans.All() {
			if !s.Parent.IsValid() {
				roots[s.Name]++
				traces[s.SpanContext.TraceID().String()] = true
				if len(s.Links) == 1 && s.Links[0].SpanContext.SpanID() == caller.SpanContext().SpanID() {
					linked++
				}
			}
		}
		is.Equal(roots["batch pipeline"], 2)
		is.Equal(roots["main"], 1)
		is.Equal(roots["run pipeline"], 0)
		is.Equal(len(traces), linked+1) // each root but that of the caller
	})
}

// What happens to many at once in a stream is a root of its own.
func TestTracingOfAStreamTellsOfWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var spans ergontest.Spans
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		n := 0
		p := pipeline.From(source.Slice([]int{1, 2}), pipeline.Observe(ergonotel.Tracing(&spans))).
			To(sink.Func(func(context.Context, []ergon.Transaction[int]) error {
				if n++; n == 1 {
					return errors.New("away")
				}
				return nil
			}), stage.Batch(2, time.Second))
		is.NoErr(p.Stream(ctx))
		spans.Check(t)
		is.True(strings.Contains(spans.Tree("ergon.stage"), "\nergon.wait ergon.stage=\"sink\"\n"))
	})
}

// What user code starts with its context is inside its attempt.
func TestTracingReachesUserCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var spans ergontest.Spans
		tracer := spans.Tracer("mine")
		p := pipeline.From(source.Slice([]int{1}), pipeline.Observe(ergonotel.Tracing(&spans)), pipeline.Observe(ergonotel.Tracing(&spans))).
			Map(func(ctx context.Context, v int) (int, error) {
				_, span := tracer.Start(ctx, "query")
				defer span.End()
				return v, nil
			}).To(sink.Discard[int]())
		is.NoErr(p.Run(t.Context()))
		spans.Check(t) // two tracings of one pipeline end each their own
		tree := spans.Tree("none")
		is.True(strings.Contains(tree, "map\n        ") && strings.Contains(tree, "query\n"))
	})
}

func TestInjectGivesTheTraceAway(t *testing.T) {
	is := is.New(t)
	var spans ergontest.Spans
	ctx, span := spans.Tracer("main").Start(t.Context(), "main")
	tx, err := ergonotel.Inject(ctx, ergon.NewTransaction("1", "x"))
	is.NoErr(err)
	is.Equal(trace.SpanContextFromContext(ergonotel.Extract(t.Context(), tx)).SpanID(), span.SpanContext().SpanID())
	of, err := ergonotel.Inject(ctx, ergon.NewTransaction("1", "x").WithMeta("traceparent", "old").WithMeta("tracestate", "vendor=old").WithMeta("baggage", "a=b").WithMeta("mine", 1))
	is.NoErr(err)
	_, old := of.Metadata().Get[string]("tracestate")
	_, bag := of.Metadata().Get[string]("baggage")
	mine, _ := of.Metadata().Get[int]("mine")
	is.Equal([]any{old, bag, mine}, []any{false, false, 1}) // what another trace has left is gone
	same, err := ergonotel.Inject(t.Context(), ergon.NewTransaction("1", "x"))
	is.NoErr(err)
	is.Equal(same.Metadata().Len(), 0) // there is none to give
	raw := ergon.NewTransaction("1", "x").WithMeta("traceparent", []byte("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
	is.True(trace.SpanContextFromContext(ergonotel.Extract(t.Context(), raw)).IsValid())
}

func TestNobodyIsToldWithoutAProvider(t *testing.T) {
	for name, f := range map[string]func(){
		"Tracing": func() { ergonotel.Tracing(nil) }, "Metrics": func() { ergonotel.Metrics(nil) },
		"Logs": func() { ergonotel.Logs(nil) }, "Handler": func() { ergonotel.Handler(nil) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() { is.New(t).True(strings.Contains(fmt.Sprint(recover()), name)) }()
			f()
		})
	}
}
