package ergon_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestConfigErrorSays(t *testing.T) {
	for _, test := range []struct {
		err  ergon.ConfigError
		want string
	}{
		{ergon.ConfigError{Where: "From", Why: "the source is nil"}, "From: the source is nil"},
		{ergon.ConfigError{Where: `stage 3 Map("price")`, Field: "Workers", Why: "is not set"}, `stage 3 Map("price"): Workers: is not set`},
		{ergon.ConfigError{Where: "retry.Policy", Field: "Within", Value: "-1s", Why: "must not be negative"}, "retry.Policy: Within = -1s: must not be negative"},
	} {
		is.New(t).Equal(test.err.Error(), test.want)
	}
}

func TestConfigErrorsAreFoundWhenJoined(t *testing.T) {
	is := is.New(t)
	err := fmt.Errorf("starting: %w", errors.Join(errDown, &ergon.ConfigError{Where: "From", Why: "is nil"}))
	is.True(errors.Is(err, ergon.ErrConfig))
	config, ok := errors.AsType[*ergon.ConfigError](err)
	is.True(ok)
	is.Equal(config.Where, "From")
	is.True(!errors.Is(config, errDown))
}

func TestPanicError(t *testing.T) {
	var none *wrapper
	for _, test := range []struct {
		name  string
		value any
		want  string
		inner error
	}{
		{"a text", "boom", "panic: boom", nil},
		{"an error", errDown, "panic: " + errDown.Error(), errDown},
		{"nothing", nil, "panic: <nil>", nil},
		{"a number", 7, "panic: 7", nil},
		{"a typed nil", none, "panic: wrapped", none},
		{"very much", strings.Repeat("x", 1<<20), "panic: " + strings.Repeat("x", ergon.LongestText) + "…", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			err := &ergon.PanicError{Value: test.value}
			is.Equal(err.Error(), test.want)
			is.Equal(err.Unwrap(), test.inner)
		})
	}
}

func TestSentinelsAreDistinct(t *testing.T) {
	is := is.New(t)
	all := []error{ergon.ErrConfig, ergon.ErrGoexit, ergon.ErrReport, ergon.ErrNotFound, ergon.ErrLeaseLost, ergon.Handled}
	for i, a := range all {
		is.True(strings.HasPrefix(a.Error(), "ergon: "))
		for j, b := range all {
			is.Equal(errors.Is(a, b), i == j)
		}
	}
}
