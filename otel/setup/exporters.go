package setup

import (
	"context"
	"fmt"
	"os"
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

// signal is how one of traces, metrics and logs is exported by an E.
type signal[E any] struct {
	name       string                           // in the environment
	named      func(context.Context) (E, error) // what OTEL_*_EXPORTER names
	none       func(E) bool                     // that is none
	http, grpc func(context.Context) (E, error) // OTLP
}

// export returns what exports a signal, and whether anything does: what OTEL_*_EXPORTER
// names, or OTLP where the configuration or the environment has an endpoint.
func (s signal[E]) export(ctx context.Context, c Config) (e E, some bool, err error) {
	said := func(suffix string) bool { return os.Getenv("OTEL_EXPORTER_OTLP_"+suffix) != "" }
	switch {
	case os.Getenv("OTEL_SDK_DISABLED") == "true":
		return e, false, nil
	case c.Endpoint == "" && os.Getenv("OTEL_"+s.name+"_EXPORTER") != "":
		e, err = s.named(ctx)
		return e, err == nil && !s.none(e), err
	case c.Endpoint == "" && !said("ENDPOINT") && !said(s.name+"_ENDPOINT"):
		return e, false, nil
	}
	switch protocol := c.protocol(s.name); protocol {
	case GRPC:
		e, err = s.grpc(ctx)
	case HTTP:
		e, err = s.http(ctx)
	default:
		err = fmt.Errorf("the protocol %q is unknown: it must be %q or %q", protocol, HTTP, GRPC)
	}
	return e, err == nil, err
}

// at returns the URL for a signal.
func (c Config) at(path string) string { return strings.TrimRight(c.Endpoint, "/") + path }

// spans returns how traces are exported.
func (c Config) spans() signal[sdktrace.SpanExporter] {
	return signal[sdktrace.SpanExporter]{
		name:  "TRACES",
		named: func(ctx context.Context) (sdktrace.SpanExporter, error) { return autoexport.NewSpanExporter(ctx) },
		none:  autoexport.IsNoneSpanExporter,
		http: func(ctx context.Context) (sdktrace.SpanExporter, error) {
			if c.Endpoint == "" {
				return otlptracehttp.New(ctx)
			}
			return otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(c.at("/v1/traces")), otlptracehttp.WithHeaders(c.Headers))
		},
		grpc: func(ctx context.Context) (sdktrace.SpanExporter, error) {
			if c.Endpoint == "" {
				return otlptracegrpc.New(ctx)
			}
			return otlptracegrpc.New(ctx, otlptracegrpc.WithEndpointURL(c.Endpoint), otlptracegrpc.WithHeaders(c.Headers))
		},
	}
}

// metrics returns how metrics are exported, but for Prometheus.
func (c Config) metrics() signal[sdkmetric.Reader] {
	return signal[sdkmetric.Reader]{
		name:  "METRICS",
		named: func(ctx context.Context) (sdkmetric.Reader, error) { return autoexport.NewMetricReader(ctx) },
		none:  autoexport.IsNoneMetricReader,
		http: func(ctx context.Context) (sdkmetric.Reader, error) {
			if c.Endpoint == "" {
				return c.periodic(otlpmetrichttp.New(ctx))
			}
			return c.periodic(otlpmetrichttp.New(ctx, otlpmetrichttp.WithEndpointURL(c.at("/v1/metrics")), otlpmetrichttp.WithHeaders(c.Headers)))
		},
		grpc: func(ctx context.Context) (sdkmetric.Reader, error) {
			if c.Endpoint == "" {
				return c.periodic(otlpmetricgrpc.New(ctx))
			}
			return c.periodic(otlpmetricgrpc.New(ctx, otlpmetricgrpc.WithEndpointURL(c.Endpoint), otlpmetricgrpc.WithHeaders(c.Headers)))
		},
	}
}

// periodic returns a reader that exports now and then.
func (c Config) periodic(exporter sdkmetric.Exporter, err error) (sdkmetric.Reader, error) {
	if err != nil {
		return nil, err
	}
	var options []sdkmetric.PeriodicReaderOption
	if c.Interval > 0 {
		options = append(options, sdkmetric.WithInterval(c.Interval))
	}
	return sdkmetric.NewPeriodicReader(exporter, options...), nil
}

// records returns how logs are exported.
func (c Config) records() signal[sdklog.Exporter] {
	return signal[sdklog.Exporter]{
		name:  "LOGS",
		named: func(ctx context.Context) (sdklog.Exporter, error) { return autoexport.NewLogExporter(ctx) },
		none:  autoexport.IsNoneLogExporter,
		http: func(ctx context.Context) (sdklog.Exporter, error) {
			if c.Endpoint == "" {
				return otlploghttp.New(ctx)
			}
			return otlploghttp.New(ctx, otlploghttp.WithEndpointURL(c.at("/v1/logs")), otlploghttp.WithHeaders(c.Headers))
		},
		grpc: func(ctx context.Context) (sdklog.Exporter, error) {
			if c.Endpoint == "" {
				return otlploggrpc.New(ctx)
			}
			return otlploggrpc.New(ctx, otlploggrpc.WithEndpointURL(c.Endpoint), otlploggrpc.WithHeaders(c.Headers))
		},
	}
}

// wrapped says what could not be made.
func wrapped(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("setup: %s: %w", what, err)
}
