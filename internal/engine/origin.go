package engine

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
)

// origin is one fetched transaction, from fetch to settlement. Those of one
// fetch stand in one slab of memory.
type origin[In any] struct {
	node
	pipe    *Pipe[In]
	tx      *ergon.Transaction[In] // as it was fetched
	lot     *lot[In]
	verdict ergon.Verdict
	row     bucket
	*fate[In]
}

// fate is what only some transactions need: those that are watched, and those
// that fail.
type fate[In any] struct {
	batch   *batch
	event   *ergon.Event
	outer   context.Context // of the event: begin returned it
	failure *ergon.Failure[In]
	answer  answer // what OnError said
	delay   time.Duration
	cause   error
}

// item is the origin as what travels between pools.
func (o *origin[In]) item() Item[*origin[In]] { return Item[*origin[In]]{payload: o, node: &o.node} }

func (o *origin[In]) alone() []Item[*origin[In]] { return []Item[*origin[In]]{o.item()} }

// originOf returns the origin of a node of one.
func originOf[In any](n *node) *origin[In] { return n.owner.(*origin[In]) }

// fated returns the fate of a transaction, which it has from then on.
func (o *origin[In]) fated() *fate[In] {
	if o.fate == nil {
		o.fate = &fate[In]{}
	}
	return o.fate
}

// ended is called once, when nothing that came of the transaction is left: it
// decides what becomes of it.
func (o *origin[In]) ended() {
	switch {
	case o.run.isOver():
	case o.has(lost):
		o.account(unsettled, ergon.ErrLeaseLost)
	case o.faults.Load() != nil:
		o.fails()
	case o.has(released):
		o.settle(releasedRow, ergon.Released, 0, nil)
	case o.has(stored):
		o.succeeds()
	default:
		o.settle(dropped, ergon.Acked, 0, nil)
	}
}

// succeeds is what follows when everything is stored.
func (o *origin[In]) succeeds() {
	if o.pipe.success != nil {
		o.pipe.success.put(o.alone())
		return
	}
	o.settle(succeeded, ergon.Acked, 0, nil)
}

// fails is what follows when something failed: first of all OnError, unless the
// run is at its end, where it could not be asked any more.
func (o *origin[In]) fails() {
	o.fated().failure = o.describe()
	o.tell()
	switch {
	case o.has(released): // part of it was never tried, so nobody can deal with the whole
		if o.failure.Verdict.Worse(ergon.Released) == ergon.Released {
			o.settle(releasedRow, ergon.Released, 0, nil)
			return
		}
	case o.pipe.handler != nil && o.run.expired():
		o.settle(releasedRow, ergon.Released, 0, nil)
		return
	case o.pipe.handler != nil:
		o.pipe.handler.put(o.alone())
		return
	}
	o.answer = o.standing()
	o.carryOut()
}

// carryOut does what the policy or OnError has decided.
func (o *origin[In]) carryOut() {
	a := o.answer
	if a.verdict == ergon.DeadLettered && o.pipe.letters != nil {
		if o.run.expired() {
			o.settle(releasedRow, ergon.Released, 0, nil)
			return
		}
		o.pipe.letters.put(o.alone())
		return
	}
	if a.verdict == ergon.Returned && a.delay == unset {
		a.delay = max(a.least, o.run.delay(o.run.Redelivery, max(0, o.head.Deliveries()-1)))
	}
	o.settle(a.row, a.verdict, a.delay, a.err)
}

// settle tells the source a verdict, if it has a home there.
func (o *origin[In]) settle(row bucket, v ergon.Verdict, delay time.Duration, cause error) {
	o.row, o.verdict = row, v
	switch v {
	case ergon.Returned:
		o.fated().delay = delay
		o.cause = cause
	case ergon.DeadLettered:
		o.fated().cause = cause
	}
	switch {
	case o.pipe.accepts.Has(v):
		o.pipe.settle.put(o.alone())
	case v == ergon.Returned || v == ergon.DeadLettered:
		o.unhandled()
	default:
		o.account(row, cause) // there is nobody to tell
	}
}

// unhandled is the end of a transaction whose verdict has no home.
func (o *origin[In]) unhandled() {
	stage := ""
	if o.failure != nil {
		stage = o.failure.Stage
	}
	o.run.leftThere.Add(1)
	o.run.unhandled.add(Unhandled{ID: o.id(), Stage: stage, Verdict: o.verdict, Err: o.cause})
	o.account(unsettled, o.cause)
}

// account enters the transaction in its row and frees its slot. It is the last
// thing that happens to it.
func (o *origin[In]) account(row bucket, err error) {
	if o.run.isOver() {
		return
	}
	if o.life != nil && o.life.cancel != nil {
		o.life.cancel(nil)
		o.pipe.leases.forget(o)
	}
	if o.fate != nil && o.failure != nil && (row == deadLettered || row == returned || row == unsettled) {
		o.run.countFailure()
	}
	defer o.free(row) // even if an observer ends the goroutine
	if o.run.watch.seesEach() {
		o.pipe.open.Delete(o)
		o.event.Verdict, o.event.Err = o.verdict, err
		o.run.watch.end(o.outer, o.event)
		o.batch.end(o.run)
	}
}

// free gives its slot back, and its memory.
func (o *origin[In]) free(row bucket) {
	r, l := o.run, o.lot
	l.gone(1)
	r.free(row)
}

// reopen clears what an earlier transaction has left there.
func (o *origin[In]) reopen() {
	o.others, o.marks, o.faults = atomic.Int64{}, atomic.Uint32{}, atomic.Pointer[faults]{}
	o.deadline, o.life, o.units, o.fate = 0, nil, nil, nil
}

// why returns the cause of its verdict.
func (o *origin[In]) why() error {
	if o.fate == nil {
		return nil
	}
	return o.cause
}

// rowOf returns the row in which a transaction of a verdict ends.
func rowOf(v ergon.Verdict) bucket {
	switch v {
	case ergon.DeadLettered:
		return deadLettered
	case ergon.Released:
		return releasedRow
	case ergon.Returned:
		return returned
	}
	return succeeded
}

// batch is what one fetch got, for the observers.
type batch struct {
	event *ergon.Event
	ctx   context.Context
	left  counter
}

func (b *batch) end(r *Run) {
	if b.left.down() {
		r.watch.end(b.ctx, b.event)
	}
}
