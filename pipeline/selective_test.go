package pipeline_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
)

// chosen is an observer that wants some kinds, and keeps which it was told of.
type chosen struct {
	kinds    map[ergon.Kind]bool
	mu       sync.Mutex
	told     map[ergon.Kind]int
	ended    map[ergon.Kind]int
	snapshot func() ergon.Snapshot
}

func (c *chosen) Wants(k ergon.Kind) bool { return c.kinds[k] }

func (c *chosen) Begin(ctx context.Context, e *ergon.Event) context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.told == nil {
		c.told, c.ended = map[ergon.Kind]int{}, map[ergon.Kind]int{}
	}
	c.told[e.Kind]++
	if e.Snapshot != nil {
		c.snapshot = e.Snapshot
	}
	return ctx
}

func (c *chosen) End(_ context.Context, e *ergon.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended[e.Kind]++
}

// An observer is told of what it wants to know, and of nothing else, whatever others
// beside it want.
func TestAnObserverIsToldOfWhatItWants(t *testing.T) {
	all := &ergonKinds{}
	for k := ergon.KindRun; k <= ergon.KindViolation; k++ {
		t.Run(k.String(), func(t *testing.T) {
			is := is.New(t)
			alone, beside := &chosen{kinds: map[ergon.Kind]bool{k: true}}, &chosen{kinds: map[ergon.Kind]bool{k: true}}
			is.NoErr(watched(alone).Run(t.Context()))
			is.NoErr(watched(all, beside, all).Run(t.Context()))
			for _, o := range []*chosen{alone, beside} {
				is.True(len(o.told) <= 1)
				is.Equal(o.told[k], o.ended[k])
				is.Equal(o.told[k] > 0, happens[k])
			}
		})
	}
}

// happens is what there is in a run of watched.
var happens = map[ergon.Kind]bool{
	ergon.KindRun: true, ergon.KindFetch: true, ergon.KindBatch: true, ergon.KindTransaction: true, ergon.KindAttempt: true,
	ergon.KindDispatch: true, ergon.KindHandler: true, ergon.KindSuccess: true,
}

// watched returns a pipeline with a stage, a handler and a sink.
func watched(observers ...ergon.Observer) pipeline.Pipeline {
	var options []pipeline.Option
	for _, o := range observers {
		options = append(options, pipeline.Observe(o))
	}
	return pipeline.From(source.Slice([]int{1, 2, 3}), options...).
		Map(func(_ context.Context, v int) (int, error) {
			if v == 2 {
				return 0, errors.New("no")
			}
			return v, nil
		}).
		OnError(func(context.Context, ergon.Failure[int]) error { return ergon.Handled }).
		OnSuccess(func(context.Context, ergon.Transaction[int]) error { return nil }).
		To(sink.Discard[int]())
}

// ergonKinds is an observer that wants all.
type ergonKinds struct{}

func (*ergonKinds) Begin(ctx context.Context, _ *ergon.Event) context.Context { return ctx }
func (*ergonKinds) End(context.Context, *ergon.Event)                         {}

// One that panics when it is asked is detached, and reported.
func TestAnObserverThatPanicsWhenAskedIsDetached(t *testing.T) {
	is := is.New(t)
	err := watched(asked{}).Run(t.Context())
	is.True(errors.Is(err, pipeline.ErrObserver))
}

type asked struct{}

func (asked) Wants(ergon.Kind) bool { panic("a bug") }
func (asked) Begin(context.Context, *ergon.Event) context.Context {
	panic("it was detached")
}
func (asked) End(context.Context, *ergon.Event) {}
