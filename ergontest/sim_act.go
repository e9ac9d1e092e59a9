package ergontest

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest/internal/faults"
)

// What may go wrong where.
var (
	simStageFaults = []faults.Kind{
		faults.StagePoison, faults.StageFatal, faults.StagePanic, faults.StageGoexit, faults.StageHang, faults.StageDeaf,
		faults.StageBusiness, faults.StageCanceled, faults.StageReturn, faults.StageRetryAfter, faults.StageHold, faults.StageDrop,
		faults.StageItem, faults.StageReport, faults.StageLate, faults.StageError, faults.StageSlow,
	}
	simPlainFaults   = []faults.Kind{faults.StagePanic, faults.StageGoexit} // of a function that returns no error
	simHandlerFaults = []faults.Kind{faults.HandlerPanic, faults.HandlerHang, faults.HandlerError}
	simSuccessFaults = []faults.Kind{faults.SuccessPanic, faults.SuccessError}
	simSinkFaults    = []faults.Kind{
		faults.SinkOutage, faults.SinkPanic, faults.SinkGoexit, faults.SinkHang, faults.SinkDeaf, faults.SinkReport,
		faults.SinkStored, faults.SinkHold, faults.SinkReject, faults.SinkItem, faults.SinkError, faults.SinkSlow,
	}
	simDeadFaults = []faults.Kind{faults.SinkOutage, faults.SinkHang, faults.DeadPanic, faults.DeadStored, faults.DeadReject, faults.DeadItem, faults.DeadError}
)

// possible returns what may go wrong with a call.
func (x *simCall) possible() []faults.Kind {
	switch {
	case x.kind == ergon.KindHandler:
		return simHandlerFaults
	case x.kind == ergon.KindSuccess:
		return simSuccessFaults
	case x.kind == ergon.KindDispatch && x.place == DeadLetters:
		return simDeadFaults
	case x.kind == ergon.KindDispatch:
		return simSinkFaults
	}
	switch x.node.kind {
	case "filter", "key-by", "route", "dead-letter":
		return simPlainFaults
	case "group":
		return nil
	}
	return simStageFaults
}

// outageSpan is how long an outage lasts at least.
const outageSpan = 20 * time.Second

// choose decides what goes wrong with a call.
func (s *simRun) choose(x *simCall) {
	switch {
	case x.turn.frozen:
		x.fault = faults.StageHang
		if s.plan.Number(faults.Freeze, x.key, x.nth, 5) == 0 {
			x.fault = faults.StageDeaf
		}
		return
	case x.turn.well:
		return
	}
	for _, k := range x.possible() {
		id, nth := x.key, x.nth
		switch {
		case k == faults.SinkOutage:
			id, nth = x.place, int(time.Since(s.began)/outageSpan)
		case k == faults.StagePoison:
			nth = 0
		case (k == faults.StageItem || k == faults.StageReport) && x.node.kind != "map-batch",
			(k == faults.StageItem || k == faults.SinkItem || k == faults.DeadItem || k == faults.SinkReject) && len(x.ids) == 0:
			continue
		}
		if s.plan.Hits(k, id, nth) {
			x.fault = k
			break
		}
	}
	if x.fault == faults.Kinds {
		return
	}
	s.hits(x.fault, x.place, x.inputs)
	s.refuse(x)
}

// refuse decides which items of a call fail.
func (s *simRun) refuse(x *simCall) {
	var bad error
	switch x.fault {
	case faults.StageItem, faults.SinkItem, faults.DeadItem:
		bad = errorOf(x.fault)
	case faults.SinkReject, faults.DeadReject:
		bad = ergon.Business(errorOf(x.fault))
	default:
		return
	}
	x.refused = make(ergon.ItemErrors, len(x.ids))
	x.refused[s.plan.Number(x.fault, x.key, x.nth, uint64(len(x.ids)))] = bad
	for i, id := range x.ids {
		if s.plan.Number(x.fault, id, x.nth, 3) == 0 {
			x.refused[i] = bad
		}
	}
}

