package ergontest

import (
	"context"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/embedded"
)

// The instruments that are told, one type for each that the API has.
type (
	int64Counter struct {
		embedded.Int64Counter
		enabled
		stream *stream
	}
	int64UpDownCounter struct {
		embedded.Int64UpDownCounter
		enabled
		stream *stream
	}
	int64Histogram struct {
		embedded.Int64Histogram
		enabled
		stream *stream
	}
	int64Gauge struct {
		embedded.Int64Gauge
		enabled
		stream *stream
	}
	float64Counter struct {
		embedded.Float64Counter
		enabled
		stream *stream
	}
	float64UpDownCounter struct {
		embedded.Float64UpDownCounter
		enabled
		stream *stream
	}
	float64Histogram struct {
		embedded.Float64Histogram
		enabled
		stream *stream
	}
	float64Gauge struct {
		embedded.Float64Gauge
		enabled
		stream *stream
	}
)

// enabled is what every one of them is.
type enabled struct{}

// Enabled reports that measurements are kept.
func (enabled) Enabled(context.Context) bool { return true }

func (i int64Counter) Add(_ context.Context, n int64, options ...metric.AddOption) {
	i.stream.add(float64(n), options)
}

func (i int64UpDownCounter) Add(_ context.Context, n int64, options ...metric.AddOption) {
	i.stream.add(float64(n), options)
}

func (i float64Counter) Add(_ context.Context, n float64, options ...metric.AddOption) {
	i.stream.add(n, options)
}

func (i float64UpDownCounter) Add(_ context.Context, n float64, options ...metric.AddOption) {
	i.stream.add(n, options)
}

func (i int64Histogram) Record(_ context.Context, n int64, options ...metric.RecordOption) {
	i.stream.measure(float64(n), options)
}

func (i int64Gauge) Record(_ context.Context, n int64, options ...metric.RecordOption) {
	i.stream.measure(float64(n), options)
}

func (i float64Histogram) Record(_ context.Context, n float64, options ...metric.RecordOption) {
	i.stream.measure(n, options)
}

func (i float64Gauge) Record(_ context.Context, n float64, options ...metric.RecordOption) {
	i.stream.measure(n, options)
}

func (s *stream) add(n float64, options []metric.AddOption) {
	s.record(n, metric.NewAddConfig(options).Attributes())
}

func (s *stream) measure(n float64, options []metric.RecordOption) {
	s.record(n, metric.NewRecordConfig(options).Attributes())
}
