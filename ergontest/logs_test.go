package ergontest

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// nested returns a record as slogtest wants it.
func nested(r LogRecord) map[string]any {
	all := map[string]any{slog.LevelKey: r.Level, slog.MessageKey: r.Message}
	if !r.Time.IsZero() {
		all[slog.TimeKey] = r.Time
	}
	for _, a := range r.Attrs {
		into := all
		groups := strings.Split(a.Key, ".")
		for _, group := range groups[:len(groups)-1] {
			if into[group] == nil {
				into[group] = map[string]any{}
			}
			into = into[group].(map[string]any)
		}
		into[groups[len(groups)-1]] = a.Value.Any()
	}
	return all
}

func TestLogsAreAHandler(t *testing.T) {
	var logs *Logs
	slogtest.Run(t, func(*testing.T) slog.Handler {
		logs = &Logs{}
		return logs
	}, func(*testing.T) map[string]any { return nested(logs.All()[0]) })
}

func TestLogsAreFlat(t *testing.T) {
	is := is.New(t)
	var logs Logs
	log := slog.New(&logs).With("run", 7, slog.Group("none")).WithGroup("request")
	log.With("size", 1).WithGroup("of").Debug("seen", "user", "ann", slog.Group("at", "x", 1), slog.Group("", "y", 2))
	log.With("size", 2).Info("again", slog.Attr{})
	all := logs.All()
	is.Equal(all[0].Attrs, []slog.Attr{
		slog.Int("run", 7), slog.Int("request.size", 1), slog.String("request.of.user", "ann"), slog.Int("request.of.at.x", 1), slog.Int("request.of.y", 2),
	})
	is.Equal(all[1].String(), "level=INFO msg=again run=7 request.size=2")
	size, ok := all[1].Value("request.size")
	is.Equal([]any{size.Int64(), ok}, []any{int64(2), true})
	_, ok = all[1].Value("size")
	is.True(!ok)
}

func TestViewsOfLogs(t *testing.T) {
	is := is.New(t)
	var logs Logs
	log := slog.New(&logs)
	log.Info("an order", "id", "7", "lines", []int{1, 2})
	log.Warn("an order, late", "id", "7", "id", "8", "error", errTest)
	log.Warn("nothing")
	all := logs.All()
	is.Equal(len(all.Level(slog.LevelInfo, slog.LevelError)), 1)
	is.Equal(len(all.Saying("order")), 2)
	is.Equal(len(all.With(slog.String("id", "7"))), 1) // the last of a key counts
	is.Equal(len(all.With(slog.Any("lines", []int{1, 2}))), 1)
	is.Equal(len(all.With(slog.Any("error", errTest))), 1)
	is.Equal(len(all.With(slog.Any("error", errors.New("fire")))), 0)
	is.Equal(len(all.With(slog.Int("id", 8))), 0) // of another kind
	is.Equal(len(all.With()), 3)
	is.Equal(len(all.Level(slog.LevelWarn).Saying("late").With(slog.String("id", "8"))), 1)
}

func TestLogsContain(t *testing.T) {
	tests := []struct {
		name  string
		level slog.Level
		text  string
		attrs []slog.Attr
		want  string // empty: it is there
	}{
		{"all of it", slog.LevelWarn, "late", []slog.Attr{slog.String("id", "7"), slog.Group("at", slog.Int("x", 1))}, ""},
		{"another level", slog.LevelInfo, "late", nil, "this was not logged:\n\tINFO, saying \"late\"\nwhat was:\n\tlevel=WARN msg=\"too late\" id=7 at.x=1"},
		{"another text", slog.LevelWarn, "early", nil, "WARN, saying \"early\""},
		{"another value", slog.LevelWarn, "", []slog.Attr{slog.String("id", "8")}, "with [id=8]"},
		{"a key that is not there", slog.LevelWarn, "", []slog.Attr{slog.String("x", "1")}, "with [x=1]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			var logs Logs
			slog.New(&logs).Warn("too late", "id", "7", slog.Group("at", "x", 1))
			passed, printed := judged(is, func(t *testing.T) { logs.Contains(t, tt.level, tt.text, tt.attrs...) })
			is.Equal(passed, tt.want == "")
			is.True(strings.Contains(unindented(printed), tt.want))
		})
	}
	t.Run("nothing was logged", func(t *testing.T) {
		is := is.New(t)
		_, printed := judged(is, func(t *testing.T) { (&Logs{}).Contains(t, slog.LevelInfo, "") })
		is.True(strings.Contains(unindented(printed), "what was:\n\tnothing"))
	})
}

