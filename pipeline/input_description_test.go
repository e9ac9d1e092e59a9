package pipeline_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

type (
	flow    = pipeline.Flow[int, int]
	noLimit struct{ stage.Limiter }
	watcher struct{ ergon.Observer }
	badly   struct{ *teller } // every question to it panics
)

func (*noLimit) Wait(context.Context) error { return nil }

func (badly) Accepts() ergon.Verdicts                                { panic("accepts") }
func (badly) Prefetch() int                                          { panic("prefetch") }
func (badly) Validate() error                                        { panic("validate") }
func (badly) Lease() time.Duration                                   { panic("lease") }
func (badly) Extend(context.Context, []ergon.Transaction[int]) error { return nil }

// plain is a description without a fault, to be spoilt.
func plain() flow { return pipeline.From(source.Slice([]int{1, 2, 3})) }

func ends(f flow) pipeline.Pipeline { return f.To(sink.Discard[int]()) }

// faultsOf returns all faults of an error, each of which must be a ConfigError.
func faultsOf(t *testing.T, err error) []*ergon.ConfigError {
	t.Helper()
	var all []*ergon.ConfigError
	switch e := err.(type) { //nolint:errorlint // the walk through what is joined
	case nil:
	case *ergon.ConfigError:
		all = append(all, e)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			all = append(all, faultsOf(t, inner)...)
		}
	case interface{ Unwrap() error }:
		all = faultsOf(t, e.Unwrap())
	default:
		t.Fatalf("a fault is no ConfigError: %v", err)
	}
	return all
}

// bad is a description with one fault, and what is said of it.
type bad struct {
	name  string
	build func() pipeline.Pipeline
	says  string
}

// refuses checks that Validate and Run both say the one fault, and nothing else.
func (b bad) refuses(t *testing.T) {
	t.Run(b.name, func(t *testing.T) {
		is := is.New(t)
		p := b.build()
		err := p.Validate()
		faults := faultsOf(t, err)
		if len(faults) != 1 || !strings.Contains(err.Error(), b.says) {
			t.Errorf("got %d faults: %v; want one that says %q", len(faults), err, b.says)
		}
		is.True(errors.Is(err, ergon.ErrConfig))
		is.Equal(p.Run(t.Context()).Error(), err.Error())
		is.Equal(p.Ledger(), ergon.Ledger{})
		_ = p.Topology().Name // can be drawn all the same
	})
}

