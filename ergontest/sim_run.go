package ergontest

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/ergon-go/ergon/ergontest/internal/broker"
	"github.com/ergon-go/ergon/ergontest/internal/faults"
	"github.com/ergon-go/ergon/internal/lab"
)

// simRun is one simulated run: the world of one seed, which outlives the
// pipelines that are run in it, and everything that is known of what happened
// there. It is the director of its World. One lock guards it all; it is never
// held over anything that blocks.
type simRun struct {
	mu        sync.Mutex
	seed      uint64
	plan      *faults.Plan
	instants  *lab.Instants
	random    *rand.Rand
	broker    broker.Broker
	lease     time.Duration // of what the source hands out; 0: none
	n         int
	keys      []string // of each input
	ids       []string // under which each input is handed out
	reps      []int    // the first input of the same id
	reference *simReference
	lineage   simLineage
	began     time.Time
	turn      *simTurn // the present one

	tries    map[string]int    // attempts of a place on an id
	stored   map[simOutput]int // by input and output, how often
	sound    map[simOutput]int // those of them that were reported as stored
	handed   []int             // how often each input was handed out
	dead     map[int]bool      // inputs that are in Dead
	open     map[int][]*simAccount
	excuses  []simExcuse
	history  []simEvent
	injected [faults.Kinds]int
	hit      map[int][]string // the faults that hit each input

	faults                                               []string
	blamed                                               int // the input that the first fault is about; below 0: none
	took                                                 time.Duration
	turns, crashes, stops, fetched, storings, duplicates int
	events                                               int
	asides                                               []int // what the source was asked to set aside
	keyed                                                bool  // keys are the user's
	err                                                  error
}

// newSimRun returns the run of a seed; keys are those of the inputs, one each.
func newSimRun(seed uint64, plan *faults.Plan, keys []string, kind SimBroker) *simRun {
	s := &simRun{
		seed: seed, plan: plan, instants: &lab.Instants{}, random: rand.New(rand.NewPCG(seed, 0)),
		n: len(keys), keys: keys, began: time.Now(), blamed: -1,
		tries: map[string]int{}, stored: map[simOutput]int{}, sound: map[simOutput]int{},
		dead: map[int]bool{}, open: map[int][]*simAccount{}, hit: map[int][]string{}, handed: make([]int, len(keys)),
	}
	s.name()
	s.lineage = newSimLineage(s.ids, s.reps)
	s.connect(kind)
	return s
}

// name gives the inputs their ids, some of them twice.
func (s *simRun) name() {
	for i := range s.n {
		id, rep := fmt.Sprintf("sim:%d", i), i
		if i > 0 && s.plan.Hits(faults.TwinID, id, 0) {
			rep = s.reps[s.plan.Number(faults.TwinID, id, 0, uint64(i))]
			id = s.ids[rep]
			s.injected[faults.TwinID]++
		}
		s.ids, s.reps = append(s.ids, id), append(s.reps, rep)
	}
}

// choice returns a number in [0, n) that goes with the seed.
func (s *simRun) choice(what string, n uint64) uint64 {
	return s.plan.Number(faults.Kinds, what, 0, n)
}

// connect makes what the source is connected to.
func (s *simRun) connect(kind SimBroker) {
	if kind == LogBroker || kind == EitherBroker && s.choice("broker", 2) == 0 {
		parts := make([]int, s.n)
		count := 1 + s.choice("partitions", 4)
		for i, key := range s.keys {
			parts[i] = int(s.plan.Number(faults.Revoke, key, 0, count))
		}
		s.broker = broker.NewLog(parts, 12+int(s.choice("window", 30)))
		return
	}
	s.lease = []time.Duration{0, 10 * time.Second, 30 * time.Second, 5 * time.Minute, simLongLease}[s.choice("lease", 5)]
	s.broker = broker.NewQueue(s.n, s.lease, s.choice("counted", 2) == 0)
}

// simLongLease is a lease that no work outlasts but what is stuck.
const simLongLease = 30 * time.Minute

// simTurn is one life of the process: a pipeline that is built and run.
type simTurn struct {
	number    int
	well      bool // nothing goes wrong any more
	healthy   bool // nothing ever went wrong in it
	stop      func()
	limits    lab.Limits
	dead      bool
	stopped   bool // it was told to stop, or wanted to
	frozen    bool
	over      bool      // Run has returned
	drain     time.Time // when its stop began
	seq       int64
	arriving  []*simReceipt // what the last Fetch got, not yet begun
	inFlight  int
	events    int
	fate      faults.Kind // Stop, Freeze, Crash, or Kinds
	fateAt    int         // the event at which it is met
	kinds     map[string]simNode
	busy      map[string]int
	settles   int                 // calls of Settle in progress
	calling   int                 // calls of foreign code in progress
	turns     map[string]simTurns // by stage, and key
	fatal     bool                // user code wanted it to stop
	streaming bool
	waits     map[string]simWait // by place and id
	holds     map[string]simHold // by stage
	instant   time.Time          // the present one
	calls     map[string]int     // at it
	told      [4]int             // receipts by the verdict that was taken
	uncertain bool               // a settlement may have failed for good
}

func (s *simRun) faultf(input int, format string, args ...any) {
	if len(s.faults) == 0 {
		s.blamed = input
	}
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
	s.note("FAULT", "", nil, s.faults[len(s.faults)-1])
	if t := s.turn; t != nil && !t.dead {
		t.dead = true // what follows would say nothing new
		t.stop()
	}
}

// hits counts a fault that is about to happen to some inputs.
func (s *simRun) hits(k faults.Kind, place string, inputs []int) {
	s.injected[k]++
	for _, i := range inputs {
		s.hit[i] = append(s.hit[i], fmt.Sprintf("%v at %s", k, place))
	}
}
