package ergonotel

import (
	"time"

	"github.com/ergon-go/ergon"
)

// starved adds up for how long the workers of a stage had nothing to do: the time that
// has passed, for each worker, less what they have worked and what they were blocked. A
// call is counted by the engine once it is over; until then a worker that is busy each
// time somebody looks counts as working, so that what is added up never falls.
type starved struct {
	at      time.Duration // after the beginning of the run
	working time.Duration
	blocked time.Duration
	busy    int
	ahead   time.Duration // work that was taken for granted before it was counted
	total   time.Duration
}

// look adds what has come since it was looked at last.
func (s *starved) look(at time.Duration, now ergon.StageSnapshot) {
	if s.at == 0 {
		s.busy = now.Busy // nobody has looked before
	}
	passed := max(0, at-s.at)
	counted := now.Working - s.working
	paid := min(s.ahead, counted)
	worked := max(counted-paid, time.Duration(min(s.busy, now.Busy))*passed)
	s.ahead += worked - counted // what was paid is ahead no more
	s.total += max(0, time.Duration(now.Workers)*passed-worked-(now.Blocked-s.blocked))
	s.at, s.working, s.blocked, s.busy = max(at, s.at), now.Working, now.Blocked, now.Busy
}
