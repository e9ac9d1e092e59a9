package setup_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/otel/setup"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// canary is a secret that must not come out anywhere.
const canary = "canary7"

// shop runs a pipeline in which one order is stored at its second attempt, and one is
// set aside.
func shop(t *testing.T, telemetry *setup.Telemetry) {
	t.Helper()
	tried := map[string]int{}
	price := func(ctx context.Context, order string) (string, error) {
		tried[order]++
		telemetry.Logger().InfoContext(ctx, "prices", "password", canary)
		switch {
		case strings.HasPrefix(order, "late") && tried[order] == 1:
			return "", errors.New("dial postgres://clerk:" + canary + "@db: refused")
		case strings.HasPrefix(order, "bad"):
			return "", ergon.Business(errors.New("no such article"))
		}
		return order, nil
	}
	orders := source.Transactions(
		ergon.NewTransaction("1", "late "+canary).WithMeta("session", canary),
		ergon.NewTransaction("2", "bad "+canary),
	)
	err := pipeline.From(orders, pipeline.Named("shop"), pipeline.Observe(telemetry.Observer())).
		Map(price, stage.Named("price"), stage.Retry(retry.Policy{MaxAttempts: 2, Backoff: time.Millisecond})).
		DeadLetter(sink.Discard[string]()).To(sink.Discard[string](), stage.Named("till")).Run(t.Context())
	is.New(t).NoErr(err)
}

// quiet keeps the environment of whoever tests from the tests.
func quiet(t *testing.T) {
	t.Helper()
	for _, name := range os.Environ() {
		if name, _, _ = strings.Cut(name, "="); strings.HasPrefix(name, "OTEL_") {
			t.Setenv(name, "")
		}
	}
}

// What a backend gets through OTLP is what happened, over HTTP and gRPC.
func TestOTLP(t *testing.T) {
	for _, c := range []struct {
		name     string
		protocol setup.Protocol
		open     func(*receiver, *testing.T) string
	}{{"http", setup.HTTP, (*receiver).overHTTP}, {"grpc", setup.GRPC, (*receiver).overGRPC}} {
		t.Run(c.name, func(t *testing.T) {
			quiet(t)
			is := is.New(t)
			backend := &receiver{}
			var console bytes.Buffer
			telemetry, err := setup.New(t.Context(), setup.Config{
				Service: "invoices", Version: "1.2", Task: "night", Worker: "w7", Endpoint: c.open(backend, t), Protocol: c.protocol, Console: &console,
				Headers: map[string]string{"authorization": "Bearer x"},
			})
			is.NoErr(err)
			shop(t, telemetry)
			is.NoErr(telemetry.Shutdown(t.Context())) // flushes all of it
			backend.mu.Lock()
			defer backend.mu.Unlock()
			backend.judge(t)
			if strings.Contains(backend.all+console.String(), canary) {
				t.Errorf("a secret came out:\n%s\n%s", backend.all, console.String())
			}
		})
	}
}

// judge reads as a backend does.
func (r *receiver) judge(t *testing.T) {
	is := is.New(t)
	about := r.resources[0].Attributes
	is.Equal(text(about, "service.name")+" "+text(about, "service.version")+" "+text(about, "ergon.task")+" "+text(about, "ergon.worker.id"), "invoices 1.2 night w7")
	is.True(text(about, "host.name") != "" && len(text(about, "ergon.execution.id")) == 36)
	tree := map[string]string{} // of each span, its parent
	names := map[string]string{}
	for _, s := range r.spans {
		names[string(s.SpanId)] = s.Name
	}
	failed := 0
	ids := map[string]bool{}
	for _, s := range r.spans {
		tree[s.Name] = names[string(s.ParentSpanId)]
		ids[hex.EncodeToString(s.TraceId)+hex.EncodeToString(s.SpanId)] = true
		if s.Name == "price" && s.Status.GetCode() == 2 {
			failed++
		}
	}
	is.Equal(tree, map[string]string{
		"run shop": "", "receive shop": "run shop", "batch shop": "run shop", "process shop": "batch shop",
		"price": "process shop", "send till": "process shop", "dead-letter": "process shop", "send dead-letter": "process shop",
	})
	is.Equal(failed, 2)
	got := map[string]bool{}
	for _, m := range r.metrics {
		got[m.Name] = true
	}
	is.True(got["ergon.transactions"] && got["ergon.stage.attempts"] && got["ergon.run.duration"] && got["messaging.client.consumed.messages"])
	mine := 0
	for _, record := range r.records {
		if record.Body.GetStringValue() != "prices" {
			continue
		}
		mine++
		is.True(ids[hex.EncodeToString(record.TraceId)+hex.EncodeToString(record.SpanId)]) // the trace of a record is one of a span
		is.Equal(text(record.Attributes, "span_id"), hex.EncodeToString(record.SpanId))
		is.Equal(text(record.Attributes, "stage"), "price")
	}
	is.Equal(mine, 3)
}

