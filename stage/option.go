package stage

import (
	"context"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
)

// Option tunes a stage, a handler or a sink.
type Option interface {
	SinkOption
	fitsStages()
}

// SinkOption tunes a sink. Those that are not an Option too (Batch, BestEffort)
// make sense only where something is stored, and the compiler refuses them
// elsewhere.
type SinkOption interface {
	apply(*Settings)
}

// Limiter says when the next call may be made. *rate.Limiter of
// golang.org/x/time/rate is one. A Limiter may be shared by several stages.
type Limiter interface {
	// Wait blocks until one more call is allowed or ctx ends.
	Wait(ctx context.Context) error
}

// Named gives a stage its name in errors, events and policies. Names are unique
// in a pipeline. A stage without one is called after what it does: map, map-2.
func Named(name string) Option {
	return option(func(s *Settings) { s.Name, s.given.name = name, true })
}

// Workers sets how many calls of a stage may run at once. Default 1.
func Workers(n int) Option {
	return option(func(s *Settings) { s.Policy.Workers, s.given.workers = n, true })
}

// Buffer sets how many transactions may wait in front of a stage before those
// who hand them on have to wait themselves. Default 512, or what the workers and
// one more batch take, if that is more. Two batches always find room. OnError,
// OnSuccess and DeadLetter hold whatever is in flight, and refuse Buffer.
func Buffer(n int) Option {
	return option(func(s *Settings) { s.Policy.Buffer, s.given.buffer = n, true })
}

// Retry sets how often, how long and how patiently a stage tries. A transaction
// that waits for its next attempt holds no worker.
//
// Without Retry a stage tries once, a sink and DeadLetter without limit; each
// attempt takes 60 s at most. With Retry, MaxAttempts 0 is three in a stage,
// while a sink and DeadLetter stay without limit. To set only the time of a
// stage's one attempt:
//
//	stage.Retry(retry.Policy{MaxAttempts: 1, AttemptTimeout: 5 * time.Second})
func Retry(p retry.Policy) Option {
	return option(func(s *Settings) { s.Policy.Retry, s.given.retry = p, true })
}

// Limit makes a stage ask a Limiter before every attempt. While it waits no
// attempt of the stage starts; the wait counts neither as an attempt nor towards
// its timeout.
func Limit(l Limiter) Option {
	return option(func(s *Settings) { s.Limiter, s.given.limiter = l, true })
}

// Classify gives the plain errors of a stage a category, so that business code
// need not import ergon: those it calls CategoryBusiness are not tried again.
// Errors that steer are not asked about.
func Classify(category func(error) ergon.Category) Option {
	return option(func(s *Settings) { s.Classify, s.given.classify = category, true })
}

// Batch makes a sink take up to n transactions in one Dispatch. A batch goes
// when it is full, when its first transaction has waited for within, at a stop,
// or when nothing in flight could still join it and no more can be fetched.
// Without Batch a sink takes one at a time. Within 0 is DefaultWithin.
func Batch(n int, within time.Duration) SinkOption {
	return sinkOption(func(s *Settings) { s.Policy.Batch, s.Policy.Within, s.given.batch = n, within, true })
}

// DefaultWithin is how long a batch waits to fill where no time is given.
const DefaultWithin = time.Second

// BestEffort makes a sink one that nobody waits for: what it does not store is
// counted and observed, never fails a transaction, and is not fetched again. It
// tries once, unless Retry says otherwise. It is for a branch of a Fork.
func BestEffort() SinkOption {
	return sinkOption(func(s *Settings) { s.BestEffort = true })
}

type option func(*Settings)

func (o option) apply(s *Settings) { o(s) }
func (o option) fitsStages()       {}

type sinkOption func(*Settings)

func (o sinkOption) apply(s *Settings) { o(s) }
