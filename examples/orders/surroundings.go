package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/ergon-go/ergon"
)

// What the job says to the shell.
const (
	done        = 0
	failed      = 1
	misused     = 2
	interrupted = 130
)

// surroundings is what the job gets from whoever starts it.
type surroundings struct {
	args    []string
	out     io.Writer
	err     *notices
	signals <-chan os.Signal
	exit    func(code int)   // ends the process at once
	watch   []ergon.Observer // see the consumption too
}

// fromShell is what a process has around it. Signals come to the job from then
// on.
func fromShell(args []string) surroundings {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	return surroundings{args: args, out: os.Stdout, err: &notices{plain: os.Stderr}, signals: signals, exit: os.Exit}
}

// misuseError is a fault of the command line, or of a file named there.
type misuseError struct{ error }

func (e misuseError) Unwrap() error { return e.error }

// run does the job and returns its exit code.
func (s surroundings) run() int {
	f, err := parseFlags(s.args, s.out)
	if errors.Is(err, flag.ErrHelp) {
		return done
	}
	if err != nil {
		return s.ended(misuseError{err})
	}
	scratch, err := f.scratch()
	if err != nil {
		return s.ended(err)
	}
	defer s.clear(scratch)
	ctx, stop := untilSignal(context.Background(), s.signals, s.draining, func() {
		s.clear(scratch)
		s.exit(interrupted)
	})
	defer stop()
	return s.ended((&job{surroundings: s, flags: f, scratch: scratch}).do(ctx))
}

// ended returns the exit code for the way the job ended, and says why.
func (s surroundings) ended(err error) int {
	if err == nil {
		return done
	}
	s.sayf("orders: %s", strings.TrimPrefix(err.Error(), "orders: "))
	if _, misuse := errors.AsType[misuseError](err); misuse {
		return misused
	}
	if errors.Is(err, errInterrupted) {
		return interrupted
	}
	return failed
}

// draining answers the first signal.
func (s surroundings) draining() {
	s.sayf("orders: stopping when what was begun is done; again to stop at once")
}

// clear removes what was only for this run, if anything.
func (s surroundings) clear(scratch string) {
	if err := os.RemoveAll(scratch); err != nil {
		s.sayf("orders: %v", err)
	}
}

func (s surroundings) sayf(format string, args ...any) {
	_, _ = fmt.Fprintf(s.err, format+"\n", args...) // there is nobody else to tell
}
