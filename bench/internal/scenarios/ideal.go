package scenarios

import (
	"runtime"
	"sync"
	"time"

	"github.com/ergon-go/ergon/bench/internal/peers"
)

// ideal is how long the work of a job takes where nothing has to be handed over:
// as many goroutines as can run at once, each with its share from the beginning.
func ideal(j peers.Job) time.Duration {
	share := min(j.Workers, runtime.GOMAXPROCS(0))
	began := time.Now()
	var group sync.WaitGroup
	for i := range share {
		items := j.Items[i*len(j.Items)/share : (i+1)*len(j.Items)/share]
		group.Go(func() {
			for _, v := range items {
				j.Step(v)
			}
		})
	}
	group.Wait()
	return time.Since(began)
}