// act makes a call, as its fault wants it.
func (s *simRun) act(ctx context.Context, x *simCall, do func(context.Context) error) error {
	err := errorOf(x.fault)
	switch x.fault {
	case faults.StagePanic, faults.HandlerPanic, faults.SuccessPanic, faults.SinkPanic, faults.DeadPanic:
		if s.draw(x, 3) == 0 {
			_ = s.make(ctx, x, do)
		}
		panic(err)
	case faults.StageGoexit, faults.SinkGoexit:
		if s.draw(x, 3) == 0 {
			_ = s.make(ctx, x, do)
		}
		runtime.Goexit()
	case faults.StageHang, faults.SinkHang, faults.HandlerHang:
		<-ctx.Done()
		return context.Cause(ctx)
	case faults.StageDeaf, faults.SinkDeaf:
		time.Sleep(s.instants.Apart(45*time.Second + time.Duration(s.draw(x, 90))*time.Second))
		return s.make(ctx, x, do)
	case faults.StageSlow, faults.SinkSlow:
		if err := s.nap(ctx, time.Duration(1+s.draw(x, 8000))*time.Millisecond); err != nil {
			return err
		}
		return s.make(ctx, x, do)
	case faults.StageLate, faults.SinkStored, faults.DeadStored:
		_ = s.make(ctx, x, do)
		return err
	case faults.StageItem:
		if err := s.make(ctx, x, do); err != nil {
			return err
		}
		return x.refused
	case faults.StageReport, faults.SinkReport:
		return s.misreport(ctx, x, do)
	case faults.SinkItem, faults.SinkReject, faults.DeadItem, faults.DeadReject, faults.Kinds:
		return s.make(ctx, x, do)
	}
	return s.steered(x, err)
}

// steered returns the error of a call that is not made.
func (s *simRun) steered(x *simCall, err error) error {
	d := time.Duration(1+s.draw(x, 20)) * time.Second
	switch x.fault {
	case faults.StagePoison:
		if s.draw(x, 2) == 0 {
			return ergon.Permanent(err)
		}
	case faults.StageBusiness:
		return ergon.Business(err)
	case faults.StageCanceled:
		return context.Canceled
	case faults.StageReturn:
		return ergon.Return(d, err)
	case faults.StageRetryAfter:
		return ergon.RetryAfter(d, err)
	case faults.StageHold, faults.SinkHold:
		return ergon.Hold(d, err)
	case faults.StageDrop:
		return ergon.Drop(err.Error())
	case faults.StageFatal:
		return ergon.Fatal(err)
	}
	return err
}

// misreport makes a call, or does not, and reports on a wrong number.
func (s *simRun) misreport(ctx context.Context, x *simCall, do func(context.Context) error) error {
	if s.draw(x, 2) == 0 {
		_ = s.make(ctx, x, do)
	}
	wrong := make(ergon.ItemErrors, len(x.ids)-1+2*int(s.draw(x, 2)))
	if len(wrong) == 0 {
		wrong = make(ergon.ItemErrors, len(x.ids)+1)
	}
	return wrong
}

// make makes the call itself, unless the process has died meanwhile.
func (s *simRun) make(ctx context.Context, x *simCall, do func(context.Context) error) error {
	s.mu.Lock()
	dead := x.turn.dead
	s.mu.Unlock()
	if dead {
		return s.gone(ctx)
	}
	x.made = true
	return do(ctx)
}

// draw returns a number in [0, n) that goes with the fault of a call.
func (s *simRun) draw(x *simCall, n uint64) uint64 {
	return s.plan.Number(x.fault, x.key, x.nth, n)
}

// nap waits, as long as its context lasts.
func (s *simRun) nap(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(s.instants.Apart(d))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("simulated: interrupted: %w", context.Cause(ctx))
	case <-timer.C:
		return nil
	}
}
