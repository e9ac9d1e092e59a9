package ergontest_test

import (
	"context"
	"fmt"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/ergon-go/ergon/ergontest"
)

// measured returns the measurements of some code.
func measured() *ergontest.Metrics {
	var metrics ergontest.Metrics
	ctx, meter := context.Background(), metrics.Meter("shop")
	retries, _ := meter.Int64Counter("retries")
	took, _ := meter.Float64Histogram("took", metric.WithUnit("s"))
	_, _ = meter.Int64ObservableGauge("waiting", metric.WithInt64Callback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(7)
		return nil
	}))
	price, tax := metric.WithAttributes(attribute.String("stage", "price")), metric.WithAttributes(attribute.String("stage", "tax"))
	retries.Add(ctx, 2, price)
	retries.Add(ctx, 1, tax)
	took.Record(ctx, 0.5, price)
	took.Record(ctx, 0.25, price)
	return &metrics
}

func ExampleMetrics() {
	fmt.Print(measured().All())
	// Output:
	// retries{stage="price"} 2
	// retries{stage="tax"} 1
	// took{stage="price"} 2 values, 0.75 s
	// waiting 7
}

func ExampleMetrics_Meter() {
	var metrics ergontest.Metrics
	orders, _ := metrics.Meter("shop").Int64Counter("orders")
	orders.Add(context.Background(), 3)
	fmt.Println(metrics.Sum("orders"))
	// Output:
	// 3
}

func ExampleMetrics_Sum() {
	metrics := measured()
	fmt.Println(metrics.Sum("retries"), metrics.Sum("retries", attribute.String("stage", "tax")))
	// Output:
	// 3 1
}

func ExampleMetrics_Check() {
	test(func(t *testing.T) {
		measured().Check(t)
		fmt.Println("all instruments are sound")
	})
	// Output:
	// all instruments are sound
}

func ExampleMetrics_NoSecret() {
	test(func(t *testing.T) {
		measured().NoSecret(t, "canary-5f2c")
		fmt.Println("none")
	})
	// Output:
	// none
}

func ExampleMetricList_Named() {
	fmt.Println(measured().All().Named("took").Values())
	// Output:
	// [0.5 0.25]
}

func ExampleMetricList_With() {
	fmt.Print(measured().All().With(attribute.String("stage", "tax")))
	// Output:
	// retries{stage="tax"} 1
}
