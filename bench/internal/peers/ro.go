package peers

import (
	"context"

	"github.com/samber/ro"

	"github.com/ergon-go/ergon/bench/internal/work"
)

// Ro is github.com/samber/ro, which runs on the goroutine of its subscriber.
func Ro() Peer {
	return Peer{
		Name: "samber/ro", Run: roRun, Fits: func(s Shape) bool { return s.Workers == 1 },
		Note: "synchronous, on one goroutine: no queue, no workers",
	}
}

func roRun(_ context.Context, j Job) (int, error) {
	n, failure := 0, error(nil)
	items := ro.FromSlice(j.Items)
	for range j.Stages {
		items = ro.Map(func(v work.Item) work.Item { return j.Step(v) })(items)
	}
	items.Subscribe(ro.NewObserver(
		func(v work.Item) {
			j.Show(v)
			n++
		},
		func(err error) { failure = err },
		func() {},
	)).Wait()
	return n, failure
}
