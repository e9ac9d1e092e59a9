package durable

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/scenarios"
	"github.com/ergon-go/ergon/bench/internal/work"
	"github.com/ergon-go/ergon/connector/sqlite"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// Queue is the durable queue: how many items a second it takes and gives, alone
// with one fsync each, and where callers share them. A sample is items a second.
func Queue() scenarios.Maker {
	return scenarios.Maker{Name: "queue", Title: "The durable queue", Open: openQueue, Most: 3}
}

func openQueue(_ context.Context, s scenarios.Settings) (*measure.Scenario, error) {
	single, grouped := s.Some(1000, 200, 20), s.Some(20_000, 4000, 300)
	q := queues{dir: s.Dir}
	o := &measure.Scenario{Unit: measure.Rate, Profile: "fetch + ack, pipeline"}
	for _, c := range []struct {
		name string
		n    int
		full bool // the queue holds the items already
		do   func(context.Context, *sqlite.QueueConnector[work.Item], []work.Item) error
		note string
	}{
		{"enqueue, one fsync each", single, false, enqueueSingly, "one caller"},
		{"enqueue, 64 callers", grouped, false, enqueueTogether, "they share the fsyncs"},
		{"enqueue, pipeline", grouped, false, enqueuePipeline, "batches of 500"},
		{"fetch + ack, one fsync each", single, true, takeSingly, "one at a time, two commits each"},
		{"fetch + ack, pipeline", grouped, true, takePipeline, "one stage, four workers"},
	} {
		o.Variants = append(o.Variants, measure.Variant{Name: c.name, Note: c.note, Run: func(ctx context.Context) (measure.Sample, error) {
			return q.timed(ctx, c.n, c.full, c.do)
		}})
		o.Figures = append(o.Figures, measure.Figure{What: "queue: " + c.name, Unit: measure.Rate, Of: scenarios.ValueOf(c.name), From: []string{c.name}})
	}
	o.Figures = append(o.Figures,
		scenarios.Ratio("", "queue: enqueue, 64 callers ÷ one fsync each", "enqueue, 64 callers", "enqueue, one fsync each", 0, 0),
		scenarios.Ratio("", "queue: fetch + ack, pipeline ÷ one fsync each", "fetch + ack, pipeline", "fetch + ack, one fsync each", 0, 0))
	return o, nil
}

// queues makes a file for each sample.
type queues struct {
	dir  string
	made int
}

// timed times what is done with n items and a queue, and checks that afterwards
// the queue holds all of them, or none.
func (q *queues) timed(ctx context.Context, n int, full bool, do func(context.Context, *sqlite.QueueConnector[work.Item], []work.Item) error) (s measure.Sample, err error) {
	q.made++
	path := filepath.Join(q.dir, "queue-"+strconv.Itoa(q.made)+".db")
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, db.Close(), removeDB(path)) }()
	queue, items, want := sqlite.Queue(db, "items", sqlite.JSON[work.Item]()), work.Items(n), n
	if full {
		want = 0
		if err := enqueuePipeline(ctx, queue, items); err != nil {
			return s, err
		}
	}
	began := time.Now()
	if err := do(ctx, queue, items); err != nil {
		return s, err
	}
	s.Value = float64(n) / time.Since(began).Seconds()
	held, err := queue.Count(ctx)
	if err == nil && held != want {
		err = fmt.Errorf("durable: the queue holds %d items, not %d", held, want)
	}
	return s, err
}

func enqueueSingly(ctx context.Context, q *sqlite.QueueConnector[work.Item], items []work.Item) error {
	for i, v := range items {
		if err := q.Dispatch(ctx, []ergon.Transaction[work.Item]{ergon.Numbered("items", int64(i), v)}); err != nil {
			return err
		}
	}
	return nil
}

func enqueueTogether(ctx context.Context, q *sqlite.QueueConnector[work.Item], items []work.Item) error {
	const callers = 64
	errs := make([]error, callers)
	var group sync.WaitGroup
	for c := range callers {
		group.Go(func() {
			for i := c; i < len(items) && errs[c] == nil; i += callers {
				errs[c] = q.Dispatch(ctx, []ergon.Transaction[work.Item]{ergon.Numbered("items", int64(i), items[i])})
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

func enqueuePipeline(ctx context.Context, q *sqlite.QueueConnector[work.Item], items []work.Item) error {
	return pipeline.From(source.Slice(items)).To(q, stage.Batch(500, 50*time.Millisecond)).Run(ctx)
}

func takeSingly(ctx context.Context, q *sqlite.QueueConnector[work.Item], _ []work.Item) error {
	for {
		txs, err := q.Fetch(ctx, 1)
		if err != nil || len(txs) == 0 {
			return err
		}
		if err := q.Settle(ctx, []ergon.Settlement[work.Item]{{Transaction: txs[0], Verdict: ergon.Acked}}); err != nil {
			return err
		}
	}
}

func takePipeline(ctx context.Context, q *sqlite.QueueConnector[work.Item], _ []work.Item) error {
	step := func(_ context.Context, v work.Item) (work.Item, error) { return work.Trivial(v), nil }
	return pipeline.From(q).Map(step, stage.Workers(4)).To(sink.Discard[work.Item](), stage.Batch(100, 50*time.Millisecond)).Run(ctx)
}
