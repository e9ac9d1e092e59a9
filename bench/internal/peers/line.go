package peers

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/bench/internal/work"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/stage"
)

// Line is stages that wait for one item after another. It is used by one
// goroutine.
type Line struct {
	in    chan<- work.Item
	out   <-chan work.Item
	ended func() error
}

// Pass puts an item in and returns it as it comes out.
func (l *Line) Pass(v work.Item) work.Item {
	l.in <- v
	return <-l.out
}

// Close ends the stages.
func (l *Line) Close() error {
	close(l.in)
	return l.ended()
}

// RawLine is so many goroutines between channels.
func RawLine(stages int, step work.Step) *Line {
	in := make(chan work.Item, Buffer)
	out := (<-chan work.Item)(in)
	for range stages {
		out = rawStage(out, 1, step)
	}
	return &Line{in: in, out: out, ended: func() error {
		for range out { // nothing is left in it; it is closed when the last goroutine has ended
		}
		return nil
	}}
}

// ErgonLine is a pipeline of so many stages, with everything on but observers.
func ErgonLine(ctx context.Context, stages int, step work.Step) *Line {
	in, out := make(chan work.Item, Buffer), make(chan work.Item, Buffer)
	flow := pipeline.From(ergon.Source[work.Item](&arriving{from: in}))
	for range stages {
		flow = flow.Map(func(_ context.Context, v work.Item) (work.Item, error) { return step(v), nil }, stage.Retry(patiently))
	}
	p := flow.To(sink.Func(func(_ context.Context, txs []ergon.Transaction[work.Item]) error {
		for _, tx := range txs {
			out <- tx.Payload()
		}
		return nil
	}))
	var group sync.WaitGroup
	var err error
	group.Go(func() { err = p.Run(ctx) }) // until in is closed
	return &Line{in: in, out: out, ended: func() error {
		group.Wait()
		if l := p.Ledger(); err == nil && (l.Succeeded != l.Fetched || !l.Balanced()) {
			err = errors.New("peers: ergon: " + l.String())
		}
		return err
	}}
}

// arriving is a source of what arrives, one after another, that is told what
// became of it.
type arriving struct {
	from <-chan work.Item
	n    int64
}

// Fetch waits for one item.
func (a *arriving) Fetch(ctx context.Context, _ int) ([]ergon.Transaction[work.Item], error) {
	select {
	case v, open := <-a.from:
		if !open {
			return nil, io.EOF
		}
		a.n++
		return []ergon.Transaction[work.Item]{ergon.Numbered("arriving", a.n, v)}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Settle has nothing to do.
func (*arriving) Settle(context.Context, []ergon.Settlement[work.Item]) error { return nil }
