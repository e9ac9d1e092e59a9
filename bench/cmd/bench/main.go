// Command bench measures ergon beside channels by hand and other libraries, on the
// same work, and says which of its goals are met.
//
//	bench                         every scenario, in 20 rounds
//	bench -quick                  in few and short ones, for a first look
//	bench -scenario one-stage,cpu some of them; -list names all
//	bench -report ../docs         write benchmarks.md and benchmarks.svg there
//	bench -scenario cpu -profile DIR
//	                              profiles of ergon's part in it
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	f, err := parseFlags(args, progress)
	if err != nil {
		return err
	}
	if f.list {
		return list(out)
	}
	dir, err := os.MkdirTemp("", "ergon-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left is in the folder for that
	j := job{flags: f, dir: dir, out: out, progress: progress}
	if f.profile != "" {
		return j.takeProfiles(ctx)
	}
	return j.measure(ctx)
}
