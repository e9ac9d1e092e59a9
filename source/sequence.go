package source

import (
	"context"
	"io"
	"iter"
	"runtime/debug"
	"time"

	"github.com/ergon-go/ergon"
)

// Sequence is a Source of what an iterator yields. Seq and Seq2 make one.
type Sequence[T any] struct {
	settings
	seq     iter.Seq2[T, error]
	next    func() (T, error, bool)
	stop    func()
	pos     int64
	ended   bool
	failed  error // how the iterator broke off
	started bool
}

// Seq returns a Source of what an iterator yields, with the ids "seq:0",
// "seq:1" and so on, so each Start must yield the same again. An iterator
// cannot be told that a run stops: one that waits for something belongs behind
// Func or Chan.
func Seq[T any](seq iter.Seq[T], opts ...Option) *Sequence[T] {
	s := &Sequence[T]{settings: settingsOf("source.Seq", "seq", opts)}
	s.check(seq == nil, "sequence", "", "is nil")
	s.seq = func(yield func(T, error) bool) {
		for item := range seq {
			if !yield(item, nil) {
				return
			}
		}
	}
	return s
}

// Seq2 is Seq of an iterator that may yield errors: each fails one Fetch, the
// value beside it is dropped, and the next Fetch goes on behind it.
func Seq2[T any](seq iter.Seq2[T, error], opts ...Option) *Sequence[T] {
	s := &Sequence[T]{settings: settingsOf("source.Seq2", "seq", opts), seq: seq}
	s.check(seq == nil, "sequence", "", "is nil")
	return s
}

// Validate reports what is wrong with the source's arguments.
func (s *Sequence[T]) Validate() error { return s.err() }

// Start begins the sequence.
func (s *Sequence[T]) Start(context.Context) error {
	if err := s.err(); err != nil {
		return err
	}
	if !s.started {
		s.rewind()
		s.started = true
	}
	return nil
}

// Stop ends the sequence, wherever it is.
func (s *Sequence[T]) Stop(context.Context) error {
	s.started = false
	s.rewind()
	return nil
}

func (s *Sequence[T]) rewind() {
	if s.stop != nil {
		s.stop()
	}
	s.next, s.stop, s.pos, s.ended, s.failed = nil, nil, 0, false, nil
}

// patience is how long a Fetch goes on collecting from a sequence that is slow.
const patience = 5 * time.Millisecond

// Fetch returns what the sequence yields next: up to max, and fewer where it
// takes its time.
func (s *Sequence[T]) Fetch(ctx context.Context, max int) ([]ergon.Transaction[T], error) {
	if err := s.err(); err != nil {
		return nil, ergon.Permanent(err)
	}
	if s.next == nil && !s.ended {
		s.next, s.stop = iter.Pull2(s.seq)
	}
	var txs []ergon.Transaction[T]
	for begun := time.Now(); len(txs) < max; {
		item, err := s.pull(ctx)
		if err != nil {
			return txs, err
		}
		txs = append(txs, ergon.Numbered(s.name, s.pos, item))
		s.pos++
		if time.Since(begun) >= patience {
			break
		}
	}
	return txs, nil
}

// pull returns the next item, io.EOF behind the last one.
func (s *Sequence[T]) pull(ctx context.Context) (item T, err error) {
	if s.failed != nil {
		return item, s.failed
	}
	if s.ended {
		return item, io.EOF
	}
	if err := ctx.Err(); err != nil {
		return item, err
	}
	return s.guarded()
}

// guarded steps the iterator. One that panics or calls runtime.Goexit looks, to
// whoever asks again, as if it had ended: that must not pass for the end.
func (s *Sequence[T]) guarded() (item T, err error) {
	s.failed = ergon.Permanent(ergon.ErrGoexit)
	defer func() {
		if value := recover(); value != nil {
			s.failed = ergon.Permanent(&ergon.PanicError{Value: value, Stack: debug.Stack()})
			err = s.failed
		}
	}()
	item, err, more := s.next()
	s.failed = nil
	if !more {
		s.ended = true
		return item, io.EOF
	}
	return item, err
}
