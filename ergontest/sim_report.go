package ergontest

import (
	"fmt"
	"runtime"
	"strings"
)

const (
	simReruns  = 20
	simLongest = 60 // lines of history that a report shows
)

// report says what was wrong with a run, and all that helps to find out why.
func (s *simulation[T]) report(run *simRun) string {
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	again := s.reruns(run.seed, simReruns)
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %s\n", run.seed, joinFaults(run.faults))
	fmt.Fprintf(&b, "run it again with: ERGON_SEED=%d GOMAXPROCS=1 go test -run '^%s$'\n", run.seed, strings.ReplaceAll(s.t.Name(), "/", "$/^"))
	fmt.Fprintf(&b, "it reproduces %d times of %d\n", again, simReruns)
	if again == simReruns {
		small := s.shrink(run)
		run = small.run
		fmt.Fprintf(&b, "%d transactions suffice, and these faults: %s\n", small.n, some(run.occurred()))
		fmt.Fprintf(&b, "with them: %s\n", joinFaults(run.faults))
	}
	if i := run.blamed; i >= 0 {
		fmt.Fprintf(&b, "what went wrong with %q: %s\n", run.ids[i], some(run.hit[i]))
		fmt.Fprintf(&b, "what happened to %q:\n%s\n", run.ids[i], run.tell(simLongest, func(e simEvent) bool { return run.about(e, i) }))
	}
	fmt.Fprintf(&b, "what happened last:\n%s", run.tell(simLongest/2, func(simEvent) bool { return true }))
	return b.String()
}

// reruns returns in how many of some more runs of a seed something was found.
func (s *simulation[T]) reruns(seed uint64, times int) int {
	again := 0
	for range times {
		if len(s.run(seed).faults) > 0 {
			again++
		}
	}
	return again
}
