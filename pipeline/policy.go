package pipeline

import (
	"fmt"
	"math"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/check"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// Policy is what can be said about a pipeline as data, from a file or the
// environment. The zero value is the default; in it 0 means unset, and a negative
// value is an error, except where retry.Unlimited is allowed.
type Policy struct {
	InFlight           int           // transactions fetched and not yet settled; default 1,024, or twice the workers of the widest stage; less if the source prefetches less
	FetchBatch         int           // the most to ask for in one Fetch; default 100
	Limit              int64         // transactions to fetch in one run, exactly; default no limit
	RunTimeout         time.Duration // a run stops after this; default never
	TransactionTimeout time.Duration // from fetch to the hand-over to the sink; default none
	Drain              time.Duration // what is in flight has this long to end at a stop; default 20 s
	Grace              time.Duration // after that, what is cancelled has this long to come back; default 5 s

	MaxDeliveries int      // a failure of one delivered so often is DeadLettered, not Returned; default 10; retry.Unlimited allowed
	MaxFailures   Failures // ends a run early; default never

	Redelivery retry.Policy // how long a Returned transaction waits, by deliveries: 1 s, ×2, cap 5 min, full jitter
	Empty      retry.Policy // waits between fetches that get nothing: 1 ms, ×2, cap 1 s, no jitter
	Fetch      retry.Policy // of failing fetches and counts: 100 ms, ×2, cap 30 s; 5 attempts in Run, unlimited in Stream
	Settle     retry.Policy // of telling the source: 100 ms, ×2, cap 5 s, within the lease or else 1 min

	// Stages lays policies over single stages, sinks and handlers, by the name
	// they were given with stage.Named; OnError, DeadLetter and OnSuccess are
	// called "on-error", "dead-letter" and "success".
	Stages map[string]stage.Policy
}

// Failures says how many failed transactions are too many: those that end
// DeadLettered, Returned or unhandled.
type Failures struct {
	Count int64   // this many; 0 = any number
	Share float64 // more than this share of those that have ended, once 100 have; 0 = any
}

// The defaults of Policy.
const (
	defaultInFlight      = 1024
	defaultFetchBatch    = 100
	defaultDrain         = 20 * time.Second
	defaultGrace         = 5 * time.Second
	defaultMaxDeliveries = 10
	defaultTimeout       = time.Minute // of one attempt
	defaultSettleWithin  = time.Minute
	defaultBuffer        = 512
)

var (
	redeliveryRetry = retry.Policy{Backoff: time.Second, BackoffMultiplier: 2, BackoffCap: 5 * time.Minute}
	emptyRetry      = retry.Policy{Backoff: time.Millisecond, BackoffMultiplier: 2, BackoffCap: time.Second, Jitter: retry.NoJitter}
	settleRetry     = retry.Policy{MaxAttempts: retry.Unlimited, BackoffCap: 5 * time.Second}
	stageRetry      = retry.Policy{MaxAttempts: 1}
	sinkRetry       = retry.Policy{MaxAttempts: retry.Unlimited}
	handlerRetry    = retry.Policy{MaxAttempts: 3}
)

// validate returns every fault of the policy.
func (p Policy) validate() []error {
	var faults []error
	fault := func(field string, value any, why string) {
		faults = append(faults, &ergon.ConfigError{Where: "pipeline.Policy", Field: field, Value: fmt.Sprint(value), Why: why})
	}
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"InFlight", int64(p.InFlight)},
		{"FetchBatch", int64(p.FetchBatch)},
		{"Limit", p.Limit},
		{"MaxFailures.Count", p.MaxFailures.Count},
	} {
		if f.value < 0 {
			fault(f.name, f.value, "must not be negative")
		}
	}
	if p.MaxDeliveries < 0 && p.MaxDeliveries != retry.Unlimited {
		fault("MaxDeliveries", p.MaxDeliveries, "must not be negative, but for retry.Unlimited")
	}
	for _, f := range []struct {
		name  string
		value time.Duration
	}{
		{"RunTimeout", p.RunTimeout},
		{"TransactionTimeout", p.TransactionTimeout},
		{"Drain", p.Drain},
		{"Grace", p.Grace},
	} {
		if f.value < 0 {
			fault(f.name, f.value, "must not be negative")
		}
	}
	if s := p.MaxFailures.Share; s < 0 || s > 1 || math.IsNaN(s) {
		fault("MaxFailures.Share", s, "must be between 0 and 1")
	}
	return append(faults, p.validateRetries()...)
}

func (p Policy) validateRetries() []error {
	var faults []error
	for _, r := range []struct {
		name   string
		policy retry.Policy
	}{{"Redelivery", p.Redelivery}, {"Empty", p.Empty}, {"Fetch", p.Fetch}, {"Settle", p.Settle}} {
		faults = append(faults, check.Placed("pipeline.Policy: "+r.name, r.policy.Validate())...)
	}
	for _, r := range []struct {
		name   string
		policy retry.Policy
	}{{"Redelivery", p.Redelivery}, {"Empty", p.Empty}} {
		if r.policy.MaxAttempts != 0 || r.policy.AttemptTimeout != 0 || r.policy.Within != 0 {
			faults = append(faults, &ergon.ConfigError{
				Where: "pipeline.Policy", Field: r.name, Why: "is only about waits: MaxAttempts, AttemptTimeout and Within have no effect in it",
			})
		}
	}
	return faults
}
