// Command orders does the job of examples/orders without ergon: it is what the
// bench compares that with.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/ergon-go/ergon/bench/internal/plain"
)

func main() {
	var j plain.Job
	flag.StringVar(&j.In, "in", "", "a CSV `file` of order lines")
	flag.StringVar(&j.DB, "db", "", "the database `file`, made if there is none, kept and continued")
	flag.Uint64Var(&j.Seed, "seed", 1, "decides which faults the directory has")
	flag.DurationVar(&j.Lease, "lease", 5*time.Second, "for how long lines stay with a process that died")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	began := time.Now()
	f, err := j.Do(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "orders:", err)
		stop()
		os.Exit(1)
	}
	fmt.Printf("invoiced %d (%d pence)  rejected %d  left %d  elapsed %v\n", f.Invoiced, f.Total, f.Rejected, f.Left, time.Since(began).Round(10*time.Millisecond))
}
