package sqlite

import (
	"context"
	"errors"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

// ptrCodec is a codec that may be a nil pointer.
type ptrCodec struct{ stringCodec }

func queueCalls(ctx context.Context, q *QueueConnector[string]) map[string]error {
	_, fetch := q.Fetch(ctx, 1)
	_, countErr := q.Count(ctx)
	_, statsErr := q.Stats(ctx)
	_, findErr := q.Find(ctx, "a")
	_, requeue := q.Requeue(ctx, "a")
	calls := map[string]error{
		"fetch": fetch, "count": countErr, "stats": statsErr, "find": findErr, "requeue": requeue,
		"dispatch": q.Dispatch(ctx, texts("a")), "settle": q.Settle(ctx, make([]ergon.Settlement[string], 1)),
		"extend": q.Extend(ctx, texts("a")), "health": q.Health(ctx),
	}
	for _, err := range q.DeadLetters(ctx) {
		calls["dead letters"] = err
	}
	return calls
}

// isConfig checks that an error is a ConfigError that ends a pipeline.
func isConfig(t *testing.T, name string, err error) {
	t.Helper()
	var config *ergon.ConfigError
	steering, _ := ergon.SteeringOf(err)
	if !errors.As(err, &config) || !errors.Is(err, ergon.ErrConfig) || steering != ergon.SteerFatal {
		t.Errorf("%s: %v", name, err)
	}
}

func TestQueueWithWrongSettings(t *testing.T) {
	db := opened(t)
	var typedNil *ptrCodec
	tests := []struct {
		name   string
		q      *QueueConnector[string]
		faults []string
	}{
		{"no database", Queue(nil, "q", String()), []string{`sqlite.Queue("q"): db: is nil`}},
		{"no name", Queue(db, "", String()), []string{`sqlite.Queue(""): name = "": ` + nameRule}},
		{"injection", Queue(db, `q"; DROP TABLE ergon_messages; --`, String()),
			[]string{`sqlite.Queue("q\"; DROP TABLE ergon_messages; --"): name = "q\"; DROP TABLE ergon_messages; --": ` + nameRule}},
		{"no codec", Queue[string](db, "q", nil), []string{`sqlite.Queue("q"): codec: is nil`}},
		{"typed nil codec", Queue[string](db, "q", typedNil), []string{`sqlite.Queue("q"): codec: is nil`}},
		{"everything", Queue[string](nil, "1", nil, Lease(0), Retention(-1), nil), []string{
			`sqlite.Queue("1"): db: is nil`, `sqlite.Queue("1"): name = "1": ` + nameRule, `sqlite.Queue("1"): codec: is nil`,
			`sqlite.Queue("1"): Lease = 0s: must be above 0`, `sqlite.Queue("1"): Retention = -1ns: must be above 0`,
			`sqlite.Queue("1"): option 3: is nil`}},
		{"zero value", &QueueConnector[string]{}, nil},
		{"nil", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			err := tt.q.Validate()
			is.True(errors.Is(err, ergon.ErrConfig))
			if joined, ok := err.(interface{ Unwrap() []error }); ok {
				var got []string
				for _, err := range joined.Unwrap() {
					got = append(got, err.Error())
				}
				is.Equal(got, tt.faults)
			}
			for name, err := range queueCalls(t.Context(), tt.q) {
				isConfig(t, name, err)
			}
			_ = tt.q.Lease()
		})
	}
}

func TestQueueWithoutContext(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "q", String())
	is.NoErr(q.Validate())
	var none context.Context
	for name, err := range queueCalls(none, q) {
		isConfig(t, name, err)
	}
}

func TestQueueWithEndedContext(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "q", String())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	calls := queueCalls(ctx, q)
	delete(calls, "settle") // there is nothing to settle, and nothing to extend
	delete(calls, "extend")
	for name, err := range calls {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	is.Equal(statsOf(t, q), Stats{})
}

func TestEachItemIsRefusedForItself(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "q", JSON[float64]())
	nan := 0.0
	nan /= nan
	err := q.Dispatch(t.Context(), []ergon.Transaction[float64]{
		ergon.NewTransaction("a", 1.5), ergon.NewTransaction("", 2.5), ergon.NewTransaction("b", nan),
	})
	items := ergon.ItemErrorsOf(err, 3)
	is.NoErr(items[0])
	is.True(errors.Is(items[1], errNoID))
	is.True(errors.Is(items[2], errEncode))
	for _, err := range items[1:] {
		steering, _ := ergon.SteeringOf(err)
		is.Equal(steering, ergon.SteerBusiness)
	}
	is.Equal(statsOf(t, q), Stats{Ready: 1})
	is.True(q.Dispatch(t.Context(), []ergon.Transaction[float64]{{}}) != nil)
	is.NoErr(q.Dispatch(t.Context(), nil))
}

func FuzzNames(f *testing.F) {
	for _, name := range []string{"orders", "", "a b", `a"b`, "a\n", "ä", "sqlite_x", "Ergon_x", "1a", "_"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if tableFault(name) != "" {
			return
		}
		for i, c := range name {
			letter := c == '_' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
			if !letter && (i == 0 || c < '0' || c > '9') || i > 62 {
				t.Fatalf("%q is let through", name)
			}
		}
	})
}
