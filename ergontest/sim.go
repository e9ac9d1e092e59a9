package ergontest

import (
	"fmt"
	"testing"
	"time"

	"github.com/ergon-go/ergon/pipeline"
)

// SimConfig says what Sim feeds a pipeline with, and what it is to hold. The zero
// value simulates 100 seeds with 40 transactions of T's zero value.
type SimConfig[T any] struct {
	// In are payloads, handed out in this order, again from the start where there
	// are fewer than N.
	In []T
	// Make makes the payload of the ith transaction, instead of In. It returns the
	// same for the same i.
	Make func(i int) T
	// N is how many transactions there are: 40 unless set, or all of In where those
	// are more.
	N int
	// Seeds is how many runs there are, each with other faults: 100 unless set. The
	// environment's ERGON_SEEDS counts instead, and ERGON_SEED=n runs seed n alone.
	Seeds int
	// First is the first seed.
	First uint64
	// Key returns the key of a payload. Below KeyBy it is checked that stages and
	// sinks are called for each key in order, retries included; a log keeps a key in
	// one partition.
	Key func(T) string
	// Broker is what the source simulates; either, by the seed, unless set.
	Broker SimBroker
	// Within is how much virtual time one turn of the pipeline may take: six hours
	// unless set.
	Within time.Duration
}

// SimBroker is what the source of a simulation is connected to.
type SimBroker uint8

// What a source may be connected to.
const (
	EitherBroker SimBroker = iota
	QueueBroker            // a queue that leases what it hands out
	LogBroker              // a log of partitions that are taken away and given back
)

const (
	simSeeds  = 100
	simItems  = 40
	simWithin = 6 * time.Hour
)

// Sim simulates a pipeline, seed by seed, in a world in which everything goes
// wrong that can: its source loses connections and leases, its stages fail, panic,
// hang and ignore their context, its sinks lie about what they have stored, its
// process is stopped and dies. Hours pass in milliseconds. The test fails at the
// first seed at which a promise is broken, and says how to run it again.
//
// build makes the pipeline out of the World: from its Source, into its Sinks, and
// with its Dead for dead letters where it wants any. It is called anew, with the
// same World, whenever the process starts again. For one transaction the pipeline
// has to make the same, whenever it is asked: what comes of each is found out by
// two runs in which nothing goes wrong. What a FlatMap makes of a Group is
// compared by members alone.
//
// This is checked, at every moment: nothing is Acked, or committed, unless all
// that comes of it is in the sinks, or it is in Dead, was dropped, or dealt with
// by OnError; nothing is settled twice, or with a verdict nobody asked for;
// nothing is stored that should not be, or again without a reason; nothing is
// attempted twice at once, without a wait, or after the end of a drain; no more is
// in flight than may be; the order of keys, and of Ordered, is kept. And at the
// end: everything has ended, the ledger balances, a stop took no longer than it
// may, nobody is left behind.
//
// Faults are a function of the seed, and every timer has its own instant, so that
// a seed that fails nearly always fails again.
//
// What Sim cannot see: payloads, as it knows things by their ids; a sink that is
// not the World's, or that stands between and says it has stored what it has not;
// and what an OnError means that returns ergon.Handled: it counts as dealt with. A
// sink of the World has its place in one branch of a Fork, not in two.
//
// While it runs, Sim sets GOMAXPROCS to 1, unless the race detector is on.
func Sim[T any](t *testing.T, build func(*World[T]) pipeline.Pipeline, c SimConfig[T]) SimResult {
	t.Helper()
	given(t, "Sim", "build", build != nil)
	c = c.orDefault()
	defer simSingly()()
	s := &simulation[T]{config: c, build: build, t: t}
	if faults := s.learn(); len(faults) > 0 {
		t.Errorf("ergontest: Sim: without any fault: %s", joinFaults(faults))
		return s.result
	}
	first, n, err := simRange(c.First, c.Seeds)
	if err != nil {
		t.Errorf("ergontest: Sim: %v", err)
		return s.result
	}
	for seed := first; seed < first+n; seed++ {
		run := s.run(seed)
		s.result.add(run)
		if len(run.faults) > 0 {
			s.result.FailedSeed, s.result.Failed = seed, true
			t.Errorf("ergontest: Sim: %s", s.report(run))
			break
		}
	}
	return s.result
}

func (c SimConfig[T]) orDefault() SimConfig[T] {
	if c.N <= 0 {
		c.N = max(simItems, len(c.In))
	}
	if c.Seeds <= 0 {
		c.Seeds = simSeeds
	}
	if c.Within <= 0 {
		c.Within = simWithin
	}
	in := c.In
	if c.Make == nil {
		c.Make = func(i int) (payload T) {
			if len(in) > 0 {
				payload = in[i%len(in)]
			}
			return payload
		}
	}
	return c
}

// key returns the key of the ith transaction.
func (c SimConfig[T]) key(i int) string {
	if c.Key == nil {
		return fmt.Sprint(i)
	}
	return c.Key(c.Make(i))
}

// simulation is one call of Sim.
type simulation[T any] struct {
	config    SimConfig[T]
	build     func(*World[T]) pipeline.Pipeline
	t         *testing.T
	reference *simReference
	result    SimResult
}
