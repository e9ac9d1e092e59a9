package ergontest

import "time"

// LongestRun is how much virtual time Run gives a pipeline unless Within says
// otherwise.
const LongestRun = 24 * time.Hour

// Option changes what Run does.
type Option func(*settings)

type settings struct {
	within    time.Duration
	stopAfter time.Duration // below 0: never
	streaming bool
	fails     bool
}

func settingsOf(opts []Option) settings {
	s := settings{within: LongestRun, stopAfter: -1}
	for _, o := range opts {
		if o != nil {
			o(&s)
		}
	}
	return s
}

// Within sets how much virtual time the run has to end; one that takes longer is
// stopped and fails the test. Below 1 ns it is LongestRun.
func Within(d time.Duration) Option {
	return func(s *settings) {
		if d <= 0 {
			d = LongestRun
		}
		s.within = d
	}
}

// StopAfter ends the context of the run after some virtual time, as a process
// does that is told to stop; 0 is before it begins.
func StopAfter(d time.Duration) Option { return func(s *settings) { s.stopAfter = max(d, 0) } }

// Streaming calls Stream instead of Run. StopAfter or Stop end it.
func Streaming() Option { return func(s *settings) { s.streaming = true } }

// Fails says that the run is to return an error, which is in the Result; that it
// returns none fails the test then.
func Fails() Option { return func(s *settings) { s.fails = true } }