// A scrape finds the account of what was run.
func TestPrometheus(t *testing.T) {
	quiet(t)
	is := is.New(t)
	telemetry, err := setup.New(t.Context(), setup.Config{Prometheus: "localhost:0", Console: io.Discard})
	is.NoErr(err)
	shop(t, telemetry)
	resp, err := http.Get("http://" + telemetry.PrometheusAddr() + "/metrics") //nolint:noctx // a test
	is.NoErr(err)
	body, err := io.ReadAll(resp.Body)
	is.NoErr(err)
	is.NoErr(resp.Body.Close())
	found := 0
	for line := range strings.Lines(string(body)) {
		if strings.HasPrefix(line, "ergon_transactions_total{") && strings.Contains(line, `ergon_pipeline="shop"`) && strings.HasSuffix(line, " 1\n") &&
			(strings.Contains(line, `ergon_outcome="succeeded"`) || strings.Contains(line, `ergon_outcome="dead_lettered"`)) {
			found++
		}
	}
	if found != 2 || strings.Contains(string(body), canary) {
		t.Errorf("found %d in\n%s", found, body)
	}
	is.NoErr(telemetry.Shutdown(t.Context()))
	if _, err := http.Get("http://" + telemetry.PrometheusAddr() + "/metrics"); err == nil { //nolint:noctx,bodyclose // a test
		t.Error("it is served after Shutdown")
	}
}

// Records on the console and in the file are JSON, line by line, and know their trace.
func TestLogsInJSON(t *testing.T) {
	quiet(t)
	is := is.New(t)
	var console bytes.Buffer
	path := filepath.Join(t.TempDir(), "logs", "shop.json")
	backend := &receiver{}
	telemetry, err := setup.New(t.Context(), setup.Config{Console: &console, Format: setup.JSON, File: path, Endpoint: backend.overHTTP(t)})
	is.NoErr(err)
	shop(t, telemetry)
	is.NoErr(telemetry.Shutdown(t.Context()))
	written, err := os.ReadFile(path)
	is.NoErr(err)
	is.Equal(string(written), console.String())
	is.True(!strings.Contains(console.String(), canary))
	mine := 0
	for lines := bufio.NewScanner(&console); lines.Scan(); {
		var record map[string]any
		is.NoErr(json.Unmarshal(lines.Bytes(), &record))
		if record["msg"] == "prices" {
			mine++
			is.Equal(record["password"], "***")
			is.True(len(record["trace_id"].(string)) == 32 && record["transaction"] != "" && record["stage"] == "price")
		}
	}
	is.Equal(mine, 3)
}

func TestTheConsoleIsForPeopleWhereThatIsWanted(t *testing.T) {
	quiet(t)
	is := is.New(t)
	var console bytes.Buffer
	telemetry, err := setup.New(t.Context(), setup.Config{Console: &console, Format: setup.Text, Level: slog.LevelWarn})
	is.NoErr(err)
	telemetry.Logger().Info("no")
	telemetry.Logger().Warn("yes", "n", 1)
	is.True(strings.HasSuffix(console.String(), " WRN yes n=1\n"))
	is.True(!strings.Contains(console.String(), "\x1b")) // it is no terminal
	is.NoErr(telemetry.Shutdown(t.Context()))
}