func TestWhatIsMissingIsReportedNotHit(t *testing.T) {
	var (
		noSource  *teller
		noSink    *shelf[int]
		noLimiter *noLimit
		noWatcher *watcher
	)
	for _, b := range []bad{
		{"no source", func() pipeline.Pipeline { return ends(pipeline.From[int](nil)) }, "pipeline.From: source: the source is nil"},
		{"a typed nil source", func() pipeline.Pipeline { return ends(pipeline.From(noSource)) }, "the source is nil (*pipeline_test.teller)"},
		{"no sink", func() pipeline.Pipeline { return plain().To(nil) }, `stage 1 To("sink"): the sink`},
		{"a typed nil sink", func() pipeline.Pipeline { return plain().To(noSink) }, `stage 1 To("sink"): the sink`},
		{"no dead-letter sink", func() pipeline.Pipeline { return ends(plain().DeadLetter(nil)) }, `DeadLetter("dead-letter"): the sink`},
		{"no function for dead letters", func() pipeline.Pipeline {
			return ends(plain().DeadLetterAs((func(ergon.Failure[int]) string)(nil), sink.Discard[string]()))
		}, `DeadLetter("dead-letter"): the sink, or the function`},
		{"Map", func() pipeline.Pipeline { return ends(plain().Map((func(context.Context, int) (int, error))(nil))) }, `stage 1 Map("map"): the function is nil`},
		{"Transform", func() pipeline.Pipeline {
			return ends(plain().Transform((func(context.Context, ergon.Transaction[int]) (ergon.Transaction[int], error))(nil)))
		}, `Transform("transform"): the function is nil`},
		{"MapBatch", func() pipeline.Pipeline {
			return ends(plain().MapBatch(2, 0, (func(context.Context, []int) ([]int, error))(nil)))
		}, `MapBatch("map-batch"): the function is nil`},
		{"FlatMap", func() pipeline.Pipeline {
			return ends(plain().FlatMap((func(context.Context, int) iter.Seq2[int, error])(nil)))
		}, `FlatMap("flat-map"): the function is nil`},
		{"Filter", func() pipeline.Pipeline { return ends(plain().Filter(nil)) }, `Filter("filter"): the function is nil`},
		{"KeyBy", func() pipeline.Pipeline { return ends(plain().KeyBy(nil)) }, `KeyBy("key-by"): the function is nil`},
		{"Apply", func() pipeline.Pipeline { return ends(plain().Apply((func(flow) flow)(nil))) }, `Apply("apply"): the function is nil`},
		{"OnError", func() pipeline.Pipeline { return ends(plain().OnError(nil)) }, `OnError("on-error"): the function is nil`},
		{"OnSuccess", func() pipeline.Pipeline { return ends(plain().OnSuccess(nil)) }, `OnSuccess("success"): the function is nil`},
		{"Route", func() pipeline.Pipeline { return plain().Route(nil, ends) }, `Route("route"): the function is nil`},
		{"Classify", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Classify(nil))) }, "Classify: the function is nil"},
		{"Limit", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Limit(nil))) }, "Limit: the limiter is nil"},
		{"a typed nil limiter", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Limit(noLimiter))) }, "Limit: the limiter is nil"},
		{"an observer", func() pipeline.Pipeline { return ends(pipeline.From(source.Slice([]int{1}), pipeline.Observe(nil))) }, "observer 1 is nil"},
		{"a typed nil observer", func() pipeline.Pipeline {
			return ends(pipeline.From(source.Slice([]int{1}), pipeline.Observe(noWatcher)))
		}, "observer 1 is nil"},
		{"a branch", func() pipeline.Pipeline { return plain().Fork(ends, nil) }, `stage 1 Fork("fork"): branch 2: is no branch`},
		{"everything", func() pipeline.Pipeline { return pipeline.Pipeline{} }, "it is empty"},
		{"everything before the sink", func() pipeline.Pipeline { return ends(flow{}) }, "it is empty"},
		{"everything before a fork", func() pipeline.Pipeline { return flow{}.Fork(ends, ends) }, "it is empty"},
		{"everything before a handler", func() pipeline.Pipeline {
			return ends(flow{}.OnError(func(context.Context, ergon.Failure[int]) error { return nil }))
		}, "the source is nil"},
	} {
		b.refuses(t)
	}
}

func TestWhatCannotWorkIsReported(t *testing.T) {
	report := func(context.Context, ergon.Failure[int]) error { return nil }
	whole := sink.Whole(sink.Lines(t.TempDir() + "/out"))
	other := plain()
	for _, b := range []bad{
		{"a fork without branches", func() pipeline.Pipeline { return plain().Fork() }, "branches: there must be at least one"},
		{"a route without branches", func() pipeline.Pipeline { return plain().Route(func(int) int { return 0 }) }, "branches: there must be at least one"},
		{"a branch that is empty", func() pipeline.Pipeline {
			return plain().Fork(ends, func(flow) pipeline.Pipeline { return pipeline.Pipeline{} })
		}, "branch 2: is no branch"},
		{"a branch of another flow", func() pipeline.Pipeline {
			return plain().Fork(ends, func(flow) pipeline.Pipeline { return ends(other) })
		}, "branch 2: is no branch"},
		{"a branch of a flow of another type", func() pipeline.Pipeline {
			return plain().Fork(ends, func(flow) pipeline.Pipeline {
				return pipeline.From(source.Slice([]string{"a"})).To(sink.Discard[string]())
			})
		}, "branch 2: is no branch"},
		{"a branch that begins above the fork", func() pipeline.Pipeline {
			f := plain()
			return f.Map(same).Fork(ends, func(flow) pipeline.Pipeline { return ends(f) })
		}, "branch 2: is no branch"},
		{"only best effort", func() pipeline.Pipeline {
			return plain().Fork(func(f flow) pipeline.Pipeline { return f.To(sink.Discard[int](), stage.BestEffort()) })
		}, "at least one that is not best effort"},
		{"best effort alone", func() pipeline.Pipeline { return plain().To(sink.Discard[int](), stage.BestEffort()) }, "only a branch of a Fork"},
		{"OnError twice", func() pipeline.Pipeline { return ends(plain().OnError(report).OnError(report)) }, "OnError: it is set twice"},
		{"OnError in two branches", func() pipeline.Pipeline {
			branch := func(f flow) pipeline.Pipeline { return ends(f.OnError(report)) }
			return plain().Fork(branch, branch)
		}, "OnError: it is set twice"},
		{"DeadLetter twice", func() pipeline.Pipeline {
			return ends(plain().DeadLetter(sink.Discard[int]()).DeadLetter(sink.Discard[int]()))
		}, "DeadLetter: it is set twice"},
		{"a name twice", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Named("a")).Map(same, stage.Named("a"))) }, `Map("a") has this name already`},
		{"a name twice, in two branches", func() pipeline.Pipeline {
			branch := func(f flow) pipeline.Pipeline { return f.To(sink.Discard[int](), stage.Named("a")) }
			return plain().Fork(branch, branch)
		}, `To("a") has this name already`},
		{"an empty name", func() pipeline.Pipeline { return ends(plain().Map(same, stage.Named(""))) }, "a name must not be empty"},
		{"a file as a whole behind a queue", func() pipeline.Pipeline {
			return pipeline.From(tell(1)).Map(func(context.Context, int) (string, error) { return "", nil }).To(whole)
		}, "a file that is written as a whole"},
		{"a queue that cannot be told Acked", func() pipeline.Pipeline {
			s := tell(1)
			s.accepts = ergon.VerdictSet(ergon.Returned)
			return ends(pipeline.From(s))
		}, "does not accept Acked"},
		{"a log without anybody who decides", func() pipeline.Pipeline {
			s := tell(1)
			s.accepts = ergon.VerdictSet(ergon.Acked)
			return ends(pipeline.From(s))
		}, "neither OnError nor DeadLetter"},
	} {
		b.refuses(t)
	}
}

