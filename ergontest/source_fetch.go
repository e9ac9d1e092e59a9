package ergontest

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// FetchCall is one call of Fetch.
type FetchCall struct {
	Max  int // asked for
	Got  int
	Err  error
	At   time.Time // when it began
	Took time.Duration
}

// Fetch hands out up to max transactions.
func (s *Source[T]) Fetch(ctx context.Context, max int) ([]ergon.Transaction[T], error) {
	call := s.beginFetch(max)
	defer s.endFetch()
	n := max
	var err error
	if s.OnFetch != nil {
		n, err = s.OnFetch(ctx, call, max)
	}
	txs, err := s.handOver(call, n, err)
	if s.hot(len(txs), err) {
		time.Sleep(relief)
	}
	return txs, err
}

// mostInVain is how many fetches in a row may get nothing at one instant.
const mostInVain = 1000

// relief is how long a Fetch takes that is one of too many: virtual time, which
// stands still as long as somebody is busy, has to go on.
const relief = time.Second

// hot reports whether this is one of too many fetches in vain.
func (s *Source[T]) hot(got int, err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if got > 0 || errors.Is(err, io.EOF) || !now.Equal(s.vainAt) {
		s.vain, s.vainAt = 0, now
		return false
	}
	s.vain++
	s.violations.unlessf(s.vain != mostInVain, "%d fetches in a row at one instant got nothing: a loop without a wait", mostInVain)
	return s.vain >= mostInVain
}

func (s *Source[T]) beginFetch(max int) (call int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations.unlessf(max > 0, "Fetch was asked for %d transactions", max)
	s.violations.unlessf(s.fetching == 0, "Fetch was called while another call of it went on")
	s.violations.unlessf(!s.life.over(), "Fetch was called after Stop")
	s.fetching++
	s.fetches = append(s.fetches, FetchCall{Max: max, Err: ergon.ErrGoexit, At: time.Now()})
	return len(s.fetches)
}

func (s *Source[T]) endFetch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fetching--
}

// handOver is what Fetch does after its hook. A call that comes back after Stop
// takes nothing, as there is nobody who could settle it.
func (s *Source[T]) handOver(call, n int, err error) ([]ergon.Transaction[T], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	var txs []ergon.Transaction[T]
	if !s.life.over() {
		txs = s.take(n)
	}
	if err == nil && !s.Open && len(txs) == 0 && len(s.waiting)+len(s.out) == 0 {
		err = io.EOF
	}
	c := &s.fetches[call-1]
	c.Got, c.Err, c.Took = len(txs), err, time.Since(c.At)
	return txs, err
}

// Fetches returns the calls of Fetch, in order. One that panicked or has not
// come back has the error ergon.ErrGoexit.
func (s *Source[T]) Fetches() []FetchCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.fetches)
}

// FetchErrors makes Fetch return one error after the other, nil standing for a
// call that works, and work from then on. It sets OnFetch.
func (s *Source[T]) FetchErrors(errs ...error) {
	s.OnFetch = func(_ context.Context, call, max int) (int, error) {
		if err := nth(errs, call); err != nil {
			return 0, err
		}
		return max, nil
	}
}
