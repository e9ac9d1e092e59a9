package setup_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/ergon-go/ergon/otel/setup"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
)

func ExampleNew() {
	ctx := context.Background()
	telemetry, err := setup.New(ctx, setup.Config{Service: "invoices", Prometheus: "localhost:0", Console: io.Discard})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = telemetry.Shutdown(ctx) }() // flushes, also when the run has failed
	err = pipeline.From(source.Slice([]int{1, 2, 3}), pipeline.Observe(telemetry.Observer())).To(sink.Discard[int]()).Run(ctx)
	fmt.Println(err)
	resp, err := http.Get("http://" + telemetry.PrometheusAddr() + "/metrics") //nolint:noctx // an example
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	fmt.Println(strings.Contains(string(body), "ergon_transactions_total"))
	// Output:
	// <nil>
	// true
}

func ExampleConfig_Validate() {
	fmt.Println(setup.Config{Endpoint: "localhost", Protocol: "udp"}.Validate())
	// Output:
	// setup.Config: Endpoint: it must be a URL as http://localhost:4318
	// setup.Config: Protocol: it must be "http/protobuf" or "grpc"
}

func ExampleTelemetry_Logger() {
	telemetry, err := setup.New(context.Background(), setup.Config{Console: withoutTime{}, Format: setup.JSON})
	if err != nil {
		fmt.Println(err)
		return
	}
	telemetry.Logger().Info("here", "password", "hunter2")
	fmt.Println(telemetry.Shutdown(context.Background()))
	// Output:
	// "level":"INFO","msg":"here","password":"***"}
	// <nil>
}

// Shutdown belongs where everything has ended, and says what could not be flushed.
func ExampleTelemetry_Shutdown() {
	telemetry, err := setup.New(context.Background(), setup.Config{Service: "invoices", Console: io.Discard})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	fmt.Println(telemetry.Shutdown(ctx))
	// Output:
	// <nil>
}

// Use is for libraries that know the global providers and logger only.
func ExampleTelemetry_Use() {
	before := slog.Default()
	defer slog.SetDefault(before)
	telemetry, err := setup.New(context.Background(), setup.Config{Console: withoutTime{}, Format: setup.JSON})
	if err != nil {
		fmt.Println(err)
		return
	}
	telemetry.Use()
	slog.Info("a library speaks")
	fmt.Println(telemetry.Shutdown(context.Background()))
	// Output:
	// "level":"INFO","msg":"a library speaks"}
	// <nil>
}

// withoutTime writes records without their time, which is never the same.
type withoutTime struct{}

func (withoutTime) Write(p []byte) (int, error) {
	_, rest, _ := strings.Cut(string(p), ",")
	return os.Stdout.WriteString(rest)
}

// What one pipeline warns of has a place of its own; another one is debugged.
func ExampleRoute() {
	telemetry, err := setup.New(context.Background(), setup.Config{
		Console: io.Discard,
		Levels:  map[string]slog.Leveler{"orders": slog.LevelDebug},
		Routes:  []setup.Route{{Pipelines: []string{"returns"}, Level: slog.LevelWarn, To: slog.NewJSONHandler(withoutTime{}, nil), Only: true}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	check := func(ctx context.Context, v int) (int, error) {
		telemetry.Logger().WarnContext(ctx, "it is odd")
		return v, nil
	}
	for _, name := range []string{"orders", "returns"} {
		p := pipeline.From(source.Slice([]int{1}), pipeline.Named(name), pipeline.Observe(telemetry.Observer())).Map(check).To(sink.Discard[int]())
		err = errors.Join(err, p.Run(context.Background()))
	}
	fmt.Println(errors.Join(err, telemetry.Shutdown(context.Background())))
	// Output:
	// "level":"WARN","msg":"it is odd","pipeline":"returns","stage":"map","transaction":"slice:0","attempt":1}
	// <nil>
}
