package setup

import (
	"context"
	"fmt"
	"strings"

	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// at returns the URL for a signal.
func (c Config) at(path string) string { return strings.TrimRight(c.Endpoint, "/") + path }

// spans returns what exports traces; nil: nothing does.
func (c Config) spans(ctx context.Context) (sdktrace.SpanExporter, error) {
	switch c.exporter("TRACES") {
	case environment:
		e, err := autoexport.NewSpanExporter(ctx)
		if err == nil && autoexport.IsNoneSpanExporter(e) {
			return nil, nil
		}
		return e, err
	case receiver:
	default:
		return nil, nil
	}
	if c.protocol("TRACES") == GRPC {
		var options []otlptracegrpc.Option
		if c.Endpoint != "" {
			options = append(options, otlptracegrpc.WithEndpointURL(c.Endpoint), otlptracegrpc.WithHeaders(c.Headers))
		}
		return otlptracegrpc.New(ctx, options...)
	}
	var options []otlptracehttp.Option
	if c.Endpoint != "" {
		options = append(options, otlptracehttp.WithEndpointURL(c.at("/v1/traces")), otlptracehttp.WithHeaders(c.Headers))
	}
	return otlptracehttp.New(ctx, options...)
}

// metrics returns what exports metrics; nil: nothing does but Prometheus, perhaps.
func (c Config) metrics(ctx context.Context) (sdkmetric.Reader, error) {
	switch c.exporter("METRICS") {
	case environment:
		r, err := autoexport.NewMetricReader(ctx)
		if err == nil && autoexport.IsNoneMetricReader(r) {
			return nil, nil
		}
		return r, err
	case receiver:
	default:
		return nil, nil
	}
	exporter, err := c.metricExporter(ctx)
	if err != nil {
		return nil, err
	}
	var options []sdkmetric.PeriodicReaderOption
	if c.Interval > 0 {
		options = append(options, sdkmetric.WithInterval(c.Interval))
	}
	return sdkmetric.NewPeriodicReader(exporter, options...), nil
}

func (c Config) metricExporter(ctx context.Context) (sdkmetric.Exporter, error) {
	if c.protocol("METRICS") == GRPC {
		var options []otlpmetricgrpc.Option
		if c.Endpoint != "" {
			options = append(options, otlpmetricgrpc.WithEndpointURL(c.Endpoint), otlpmetricgrpc.WithHeaders(c.Headers))
		}
		return otlpmetricgrpc.New(ctx, options...)
	}
	var options []otlpmetrichttp.Option
	if c.Endpoint != "" {
		options = append(options, otlpmetrichttp.WithEndpointURL(c.at("/v1/metrics")), otlpmetrichttp.WithHeaders(c.Headers))
	}
	return otlpmetrichttp.New(ctx, options...)
}

// records returns what exports logs; nil: nothing does.
func (c Config) records(ctx context.Context) (sdklog.Exporter, error) {
	switch c.exporter("LOGS") {
	case environment:
		e, err := autoexport.NewLogExporter(ctx)
		if err == nil && autoexport.IsNoneLogExporter(e) {
			return nil, nil
		}
		return e, err
	case receiver:
	default:
		return nil, nil
	}
	if c.protocol("LOGS") == GRPC {
		var options []otlploggrpc.Option
		if c.Endpoint != "" {
			options = append(options, otlploggrpc.WithEndpointURL(c.Endpoint), otlploggrpc.WithHeaders(c.Headers))
		}
		return otlploggrpc.New(ctx, options...)
	}
	var options []otlploghttp.Option
	if c.Endpoint != "" {
		options = append(options, otlploghttp.WithEndpointURL(c.at("/v1/logs")), otlploghttp.WithHeaders(c.Headers))
	}
	return otlploghttp.New(ctx, options...)
}

// wrapped says what could not be made.
func wrapped(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("setup: %s: %w", what, err)
}
