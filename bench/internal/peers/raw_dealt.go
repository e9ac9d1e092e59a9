package peers

import (
	"context"

	"github.com/ergon-go/ergon/bench/internal/work"
)

// RawDealt is goroutines and channels by hand that keep the order: items are dealt
// to the workers of a stage in turn, each of which has a channel on either side,
// and are collected in the same turn by whoever deals for the next stage. One slow
// item holds up all workers.
func RawDealt() Peer {
	return Peer{
		Name: "raw channels, dealt in turn", Run: rawDealtRun, Fits: func(s Shape) bool { return s.Ordered },
		Note: "each worker has channels of its own, which share a buffer of 64; one slow item holds up all workers",
	}
}

func rawDealtRun(_ context.Context, j Job) (int, error) {
	next := rawDealtSource(j.Items)
	for range j.Stages {
		next = rawDealt(next, j.Workers, j.Step)
	}
	n := 0
	for v, ok := next(); ok; v, ok = next() {
		j.Show(v)
		n++
	}
	return n, nil
}

// pull returns the next item in order, as long as there is one.
type pull func() (work.Item, bool)

func rawDealtSource(items []work.Item) pull {
	i := 0
	return func() (work.Item, bool) {
		if i == len(items) {
			return work.Item{}, false
		}
		i++
		return items[i-1], true
	}
}

// rawDealt is a stage: a goroutine deals what next returns to the workers. What
// it returns collects from them.
func rawDealt(next pull, workers int, step work.Step) pull {
	in, out := make([]chan work.Item, workers), make([]chan work.Item, workers)
	for i := range workers {
		in[i], out[i] = make(chan work.Item, Buffer/workers), make(chan work.Item, Buffer/workers)
		go func() { // until there is nothing more to deal
			defer close(out[i])
			for v := range in[i] {
				out[i] <- step(v)
			}
		}()
	}
	go func() { // until next has no more
		turn := 0
		for v, ok := next(); ok; v, ok = next() {
			in[turn] <- v
			turn = (turn + 1) % workers
		}
		for _, c := range in {
			close(c)
		}
	}()
	turn := 0
	return func() (work.Item, bool) {
		v, ok := <-out[turn]
		turn = (turn + 1) % workers
		return v, ok
	}
}
