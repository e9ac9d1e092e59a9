package source_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// drain fetches n at a time until io.EOF.
func drain[T any](t *testing.T, s ergon.Source[T], n int) []ergon.Transaction[T] {
	t.Helper()
	var all []ergon.Transaction[T]
	for range 100_000 {
		txs, err := s.Fetch(t.Context(), n)
		all = append(all, txs...)
		if len(txs) > n {
			t.Fatalf("asked for %d, got %d", n, len(txs))
		}
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("no end")
	return nil
}

func ids[T any](txs []ergon.Transaction[T]) []string {
	all := []string{}
	for _, tx := range txs {
		all = append(all, tx.ID())
	}
	return all
}

func payloads[T any](txs []ergon.Transaction[T]) []T {
	all := []T{}
	for _, tx := range txs {
		all = append(all, tx.Payload())
	}
	return all
}

func settlement[T any](tx ergon.Transaction[T], v ergon.Verdict) ergon.Settlement[T] {
	return ergon.Settlement[T]{Transaction: tx, Verdict: v}
}

// checkFaults holds that a source tells its faults wherever it is asked.
func checkFaults[T any](t *testing.T, s ergon.Source[T], faults ...string) {
	t.Helper()
	is := is.New(t)
	validator, ok := s.(interface{ Validate() error })
	is.True(ok) // can be validated
	_, fetch := s.Fetch(t.Context(), 1)
	errs := map[string]error{"Validate": validator.Validate(), "Fetch": fetch}
	if starter, ok := s.(ergon.Starter); ok {
		errs["Start"] = starter.Start(t.Context())
	}
	for where, err := range errs {
		if len(faults) == 0 {
			is.True(where == "Fetch" || err == nil) // nothing is wrong with it
			continue
		}
		var config *ergon.ConfigError
		is.True(errors.As(err, &config)) // says what is wrong
		is.Equal(faultsOf(err), faults)
	}
	if steering, _ := ergon.SteeringOf(fetch); len(faults) > 0 {
		is.Equal(steering, ergon.SteerPermanent) // no use to try again
	}
}

// faultsOf returns the messages of joined errors, in order.
func faultsOf(err error) []string {
	switch e := err.(type) { //nolint:errorlint // this is the walk
	case *ergon.ConfigError:
		return []string{e.Error()}
	case interface{ Unwrap() error }:
		return faultsOf(e.Unwrap())
	case interface{ Unwrap() []error }:
		var all []string
		for _, inner := range e.Unwrap() {
			all = append(all, faultsOf(inner)...)
		}
		return all
	}
	return nil
}

func count(t *testing.T, s any) int {
	t.Helper()
	n, err := s.(ergon.Counter).Count(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func eof(err error) bool { return errors.Is(err, io.EOF) }
