package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

// flags is what the command line asks for.
type flags struct {
	in      string // the export; empty = generated lines
	db      string // the database; empty = a temporary one
	lines   int    // how many are generated
	seed    uint64
	lease   time.Duration
	quiet   bool
	observe string // the folder of logs and traces; empty = nothing is observed
}

const about = `orders makes invoices of order lines, through a durable queue.

usage: orders [flags]

`

// parseFlags reads the command line. Everything wrong with it is one error;
// flag.ErrHelp has been answered on out.
func parseFlags(args []string, out io.Writer) (flags, error) {
	var f flags
	set := flag.NewFlagSet("orders", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&f.in, "in", "", "a CSV `file` of order lines (without it, lines are generated)")
	set.StringVar(&f.db, "db", "", "the database `file`, made if there is none, kept and continued (without it, a temporary one)")
	set.IntVar(&f.lines, "n", 10_000, "how many `lines` to generate")
	set.Uint64Var(&f.seed, "seed", 1, "decides which lines are generated, and which faults the directory has")
	set.DurationVar(&f.lease, "lease", 5*time.Second, "for how long lines stay with a process that died")
	set.BoolVar(&f.quiet, "quiet", false, "show no progress")
	set.StringVar(&f.observe, "observe", "", "show all that happens: live in the terminal and in the browser, with logs and traces in a `folder` (2 or 3 MB for 10,000 lines)")
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		_, _ = io.WriteString(out, about)
		set.SetOutput(out)
		set.PrintDefaults()
		return f, err
	}
	if err != nil {
		return f, err
	}
	return f, f.faults(set)
}

// scratch makes a folder for what the command line does not name, if anything.
func (f flags) scratch() (string, error) {
	if f.db != "" && f.in != "" {
		return "", nil
	}
	return os.MkdirTemp("", "orders-")
}

// faults returns all that is wrong with flags that could be read.
func (f flags) faults(set *flag.FlagSet) error {
	var faults []error
	if set.NArg() > 0 {
		faults = append(faults, fmt.Errorf("unexpected argument %q", set.Arg(0)))
	}
	if f.lines < 1 {
		faults = append(faults, fmt.Errorf("-n %d: must be at least 1", f.lines))
	}
	if f.lease < time.Second {
		faults = append(faults, fmt.Errorf("-lease %v: must be at least 1s", f.lease))
	}
	set.Visit(func(given *flag.Flag) {
		if given.Name == "n" && f.in != "" {
			faults = append(faults, errors.New("-n is for generated lines, -in for those of a file: give one of them"))
		}
	})
	return errors.Join(faults...)
}
