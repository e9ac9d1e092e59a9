// Command show shows sample pipelines in the terminal and as a page, until it is
// interrupted.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/ergon-go/ergon/live"
	"github.com/ergon-go/ergon/live/screens/internal/show"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	l, err := live.Listen(ctx, "localhost:7777")
	if err == nil {
		err = show.Pipelines(ctx, l, os.Stdout, show.Samples()...)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "show:", err)
		os.Exit(1)
	}
}
