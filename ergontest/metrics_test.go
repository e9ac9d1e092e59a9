package ergontest

import (
	"context"
	"strings"
	"testing"

	"github.com/matryer/is"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
)

// must returns an instrument that was made without an error.
func must[I any](i I, err error) I {
	if err != nil {
		panic(err)
	}
	return i
}

func TestEveryInstrumentIsKept(t *testing.T) {
	is := is.New(t)
	var metrics Metrics
	m, ctx := metrics.Meter("kit"), t.Context()
	a, b := metric.WithAttributes(attribute.String("stage", "a")), metric.WithAttributes(attribute.String("stage", "b"), attribute.Int("n", 1))
	ci, cf := must(m.Int64Counter("c.int", metric.WithUnit("{tx}"), metric.WithDescription("how many"))), must(m.Float64Counter("c.float"))
	ui, uf := must(m.Int64UpDownCounter("u.int")), must(m.Float64UpDownCounter("u.float"))
	hi, hf := must(m.Int64Histogram("h.int")), must(m.Float64Histogram("h.float", metric.WithUnit("s")))
	gi, gf := must(m.Int64Gauge("g.int")), must(m.Float64Gauge("g.float"))
	for _, on := range []bool{ci.Enabled(ctx), cf.Enabled(ctx), ui.Enabled(ctx), hf.Enabled(ctx), gi.Enabled(ctx)} {
		is.True(on)
	}
	ci.Add(ctx, 1, a)
	ci.Add(ctx, 2, b)
	ci.Add(ctx, 4, a)
	cf.Add(ctx, 0.5)
	ui.Add(ctx, 3)
	ui.Add(ctx, -1)
	uf.Add(ctx, -0.5)
	hi.Record(ctx, 7)
	hi.Record(ctx, 9)
	hf.Record(ctx, 0.25, b)
	gi.Record(ctx, 5)
	gi.Record(ctx, 4)
	gf.Record(ctx, 1.5)
	is.Equal(metrics.All().String(), strings.Join([]string{
		"c.float 0.5", `c.int{n=1,stage="b"} 2 {tx}`, `c.int{stage="a"} 5 {tx}`, "g.float 1.5", "g.int 4",
		`h.float{n=1,stage="b"} 1 values, 0.25 s`, "h.int 2 values, 16", "u.float -0.5", "u.int 2", "",
	}, "\n"))
	is.Equal(metrics.Sum("c.int"), 7.0)
	is.Equal(metrics.Sum("c.int", attribute.String("stage", "b")), 2.0)
	is.Equal(metrics.Sum("c.int", attribute.String("stage", "b"), attribute.Int("n", 2)), 0.0)
	is.Equal(metrics.Sum("c"), 0.0)
	is.Equal(metrics.All().Named("h.int", "h.float").Values(), []float64{0.25, 7, 9})
	point := metrics.All().Named("c.int").With(attribute.Int("n", 1))[0]
	is.Equal([]any{point.Kind, point.Observed, point.Unit, point.Description, point.Scope}, []any{KindCounter, false, "{tx}", "how many", "kit"})
	is.Equal(MetricPoint{}.Last(), 0.0)
	metrics.Check(t)
}

func TestEveryInstrumentIsObserved(t *testing.T) {
	is := is.New(t)
	var metrics Metrics
	m, now := metrics.Meter("kit"), int64(1)
	ints := metric.WithInt64Callback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(now)
		return nil
	})
	floats := metric.WithFloat64Callback(func(_ context.Context, o metric.Float64Observer) error {
		o.Observe(float64(now)/2, metric.WithAttributes(attribute.Int64("now", now)))
		return nil
	})
	must(m.Int64ObservableCounter("c.int", ints))
	must(m.Int64ObservableUpDownCounter("u.int", ints))
	must(m.Int64ObservableGauge("g.int", ints, ints)) // asked twice, and said once
	must(m.Float64ObservableCounter("c.float", floats))
	must(m.Float64ObservableUpDownCounter("u.float", floats))
	must(m.Float64ObservableGauge("g.float", floats))
	is.Equal(metrics.All().String(), "c.float{now=1} 0.5\nc.int 1\ng.float{now=1} 0.5\ng.int 1\nu.float{now=1} 0.5\nu.int 1\n")
	now = 3
	is.Equal(metrics.All().String(), "c.float{now=3} 1.5\nc.int 3\ng.float{now=3} 1.5\ng.int 3\nu.float{now=3} 1.5\nu.int 3\n")
	is.True(metrics.All()[0].Observed)
	metrics.Check(t)
}

func TestCallbacksOfSeveralInstruments(t *testing.T) {
	is := is.New(t)
	var metrics, others Metrics
	m := metrics.Meter("kit")
	i, f := must(m.Int64ObservableGauge("i")), must(m.Float64ObservableCounter("f"))
	registered := must(m.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		o.ObserveInt64(i, 1)
		o.ObserveInt64(i, 2)
		o.ObserveFloat64(f, 1.5)
		return nil
	}, i, f))
	is.Equal(metrics.All().String(), "f 1.5\ni 2\n")
	is.NoErr(registered.Unregister())
	is.NoErr(registered.Unregister())
	is.Equal(metrics.All().String(), "")
	for _, foreign := range []metric.Observable{must(others.Meter("").Int64ObservableGauge("i")), noop.Int64ObservableGauge{}, nil} {
		_, err := m.RegisterCallback(func(context.Context, metric.Observer) error { return nil }, foreign)
		is.True(err != nil)
	}
	metrics.Check(t)
}

