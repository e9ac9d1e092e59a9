package sqlite

import (
	"context"

	"github.com/sourcegraph/conc"

	"github.com/ergon-go/ergon"
)

// The bugs that a child can have, to see that they are found.
const (
	bugAckFirst  = "acks before the sink has stored"
	bugAckFetch  = "acks what it fetches"
	bugPartial   = "drops partial batches"
	bugForgetful = "says it has settled what it has not"
)

// killSource is the queue as the source of a child, with its bug.
func killSource(w *killWorld, q *QueueConnector[int]) ergon.Source[int] {
	told := toldQueue{q, w.parent}
	switch w.bug {
	case bugAckFetch:
		return hastyQueue{told}
	case bugForgetful:
		return forgetfulQueue{told}
	}
	return told
}

// killPlanted is a sink with the bug of a child.
func killPlanted[T any](bug string, sink ergon.Sink[T]) ergon.Sink[T] {
	switch bug {
	case bugAckFirst:
		return lateSink[T]{sink, make(chan []ergon.Transaction[T], 1000), new(conc.WaitGroup)}.started()
	case bugPartial:
		return wholeSink[T]{sink}
	}
	return sink
}

// hastyQueue settles with its own hands, before anything is stored.
type hastyQueue struct{ toldQueue }

func (q hastyQueue) Fetch(ctx context.Context, max int) ([]ergon.Transaction[int], error) {
	txs, err := q.toldQueue.Fetch(ctx, max)
	all := make([]ergon.Settlement[int], len(txs))
	for i, tx := range txs {
		all[i].Transaction = tx
	}
	if len(all) > 0 && q.QueueConnector.Settle(ctx, all) != nil {
		return nil, err
	}
	return txs, err
}

// forgetfulQueue leaves out one settlement of each call.
type forgetfulQueue struct{ toldQueue }

func (q forgetfulQueue) Settle(ctx context.Context, settlements []ergon.Settlement[int]) error {
	if err := q.QueueConnector.Settle(ctx, settlements[1:]); err != nil {
		return err
	}
	var gone []string
	for _, s := range settlements {
		if s.Verdict == ergon.Acked {
			gone = append(gone, s.Transaction.ID())
		}
	}
	q.parent.Tell("settled", gone...)
	return nil
}

// lateSink says that all is stored, and stores it then.
type lateSink[T any] struct {
	sink    ergon.Sink[T]
	pending chan []ergon.Transaction[T]
	scope   *conc.WaitGroup
}

func (s lateSink[T]) started() lateSink[T] {
	s.scope.Go(func() { // ends with the process
		for txs := range s.pending {
			_ = s.sink.Dispatch(context.Background(), txs)
		}
	})
	return s
}

func (s lateSink[T]) Dispatch(_ context.Context, txs []ergon.Transaction[T]) error {
	s.pending <- append([]ergon.Transaction[T](nil), txs...)
	return nil
}

// wholeSink stores whole batches, and says it has stored the others.
type wholeSink[T any] struct{ sink ergon.Sink[T] }

func (s wholeSink[T]) Dispatch(ctx context.Context, txs []ergon.Transaction[T]) error {
	if len(txs) < 16 {
		return nil
	}
	return s.sink.Dispatch(ctx, txs)
}
