package ergon_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

var errDown = &fs.PathError{Op: "open", Path: "orders", Err: fs.ErrNotExist}

// wrapper wraps as other libraries do.
type wrapper struct{ inner error }

func (w *wrapper) Error() string { return "wrapped" }
func (w *wrapper) Unwrap() error { return w.inner }

// wrappers wraps several.
type wrappers []error

func (w wrappers) Error() string   { return "several" }
func (w wrappers) Unwrap() []error { return w }

func TestSteeringIsSeenThroughAnyWrapping(t *testing.T) {
	for _, steers := range []struct {
		err   error
		want  ergon.Steering
		delay time.Duration
	}{
		{errDown, ergon.SteerRetry, 0},
		{ergon.Business(errDown), ergon.SteerBusiness, 0},
		{ergon.Permanent(errDown), ergon.SteerPermanent, 0},
		{ergon.RetryAfter(time.Second, errDown), ergon.SteerRetryAfter, time.Second},
		{ergon.Hold(2*time.Second, errDown), ergon.SteerHold, 2 * time.Second},
		{ergon.Return(3*time.Second, errDown), ergon.SteerReturn, 3 * time.Second},
		{ergon.DeadLetter(errDown), ergon.SteerDeadLetter, 0},
		{ergon.Drop("unwanted"), ergon.SteerDrop, 0},
		{ergon.Fatal(errDown), ergon.SteerFatal, 0},
		{ergon.Handled, ergon.SteerHandled, 0},
	} {
		for name, err := range map[string]error{
			"as it is":         steers.err,
			"by fmt":           fmt.Errorf("loading: %w", steers.err),
			"by fmt, twice":    fmt.Errorf("job: %w", fmt.Errorf("loading: %w", steers.err)),
			"by fmt, as two":   fmt.Errorf("%w: %w", fs.ErrClosed, steers.err),
			"joined, first":    errors.Join(steers.err, fs.ErrClosed),
			"joined, last":     errors.Join(fs.ErrClosed, steers.err),
			"by another type":  &wrapper{steers.err},
			"among several":    wrappers{nil, fs.ErrClosed, &wrapper{steers.err}},
			"in a join inside": fmt.Errorf("job: %w", errors.Join(fs.ErrClosed, &wrapper{steers.err})),
		} {
			t.Run(steers.want.String()+" "+name, func(t *testing.T) {
				is := is.New(t)
				steering, delay := ergon.SteeringOf(err)
				is.Equal(steering, steers.want)
				is.Equal(delay, steers.delay)
				is.True(errors.Is(err, steers.err))
			})
		}
	}
}

func TestSteeringOfWhatDoesNotSteer(t *testing.T) {
	fatal := ergon.Fatal(errDown)
	for name, err := range map[string]error{
		"nil":                       nil,
		"plain":                     errDown,
		"canceled":                  context.Canceled,
		"wraps nil":                 &wrapper{},
		"joins nil":                 wrappers{nil, nil},
		"joins nothing":             wrappers{},
		"item errors":               ergon.ItemErrors{fatal},
		"item errors, wrapped":      fmt.Errorf("storing: %w", ergon.ItemErrors{fatal}),
		"item errors, joined":       errors.Join(errDown, ergon.ItemErrors{fatal}),
		"a panic with it":           &ergon.PanicError{Value: fatal},
		"a panic that says handled": fmt.Errorf("stage: %w", &ergon.PanicError{Value: ergon.Handled}),
		"its text alone":            errors.New(fatal.Error()),
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			steering, delay := ergon.SteeringOf(err)
			is.Equal(steering, ergon.SteerRetry)
			is.Equal(delay, time.Duration(0))
		})
	}
}

func TestTheOutermostSteeringCounts(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
		want ergon.Steering
	}{
		{"one in another", ergon.Return(time.Second, ergon.Business(errDown)), ergon.SteerReturn},
		{"wrapped between", ergon.Fatal(fmt.Errorf("x: %w", ergon.Drop("y"))), ergon.SteerFatal},
		{"the first of two joined", errors.Join(ergon.Drop("y"), ergon.Fatal(nil)), ergon.SteerDrop},
		{"a mark on item errors", ergon.Business(ergon.ItemErrors{ergon.Fatal(nil)}), ergon.SteerBusiness},
		{"a mark on a panic", ergon.Permanent(&ergon.PanicError{Value: ergon.Handled}), ergon.SteerPermanent},
		{"handled, made business", ergon.Business(ergon.Handled), ergon.SteerBusiness},
	} {
		t.Run(test.name, func(t *testing.T) {
			steering, _ := ergon.SteeringOf(test.err)
			is.New(t).Equal(steering, test.want)
		})
	}
}

func TestSteeringErrorsKeepWhatTheyCarry(t *testing.T) {
	for name, wrap := range map[string]func(error) error{
		"Business":   ergon.Business,
		"Permanent":  ergon.Permanent,
		"DeadLetter": ergon.DeadLetter,
		"Fatal":      ergon.Fatal,
		"RetryAfter": func(err error) error { return ergon.RetryAfter(1, err) },
		"Hold":       func(err error) error { return ergon.Hold(1, err) },
		"Return":     func(err error) error { return ergon.Return(1, err) },
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			err := wrap(errDown)
			is.Equal(err.Error(), errDown.Error())
			is.True(errors.Is(err, fs.ErrNotExist))
			found, ok := errors.AsType[*fs.PathError](err)
			is.True(ok)
			is.Equal(found, errDown)
		})
	}
}

func TestSteeringWithoutAnError(t *testing.T) {
	is := is.New(t)
	is.NoErr(ergon.Business(nil)) // a mark on nothing is nothing
	is.NoErr(ergon.Permanent(nil))
	for _, test := range []struct {
		err  error
		want string
	}{
		{ergon.RetryAfter(1, nil), "ergon: retry after"},
		{ergon.Hold(1, nil), "ergon: hold"},
		{ergon.Return(1, nil), "ergon: return"},
		{ergon.DeadLetter(nil), "ergon: dead letter"},
		{ergon.Fatal(nil), "ergon: fatal"},
		{ergon.Handled, "ergon: handled"},
		{ergon.Drop(""), ""},
	} {
		is.Equal(test.err.Error(), test.want)
	}
}

func TestSteeringDelaysAreNeverNegative(t *testing.T) {
	for _, err := range []error{ergon.RetryAfter(-1, nil), ergon.Hold(-1, nil), ergon.Return(math.MinInt64, nil)} {
		_, delay := ergon.SteeringOf(err)
		is.New(t).Equal(delay, time.Duration(0))
	}
}

func TestDropCutsItsReason(t *testing.T) {
	is := is.New(t)
	is.Equal(ergon.Drop(strings.Repeat("x", ergon.LongestText)).Error(), strings.Repeat("x", ergon.LongestText))
	is.Equal(ergon.Drop(strings.Repeat("x", 1<<20)).Error(), strings.Repeat("x", ergon.LongestText)+"…")
}

func TestSteeringString(t *testing.T) {
	is := is.New(t)
	var names []string
	for s := ergon.SteerRetry; s <= ergon.SteerHandled+1; s++ {
		names = append(names, s.String())
	}
	is.Equal(strings.Join(names, ", "), "retry, business error, permanent error, retry after, hold, return, dead letter, drop, fatal, handled, steering(10)")
}
