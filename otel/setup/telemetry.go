package setup

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/ergon-go/ergon"
	ergonotel "github.com/ergon-go/ergon/otel"
)

// Telemetry has the providers of a program. All its methods may be called by any
// goroutine.
type Telemetry struct {
	traces  *sdktrace.TracerProvider
	metrics *sdkmetric.MeterProvider
	records *sdklog.LoggerProvider
	logger  *slog.Logger
	scrape  *scrape // nil: nobody scrapes
	traced  bool    // somebody sees traces
	timeout time.Duration
	parts   []part // that are shut down, in their order

	once sync.Once
	err  error
}

// part is something that is shut down.
type part struct {
	name string
	end  func(context.Context) error
}

// New makes everything that the configuration or the environment asks for. It connects
// to nobody: exporters do so when there is something to export, and say what went wrong
// to the error handler of OpenTelemetry, which logs it. Where it fails, nothing is left
// behind. It changes nothing global; see Use.
func New(ctx context.Context, c Config) (*Telemetry, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	t := &Telemetry{timeout: c.Timeout}
	if t.timeout == 0 {
		t.timeout = DefaultTimeout
	}
	if err := t.make(ctx, c); err != nil {
		return nil, errors.Join(err, t.Shutdown(ctx))
	}
	return t, nil
}

func (t *Telemetry) make(ctx context.Context, c Config) error {
	about, err := c.resource(ctx)
	if err != nil {
		return wrapped("the resource", err)
	}
	if err := t.trace(ctx, c, about); err != nil {
		return err
	}
	if err := t.measure(ctx, c, about); err != nil {
		return err
	}
	return t.log(ctx, c, about)
}

func (t *Telemetry) trace(ctx context.Context, c Config, about *resource.Resource) error {
	options := []sdktrace.TracerProviderOption{sdktrace.WithResource(about)}
	if c.Sampler != nil {
		options = append(options, sdktrace.WithSampler(c.Sampler))
	}
	exporter, some, err := c.spans().export(ctx, c)
	if err != nil {
		return wrapped("traces", err)
	}
	if some {
		options = append(options, sdktrace.WithBatcher(exporter))
	}
	var file *os.File
	if c.Traces != "" {
		if exporter, file, err = c.spanFile(); err != nil {
			return wrapped("the file of traces", err)
		}
		options = append(options, sdktrace.WithBatcher(exporter))
	}
	if t.traced = some || file != nil; !t.traced {
		options = append(options, sdktrace.WithSampler(sdktrace.NeverSample())) // nobody would see them
	}
	t.traces = sdktrace.NewTracerProvider(options...)
	t.parts = append(t.parts, part{"traces", t.traces.Shutdown})
	if file != nil {
		t.parts = append(t.parts, part{"the file of traces", func(context.Context) error { return file.Close() }})
	}
	return nil
}

func (t *Telemetry) measure(ctx context.Context, c Config, about *resource.Resource) error {
	options := []sdkmetric.Option{sdkmetric.WithResource(about)}
	if c.Prometheus != "" {
		scraped, s, err := newScrape(ctx, c.Prometheus)
		if err != nil {
			return wrapped("Prometheus", err)
		}
		t.scrape = s
		t.parts = append(t.parts, part{"Prometheus", s.server.Shutdown})
		options = append(options, sdkmetric.WithReader(scraped))
	}
	reader, some, err := c.metrics().export(ctx, c) // at last: what is not used would go on
	if err != nil {
		return wrapped("metrics", err)
	}
	if some {
		options = append(options, sdkmetric.WithReader(reader))
	}
	t.metrics = sdkmetric.NewMeterProvider(options...)
	t.parts = append(t.parts, part{"metrics", t.metrics.Shutdown})
	return nil
}

// TracerProvider returns that of the traces. Without an exporter it samples nothing.
func (t *Telemetry) TracerProvider() *sdktrace.TracerProvider { return t.traces }

// MeterProvider returns that of the metrics.
func (t *Telemetry) MeterProvider() *sdkmetric.MeterProvider { return t.metrics }

// LoggerProvider returns that of the logs that are exported.
func (t *Telemetry) LoggerProvider() *sdklog.LoggerProvider { return t.records }

// Logger returns a logger that writes to the console, to the file and to the exporter
// of logs, as they are configured, through an ergonotel.Handler. One of them that fails
// or panics takes nothing from the others.
func (t *Telemetry) Logger() *slog.Logger { return t.logger }

// Observer returns an observer for pipelines: ergonotel's Tracing, Metrics and Logs, as
// far as somebody sees what they tell.
func (t *Telemetry) Observer() ergon.Observer {
	all := []ergon.Observer{ergonotel.Logs(t.logger), ergonotel.Metrics(t.metrics)}
	if t.traced {
		all = append([]ergon.Observer{ergonotel.Tracing(t.traces)}, all...)
	}
	return ergonotel.All(all...)
}

// Use makes the providers, the propagators and the logger the global ones of
// OpenTelemetry and slog, for libraries that know no others.
func (t *Telemetry) Use() {
	otel.SetTracerProvider(t.traces)
	otel.SetMeterProvider(t.metrics)
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	slog.SetDefault(t.logger)
}

// Shutdown flushes and ends everything: traces, the endpoint that is scraped, metrics,
// logs, the file. It takes no longer than ctx, or than Timeout where that has no
// deadline; what hangs leaves the others their share. Afterwards nothing is exported
// any more. A second call returns what the first did.
func (t *Telemetry) Shutdown(ctx context.Context) error {
	t.once.Do(func() { t.err = t.shutdown(ctx) })
	return t.err
}

func (t *Telemetry) shutdown(ctx context.Context) error {
	deadline, some := ctx.Deadline()
	if !some {
		deadline = time.Now().Add(t.timeout)
	}
	ctx = context.WithoutCancel(ctx) // most are called because something has ended
	var errs []error
	for i, p := range t.parts {
		share := time.Until(deadline) / time.Duration(len(t.parts)-i)
		own, cancel := context.WithTimeout(ctx, max(share, time.Millisecond))
		errs = append(errs, wrapped(p.name, p.end(own)))
		cancel()
	}
	return errors.Join(errs...)
}
