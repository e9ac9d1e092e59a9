package setup

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/DeRuina/timberjack"
	"github.com/lmittmann/tint"
	"github.com/mattn/go-isatty"
	slogmulti "github.com/samber/slog-multi"
	"go.opentelemetry.io/contrib/bridges/otelslog"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"

	ergonotel "github.com/ergon-go/ergon/otel"
)

// log makes the logger and what is behind it.
func (t *Telemetry) log(ctx context.Context, c Config, about *resource.Resource) error {
	options := []sdklog.LoggerProviderOption{sdklog.WithResource(about)}
	exporter, exported, err := c.records().export(ctx, c)
	if err != nil {
		return wrapped("logs", err)
	}
	if exported {
		options = append(options, sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter)))
	}
	t.records = sdklog.NewLoggerProvider(options...)
	t.parts = append(t.parts, part{"logs", t.records.Shutdown})
	to := slogmulti.Router()
	elsewhere := c.elsewhere()
	to = to.Add(alone(leveled{c.console(), c.levelOf}), elsewhere)
	if c.File != "" {
		handler, err := t.file(c, c.File)
		if err != nil {
			return err
		}
		to = to.Add(alone(leveled{handler, c.levelOf}), elsewhere)
	}
	if exported {
		to = to.Add(alone(leveled{otelslog.NewHandler("ergon", otelslog.WithLoggerProvider(t.records)), c.levelOf}), elsewhere)
	}
	for _, r := range c.Routes {
		handler, err := t.route(c, r)
		if err != nil {
			return err
		}
		to = to.Add(alone(handler), r.takes)
	}
	t.logger = slog.New(ergonotel.Handler(to.Handler()))
	return nil
}

// file returns a handler that writes to a file, which is closed at Shutdown.
func (t *Telemetry) file(c Config, path string) (slog.Handler, error) {
	handler, end, err := c.file(path)
	if err != nil {
		return nil, wrapped("the file of logs", err)
	}
	t.parts = append(t.parts, part{"the file of logs", end})
	return handler, nil
}

// alone keeps what fails or panics in a handler from the others.
func alone(h slog.Handler) slog.Handler {
	return slogmulti.RecoverHandlerError(func(context.Context, slog.Record, error) {})(h)
}

// console returns the handler for people, or for machines that read the output.
func (c Config) console() slog.Handler {
	var w io.Writer = os.Stderr
	if c.Console != nil {
		w = c.Console
	}
	file, is := w.(*os.File)
	terminal := is && isatty.IsTerminal(file.Fd())
	if c.Format == JSON || c.Format == Auto && !terminal {
		return slog.NewJSONHandler(w, &slog.HandlerOptions{Level: anything})
	}
	return tint.NewTextHandler(w, &tint.Options{Level: anything, NoColor: !terminal || os.Getenv("NO_COLOR") != ""})
}

// mostFiles is how many old files of logs are kept.
const mostFiles = 7

// file returns a handler that writes to a file that is rotated, and what closes it.
func (c Config) file(path string) (slog.Handler, func(context.Context) error, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, nil, err
	}
	probe, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) // what cannot be written is said now
	if err != nil {
		return nil, nil, err
	}
	if err := probe.Close(); err != nil {
		return nil, nil, err
	}
	size := c.FileSize
	if size == 0 {
		size = 100
	}
	w := &timberjack.Logger{Filename: path, MaxSize: size, MaxBackups: mostFiles, Compression: "gzip", FileMode: 0o600}
	end := func(context.Context) error { return w.Close() }
	return slog.NewJSONHandler(w, &slog.HandlerOptions{Level: anything}), end, nil
}
