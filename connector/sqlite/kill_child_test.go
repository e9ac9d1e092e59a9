package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/killing"
)

// killSettings is what a child is to do.
type killSettings struct {
	Dir   string
	Shape int
	Age   int    // how many children came before
	Bug   string // which planted bug it has; empty: none
	Last  bool   // it works until there is no more to do
}

// killWorld is what the pipeline of a child is connected to.
type killWorld struct {
	parent   *killing.Parent
	bug      string
	to       *DB
	source   ergon.Source[int]
	settings killSettings
}

// files opens the files of a shape. The clock of each child is ahead of that of
// the one before by more than a lease, so that it need not wait for what a dead
// one had leased.
func (s killSettings) files(ctx context.Context) (from, to *DB, err error) {
	ahead := time.Duration(s.Age) * 2 * time.Minute
	now := clock(func() time.Time { return time.Now().Add(ahead) })
	if from, err = Open(ctx, filepath.Join(s.Dir, "from.db"), now); err != nil {
		return nil, nil, err
	}
	if !killShapes()[s.Shape].apart {
		return from, from, nil
	}
	if to, err = Open(ctx, filepath.Join(s.Dir, "to.db"), now); err != nil {
		return nil, nil, errors.Join(err, from.Close())
	}
	return from, to, nil
}

func killQueue(db *DB) *QueueConnector[int] { return Queue(db, "in", JSON[int]()) }

// killedPipeline is the job of a child that runs a pipeline.
func killedPipeline(ctx context.Context, parent *killing.Parent) error {
	w := &killWorld{parent: parent}
	if err := parent.Hear(&w.settings); err != nil {
		return err
	}
	from, to, err := w.settings.files(ctx)
	if err != nil {
		return err
	}
	w.bug, w.to = w.settings.Bug, to
	w.source = killSource(w, killQueue(from))
	p := killShapes()[w.settings.Shape].build(w)
	if !w.settings.Last {
		return p.Stream(ctx)
	}
	if err := p.Run(ctx); err != nil {
		return err
	}
	if !p.Ledger().Balanced() {
		return fmt.Errorf("the ledger does not balance: %s", p.Ledger())
	}
	return errors.Join(from.Close(), to.Close())
}

// toldQueue tells of what is settled.
type toldQueue struct {
	*QueueConnector[int]
	parent *killing.Parent
}

func (q toldQueue) Settle(ctx context.Context, settlements []ergon.Settlement[int]) error {
	if err := q.QueueConnector.Settle(ctx, settlements); err != nil {
		return err
	}
	var gone []string
	for _, s := range settlements {
		if s.Verdict == ergon.Acked || s.Verdict == ergon.DeadLettered {
			gone = append(gone, s.Transaction.ID())
		}
	}
	q.parent.Tell("settled", gone...)
	return nil
}

// toldSink tells what it is about to store.
type toldSink[T any] struct {
	sink   ergon.Sink[T]
	parent *killing.Parent
}

func killTold[T any](w *killWorld, sink ergon.Sink[T]) ergon.Sink[T] {
	return toldSink[T]{killPlanted(w.bug, sink), w.parent}
}

func (s toldSink[T]) Dispatch(ctx context.Context, txs []ergon.Transaction[T]) error {
	s.parent.Tell("storing", idsOf(txs)...)
	return s.sink.Dispatch(ctx, txs)
}
