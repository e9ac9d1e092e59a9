package peers

import (
	"context"
	"sync/atomic"

	"github.com/sourcegraph/conc/pool"
	"github.com/sourcegraph/conc/stream"
)

// ConcPool is a pool of github.com/sourcegraph/conc: a task for each item, which
// goes through all stages. It has no stages of its own, hence no hand-over
// between them.
func ConcPool() Peer {
	return Peer{Name: "conc pool", Run: concPoolRun, Note: "one task for each item, all stages in it"}
}

func concPoolRun(_ context.Context, j Job) (int, error) {
	var n atomic.Int64
	p := pool.New().WithMaxGoroutines(j.Workers)
	for _, v := range j.Items {
		p.Go(func() {
			j.Show(j.all(v))
			n.Add(1)
		})
	}
	p.Wait()
	return int(n.Load()), nil
}

// ConcStream is a stream of github.com/sourcegraph/conc: as its pool, with the
// results in order.
func ConcStream() Peer {
	return Peer{
		Name: "conc stream", Run: concStreamRun, Fits: func(Shape) bool { return true },
		Note: "one task for each item, all stages in it; always in order",
	}
}

func concStreamRun(_ context.Context, j Job) (int, error) {
	n := 0
	s := stream.New().WithMaxGoroutines(j.Workers)
	for _, v := range j.Items {
		s.Go(func() stream.Callback {
			result := j.all(v)
			return func() {
				j.Show(result)
				n++
			}
		})
	}
	s.Wait()
	return n, nil
}
