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
	all := []slog.Handler{alone(c.console())}
	if c.File != "" {
		handler, end, err := c.file()
		if err != nil {
			return wrapped("the file of logs", err)
		}
		all = append(all, alone(handler))
		t.parts = append(t.parts, part{"the file of logs", end})
	}
	if exported {
		all = append(all, alone(leveled{otelslog.NewHandler("ergon", otelslog.WithLoggerProvider(t.records)), c.level()}))
	}
	t.logger = slog.New(ergonotel.Handler(slogmulti.Fanout(all...)))
	return nil
}

// alone keeps what fails or panics in a handler from the others.
func alone(h slog.Handler) slog.Handler {
	return slogmulti.RecoverHandlerError(func(context.Context, slog.Record, error) {})(h)
}

func (c Config) level() slog.Leveler {
	if c.Level == nil {
		return slog.LevelInfo
	}
	return c.Level
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
		return slog.NewJSONHandler(w, &slog.HandlerOptions{Level: c.level()})
	}
	return tint.NewTextHandler(w, &tint.Options{Level: c.level(), NoColor: !terminal || os.Getenv("NO_COLOR") != ""})
}

// mostFiles is how many old files of logs are kept.
const mostFiles = 7

// file returns a handler that writes to a file that is rotated, and what closes it.
func (c Config) file() (slog.Handler, func(context.Context) error, error) {
	if err := os.MkdirAll(filepath.Dir(c.File), 0o750); err != nil {
		return nil, nil, err
	}
	probe, err := os.OpenFile(c.File, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) // what cannot be written is said now
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
	w := &timberjack.Logger{Filename: c.File, MaxSize: size, MaxBackups: mostFiles, Compression: "gzip", FileMode: 0o600}
	end := func(context.Context) error { return w.Close() }
	return slog.NewJSONHandler(w, &slog.HandlerOptions{Level: c.level()}), end, nil
}

// leveled is a handler of a level and above.
type leveled struct {
	slog.Handler
	level slog.Leveler
}

func (h leveled) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.level.Level() && h.Handler.Enabled(ctx, l)
}

func (h leveled) WithAttrs(attrs []slog.Attr) slog.Handler {
	return leveled{h.Handler.WithAttrs(attrs), h.level}
}

func (h leveled) WithGroup(name string) slog.Handler {
	return leveled{h.Handler.WithGroup(name), h.level}
}
