package retry_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ergon-go/ergon/retry"
)

// item is as large as the items that pipelines are measured with.
type item struct{ A, B, C, D, E, F uint64 }

// bare succeeds and does as little as can be. It is not inlined, as no function
// that is given to retry is.
//
//go:noinline
func bare(_ context.Context, v item) (item, error) {
	v.A++
	return v, nil
}

var (
	patient = retry.Policy{MaxAttempts: 3}
	timed   = retry.Policy{MaxAttempts: 3, AttemptTimeout: time.Minute}
)

// BenchmarkSuccess is what a call costs that succeeds at once: bare is the call
// alone, which all the others make too.
func BenchmarkSuccess(b *testing.B) {
	for _, c := range []struct {
		name string
		call func(context.Context, item) (item, error)
	}{
		{"bare", bare},
		{"loop with recover by hand", byHand},
		{"Wrap", retry.Wrap(patient, bare)},
		{"Wrap, timed", retry.Wrap(timed, bare)},
		{"Do", done(patient)},
		{"Do, timed", done(timed)},
		{"Wrap, timed, asked for Err", retry.Wrap(timed, asksErr)},
		{"Wrap, timed, asked for Done", retry.Wrap(timed, asksDone)},
	} {
		b.Run(c.name, func(b *testing.B) { loop(b.Context(), b, c.call) })
	}
}

// BenchmarkBackground is the same where nothing can end the caller's context.
func BenchmarkBackground(b *testing.B) {
	for _, p := range []retry.Policy{patient, timed} {
		b.Run(fmt.Sprint(p.AttemptTimeout), func(b *testing.B) { loop(context.Background(), b, retry.Wrap(p, bare)) })
	}
}

// BenchmarkNewContexts is the same where every call comes with a context of its
// own, as from a server; the difference to bare is what counts.
func BenchmarkNewContexts(b *testing.B) {
	for name, fn := range map[string]func(context.Context, item) (item, error){"bare": bare, "Wrap, timed": retry.Wrap(timed, bare)} {
		b.Run(name, func(b *testing.B) {
			loop(b.Context(), b, func(ctx context.Context, v item) (item, error) {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				return fn(ctx, v)
			})
		})
	}
}

// BenchmarkTogether is one wrapped function that is called from everywhere.
func BenchmarkTogether(b *testing.B) {
	fn := retry.Wrap(timed, bare)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		var v item
		for pb.Next() {
			v, _ = fn(b.Context(), v)
		}
	})
}

func loop(ctx context.Context, b *testing.B, call func(context.Context, item) (item, error)) {
	b.ReportAllocs()
	var v item
	for b.Loop() {
		var err error
		if v, err = call(ctx, v); err != nil {
			b.Fatal(err)
		}
	}
}

func byHand(ctx context.Context, v item) (result item, err error) {
	for range 3 {
		if result, err = recovering(ctx, v); err == nil {
			return result, nil
		}
	}
	return result, err
}

func recovering(ctx context.Context, v item) (result item, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("a panic")
		}
	}()
	return bare(ctx, v)
}

func done(p retry.Policy) func(context.Context, item) (item, error) {
	return func(ctx context.Context, v item) (item, error) {
		return retry.Do(ctx, p, func(ctx context.Context) (item, error) { return bare(ctx, v) })
	}
}

func asksErr(ctx context.Context, v item) (item, error) { return v, ctx.Err() }

func asksDone(ctx context.Context, v item) (item, error) {
	select {
	case <-ctx.Done():
		return v, ctx.Err()
	default:
		return bare(ctx, v)
	}
}
