package retry_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
	"github.com/matryer/is"
)

func TestAttempts(t *testing.T) {
	for _, test := range []struct {
		name string
		max  int
		want int
	}{
		{"unset is three", 0, 3},
		{"one is the first alone", 1, 1},
		{"as said", 7, 7},
		{"unlimited", retry.Unlimited, math.MaxInt},
		{"what Validate refuses is unset", -2, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			is.New(t).Equal(retry.Policy{MaxAttempts: test.max}.Attempts(), test.want)
		})
	}
}

func TestOrTakesOnlyWhatIsUnset(t *testing.T) {
	full := retry.Policy{
		MaxAttempts: 4, AttemptTimeout: time.Second, Within: time.Minute, Backoff: time.Millisecond,
		BackoffMultiplier: 3, BackoffCap: time.Hour, Jitter: retry.NoJitter,
	}
	other := retry.Policy{
		MaxAttempts: retry.Unlimited, AttemptTimeout: 2, Within: 3, Backoff: 4,
		BackoffMultiplier: 5, BackoffCap: 6, Jitter: retry.EqualJitter,
	}
	mixed := full
	mixed.Backoff, mixed.Jitter = other.Backoff, other.Jitter
	for _, test := range []struct {
		name              string
		p, defaults, want retry.Policy
	}{
		{"nothing set", retry.Policy{}, full, full},
		{"all set", other, full, other},
		{"some set", retry.Policy{Backoff: other.Backoff, Jitter: other.Jitter}, full, mixed},
		{"no defaults", full, retry.Policy{}, full},
		{"full jitter is unset", retry.Policy{Jitter: retry.FullJitter}, retry.Policy{Jitter: retry.NoJitter}, retry.Policy{Jitter: retry.NoJitter}},
	} {
		t.Run(test.name, func(t *testing.T) {
			is.New(t).Equal(test.p.Or(test.defaults), test.want)
		})
	}
}

func TestOrKeepsTheCapAboveTheBackoff(t *testing.T) {
	const s = time.Second
	for _, test := range []struct {
		name        string
		p, defaults retry.Policy
		want        time.Duration // the cap
		faulty      bool
	}{
		{"backoff above the cap of the defaults", retry.Policy{Backoff: 9 * s}, retry.Policy{BackoffCap: 5 * s}, 9 * s, false},
		{"backoff below it", retry.Policy{Backoff: 2 * s}, retry.Policy{BackoffCap: 5 * s}, 5 * s, false},
		{"no cap anywhere", retry.Policy{Backoff: 60 * s}, retry.Policy{Backoff: s}, 0, false},
		{"a cap of its own stays a fault", retry.Policy{Backoff: 9 * s, BackoffCap: 8 * s}, retry.Policy{BackoffCap: 5 * s}, 8 * s, true},
		{"faulty defaults stay a fault", retry.Policy{}, retry.Policy{Backoff: 9 * s, BackoffCap: 5 * s}, 5 * s, true},
		{"a negative cap of the defaults too", retry.Policy{Backoff: 9 * s}, retry.Policy{BackoffCap: -s}, -s, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			merged := test.p.Or(test.defaults)
			is.Equal(merged.BackoffCap, test.want)
			is.Equal(merged.Validate() != nil, test.faulty)
		})
	}
}

func TestValidate(t *testing.T) {
	for _, test := range []struct {
		name   string
		p      retry.Policy
		faulty []string // the fields, in order
	}{
		{"zero", retry.Policy{}, nil},
		{"unlimited", retry.Policy{MaxAttempts: retry.Unlimited}, nil},
		{"constant waits", retry.Policy{BackoffMultiplier: 1, Backoff: time.Second, BackoffCap: time.Second}, nil},
		{"below unlimited", retry.Policy{MaxAttempts: -2}, []string{"MaxAttempts"}},
		{"negative timeout", retry.Policy{AttemptTimeout: -1}, []string{"AttemptTimeout"}},
		{"negative within", retry.Policy{Within: -1}, []string{"Within"}},
		{"negative backoff", retry.Policy{Backoff: -1}, []string{"Backoff"}},
		{"negative cap", retry.Policy{BackoffCap: -1}, []string{"BackoffCap"}},
		{"negative multiplier", retry.Policy{BackoffMultiplier: -2}, []string{"BackoffMultiplier"}},
		{"shrinking multiplier", retry.Policy{BackoffMultiplier: 0.99}, []string{"BackoffMultiplier"}},
		{"multiplier not a number", retry.Policy{BackoffMultiplier: math.NaN()}, []string{"BackoffMultiplier"}},
		{"infinite multiplier", retry.Policy{BackoffMultiplier: math.Inf(1)}, []string{"BackoffMultiplier"}},
		{"cap below backoff", retry.Policy{Backoff: 2, BackoffCap: 1}, []string{"BackoffCap"}},
		{"cap below the default backoff", retry.Policy{BackoffCap: time.Millisecond}, []string{"BackoffCap"}},
		{"backoff above the default cap", retry.Policy{Backoff: time.Minute}, nil},
		{"backoff above a cap of the default's length", retry.Policy{Backoff: time.Minute, BackoffCap: 30 * time.Second}, []string{"BackoffCap"}},
		{"unknown jitter", retry.Policy{Jitter: 3}, []string{"Jitter"}},
		{"all at once", retry.Policy{-2, -1, -1, -1, 0.5, -1, 9}, []string{
			"MaxAttempts", "AttemptTimeout", "Within", "Backoff", "BackoffMultiplier", "BackoffCap", "Jitter",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			err := test.p.Validate()
			is.Equal(err != nil, len(test.faulty) > 0)
			is.Equal(errors.Is(err, ergon.ErrConfig), err != nil)
			var faulty []string
			for _, fault := range joined(err) {
				var config *ergon.ConfigError
				is.True(errors.As(fault, &config))
				is.Equal(config.Where, "retry.Policy")
				is.True(config.Value != "")
				faulty = append(faulty, config.Field)
			}
			is.Equal(strings.Join(faulty, " "), strings.Join(test.faulty, " "))
		})
	}
}

func TestValidateSaysWhatIsWrong(t *testing.T) {
	is := is.New(t)
	err := retry.Policy{Backoff: time.Minute, BackoffCap: 30 * time.Second}.Validate()
	is.Equal(err.Error(), "retry.Policy: BackoffCap = 30s: is below the Backoff of 1m0s")
}

func TestJitterString(t *testing.T) {
	is := is.New(t)
	is.Equal(retry.FullJitter.String(), "full")
	is.Equal(retry.EqualJitter.String(), "equal")
	is.Equal(retry.NoJitter.String(), "none")
	is.Equal(retry.Jitter(9).String(), "jitter(9)")
}

func joined(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		return j.Unwrap()
	}
	return nil
}
