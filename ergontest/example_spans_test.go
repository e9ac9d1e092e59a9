package ergontest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/ergon-go/ergon/ergontest"
)

// traced returns the spans of some code.
func traced() *ergontest.Spans {
	var spans ergontest.Spans
	tracer := spans.Tracer("shop")
	ctx, order := tracer.Start(context.Background(), "order", trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(attribute.String("id", "7")))
	for n := range 2 {
		_, attempt := tracer.Start(ctx, "attempt", trace.WithAttributes(attribute.Int("n", n+1)))
		if n == 0 {
			attempt.RecordError(errors.New("no connection"))
			attempt.SetStatus(codes.Error, "no connection")
		}
		attempt.End()
	}
	order.End()
	return &spans
}

func ExampleSpans() {
	for _, s := range traced().All() {
		fmt.Println(s.Name, s.Kind, s.Status)
	}
	// Output:
	// order consumer Unset
	// attempt internal Error
	// attempt internal Unset
}

func ExampleSpans_Tree() {
	fmt.Print(traced().Tree())
	// Output:
	// order (consumer) id="7"
	//   attempt n=1 error: no connection
	//     * exception exception.message="no connection" exception.type="*errors.errorString"
	//   attempt n=2
}

// Only what is compared need be shown.
func ExampleSpans_Tree_some() {
	fmt.Print(traced().Tree("n"))
	// Output:
	// order (consumer)
	//   attempt n=1 error: no connection
	//     * exception
	//   attempt n=2
}

func ExampleSpans_Tracer() {
	var spans ergontest.Spans
	_, span := spans.Tracer("shop").Start(context.Background(), "order")
	fmt.Println(len(spans.All()), len(spans.Open()))
	span.End()
	fmt.Println(len(spans.All()), len(spans.Open()))
	// Output:
	// 0 1
	// 1 0
}

func ExampleSpans_Check() {
	test(func(t *testing.T) {
		traced().Check(t)
		fmt.Println("all have ended, once")
	})
	// Output:
	// all have ended, once
}

func ExampleSpans_NoSecret() {
	test(func(t *testing.T) {
		traced().NoSecret(t, "canary-5f2c")
		fmt.Println("none")
	})
	// Output:
	// none
}

func ExampleSpanList_Named() {
	fmt.Println(len(traced().All().Named("attempt")))
	// Output:
	// 2
}

func ExampleSpanList_Of() {
	fmt.Println(traced().All().Of(trace.SpanKindConsumer)[0].Name)
	// Output:
	// order
}

func ExampleSpanList_With() {
	fmt.Println(traced().All().With(attribute.Int("n", 2))[0].Status)
	// Output:
	// Unset
}

func ExampleSpanList_Failed() {
	fmt.Println(traced().All().Failed()[0].Description)
	// Output:
	// no connection
}

func ExampleSpanRecord_Value() {
	id, _ := traced().All()[0].Value("id")
	fmt.Println(id.AsString())
	// Output:
	// 7
}
