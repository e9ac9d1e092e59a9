package peers

import (
	"context"
	"sync"

	"github.com/ergon-go/ergon/bench/internal/work"
)

// RawOrdered is goroutines and channels by hand that restore the order: the
// workers of a stage share its channels, as those of Raw do, and behind them a
// goroutine keeps what comes too early until its turn.
func RawOrdered() Peer {
	return Peer{
		Name: "raw channels, ordered", Run: rawOrderedRun, Fits: func(s Shape) bool { return s.Ordered },
		Note: "items are numbered, and reordered behind each stage",
	}
}

// numbered is an item with its place.
type numbered struct {
	work.Item

	place int
}

func rawOrderedRun(_ context.Context, j Job) (int, error) {
	out := make(chan numbered, Buffer)
	go func() { // until all are taken
		defer close(out)
		for i, v := range j.Items {
			out <- numbered{v, i}
		}
	}()
	var in <-chan numbered = out
	for range j.Stages {
		in = rawReorder(rawNumberedStage(in, j.Workers, j.Step), 2*Buffer+j.Workers)
	}
	n := 0
	for v := range in {
		j.Show(v.Item)
		n++
	}
	return n, nil
}

func rawNumberedStage(in <-chan numbered, workers int, step work.Step) <-chan numbered {
	out := make(chan numbered, Buffer)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for v := range in {
				v.Item = step(v.Item)
				out <- v
			}
		})
	}
	go func() { // until in is closed
		defer close(out)
		group.Wait()
	}()
	return out
}

// rawReorder keeps what comes early, until everything before it has gone.
func rawReorder(in <-chan numbered, room int) <-chan numbered {
	out := make(chan numbered, Buffer)
	go func() { // until in is closed
		defer close(out)
		early := make(map[int]numbered, room)
		next := 0
		for v := range in {
			if v.place != next {
				early[v.place] = v
				continue
			}
			out <- v
			next++
			for v, there := early[next]; there; v, there = early[next] {
				delete(early, next)
				out <- v
				next++
			}
		}
	}()
	return out
}
