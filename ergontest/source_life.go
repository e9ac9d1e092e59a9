package ergontest

import "context"

// Start begins a run. Start after Start changes nothing.
func (s *Source[T]) Start(ctx context.Context) error {
	s.mu.Lock()
	if begun := s.life.begin(); begun {
		s.again()
	}
	s.witness = witnessOf(ctx)
	w := s.witness
	s.mu.Unlock()
	w.join(s, false)
	if s.OnStart != nil {
		return s.OnStart(ctx)
	}
	return nil
}

// Stop ends a run. Stop after Stop changes nothing.
func (s *Source[T]) Stop(ctx context.Context) error {
	s.mu.Lock()
	s.life.end()
	s.mu.Unlock()
	if s.OnStop != nil {
		return s.OnStop(ctx)
	}
	return nil
}

// Starts returns how often Start was called.
func (s *Source[T]) Starts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.life.starts
}

// Stops returns how often Stop was called.
func (s *Source[T]) Stops() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.life.stops
}

// Violations returns, joined, how the contract of a source was broken by whoever
// used it: something settled twice, unless a call failed in between, or with a
// verdict, a delay or a receipt that it must not have; calls at once of what is
// called by one goroutine; calls after Stop. It is nil where all was well. Run
// asks for it.
func (s *Source[T]) Violations() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.violations.err()
}

// unsettled returns the ids of what was handed out and neither settled nor, its
// lease being over, taken back.
func (s *Source[T]) unsettled() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	out := map[*parcel[T]]bool{}
	for r := range s.out {
		out[r.parcel] = true
	}
	var ids []string
	for _, p := range s.parcels {
		if out[p] {
			ids = append(ids, p.tx.ID())
		}
	}
	return ids
}

// life is how often something was started and stopped.
type life struct {
	starts, stops int
	running       bool
}

func (l *life) begin() bool {
	l.starts++
	begun := !l.running
	l.running = true
	return begun
}

func (l *life) end() {
	l.stops++
	l.running = false
}

// over reports whether it was stopped and not started again.
func (l *life) over() bool { return l.stops > 0 && !l.running }
