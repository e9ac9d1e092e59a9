package ergontest

import (
	"context"

	"github.com/ergon-go/ergon"
)

// worldSink is a Sink whose director says what goes wrong.
type worldSink[Out any] struct {
	*Sink[Out]
	name     string
	director director
}

func (s *worldSink[Out]) place() string { return s.name }

func (s *worldSink[Out]) sent() int {
	n := 0
	for _, b := range s.Batches() {
		n += b.Stored
	}
	return n
}

// Dispatch stores what the director lets through.
func (s *worldSink[Out]) Dispatch(ctx context.Context, txs []ergon.Transaction[Out]) error {
	at := crossingOf(ctx)
	c := crossing{kind: ergon.KindDispatch, place: s.name, stage: at.stage, ids: idsOf(txs), attempt: at.attempt, world: true}
	return s.director.around(ctx, c, func(ctx context.Context) error {
		refused := s.director.items(ctx, c)
		rest := unrefused(txs, refused)
		if len(rest) > 0 {
			if err := s.Sink.Dispatch(ctx, rest); err != nil {
				return err
			}
		}
		if refused == nil {
			return nil
		}
		return refused
	})
}

// unrefused returns the items without an error of their own.
func unrefused[E any](items []E, refused ergon.ItemErrors) []E {
	var rest []E
	for i, item := range items {
		if refused == nil || refused[i] == nil {
			rest = append(rest, item)
		}
	}
	return rest
}

func idsOf[T any](txs []ergon.Transaction[T]) []string {
	ids := make([]string, len(txs))
	for i, tx := range txs {
		ids[i] = tx.ID()
	}
	return ids
}
