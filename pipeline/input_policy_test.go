package pipeline_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

func with(p pipeline.Policy) pipeline.Pipeline {
	return pipeline.From(source.Slice([]int{1}), pipeline.With(p)).Map(same, stage.Named("price")).To(sink.Discard[int]())
}

func TestAPolicyThatMakesNoSenseIsReported(t *testing.T) {
	second := time.Second
	for name, tc := range map[string]struct {
		policy pipeline.Policy
		says   string
	}{
		"in flight":             {pipeline.Policy{InFlight: -1}, "InFlight = -1: must not be negative"},
		"fetch batch":           {pipeline.Policy{FetchBatch: -1}, "FetchBatch = -1"},
		"limit":                 {pipeline.Policy{Limit: -1}, "Limit = -1"},
		"run timeout":           {pipeline.Policy{RunTimeout: -second}, "RunTimeout = -1s"},
		"transaction timeout":   {pipeline.Policy{TransactionTimeout: -second}, "TransactionTimeout = -1s"},
		"drain":                 {pipeline.Policy{Drain: -second}, "Drain = -1s"},
		"grace":                 {pipeline.Policy{Grace: -second}, "Grace = -1s"},
		"max deliveries":        {pipeline.Policy{MaxDeliveries: -2}, "MaxDeliveries = -2"},
		"max failures":          {pipeline.Policy{MaxFailures: pipeline.Failures{Count: -1}}, "MaxFailures.Count = -1"},
		"a negative share":      {pipeline.Policy{MaxFailures: pipeline.Failures{Share: -0.1}}, "MaxFailures.Share = -0.1"},
		"more than all":         {pipeline.Policy{MaxFailures: pipeline.Failures{Share: 1.1}}, "MaxFailures.Share = 1.1"},
		"no share at all":       {pipeline.Policy{MaxFailures: pipeline.Failures{Share: math.NaN()}}, "MaxFailures.Share = NaN"},
		"attempts":              {pipeline.Policy{Fetch: retry.Policy{MaxAttempts: -2}}, "Fetch: retry.Policy: MaxAttempts = -2"},
		"a shrinking wait":      {pipeline.Policy{Redelivery: retry.Policy{BackoffMultiplier: 0.5}}, "Redelivery: retry.Policy: BackoffMultiplier = 0.5"},
		"a wait without number": {pipeline.Policy{Empty: retry.Policy{BackoffMultiplier: math.NaN()}}, "Empty: retry.Policy: BackoffMultiplier = NaN"},
		"an endless wait":       {pipeline.Policy{Settle: retry.Policy{BackoffMultiplier: math.Inf(1)}}, "Settle: retry.Policy: BackoffMultiplier = +Inf"},
		"a cap below the base":  {pipeline.Policy{Settle: retry.Policy{Backoff: second, BackoffCap: 1}}, "Settle: retry.Policy: BackoffCap = 1ns: is below"},
		"a policy for nobody":   {pipeline.Policy{Stages: map[string]stage.Policy{"pirce": {Workers: 1}}}, `Stages = "pirce": no step was given this name`},
		"a policy for one without a name of its own": {pipeline.Policy{Stages: map[string]stage.Policy{"sink": {Workers: 1}}}, `Stages = "sink": no step was given this name`},
		"workers of a stage":                         {pipeline.Policy{Stages: map[string]stage.Policy{"price": {Workers: -1}}}, `stage 1 Map("price"): Workers = -1`},
		"buffer of a stage":                          {pipeline.Policy{Stages: map[string]stage.Policy{"price": {Buffer: -1}}}, `stage 1 Map("price"): Buffer = -1`},
		"retries of a stage":                         {pipeline.Policy{Stages: map[string]stage.Policy{"price": {Retry: retry.Policy{Within: -second}}}}, `stage 1 Map("price"): retry.Policy: Within = -1s`},
		"batches where there are none":               {pipeline.Policy{Stages: map[string]stage.Policy{"price": {Batch: 5}}}, `stage 1 Map("price"): Batch = 5: the policy asks for batches`},
	} {
		bad{name, func() pipeline.Pipeline { return with(tc.policy) }, tc.says}.refuses(t)
	}
}

