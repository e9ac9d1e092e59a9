package peers

import (
	"context"

	"github.com/ergon-go/ergon/bench/internal/work"
)

// RawFutures is goroutines and channels by hand that keep the order: each item
// gets a channel for its result, and these channels are handed on in order.
func RawFutures() Peer {
	return Peer{
		Name: "raw channels, a channel for each item", Run: rawFuturesRun, Fits: func(s Shape) bool { return s.Ordered },
		Note: "the channels of the results are handed on in order",
	}
}

// future is an item and where its result goes.
type future struct {
	work.Item

	result chan<- work.Item
}

func rawFuturesRun(_ context.Context, j Job) (int, error) {
	out := rawSource(j.Items)
	for range j.Stages {
		out = rawFutures(out, j.Workers, j.Step)
	}
	n := 0
	for v := range out {
		j.Show(v)
		n++
	}
	return n, nil
}

func rawFutures(in <-chan work.Item, workers int, step work.Step) <-chan work.Item {
	todo, order := make(chan future, Buffer), make(chan (<-chan work.Item), Buffer)
	out := make(chan work.Item, Buffer)
	go func() { // until in is closed
		defer close(todo)
		defer close(order)
		for v := range in {
			result := make(chan work.Item, 1)
			order <- result
			todo <- future{v, result}
		}
	}()
	for range workers {
		go func() { // until there is nothing more to do
			for f := range todo {
				f.result <- step(f.Item)
			}
		}()
	}
	go func() { // until all results are there
		defer close(out)
		for result := range order {
			out <- <-result
		}
	}()
	return out
}
