package main

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// interval is how often metrics are sent.
const interval = 10 * time.Second

// order is what a customer wants.
type order struct{ Item int }

// priced is an order with its price.
type priced struct {
	order

	Pence int
}

// orders is the pipeline: what is no order is set aside, prices are asked for until they
// come, and what has a price is stored in batches.
func orders(from ergon.Source[order], to ergon.Sink[priced], opts ...pipeline.Option) pipeline.Pipeline {
	patiently := retry.Policy{MaxAttempts: 5, Backoff: 50 * time.Millisecond, AttemptTimeout: 2 * time.Second}
	return pipeline.From(from, append(opts, pipeline.Named("orders"))...).
		Map(check, stage.Named("check")).
		Map(price, stage.Named("price"), stage.Workers(8), stage.Retry(patiently)).
		DeadLetter(sink.Discard[order](), stage.Named("rejected")).
		To(to, stage.Named("rows"), stage.Batch(50, 200*time.Millisecond))
}

var (
	errNoItem = errors.New("there is no such item")
	errAway   = errors.New("the price list does not answer")
)

// check refuses what is no order.
func check(_ context.Context, o order) (order, error) {
	if o.Item%97 == 0 {
		return o, ergon.Business(errNoItem)
	}
	return o, nil
}

// price asks for a price, which does not always succeed.
func price(ctx context.Context, o order) (priced, error) {
	pause(ctx, time.Duration(rand.IntN(60))*time.Millisecond)
	if rand.IntN(20) == 0 {
		slog.WarnContext(ctx, "no price yet", "item", o.Item)
		return priced{}, errAway
	}
	return priced{o, 100 + o.Item%900}, nil
}

// rows is where orders are stored, a database say.
func rows() ergon.Sink[priced] {
	return sink.Func(func(ctx context.Context, _ []ergon.Transaction[priced]) error {
		pause(ctx, 20*time.Millisecond)
		return ctx.Err()
	})
}

// arriving is orders without end, a hundred a second.
func arriving() ergon.Source[order] {
	item := 0
	return source.Func(func(ctx context.Context) (order, error) {
		pause(ctx, 10*time.Millisecond)
		item++
		return order{item}, ctx.Err()
	})
}

// pause takes its time, unless ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
