package ergontest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// longestCall is how long a call may take before its context ends, as it does in
// a pipeline unless set.
const longestCall = time.Minute

// errNotFed is the error of what comes behind a call that does not return.
var errNotFed = errors.New("ergontest: not called, as a call before it does not return")

// Feed calls a function for stages, as Map takes it, with the payload of each
// transaction, one after the other, in virtual time. It returns what the function
// returned, by index; a panic is an *ergon.PanicError, runtime.Goexit is
// ergon.ErrGoexit. A call's context ends after a minute.
//
// Each transaction gets one call: what a retry would do is a matter of the
// pipeline. A call that does not return within 24 hours, and a goroutine that is
// left, fail the test. Feed must not be called in a bubble.
func Feed[In, Out any](t *testing.T, fn func(context.Context, In) (Out, error), txs ...ergon.Transaction[In]) ([]Out, []error) {
	t.Helper()
	return results(feed(t, failing(t), ofPayload(fn), txs))
}

// FeedTransform is Feed for a function as Transform takes it, which sees and
// returns whole transactions. Their ids are those the function returns; a
// pipeline sets them back.
func FeedTransform[In, Out any](t *testing.T, fn func(context.Context, ergon.Transaction[In]) (ergon.Transaction[Out], error), txs ...ergon.Transaction[In]) ([]ergon.Transaction[Out], []error) {
	t.Helper()
	return results(feed(t, failing(t), fn, txs))
}

// ofPayload returns a function of payloads as one of transactions.
func ofPayload[In, Out any](fn func(context.Context, In) (Out, error)) func(context.Context, ergon.Transaction[In]) (Out, error) {
	return func(ctx context.Context, tx ergon.Transaction[In]) (Out, error) { return fn(ctx, tx.Payload()) }
}

// fed is what came of one call.
type fed[Out any] struct {
	out  Out
	err  error
	took time.Duration
}

func results[Out any](calls []fed[Out]) ([]Out, []error) {
	outs, errs := make([]Out, len(calls)), make([]error, len(calls))
	for i, c := range calls {
		outs[i], errs[i] = c.out, c.err
	}
	return outs, errs
}

// feed calls fn with each transaction, in a bubble.
func feed[In, Out any](t *testing.T, report func([]string), fn func(context.Context, ergon.Transaction[In]) (Out, error), txs []ergon.Transaction[In]) []fed[Out] {
	t.Helper()
	calls := make([]fed[Out], len(txs))
	for i := range calls {
		calls[i].err = errNotFed
	}
	inBubble(t, report, func(t *testing.T, b *bubble) {
		for i, tx := range txs {
			if calls[i] = feedOne(t.Context(), fn, tx); errors.Is(calls[i].err, errHangs) {
				b.faultf("transaction %q: %v", tx.ID(), calls[i].err)
				return
			}
		}
	})
	return calls
}

// errHangs is the error of a call that does not return.
var errHangs = fmt.Errorf("the call has not returned within %v", LongestRun)

func feedOne[In, Out any](ctx context.Context, fn func(context.Context, ergon.Transaction[In]) (Out, error), tx ergon.Transaction[In]) fed[Out] {
	ctx, cancel := context.WithTimeoutCause(ctx, longestCall, pipeline.ErrAttemptTimeout)
	defer cancel()
	var out Out // written by the call alone until it has returned
	began := time.Now()
	done := async(func() (err error) {
		out, err = fn(ctx, tx)
		return err
	})
	timer := time.NewTimer(LongestRun)
	defer timer.Stop()
	select {
	case err := <-done:
		return fed[Out]{out, err, time.Since(began)}
	case <-timer.C:
		return fed[Out]{err: errHangs, took: time.Since(began)}
	}
}
