package setup

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/ergon-go/ergon"
)

// Config says what is exported, and where to. What is not set is as the OTEL_*
// environment has it, and where that says nothing, nothing is exported: no traces, no
// metrics, and logs to the standard error only.
type Config struct {
	Service    string            // service.name; OTEL_SERVICE_NAME, else the name of the program
	Version    string            // service.version
	Task       string            // ergon.task: what this process is for
	Worker     string            // ergon.worker.id: which of several this process is
	Attributes map[string]string // more of the resource, beside OTEL_RESOURCE_ATTRIBUTES

	// Endpoint is the URL of an OTLP receiver of all signals, without /v1/traces and
	// the like: http://localhost:4318 with HTTP, http://localhost:4317 with GRPC; https
	// for TLS. "": as OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_TRACES_EXPORTER,
	// OTEL_METRICS_EXPORTER, OTEL_LOGS_EXPORTER say.
	Endpoint string
	Protocol Protocol          // "": as OTEL_EXPORTER_OTLP_PROTOCOL says, else HTTP
	Headers  map[string]string // sent to Endpoint with each export, for credentials

	Prometheus string           // address at which metrics can be scraped, at /metrics: "localhost:9464"; "": nowhere
	Traces     string           // path of a file of spans in JSON, one a line, beside what is exported; "": none
	Sampler    sdktrace.Sampler // nil: as OTEL_TRACES_SAMPLER says, else all traces
	Interval   time.Duration    // between exports of metrics; 0: OTEL_METRIC_EXPORT_INTERVAL, else a minute

	Console io.Writer    // of logs; nil: the standard error; io.Discard: none
	Format  Format       // of the console
	Level   slog.Leveler // the least that is logged; nil: Info
	File    string       // path of a file of logs in JSON, rotated; "": none
	// Levels is the least that is logged of pipelines, by their names, where that is not
	// Level: on the console, in the file and through the exporter.
	Levels map[string]slog.Leveler
	Routes []Route // more places for logs
	// FileSize is how large the file may become before it is rotated, in MiB. 0 = 100.
	// Seven old ones are kept, compressed.
	FileSize int

	Timeout time.Duration // of Shutdown, where its context has no deadline; 0 = 10 s
}

// Route is one more place for logs: of some pipelines, from a level on.
type Route struct {
	Pipelines []string     // their names; none: what belongs to no pipeline, too
	Level     slog.Leveler // nil: as Levels and Level of the Config say
	To        slog.Handler // either this
	File      string       // or the path of a file, as that of the Config
	Only      bool         // they go nowhere else, but to other routes
}

// Protocol is how OTLP is spoken.
type Protocol string

// What OTEL_EXPORTER_OTLP_PROTOCOL may say.
const (
	HTTP Protocol = "http/protobuf"
	GRPC Protocol = "grpc"
)

// Format is how records look on the console.
type Format string

// The formats of a console.
const (
	Auto Format = ""     // Text on a terminal, else JSON
	Text Format = "text" // for people
	JSON Format = "json" // for machines
)

// DefaultTimeout is how long a Shutdown may take.
const DefaultTimeout = 10 * time.Second

// Validate returns everything that is wrong with the configuration, joined; every
// fault is an *ergon.ConfigError.
func (c Config) Validate() error {
	var faults []error
	fault := func(field, why string) {
		faults = append(faults, &ergon.ConfigError{Where: "setup.Config", Field: field, Why: why})
	}
	if c.Endpoint != "" {
		if u, err := url.Parse(c.Endpoint); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			fault("Endpoint", "it must be a URL as http://localhost:4318") // not shown: it may hold a password
		} else if u.User != nil {
			fault("Endpoint", "credentials belong into Headers")
		}
	}
	if c.Endpoint == "" && len(c.Headers) > 0 {
		fault("Headers", "they are for Endpoint, which is not set")
	}
	switch c.Protocol {
	case "", HTTP, GRPC:
	default:
		fault("Protocol", `it must be "http/protobuf" or "grpc"`)
	}
	switch c.Format {
	case Auto, Text, JSON:
	default:
		fault("Format", `it must be "text", "json" or empty`)
	}
	if c.Prometheus != "" {
		if _, _, err := net.SplitHostPort(c.Prometheus); err != nil {
			fault("Prometheus", "it must be an address as localhost:9464")
		}
	}
	c.routeFaults(fault)
	if c.Interval < 0 {
		fault("Interval", "it must not be below 0")
	}
	if c.FileSize < 0 {
		fault("FileSize", "it must not be below 0")
	}
	if c.Timeout < 0 {
		fault("Timeout", "it must not be below 0")
	}
	return errors.Join(faults...)
}

// protocol returns how OTLP is spoken for a signal: TRACES, METRICS or LOGS.
func (c Config) protocol(signal string) Protocol {
	for _, said := range []string{string(c.Protocol), os.Getenv("OTEL_EXPORTER_OTLP_" + signal + "_PROTOCOL"), os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL")} {
		if said != "" {
			return Protocol(said)
		}
	}
	return HTTP
}