func TestAConnectorThatPanicsWhenAskedIsAFaultOfTheDescription(t *testing.T) {
	is := is.New(t)
	err := ends(pipeline.From(badly{tell(1)})).Run(t.Context())
	var fields []string
	for _, f := range faultsOf(t, err) {
		is.Equal(f.Where, "pipeline.From")
		fields = append(fields, f.Field)
	}
	slices.Sort(fields)
	is.Equal(fields, []string{"Accepts", "Lease", "Prefetch", "Validate"})
}

func TestRunWithoutAContextSaysSoWithEverythingElse(t *testing.T) {
	is := is.New(t)
	var none context.Context
	is.Equal(ends(plain()).Run(none).Error(), "pipeline.Run: ctx: the context is nil")
	is.Equal(len(faultsOf(t, ends(plain().Map(same, stage.Workers(0))).Stream(none))), 2)
	is.Equal(len(faultsOf(t, pipeline.Pipeline{}.Run(none))), 2)
}

func TestAllFaultsAreReportedAtOnceEachWithItsStage(t *testing.T) {
	is := is.New(t)
	p := pipeline.From[int](nil, pipeline.With(pipeline.Policy{InFlight: -1, Stages: map[string]stage.Policy{"pirce": {Workers: 2}}})).
		Map(same, stage.Workers(0), stage.Buffer(-1)).
		Map((func(context.Context, int) (int, error))(nil), stage.Named("price")).
		MapBatch(0, -time.Second, func(_ context.Context, all []int) ([]int, error) { return all, nil }).
		To(nil, stage.Batch(0, 0))
	var said []string
	for _, f := range faultsOf(t, p.Validate()) {
		said = append(said, f.Error())
	}
	is.Equal(said, []string{
		"pipeline.Policy: InFlight = -1: must not be negative",
		"pipeline.From: source: the source is nil",
		`stage 1 Map("map"): Workers = 0: must be at least 1; leave it out for the default`,
		`stage 1 Map("map"): Buffer = -1: must be at least 1`,
		`stage 2 Map("price"): the function is nil`,
		`stage 3 MapBatch("map-batch"): n = 0: must be at least 1`,
		`stage 3 MapBatch("map-batch"): within = -1s: must not be negative`,
		`stage 4 To("sink"): the sink is nil`,
		`stage 4 To("sink"): Batch = 0: must be at least 1; leave it out for the default`,
		`pipeline.Policy: Stages = "pirce": no step was given this name; named are: price`,
	})
}

func TestNilOptionsArePassedOver(t *testing.T) {
	is := is.New(t)
	out := &shelf[int]{}
	p := pipeline.From(source.Slice([]int{1}), nil).Map(same, nil).To(out, nil)
	is.NoErr(p.Run(t.Context()))
	is.Equal(len(out.txs), 1)
}
