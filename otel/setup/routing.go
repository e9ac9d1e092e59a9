package setup

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"slices"

	ergonotel "github.com/ergon-go/ergon/otel"
)

// anything is the level of a handler before which another one chooses.
const anything = slog.Level(math.MinInt)

// levelOf returns the least that is logged in a context.
func (c Config) levelOf(ctx context.Context) slog.Level {
	if len(c.Levels) > 0 {
		if l, some := c.Levels[ergonotel.PipelineOf(ctx)]; some {
			return l.Level()
		}
	}
	if c.Level == nil {
		return slog.LevelInfo
	}
	return c.Level.Level()
}

// elsewhere returns what reports whether a record goes to where all records go: not
// where a route wants it for itself.
func (c Config) elsewhere() func(context.Context, slog.Record) bool {
	return func(ctx context.Context, r slog.Record) bool {
		return !slices.ContainsFunc(c.Routes, func(route Route) bool { return route.Only && route.takes(ctx, r) })
	}
}

// takes reports whether a record goes along the route, if its level is high enough.
func (r Route) takes(ctx context.Context, _ slog.Record) bool {
	return len(r.Pipelines) == 0 || slices.Contains(r.Pipelines, ergonotel.PipelineOf(ctx))
}

// route returns what a route ends in.
func (t *Telemetry) route(c Config, r Route) (slog.Handler, error) {
	handler, level := r.To, c.levelOf
	if r.Level != nil {
		level = func(context.Context) slog.Level { return r.Level.Level() }
	}
	if r.File != "" {
		var err error
		if handler, err = t.file(c, r.File); err != nil {
			return nil, err
		}
	}
	return leveled{handler, level}, nil
}

// routeFaults tells of everything that is wrong with levels and routes.
func (c Config) routeFaults(fault func(field, why string)) {
	for name, level := range c.Levels {
		if name == "" || level == nil {
			fault("Levels", fmt.Sprintf("%q: it must be a name with a level", name))
		}
	}
	for i, r := range c.Routes {
		where := fmt.Sprintf("Routes[%d]", i)
		if (r.To == nil) == (r.File == "") {
			fault(where, "it must have either To or File")
		}
		if slices.Contains(r.Pipelines, "") {
			fault(where, "a name of a pipeline is empty")
		}
		if r.File != "" && slices.ContainsFunc(c.Routes[:i], func(other Route) bool { return other.File == r.File }) || r.File != "" && r.File == c.File {
			fault(where, "its File is that of another")
		}
	}
}

// leveled is a handler of a level and above, which may depend on the context.
type leveled struct {
	slog.Handler
	least func(context.Context) slog.Level
}

func (h leveled) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.least(ctx) && h.Handler.Enabled(ctx, l)
}

func (h leveled) WithAttrs(attrs []slog.Attr) slog.Handler {
	return leveled{h.Handler.WithAttrs(attrs), h.least}
}

func (h leveled) WithGroup(name string) slog.Handler {
	return leveled{h.Handler.WithGroup(name), h.least}
}
