package sink

import (
	"context"
	"errors"

	"github.com/ergon-go/ergon"
)

// Via returns a sink that converts each payload and hands the results on to
// another sink, with id and metadata as they were: for a form that only this
// sink wants. An error of convert, a panic too, is the failure of its
// transaction alone, with whatever it asks for; the others are handed on. It is a
// part of Dispatch, so what is tried again is converted again, and a plain error
// is tried again as one of a sink is: what can never be converted is an
// ergon.Business error. Payloads are converted one after the other.
//
// Start, Stop, Health, Destination, Whole and Abandon are those of the sink behind.
func Via[In, Out any](convert func(ctx context.Context, payload In) (Out, error), to ergon.Sink[Out]) ergon.Sink[In] {
	return &via[In, Out]{convert: convert, to: to}
}

type via[In, Out any] struct {
	convert func(context.Context, In) (Out, error)
	to      ergon.Sink[Out]
}

func (v *via[In, Out]) Dispatch(ctx context.Context, txs []ergon.Transaction[In]) error {
	if err := v.Validate(); err != nil {
		return ergon.Fatal(err)
	}
	converted := make([]ergon.Transaction[Out], 0, len(txs))
	failed := eachOf(ctx, len(txs), func(i int) error {
		out, err := v.convert(ctx, txs[i].Payload())
		if err == nil {
			converted = append(converted, txs[i].With(out))
		}
		return err
	})
	if failed == nil {
		return v.to.Dispatch(ctx, converted)
	}
	if len(converted) > 0 {
		merge(failed, ergon.ItemErrorsOf(v.to.Dispatch(ctx, converted), len(converted)))
	}
	return failed
}

// merge puts the errors of the items that were handed on, nil where there are
// none, into the places that are still free in those of all.
func merge(all, handedOn ergon.ItemErrors) {
	for i := range all {
		if len(handedOn) == 0 {
			return
		}
		if all[i] == nil {
			all[i], handedOn = handedOn[0], handedOn[1:]
		}
	}
}

// Validate refuses a nil function or sink, and what the sink refuses.
func (v *via[In, Out]) Validate() error {
	var faults []error
	if v.convert == nil {
		faults = append(faults, fault("sink.Via", "convert", "is nil"))
	}
	if isNil(v.to) {
		faults = append(faults, fault("sink.Via", "to", "is nil"))
	} else if to, ok := v.to.(interface{ Validate() error }); ok {
		faults = append(faults, to.Validate())
	}
	return errors.Join(faults...)
}

// Destination is that of the sink behind.
func (v *via[In, Out]) Destination() ergon.Destination {
	if to, ok := v.to.(ergon.Addressed); ok {
		return to.Destination()
	}
	return ergon.Destination{}
}

// Start starts the sink behind.
func (v *via[In, Out]) Start(ctx context.Context) error {
	if err := v.Validate(); err != nil {
		return err
	}
	if to, ok := v.to.(ergon.Starter); ok {
		return to.Start(ctx)
	}
	return nil
}

// Stop stops the sink behind.
func (v *via[In, Out]) Stop(ctx context.Context) error {
	if to, ok := v.to.(ergon.Stopper); ok && !isNil(v.to) {
		return to.Stop(ctx)
	}
	return nil
}

// Health returns the health of the sink behind.
func (v *via[In, Out]) Health(ctx context.Context) error {
	if err := v.Validate(); err != nil {
		return err
	}
	if to, ok := v.to.(ergon.HealthChecker); ok {
		return to.Health(ctx)
	}
	return nil
}

// Whole reports whether the sink behind is stored only at Stop.
func (v *via[In, Out]) Whole() bool {
	to, ok := v.to.(interface{ Whole() bool })
	return ok && !isNil(v.to) && to.Whole()
}

// Abandon tells the sink behind that the run failed.
func (v *via[In, Out]) Abandon() {
	if to, ok := v.to.(interface{ Abandon() }); ok && !isNil(v.to) {
		to.Abandon()
	}
}