// A handler that fails or panics takes nothing from the others.
func TestAConsoleThatFailsTakesNothingFromTheFile(t *testing.T) {
	quiet(t)
	for name, console := range map[string]io.Writer{"fails": broken{errors.New("no")}, "panics": broken{nil}} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			path := filepath.Join(t.TempDir(), "shop.json")
			telemetry, err := setup.New(t.Context(), setup.Config{Console: console, Format: setup.JSON, File: path})
			is.NoErr(err)
			telemetry.Logger().Info("here")
			is.NoErr(telemetry.Shutdown(t.Context()))
			written, err := os.ReadFile(path)
			is.NoErr(err)
			is.True(strings.Contains(string(written), `"msg":"here"`))
		})
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) {
	if b.err == nil {
		panic("a bug")
	}
	return 0, b.err
}

// The environment says it where the configuration does not.
func TestTheEnvironmentIsAsked(t *testing.T) {
	quiet(t)
	is := is.New(t)
	backend := &receiver{}
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", backend.overGRPC(t))
	t.Setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
	t.Setenv("OTEL_SERVICE_NAME", "from-outside")
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
	t.Setenv("OTEL_TRACES_SAMPLER", "always_off")
	t.Setenv("OTEL_LOGS_EXPORTER", "none")
	telemetry, err := setup.New(t.Context(), setup.Config{Console: io.Discard})
	is.NoErr(err)
	shop(t, telemetry)
	is.NoErr(telemetry.Shutdown(t.Context()))
	backend.mu.Lock()
	defer backend.mu.Unlock()
	is.Equal(len(backend.spans), 0)
	is.Equal(len(backend.records), 0)
	is.True(len(backend.metrics) > 0)
	is.Equal(text(backend.resources[0].Attributes, "service.name"), "from-outside")
	is.Equal(text(backend.resources[0].Attributes, "deployment.environment.name"), "test")
}

// All faults are told at once, and none of them shows a credential.
func TestValidate(t *testing.T) {
	is := is.New(t)
	_, err := setup.New(t.Context(), setup.Config{
		Endpoint: "http://clerk:" + canary + "@host", Protocol: "tcp", Format: "xml", Prometheus: "9464", Interval: -1, Timeout: -1, FileSize: -1,
	})
	is.True(errors.Is(err, ergon.ErrConfig))
	for _, field := range []string{"Endpoint", "Protocol", "Format", "Prometheus", "Interval", "Timeout", "FileSize"} {
		is.True(strings.Contains(err.Error(), field))
	}
	is.True(!strings.Contains(err.Error(), canary))
	is.True(setup.Config{Headers: map[string]string{"a": "b"}}.Validate() != nil)
	is.NoErr(setup.Config{Endpoint: "https://host:4318", Protocol: setup.GRPC, Format: setup.Text}.Validate())
}

// What cannot be made is said, and nothing is left behind.
func TestNewSaysWhatCannotBeMade(t *testing.T) {
	quiet(t)
	is := is.New(t)
	_, err := setup.New(t.Context(), setup.Config{File: t.TempDir(), Console: io.Discard})
	is.True(err != nil && strings.Contains(err.Error(), "the file of logs"))
	_, err = setup.New(t.Context(), setup.Config{Traces: t.TempDir(), Console: io.Discard})
	is.True(err != nil && strings.Contains(err.Error(), "the file of traces"))
	first, err := setup.New(t.Context(), setup.Config{Prometheus: "localhost:0", Console: io.Discard})
	is.NoErr(err)
	_, err = setup.New(t.Context(), setup.Config{Prometheus: first.PrometheusAddr(), Console: io.Discard})
	is.True(err != nil && strings.Contains(err.Error(), "Prometheus"))
	is.NoErr(first.Shutdown(t.Context()))
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:1")
	t.Setenv("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "carrier-pigeon")
	_, err = setup.New(t.Context(), setup.Config{Console: io.Discard})
	is.True(err != nil && strings.Contains(err.Error(), `metrics: the protocol "carrier-pigeon" is unknown`))
}