type account struct{ Number, PIN string }

// hidden is a value that logs nothing of itself.
type hidden string

func (hidden) LogValue() slog.Value { return slog.StringValue("***") }

func TestNoSecretIsLogged(t *testing.T) {
	const secret = `s3cr"et`
	tests := []struct {
		name string
		log  func(log *slog.Logger)
		want string // empty: it is not there
	}{
		{"nowhere", func(log *slog.Logger) { log.Info("s3cr", "et", "et") }, ""},
		{"behind a LogValuer", func(log *slog.Logger) { log.Info("", "pin", hidden(secret)) }, ""},
		{"in a transaction", func(log *slog.Logger) {
			log.Info("", "tx", ergon.NewTransaction("7", secret).WithMeta("pin", secret))
		}, ""},
		{"in a message", func(log *slog.Logger) { log.Info("the pin is " + secret + "!") }, "in its message"},
		{"in a key", func(log *slog.Logger) { log.Info("", secret, 1) }, "in its attribute"},
		{"in the name of a group", func(log *slog.Logger) { log.WithGroup(secret).Info("", "a", 1) }, "in its attribute"},
		{"in a value", func(log *slog.Logger) { log.Warn("", "pin", secret) }, "in a record of level WARN, in its attribute \"pin\""},
		{"in bytes", func(log *slog.Logger) { log.Warn("", "pin", []byte(secret)) }, "in its attribute \"pin\""},
		{"in an error", func(log *slog.Logger) { log.Warn("", "error", errors.New(secret)) }, "in its attribute \"error\""},
		{"in a struct", func(log *slog.Logger) { log.Warn("", "account", account{"7", secret}) }, "in its attribute \"account\""},
		{"in what a pointer points to", func(log *slog.Logger) { log.Warn("", "account", &account{"7", secret}) }, "in its attribute \"account\""},
		{"of the logger", func(log *slog.Logger) { log.With("dsn", secret).Warn("") }, "in its attribute \"dsn\""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			var logs Logs
			tt.log(slog.New(&logs))
			passed, printed := judged(is, func(t *testing.T) { logs.NoSecret(t, "another", secret) })
			is.Equal(passed, tt.want == "")
			is.True(strings.Contains(printed, tt.want))
		})
	}
	t.Run("an empty one", func(t *testing.T) {
		is := is.New(t)
		passed, _ := judged(is, func(t *testing.T) { (&Logs{}).NoSecret(t, "") })
		is.True(!passed)
	})
}

// What a value says is what it said when it was logged.
func TestWhatWasLoggedStaysAsItWas(t *testing.T) {
	is := is.New(t)
	var logs Logs
	a := &account{Number: "7"}
	slog.New(&logs).Info("an account", "account", a)
	a.Number = "8"
	is.Equal(logs.All()[0].String(), `level=INFO msg="an account" account="&{Number:7 PIN:}"`)
}

func TestLogsByManyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var logs Logs
		log, began := slog.New(&logs), time.Now()
		done := make([]<-chan error, 20)
		for i := range done {
			done[i] = async(func() error {
				time.Sleep(time.Duration(i) * time.Second)
				log.With("i", i).Info("here")
				_ = logs.All()
				return nil
			})
		}
		for _, d := range done {
			is.NoErr(<-d)
		}
		is.Equal(len(logs.All()), 20)
		is.Equal(logs.All()[19].Time.Sub(began), 19*time.Second)
	})
}
