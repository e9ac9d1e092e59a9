package setup

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
)

// What hangs leaves the others their share of the time, and Shutdown returns in it.
func TestShutdownIsNotHeldUp(t *testing.T) {
	hang := func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) }
	fine := func(context.Context) error { return nil }
	for _, c := range []struct {
		name  string
		limit func(context.Context) (context.Context, context.CancelFunc)
		parts []part
		took  time.Duration
		says  string
	}{
		{"nothing hangs", nil, []part{{"a", fine}, {"b", fine}}, 0, ""},
		{"the first hangs", nil, []part{{"a", hang}, {"b", fine}, {"c", fine}}, 4 * time.Second, "setup: a: context deadline exceeded"},
		{"all hang", nil, []part{{"a", hang}, {"b", hang}, {"c", hang}}, 12 * time.Second, "setup: a: context deadline exceeded\nsetup: b: context deadline exceeded\nsetup: c: context deadline exceeded"},
		{"its context has a deadline", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		}, []part{{"a", hang}, {"b", fine}}, 500 * time.Millisecond, "setup: a: context deadline exceeded"},
		{"its context has ended", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return ctx, cancel
		}, []part{{"a", func(ctx context.Context) error { return ctx.Err() }}}, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				telemetry := &Telemetry{timeout: 12 * time.Second, parts: c.parts}
				ctx := t.Context()
				if c.limit != nil {
					limited, cancel := c.limit(ctx)
					defer cancel()
					ctx = limited
				}
				began := time.Now()
				err := telemetry.Shutdown(ctx)
				is.Equal(time.Since(began), c.took)
				said := ""
				if err != nil {
					said = err.Error()
				}
				is.Equal(said, c.says)
				is.Equal(errors.Is(telemetry.Shutdown(ctx), err), true) // the second says the same, at once
				is.Equal(time.Since(began), c.took)
			})
		})
	}
}
