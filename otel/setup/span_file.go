package setup

import (
	"errors"
	"os"
	"path/filepath"

	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// spanFile returns an exporter that appends spans to a file, a line of JSON each, and
// the file, which is to be closed after it.
func (c Config) spanFile() (sdktrace.SpanExporter, *os.File, error) {
	if err := os.MkdirAll(filepath.Dir(c.Traces), 0o750); err != nil {
		return nil, nil, err
	}
	file, err := os.OpenFile(c.Traces, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, err
	}
	exporter, err := stdouttrace.New(stdouttrace.WithWriter(file))
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return exporter, file, nil
}
