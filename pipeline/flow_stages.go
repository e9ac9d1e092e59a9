package pipeline

import (
	"context"
	"iter"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/engine"
	"github.com/ergon-go/ergon/stage"
)

// Map adds a stage that makes one value of another. fn is called by as many
// goroutines at once as the stage has Workers.
func (f Flow[In, Out]) Map[Next any](fn func(context.Context, Out) (Next, error), opts ...stage.Option) Flow[In, Next] {
	return then(f, newStep("map", fn, opts), func(a *assembly[In], s *engine.Step, next engine.Port[Next]) engine.Port[Out] {
		return engine.Map(a.run, s, fn, next)
	})
}

// Transform adds a stage that sees the whole transaction and may set its
// metadata. The id stays what it was, whatever fn returns.
func (f Flow[In, Out]) Transform[Next any](fn func(context.Context, ergon.Transaction[Out]) (ergon.Transaction[Next], error), opts ...stage.Option) Flow[In, Next] {
	return then(f, newStep("transform", fn, opts), func(a *assembly[In], s *engine.Step, next engine.Port[Next]) engine.Port[Out] {
		return engine.Transform(a.run, s, fn, next)
	})
}

// MapBatch adds a stage that calls fn for up to n values at once: one bulk call,
// still one result for each, by index. A batch goes when it is full, when its
// first value has waited for within (0 = stage.DefaultWithin), at a stop, or when
// nothing more could join it. An ergon.ItemErrors fails single values, and only
// those are tried again; any other error fails all. fn may keep the slice.
func (f Flow[In, Out]) MapBatch[Next any](n int, within time.Duration, fn func(context.Context, []Out) ([]Next, error), opts ...stage.Option) Flow[In, Next] {
	s := newStep("map-batch", fn, opts).gathering(n, within)
	return then(f, s, func(a *assembly[In], s *engine.Step, next engine.Port[Next]) engine.Port[Out] {
		return engine.MapBatch(a.run, s, fn, next)
	})
}

// FlatMap adds a stage that makes any number of values of one. Each is handed on
// as soon as it is yielded, and the transaction is settled once all of them are.
// The same input must yield the same sequence: an attempt that fails part-way is
// made again and skips what was handed on. A Business or Permanent error that is
// yielded fails that one value, and the others go on; any other fails the
// attempt. The time of the attempt stands still while yield waits for room.
// Below Ordered, and above KeyBy, what one transaction yields is kept until its
// turn comes, and handed on as it is yielded from then on.
func (f Flow[In, Out]) FlatMap[Next any](fn func(context.Context, Out) iter.Seq2[Next, error], opts ...stage.Option) Flow[In, Next] {
	return then(f, newStep("flat-map", fn, opts), func(a *assembly[In], s *engine.Step, next engine.Port[Next]) engine.Port[Out] {
		return engine.FlatMap(a.run, s, fn, next)
	})
}

// Filter adds a stage that drops what keep does not want: it is Acked, and
// counted as dropped unless something else came of the same transaction.
func (f Flow[In, Out]) Filter(keep func(Out) bool, opts ...stage.Option) Flow[In, Out] {
	return then(f, newStep("filter", keep, opts), func(a *assembly[In], s *engine.Step, next engine.Port[Out]) engine.Port[Out] {
		return engine.Filter(a.run, s, keep, next)
	})
}

// Group adds a stage that makes one slice of up to n values. It goes as a batch
// of MapBatch does. Its members are settled together: what fails, fails all. A
// member whose lease is lost later stays in its group, and may be stored twice.
func (f Flow[In, Out]) Group[S []Out](n int, within time.Duration, opts ...stage.Option) Flow[In, S] {
	s := newStep("group", true, opts).gathering(n, within)
	s.group = true
	return then(f, s, func(a *assembly[In], s *engine.Step, next engine.Port[S]) engine.Port[Out] {
		return engine.Group(a.run, s, next)
	})
}

// KeyBy gives every transaction a key. From here on no call of a stage starts
// for a transaction while an earlier one of its key is in that stage, waits for
// retries included, and the sink gets each key in order; other keys go on. So that
// keys begin in order, the stages above it, which have one worker each, keep the
// order of fetching as below Ordered: there, what waits for a retry holds up all.
// Within one batch of a sink a key may occur more than once, in order; a sink
// that stores some of a batch and refuses others decides itself what that means.
// A transaction that is Returned comes again later, behind those that followed
// it, unless the source keeps order itself.
func (f Flow[In, Out]) KeyBy(key func(ergon.Transaction[Out]) string, opts ...stage.Option) Flow[In, Out] {
	s := newStep("key-by", key, opts)
	s.keyed = true
	return then(f, s, func(a *assembly[In], s *engine.Step, next engine.Port[Out]) engine.Port[Out] {
		return engine.KeyBy(a.run, s, key, next)
	})
}

// Ordered makes everything from here on keep the order of fetching: what stages
// hand on, and what the sink gets, in one Dispatch at a time. Calls of a stage
// may still overlap. A failure leaves in its turn, what is filtered out gives its
// turn up, children of one transaction leave together. Below KeyBy other keys go
// on; what overtook is put in order again in front of the sink, though not on a
// branch that is best effort.
func (f Flow[In, Out]) Ordered() Flow[In, Out] {
	s := &step{kind: "ordered", ordered: true}
	return then(f, s, func(_ *assembly[In], _ *engine.Step, next engine.Port[Out]) engine.Port[Out] { return next })
}

// Apply continues the flow with a piece of one that is written elsewhere.
func (f Flow[In, Out]) Apply[Next any](piece func(Flow[In, Out]) Flow[In, Next]) Flow[In, Next] {
	if piece == nil {
		return then(f, newStep("apply", piece, []stage.Option(nil)), func(*assembly[In], *engine.Step, engine.Port[Next]) engine.Port[Out] {
			return nil // Validate refuses it before anything is built
		})
	}
	return piece(f)
}
