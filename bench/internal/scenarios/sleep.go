package scenarios

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// sleep is a millisecond of waiting for each item, by a thousand workers.
func sleep() Maker {
	return Maker{Name: "sleep", Title: "1 ms of waiting for each item, 1000 workers", Goals: []string{"P6"}, Open: openSleep, Most: 3}
}

func openSleep(ctx context.Context, s Settings) (*measure.Scenario, error) {
	o := &measure.Scenario{Unit: measure.Nanos, Profile: ours}
	sleepers := s.Some(1000, 1000, 50)
	j := peers.Job{
		Shape: peers.Shape{Stages: 1, Workers: sleepers}, Step: work.Sleepy(time.Millisecond),
		Items: work.Items(s.Some(100, 30, 2) * sleepers),
	}
	bare := peers.Peer{Name: "bare goroutines", Run: bareRun, Note: "1000 goroutines, each with its share from the beginning"}
	for _, p := range []peers.Peer{peers.Ergon(), bare, peers.Raw(), peers.Rill()} {
		// What must come out is worked out one by one, so without the waiting.
		if err := p.Check(ctx, j.Shape, j.Items[:2*sleepers], work.Sleepy(0)); err != nil {
			return nil, err
		}
		o.Variants = append(o.Variants, measure.Variant{Name: p.Name, Run: timing{p, j}.take, Note: p.Note})
	}
	o.Figures = []measure.Figure{
		Ratio("P6", "1 ms of waiting, 1000 workers ÷ bare goroutines", ours, bare.Name, 1.15, 1.05),
		Ratio("", "1 ms of waiting, 1000 workers, raw channels ÷ bare goroutines", raw, bare.Name, 0, 0),
	}
	return o, nil
}

// bareRun does the work in as many goroutines as there are workers, each of which
// has its share from the beginning.
func bareRun(_ context.Context, j peers.Job) (int, error) {
	var group sync.WaitGroup
	var n atomic.Int64
	for i := range j.Workers {
		items := j.Items[i*len(j.Items)/j.Workers : (i+1)*len(j.Items)/j.Workers]
		group.Go(func() {
			for _, v := range items {
				if v = j.Step(v); j.See != nil {
					j.See(v)
				}
			}
			n.Add(int64(len(items)))
		})
	}
	group.Wait()
	return int(n.Load()), nil
}
