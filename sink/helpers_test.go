package sink_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// txs returns transactions with the ids t:0, t:1 …
func txs[T any](payloads ...T) []ergon.Transaction[T] {
	all := make([]ergon.Transaction[T], len(payloads))
	for i, p := range payloads {
		all[i] = ergon.Numbered("t", int64(i), p)
	}
	return all
}

// numbers returns the numbers from 0 to n-1.
func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// texts returns the texts of the entries of an ItemErrors, "" for nil ones, and
// what else an error says as a single text; where it panicked is left out.
func texts(err error) []string {
	items, ok := err.(ergon.ItemErrors)
	if !ok {
		return []string{err.Error()}
	}
	all := make([]string, len(items))
	for i, e := range items {
		if e != nil {
			all[i], _, _ = strings.Cut(e.Error(), " (func_test.go:")
		}
	}
	return all
}

// refused checks that what Validate says of a sink, and what Dispatch answers,
// is a fault of the configuration that ends the run.
func refused[T any](t *testing.T, s ergon.Sink[T], wants ...string) {
	t.Helper()
	is := is.New(t)
	err := s.(interface{ Validate() error }).Validate()
	var fault *ergon.ConfigError
	is.True(errors.As(err, &fault))
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("Validate says %q, not %q", err, want)
		}
	}
	if starter, ok := s.(ergon.Starter); ok {
		is.True(errors.Is(starter.Start(t.Context()), ergon.ErrConfig))
	}
	err = s.Dispatch(t.Context(), make([]ergon.Transaction[T], 1))
	is.True(errors.Is(err, ergon.ErrConfig))
	steering, _ := ergon.SteeringOf(err)
	is.Equal(steering, ergon.SteerFatal)
}

func double(n int) string { return strconv.Itoa(2 * n) }
