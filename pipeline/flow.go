package pipeline

import (
	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/engine"
)

// Flow describes what happens to transactions that are fetched as In and are Out
// by now. It is a value: every method returns a new Flow and leaves the old one
// as it was, so one Flow may be continued in several ways, by several goroutines
// at once. Nothing runs before Run: a Flow holds no goroutine, channel or timer.
//
// Make one with From; the zero Flow is reported by Validate.
type Flow[In, Out any] struct {
	head  *head[In]
	steps []*step
	begin *entry // where it begins; nil: at its source
	// attach connects everything up to here with what comes next.
	attach func(a *assembly[In], next engine.Port[Out])
}

// Option tunes a pipeline as a whole.
type Option func(*options)

type options struct {
	name      string
	policy    Policy
	observers []ergon.Observer
}

// Named gives the pipeline its name in errors, events and made-up ids. Default:
// "pipeline".
func Named(name string) Option {
	return func(o *options) { o.name = name }
}

// With sets the policy of the pipeline. Of several the last counts, as a whole.
func With(p Policy) Option {
	return func(o *options) { o.policy = p }
}

// Observe adds an observer, inside those added before. Without any, watching
// costs nothing but a comparison.
func Observe(o ergon.Observer) Option {
	return func(all *options) { all.observers = append(all.observers, o) }
}

// From begins a Flow at a source.
func From[T any](source ergon.Source[T], opts ...Option) Flow[T, T] {
	h := &head[T]{source: source, options: options{name: "pipeline"}}
	for _, set := range opts {
		if set != nil {
			set(&h.options)
		}
	}
	return Flow[T, T]{
		head:   h,
		attach: func(a *assembly[T], next engine.Port[T]) { a.pipe.Enter(next) },
	}
}

// head is what concerns a flow as a whole. It is copied when it is changed.
type head[In any] struct {
	options
	source  ergon.Source[In]
	onError *ending[In]
	letters *ending[In]
	success *ending[In]
	twice   []string // which of them were set more than once
}

// ending is what happens to transactions after their last stage.
type ending[In any] struct {
	step  *step
	build func(a *assembly[In], s *engine.Step)
}

// with returns the flow with a changed head.
func (f Flow[In, Out]) with(change func(*head[In])) Flow[In, Out] {
	h := head[In]{}
	if f.head != nil {
		h = *f.head
	}
	change(&h)
	f.head = &h
	return f
}

// then returns a flow with one step more. build makes the step's port.
func then[In, Out, Next any](f Flow[In, Out], s *step, build func(a *assembly[In], e *engine.Step, next engine.Port[Next]) engine.Port[Out]) Flow[In, Next] {
	attach := f.attach
	return Flow[In, Next]{
		head:  f.head,
		begin: f.begin,
		steps: f.and(s),
		attach: func(a *assembly[In], next engine.Port[Next]) {
			attach(a, late(a, s, build(a, a.plan.steps[s], next)))
		},
	}
}

// end returns the Pipeline of a flow that ends in a step, which hands nothing on.
// It makes no Flow of nothing on the way: what is generic is compiled for every type
// there is.
func end[In, Out any](f Flow[In, Out], s *step, build func(a *assembly[In], e *engine.Step) engine.Port[Out]) Pipeline {
	attach := f.attach
	return Pipeline{state: &state{description: &ended[In]{
		head:  f.head,
		begin: f.begin,
		steps: f.and(s),
		attach: func(a *assembly[In]) {
			attach(a, late(a, s, build(a, a.plan.steps[s])))
		},
	}}}
}

// and returns the steps of the flow, and one more.
func (f Flow[In, Out]) and(s *step) []*step { return append(f.steps[:len(f.steps):len(f.steps)], s) }

// late returns the port of a step, behind the line in which order begins where it
// begins there.
func late[In, Out any](a *assembly[In], s *step, port engine.Port[Out]) engine.Port[Out] {
	if line, late := a.plan.lines[s]; late {
		return engine.Late(a.run, line, port)
	}
	return port
}
