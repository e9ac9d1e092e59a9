package peers

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon/bench/internal/work"
)

// RawNaive is channels by hand with what a pipeline needs besides, written as it
// comes: each attempt recovers, each stage tries again, everything that blocks
// looks at the context, and each item is acknowledged when it is through.
func RawNaive() Peer {
	return Peer{Name: "raw channels, all features", Run: rawNaiveRun}
}

// naiveItem is an item with the means to acknowledge it.
type naiveItem struct {
	work.Item
	ack func(error)
}

// naiveRun is what the goroutines of one run share.
type naiveRun struct {
	ctx             context.Context //nolint:containedctx // it lives as long as the run
	acked, returned atomic.Int64
}

func rawNaiveRun(ctx context.Context, j Job) (int, error) {
	r := &naiveRun{ctx: ctx}
	out := r.source(j.Items)
	for range j.Stages {
		out = r.stage(out, j.Workers, j.Step)
	}
	for v := range out {
		j.Show(v.Item)
		v.ack(nil)
	}
	if n := r.returned.Load(); n > 0 {
		return int(r.acked.Load()), fmt.Errorf("peers: %d items failed", n)
	}
	return int(r.acked.Load()), ctx.Err()
}

func (r *naiveRun) source(items []work.Item) <-chan naiveItem {
	out := make(chan naiveItem, Buffer)
	go func() { // until all are taken, or the context ends
		defer close(out)
		for _, v := range items {
			if !r.send(out, naiveItem{v, r.acker()}) {
				return
			}
		}
	}()
	return out
}

// acker returns what acknowledges one item, the first time it is called.
func (r *naiveRun) acker() func(error) {
	var once sync.Once
	return func(err error) {
		once.Do(func() {
			if err != nil {
				r.returned.Add(1)
				return
			}
			r.acked.Add(1)
		})
	}
}

func (r *naiveRun) send(out chan<- naiveItem, v naiveItem) bool {
	select {
	case out <- v:
		return true
	case <-r.ctx.Done():
		return false
	}
}

func (r *naiveRun) stage(in <-chan naiveItem, workers int, step work.Step) <-chan naiveItem {
	out := make(chan naiveItem, Buffer)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() { r.work(in, out, step) })
	}
	go func() { // until the workers have ended
		defer close(out)
		group.Wait()
	}()
	return out
}

func (r *naiveRun) work(in <-chan naiveItem, out chan<- naiveItem, step work.Step) {
	for {
		select {
		case v, open := <-in:
			if !open {
				return
			}
			result, err := r.try(v.Item, step)
			if err != nil {
				v.ack(err)
				continue
			}
			if v.Item = result; !r.send(out, v) {
				return
			}
		case <-r.ctx.Done():
			return
		}
	}
}

// try makes up to five attempts, with waits between them.
func (r *naiveRun) try(v work.Item, step work.Step) (result work.Item, err error) {
	for attempt := range 5 {
		if result, err = naiveAttempt(v, step); err == nil {
			return result, nil
		}
		select {
		case <-time.After(100 * time.Millisecond << attempt):
		case <-r.ctx.Done():
			return result, r.ctx.Err()
		}
	}
	return result, err
}

func naiveAttempt(v work.Item, step work.Step) (result work.Item, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("peers: panic: %v", p)
		}
	}()
	return step(v), nil
}
