// Command observability is a pipeline to look at: orders arrive without end, some are
// refused, some need several attempts, and what they do is sent to the stack beside it.
// Its endpoint is that of OTEL_EXPORTER_OTLP_ENDPOINT, or the stack's on this machine.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/ergon-go/ergon/otel/setup"
	"github.com/ergon-go/ergon/pipeline"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "observability:", err)
		os.Exit(1)
	}
}

// run processes orders until ctx ends.
func run(ctx context.Context) error {
	telemetry, err := setup.New(ctx, setup.Config{
		Service:  "shop",
		Endpoint: cmp.Or(os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"), "http://localhost:4318"),
		Interval: interval,
	})
	if err != nil {
		return err
	}
	telemetry.Use()
	err = orders(arriving(), rows(), pipeline.Observe(telemetry.Observer())).Stream(ctx)
	return errors.Join(err, telemetry.Shutdown(context.WithoutCancel(ctx)))
}
