package engine

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/ergon-go/ergon"
)

// answer is what is to become of a failed transaction.
type answer struct {
	verdict ergon.Verdict
	delay   time.Duration
	least   time.Duration // of a delay that the policy decides
	row     bucket
	err     error
}

// originBody returns what all pools of whole transactions have in common.
func originBody[In, R any](kind ergon.Kind) body[*origin[In], R] {
	return body[*origin[In], R]{
		kind:     kind,
		node:     func(o *origin[In]) *node { return &o.node },
		released: func(o *origin[In]) { o.settle(releasedRow, ergon.Released, 0, nil) },
		dropped:  func(o *origin[In]) { o.settle(dropped, ergon.Acked, 0, nil) },
		passed:   func(o *origin[In]) { o.carryOut() },
	}
}

// newHandler returns the pool that calls OnError.
func newHandler[In any](p *Pipe[In], s *Step, handle func(context.Context, ergon.Failure[In]) error) *pool[*origin[In], struct{}] {
	b := originBody[In, struct{}](ergon.KindHandler)
	b.rule = ruleHandler
	b.attempt = func(ctx context.Context, c *call[*origin[In], struct{}], _ []struct{}) error {
		o := c.items[0]
		err := handle(ctx, *o.failure)
		if ergon.ItemErrorsOf(err, 1) == nil {
			err = nil // the report of a sink that the handler called: stored, so seen
		}
		a, understood := o.understand(err)
		if !understood {
			return err
		}
		o.answer = a
		return nil
	}
	b.begun = func(e *ergon.Event, o *origin[In]) {
		e.Err, e.Category, e.Verdict = o.failure.Err, o.failure.Category, o.failure.Verdict
	}
	b.done = func(e *ergon.Event, o *origin[In]) {
		if e.Err == nil {
			e.Verdict = o.answer.verdict
		}
	}
	b.failed = func(o *origin[In], f fault) {
		err := errors.Join(o.failure.Err, fmt.Errorf("pipeline: OnError: %w", f.err))
		o.answer = answer{verdict: ergon.Returned, delay: unset, row: returned, err: err}
		o.carryOut()
	}
	return newPool(p.run, s, b)
}

// understand returns what an error returned by OnError means; false: it is none
// of the answers.
func (o *origin[In]) understand(err error) (answer, bool) {
	f := o.failure
	standing := o.standing()
	if err == nil || same(err, f.Err) {
		if f.Stage == SuccessStage && f.Verdict == ergon.Acked {
			standing.err = nil
		}
		return standing, true
	}
	steering, d := ergon.SteeringOf(err)
	switch steering {
	case ergon.SteerHandled:
		return answer{verdict: ergon.Acked, row: handled}, true
	case ergon.SteerDrop:
		return answer{verdict: ergon.Acked, row: dropped}, true
	case ergon.SteerReturn:
		return answer{verdict: ergon.Returned, delay: d, row: returned, err: err}, true
	case ergon.SteerDeadLetter:
		return answer{verdict: ergon.DeadLettered, row: deadLettered, err: err}, true
	case ergon.SteerFatal:
		o.run.stop(err)
		return answer{verdict: ergon.Released, row: releasedRow}, true
	}
	return answer{}, false
}

// standing returns what becomes of a failed transaction if nobody steers.
func (o *origin[In]) standing() answer {
	f, first := o.failure, o.failed()[0]
	return answer{verdict: f.Verdict, delay: first.delay, least: first.least, row: rowOf(f.Verdict), err: f.Err}
}

// same reports whether two errors are one, also where they cannot be compared.
func same(a, b error) bool {
	return reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b //nolint:errorlint // identity is what is asked for
}

// SuccessStage is the stage of a failure of OnSuccess.
const SuccessStage = "success"

// newSuccess returns the pool that calls OnSuccess.
func newSuccess[In any](p *Pipe[In], s *Step, do func(context.Context, ergon.Transaction[In]) error) *pool[*origin[In], struct{}] {
	b := originBody[In, struct{}](ergon.KindSuccess)
	b.attempt = func(ctx context.Context, c *call[*origin[In], struct{}], _ []struct{}) error {
		return do(ctx, *c.items[0].tx)
	}
	b.passed = func(o *origin[In]) { o.settle(succeeded, ergon.Acked, 0, nil) }
	b.dropped = b.passed
	b.failed = func(o *origin[In], f fault) {
		f.stage, f.verdict, f.delay = SuccessStage, ergon.Acked, unset
		o.faults.Store(&faults{kept: []fault{f}, count: 1})
		o.fails()
	}
	return newPool(p.run, s, b)
}
