package peers

import (
	"context"
	"sync"

	"github.com/ergon-go/ergon/bench/internal/work"
)

// Buffer is how much the channels written by hand hold.
const Buffer = 64

// Raw is goroutines and channels by hand, with nothing around them: no error, no
// context, no order.
func Raw() Peer {
	return Peer{Name: "raw channels", Run: rawRun}
}

func rawRun(_ context.Context, j Job) (int, error) {
	out := rawSource(j.Items)
	for range j.Stages {
		out = rawStage(out, j.Workers, j.Step)
	}
	n := 0
	for v := range out {
		j.Show(v)
		n++
	}
	return n, nil
}

func rawSource(items []work.Item) <-chan work.Item {
	out := make(chan work.Item, Buffer)
	go func() { // until all are taken
		defer close(out)
		for _, v := range items {
			out <- v
		}
	}()
	return out
}

func rawStage(in <-chan work.Item, workers int, step work.Step) <-chan work.Item {
	out := make(chan work.Item, Buffer)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for v := range in {
				out <- step(v)
			}
		})
	}
	go func() { // until in is closed
		defer close(out)
		group.Wait()
	}()
	return out
}
