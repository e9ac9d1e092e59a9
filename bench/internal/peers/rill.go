package peers

import (
	"context"

	"github.com/destel/rill"

	"github.com/ergon-go/ergon/bench/internal/work"
)

// Rill is github.com/destel/rill.
func Rill() Peer {
	return Peer{Name: "rill", Run: rillRun, Fits: func(Shape) bool { return true }}
}

func rillRun(_ context.Context, j Job) (int, error) {
	stage := rill.Map[work.Item, work.Item]
	if j.Ordered {
		stage = rill.OrderedMap[work.Item, work.Item]
	}
	stream := rill.FromSlice(j.Items, nil)
	for range j.Stages {
		stream = stage(stream, j.Workers, func(v work.Item) (work.Item, error) { return j.Step(v), nil })
	}
	n := 0
	err := rill.ForEach(stream, 1, func(v work.Item) error {
		j.Show(v)
		n++
		return nil
	})
	return n, err
}
