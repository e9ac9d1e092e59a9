// Package sample has pipelines to look at: for the tests of views, and for the pictures
// in the documents.
package sample

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/stage"
)

// Hostile is a name with markup and control characters, of a length that nobody reads.
var Hostile = "<img src=x onerror=alert(1)>\x1b[31m\u202e" + long(500)

func long(n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = 'x'
	}
	return string(text)
}

// Orders is a pipeline whose stage enrich limits it: eight workers ask a directory that
// takes its time and is away now and then. Some orders are refused.
func Orders() pipeline.Pipeline {
	return pipeline.From(&endless{}, pipeline.Named("orders")).
		Map(parse, stage.Named("parse"), stage.Workers(4)).
		Map(enrich, stage.Named("enrich"), stage.Workers(8), stage.Retry(retry.Policy{MaxAttempts: 5, Backoff: 300 * time.Millisecond})).
		OnError(func(context.Context, ergon.Failure[int]) error { return nil }, stage.Named("report")).
		DeadLetter(sink.Discard[int](), stage.Named("rejected"), stage.Batch(20, time.Second)).
		Fork(
			func(f pipeline.Flow[int, int]) pipeline.Pipeline {
				return f.Map(price, stage.Named("price")).To(sink.Discard[int](), stage.Named("invoices"), stage.Batch(50, 200*time.Millisecond))
			},
			func(f pipeline.Flow[int, int]) pipeline.Pipeline {
				return f.To(sink.Discard[int](), stage.Named("dashboard"), stage.BestEffort())
			},
		)
}

// Refunds is a pipeline that has little to do.
func Refunds() pipeline.Pipeline {
	return pipeline.From(&endless{pause: 400 * time.Millisecond}, pipeline.Named("refunds")).
		Filter(func(n int) bool { return n%3 != 0 }, stage.Named("paid")).
		To(sink.Discard[int](), stage.Named("bank"))
}

// Odd is a pipeline with names that do harm where they are taken for more than names.
func Odd() pipeline.Pipeline {
	return pipeline.From(&endless{pause: time.Second}, pipeline.Named(Hostile)).
		Map(func(context.Context, int) (int, error) {
			return 0, ergon.Business(errors.New("refused by postgres://clerk:hunter2@db/orders <b>now</b>\x1b[2J\nagain"))
		}, stage.Named("stage "+Hostile)).
		DeadLetter(sink.Discard[int]()).
		To(sink.Discard[int]())
}

func parse(_ context.Context, n int) (int, error) {
	if n%97 == 0 {
		return 0, ergon.Business(errors.New("no such article"))
	}
	return n, nil
}

var asked atomic.Int64

func enrich(ctx context.Context, n int) (int, error) {
	select {
	case <-time.After(20 * time.Millisecond):
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	if asked.Add(1)%41 == 0 {
		return 0, errors.New("directory: dial tcp 10.1.2.3:443: connection refused, password=hunter2")
	}
	return n, nil
}

func price(_ context.Context, n int) (int, error) { return 100 * n, nil }

// endless is a source that never ends, with a pause before each fetch.
type endless struct {
	pause time.Duration
	next  int
}

// Fetch returns a few numbers.
func (e *endless) Fetch(ctx context.Context, most int) ([]ergon.Transaction[int], error) {
	select {
	case <-time.After(e.pause):
	case <-ctx.Done():
		return nil, nil
	}
	n := min(most, 64)
	if e.pause > 0 {
		n = 1
	}
	txs := make([]ergon.Transaction[int], n)
	for i := range txs {
		e.next++
		txs[i] = ergon.NewTransaction("order-"+strconv.Itoa(e.next), e.next)
	}
	return txs, nil
}
