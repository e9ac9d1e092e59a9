package ergonotel_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
	"go.opentelemetry.io/otel/attribute"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	ergonotel "github.com/ergon-go/ergon/otel"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

func lines(list ergontest.LogList) string {
	var out strings.Builder
	for _, r := range list {
		out.WriteString(fmt.Sprintln(r))
	}
	return out.String()
}

func TestLogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var logs ergontest.Logs
		var quiet pipeline.Pipeline
		quiet, _ = shop(ergonotel.Logs(slog.New(atLeast{&logs, slog.LevelInfo})))
		is.NoErr(quiet.Run(t.Context()))
		logs.NoSecret(t, "hunter2")
		is.Equal(lines(logs.All()), `level=INFO msg="run begins" pipeline=shop
level=WARN msg="waits before another attempt" wait=1s stage=price category=system error="no connection to db://clerk:***@host" pipeline=shop transaction=1
level=INFO msg="run ended" took=1s succeeded=1 dead_lettered=1 retries=1 pipeline=shop
`)
	})
}

// What ends badly is told of with its verdict; what ends well, and each attempt, only
// to who debugs.
func TestLogsOfWhatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var logs ergontest.Logs
		broken := errors.New("it is broken")
		p := pipeline.From(source.Slice([]int{1, 2}), pipeline.Observe(ergonotel.Logs(slog.New(&logs)))).
			Map(func(_ context.Context, v int) (int, error) {
				if v == 2 {
					return 0, broken
				}
				return v, nil
			}).To(sink.Discard[int]())
		is.True(p.Run(t.Context()) != nil)
		logs.Contains(t, slog.LevelDebug, "transaction done", slog.String("transaction", "slice:0"))
		logs.Contains(t, slog.LevelDebug, "attempt failed", slog.String("stage", "map"), slog.Int("attempt", 1), slog.String("error", "it is broken"))
		logs.Contains(t, slog.LevelWarn, "transaction failed", slog.String("transaction", "slice:1"), slog.String("verdict", "returned"))
		logs.Contains(t, slog.LevelWarn, "run ended", slog.Int64("unsettled", 1))
	})
}

// One of many that are alike is written, and how many there were.
func TestLogsHoldBackWhatRepeats(t *testing.T) {
	failing := func(each time.Duration, options ...ergonotel.LogOption) (logs *ergontest.Logs) {
		logs = &ergontest.Logs{}
		n := 0
		p := pipeline.From(source.Slice([]int{1}), pipeline.Observe(ergonotel.Logs(slog.New(logs), options...))).
			Map(func(_ context.Context, v int) (int, error) {
				if n++; n <= 30 {
					return 0, errors.New("busy")
				}
				return v, nil
			}, stage.Retry(retry.Policy{MaxAttempts: 100, Backoff: each, BackoffMultiplier: 1, Jitter: retry.NoJitter})).To(sink.Discard[int]())
		if err := p.Run(context.Background()); err != nil {
			panic(err)
		}
		return logs
	}
	for _, c := range []struct {
		name     string
		each     time.Duration
		options  []ergonotel.LogOption
		repeated []int64
	}{
		{"within ten seconds", 100 * time.Millisecond, nil, []int64{0, 29}},
		{"beyond them", 4 * time.Second, nil, []int64{0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}},
		{"as often as is wanted", 4 * time.Second, []ergonotel.LogOption{ergonotel.Every(time.Minute)}, []int64{0, 14, 14}},
		{"all of them", 20 * time.Second, []ergonotel.LogOption{ergonotel.Every(0)}, make([]int64, 30)},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got []int64
				for _, r := range failing(c.each, c.options...).All().Saying("waits") {
					n, _ := r.Value("repeated")
					if n.Kind() != slog.KindInt64 {
						got = append(got, 0)
						continue
					}
					got = append(got, n.Int64())
				}
				is.New(t).Equal(got, c.repeated)
			})
		})
	}
}

// What a stop abandons is told of, and that it stops.
func TestLogsOfAStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var logs ergontest.Logs
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		p := pipeline.From(source.Slice([]int{1, 2}), pipeline.Observe(ergonotel.Logs(slog.New(&logs))), pipeline.With(pipeline.Policy{Drain: time.Second, FetchBatch: 1})).
			Map(func(ctx context.Context, v int) (int, error) {
				<-ctx.Done()
				return 0, ctx.Err()
			}, stage.Retry(retry.Policy{AttemptTimeout: time.Hour})).To(sink.Discard[int]())
		is.True(p.Run(ctx) != nil)
		logs.Contains(t, slog.LevelInfo, "stops", slog.Int("in_flight", 2))
		logs.Contains(t, slog.LevelInfo, "transaction released")
		logs.Contains(t, slog.LevelInfo, "stopped", slog.Int("released", 2))
	})
}

