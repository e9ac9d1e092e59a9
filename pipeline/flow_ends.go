package pipeline

import (
	"context"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/engine"
	"github.com/ergon-go/ergon/stage"
)

// OnError sets who is told of failures: of every stage and sink of the flow,
// wherever OnError stands in the chain, once for each fetched transaction, when
// all that came of it has ended. Its answer decides what becomes of it:
//
//	nil, or the same error    seen; the verdict of the Failure stands
//	ergon.Handled             it is dealt with: Acked
//	Return, Drop, DeadLetter  as they say
//	Fatal                     the pipeline stops; the transaction is Released
//	any other error, a panic  tried again as its Retry says (3 times unless set),
//	                          then Returned, with both errors; never Acked
//
// A flow has one OnError.
func (f Flow[In, Out]) OnError(handle func(context.Context, ergon.Failure[In]) error, opts ...stage.Option) Flow[In, Out] {
	e := &ending[In]{step: newStep("on-error", handle, opts)}
	e.build = func(a *assembly[In], s *engine.Step) { a.pipe.OnError(s, handle) }
	return f.with(func(h *head[In]) { h.set(&h.onError, e, "OnError") })
}

// DeadLetter sets where transactions go that cannot succeed: as they were
// fetched, with why in their metadata (ergon.stage, ergon.category,
// ergon.attempts, and ergon.reason for Business errors). The source is told
// Acked once the sink has stored them. A flow has one DeadLetter.
func (f Flow[In, Out]) DeadLetter(to ergon.Sink[In], opts ...stage.SinkOption) Flow[In, Out] {
	return f.DeadLetterAs(func(failure ergon.Failure[In]) In { return failure.Transaction.Payload() }, to, opts...)
}

// DeadLetterAs is DeadLetter with a payload made of the failure. A Failure's At
// has the value that the failing stage was given.
func (f Flow[In, Out]) DeadLetterAs[R any](as func(ergon.Failure[In]) R, to ergon.Sink[R], opts ...stage.SinkOption) Flow[In, Out] {
	e := &ending[In]{step: newSinkStep("dead-letter", to, opts)}
	e.step.missing = e.step.missing || as == nil
	e.build = func(a *assembly[In], s *engine.Step) { engine.Letters(a.pipe, s, as, to) }
	return f.with(func(h *head[In]) { h.set(&h.letters, e, "DeadLetter") })
}

// OnSuccess sets what is called after the sinks have stored everything that came
// of a transaction, and before the source is told: once for each fetched
// transaction with a stored output. One that fails for good (3 attempts unless
// set) is told to OnError, with Stage "success", and Acked all the same unless
// that steers. A flow has one OnSuccess.
func (f Flow[In, Out]) OnSuccess(do func(context.Context, ergon.Transaction[In]) error, opts ...stage.Option) Flow[In, Out] {
	e := &ending[In]{step: newStep(engine.SuccessStage, do, opts)}
	e.build = func(a *assembly[In], s *engine.Step) { a.pipe.OnSuccess(s, do) }
	return f.with(func(h *head[In]) { h.set(&h.success, e, "OnSuccess") })
}

// set sets an ending, and notes one that was there before.
func (h *head[In]) set(at **ending[In], e *ending[In], name string) {
	if *at != nil {
		h.twice = append(h.twice[:len(h.twice):len(h.twice)], name)
	}
	*at = e
}

// To ends the flow in a sink. A sink takes one transaction at a time unless
// Batch says more, is called by one goroutine unless Workers says more, and what
// it fails to store is tried again without limit unless Retry says otherwise:
// a broken sink is backpressure.
func (f Flow[In, Out]) To(sink ergon.Sink[Out], opts ...stage.SinkOption) Pipeline {
	s := newSinkStep("sink", sink, opts)
	return end(f, s, func(a *assembly[In], e *engine.Step) engine.Port[Out] {
		return engine.Sink(a.run, e, sink)
	})
}

// Fork hands every transaction to every branch. Each branch has its own stages,
// batches and retries: only the one that failed is tried again. The transaction
// is settled when all have ended, with the worst verdict. A branch whose sinks
// are all BestEffort is not waited for.
func (f Flow[In, Out]) Fork(branches ...func(Flow[In, Out]) Pipeline) Pipeline {
	return split(f, newStep("fork", true, []stage.Option(nil)), branches,
		func(a *assembly[In], _ *engine.Step, ways []engine.Branch[Out]) engine.Port[Out] {
			return engine.Fork(a.run, ways)
		})
}

// Route hands every transaction to the branch whose index pick returns. An index
// that has no branch sets the transaction aside. pick must be quick.
func (f Flow[In, Out]) Route(pick func(Out) int, branches ...func(Flow[In, Out]) Pipeline) Pipeline {
	return split(f, newStep("route", pick, []stage.Option(nil)), branches,
		func(a *assembly[In], s *engine.Step, ways []engine.Branch[Out]) engine.Port[Out] {
			return engine.Route(a.run, s, pick, ways)
		})
}