func TestInstrumentsOfOneName(t *testing.T) {
	is := is.New(t)
	var metrics Metrics
	for _, scope := range []string{"a", "b", "a"} {
		must(metrics.Meter(scope).Int64Counter("c")).Add(t.Context(), 1)
	}
	is.Equal(metrics.All().String(), "c 2\nc 1\n")
	is.Equal(metrics.All()[0].Scope, "a")
	is.Equal(metrics.Sum("c"), 3.0)
	metrics.Check(t)
}

func TestMetricsAreChecked(t *testing.T) {
	tests := []struct {
		name string
		do   func(ctx context.Context, m metric.Meter)
		want string // empty: nothing is wrong
	}{
		{"nothing", func(context.Context, metric.Meter) {}, ""},
		{"a counter that falls", func(ctx context.Context, m metric.Meter) { must(m.Int64Counter("c")).Add(ctx, -2) }, `the counter "c" was told to fall by 2`},
		{"another kind", func(_ context.Context, m metric.Meter) {
			must(m.Int64Counter("c", metric.WithUnit("s")))
			must(m.Int64Gauge("c"))
			must(m.Int64Counter("c", metric.WithUnit("s")))
		}, `the instrument "c" is a counter of unit "s", and a gauge of unit ""`},
		{"a callback fails", func(_ context.Context, m metric.Meter) {
			must(m.Int64ObservableGauge("g", metric.WithInt64Callback(func(context.Context, metric.Int64Observer) error { return errTest })))
		}, `the callback of the instrument ["g"] failed: no connection`},
		{"a callback panics", func(_ context.Context, m metric.Meter) {
			must(m.Float64ObservableGauge("g", metric.WithFloat64Callback(func(context.Context, metric.Float64Observer) error { panic("no") })))
		}, `the callback of the instrument ["g"] failed: panic: no`},
		{"a callback of another instrument", func(_ context.Context, m metric.Meter) {
			i, g := must(m.Int64ObservableGauge("i")), must(m.Int64ObservableGauge("g"))
			must(m.RegisterCallback(func(_ context.Context, o metric.Observer) error {
				o.ObserveInt64(g, 1)
				return nil
			}, i))
		}, "a callback spoke of an instrument that it is not registered for"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			var metrics Metrics
			tt.do(t.Context(), metrics.Meter("kit"))
			passed, printed := judged(is, func(t *testing.T) { metrics.Check(t) })
			is.Equal(passed, tt.want == "")
			is.True(strings.Contains(printed, tt.want))
		})
	}
}

func TestNoSecretIsInMetrics(t *testing.T) {
	const secret = "s3cret"
	tests := []struct {
		name string
		do   func(ctx context.Context, m metric.Meter)
		want string // empty: it is not there
	}{
		{"nowhere", func(ctx context.Context, m metric.Meter) { must(m.Int64Counter("c")).Add(ctx, 1) }, ""},
		{"in a name", func(ctx context.Context, m metric.Meter) { must(m.Int64Counter(secret)).Add(ctx, 1) }, "in the name of an instrument"},
		{"in a description", func(ctx context.Context, m metric.Meter) {
			must(m.Int64Counter("c", metric.WithDescription(secret))).Add(ctx, 1)
		}, `in the description of the instrument "c"`},
		{"in an attribute", func(ctx context.Context, m metric.Meter) {
			must(m.Int64Counter("c")).Add(ctx, 1, metric.WithAttributes(attribute.String("pin", secret)))
		}, `in the attribute "pin" of the instrument "c"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			var metrics Metrics
			tt.do(t.Context(), metrics.Meter("kit"))
			passed, printed := judged(is, func(t *testing.T) { metrics.NoSecret(t, secret) })
			is.Equal(passed, tt.want == "")
			is.True(strings.Contains(printed, tt.want))
		})
	}
}

func TestMetricsByManyAtOnce(t *testing.T) {
	is := is.New(t)
	var metrics Metrics
	m := metrics.Meter("kit")
	asked := must(m.Int64Counter("asked"))
	must(m.Int64ObservableGauge("g", metric.WithInt64Callback(func(ctx context.Context, o metric.Int64Observer) error {
		asked.Add(ctx, 1) // who is asked may measure
		o.Observe(1)
		return nil
	})))
	done := make([]<-chan error, 20)
	for i := range done {
		done[i] = async(func() error {
			must(m.Int64Counter("c")).Add(context.Background(), 1)
			_ = metrics.All()
			return nil
		})
	}
	for _, d := range done {
		is.NoErr(<-d)
	}
	is.Equal(metrics.Sum("c"), 20.0)
	is.Equal(metrics.Sum("asked"), 22.0) // by this question too
}