// The trace of a record is that of the span it was logged in.
func TestRecordsOfUserCodeKnowWhereTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var logs ergontest.Logs
		var spans ergontest.Spans
		log := slog.New(ergonotel.Handler(&logs))
		p := pipeline.From(source.Transactions(ergon.NewTransaction("a\nb", 7)), pipeline.Named("shop"),
			pipeline.Observe(ergonotel.Tracing(&spans)), pipeline.Observe(ergonotel.Logs(slog.New(ergonotel.Handler(slog.DiscardHandler))))).
			Map(func(ctx context.Context, v int) (int, error) {
				log.InfoContext(ctx, "mine")
				return v, nil
			}).To(sink.Each(func(ctx context.Context, _ int) error {
			log.WithGroup("g").With("x", 1).InfoContext(ctx, "yours", "y", 2)
			return nil
		}))
		is.NoErr(p.Run(t.Context()))
		ids := map[string]string{}
		for _, s := range spans.All() {
			ids[s.Name] = fmt.Sprintf("trace_id=%s span_id=%s", s.SpanContext.TraceID(), s.SpanContext.SpanID())
		}
		is.Equal(lines(logs.All()), `level=INFO msg=mine pipeline=shop stage=map transaction=a\nb attempt=1 `+ids["map"]+`
level=INFO msg=yours pipeline=shop stage=sink transaction=a\nb attempt=1 `+ids["send sink"]+` g.x=1 g.y=2
`)
	})
}

func TestHandlerHidesWhatLooksLikeACredential(t *testing.T) {
	is := is.New(t)
	var logs ergontest.Logs
	log := slog.New(ergonotel.Handler(&logs, ergonotel.Allow("page_token")))
	log.With("api_key", "k-canary").WithGroup("db").Info("password=canary1 \x1b[31mred", "dsn", "clerk:canary2@tcp(host)/db",
		"url", "postgres://clerk:canary3@host/db", "error", errors.New("authorization: Bearer canary4canary4"), slog.Group("in", "token", "canary5", "n", 3),
		"page_token", "shown", "at", time.Second)
	logs.NoSecret(t, "canary")
	is.Equal(lines(logs.All()), `level=INFO msg="password=*** \\x1b[31mred" api_key=*** db.dsn=*** db.url=postgres://clerk:***@host/db db.error="authorization: ***" db.in.token=*** db.in.n=3 db.page_token=shown db.at=1s
`)
	log.Info("no context", slog.Any("error", nil))
	var none context.Context
	log.InfoContext(none, "no context at all") // as a caller may
}

// No secret comes out by another way: in a group of that name, in a value that is no
// text, in a name that has no separator.
func TestHandlerHidesWhateverTheValueIs(t *testing.T) {
	is := is.New(t)
	var logs ergontest.Logs
	log := slog.New(ergonotel.Handler(&logs))
	u, err := url.Parse("https://clerk:canary1@host/x")
	is.NoErr(err)
	var none *ergon.PanicError
	log.Info("all", "url", u, "copy", *u, "list", []string{"password=canary2"}, "raw", []byte("token: canary3"), slog.Group("token", "value", "canary4"),
		"clientSecret", "canary5", "dbPassword", later("canary6"), "tokens_used", 3, "none", none)
	logs.NoSecret(t, "canary")
	is.Equal(lines(logs.All()), `level=INFO msg=all url=https://clerk:***@host/x copy=https://clerk:***@host/x list="[password=***]" raw="token: ***" token=*** clientSecret=*** dbPassword=*** tokens_used=3 none=(*ergon.PanicError)(nil)
`)
}

// later is a value that is made when it is logged.
type later string

func (l later) LogValue() slog.Value { return slog.GroupValue(slog.String("it", string(l))) }

// A handler behind another of ours does not say again where it is.
func TestHandlersBehindEachOtherSayItOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var logs ergontest.Logs
		p := pipeline.From(source.Slice([]int{1}), pipeline.Observe(ergonotel.Logs(slog.New(slog.NewMultiHandler(ergonotel.Handler(&logs)))))).To(sink.Discard[int]())
		is.NoErr(p.Run(t.Context()))
		is.Equal(strings.Count(lines(logs.All().Saying("run begins")), "pipeline=pipeline"), 1)
	})
}

// What a run could not settle in the end is in its account.
func TestLogsOfWhatWasAbandoned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var logs ergontest.Logs
		var metrics ergontest.Metrics
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		free := make(chan struct{})
		p := pipeline.From(source.Slice([]int{1}), pipeline.Observe(ergonotel.Logs(slog.New(&logs))), pipeline.Observe(ergonotel.Metrics(&metrics)),
			pipeline.With(pipeline.Policy{Drain: time.Second, Grace: time.Second})).
			Map(func(context.Context, int) (int, error) { <-free; return 0, nil }).To(sink.Discard[int]())
		is.True(p.Run(ctx) != nil)
		logs.Contains(t, slog.LevelWarn, "run ended", slog.Int64("unsettled", 1))
		is.Equal(metrics.Sum("ergon.transactions", attribute.String("ergon.outcome", "unsettled")), 1.0)
		close(free)
		synctest.Wait()
	})
}

// atLeast is a handler of some levels.
type atLeast struct {
	slog.Handler
	level slog.Level
}

func (h atLeast) Enabled(_ context.Context, l slog.Level) bool { return l >= h.level }

func (h atLeast) WithAttrs(a []slog.Attr) slog.Handler {
	return atLeast{h.Handler.WithAttrs(a), h.level}
}

func (h atLeast) WithGroup(name string) slog.Handler {
	return atLeast{h.Handler.WithGroup(name), h.level}
}