func TestCountsThatMakeNoSenseAreReported(t *testing.T) {
	bulk := func(_ context.Context, all []int) ([]int, error) { return all, nil }
	small := pipeline.Policy{InFlight: 10}
	for _, b := range []bad{
		{"no workers", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Workers(0))) }, "Workers = 0: must be at least 1; leave it out"},
		{"fewer than none", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Workers(-1))) }, "Workers = -1: must be at least 1"},
		{"more than a million", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Workers(1_000_001))) }, "Workers = 1000001: must be at most 1000000"},
		{"as many as there are numbers", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Buffer(math.MaxInt))) }, "must be at most 1000000"},
		{"no buffer", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Buffer(0))) }, "Buffer = 0"},
		{"an empty batch", func() pipeline.Pipeline { return plain().To(sink.Discard[int](), stage.Batch(0, time.Second)) }, "Batch = 0"},
		{"a batch of less than nothing", func() pipeline.Pipeline { return plain().To(sink.Discard[int](), stage.Batch(-5, 0)) }, "Batch = -5"},
		{"a batch in less than no time", func() pipeline.Pipeline { return plain().To(sink.Discard[int](), stage.Batch(5, -1)) }, "Within = -1ns"},
		{"a batch above what is in flight", func() pipeline.Pipeline {
			return pipeline.From(source.Slice([]int{1}), pipeline.With(small)).To(sink.Discard[int](), stage.Batch(11, 0))
		}, `stage 1 To("sink"): Batch: would need 11 transactions at once, and at most 10 are in flight`},
		{"dead letters above what is in flight", func() pipeline.Pipeline {
			return ends(pipeline.From(source.Slice([]int{1}), pipeline.With(small)).DeadLetter(sink.Discard[int](), stage.Batch(11, 0)))
		}, `DeadLetter("dead-letter"): Batch: would need 11`},
		{"groups of groups above it", func() pipeline.Pipeline {
			return pipeline.From(source.Slice([]int{1}), pipeline.With(small)).Group[[]int](4, 0).To(sink.Discard[[]int](), stage.Batch(3, 0))
		}, "would need 12 transactions at once"},
		{"a group of none", func() pipeline.Pipeline { return plain().Group[[]int](0, 0).To(sink.Discard[[]int]()) }, `Group("group"): n = 0`},
		{"a bulk call of none", func() pipeline.Pipeline { return ends(plain().MapBatch(-1, 0, bulk)) }, `MapBatch("map-batch"): n = -1`},
		{"a bulk call of all", func() pipeline.Pipeline { return ends(plain().MapBatch(math.MaxInt, 0, bulk)) }, "at most 1024 are in flight"},
		{"attempts", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Retry(retry.Policy{MaxAttempts: -2}))) }, `stage 1 Map("map"): retry.Policy: MaxAttempts = -2`},
		{"a wait below 0", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Retry(retry.Policy{Backoff: -1}))) }, `stage 1 Map("map"): retry.Policy: Backoff = -1ns`},
	} {
		b.refuses(t)
	}
}

// Numbers that are large but allowed cost no memory, and nothing overflows.
func TestHugeNumbersWork(t *testing.T) {
	inBubble(t, "all of them", func(t *testing.T) {
		is := is.New(t)
		huge := time.Duration(math.MaxInt64)
		slow := retry.Policy{MaxAttempts: math.MaxInt, AttemptTimeout: huge, Within: huge, Backoff: huge, BackoffMultiplier: math.MaxFloat64, BackoffCap: huge}
		waits := retry.Policy{Backoff: huge, BackoffMultiplier: math.MaxFloat64, BackoffCap: huge}
		policy := pipeline.Policy{
			InFlight: math.MaxInt, FetchBatch: math.MaxInt, Limit: math.MaxInt64, RunTimeout: huge, TransactionTimeout: huge, Drain: huge, Grace: huge,
			MaxDeliveries: math.MaxInt, MaxFailures: pipeline.Failures{Count: math.MaxInt64}, Redelivery: waits, Empty: waits, Fetch: slow, Settle: slow,
		}
		source := tell(3)
		p := pipeline.From(source, pipeline.With(policy)).Map(same, stage.Workers(1_000_000), stage.Buffer(1_000_000), stage.Retry(slow)).
			To(&shelf[int]{}, stage.Batch(1_000_000, huge), stage.Retry(slow))
		is.NoErr(p.Run(t.Context()))
		is.Equal(source.lines(), []string{"t:0 acked", "t:1 acked", "t:2 acked"})
	})
}

// A prefetch that asks for less bounds what is in flight, and what a batch may need.
func TestASourceThatPrefetchesLessBoundsWhatIsInFlight(t *testing.T) {
	is := is.New(t)
	p := pipeline.From(prefetching{tell(9), 3}).To(&shelf[int]{})
	is.NoErr(p.Run(t.Context()))
	is.Equal(p.Ledger().Succeeded, int64(9))
	err := pipeline.From(prefetching{tell(9), 3}).To(&shelf[int]{}, stage.Batch(4, 0)).Validate()
	is.True(errors.Is(err, ergon.ErrConfig))
}

type prefetching struct {
	*teller
	n int
}

func (p prefetching) Prefetch() int { return p.n }
