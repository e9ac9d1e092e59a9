package ergontest

import (
	"context"
	"testing"
	"time"

	"github.com/ergon-go/ergon/pipeline"
)

// live starts a pipeline, as often as it takes.
func (s *simRun) live(t *testing.T, build func() pipeline.Pipeline, within time.Duration) {
	faulty := 1 + int(s.choice("turns", mostFaulty))
	if s.reference == nil {
		faulty = 0
	}
	streaming := s.choice("streaming", 2) == 0
	for number := range faulty + mostWell {
		ctx, stop := context.WithCancel(t.Context())
		turn := s.begin(number, number >= faulty, stop)
		s.conduct(ctx, build(), turn, streaming, within)
		stop()
		if s.ended() {
			break
		}
		s.idle()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		s.checkAll()
	}
}

// ended reports whether there is nothing more to do, or to find.
func (s *simRun) ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.faults) > 0 || s.broker.Left() == 0
}

// idle waits until there is something to hand out.
func (s *simRun) idle() {
	s.mu.Lock()
	wait := min(time.Until(s.broker.Next()), longestIdle)
	s.mu.Unlock()
	time.Sleep(s.instants.Apart(wait))
}
