// Package program is the command line of the bench: it measures scenarios, or
// takes profiles of them.
package program

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/scenarios"
)

// Program is what one command can measure.
type Program struct {
	Makers []scenarios.Maker
	Others []peers.Peer // beside those of peers.All
}

// Main runs the program with the arguments of the process, until it is through or
// interrupted, and ends the process where something failed.
func (p Program) Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := p.Run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// Run runs the program with these arguments. What was measured goes to out, how
// far it has come to progress.
func (p Program) Run(ctx context.Context, args []string, out, progress io.Writer) error {
	f, err := p.parse(args, progress)
	if err != nil {
		return err
	}
	if f.list {
		return list(out, p.Makers)
	}
	dir, err := os.MkdirTemp("", "ergon-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left is in the folder for that
	j := job{flags: f, others: p.Others, dir: dir, out: out, progress: progress}
	if f.profile != "" {
		return j.takeProfiles(ctx)
	}
	return j.measure(ctx)
}
