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
func originBody[In any](kind ergon.Kind) body {
	return body{
		kind:     kind,
		released: func(n *node) { originOf[In](n).settle(releasedRow, ergon.Released, 0, nil) },
		dropped:  func(n *node) { originOf[In](n).settle(dropped, ergon.Acked, 0, nil) },
		passed:   func(n *node) { originOf[In](n).carryOut() },
	}
}

// newHandler returns the pool that calls OnError.
func newHandler[In any](p *Pipe[In], s *Step, handle func(context.Context, ergon.Failure[In]) error) *pool[*origin[In]] {
	b := originBody[In](ergon.KindHandler)
	b.rule = ruleHandler
	b.begun = func(e *ergon.Event, n *node) {
		f := originOf[In](n).failure
		e.Err, e.Category, e.Verdict = f.Err, f.Category, f.Verdict
	}
	b.done = func(e *ergon.Event, n *node) {
		if e.Err == nil {
			e.Verdict = originOf[In](n).answer.verdict
		}
	}
	b.failed = func(n *node, f fault) {
		o := originOf[In](n)
		err := errors.Join(o.failure.Err, fmt.Errorf("pipeline: OnError: %w", f.err))
		o.answer = answer{verdict: ergon.Returned, delay: unset, row: returned, err: err}
		o.carryOut()
	}
	return newPool(p.run, s, b, calls[*origin[In]]{attempt: func(ctx context.Context, _ *call, origins []Item[*origin[In]], _ place) error {
		o := origins[0].payload
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
	}})
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
func newSuccess[In any](p *Pipe[In], s *Step, do func(context.Context, ergon.Transaction[In]) error) *pool[*origin[In]] {
	b := originBody[In](ergon.KindSuccess)
	b.passed = func(n *node) { originOf[In](n).settle(succeeded, ergon.Acked, 0, nil) }
	b.dropped = b.passed
	b.failed = func(n *node, f fault) {
		f.stage, f.verdict, f.delay = SuccessStage, ergon.Acked, unset
		o := originOf[In](n)
		o.faults.Store(&faults{kept: []fault{f}, count: 1})
		o.fails()
	}
	return newPool(p.run, s, b, calls[*origin[In]]{attempt: func(ctx context.Context, _ *call, origins []Item[*origin[In]], _ place) error {
		return do(ctx, *origins[0].payload.tx)
	}})
}
